"""`annotator labels`: the label set of a store, and labels renamed or merged through all of it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import AnnotatorOption, JsonOption, StoreOption, YesOption, store_path
from annotator.cli.output import confirm, print_json, print_message, print_table
from annotator.cli.writing import tell_left_out
from annotator.errors import InputError, StoreError, UsageError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.model.labels import Label
    from annotator.store.plans import Plan
    from annotator.store.repository import Store


class Deed(enum.StrEnum):
    """What may be done to a label set."""

    SHOW = "show"
    CHECK = "check"
    ADD = "add"
    RENAME = "rename"
    MERGE = "merge"


_WORDS = {Deed.SHOW: 0, Deed.CHECK: 0, Deed.ADD: 1, Deed.RENAME: 2, Deed.MERGE: 2}


def labels(
    deed: Annotated[Deed, typer.Argument(help="What to do.")] = Deed.SHOW,
    names: Annotated[
        list[str] | None,
        typer.Argument(help="add LABEL; rename OLD NEW; merge OLD INTO.", show_default=False),
    ] = None,
    store: StoreOption = None,
    undo: Annotated[
        bool,
        typer.Option("--undo", help="Take back the last rename or merge, where nothing was decided since."),
    ] = False,
    key: Annotated[str, typer.Option("--key", help="With add: the label's key.")] = "",
    colour: Annotated[str, typer.Option("--colour", help="With add: its colour.")] = "",
    description: Annotated[str, typer.Option("--description", help="With add: when to use it.")] = "",
    yes: YesOption = False,
    annotator: AnnotatorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show, check or extend the label set of a store; rename or merge a label through the whole store, as one step.

    A check counts the spans of each label, with exit code 1 if one is not in the label set.

    Example: annotator labels rename ORG COMPANY --store news
    """
    from annotator.settings import annotator_name, read_settings

    words = names or []
    if len(words) != _WORDS[deed] or (undo and (deed is not Deed.SHOW or words)):
        raise UsageError(
            "these words make no sense together",
            hint="labels; labels check; labels add LABEL; labels rename OLD NEW; labels merge OLD INTO; labels --undo",
        )
    opened = opened_store(store_path(store))
    if undo or deed in (Deed.ADD, Deed.RENAME, Deed.MERGE):
        if (reason := opened.is_read_only) is not None:
            raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")
        who = annotator_name(annotator, read_settings())
        if undo:
            _undo(opened, who)
        elif deed is Deed.ADD:
            from annotator.model.labels import Label, check_label_name

            name = check_label_name(words[0])
            _add(opened, Label(name=name, key=key, colour=colour, description=description))
        else:
            _relabel(opened, deed, *words, who=who, yes=yes)
        opened.close()
    elif deed is Deed.CHECK:
        _check(opened, as_json=as_json)
    else:
        _show(opened, as_json=as_json)


def _show(store: Store, *, as_json: bool) -> None:
    label_set = store.info.label_set
    if as_json:
        print_json(label_set.content)
        return
    rows = [(label.name, label.key, label.colour, label.description) for label in label_set.by_name.values()]
    print_table(("label", "key", "colour", "when to use it"), rows)
    kind = "nested" if label_set.nested else "flat"
    print_message(f"{label_set.name}: {counted(len(rows), 'label')}, {kind}")


def _check(store: Store, *, as_json: bool) -> None:
    from annotator.workspace.steps.relabelling import label_counts

    label_set = store.info.label_set
    counts = label_counts(store)
    unknown = sorted(name for name in counts if name not in label_set)
    names = [*label_set.by_name, *unknown]
    if as_json:
        rows: list[dict[str, Any]] = [
            {"label": name, "spans": counts[name], "is_known": name in label_set} for name in names
        ]
        print_json(rows)
    else:
        print_table(
            ("label", "spans", ""),
            [
                (name, f"{counts[name]:,}", "" if name in label_set else "not in the label set")
                for name in names
            ],
        )
    if unknown:
        print_message("  annotator labels add LABEL, or rename it to one that is there")
        raise typer.Exit(1)


def _add(store: Store, label: Label) -> None:
    from annotator.workspace.steps.relabelling import add_label

    label_set = add_label(store.info.label_set, label)
    store.change_info(label_set=label_set)
    label = label_set.by_name[label.name]
    given = f"key {label.key}" if label.key else "no key, to be picked by typing"
    print_message(f"{label.name} is in the label set: {given}, {label.colour}")


def _relabel(store: Store, deed: Deed, old: str, new: str, *, who: str, yes: bool) -> None:
    from annotator.store.steps import Steps
    from annotator.workspace.steps.relabelling import merge_label, rename_label

    relabelling = (rename_label if deed is Deed.RENAME else merge_label)(store, old, new, who=who)
    print_message(
        f"{relabelling.plan.title}: {counted(relabelling.spans, 'span')} "
        f"in {counted(relabelling.sets, 'annotation set')}"
    )
    if not yes and not confirm("Do it?"):
        raise typer.Exit(1)
    _tell(store, Steps(store).make(relabelling.plan), "done")


def _undo(store: Store, who: str) -> None:
    from annotator.store.steps import Steps

    steps = Steps(store)
    last = steps.last(changes_labels=True)
    if last is None:
        raise InputError("there is nothing to take back", hint="annotator log shows what was decided")
    _tell(store, steps.undo(last, who=who), f"“{last.title}” was taken back")


def _tell(store: Store, plan: Plan, done: str) -> None:
    """Say what was done, and name what was left out; exit code 1 if anything was."""
    print_message(f"{done}; annotator labels --undo takes it back" if not plan.is_undo else done)
    tell_left_out(store, plan)
