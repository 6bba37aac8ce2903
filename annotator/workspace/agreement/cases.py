"""The cases behind a figure of agreement: which spans it counts, and how they stand in their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from annotator.measure.alignment import Case, Kind, Matching, cases
from annotator.measure.corpus import Corpus

Pair = tuple[str, str]
"""Two annotators by name."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Which cases a figure is made from: those of some pairs of annotators, and of these the ones that fit.

    `matching` says how spans are aligned and which cases agree. Where given, a case fits if it is of one of
    `kinds`, if either side has `label`, if its labels are those of `cell` (None for none, in either order where
    `both_ways`), and if it is in `document`.
    """

    title: str
    pairs: tuple[Pair, ...]
    matching: Matching = Matching.STRICT
    kinds: frozenset[Kind] | None = None
    label: str | None = None
    cell: tuple[str | None, str | None] | None = None
    both_ways: bool = False
    document: str | None = None

    def fits(self, case: Case) -> bool:
        """True if the figure counts this case of one of its pairs."""
        labels = (case.a.label if case.a else None, case.b.label if case.b else None)
        return (
            (self.kinds is None or case.kind in self.kinds)
            and (self.label is None or self.label in labels)
            and (self.cell is None or labels == self.cell or (self.both_ways and labels[::-1] == self.cell))
            and (self.document is None or case.document == self.document)
        )


class PairCase(NamedTuple):
    """A case, and whose spans its `a` and `b` are."""

    a: str
    b: str
    case: Case

    @property
    def place(self) -> tuple[int, int]:
        """The half-open range in the text that both spans lie in."""
        spans = [span for span in (self.case.a, self.case.b) if span is not None]
        return min(span.start for span in spans), max(span.end for span in spans)


def cases_behind(corpus: Corpus, behind: Behind) -> Iterator[PairCase]:
    """The cases that a figure is made from, pair by pair, each pair's in the order of the text."""
    for a, b in behind.pairs:
        for case in cases(corpus, a, b, matching=behind.matching):
            if behind.fits(case):
                yield PairCase(a, b, case)


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a text with what stands around it; `starts` and `ends` tell whether the text goes on beyond."""

    before: str
    inside: str
    after: str
    starts: bool
    ends: bool


def passage(text: str, interval: tuple[int, int], *, around: int = 40) -> Passage:
    """The characters of `place` and at most `around` on either side, cut between words where there are any."""
    start, end = interval
    first, last = max(0, start - around), min(len(text), end + around)
    if first > 0 and (blank := text.find(" ", first, start)) >= 0:
        first = blank + 1
    if last < len(text) and (blank := text.rfind(" ", end, last)) > end:
        last = blank
    return Passage(text[first:start], text[start:end], text[end:last], first == 0, last == len(text))
