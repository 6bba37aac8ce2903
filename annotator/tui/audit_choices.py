"""What a person chooses for the findings of an audit, place by place; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from annotator.measure.consistency import UNMARKED, Finding, Mend, Place
from annotator.model.dismissals import FindingKey


@dataclass(slots=True)
class AuditState:
    """What stays when the screen is left and opened again: the treatments chosen, and where the cursor was.

    `dismissed_here` are the findings that were dismissed since the last step of the store, the newest last.
    """

    chosen: dict[tuple[FindingKey, Place], str] = field(default_factory=dict)
    finding: FindingKey | None = None
    place: Place | None = None
    shows_dismissed: bool = False
    dismissed_here: list[FindingKey] = field(default_factory=list)


class Choices:
    """The findings of one audit, and what is chosen for their places. Findings are known by their index.

    The `dismissed` ones stand last, and nothing is chosen for them. What `state` has chosen for places that are not
    there any more is dropped.
    """

    def __init__(
        self, findings: Sequence[Finding], state: AuditState, dismissed: Sequence[Finding] = ()
    ) -> None:
        self.findings = [*findings, *dismissed]
        self.state = state
        self._open = len(findings)
        self._places = [_odd_first(finding) for finding in self.findings]
        known = {
            (finding.key, place)
            for finding, places in zip(findings, self._places, strict=False)
            for place in places
        }
        for chosen in state.chosen.keys() - known:
            del state.chosen[chosen]

    def is_dismissed(self, index: int) -> bool:
        """True for a finding that somebody has judged to be fine."""
        return index >= self._open

    def places(self, index: int) -> Sequence[Place]:
        """The places of a finding, those first that are not like the majority."""
        return self._places[index]

    def treatments(self, index: int) -> tuple[str, ...]:
        """What places of a finding can be made, the most frequent first."""
        return tuple(name for name, _ in self.findings[index].counts if name != UNMARKED)

    def chosen(self, index: int, place: Place) -> str | None:
        """The treatment that is chosen for a place."""
        return self.state.chosen.get((self.findings[index].key, place))

    def choose(self, index: int, treatment: str | None, place: Place | None = None) -> int:
        """Choose a treatment for one place, or all of a finding; None leaves them as they are. How many will change."""
        if self.is_dismissed(index):
            return 0
        finding = self.findings[index]
        key = finding.key
        changed = 0
        for each in self._places[index] if place is None else (place,):
            if treatment is not None and finding.mend(each, treatment) is not None:
                self.state.chosen[key, each] = treatment
                changed += 1
            else:
                self.state.chosen.pop((key, each), None)
        return changed

    def choose_majorities(self) -> int:
        """Choose the majority where there is one and nothing is chosen yet; for how many findings."""
        taken = 0
        for index, finding in enumerate(self.findings):
            if finding.majority is not None and not self.count(index):
                taken += bool(self.choose(index, finding.majority))
        return taken

    def count(self, index: int) -> int:
        """How many places of a finding will change."""
        key = self.findings[index].key
        return sum((key, place) in self.state.chosen for place in self._places[index])

    def changing(self) -> list[Finding]:
        """The findings of which something will change."""
        return [finding for index, finding in enumerate(self.findings) if self.count(index)]

    def mends(self) -> Iterator[Mend]:
        """All that is chosen."""
        for index, finding in enumerate(self.findings):
            for place in self._places[index]:
                if (treatment := self.chosen(index, place)) is not None:
                    mend = finding.mend(place, treatment)
                    assert mend is not None  # only what changes a place is chosen
                    yield mend

    def index_of(self, key: FindingKey | None) -> int:
        """Where a finding stands; 0 if it is not there any more."""
        return next((index for index, each in enumerate(self.findings) if each.key == key), 0)


def _odd_first(finding: Finding) -> tuple[Place, ...]:
    return tuple(sorted(finding.places, key=lambda place: place.treatment == finding.majority))
