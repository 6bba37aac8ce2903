"""Consistency: whether the same text is treated alike throughout a store, and what would mend it where it is not.

Three things are found: the same text under different labels; text that is marked in most places and not marked in others;
and names with something at their edge that is taken in here and left out there ("the State Department"). Relabelling
CoNLL-2003 with checks of this kind changed 7 % of its labels (CleanCoNLL, 2023). `measure.audit` searches for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.model.dismissals import FindingKey, FindingKind
from annotator.model.edges import Edge

UNMARKED = ""
"""The treatment of a text that is not marked."""
WITH, WITHOUT = "with", "without"
"""The treatments of an edge: taken in, left out."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a text stands, in code points, under which label (none if it is not marked), and how it is treated.

    An example of MISSED is treated like the label that its text has most often, whichever it has itself.
    `other_start` and `other_end` are the offsets that the span would have with the other treatment: its own, but
    for EDGES.
    """

    document: str
    annotator: str
    start: int
    end: int
    label: str
    treatment: str
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True)
class Mend:
    """What makes a place like the others: the span to stand there instead of what is at `place`."""

    place: Place
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A text that is not treated alike.

    `surface` is the text with white space as one blank, for EDGES without the edge. `counts` are the treatments, the
    most frequent first: labels; for MISSED the label and UNMARKED; for EDGES WITH and WITHOUT. `majority` is the
    treatment that is more frequent than each other, None in a tie. `places` are sorted.
    """

    kind: FindingKind
    surface: str
    counts: tuple[tuple[str, int], ...]
    majority: str | None
    places: tuple[Place, ...]
    edge: Edge | None = None

    @property
    def key(self) -> FindingKey:
        """What makes a finding the same one when the audit is made again."""
        return self.kind, self.surface, self.edge

    @property
    def rank(self) -> tuple[float, FindingKind, str, tuple[str, ...]]:
        """Sorts findings: those first whose mending promises the most."""
        return -self.gain, self.kind, self.surface, self.edge or ()

    @property
    def odd(self) -> tuple[Place, ...]:
        """The places that are not treated like the majority; in a tie, all."""
        return tuple(place for place in self.places if place.treatment != self.majority)

    def is_example(self, place: Place) -> bool:
        """True for a place where a text of MISSED is marked: only some of these are among the places."""
        return self.kind is FindingKind.MISSED and place.label != UNMARKED

    @property
    def gain(self) -> float:
        """About how many places mending would put right: those that differ, each as likely wrong as the majority is large.

        The share of the majority is smoothed, (most + 1) / (all + 2), so that 1 of 2 weighs less than 9 of 10.
        """
        total = sum(count for _, count in self.counts)
        most = self.counts[0][1]
        return (total - most) * (most + 1) / (total + 2)

    def mends(self, treatment: str | None = None) -> Iterator[Mend]:
        """What would give all places one treatment of `counts`, by default the majority's; nothing for a tie without.

        ValueError for a treatment that is none of them, and for UNMARKED, since the marked places are not all kept.
        """
        chosen = self.majority if treatment is None else treatment
        if chosen is None:
            return
        if chosen == UNMARKED or chosen not in dict(self.counts):
            raise ValueError(f"{chosen!r} is no treatment that can be given to all")
        for place in self.places:
            if (mend := self.mend(place, chosen)) is not None:
                yield mend

    def mend(self, place: Place, treatment: str) -> Mend | None:
        """What would give one place a treatment; None if it has it, or is an example of MISSED.

        For EDGES that is WITH or WITHOUT, for the others any label; ValueError for what is none.
        """
        is_edge = self.kind is FindingKind.EDGES
        if treatment == UNMARKED or (is_edge and treatment not in (WITH, WITHOUT)):
            raise ValueError(f"{treatment!r} is no treatment for {self.kind}")
        if self.is_example(place) or place.treatment == treatment:
            return None
        return Mend(place, place.other_start, place.other_end, place.label if is_edge else treatment)
