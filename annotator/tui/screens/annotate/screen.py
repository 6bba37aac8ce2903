"""The annotate screen: what keys, clicks and the palette lead to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual import on

from annotator.editing.change import Change
from annotator.model.decisions import Status
from annotator.tui.screens.annotate.listening import AnnotateListener
from annotator.tui.screens.annotate.verbs import DECIDING, OWN_MOVES, VERBS
from annotator.tui.screens.text_bars import Coming
from annotator.tui.widgets.span_table import SpanTable

if TYPE_CHECKING:
    from annotator.store.plans import Plan

_NOTE = "note"


class AnnotateScreen(AnnotateListener):
    """Annotate one document after the other."""

    _settled: str | None = None
    """The document that was finished or skipped last, while nothing has been decided since."""
    _warned_of_coming: str | None = None
    """The document whose finishing was put off, since its suggestions are still coming."""
    _drafts: Mapping[tuple[str, int], str] = {}
    step: Plan | None = None
    """The step over several documents that was made last from here, while nothing has been decided since."""

    # Keys

    def capture(self, key: str, character: str | None) -> bool:
        """Jump mode and the side table take keys first; then digits and capitals give labels."""
        if self.jump is None and self.focused is self.table:
            self.table.press(key)
        elif super().capture(key, character):
            pass
        elif (label_key := self.keymap.label_key(character)) is not None:
            self._press_label(label_key)
        else:
            return False
        return True

    def act(self, name: str) -> None:
        """Do the action called `name`: a verb, a move, or a method of this screen."""
        if name in DECIDING and self.is_refused():
            return
        if name in VERBS:
            self.done(VERBS[name](self.editor))
        elif name in OWN_MOVES:
            self.move(OWN_MOVES[name])
        else:
            super().act(name)

    def label(self, name: str) -> None:
        """Give a label, as its key would."""
        if self.is_refused():
            return
        self.done(self.editor.label(name))

    def _press_label(self, key: str) -> None:
        name = self.editor.label_set.by_key.get(key)
        if name is None:
            self.say(f"no label has the key {key}")
        else:
            self.label(name)

    # Looking about

    def action_toggle_doubtful(self) -> None:
        board = self.editor.board
        board.hide_doubtful(not board.hides_doubtful)
        self.refresh_all()
        self.say(f"{board.hidden} doubtful hidden" if board.hides_doubtful else "doubtful ones shown")

    def action_accept_confident(self) -> None:
        self.done(self.editor.accept_confident(self.view.visible_range()[1]))

    def action_correct_everywhere(self) -> None:
        self.post_message(self.Wanted("everywhere"))

    def action_undo_everywhere(self) -> None:
        self.post_message(self.Wanted("undo everywhere"))

    def action_why(self) -> None:
        self.post_message(self.Wanted("why"))

    def action_audit(self) -> None:
        self.post_message(self.Wanted("audit"))

    def action_feedback(self) -> None:
        self.post_message(self.Wanted("feedback"))

    def action_adapting(self) -> None:
        self.post_message(self.Wanted("adapting"))

    def action_statistics(self) -> None:
        """Show how far the work is and what it costs."""
        self.post_message(self.Wanted("statistics"))

    def action_agreement(self) -> None:
        self.post_message(self.Wanted("agreement"))

    def action_table(self) -> None:
        if self.table.display:
            self.set_focus(self.table)
            self.table.begin()
        else:
            self.say("the table of spans needs a terminal of 100 columns")

    @on(SpanTable.Chosen)
    def _on_span_chosen(self, message: SpanTable.Chosen) -> None:
        self.editor.walk.go(message.offset)
        if message.is_final:
            self.set_focus(self.view)
        self.look()

    # Notes

    def action_note(self) -> None:
        focus = self.editor.focus
        if focus is None:
            self.say("no span here")
            return
        old = focus.decided.span.note if focus.decided else ""
        self.ask(_NOTE, self._drafts.get((self.editor.document.id, focus.start), old))

    def answered(self, purpose: str, text: str) -> None:
        """Keep the note."""
        self._drafts = {}
        self.done(self.editor.note(text))

    def given_up(self, purpose: str, text: str) -> None:
        """Keep what was typed for the next time, and the note as it was."""
        if (focus := self.editor.focus) is not None:
            self._drafts = {(self.editor.document.id, focus.start): text}

    # From document to document

    def action_undo(self) -> None:
        settled, self._settled = self._settled, None
        if settled is not None and not self.open(settled):
            return
        if self.step_behind() is not None:
            self.post_message(self.Wanted("undo"))
        else:
            self.undo_here()

    def undo_here(self) -> None:
        """Take back the last step in this document, and in no other one."""
        self.done(self.editor.undo())

    def step_behind(self) -> Plan | None:
        """The step over several documents that an undo here would be about; None if it is this document's own."""
        from annotator.workspace.steps.step_lookup import step_behind

        return self.step or step_behind(self.workspace.store, self.editor.annotation_set)

    def done(self, change: Change) -> None:
        """Show what a verb did, and have it saved; if it decided anything, that is what is to be undone next."""
        if change:
            self._settled = self.step = None
        super().done(change)

    def open(self, document_id: str, *, message: str = "") -> bool:
        """Show a document, in which an undo is about what was decided there."""
        is_open = super().open(document_id, message=message)
        if is_open:
            self.step = None
        return is_open

    def action_finish(self) -> None:
        if self.is_guarded:
            return
        editor = self.editor
        if editor.status is Status.DONE and self.is_sent_back:
            self.done(editor.reopen())
            self.say(f"reopened · {self.keymap.key('finish')} finishes it")
        elif editor.status is Status.DONE:
            self._open_next("")
        elif self.coming is Coming.COMING and self._warned_of_coming != editor.document.id:
            self._warned_of_coming = editor.document.id
            self.say("suggestions are still coming: the same key again finishes without them")
        elif unseen := editor.board.unseen():
            self.view.set_top(self.view.move_rows(unseen[0].start, -1))
            editor.walk.to_suggestion(unseen[0])
            self._message = f"{len(unseen)} not seen before: the same key goes on"
            self.look()
        else:
            self.done(editor.finish())
            spans = len(editor.annotation_set.spans)
            self._open_next(f"finished {self.short_title()}: {spans} · {self.keymap.key('undo')} reopens")

    def action_skip(self) -> None:
        if self.is_guarded:
            return
        change = self.editor.skip()
        self.done(change)
        if change:
            self._open_next(f"skipped {self.short_title()} · {self.keymap.key('undo')} undoes")

    def _open_next(self, message: str) -> None:
        here = self.editor.document.id
        following = self.workspace.following(here)
        if message:
            self._settled = here
        if following is None:
            self.say(f"all done · {message}" if message else "all documents are done")
        elif not self.open(following, message=message):
            self.say(message)

    def action_previous_document(self) -> None:
        self._open_neighbour(-1, "this is the first document")

    def action_next_document(self) -> None:
        self._open_neighbour(1, "this is the last document")

    def _open_neighbour(self, step: int, at_end: str) -> None:
        neighbour = self.workspace.neighbour(self.editor.document.id, step)
        if neighbour is None:
            self.say(at_end)
        elif self.open(neighbour):
            self._settled = None
