"""The chooser: one of a few lines, by up and down and Enter."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical

from annotator.cells.fitting import cell_width, filled
from annotator.tui.keys.action import ROWS, Action
from annotator.tui.screens.dialogs.dialog import Dialog
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.line_list import LineList, Row

_WIDEST = 60
_FRAME_ROWS = 4


class Chooser(Dialog[int]):
    """Asks for one of `lines`, each with a word at its right end: dismissed with its index, or None."""

    AUTO_FOCUS = "LineList"
    DEFAULT_CSS = """
    Chooser {
        #lines { background: $surface; padding-left: 1; }
        #lines > .line-list--cursor { background: $block-cursor-background; }
        #lines:nocolor > .line-list--cursor { text-style: reverse; }
        #lines:ansi > .line-list--cursor { text-style: reverse; }
    }
    """

    def __init__(self, title: str, lines: Sequence[tuple[str, str]], *, cursor: int = 0) -> None:
        super().__init__(_KEYS)
        self._title_said = title
        self._choices = lines
        self._first = cursor

    def compose(self) -> ComposeResult:
        """A title, the lines, and the keys."""
        with Vertical(id="box"):
            yield Bar(id="title")
            yield LineList(self._draw_row, count=len(self._choices), cursor=self._first, id="lines")
            yield Bar(id="keys")

    @property
    def row_cursor(self) -> LineList:
        """What the keys for rows move."""
        return self._lines

    @property
    def _lines(self) -> LineList:
        return self.query_one(LineList)

    def on_mount(self) -> None:
        """Say what it is about."""
        self.query_one("#title", Bar).put([Piece(self._title_said, "strong")])
        self.query_one("#keys", Bar).put(
            [
                Piece("⏎", "key"),
                Piece(" choose  ", "muted"),
                Piece("esc", "key"),
                Piece(" leave  ", "muted"),
                Piece("↑ ↓", "key"),
            ]
        )

    def on_resize(self, event: events.Resize) -> None:
        """Fit into the terminal."""
        self.query_one("#box").styles.width = min(_WIDEST, event.size.width)
        self._lines.styles.height = max(1, min(len(self._choices), event.size.height - _FRAME_ROWS))

    def _draw_row(self, index: int, width: int, is_cursor: bool) -> Row:
        text, aside = self._choices[index]
        look = self._lines.look
        room = width - cell_width(aside) - 4
        return [
            ("▸ " if is_cursor else "  ", look("key")),
            (filled(text, max(0, room)), look("plain")),
            (f" {aside} ", look("muted")),
        ]

    @on(LineList.Chosen)
    def _on_chosen(self, message: LineList.Chosen) -> None:
        self.dismiss(message.index)

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        self._lines.choose()


_KEYS = (
    *(row for row in ROWS if row.name not in ("first", "last")),
    Action("choose", ("enter", "space"), "choose", "Choose the line.", bar=1, handler=Chooser.action_choose),
    Action("close", ("escape", "q"), "leave", "Leave all as it is.", bar=1, handler=Dialog.action_close),
)
