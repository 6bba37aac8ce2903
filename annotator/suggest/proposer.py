"""A proposer: what is proposed on one document, part by part, so that a long one need not be gone through at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from annotator.model.labels import LabelSet
from annotator.model.lookup import Words
from annotator.model.segments import sentences
from annotator.model.spans import Labelled, Suggestion
from annotator.model.tokens import Tokens
from annotator.suggest.combine import proposals
from annotator.suggest.memory import Memory
from annotator.suggest.patterns import Patterns
from annotator.suggest.proposals import AT_ONCE, Proposal

_PART = 6_000
"""Into parts of so many code points a longer text than AT_ONCE falls: one takes less than a frame."""

Range = tuple[int, int]


class Proposer:
    """The proposals on one text, by the rule of `combine`. Their parts are proposed for the first time when asked to.

    A part ends with a sentence, and never inside what a source suggested; what memory knows is not found across that.
    """

    def __init__(
        self,
        text: str,
        tokens: Tokens,
        suggestions: Sequence[Suggestion],
        label_set: LabelSet,
        *,
        memory: Memory | None,
        patterns: Patterns | None = None,
    ) -> None:
        """`suggestions` are the pipeline's and imported ones, with the labels that they use; `patterns` add theirs."""
        self.memory = memory
        self._label_set = label_set
        self._words = Words(text, tokens)
        found = [*suggestions, *(patterns.suggestions(self._words) if patterns else ())]
        self._starts = list(_cuts(text, found))
        ends = [*self._starts[1:], len(text)]
        self.parts: list[Range] = list(zip(self._starts, ends, strict=True))
        """The ranges of text that are proposed on one by one."""
        self._sources: list[list[Suggestion]] = [[] for _ in self.parts]
        for each in found:
            self._sources[self.part_at(each.start)].append(each)
        self._proposals: list[tuple[Proposal, ...]] = [() for _ in self.parts]
        self._longer: list[list[Proposal]] = [[] for _ in self.parts]

    def part_at(self, offset: int) -> int:
        """The index of the part that holds `offset`."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def propose(self, part: int, decided: Iterable[Labelled]) -> list[Suggestion]:
        """Propose anew on one part, by what memory knows now; `decided` are the spans on the document."""
        others = (one for index, longer in enumerate(self._longer) if index != part for one in longer)
        words = self._words if len(self.parts) == 1 else self._words.part(*self.parts[part])
        self._proposals[part] = proposals(
            self._sources[part],
            self._label_set,
            memory=self.memory,
            words=words,
            decided=[*others, *decided],
        )
        self._longer[part] = [one for one in self._proposals[part] if " " in words.text[one.start : one.end]]
        return [one.suggestion for one in self._proposals[part]]

    def proposal(self, suggestion: Suggestion) -> Proposal | None:
        """The proposal that a suggestion shown is, with its sources and reasons; None if it is none of these."""
        there = self._proposals[self.part_at(suggestion.start)]
        return next((one for one in there if one.suggestion.key == suggestion.key), None)


def _cuts(text: str, suggestions: Iterable[Suggestion]) -> Iterator[int]:
    yield 0
    if len(text) <= AT_ONCE:
        return
    places = sorted((each.start, each.end) for each in suggestions)
    begun, reached, last = 0, 0, 0
    for start in sentences(text).starts:
        while begun < len(places) and places[begun][0] < start:
            reached = max(reached, places[begun][1])
            begun += 1
        if start - last >= _PART and reached <= start:
            last = start
            yield start
