"""Moving about in a document on the screen: arrows, jumps, search, and the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on

from annotator.editing.change import Change
from annotator.tui.keys.keymap import Keymap
from annotator.tui.layout.overlay import Overlay, Range
from annotator.tui.screens.moves import MOVES, Move
from annotator.tui.screens.text_base import TextScreenBase
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.prompt import Prompt
from annotator.workspace.saving import SavingWorkspace

if TYPE_CHECKING:
    from annotator.tui.screens.jumping import Jump

SEARCH = "search"
"""What the prompt is shown for when words are looked for."""


class TextScreen(TextScreenBase):
    """A document on the screen, and every way about it that decides nothing."""

    _before_search = 0

    def __init__(self, workspace: SavingWorkspace, keymap: Keymap) -> None:
        super().__init__(workspace, keymap)
        self.jump: Jump | None = None
        self.hits: list[Range] = []
        self.hit: int | None = None

    def capture(self, key: str, character: str | None) -> bool:
        """Jump mode takes keys first; Escape drops a selection, and then what a search has found."""
        if self.jump is not None:
            self._press_in_jump(key, character)
        elif key == "escape":
            if not self.editor.deselect():
                self.hits, self.hit = [], None
            self.look()
        else:
            return False
        return True

    def forget_places(self) -> None:
        """Leave jump mode and search: another document is shown."""
        self.jump = None
        self.hits, self.hit = [], None

    def overlay(
        self,
        focus: tuple[int, int, str] | None,
        *,
        selection: Range | None,
        boxes: tuple[Range, ...],
        remarks: tuple[Range, ...] = (),
    ) -> Overlay:
        """What lies over the text, with the cursor, what was found, and the hints."""
        return Overlay(
            cursor=self.editor.cursor.word,
            focus=focus,
            selection=selection,
            boxes=boxes,
            remarks=remarks,
            hits=tuple(self.hits),
            hit=self.hits[self.hit] if self.hit is not None else None,
            hints=self.jump.hints if self.jump else {},
            hint_typed=self.jump.typed.lower() if self.jump else "",
        )

    def act(self, name: str) -> None:
        """Do the action called `name`: a move, or a method of this screen."""
        if name in MOVES:
            self.move(MOVES[name])
        else:
            super().act(name)

    # Going

    def go(self, offset: int) -> None:
        """Stand at another place of the text."""
        self.editor.walk.go(offset)
        self.went()
        self.look()

    def move(self, move: Move) -> None:
        """Do a move of the cursor, and say what there is to say about it."""
        self._message = move(self.editor) or ""
        self.went()
        self.look()

    def went(self) -> None:
        """The person has moved the cursor."""

    def action_left(self) -> None:
        self._go_beside(right=False)

    def action_right(self) -> None:
        self._go_beside(right=True)

    def _go_beside(self, *, right: bool) -> None:
        """Go a token as the eye sees it: in a right-to-left line the other way through the text."""
        editor = self.editor
        offset = self.view.beside(*editor.cursor.word, right=right)
        if offset is not None and len(editor.tokens):
            self.go(editor.tokens[editor.tokens.at(offset)][0])
        else:
            self.look()

    def action_up(self) -> None:
        self.go(self.view.move_rows(self.editor.cursor.offset, -1))

    def action_down(self) -> None:
        self.go(self.view.move_rows(self.editor.cursor.offset, 1))

    def action_page_up(self) -> None:
        self.view.page(-1)
        self.look(follow=False)

    def action_page_down(self) -> None:
        self.view.page(1)
        self.look(follow=False)

    def action_toggle_mode(self) -> None:
        self.view.toggle_mode(self.editor.cursor.offset)
        self.look()

    def action_save_again(self) -> None:
        self.workspace.retry()
        self.say("trying to save again")

    def action_pick_label(self) -> None:
        self.post_message(self.Wanted("labels"))

    def action_choose_version(self) -> None:
        self.post_message(self.Wanted("versions"))

    def action_documents(self) -> None:
        self.post_message(self.Wanted("documents"))

    # Jumping

    def action_jump(self) -> None:
        from annotator.tui.screens.jumping import Jump

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
            self.done(self.stretch_to(answer))
        else:
            self.go(answer)

    def stretch_to(self, offset: int) -> Change:
        """Let the focus, the selection or the word at the cursor reach to the token at `offset`."""
        return self.editor.stretch_to(offset)

    def said_of_jump(self) -> list[Piece]:
        """What the status line says while hints are shown."""
        return [
            Piece("jump ", "key"),
            Piece((self.jump.typed if self.jump else "") or "…", "strong"),
            Piece("  a capital stretches the span to there · esc leaves", "muted"),
        ]

    # Search and the prompt

    def action_search(self) -> None:
        from annotator.editing.search import FoldedText

        self._before_search = self.editor.cursor.offset
        self._folded = FoldedText(self.editor.document.text)
        self.ask(SEARCH)

    def ask(self, purpose: str, text: str = "") -> None:
        """Show the prompt in the place of the status line."""
        self.query_one("#status").add_class("-away")
        self.prompt.ask(purpose, text)

    def answered(self, purpose: str, text: str) -> None:
        """What was typed for any purpose but searching."""
        raise NotImplementedError

    def given_up(self, purpose: str, text: str) -> None:
        """Escape was pressed at a prompt for any purpose but searching."""
        raise NotImplementedError

    def _end_prompt(self) -> None:
        self.prompt.end()
        self.query_one("#status").remove_class("-away")
        self.set_focus(self.view)

    @on(Prompt.Changed)
    def _on_prompt_changed(self, message: Prompt.Changed) -> None:
        if message.purpose == SEARCH:
            self.hits = self._folded.find_all(message.text)
            behind = (index for index, hit in enumerate(self.hits) if hit[0] >= self._before_search)
            self._go_to_hit(next(behind, 0) if self.hits else None)

    def on_input_key(self, event: events.Key) -> None:
        """Up and down walk the hits of a search; Escape may come before the input has the keyboard."""
        if event.key == "escape":
            self.prompt.leave()
        elif self.prompt.purpose == SEARCH and self.hit is not None and event.key in ("up", "down"):
            self._go_to_hit((self.hit + (1 if event.key == "down" else -1)) % len(self.hits))

    def _go_to_hit(self, hit: int | None) -> None:
        self.hit = hit
        if hit is None:
            self.prompt.say("not found")
            self.editor.cursor.go(self._before_search)
            self.look()
        else:
            self.prompt.say(f"{hit + 1} of {len(self.hits)}")
            self.go(self.hits[hit][0])

    @on(Prompt.Answered)
    def _on_prompt_answered(self, message: Prompt.Answered) -> None:
        self._end_prompt()
        if message.purpose != SEARCH:
            self.answered(message.purpose, message.text)
        else:
            self.look()

    @on(Prompt.Left)
    def _on_prompt_left(self, message: Prompt.Left) -> None:
        self._end_prompt()
        if message.purpose != SEARCH:
            self.given_up(message.purpose, message.text)
        else:
            self.hits, self.hit = [], None
            self.editor.cursor.go(self._before_search)
        self.look()

    # The mouse

    @on(DocumentView.Pressed)
    def _on_pressed(self, message: DocumentView.Pressed) -> None:
        self.set_focus(self.view)
        if message.extend:
            start, end = self.editor.cursor.word
            self.editor.select(min(start, message.offset), max(end, message.offset + 1))
            self.look()
        else:
            self.go(message.offset)

    @on(DocumentView.Dragged)
    def _on_dragged(self, message: DocumentView.Dragged) -> None:
        self.editor.select(message.start, message.end)
        self.look(follow=False)

    @on(DocumentView.DoublePressed)
    def _on_double_pressed(self, message: DocumentView.DoublePressed) -> None:
        self.editor.walk.go(message.offset)
        if (place := self.editor.addition()) is not None:
            self.editor.select(*place)
        self.look()

    @on(Bar.Clicked)
    def _on_bar_clicked(self, message: Bar.Clicked) -> None:
        if message.action.startswith("label:"):
            self.label(message.action.removeprefix("label:"))
        else:
            self.act(message.action)
