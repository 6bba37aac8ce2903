"""What `annotator audit` does about what it has found: mends, takes a mend back, dismisses and restores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import typer

from annotator.cli.output import confirm, print_message
from annotator.cli.writing import tell_left_out
from annotator.errors import InputError, UsageError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.measure.consistency import Finding, Mend
    from annotator.store.plans import Plan
    from annotator.store.repository import Store
    from annotator.workspace.audit.search import Audit

SHOWN = 20
"""So many documents and places that are left out are named."""


def mend_findings(
    store: Store, audit: Audit, asked: Sequence[str], treatment: str | None, *, who: str, yes: bool
) -> None:
    """Plan the mends, say what they come to, and make them once that is confirmed."""
    from annotator.settings import read_settings
    from annotator.store.steps import Steps
    from annotator.workspace.audit.harmonise import plan_mends
    from annotator.workspace.audit.texts import mend_title
    from annotator.workspace.pipeline_answers import cached_tokens

    findings = _asked(audit, asked, dismissed=False)
    if treatment is not None:
        _check_treatment(store, findings, treatment)
    mendable = [finding for finding in findings if treatment is not None or finding.majority is not None]
    if findings and not mendable:
        raise InputError(f"{findings[0].surface} is a tie", hint="say by --as what holds")
    if ties := len(findings) - len(mendable):
        print_message(f"{counted(ties, 'tie')} left as they are: --as says what holds")
    mending = plan_mends(
        store,
        [mend for finding in mendable for mend in _mends(finding, treatment)],
        title=mend_title(mendable, treatment),
        who=who,
        tokens_of=cached_tokens(store, read_settings().model or store.info.model),
    )
    for skipped in mending.skipped[:SHOWN]:
        print_message(f"{skipped.place.document} at {skipped.place.start}: {skipped.reason}, and so skipped")
    if len(mending.skipped) > SHOWN:
        print_message(f"and {len(mending.skipped) - SHOWN:,} more skipped")
    sets = counted(mending.sets, "annotation set")
    print_message(f"{mending.plan.title}: {counted(mending.spans, 'span')} in {sets} of {audit.annotator}")
    if not mending.spans:
        return
    if not yes and not confirm("Do it?"):
        raise typer.Exit(1)
    _tell(store, Steps(store).make(mending.plan), "done; annotator audit --undo takes it back")


def dismiss_findings(store: Store, audit: Audit, asked: Sequence[str], *, who: str, yes: bool) -> None:
    """Have these findings judged to be fine for good; all at once only once that is confirmed."""
    from annotator.workspace.audit.dismissals import dismiss

    findings = _asked(audit, asked, dismissed=False)
    if "all" in asked and findings and not yes:
        question = f"Dismiss {counted(len(findings), 'finding')}?"
        if not confirm(question):
            raise typer.Exit(1)
    dismiss(store, audit, {finding.key for finding in findings}, who=who)
    _tell_each(findings, "dismissed")
    if findings:
        print_message("annotator audit --dismissed lists them, and --restore takes it back")


def restore_findings(store: Store, audit: Audit, asked: Sequence[str]) -> None:
    """Have these dismissed findings told again."""
    from annotator.workspace.audit.dismissals import restore

    findings = _asked(audit, asked, dismissed=True)
    restore(store, audit, {finding.key for finding in findings})
    _tell_each(findings, "restored")


def _tell_each(findings: Sequence[Finding], done: str) -> None:
    from annotator.workspace.audit.texts import told_counts, told_kind

    for finding in findings[:SHOWN]:
        print_message(f"{done}: {finding.surface}  {told_kind(finding)}: {told_counts(finding)}")
    if len(findings) > SHOWN:
        print_message(f"and {len(findings) - SHOWN:,} more")


def _asked(audit: Audit, asked: Sequence[str], *, dismissed: bool) -> list[Finding]:
    """The findings that are meant, each once: all, those of a text, or the one of a number."""
    listed, others = (audit.dismissed, audit.findings) if dismissed else (audit.findings, audit.dismissed)
    meant: dict[Finding, None] = {}
    for surface in asked:
        one = _meant(listed, surface)
        if not one and surface != "all":
            raise _unknown(surface, others, dismissed=dismissed)
        meant.update(dict.fromkeys(one))
    return list(meant)


def _meant(listed: Sequence[Finding], asked: str) -> list[Finding]:
    if asked == "all":
        return list(listed)
    if of_text := [finding for finding in listed if finding.surface == asked]:
        return of_text
    is_number = asked.isdecimal() and 0 < int(asked) <= len(listed)
    return [listed[int(asked) - 1]] if is_number else []


def _unknown(asked: str, others: Sequence[Finding], *, dismissed: bool) -> InputError:
    if dismissed:
        return InputError(
            f"no finding {asked} was dismissed",
            hint="annotator audit --dismissed lists them: give a number, a text, or all",
        )
    if any(finding.surface == asked for finding in others):
        return InputError(f"{asked} was dismissed", hint="annotator audit --restore has it told again")
    return InputError(
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

    are_edges = {finding.kind is FindingKind.EDGES for finding in findings}
    if len(are_edges) > 1:
        raise UsageError("--as cannot be for labels and edges at once", hint="mend them one after the other")
    if True not in are_edges:
        store.info.label_set.check(treatment)
    elif treatment not in (WITH, WITHOUT):
        raise UsageError(f"an edge cannot be {treatment}", hint=f"--as {WITH} or --as {WITHOUT}")


def undo_mend(store: Store, who: str) -> None:
    """Take back the last mend, and say what was left out."""
    from annotator.store.steps import Steps

    steps = Steps(store)
    last = steps.last(changes_labels=False)
    if last is None:
        raise InputError("there is no mend to take back", hint="annotator log shows what was decided")
    _tell(store, steps.undo(last, who=who), f"“{last.title}” was taken back")


def _tell(store: Store, plan: Plan, done: str) -> None:
    """Say what was done, and name what was left out; exit code 1 if anything was."""
    store.close()
    print_message(done)
    tell_left_out(store, plan)
