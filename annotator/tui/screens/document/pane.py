"""A document on the screen: its text with something beside it, the bars around, jump mode, search, and the prompt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Static

from annotator.cells.fitting import fitted
from annotator.editing.editor import Editor
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keymap import Keymap
from annotator.tui.layout.overlay import Overlay, Range
from annotator.tui.screens.document import bars
from annotator.tui.screens.document.host import DocumentHost
from annotator.tui.screens.document.project import DocumentProject
from annotator.tui.screens.document.search import Search
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from annotator.tui.screens.document.jumping import Jump

WIDE_FROM = 100
"""From this width on there is room for something beside the text."""
MADE_FOR = (80, 24)
"""Columns and rows from which on everything has its place; smaller terminals work, with a notice."""
USABLE = (30, 8)
"""On a smaller terminal than this the text would not be seen: it shows one message and takes no decision."""

_SMALL = f"small: made for {MADE_FOR[0]}x{MADE_FOR[1]}"
_SEARCH = "search"
_JUMP_HELP = "  a capital stretches the span to there · esc leaves"


class DocumentPane(Container):
    """The text, `beside` it a widget, and the bars. It moves the cursor of the host's editor, and decides nothing.

    What it cannot do itself, such as saving a change or painting the marks, it asks the `host` for.
    """

    def __init__(
        self,
        host: DocumentHost,
        *,
        project: DocumentProject,
        keymap: Keymap,
        beside: Widget,
        search_everywhere: Callable[[str], None] | None = None,
    ) -> None:
        """`search_everywhere` searches all texts for what was typed when ctrl+f is pressed in the search."""
        super().__init__(id="pane")
        self.message = ""
        """What the status line says until the next key."""
        self.is_too_small = False
        self.jump: Jump | None = None
        """The hints over the words, while jump mode is on."""
        self.search = Search()
        self._host = host
        self._project = project
        self._keymap = keymap
        self._beside = beside
        self._search_everywhere = search_everywhere
        self._shown_keymap = keymap

    # What it is made of

    def compose(self) -> ComposeResult:
        """Header, text and what is beside it, labels, status line, footer."""
        settings = self._project.settings
        yield Bar(id="header")
        with Container(id="body"):
            yield DocumentView(
                mode=settings.mode,
                text_width=settings.text_width,
                on_fit=self._host.text_fitted,
                id="document",
            )
            yield self._beside
        yield Bar(id="labels")
        yield Bar(id="more-labels")
        yield Bar(id="status")
        yield Prompt(id="prompt")
        yield Bar(id="footer")
        yield Static(id="too-small", markup=False)

    @property
    def view(self) -> DocumentView:
        """The text."""
        return self.query_one("#document", DocumentView)

    @property
    def prompt(self) -> Prompt:
        """Where search words and notes are typed."""
        return self.query_one("#prompt", Prompt)

    @property
    def header(self) -> Bar:
        """The bar above the text."""
        return self.query_one("#header", Bar)

    @property
    def status(self) -> Bar:
        """The bar below the text."""
        return self.query_one("#status", Bar)

    @property
    def _editor(self) -> Editor:
        return self._host.editor

    # Keys

    def capture(self, key: str, character: str | None) -> bool:
        """Take a key for jump mode; Escape drops a selection, and then what a search has found."""
        if self.jump is not None:
            self._press_in_jump(self.jump, key, character)
        elif key == "escape":
            if not self._editor.deselect():
                self.search.clear()
            self._host.refresh_view()
        else:
            return False
        return True

    def drop_selection(self) -> bool:
        """Drop the selection, and say so; False if there is none. What was begun last is what an undo is about."""
        if self._editor.cursor.selection is None:
            return False
        self._editor.deselect()
        self.message = f"selection dropped · {self._keymap.key('undo')} undoes the last step"
        self._host.refresh_view()
        return True

    def press_in_prompt(self, key: str) -> None:
        """Up and down walk the hits of a search; Escape may come before the input has the keyboard."""
        if key == "escape":
            self.prompt.leave()
        elif self.prompt.purpose == _SEARCH and key == "ctrl+f" and self._search_everywhere is not None:
            words = self.prompt.end()
            self._end_prompt()
            self._search_everywhere(words)
        elif self.prompt.purpose == _SEARCH and self.search.hits and key in ("up", "down"):
            self.search.step(1 if key == "down" else -1)
            self._go_to_hit()

    def leave_modes(self) -> None:
        """Leave jump mode and search: another document is shown."""
        self.jump = None
        self.search.clear()

    # Showing

    def overlay(
        self,
        focus: tuple[int, int, str] | None,
        *,
        boxes: tuple[Range, ...],
        remarks: tuple[Range, ...] = (),
        place_hints: Mapping[int, str] = MappingProxyType({}),
    ) -> Overlay:
        """What lies over the text, with the cursor, the selection, what was found, and the hints."""
        cursor = self._editor.cursor
        return Overlay(
            cursor=cursor.word,
            focus=focus,
            selection=cursor.selection,
            boxes=boxes,
            remarks=remarks,
            hits=tuple(self.search.hits),
            hit=self.search.current,
            hints=self.jump.hints if self.jump else {},
            place_hints=place_hints,
            hint_typed=self.jump.typed.lower() if self.jump else "",
        )

    def jump_pieces(self) -> list[Piece]:
        """What the status line says while hints are shown."""
        typed = self.jump.typed if self.jump else ""
        return [Piece("jump ", "key"), Piece(typed or "…", "strong"), Piece(_JUMP_HELP, "muted")]

    def say(self, message: str) -> None:
        """Say something in the status line until the next key."""
        self.message = message
        self._host.show_bars()

    @property
    def is_wide(self) -> bool:
        """True if there is room for something beside the text."""
        return self.app.size.width >= WIDE_FROM

    def short_title(self) -> str:
        """So much of the document's title that there is room in the status line for what is said of it."""
        return fitted(self._editor.document.title, 20 if self.is_wide else 9)

    def fit_into(self, width: int, height: int) -> None:
        """Let what is beside the text and the second row of labels give way to the text in a terminal of this size."""
        self._say_too_small(width, height)
        self._host.make_room(width, height)
        rows = 2 if height >= 30 else 1
        more = f"{self._keymap.key('pick_label')} more…"
        labels = bars.label_bar(self._project.label_set, width=width - 2, rows=rows, more=more)
        self.query_one("#labels", Bar).put(labels[0])
        second = self.query_one("#more-labels", Bar)
        second.display = len(labels) > 1
        second.put(labels[1] if len(labels) > 1 else [])
        self.show_keys(self._shown_keymap)

    def show_keys(self, keymap: Keymap) -> None:
        """Show these keys, which work now, in the footer."""
        self._shown_keymap = keymap
        self.query_one("#footer", Bar).put(footer(keymap, width=self.app.size.width - 2))

    def say_small(self) -> None:
        """Say that a terminal is smaller than the screen was made for, and no longer once it is not."""
        width, height = self.app.size
        if width < MADE_FOR[0] or height < MADE_FOR[1]:
            self.say(_SMALL)
        elif self.message == _SMALL:
            self.say("")

    def _say_too_small(self, width: int, height: int) -> None:
        """Show nothing but a message where there is no room for the text; keys wait until there is."""
        self.is_too_small = width < USABLE[0] or height < USABLE[1]
        self.set_class(self.is_too_small, "-too-small")
        self.query_one("#too-small", Static).update(
            f"{width}x{height} is too small: enlarge to {USABLE[0]}x{USABLE[1]}"
        )
        if self.is_too_small and self.prompt.purpose:
            self.prompt.leave()

    # Moving

    def go(self, offset: int) -> None:
        """Stand at another place of the text."""
        self._editor.navigation.go(offset)
        self._host.cursor_moved()
        self._host.refresh_view()

    def move(self, move: Callable[[Editor], str | None]) -> None:
        """Do a move of the cursor, and say what it returns."""
        self.message = move(self._editor) or ""
        self._host.cursor_moved()
        self._host.refresh_view()

    def left(self) -> None:
        """Go a token to the left."""
        self._go_beside(right=False)

    def right(self) -> None:
        """Go a token to the right."""
        self._go_beside(right=True)

    def _go_beside(self, *, right: bool) -> None:
        """Go a token as the eye sees it: in a right-to-left line the other way through the text."""
        editor = self._editor
        offset = self.view.beside(*editor.cursor.word, right=right)
        if offset is not None and len(editor.tokens):
            self.go(editor.tokens[editor.tokens.at(offset)][0])
        else:
            self._host.refresh_view()

    def up(self) -> None:
        """Go a row up."""
        self.go(self.view.move_rows(self._editor.cursor.offset, -1))

    def down(self) -> None:
        """Go a row down."""
        self.go(self.view.move_rows(self._editor.cursor.offset, 1))

    def page_up(self) -> None:
        """Scroll a page up; the cursor stays."""
        self.view.page(-1)
        self._host.refresh_view(follow=False)

    def page_down(self) -> None:
        """Scroll a page down; the cursor stays."""
        self.view.page(1)
        self._host.refresh_view(follow=False)

    def toggle_mode(self) -> None:
        """Show labels in a row of their own, or as keys."""
        self.view.toggle_mode(self._editor.cursor.offset)
        self._host.refresh_view()

    # Jump mode

    def begin_jump(self) -> None:
        """Show hints over the words on the screen."""
        from annotator.tui.screens.document.jumping import Jump

        self.jump = Jump(self._editor, *self.view.visible_range())
        self._host.refresh_view(follow=False)

    def _press_in_jump(self, jump: Jump, key: str, character: str | None) -> None:
        answer = jump.press(key, character)
        if answer is True:
            self._host.refresh_view(follow=False)
            return
        self.jump = None
        if answer is None:
            self._host.refresh_view(follow=False)
        elif jump.stretches:
            self._host.stretch_to(answer)
        else:
            self.go(answer)

    # Search and the prompt

    def begin_search(self) -> None:
        """Ask for words, and find them while they are typed."""
        self.search.begin(self._editor.document.text, self._editor.cursor.offset)
        self.ask(_SEARCH)

    def _go_to_hit(self) -> None:
        search = self.search
        if search.current is None or search.hit is None:
            self.prompt.say("not found")
            self._editor.cursor.go(search.origin)
            self._host.refresh_view()
        else:
            self.prompt.say(f"{search.hit + 1} of {len(search.hits)}")
            self.go(search.current[0])

    def ask(self, purpose: str, text: str = "", *, aside: str = "") -> None:
        """Show the prompt in the place of the status line; `aside` is said behind what is typed."""
        self.status.add_class("-away")
        self.prompt.ask(purpose, text)
        self.prompt.say(aside)

    def _end_prompt(self) -> None:
        self.prompt.end()
        self.status.remove_class("-away")
        self.focus_text()

    def focus_text(self) -> None:
        """Give the keyboard to the text."""
        self.screen.set_focus(self.view)

    @on(Prompt.Changed)
    def _on_prompt_changed(self, message: Prompt.Changed) -> None:
        if message.purpose == _SEARCH:
            self.search.find(message.text)
            self._go_to_hit()

    @on(Prompt.Answered)
    def _on_prompt_answered(self, message: Prompt.Answered) -> None:
        self._end_prompt()
        if message.purpose != _SEARCH:
            self._host.answered(message.purpose, message.text)
        else:
            self._host.refresh_view()

    @on(Prompt.Left)
    def _on_prompt_left(self, message: Prompt.Left) -> None:
        self._end_prompt()
        if message.purpose != _SEARCH:
            self._host.given_up(message.purpose, message.text)
        else:
            self.search.clear()
            self._editor.cursor.go(self.search.origin)
        self._host.refresh_view()

    # The mouse

    @on(DocumentView.Pressed)
    def _on_pressed(self, message: DocumentView.Pressed) -> None:
        self.focus_text()
        if message.extend:
            start, end = self._editor.cursor.word
            self._editor.select(min(start, message.offset), max(end, message.offset + 1))
            self._host.refresh_view()
        else:
            self.go(message.offset)

    @on(DocumentView.Dragged)
    def _on_dragged(self, message: DocumentView.Dragged) -> None:
        self._editor.select(message.start, message.end)
        self._host.refresh_view(follow=False)

    @on(DocumentView.DoublePressed)
    def _on_double_pressed(self, message: DocumentView.DoublePressed) -> None:
        self._editor.navigation.go(message.offset)
        if (name := self._editor.addition()) is not None:
            self._editor.select(*name)
        self._host.refresh_view()
