"""Consistency: whether the same text is treated alike throughout a store, and what would mend it where it is not.

Three things are found: the same text under different labels; text that is marked in most places and not marked in others;
and names with something at their edge that is taken in here and left out there ("the State Department"). Relabelling
CoNLL-2003 with checks of this kind changed 7 % of its labels (CleanCoNLL, 2023).

The sets are gone through twice, one at a time: once to count, once to note where what is not alike stands. So memory
holds the forms of a store and its inconsistent places, never its texts.
"""

from __future__ import annotations

import enum
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import log2

from annotator.model.edges import Edge, at_edges
from annotator.model.intervals import Intervals
from annotator.model.lookup import FormIndex, Mention, Words, surface_of
from annotator.model.spans import Labelled
from annotator.model.tokens import Tokens

UNMARKED = ""
"""The treatment of a text that is not marked."""
WITH, WITHOUT = "with", "without"
"""The treatments of an edge: taken in, left out."""
EXAMPLES = 5
"""So many marked places go with a text that is not marked elsewhere; all other findings have all their places."""


class FindingKind(enum.StrEnum):
    """What is not alike."""

    LABELS = "labels"
    MISSED = "missed"
    EDGES = "edges"


@dataclass(frozen=True, slots=True)
class AuditedSet:
    """One annotator's work on one document, as plain values.

    What is not marked says something only if `is_done`. At the places of `rejected` a person said that nothing is
    there. `tokens` say where an unmarked mention may begin and end; without them the stand-in's do.
    """

    document: str
    annotator: str
    text: str
    spans: Sequence[Labelled]
    rejected: Sequence[Labelled] = ()
    tokens: Tokens | None = None
    is_done: bool = True


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
    def odd(self) -> tuple[Place, ...]:
        """The places that are not treated like the majority; in a tie, all."""
        return tuple(place for place in self.places if place.treatment != self.majority)

    @property
    def entropy(self) -> float:
        """How mixed the treatments are, in bits: 1 for two that are as frequent."""
        total = sum(count for _, count in self.counts)
        return -sum(count / total * log2(count / total) for _, count in self.counts)

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
        is_example = self.kind is FindingKind.MISSED and place.label != UNMARKED
        if is_example or place.treatment == treatment:
            return None
        return Mend(place, place.other_start, place.other_end, place.label if is_edge else treatment)


def audit(sets: Callable[[], Iterable[AuditedSet]]) -> list[Finding]:
    """What is not treated alike in `sets`, which is called twice and gives the same both times.

    The findings that promise the most come first. Their order, and all in them, does not depend on that of the sets.
    """
    counts = _Counts()
    for each in sets():
        counts.read(each)
    places = _Places(counts)
    for each in sets():
        places.read(each)
    found = [*places.labels(), *places.missed(), *places.edges()]
    return sorted(found, key=lambda one: (-one.gain, one.kind, one.surface, one.edge or ()))


_EdgeKey = tuple[str, Edge]
"""A name without an edge, and the edge, its word in small letters."""


@dataclass(frozen=True, slots=True)
class _AtName:
    """An edge that stands at a span, taken in or not."""

    key: _EdgeKey
    treatment: str
    other: tuple[int, int]


class _Counts:
    """The first look: how often each form has each label, and each edge is taken in."""

    def __init__(self) -> None:
        self.labels: dict[str, Counter[str]] = defaultdict(Counter)
        self.edges: dict[_EdgeKey, Counter[str]] = defaultdict(Counter)

    def read(self, audited: AuditedSet) -> None:
        words = Words(audited.text, audited.tokens)
        for span in _alone(audited.spans):
            self.labels[surface_of(audited.text, span.start, span.end)][span.label] += 1
            for met in _edges_at(words, span):
                self.edges[met.key][met.treatment] += 1


class _Places:
    """The second look: the places of what is not alike, and the mentions that nobody marked."""

    def __init__(self, counts: _Counts) -> None:
        self._counts = counts
        self._labels: dict[str, list[Place]] = defaultdict(list)
        self._edges: dict[_EdgeKey, list[Place]] = defaultdict(list)
        self._unmarked: dict[str, list[Place]] = defaultdict(list)
        self._against: Counter[str] = Counter()
        self._examples: dict[str, list[Place]] = defaultdict(list)
        self._index = FormIndex()
        for surface in counts.labels:
            self._index.add(surface)

    def read(self, audited: AuditedSet) -> None:
        words = Words(audited.text, audited.tokens)
        for span in _alone(audited.spans):
            self._read_span(audited, words, span)
        if audited.is_done:
            self._read_unmarked(audited, words)

    def _read_span(self, audited: AuditedSet, words: Words, span: Labelled) -> None:
        surface = surface_of(audited.text, span.start, span.end)
        place = _place(audited, (span.start, span.end), span.label, span.label)
        if len(self._counts.labels[surface]) > 1:
            self._labels[surface].append(place)
        insort(self._examples[surface], place)
        del self._examples[surface][EXAMPLES:]
        for met in _edges_at(words, span):
            if len(self._counts.edges[met.key]) > 1:
                self._edges[met.key].append(
                    _place(audited, (span.start, span.end), span.label, met.treatment, met.other)
                )

    def _read_unmarked(self, audited: AuditedSet, words: Words) -> None:
        spans = Intervals(audited.spans)
        rejected = {(each.start, each.end) for each in audited.rejected}
        for mention in self._index.find(words, _is_exact):
            if next(spans.overlapping(mention.start, mention.end), None) is not None:
                continue
            self._against[mention.surface] += 1
            if self._against[mention.surface] > self._marked(mention.surface):
                self._unmarked.pop(mention.surface, None)  # it will be no finding, so its places need no room
            elif (mention.start, mention.end) not in rejected:
                place = _place(audited, (mention.start, mention.end), "", UNMARKED)
                self._unmarked[mention.surface].append(place)

    def _marked(self, surface: str) -> int:
        return self._counts.labels[surface].total()

    def labels(self) -> Iterator[Finding]:
        """The forms with several labels."""
        for surface, places in self._labels.items():
            yield _finding(FindingKind.LABELS, surface, self._counts.labels[surface], places)

    def missed(self) -> Iterator[Finding]:
        """The forms that are marked more often than not, with the label that they have most often."""
        for surface, unmarked in self._unmarked.items():
            if (marked := self._marked(surface)) > (against := self._against[surface]):
                labels = self._counts.labels[surface]
                label = min(labels, key=lambda name: (-labels[name], name))
                counts = Counter({label: marked, UNMARKED: against})
                examples = (replace(place, treatment=label) for place in self._examples[surface])
                yield _finding(FindingKind.MISSED, surface, counts, [*unmarked, *examples])

    def edges(self) -> Iterator[Finding]:
        """The names with an edge that is taken in and left out."""
        for (surface, edge), places in self._edges.items():
            yield _finding(FindingKind.EDGES, surface, self._counts.edges[surface, edge], places, edge)


def _finding(
    kind: FindingKind, surface: str, counts: Counter[str], places: list[Place], edge: Edge | None = None
) -> Finding:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    is_tie = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    return Finding(
        kind, surface, tuple(ranked), None if is_tie else ranked[0][0], tuple(sorted(places)), edge
    )


def _place(
    audited: AuditedSet,
    span: tuple[int, int],
    label: str,
    treatment: str,
    other: tuple[int, int] | None = None,
) -> Place:
    return Place(audited.document, audited.annotator, *span, label, treatment, *(other or span))


def _alone(spans: Iterable[Labelled]) -> Iterator[Labelled]:
    """The spans that share their place with no other: in a nested set two labels at one place are meant."""
    there = Counter((span.start, span.end) for span in spans)
    return (span for span in spans if there[span.start, span.end] == 1)


def _edges_at(words: Words, span: Labelled) -> Iterator[_AtName]:
    """What stands outermost at a span's edges, where tokens allow to treat it the other way."""
    name = _name(words.text, span.start, span.end)
    for met in at_edges(words.text, span.start, span.end):
        if words.is_aligned(met.start, met.end):
            key = (name, met.edge._replace(word=met.edge.word.casefold()))
            yield _AtName(key, WITH if met.is_within else WITHOUT, (met.start, met.end))


def _name(text: str, start: int, end: int) -> str:
    """The surface of a span without anything at its edges."""
    while (inner := next((each for each in at_edges(text, start, end) if each.is_within), None)) is not None:
        start, end = inner.start, inner.end
    return surface_of(text, start, end)


def _is_exact(mention: Mention) -> bool:
    return mention.is_exact
