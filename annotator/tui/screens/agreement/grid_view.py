"""A grid of figures with a cursor on one cell; strong figures have a strong ground."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from annotator.cells.fitting import filled, left_to_right
from annotator.tui.screens.agreement.rows import GridLayout
from annotator.workspace.agreement.grids import EMPTY, Cell, Grid, Tone

BEFORE, BEHIND, ABOVE, BELOW = "‹›↑↓"
"""Where there is more of the grid."""

_STRONGEST = 0.42
"""How much of its hue the strongest ground has: text stays legible on it, in the dark theme and in the light one."""
_NO_GRID = Grid("", "", "", ("",), ())


class GridView(Widget, can_focus=True, inherit_bindings=False):
    """Headings and names stay in sight; the rest moves with the cursor. It has no keys of its own."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {
        *("grid--text", "grid--name", "grid--cursor", "grid--cursor-name"),
        *("grid--agreement", "grid--trouble"),
    }
    DEFAULT_CSS = """
    GridView {
        width: 1fr;
        height: 1fr;
        background: $background;
        & > .grid--text { color: $foreground; }
        & > .grid--name { color: $text-muted; }
        & > .grid--cursor { color: $foreground; text-style: bold reverse; }
        & > .grid--cursor-name { color: $text-accent; text-style: bold; }
        & > .grid--agreement { color: $hue-blue; }
        & > .grid--trouble { color: $hue-orange; }
        &:nocolor > .grid--cursor-name { text-style: bold underline; }
    }
    """

    @dataclass
    class Moved(Message):
        """The cursor went to another cell."""

        def can_replace(self, message: Message) -> bool:
            """Only where the cursor ended up matters."""
            return isinstance(message, GridView.Moved)

    @dataclass
    class Chosen(Message):
        """A cell was clicked twice."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.grid = _NO_GRID
        self.row = 0
        self.column = 0
        self._laid_out: GridLayout | None = None
        self._top = 0
        self._first = 0
        self._grounds: dict[tuple[Tone, int], Style] = {}

    @property
    def _layout_of(self) -> GridLayout:
        if self._laid_out is None:
            self._laid_out = GridLayout(self.grid, self.size.width)
        return self._laid_out

    @property
    def cell(self) -> Cell | None:
        """What the cursor is on; None in a grid without rows."""
        return self.grid.rows[self.row][1][self.column] if self.grid.rows else None

    def show(self, grid: Grid, row: int = 0, column: int = 0) -> None:
        """Show a grid, the cursor on a cell or the nearest there is."""
        self.grid = grid
        self._laid_out = None
        self._top = self._first = 0
        self.row = self.column = 0
        self.go(row, column)
        self.refresh(layout=True)

    def go(self, row: int, column: int) -> None:
        """Put the cursor on a cell, or the nearest there is, and bring it into sight."""
        before = self.row, self.column
        self.row = max(0, min(row, len(self.grid.rows) - 1))
        self.column = max(0, min(column, len(self.grid.headings) - 1))
        self._reveal()
        if (self.row, self.column) != before:
            self.refresh()
            self.post_message(self.Moved())

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.grid.rows)

    def move(self, rows: int) -> None:
        """Move the cursor by so many rows, in its column."""
        self.go(self.row + rows, self.column)

    def move_to(self, row: int) -> None:
        """Put the cursor on a row, in its column."""
        self.go(row, self.column)

    def page(self, pages: int) -> None:
        """Move the cursor by what is shown at once, less a row to hold on to."""
        self.go(self.row + pages * max(1, self.size.height - 2), self.column)

    def render_line(self, y: int) -> Strip:
        """Headings in the first line, below it the rows."""
        width, text = self.size.width, self._style("text")
        row = y - 1 + self._top
        segments = self._headings() if y == 0 else self._row(row) if row < len(self.grid.rows) else []
        strip = Strip(segments).adjust_cell_length(width - 1, text)
        return Strip([*strip, Segment(self._beyond(y), self._style("name"))])

    def _headings(self) -> list[Segment]:
        layout, name = self._layout_of, self._style("name")
        segments = [Segment(filled(self.grid.corner, layout.name_cells), name)]
        segments.append(Segment(BEFORE if self._first else " ", name))
        for column in layout.shown(self._first):
            style = self._style("cursor-name") if column == self.column and self.grid.rows else name
            segments.append(Segment(layout.right(layout.headings[column], column), style))
        return segments

    def _row(self, row: int) -> list[Segment]:
        layout, text = self._layout_of, self._style("text")
        style = self._style("cursor-name") if row == self.row else text
        segments = [Segment(left_to_right(filled(layout.names[row], layout.name_cells)), style)]
        segments.append(Segment(" ", text))
        segments += [self._cell(row, column) for column in layout.shown(self._first)]
        return segments

    def _cell(self, row: int, column: int) -> Segment:
        cell = self.grid.rows[row][1][column]
        if (row, column) == (self.row, self.column):
            style = self._style("cursor")
        elif cell.text == EMPTY:
            style = self._style("name")
        else:
            style = self._style("text") if cell.heat is None else self._ground(cell.tone, cell.heat)
        return Segment(self._layout_of.right(cell.text, column), style)

    def _beyond(self, y: int) -> str:
        """What the last cell of a line says: that there is more to the right, above or below."""
        height = self.size.height
        if y == 0:
            return BEHIND if self._layout_of.shown(self._first).stop < len(self.grid.headings) else " "
        if y == 1 and self._top:
            return ABOVE
        return BELOW if y == height - 1 and self._top + height - 1 < len(self.grid.rows) else " "

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"grid--{name}")

    def _ground(self, tone: Tone, heat: float) -> Style:
        """Text on as much of the tone's hue as the figure is strong, in percent; none where colours do not mix."""
        key = tone, round(heat * 100)
        if key not in self._grounds:
            page = self.background_colors[1]
            hue = self.get_component_styles(f"grid--{tone.value}").color
            style = self._style("text")
            if page.ansi is None and hue.ansi is None and not self.app.no_color:
                style += Style(bgcolor=page.blend(hue, heat * _STRONGEST).rich_color)
            self._grounds[key] = style
        return self._grounds[key]

    def notify_style_update(self) -> None:
        """Mix the grounds again in a new theme."""
        super().notify_style_update()
        self._grounds.clear()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there are rows, and one for the headings."""
        return len(self.grid.rows) + 1

    def on_resize(self) -> None:
        """Lay out anew, and keep the cursor in sight."""
        self._laid_out = None
        self._reveal()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the cell; twice chooses it."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is None or offset.y == 0 or not self.grid.rows:
            return
        layout = self._layout_of
        left = layout.name_cells + 1
        for column in layout.shown(self._first):
            if left <= offset.x < left + layout.widths[column]:
                self.go(offset.y - 1 + self._top, column)
                if event.chain == 2:
                    self.post_message(self.Chosen())
            left += layout.widths[column]

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go down."""
        event.stop()
        self.go(self.row + 1, self.column)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go up."""
        event.stop()
        self.go(self.row - 1, self.column)

    def _reveal(self) -> None:
        height, width = self.size.height - 1, self.size.width
        if height > 0:
            self._top = max(min(self._top, self.row), self.row - height + 1)
        if width > 0:
            self._first = self._layout_of.first_showing(self.column, self._first)
