"""The history of one editor: steps written and taken back, and where the cursor was meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.editing.change import Change, refused
from annotator.editing.cursor import Cursor
from annotator.editing.focus import FocusNavigation
from annotator.editing.recorder import Clock, Draft, Recorder
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.decisions import By, Decision, Status, Verb

Completion = Callable[[Sequence[Draft]], Sequence[Draft]]
"""What makes a verb's drafts a whole step, such as by rejecting what the result replaces; it keeps spans' uids."""


class History:
    """Records the steps of an editor and travels through them; the cursor goes where a step was made.

    It guards a done document: there the first editing key only warns, and the same again reopens.
    """

    def __init__(
        self,
        suggestion_state: SuggestionState,
        cursor: Cursor,
        navigation: FocusNavigation,
        *,
        annotator: str,
        clock: Clock,
        complete: Completion | None = None,
    ) -> None:
        self._suggestion_state = suggestion_state
        self._cursor = cursor
        self._walk = navigation
        self._recorder = Recorder(suggestion_state, annotator=annotator, clock=clock)
        self._complete = complete
        self._cursor_before: dict[int, int] = {}
        self._warned_of: tuple[str, int, int] | None = None

    def record(self, drafts: Sequence[Draft], *, by: By = By.KEY, message: str = "") -> Change:
        """Apply a verb's `drafts`, completed, as one step; where there are none, `message` says why."""
        whole = self._complete(drafts) if self._complete and drafts else drafts
        return self.write(whole, by=by, message=message)

    def write(self, drafts: Sequence[Draft], *, by: By = By.KEY, message: str = "") -> Change:
        """Apply just these `drafts` as one step; where there are none, nothing is done and `message` says why."""
        self._walk.forget_destination()
        if drafts:
            self._cursor_before[self._suggestion_state.annotation_set.last_step + 1] = self._cursor.offset
        return self._recorder.record(drafts, by=by, message=message)

    def warning(self, action: str) -> Change | None:
        """What to return instead of doing `action` in a done document; None in any other.

        The same action again at the same place reopens the document, and does no more than that.
        """
        annotations = self._suggestion_state.annotation_set
        if annotations.status is not Status.DONE:
            return None
        attempt = (action, self._cursor.offset, annotations.revision)
        if self._warned_of == attempt:
            return self.reopen()
        self._warned_of = attempt
        return refused("done: the same key again reopens it")

    def reopen(self) -> Change:
        """Take up a done or skipped document again."""
        return self.record([Draft(Verb.REOPEN)], message="reopened")

    def undo(self) -> Change:
        """Take back the last step; the cursor goes to where it was made."""
        step = self._suggestion_state.annotation_set.undo_step
        change = self._recorder.undo()
        if change and step:
            self._go_to(step, change, self._cursor_before.get(step[0].step))
        return change

    def redo(self) -> Change:
        """Bring back the step undone last; the cursor goes to what it changed."""
        step = self._suggestion_state.annotation_set.redo_step
        change = self._recorder.redo()
        if change and step:
            self._go_to(step, change, None)
        return change

    def _go_to(self, step: Sequence[Decision], change: Change, offset: int | None) -> None:
        if offset is None and change.ranges:
            offset = change.ranges[0][0]
        if offset is not None:
            self._cursor.go(offset)
        self._walk.settle_on(step)
