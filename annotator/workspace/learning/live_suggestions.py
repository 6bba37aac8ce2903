"""An open document whose suggestions follow memory: near a decision at once, elsewhere bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.model.decisions import Status
from annotator.model.intervals import Intervals
from annotator.model.lookup import Words
from annotator.model.spans import Suggestion
from annotator.suggest.combination.proposals import AT_ONCE, Proposal
from annotator.suggest.combination.proposer import Proposed, Proposer
from annotator.suggest.memory.facts import Fact
from annotator.suggest.memory.follower import Follower
from annotator.suggest.memory.memory import Memory
from annotator.suggest.sources.patterns import Patterns

Range = tuple[int, int]

_AHEAD = 2_000
"""So many code points behind a decision follow memory before it is on the screen, however long the text is."""


class LiveSuggestions:
    """Keeps the suggestions of one editor up with the pipeline, patterns and memory.

    What the person has seen and gone past stays as it was: nothing that was read changes unnoticed.
    """

    def __init__(
        self,
        editor: Editor,
        suggestions: Sequence[Suggestion],
        follower: Follower | None,
        *,
        patterns: Patterns | None,
        on_learnt: Callable[[Collection[Fact]], None],
    ) -> None:
        """`on_learnt` is called when memory has learnt from a decision on the document; `follower` is None without memory."""
        self.editor = editor
        self.follower = follower
        self._on_learnt = on_learnt
        self._held: Intervals[Suggestion] = Intervals()
        self._decided_on: list[Range] = []
        self._is_arriving = False
        self._proposer = Proposer(
            Words.begun(editor.document.text, editor.tokens),
            suggestions,
            editor.label_set,
            memory=follower.memory if follower else None,
            decided=editor.annotation_set.spans,
            standing=lambda: editor.suggestion_state.suggestions,
            patterns=patterns,
        )

    def renew(self, suggestions: Sequence[Suggestion]) -> None:
        """Suggest out of these from now on, by the pipeline or imported, and with the editor's new tokens."""
        self._proposer.renew(suggestions, self.editor.tokens)
        self._is_arriving = True

    def move(self, memory: Memory) -> None:
        """Follow another memory, which has learnt the editor's set as it is now."""
        if self.follower is not None:
            self.follower.move(memory)
            self._proposer.begin(memory)

    def learnt(self, facts: Collection[Fact]) -> None:
        """Memory has learnt or unlearnt these, on this document or another."""
        self._proposer.learnt(facts)
        self._proposer.touch(self._decided_on)
        self._proposer.touch(
            (suggestion.start, suggestion.end) for suggestion in self._held if not self._is_read(suggestion)
        )
        self._decided_on.clear()

    def detach(self) -> Collection[Fact]:
        """Follow the editor no more, and let memory forget what its set says, which is returned."""
        return self.follower.forget() if self.follower is not None else ()

    # Suggesting

    @property
    def is_behind(self) -> bool:
        """True if some part of the text is to be suggested on anew; never in a done document."""
        return self.editor.status is not Status.DONE and self._proposer.is_behind

    @property
    def is_arriving(self) -> bool:
        """True if some part of the text has not been suggested on at all since suggestions came for it."""
        return self._is_arriving and self.is_behind

    def catch_up(self, near: int) -> list[Range]:
        """Suggest anew on a part of what is behind, at or after the offset `near` first; what looks different."""
        if not self.is_behind:
            return []
        ranges = self._shown(self._proposer.propose(near))
        self._is_arriving = self._is_arriving and self.is_behind
        return ranges

    def catch_up_whole(self) -> list[Range]:
        """Suggest anew on all that is behind; what looks different."""
        ranges: list[Range] = []
        while self.is_behind:
            ranges += self.catch_up(0)
        return ranges

    def follow(self, change: Change) -> list[Range]:
        """Learn from what a verb has decided, and suggest anew near it; what looks different by that.

        The focus goes where the verb would have led to had these suggestions been there before.
        """
        if self.follower is not None:
            self._decided_on += change.decided
            if facts := self.follower.follow(change.decisions):
                self._on_learnt(facts)
        ranges = self._ranges_suggested_anew()
        if ranges:
            self.editor.navigation.choose_again()
        return ranges

    def _ranges_suggested_anew(self) -> list[Range]:
        if len(self.editor.document.text) <= AT_ONCE:
            return self.catch_up_whole()
        if not self.is_behind:
            return []
        start = self.editor.navigation.origin
        return self._shown(self._proposer.propose_within(start, start + _AHEAD))

    def _shown(self, proposed: Iterable[Proposed]) -> list[Range]:
        ranges: list[Range] = []
        for within, suggestions in proposed:
            ranges += self.editor.suggestion_state.suggest(
                self._with_held(suggestions, *within), within=within
            )
        return ranges

    def _with_held(self, suggestions: list[Suggestion], start: int, end: int) -> list[Suggestion]:
        """What was found in a range, and instead of some of it what stands open there and was read."""
        for held in list(self._held.overlapping(start, end)):
            self._held.remove(held)
        keys = {suggestion.key for suggestion in suggestions}
        open_here = self.editor.suggestion_state.open.overlapping(start, end)
        kept = [
            suggestion for suggestion in open_here if suggestion.key not in keys and self._is_read(suggestion)
        ]
        if not kept:
            return suggestions
        for held in kept:
            self._held.add(held)
        return [
            suggestion
            for suggestion in suggestions
            if next(self._held.overlapping(suggestion.start, suggestion.end), None) is None
        ] + kept

    def _is_read(self, suggestion: Suggestion) -> bool:
        """True if a suggestion is open and on text that the person has seen and gone past."""
        suggestion_state = self.editor.suggestion_state
        is_past = suggestion.end <= self.editor.navigation.origin
        return is_past and suggestion_state.is_open(suggestion) and suggestion_state.is_seen(suggestion)

    def proposal(self, suggestion: Suggestion) -> Proposal | None:
        """The proposal behind a suggestion, with its sources and reasons."""
        return self._proposer.proposal(suggestion)
