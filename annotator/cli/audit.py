"""`annotator audit`: texts that are not treated alike, and what makes them so."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.options import JsonOption, StoreOption, YesOption, store_path
from annotator.cli.talk import print_json, progress
from annotator.errors import InputError, StoreError, UsageError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.measure.consistency import Finding, Mend, Place
    from annotator.store.plans import Plan
    from annotator.store.repository import Store
    from annotator.workspace.auditing import Audit
    from annotator.workspace.contexts import Contexts

_PLACES = 3
"""So many places of a finding are listed; a program gets all."""
_AROUND = 24
"""So many characters of the text stand on either side of a place."""
_TITLE_CELLS = 40
_SHOWN = 20
"""So many documents and places that are left out are named."""


def audit(
    store: StoreOption = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator",
            "-n",
            help="Whose annotations; by default gold if there is any, else your own.",
            show_default=False,
        ),
    ] = None,
    take_all: Annotated[bool, typer.Option("--all", help="Also what is not finished, or skipped.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="How many findings, those first that promise the most.")
    ] = 20,
    mend: Annotated[
        list[str] | None,
        typer.Option(
            "--mend",
            help="Make a finding alike, by its number or text, or all of them; can be given again.",
            show_default=False,
        ),
    ] = None,
    treatment: Annotated[
        str | None,
        typer.Option(
            "--as",
            help="With --mend: the label, or for edges with or without; by default the majority's.",
            show_default=False,
        ),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take back the last mend, where nothing was decided since.")
    ] = False,
    open_screen: Annotated[
        bool, typer.Option("--open", help="Open the screen on them, where places are chosen one by one.")
    ] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """List texts that are not treated alike: different labels, marked here and missed there, edges in and out.

    With --mend these places are made like the majority, or as told, in one step that --undo takes back.

    Example: annotator audit --mend "Hugo Chávez" --as PERSON
    """
    from annotator.settings import annotator_name, read_settings
    from annotator.workspace import open_store
    from annotator.workspace.auditing import audit_store, audited_annotator
    from annotator.workspace.contexts import Contexts

    if (undo and mend) or (treatment is not None and not mend) or (open_screen and (undo or mend or as_json)):
        raise UsageError(
            "these options make no sense together",
            hint="--mend FINDING; --mend FINDING --as LABEL; --undo; --open",
        )
    if open_screen:
        _open(store_path(store), annotator, takes_all=take_all)
    opened = open_store(store_path(store), create=False)
    caller = annotator_name(None, read_settings())
    if (undo or mend) and (reason := opened.is_read_only) is not None:
        raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")
    if undo:
        _undo(opened, caller)
        return
    whose = audited_annotator(opened, annotator, caller=caller)
    found = audit_store(opened, whose, takes_all=take_all, on_progress=progress("looking"))
    for document_id, problem in list(found.unreadable.items())[:_SHOWN]:
        print(f"annotator: {document_id} is left out: {problem}", file=sys.stderr)
    if mend:
        _mend(opened, found, mend, treatment, who=caller, yes=yes)
    elif as_json:
        print_json(_as_json(found, Contexts(opened), limit))
    else:
        _print(found, Contexts(opened), limit)
    opened.close()
    if found.unreadable:
        raise typer.Exit(1)


def _open(path: Path, annotator: str | None, *, takes_all: bool) -> None:
    from annotator.cli.annotate import check_terminal
    from annotator.settings import annotator_name, read_settings
    from annotator.workspace import Workspace, open_store
    from annotator.workspace.auditing import AuditOf, audited_annotator

    settings = read_settings()
    caller = annotator_name(None, settings)
    check_terminal()
    opened = open_store(path, create=False)
    whose = audited_annotator(opened, annotator, caller=caller)
    workspace = Workspace(opened, annotator=caller, settings=settings)
    from annotator.tui.audit_app import run_audit

    sys.exit(run_audit(workspace, AuditOf(whose, takes_all)))


# Listing


def _print(found: Audit, contexts: Contexts, limit: int) -> None:
    from annotator.tui.layout.fitting import cell_width, drawable, filled
    from annotator.workspace.audit_phrases import told_counts, told_kind

    shown = found.findings[:limit]
    numbers = len(str(len(shown)))
    names = min(40, max((cell_width(drawable(each.surface)) for each in shown), default=0))
    for number, finding in enumerate(shown, 1):
        print(
            f"{number:>{numbers}}  {filled(finding.surface, names)}  {told_kind(finding)}: {told_counts(finding)}"
        )
        odd = finding.odd
        for place in odd[:_PLACES]:
            print(f"{' ' * numbers}    {_told_place(place, contexts)}")
        if len(odd) > _PLACES:
            print(f"{' ' * numbers}    and {len(odd) - _PLACES:,} more")
    more = (
        f", {len(found.findings) - limit:,} more of them with --limit" if len(found.findings) > limit else ""
    )
    sets = counted(found.sets, "annotation set")
    print(f"{counted(len(found.findings), 'finding')} in {sets} of {found.annotator}{more}", file=sys.stderr)


def _told_place(place: Place, contexts: Contexts) -> str:
    from annotator.tui.layout.fitting import drawable, fitted
    from annotator.workspace.audit_phrases import told_treatment

    before, at, behind = contexts.around(place, _AROUND)
    label = f" {place.label}" if place.label else ""
    how = "" if place.label == place.treatment else f" ({told_treatment(place.treatment)})"
    title = fitted(contexts.title(place.document), _TITLE_CELLS)
    return f"{drawable(f'{before}[{at}{label}]{behind}')}{how}  {title}"


def _as_json(found: Audit, contexts: Contexts, limit: int) -> dict[str, Any]:
    return {
        "annotator": found.annotator,
        "sets": found.sets,
        "unreadable": found.unreadable,
        "count": len(found.findings),
        "findings": [
            {"number": number, **_finding_as_json(finding, contexts)}
            for number, finding in enumerate(found.findings[:limit], 1)
        ],
    }


def _finding_as_json(finding: Finding, contexts: Contexts) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "text": finding.surface,
        "edge": {"kind": finding.edge.kind.value, "word": finding.edge.word} if finding.edge else None,
        "counts": [{"treatment": name or None, "places": count} for name, count in finding.counts],
        "majority": finding.majority,
        "gain": round(finding.gain, 3),
        "places": [
            {
                "document": place.document,
                "title": contexts.title(place.document),
                "start": place.start,
                "end": place.end,
                "label": place.label or None,
                "treatment": place.treatment or None,
                "is_odd": place.treatment != finding.majority,
                **contexts.around(place, _AROUND)._asdict(),
            }
            for place in finding.places
        ],
    }


# Mending


def _mend(
    store: Store, found: Audit, asked: Sequence[str], treatment: str | None, *, who: str, yes: bool
) -> None:
    """Plan the mends, say what they come to, and make them once that is confirmed."""
    from annotator.settings import read_settings
    from annotator.store.steps import Steps
    from annotator.workspace.audit_phrases import mend_title
    from annotator.workspace.mending import cached_tokens, plan_mends

    findings = list(dict.fromkeys(each for one in asked for each in _asked(found.findings, one)))
    if treatment is not None:
        _check_treatment(store, findings, treatment)
    mendable = [each for each in findings if treatment is not None or each.majority is not None]
    if findings and not mendable:
        raise InputError(f"{findings[0].surface} is a tie", hint="say by --as what holds")
    if ties := len(findings) - len(mendable):
        print(f"{counted(ties, 'tie')} left as they are: --as says what holds", file=sys.stderr)
    mending = plan_mends(
        store,
        [mend for each in mendable for mend in _mends(each, treatment)],
        title=mend_title(mendable, treatment),
        who=who,
        tokens_of=cached_tokens(store, read_settings().model or store.info.model),
    )
    for each in mending.skipped[:_SHOWN]:
        print(f"{each.place.document} at {each.place.start}: {each.reason}, and so skipped", file=sys.stderr)
    if len(mending.skipped) > _SHOWN:
        print(f"and {len(mending.skipped) - _SHOWN:,} more skipped", file=sys.stderr)
    sets = counted(mending.sets, "annotation set")
    print(
        f"{mending.plan.title}: {counted(mending.spans, 'span')} in {sets} of {found.annotator}",
        file=sys.stderr,
    )
    if not mending.spans:
        return
    if not yes and not typer.confirm("Do it?", default=False, err=True):
        raise typer.Exit(1)
    _tell(store, Steps(store).make(mending.plan), "done; annotator audit --undo takes it back")


def _asked(findings: Sequence[Finding], asked: str) -> list[Finding]:
    """The findings that one --mend means: all, those of a text, or the one of a number."""
    if asked == "all":
        return list(findings)
    if found := [each for each in findings if each.surface == asked]:
        return found
    if asked.isdecimal() and 0 < int(asked) <= len(findings):
        return [findings[int(asked) - 1]]
    raise InputError(
        f"there is no finding {asked}", hint="annotator audit lists them: give a number, a text, or all"
    )


def _mends(finding: Finding, treatment: str | None) -> Iterator[Mend]:
    if treatment is None:
        return finding.mends()
    mends = (finding.mend(place, treatment) for place in finding.places)
    return (mend for mend in mends if mend is not None)


def _check_treatment(store: Store, findings: Sequence[Finding], treatment: str) -> None:
    """UsageError or LabelSetError if not all of the findings can be treated so."""
    from annotator.measure.consistency import WITH, WITHOUT
    from annotator.model.dismissals import FindingKind

    are_edges = {each.kind is FindingKind.EDGES for each in findings}
    if len(are_edges) > 1:
        raise UsageError("--as cannot be for labels and edges at once", hint="mend them one after the other")
    if True not in are_edges:
        store.info.label_set.check(treatment)
    elif treatment not in (WITH, WITHOUT):
        raise UsageError(f"an edge cannot be {treatment}", hint=f"--as {WITH} or --as {WITHOUT}")


def _undo(store: Store, who: str) -> None:
    from annotator.store.steps import Steps

    steps = Steps(store)
    last = steps.last(changes_labels=False)
    if last is None:
        raise InputError("there is no mend to take back", hint="annotator log shows what was decided")
    _tell(store, steps.undo(last, who=who), f"“{last.title}” was taken back")


def _tell(store: Store, plan: Plan, done: str) -> None:
    """Say what was done, and name what was left out; exit code 1 if anything was."""
    store.close()
    print(done, file=sys.stderr)
    if plan.left_out:
        print(f"{counted(len(plan.left_out), 'annotation set')} left out:", file=sys.stderr)
        for each in plan.left_out:
            entry = store.catalogue.get(each.document)
            title = f" ({entry.title})" if entry else ""
            print(f"{each.annotator} on {each.document}{title}: {each.reason}")
        raise typer.Exit(1)
