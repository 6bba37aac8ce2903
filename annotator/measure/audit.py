"""The search for what is not treated alike throughout a store.

The sets are gone through once, and counted; what is kept of them is a few numbers a span. Then their texts are gone
through once more, for the places that only a text tells: edges that are taken in and left out, and mentions that nobody
marked. So memory holds the forms of a store, its spans as numbers and its inconsistent places, never its texts.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from annotator.measure.consistency import UNMARKED, WITH, WITHOUT, Finding, Place
from annotator.model.dismissals import FindingKind
from annotator.model.edges import Edge, at_edges
from annotator.model.lookup import FormIndex, Mention, Words, surface_of
from annotator.model.spans import Labelled
from annotator.model.tokens import Tokens, stand_in_tokens

EXAMPLES = 5
"""So many marked places go with a text that is not marked elsewhere; all other findings have all their places."""


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


class AuditedText(NamedTuple):
    """A document's text, and the tokens that it has of its own."""

    text: str
    tokens: Tokens | None = None


Reread = Callable[[str], AuditedText | None]
"""A document's text by its id, as it was in the sets; None where it cannot be read any more."""


def audit(sets: Iterable[AuditedSet], reread: Reread) -> list[Finding]:
    """What is not treated alike in `sets`; `reread` is then asked for the document of each.

    The findings that promise the most come first. Their order, and all in them, does not depend on that of the sets.
    """
    counts = _Counts()
    for audited in sets:
        counts.read(audited)
    places = _Places(counts)
    for work in counts.works:
        if (there := reread(work.document)) is not None:
            places.read(work, there)
    findings = [*places.labels(), *places.missed(), *places.edges()]
    return sorted(findings, key=lambda one: one.rank)


_EdgeKey = tuple[str, Edge]
"""A name without an edge, and the edge, its word in small letters."""


class _Spot(NamedTuple):
    """A span by its offsets and the numbers of its label and its form."""

    start: int
    end: int
    label: int
    form: int


_STACKED = 2**32 - 1
"""The form of spans that share their place: in a nested set two labels at one place are meant, and not counted."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What is kept of a set: the numbers of its spans, one behind the other by start, and the offsets of its rejections."""

    document: str
    annotator: str
    is_done: bool
    numbers: array[int]
    rejected: array[int]

    def spots(self) -> Iterator[_Spot]:
        """All spans."""
        numbers = iter(self.numbers)
        return map(_Spot, numbers, numbers, numbers, numbers)

    def alone(self) -> Iterator[_Spot]:
        """The spans that share their place with no other."""
        return (spot for spot in self.spots() if spot.form != _STACKED)

    def rejections(self) -> set[tuple[int, int]]:
        """Where a person said that nothing is."""
        offsets = iter(self.rejected)
        return set(zip(offsets, offsets, strict=True))

    def place(
        self, start: int, end: int, label: str, treatment: str, other: tuple[int, int] | None = None
    ) -> Place:
        """A place in the set, by default with no other offsets than its own."""
        return Place(self.document, self.annotator, start, end, label, treatment, *(other or (start, end)))


class _AtName(NamedTuple):
    """An edge that stands at a span, taken in or not, and the offsets that the span has the other way."""

    key: _EdgeKey
    treatment: str
    other: tuple[int, int]


class _Counts:
    """The first look: how often each form has each label, and each edge is taken in."""

    def __init__(self) -> None:
        self.works: list[_Work] = []
        self.labels: dict[str, Counter[str]] = defaultdict(Counter)
        self.edges: dict[_EdgeKey, Counter[str]] = defaultdict(Counter)
        self._label_numbers: dict[str, int] = {}
        self._form_numbers: dict[str, int] = {}
        self._bare: dict[str, str] = {}

    def read(self, audited: AuditedSet) -> None:
        """Count what is in a set."""
        text, tokens = audited.text, audited.tokens or stand_in_tokens(audited.text)
        spans = sorted(audited.spans, key=lambda span: (span.start, span.end))
        there = Counter((span.start, span.end) for span in spans)
        numbers = array("I")
        for span in spans:
            form = _STACKED
            if there[span.start, span.end] == 1:
                surface = surface_of(text, span.start, span.end)
                form = self._form_numbers.setdefault(surface, len(self._form_numbers))
                self.labels[surface][span.label] += 1
                for met in self.edges_at(text, tokens, span.start, span.end):
                    self.edges[met.key][met.treatment] += 1
            label = self._label_numbers.setdefault(span.label, len(self._label_numbers))
            numbers.extend((span.start, span.end, label, form))
        rejected = array("I", (offset for place in audited.rejected for offset in (place.start, place.end)))
        self.works.append(_Work(audited.document, audited.annotator, audited.is_done, numbers, rejected))

    def names(self) -> tuple[list[str], list[str]]:
        """The labels and the forms by their numbers."""
        return list(self._label_numbers), list(self._form_numbers)

    def bare(self, written: str) -> str:
        """The surface of a span's text without anything at its edges."""
        known = self._bare.get(written)
        if known is None:
            known = self._bare[written] = _bare(written)
        return known

    def edges_at(self, text: str, tokens: Tokens, start: int, end: int) -> Iterator[_AtName]:
        """What stands outermost at a span's edges, where tokens allow to treat it the other way."""
        for met in at_edges(text, start, end):
            if tokens.is_aligned(met.start, met.end):
                key = (self.bare(text[start:end]), met.edge._replace(word=met.edge.word.casefold()))
                yield _AtName(key, WITH if met.is_within else WITHOUT, (met.start, met.end))


class _Places:
    """The second look: the places of what is not alike, and the mentions that nobody marked."""

    def __init__(self, counts: _Counts) -> None:
        self._counts = counts
        self._labels, self._forms = counts.names()
        self._mixed = {name for (name, _), treatments in counts.edges.items() if len(treatments) > 1}
        self._edges: dict[_EdgeKey, list[Place]] = defaultdict(list)
        self._unmarked: dict[str, list[Place]] = defaultdict(list)
        self._against: Counter[str] = Counter()
        self._index = FormIndex()
        for surface in self._forms:
            self._index.add(surface)

    def read(self, work: _Work, there: AuditedText) -> None:
        """Find the places in a set that its text tells."""
        if self._mixed:
            self._read_edges(work, there)
        if work.is_done:
            self._read_unmarked(work, Words(there.text, there.tokens))

    def _read_edges(self, work: _Work, there: AuditedText) -> None:
        text, counts = there.text, self._counts
        mixed = [spot for spot in work.alone() if counts.bare(text[spot.start : spot.end]) in self._mixed]
        if not mixed:
            return
        tokens = there.tokens or stand_in_tokens(text)
        for start, end, label, _ in mixed:
            for met in counts.edges_at(text, tokens, start, end):
                if len(counts.edges[met.key]) > 1:
                    place = work.place(start, end, self._labels[label], met.treatment, met.other)
                    self._edges[met.key].append(place)

    def _read_unmarked(self, work: _Work, words: Words) -> None:
        spots, reached = work.spots(), 0
        spot = next(spots, None)
        rejected = work.rejections()
        for mention in self._index.find(words, _is_exact):
            while spot is not None and spot.start < mention.end:
                reached = max(reached, spot.end)
                spot = next(spots, None)
            if reached > mention.start:  # a span shares a character with it
                continue
            surface = mention.surface
            self._against[surface] += 1
            if self._against[surface] > self._marked(surface):
                self._unmarked.pop(surface, None)  # it will be no finding, so its places need no room
            elif (mention.start, mention.end) not in rejected:
                self._unmarked[surface].append(work.place(mention.start, mention.end, "", UNMARKED))

    def _marked(self, surface: str) -> int:
        return self._counts.labels[surface].total()

    def labels(self) -> Iterator[Finding]:
        """The forms with several labels."""
        mixed = {surface for surface, labels in self._counts.labels.items() if len(labels) > 1}
        for surface, places in self._marked_places(mixed).items():
            yield _finding(FindingKind.LABELS, surface, self._counts.labels[surface], places)

    def missed(self) -> Iterator[Finding]:
        """The forms that are marked more often than not, with the label that they have most often."""
        missed = {surface for surface in self._unmarked if self._marked(surface) > self._against[surface]}
        for surface, marked in self._marked_places(missed, most=EXAMPLES).items():
            labels = self._counts.labels[surface]
            label = min(labels, key=lambda name: (-labels[name], name))
            counts = Counter({label: labels.total(), UNMARKED: self._against[surface]})
            examples = (replace(place, treatment=label) for place in marked)
            yield _finding(FindingKind.MISSED, surface, counts, [*self._unmarked[surface], *examples])

    def _marked_places(self, surfaces: set[str], *, most: int | None = None) -> dict[str, list[Place]]:
        """The places where these forms are marked, by document; of each at `most` the first so many."""
        found: dict[str, list[Place]] = {surface: [] for surface in surfaces}
        wanted = [found.get(surface) for surface in self._forms]
        for work in sorted(self._counts.works, key=lambda work: (work.document, work.annotator)):
            for start, end, label, form in work.alone():
                places = wanted[form]
                if places is not None and (most is None or len(places) < most):
                    name = self._labels[label]
                    places.append(work.place(start, end, name, name))
        return found

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


def _bare(written: str) -> str:
    start, end = 0, len(written)
    while (
        inner := next((edge for edge in at_edges(written, start, end) if edge.is_within), None)
    ) is not None:
        start, end = inner.start, inner.end
    return surface_of(written, start, end)


def _is_exact(mention: Mention) -> bool:
    return mention.is_exact
