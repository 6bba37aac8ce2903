"""Which findings of an audit were dismissed before, and what a dismissal remembers so that only news bring one back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

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


def parted(
    findings: Iterable[Finding], dismissals: Iterable[Dismissal]
) -> tuple[list[Finding], list[Finding]]:
    """The findings that are to be told, and those that were dismissed, each in their order.

    A finding is dismissed as long as nothing has joined it but more of the treatment that was the majority when it was
    judged last: a new label, or a new place with one that was rarer, brings it back; after a tie, any new place does.
    """
    by_key: dict[FindingKey, list[Dismissal]] = defaultdict(list)
    for each in dismissals:
        if not each.withdrawn:
            by_key[each.key].append(each)
    told: list[Finding] = []
    dismissed: list[Finding] = []
    for finding in findings:
        (dismissed if _is_dismissed(finding, by_key.get(finding.key, [])) else told).append(finding)
    return told, dismissed


def _is_dismissed(finding: Finding, dismissals: list[Dismissal]) -> bool:
    if not dismissals:
        return False
    majority = max(dismissals, key=lambda each: (each.when, each.uid)).majority
    judged = {place for each in dismissals for place in each.places}
    return all(
        place.treatment == majority or _judged(place) in judged
        for place in finding.places
        if not finding.is_example(place)
    )


def _judged(place: Place) -> JudgedPlace:
    return JudgedPlace(place.document, place.start, place.end, place.treatment)
