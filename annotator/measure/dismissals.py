"""Which findings of an audit were dismissed before, and what a dismissal remembers so that only news bring one back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from annotator.measure.consistency import Finding, Place
from annotator.model.decisions import new_uid
from annotator.model.dismissals import Dismissal, FindingKey, JudgedPlace


def dismissal(finding: Finding, *, who: str, when: str) -> Dismissal:
    """What remembers that `who` judged a finding to be fine."""
    return Dismissal(
        new_uid(),
        finding.kind,
        finding.surface,
        finding.majority,
        tuple(_judged(place) for place in finding.odd),
        who,
        when,
        *(finding.edge or ()),
    )


def judgements(dismissals: Iterable[Dismissal]) -> dict[FindingKey, Dismissal]:
    """How each finding was judged last, where that was not taken back."""
    standing = (dismissal for dismissal in dismissals if not dismissal.withdrawn)
    return {
        each.key: each for each in sorted(standing, key=lambda dismissal: (dismissal.when, dismissal.uid))
    }


def parted(
    findings: Iterable[Finding], dismissals: Collection[Dismissal]
) -> tuple[list[Finding], list[Finding]]:
    """The findings that are to be told, and those that were dismissed, each in their order.

    A finding is dismissed as long as nothing has joined it but more of the treatment that was the majority when it was
    judged last: a new label, or a new place with one that was rarer, brings it back; after a tie, any new place does.
    """
    last = judgements(dismissals)
    judged: dict[FindingKey, set[JudgedPlace]] = defaultdict(set)
    for dismissal in dismissals:
        if not dismissal.withdrawn:
            judged[dismissal.key].update(dismissal.places)
    shown: list[Finding] = []
    dismissed: list[Finding] = []
    for finding in findings:
        known = last.get(finding.key)
        is_fine = known is not None and _is_fine(finding, known.majority, judged[finding.key])
        (dismissed if is_fine else shown).append(finding)
    return shown, dismissed


def _is_fine(finding: Finding, majority: str | None, judged: set[JudgedPlace]) -> bool:
    return all(
        place.treatment == majority or _judged(place) in judged
        for place in finding.places
        if not finding.is_example(place)
    )


def _judged(place: Place) -> JudgedPlace:
    return JudgedPlace(place.document, place.start, place.end, place.treatment)
