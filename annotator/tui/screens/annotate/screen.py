"""The annotate screen: what keys, clicks and the palette lead to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events, on
from textual.message import Message

from annotator.editing.search import FoldedText
from annotator.model.decisions import Status
from annotator.tui.layout.fitting import fitted
from annotator.tui.phrases import Coming
from annotator.tui.screens.annotate.jumping import Jump
from annotator.tui.screens.annotate.listening import AnnotateListener
from annotator.tui.screens.annotate.verbs import DECIDING, MOVES, VERBS
from annotator.tui.widgets.prompt import Prompt
from annotator.tui.widgets.span_table import SpanTable

_SEARCH, _NOTE = "search", "note"


class AnnotateScreen(AnnotateListener):
    """Annotate one document after the other."""

    @dataclass
    class Wanted(Message):
        """A dialog or another screen is asked for: "labels", "documents", "versions" or "why"."""

        name: str

    _settled: str | None = None
    """The document that was finished or skipped last, while nothing has been decided since."""
    _warned_of_coming: str | None = None
    """The document whose finishing was put off, since its suggestions are still coming."""
    _before_search = 0
    _drafts: Mapping[tuple[str, int], str] = {}

    # Keys

    def press(self, key: str, character: str | None) -> None:
        """Count the key, and act on it."""
        if self.is_too_small:
            return
        self.count_key()
        self._message = ""
        super().press(key, character)

    def capture(self, key: str, character: str | None) -> bool:
        """Jump mode and the side table take keys first; then digits and capitals give labels."""
        if self.jump is not None:
            self._press_in_jump(key, character)
        elif self.focused is self.table:
            self.table.press(key)
        elif key == "escape":
            if not self.editor.deselect():
                self.hits, self.hit = [], None
            self.look()
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
            change = VERBS[name](self.editor)
            if change:
                self._settled = None
            self.done(change)
        elif name in MOVES:
            self._message = MOVES[name](self.editor) or ""
            self.look()
        else:
            super().act(name)

    def label(self, name: str) -> None:
        """Give a label, as its key would."""
        if self.is_refused():
            return
        self._settled = None
        self.done(self.editor.label(name))

    def is_refused(self) -> bool:
        """True, and said, while nothing can be saved, since what is decided now could be lost; looks each time."""
        if self.workspace.read_only is None:
            return False
        if self.workspace.try_writing():
            self.open_anew("no longer read-only: you can decide now")
        else:
            self.say(f"read-only: {self.workspace.read_only}")
        return True

    def _press_label(self, key: str) -> None:
        name = self.editor.label_set.by_key.get(key)
        if name is None:
            self.say(f"no label has the key {key}")
        else:
            self.label(name)

    # Jumping

    def action_jump(self) -> None:
        self.jump = Jump(self.editor, *self.view.visible_range())
        self.look(follow=False)

    def _press_in_jump(self, key: str, character: str | None) -> None:
        assert self.jump is not None  # asked for only while it is on
        answer = self.jump.press(key, character)
        if answer is True:
            self.look(follow=False)
            return
        jump, self.jump = self.jump, None
        if answer is None:
            self.look(follow=False)
        elif jump.stretches and not self.is_refused():
            self.done(self.editor.stretch_to(answer))
        else:
            self.editor.walk.go(answer)
            self.look()

    # Looking about

    def action_left(self) -> None:
        self._go_beside(right=False)

    def action_right(self) -> None:
        self._go_beside(right=True)

    def _go_beside(self, *, right: bool) -> None:
        """Go a token as the eye sees it: in a right-to-left line the other way through the text."""
        editor = self.editor
        offset = self.view.beside(*editor.cursor.word, right=right)
        if offset is not None and len(editor.tokens):
            editor.walk.go(editor.tokens[editor.tokens.at(offset)][0])
        self.look()

    def action_up(self) -> None:
        self.editor.walk.go(self.view.move_rows(self.editor.cursor.offset, -1))
        self.look()

    def action_down(self) -> None:
        self.editor.walk.go(self.view.move_rows(self.editor.cursor.offset, 1))
        self.look()

    def action_page_up(self) -> None:
        self.view.page(-1)
        self.look(follow=False)

    def action_page_down(self) -> None:
        self.view.page(1)
        self.look(follow=False)

    def action_toggle_mode(self) -> None:
        self.view.toggle_mode(self.editor.cursor.offset)
        self.look()

    def action_toggle_doubtful(self) -> None:
        board = self.editor.board
        board.hide_doubtful(not board.hides_doubtful)
        self.refresh_all()
        self.say(f"{board.hidden} doubtful hidden" if board.hides_doubtful else "doubtful ones shown")

    def action_accept_confident(self) -> None:
        self._settled = None
        self.done(self.editor.accept_confident(self.view.visible_range()[1]))

    def action_why(self) -> None:
        self.post_message(self.Wanted("why"))

    def action_pick_label(self) -> None:
        self.post_message(self.Wanted("labels"))

    def action_choose_version(self) -> None:
        self.post_message(self.Wanted("versions"))

    def action_documents(self) -> None:
        self.post_message(self.Wanted("documents"))

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

    # Search and notes

    def action_search(self) -> None:
        self._before_search = self.editor.cursor.offset
        self._folded = FoldedText(self.editor.document.text)
        self._show_prompt(_SEARCH)

    def action_note(self) -> None:
        focus = self.editor.focus
        if focus is None:
            self.say("no span here")
            return
        old = focus.decided.span.note if focus.decided else ""
        self._show_prompt(_NOTE, self._drafts.get((self.editor.document.id, focus.start), old))

    def _show_prompt(self, purpose: str, text: str = "") -> None:
        self.query_one("#status").display = False
        self.prompt.ask(purpose, text)

    def _hide_prompt(self) -> None:
        self.prompt.end()
        self.query_one("#status").display = True
        self.set_focus(self.view)

    @on(Prompt.Changed)
    def _on_prompt_changed(self, message: Prompt.Changed) -> None:
        if message.purpose == _SEARCH:
            self.hits = self._folded.find_all(message.text)
            behind = (index for index, hit in enumerate(self.hits) if hit[0] >= self._before_search)
            self._go_to_hit(next(behind, 0) if self.hits else None)

    def on_input_key(self, event: events.Key) -> None:
        """Up and down walk the hits of a search; Escape may come before the input has the keyboard."""
        if event.key == "escape":
            self.prompt.leave()
        elif self.prompt.purpose == _SEARCH and self.hit is not None and event.key in ("up", "down"):
            self._go_to_hit((self.hit + (1 if event.key == "down" else -1)) % len(self.hits))

    def _go_to_hit(self, hit: int | None) -> None:
        self.hit = hit
        if hit is None:
            self.prompt.say("not found")
            self.editor.cursor.go(self._before_search)
        else:
            self.prompt.say(f"{hit + 1} of {len(self.hits)}")
            self.editor.walk.go(self.hits[hit][0])
        self.look()

    @on(Prompt.Answered)
    def _on_prompt_answered(self, message: Prompt.Answered) -> None:
        self._hide_prompt()
        if message.purpose == _NOTE:
            self._drafts = {}
            self.done(self.editor.note(message.text))
        else:
            self.look()

    @on(Prompt.Left)
    def _on_prompt_left(self, message: Prompt.Left) -> None:
        self._hide_prompt()
        if message.purpose == _NOTE:
            if (focus := self.editor.focus) is not None:
                self._drafts = {(self.editor.document.id, focus.start): message.text}
        else:
            self.hits, self.hit = [], None
            self.editor.cursor.go(self._before_search)
        self.look()

    # From document to document

    def action_undo(self) -> None:
        settled, self._settled = self._settled, None
        if settled is not None and not self.open(settled):
            return
        self.done(self.editor.undo())

    def action_finish(self) -> None:
        if self.is_guarded:
            return
        editor = self.editor
        if editor.status is Status.DONE:
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
            self._open_next(f"finished {fitted(editor.document.title, 20)}: {spans} · u reopens")

    def action_skip(self) -> None:
        if self.is_guarded:
            return
        change = self.editor.skip()
        self.done(change)
        if change:
            self._open_next(f"skipped {fitted(self.editor.document.title, 20)} · u takes it back")

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

    def action_save_again(self) -> None:
        self.workspace.retry()
        self.say("trying to save again")
