"""A proposer: what is proposed on one document, kept up with what memory learns at the cost of what that touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice

from annotator.model.annotations import DecidedSpan
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.lookup import Words, folded_words
from annotator.model.occurrences import Occurrences
from annotator.model.spans import Suggestion
from annotator.model.tokens import Tokens
from annotator.suggest.combination.combine import Rule
from annotator.suggest.combination.proposals import Proposal
from annotator.suggest.combination.ranges import Range, Ranges
from annotator.suggest.combination.surnames import LastWords
from annotator.suggest.memory.facts import Fact, PlainFact, ShortFact
from annotator.suggest.memory.memory import Memory
from annotator.suggest.memory.opinions import NotedOpinions, Question, question_of
from annotator.suggest.memory.recall import mentions, short_labels, short_mentions
from annotator.suggest.sources.patterns import Patterns

_CUT = 8_000
"""So many code points of a text are cut into words in one go."""
_ASKED = 100
"""So many suggestions are corrected anew in one go."""
_PIECE = 1_000
"""So many code points, not counting what cannot be parted, are proposed on in one go."""
_LEAST = 80
"""What a range takes counts as that of so many code points, however short it is."""

_SCREEN = 3_000
"""So many code points stand on a screen, or more."""

Proposed = tuple[Range, list[Suggestion]]
"""A range of text, and all that is proposed in it: nothing reaches into it or out of it."""


class Proposer:
    """The proposals on one text: those of `combine.proposals`, but for the ranges that are still to be done.

    At first the text is cut into words, and all of it is to be done. Later only what another answer of memory, or a
    decision on the text, may have changed. Each call does a little, so that keys come in between.
    """

    def __init__(
        self,
        words: Words,
        suggestions: Iterable[Suggestion],
        label_set: LabelSet,
        *,
        memory: Memory | None,
        decided: Intervals[DecidedSpan],
        standing: Callable[[], Intervals[Suggestion]],
        patterns: Patterns | None = None,
    ) -> None:
        """`suggestions` are the pipeline's and imported ones, with the labels that they use; `patterns` add theirs.

        `words` may still be to be cut. `decided` are the spans on the document, as they are at any time. No range parts
        what `standing` gives: the suggestions on the document, which may be older than what is proposed now.
        """
        self.words = words
        self._rule = Rule(label_set)
        self._is_nested = label_set.nested
        self._decided = decided
        self._standing = standing
        self._patterns = patterns
        self._occurrences = Occurrences(words)
        self._occurrences.extend()
        self._shown: Intervals[Proposal] = Intervals()
        self._gather(suggestions)
        self.begin(memory)

    def renew(self, suggestions: Iterable[Suggestion], tokens: Tokens) -> None:
        """Propose on all of the text anew, out of other suggestions and from token to token of these."""
        self.words = self.words.with_tokens(tokens)
        self._gather(suggestions)
        self.begin(self._memory)

    def begin(self, memory: Memory | None) -> None:
        """Propose on all of the text anew, by another memory or by none."""
        self._memory = memory
        self._to_do = Ranges()
        self._to_do.add(0, len(self.words.text))
        self._reopened: set[Question] = set()
        self._stale: dict[Suggestion, None] = {}
        self._asked: dict[Question, set[Suggestion]] = {}
        self._corrected: dict[Suggestion, Proposal | None] = {}
        self._candidates: Intervals[Proposal] = Intervals()
        self._names = LastWords(self.words)

    def _gather(self, suggestions: Iterable[Suggestion]) -> None:
        """Take these as what there is to combine with memory, and once the words are there what patterns find."""
        patterns = self._patterns if self.words.is_whole else None
        self._sources = Intervals([*suggestions, *(patterns.suggestions(self.words) if patterns else ())])

    @property
    def is_behind(self) -> bool:
        """True if there is anything to be done."""
        return bool(self._to_do or self._stale or self._reopened) or not self.words.is_whole

    def proposal(self, suggestion: Suggestion) -> Proposal | None:
        """The proposal that a suggestion shown is, with its sources and reasons; None if it is none of these."""
        overlapping = self._shown.overlapping(suggestion.start, suggestion.end)
        return next((one for one in overlapping if one.suggestion.key == suggestion.key), None)

    # What changes

    def learnt(self, facts: Iterable[Fact]) -> None:
        """Memory counts these facts more or less often than before."""
        for fact in facts:
            if isinstance(fact, ShortFact):
                for word in self._names.of_label(fact.label):
                    self._reopen_word(word)
            elif not isinstance(fact, PlainFact) or (self._memory and fact.word in self._memory.index):
                self._reopened.add(question_of(fact))

    def touch(self, ranges: Iterable[Range]) -> None:
        """Something else than memory has changed here."""
        for start, end in ranges:
            self._to_do.add(start, end)

    def _reopen_word(self, word: str) -> None:
        for start, end in self._occurrences.of((word.casefold(),), 0, len(self.words.text)):
            if self.words.text[start:end] == word:
                self._to_do.add(start, end)

    # Proposing

    def propose(self, near: int) -> list[Proposed]:
        """Do some of what is to be done: from the offset `near` on, about a screen first, and then elsewhere."""
        if not self.words.is_whole:
            self._cut()
            return []
        length = len(self.words.text)
        self._look_up(0, length)
        self._reopened.clear()
        if proposed := self._done_near(near, near + _SCREEN):
            return proposed
        for suggestion in list(islice(self._stale, _ASKED)):
            self._correct(suggestion)
        if self._stale:
            return []
        return self._done_within(near, length) or self._done_within(0, near)

    def propose_within(self, start: int, end: int) -> list[Proposed]:
        """Do some of what is to be done in this range of the text, and look nowhere else."""
        if not self.words.is_whole:
            return []
        self._look_up(start, end)
        return self._done_near(start, end)

    def _done_near(self, start: int, end: int) -> list[Proposed]:
        for suggestion in [stale for stale in self._stale if start <= stale.start < end]:
            self._correct(suggestion)
        return self._done_within(start, end)

    def _done_within(self, start: int, end: int) -> list[Proposed]:
        proposed: list[Proposed] = []
        room = _PIECE
        while room > 0 and (interval := self._to_do.next(start)) is not None and interval[0] < end:
            first, last = interval[0], min(interval[1], interval[0] + room, end)
            proposed.append(self._proposed(first, last))
            room -= max(last - first, _LEAST)
            start = max(start, proposed[-1][0][1])
        return proposed

    def _cut(self) -> None:
        self.words.cut(_CUT)
        self._occurrences.extend()
        if self.words.is_whole:
            self._gather(self._sources)

    def _look_up(self, start: int, end: int) -> None:
        """Find in this range of the text what the questions that are open again are about."""
        for question in self._reopened:
            for suggestion in self._asked.get(question, ()):
                if start <= suggestion.start < end:
                    self._stale[suggestion] = None
            if isinstance(question, str):
                for interval in self._occurrences.of(folded_words(question), start, end):
                    self._to_do.add(*interval)

    def _correct(self, suggestion: Suggestion) -> None:
        """Ask memory about a source's suggestion, and note where its answer, if it is another, makes a difference."""
        self._stale.pop(suggestion, None)
        before, after = self._corrected.get(suggestion), self._answer(suggestion)
        self._corrected[suggestion] = after
        if before == after:
            return
        if before is not None:
            self._candidates.remove(before)
            self._to_do.add(before.start, before.end)
        if after is not None:
            self._candidates.add(after)
            self._to_do.add(after.start, after.end)

    def _answer(self, suggestion: Suggestion) -> Proposal | None:
        if self._memory is None:
            return self._rule.own(suggestion)

        def note(question: Question) -> None:
            self._asked.setdefault(question, set()).add(suggestion)

        return self._rule.corrected(suggestion, NotedOpinions(self._memory, note), self.words)

    def _proposed(self, start: int, end: int) -> Proposed:
        """Propose on what is to be done in `[start, end)`, and on as much around it as belongs together."""
        start, end = self._whole(start, end)
        while fresh := [
            source for source in self._sources.overlapping(start, end) if source not in self._corrected
        ]:
            for suggestion in fresh:
                self._correct(suggestion)
            start, end = self._whole(start, end)
        shown = self._shown_in(start, end)
        self._to_do.discard(start, end)
        before = list(self._shown.overlapping(start, end))
        if before != shown:
            for one in before:
                self._shown.remove(one)
            for one in shown:
                self._shown.add(one)
        return (start, end), [one.suggestion for one in shown]

    def _shown_in(self, start: int, end: int) -> list[Proposal]:
        memory = self._memory
        candidates = list(self._candidates.overlapping(start, end))
        if memory is None:
            return list(self._rule.shown(self._rule.kept(candidates)))
        words = self.words.part(start, end)
        kept = self._rule.kept([*candidates, *mentions(memory, words, nested=self._is_nested)])
        reaching = list(self._decided.overlapping(start, end))
        decided = [span for span in reaching if start <= span.start]
        offered = short_labels(memory)
        for word, labels in self._names.exchange(start, end, [*kept, *decided]).items():
            if not offered.isdisjoint(labels):
                self._reopen_word(word)
        # Decided spans may begin before this range, and those that begin in it may not be counted as names yet.
        around = self._names.several_words([*kept, *reaching])
        return list(self._rule.shown(kept, short_mentions(memory, words, self._names, around)))

    # Ranges that stand for themselves

    def _whole(self, start: int, end: int) -> Range:
        """The smallest range of whole words around `[start, end)` that no candidate, old or new, reaches out of."""
        starts, count = self.words.starts, len(self.words.starts)
        indices = self.words.within(start, end)
        first, last = indices.start, indices.stop
        if first == count or starts[first] > start:
            first -= 1
        while first > 0 and self._is_reached_over(first):
            first -= 1
        while last < count and self._is_reached_over(last):
            last += 1
        return (starts[first] if first > 0 else 0), (starts[last] if last < count else len(self.words.text))

    def _is_reached_over(self, index: int) -> bool:
        """True if something stands on the words on both sides of the beginning of this one."""
        offset = self.words.starts[index]
        for items in (self._candidates, self._shown, self._standing()):
            if any(item.start < offset < item.end for item in items.overlapping(offset - 1, offset + 1)):
                return True
        return self._memory is not None and self._memory.index.crosses(self.words, index)
