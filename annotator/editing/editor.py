"""The editor: every verb of the annotator over one annotation set."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.editing.bulk import acceptances, confident_run, snappings
from annotator.editing.change import Change, refused
from annotator.editing.focus_editor import FocusEditor
from annotator.editing.recorder import Draft
from annotator.model.decisions import By, Status, Verb


class Editor(FocusEditor):
    """All that a person may do on one document: the verbs on the focus, those on many at once, and history.

    What the editor holds is always the fold of the decisions made; nothing else changes it.
    """

    # Verbs on many

    def correct_others(self) -> Change:
        """Do the last correction to the other mentions of its text, as one step."""
        if (warning := self._history.warning("correct others")) is not None:
            return warning
        if (found := self.correction()) is None:
            return refused("no other mention to correct")
        correction, drafts = found
        count = len(drafts)
        return self._history.record(
            drafts, by=By.BULK, message=f"{correction.summary()}: {count} more · u takes all back"
        )

    def accept_confident(self, until: int) -> Change:
        """Accept open suggestions from the focus or cursor on, up to the first unsure one or offset `until`.

        Unsure are a low score and a model's suggestion without one. The focus moves to where it stopped.
        """
        if (warning := self._history.warning("accept confident")) is not None:
            return warning
        run, stop = confident_run(self.walk.undecided_from_here(), until)
        drafts = acceptances(run, self.label_set)
        message = f"accepted {len(drafts)}" if drafts else "none to accept before the next doubtful one"
        change = self._history.record(drafts, by=By.BULK, message=message)
        if (last := stop or (run[-1] if run else None)) is not None:
            self.walk.advance(last)
        return change

    def finishing(self) -> tuple[int, int]:
        """What finishing would accept: how many suggestions, and how many of them are doubtful."""
        return self.board.finishing

    def finish(self) -> Change:
        """Accept what is open and not hidden, and call the document done, as one step."""
        if self.status is Status.DONE:
            return refused("the document is done")
        drafts = acceptances(self.board.open, self.label_set)
        return self._history.record([*drafts, Draft(Verb.FINISH)], by=By.DOCUMENT)

    def skip(self) -> Change:
        """Put the document aside; nothing is accepted."""
        if (warning := self._history.warning("skip")) is not None:
            return warning
        if self.status is Status.SKIPPED:
            return refused("the document is skipped already")
        return self._history.record([Draft(Verb.SKIP)])

    def reopen(self) -> Change:
        """Take up a done or skipped document again."""
        if self.status not in (Status.DONE, Status.SKIPPED):
            return refused("the document is open")
        return self._history.reopen()

    def snap(self) -> Change:
        """Let decided spans that are off the tokens reach to the tokens they touch, as one step."""
        if (warning := self._history.warning("snap")) is not None:
            return warning
        drafts = snappings(self.misaligned(), self.board, self.tokens)
        message = f"snapped {len(drafts)} to tokens" if drafts else "nothing to snap"
        return self._history.record(drafts, by=By.BULK, message=message)

    def decide(
        self, drafts: Sequence[Draft], *, action: str = "", by: By = By.KEY, message: str = ""
    ) -> Change:
        """Make just these drafts one step. The cursor stays; in a done document a named `action` warns first."""
        if action and (warning := self._history.warning(action)) is not None:
            return warning
        return self._history.write(drafts, by=by, message=message)

    # History

    def undo(self) -> Change:
        """Take back the last step; the cursor goes to where it was made."""
        return self._history.undo()

    def redo(self) -> Change:
        """Bring back the step undone last; the cursor goes to what it changed."""
        return self._history.redo()
