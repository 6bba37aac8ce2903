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

from annotator.tui.keys.action import Action
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


SCROLLING: tuple[Action, ...] = (
    Action("up", ("up", "k"), "up", "Scroll a line up."),
    Action("down", ("down", "j"), "down", "Scroll a line down."),
    Action("page_up", ("pageup",), "page up", "Scroll a page up."),
    Action("page_down", ("pagedown", "space"), "page down", "Scroll a page down."),
    Action("first", ("home",), "top", "Scroll to the top."),
    Action("last", ("end",), "end", "Scroll to the end."),
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
            with VerticalScroll(id="body", can_focus=False):
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
    def _body(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def action_up(self) -> None:
        """Scroll a line up."""
        self._body.scroll_up(animate=False)

    def action_down(self) -> None:
        """Scroll a line down."""
        self._body.scroll_down(animate=False)

    def action_page_up(self) -> None:
        """Scroll a page up."""
        self._body.scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self._body.scroll_page_down(animate=False)

    def action_first(self) -> None:
        """Scroll to the top."""
        self._body.scroll_home(animate=False)

    def action_last(self) -> None:
        """Scroll to the end."""
        self._body.scroll_end(animate=False)
