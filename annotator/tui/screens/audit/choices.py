"""What a person chooses for the findings of an audit, place by place; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotator.measure.consistency import UNMARKED, Finding, Mend, Place
from annotator.model.dismissals import FindingKey


@dataclass(slots=True)
class AuditState:
    """What stays when the screen is left and opened again: the treatments chosen, and where the cursor was.

    `dismissed_here` are the findings that were dismissed since the last step of the store, the newest last.
    """

    chosen: dict[FindingKey, dict[Place, str]] = field(default_factory=dict)
    finding: FindingKey | None = None
    place: Place | None = None
    shows_dismissed: bool = False
    dismissed_here: list[FindingKey] = field(default_factory=list)


class Choices:
    """The findings of one audit, and what is chosen for their places. Findings are known by their index.

    The `dismissed` ones stand last, and nothing is chosen for them. What `state` has chosen for places that are not
    there any more is dropped. There may be very many places: only those of findings that are looked at, or for which
    something is chosen, are gone through.
    """

    def __init__(
        self, findings: Sequence[Finding], state: AuditState, dismissed: Sequence[Finding] = ()
    ) -> None:
        self.findings = [*findings, *dismissed]
        self.state = state
        self._open = len(findings)
        self._places: dict[int, Sequence[Place]] = {}
        there = {finding.key: set(finding.places) for finding in findings if finding.key in state.chosen}
        state.chosen = {
            key: kept
            for key, chosen in state.chosen.items()
            if (kept := {place: name for place, name in chosen.items() if place in there.get(key, ())})
        }

    @property
    def total(self) -> int:
        """How many places will change."""
        return sum(map(len, self.state.chosen.values()))

    def is_dismissed(self, index: int) -> bool:
        """True for a finding that somebody has judged to be fine."""
        return index >= self._open

    def places(self, index: int) -> Sequence[Place]:
        """The places of a finding, those first that are not like the majority."""
        if index not in self._places:
            self._places[index] = _odd_first(self.findings[index])
        return self._places[index]

    def treatments(self, index: int) -> tuple[str, ...]:
        """What places of a finding can be made, the most frequent first."""
        return tuple(name for name, _ in self.findings[index].counts if name != UNMARKED)

    def chosen_of(self, index: int) -> Mapping[Place, str]:
        """The treatments that are chosen for places of a finding."""
        return self.state.chosen.get(self.findings[index].key, {})

    def chosen(self, index: int, place: Place) -> str | None:
        """The treatment that is chosen for a place."""
        return self.chosen_of(index).get(place)

    def choose(self, index: int, treatment: str | None, place: Place | None = None) -> int:
        """Choose a treatment for one place, or all of a finding; None leaves them as they are. How many will change."""
        if self.is_dismissed(index):
            return 0
        finding = self.findings[index]
        chosen = dict(self.chosen_of(index))
        changed = 0
        for each in finding.places if place is None else (place,):
            if treatment is not None and finding.mend(each, treatment) is not None:
                chosen[each] = treatment
                changed += 1
            else:
                chosen.pop(each, None)
        self.state.chosen.pop(finding.key, None)
        if chosen:
            self.state.chosen[finding.key] = chosen
        return changed

    def choose_majorities(self) -> int:
        """Choose the majority where there is one and nothing is chosen yet; for how many findings."""
        taken = 0
        for index, finding in enumerate(self.findings):
            if finding.majority is not None and not self.chosen_of(index):
                taken += bool(self.choose(index, finding.majority))
        return taken

    def changing(self) -> list[Finding]:
        """The findings of which something will change."""
        return [finding for index, finding in enumerate(self.findings) if self.chosen_of(index)]

    def mends(self) -> Iterator[Mend]:
        """All that is chosen."""
        for finding in self.changing():
            for place, treatment in self.state.chosen[finding.key].items():
                mend = finding.mend(place, treatment)
                assert mend is not None  # only what changes a place is chosen
                yield mend

    def index_of(self, key: FindingKey | None) -> int:
        """Where a finding stands; 0 if it is not there any more."""
        return next((index for index, each in enumerate(self.findings) if each.key == key), 0)


def _odd_first(finding: Finding) -> tuple[Place, ...]:
    return tuple(sorted(finding.places, key=lambda place: place.treatment == finding.majority))
