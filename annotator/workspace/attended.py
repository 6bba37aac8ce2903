"""An open document whose suggestions follow memory, at once in a short text and bit by bit in a long one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.editing.editor import Editor
from annotator.model.decisions import Decision, Status
from annotator.model.intervals import Intervals
from annotator.model.spans import Suggestion
from annotator.suggest.memory_follower import Follower
from annotator.suggest.patterns import Patterns
from annotator.suggest.proposals import Proposal
from annotator.suggest.proposer import Proposer

Range = tuple[int, int]


class AttendedDocument:
    """Keeps the suggestions of one editor up with memory, whose `revision` grows with what may change them."""

    def __init__(
        self,
        editor: Editor,
        suggestions: Sequence[Suggestion],
        follower: Follower | None,
        *,
        patterns: Patterns | None,
        revision: Callable[[], int],
        on_learnt: Callable[[], None],
    ) -> None:
        """`on_learnt` is called when memory has learnt from a decision on the document; `follower` is None without memory."""
        self.editor = editor
        self.follower = follower
        self._revision = revision
        self._on_learnt = on_learnt
        self._proposer = Proposer(
            editor.document.text,
            editor.tokens,
            suggestions,
            editor.label_set,
            memory=follower.memory if follower else None,
            patterns=patterns,
        )
        self._done = [-1] * len(self._proposer.parts)
        editor.board.on_applied = self._applied

    @property
    def is_behind(self) -> bool:
        """True if some part of the text is to be proposed on anew; never in a done document."""
        return self.editor.status is not Status.DONE and any(each != self._revision() for each in self._done)

    def catch_up(self, near: int = 0) -> Sequence[Range]:
        """Suggest anew on the part that holds the offset `near`, or on the next that is behind.

        What the person has seen and gone past stays as it was: nothing that was read changes unnoticed. Returns the
        ranges of text that look different afterwards.
        """
        proposer, editor = self._proposer, self.editor
        if not self.is_behind:
            return ()
        if follower := self.follower:
            proposer.memory = follower.memory
        first = proposer.part_at(near)
        count = len(self._done)
        part = next(
            index % count
            for index in range(first, first + count)
            if self._done[index % count] != self._revision()
        )
        self._done[part] = self._revision()
        found = proposer.propose(part, list(editor.annotation_set.spans))
        return editor.board.suggest(self._with_read(found, part), within=proposer.parts[part])

    def _with_read(self, found: list[Suggestion], part: int) -> list[Suggestion]:
        """What was found, and instead of some of it what stands open in the text that was read."""
        start, end = self._proposer.parts[part]
        board, here = self.editor.board, min(end, self.editor.cursor.offset)
        known = {each.key for each in found}
        kept = Intervals(
            each
            for each in board.open.overlapping(start, here)
            if start <= each.start and each.end <= here and each.key not in known and board.is_seen(each)
        )
        if not len(kept):
            return found
        return [each for each in found if next(kept.overlapping(each.start, each.end), None) is None] + list(
            kept
        )

    def proposal(self, suggestion: Suggestion) -> Proposal | None:
        """The proposal behind a suggestion, with its sources and reasons."""
        return self._proposer.proposal(suggestion)

    def detach(self) -> None:
        """Follow the editor no more, and let memory forget what its set says."""
        self.editor.board.on_applied = None
        if self.follower is not None:
            self.follower.forget()

    def _applied(self, decisions: Sequence[Decision]) -> Sequence[Range]:
        if self.follower is not None and self.follower.follow(decisions):
            self._on_learnt()
        return self.catch_up() if len(self._done) == 1 else ()
