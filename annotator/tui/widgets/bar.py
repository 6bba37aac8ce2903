"""A bar: one row of short pieces of text, some of which can be clicked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotator.cells.fitting import cell_width, fitted, left_to_right
from annotator.tui.widgets.looks import screen_look


class Piece(NamedTuple):
    """Some text in one look: a name of `LOOKS`. `action` is what a click on it does."""

    text: str
    style: str = "plain"
    action: str = ""


GAP = Piece("  ")

SENT_BACK = "↺"
"""The sign of a document that a lead sent back."""


def spaced(pieces: Iterable[Piece], gap: Piece = GAP) -> list[Piece]:
    """The pieces with a gap between each two."""
    found: list[Piece] = []
    for piece in pieces:
        if found:
            found.append(gap)
        found.append(piece)
    return found


def pieces_width(pieces: Iterable[Piece]) -> int:
    """How many cells the pieces take."""
    return sum(cell_width(piece.text) for piece in pieces)


class Bar(Widget):
    """Pieces from the left and pieces from the right; what does not fit is cut from the left ones.

    It repaints only when a piece has changed.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Bar {
        height: 1;
        width: 1fr;
        padding: 0 1;
    }
    """

    @dataclass
    class Clicked(Message):
        """A piece with an action was clicked."""

        action: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left: tuple[Piece, ...] = ()
        self._right: tuple[Piece, ...] = ()
        self._styles: dict[str, Style] = {}
        self._places: list[tuple[int, int, str]] = []

    def put(self, left: Sequence[Piece], right: Sequence[Piece] = ()) -> None:
        """Show these pieces."""
        if (tuple(left), tuple(right)) != (self._left, self._right):
            self._left, self._right = tuple(left), tuple(right)
            self.refresh()

    @property
    def shown(self) -> str:
        """What the bar says, as plain text."""
        left, right = ("".join(piece.text for piece in side) for side in (self._left, self._right))
        return f"{left}  {right}".rstrip()

    def notify_style_update(self) -> None:
        """Look the styles up again in a new theme."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """The one row."""
        width = self.size.width
        right_width = min(width, pieces_width(self._right))
        segments: list[Segment] = []
        self._places = []
        used = self._draw(self._left, 0, width - right_width - (1 if right_width else 0), segments)
        gap = width - right_width - used
        segments.append(Segment(" " * gap, self._style("plain")))
        used = self._draw(self._right, used + gap, width, segments)
        return Strip(segments, used)

    def _draw(self, pieces: Sequence[Piece], start: int, end: int, segments: list[Segment]) -> int:
        column = start
        for piece in pieces:
            if column >= end:
                break
            text = fitted(piece.text, end - column)
            segments.append(Segment(left_to_right(text), self._style(piece.style)))
            after = column + cell_width(text)
            if piece.action:
                self._places.append((column, after, piece.action))
            column = after
            if text != piece.text and text.endswith("…"):
                break
        return column

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.rich_style + screen_look(self, name)
        return self._styles[name]

    def on_click(self, event: events.Click) -> None:
        """Do what the piece under the mouse is for."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for start, end, action in self._places:
            if start <= offset.x < end:
                self.post_message(self.Clicked(action))
