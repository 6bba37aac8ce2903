"""`annotator find`: words, patterns and spans in all texts of a store, with what stands around them."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import JsonOption, StoreOption, YesOption, store_path
from annotator.cli.output import confirm, print_json, print_lines, print_message, progress
from annotator.cli.writing import tell_left_out
from annotator.errors import StoreError, UsageError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.store.repository import Store
    from annotator.workspace.find.query import Query
    from annotator.workspace.find.search import FoundHits, Hit
    from annotator.workspace.find.service import FindService

_WIDTH = 120
"""So many cells a line takes where no terminal says otherwise."""
_NARROWEST = 20
"""No fewer cells of the text stand on either side of a hit."""
_TITLE_CELLS = 24
_REASONS = 5


def find(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="Words that stand one behind the other, whatever their case and accents; a * at the end stands for the rest of a word.",
            show_default=False,
        ),
    ] = None,
    store: StoreOption = None,
    pattern: Annotated[
        str, typer.Option("--regex", "-e", help="A regular expression instead of words.", show_default=False)
    ] = "",
    label: Annotated[
        str, typer.Option("--label", help="Only spans with this label.", show_default=False)
    ] = "",
    unmarked: Annotated[bool, typer.Option("--unmarked", help="Only places that no span touches.")] = False,
    source: Annotated[
        str,
        typer.Option(
            "--source",
            help="Only spans that this source suggested: model, memory, pattern …",
            show_default=False,
        ),
    ] = "",
    doubt: Annotated[bool, typer.Option("--doubt", help="Only spans that are flagged as doubtful.")] = False,
    note: Annotated[bool, typer.Option("--note", help="Only spans with a note.")] = False,
    annotator: Annotated[
        str | None,
        typer.Option("--annotator", "-n", help="Whose spans; by default your own.", show_default=False),
    ] = None,
    sort: Annotated[
        Literal["order", "left", "right", "text"],
        typer.Option("--sort", help="By document, by the words before or behind, or by the text itself."),
    ] = "order",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many hits are listed.")] = 50,
    mark: Annotated[
        str,
        typer.Option(
            "--mark", help="Give every hit this label: mark it, or relabel its span.", show_default=False
        ),
    ] = "",
    reject: Annotated[bool, typer.Option("--reject", help="Take the spans of every hit out.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back the last step over several documents.")
    ] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find words or spans in all texts of the store, each hit with its context; mark or unmark all hits in one step.

    The hits of --mark and --reject are decided on in your own annotations, in one step that --undo takes back. What
    stands there with other edges is left as it is, and counted.

    Example: annotator find "state department" --unmarked --store news
    """
    from annotator.settings import annotator_name, read_settings
    from annotator.store.layout import check_annotator
    from annotator.workspace.find.query import Query
    from annotator.workspace.find.service import FindService

    settings = read_settings()
    caller = check_annotator(annotator_name(None, settings))
    whose = check_annotator(annotator, gold=True) if annotator is not None else caller
    if (mark or reject) and whose != caller:
        raise UsageError("only your own annotations can be changed", hint="leave --annotator out")
    if mark and reject:
        raise UsageError("--mark and --reject cannot be combined", hint="leave one of them out")
    if undo:
        _undo(FindService(opened_store(store_path(store)), caller, model=settings.model))
        return
    query = Query(
        words=" ".join(words or ()),
        pattern=pattern,
        label=label,
        source=source,
        is_unmarked=unmarked,
        is_doubtful=doubt,
        has_note=note,
        sort=sort,
    )
    opened = opened_store(store_path(store))
    if label:
        opened.info.label_set.check(label)
    service = FindService(opened, whose, model=settings.model)
    found = service.find(query, progress("read"))
    if mark or reject:
        _change(service, query, found, mark, yes=yes)
    elif as_json:
        print_json(_as_json(found, limit))
    else:
        _print_hits(opened, found, limit)
    for document_id, reason in found.unreadable.items():
        print_message(f"annotator: {document_id} is left out: {reason}")
    opened.close()
    if found.unreadable:
        raise typer.Exit(1)


def _print_hits(store: Store, found: FoundHits, limit: int) -> None:
    """List hits one below the other, the text found in one column."""
    from annotator.cells.fitting import cell_width, drawable, filled, fitted
    from annotator.workspace.contexts import Contexts

    titles = Contexts(store)
    width = shutil.get_terminal_size((_WIDTH, 24)).columns
    around = max(_NARROWEST, (width - _TITLE_CELLS - 2) // 3)
    for hit in found.hits[:limit]:
        before, behind = drawable(_line(hit.before)), drawable(_line(hit.behind))
        while cell_width(before) > around:
            before = before[1:]
        label = f" {hit.span.label}" if hit.span is not None and hit.is_exact else ""
        touched = f" (in {hit.span.label})" if hit.span is not None and not hit.is_exact else ""
        text = f"[{drawable(_line(hit.text))}{label}]{touched}"
        pad = " " * (around - cell_width(before))
        right = filled(f"{text}{behind}", 2 * around)
        print_lines(f"{pad}{before}{right}  {fitted(titles.title(hit.document), _TITLE_CELLS)}")
    more = len(found.hits) - limit
    rest = f", {more:,} more of them with --limit" if more > 0 else ""
    print_message(
        f"{store.path}: {counted(len(found.hits), 'hit')} in {counted(found.documents, 'document')}{rest}"
    )


def _line(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text)


def _change(service: FindService, query: Query, found: FoundHits, label: str, *, yes: bool) -> None:
    _check_writable(service.store)
    change = service.plan(found.hits, label, sought=query.title)
    for why, count in Counter(reason for _, reason in change.left).most_common(_REASONS):
        print_message(f"{counted(count, 'hit')} left as they are: {why}")
    done = f"as {label}" if label else "without a span"
    documents = len({key[1] for key in change.plan.sets})
    print_message(
        f"{counted(change.changed, 'hit')} {done}, in {counted(documents, 'document')} of {service.annotator}"
    )
    if not change.changed:
        return
    if not yes and not confirm("Do it?"):
        raise typer.Exit(1)
    made = service.make(change)
    print_message("done; annotator find --undo takes it back")
    tell_left_out(service.store, made)


def _undo(service: FindService) -> None:
    _check_writable(service.store)
    plan = service.last()
    undone = service.undo(plan)
    print_message(f"taken back: {plan.title}")
    tell_left_out(service.store, undone)


def _check_writable(store: Store) -> None:
    if (reason := store.is_read_only) is not None:
        raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")


def _as_json(found: FoundHits, limit: int) -> dict[str, Any]:
    return {
        "count": len(found.hits),
        "documents": found.documents,
        "unreadable": found.unreadable,
        "hits": [_hit_as_json(hit) for hit in found.hits[:limit]],
    }


def _hit_as_json(hit: Hit) -> dict[str, Any]:
    span = hit.span
    return {
        "document": hit.document,
        "start": hit.start,
        "end": hit.end,
        "before": hit.before,
        "text": hit.text,
        "behind": hit.behind,
        "span": None
        if span is None
        else {
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "doubt": span.span.doubt,
            "note": span.span.note,
        },
    }
