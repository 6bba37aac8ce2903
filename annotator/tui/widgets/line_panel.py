"""A panel: a few lines of pieces, redrawn when they change, some of which can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from annotator.cells.fitting import cell_width, fitted, left_to_right
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.looks import screen_look


class LinePanel(Widget):
    """Lines from the top; what does not fit is cut. A click on a piece with an action posts `Bar.Clicked`."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    LinePanel { background: $panel; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[tuple[Piece, ...], ...] = ()
        self._styles: dict[str, Style] = {}

    def put(self, lines: Sequence[Sequence[Piece]]) -> None:
        """Show these lines."""
        if (new := tuple(map(tuple, lines))) != self._lines:
            self._lines = new
            self.refresh()

    @property
    def shown(self) -> str:
        """What the panel says, as plain text."""
        return "\n".join("".join(piece.text for piece in line).rstrip() for line in self._lines)

    def notify_style_update(self) -> None:
        """Look the styles up again in a new theme."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """One line."""
        width = self.size.width
        segments = []
        used = 0
        for piece in self._lines[y] if y < len(self._lines) else ():
            text = fitted(piece.text, width - used)
            segments.append(Segment(left_to_right(text), self._style(piece.style)))
            used += cell_width(text)
        segments.append(Segment(" " * (width - used), self._style("plain")))
        return Strip(segments, width)

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.rich_style + screen_look(self, name)
        return self._styles[name]

    def on_click(self, event: events.Click) -> None:
        """Do what the piece under the mouse is for."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= len(self._lines):
            return
        column = 0
        for piece in self._lines[offset.y]:
            column += cell_width(piece.text)
            if offset.x < column:
                if piece.action:
                    self.post_message(Bar.Clicked(piece.action))
                return
