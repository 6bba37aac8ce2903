"""What all dialogs have in common: they swallow every key, Esc closes them, and long ones scroll."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

from textual import events
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from annotator.tui.keys.action import (
    Action,
    first_row,
    last_row,
    page_down,
    page_up,
    row_down,
    row_up,
)
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen, Result
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.dialogs.entries import Line
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.looks import content

_FRAME_CELLS = 5
"""Beside the text: the border, a blank on either side, and the scrollbar."""
_FRAME_ROWS = 6
"""Above and below it: the border, the title, the keys, and a blank row each."""


class Dialog(KeyedScreen[Result | None], ModalScreen[Result | None], Generic[Result]):
    """A dialog with fixed keys of its own; Esc closes it with None."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 50%;
        &:ansi { background: transparent; }
        #box {
            width: auto;
            height: auto;
            max-width: 100%;
            max-height: 100%;
            border: round $border;
            background: $surface;
        }
        #box Bar { background: $surface; }
    }
    """

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__(Keymap(actions))
        self._is_answered = False

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Answer once: a second key may be on its way before the dialog is gone, and would close what lies below."""
        if self._is_answered:
            return AwaitComplete()
        self._is_answered = True
        return super().dismiss(result)

    def action_close(self) -> None:
        """Close it without an answer."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click beside the dialog closes it."""
        if event.widget is self:
            self.action_close()


class ScrollingText(VerticalScroll, can_focus=False):
    """Text that may be longer than there is room for; its topmost row is what the keys for rows move."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.virtual_size.height

    def move(self, rows: int) -> None:
        """Scroll by so many lines."""
        self.scroll_relative(y=rows, animate=False)

    def page(self, pages: int) -> None:
        """Scroll by so many screens."""
        self.scroll_relative(y=pages * self.scrollable_content_region.height, animate=False)

    def move_to(self, row: int) -> None:
        """Scroll to a line."""
        self.scroll_to(y=row, animate=False)


SCROLLING: tuple[Action, ...] = (
    Action("up", ("up", "k"), "up", "Scroll a line up.", handler=row_up),
    Action("down", ("down", "j"), "down", "Scroll a line down.", handler=row_down),
    Action("page_up", ("pageup",), "page up", "Scroll a page up.", handler=page_up),
    Action("page_down", ("pagedown", "space"), "page down", "Scroll a page down.", handler=page_down),
    Action("first", ("home",), "top", "Scroll to the top.", handler=first_row),
    Action("last", ("end",), "end", "Scroll to the end.", handler=last_row),
)
"""The keys of a dialog that may be longer than the terminal is high."""


class TextDialog(Dialog[Result], Generic[Result]):
    """A title with a word aside, text that scrolls, and the keys; `widest` is the most cells it takes across.

    A subclass gives the text by `lines`.
    """

    DEFAULT_CSS = """
    TextDialog {
        #body { height: auto; padding: 1 0 1 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
        #text { width: 1fr; }
    }
    """

    def __init__(self, title: str, actions: Sequence[Action], *, widest: int, aside: str = "") -> None:
        super().__init__((*actions, *SCROLLING))
        self._heading = title
        self._widest = widest
        self._aside = aside

    def lines(self, width: int) -> list[Line]:
        """The text in `width` cells."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box"):
            yield Bar(id="title")
            with ScrollingText(id="body"):
                yield Static(id="text", markup=False)
            yield Bar(id="keys")

    def on_mount(self) -> None:
        """Say what it is about."""
        self.query_one("#title", Bar).put([Piece(self._heading, "strong")], [Piece(self._aside, "muted")])

    def on_resize(self, event: events.Resize) -> None:
        """Break the lines for this terminal."""
        width = min(self._widest, event.size.width)
        lines = self.lines(max(1, width - _FRAME_CELLS))
        rows = max(1, min(len(lines), event.size.height - _FRAME_ROWS))
        self.query_one("#box").styles.width = width
        self.query_one("#body").styles.height = rows + 2
        self.query_one("#text", Static).update(content(lines))
        scrolls = [Piece("  "), Piece("↑ ↓", "key"), Piece(" scroll", "muted")] if rows < len(lines) else []
        self.query_one("#keys", Bar).put([*footer(self.keymap), *scrolls])

    @property
    def row_cursor(self) -> ScrollingText:
        """What the keys for rows move."""
        return self.query_one(ScrollingText)
