"""A list of one-line rows that draws only those on screen, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.cells.fitting import cell_width, drawable, fitted, left_to_right
from annotator.model.labels import COLOURS
from annotator.tui.widgets.looks import LOOK_CLASSES, LOOK_CSS, screen_look

Row = Sequence[tuple[str, Style]]
"""A row as runs of text, from left to right. Texts are drawn as they are, control characters as glyphs."""

RowDrawer = Callable[[int, int, bool], Row]
"""Draws the row at an index, in a number of cells, being the cursor's or not."""

_CONTEXT = 1
"""How many rows stay in sight above and below the cursor."""


class LineList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows with a cursor on one of them. It has no keys of its own: a screen calls its methods.

    `draw_row(index, width, is_cursor)` gives a row when it is to be seen, and must be cheap and pure. Styles may
    come from `look`. What it says of a ground is not used, since the ground tells where the cursor is.
    """

    COMPONENT_CLASSES = {"line-list--row", "line-list--cursor", *LOOK_CLASSES}
    ALLOW_SELECT = False
    DEFAULT_CSS = (
        """
LineList {
    width: 1fr;
    height: 1fr;
    overflow-x: hidden;
    overflow-y: auto;
    scrollbar-size-vertical: 1;
    scrollbar-gutter: stable;
    background: $background;
    & > .line-list--row { color: $foreground; }
    & > .line-list--cursor { background: $block-cursor-blurred-background; color: $foreground; }
    &:focus > .line-list--cursor { background: $block-cursor-background; }
    &:nocolor > .line-list--cursor { text-style: underline; }
    &:nocolor:focus > .line-list--cursor { text-style: reverse; }
    &:ansi > .line-list--cursor { text-style: underline; }
    &:ansi:focus > .line-list--cursor { text-style: reverse; }
"""
        + LOOK_CSS
        + "}"
    )

    @dataclass
    class Highlighted(Message):
        """The cursor went to another row."""

        line_list: LineList
        index: int

        @property
        def control(self) -> LineList:
            """The list that the cursor is in."""
            return self.line_list

        def can_replace(self, message: Message) -> bool:
            """True for an earlier one of the same list: only where the cursor ended up matters."""
            return isinstance(message, LineList.Highlighted) and message.line_list is self.line_list

    @dataclass
    class Chosen(Message):
        """A row was clicked twice, or `choose` was called."""

        line_list: LineList
        index: int

        @property
        def control(self) -> LineList:
            """The list that the row is in."""
            return self.line_list

    def __init__(
        self, draw_row: RowDrawer, *, count: int = 0, cursor: int = 0, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._draw_row = draw_row
        self._count = 0
        self._cursor = 0
        self._is_placed = False
        self.show(count, cursor)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    @property
    def cursor(self) -> int:
        """The row the cursor is on; 0 in an empty list."""
        return self._cursor

    def look(self, name: str) -> Style:
        """The style of one of LOOKS, in the theme as it is."""
        if name in COLOURS:
            return self.rich_style + screen_look(self, name)
        return self.get_component_rich_style(f"look--{name}")

    def show(self, count: int, cursor: int = 0) -> None:
        """Show `count` rows anew, with the cursor on one of them."""
        self._count = count
        self._cursor = self._within(cursor)
        self.virtual_size = Size(1, count)
        self._reveal()
        self.refresh()

    def redraw(self, indices: Iterable[int]) -> None:
        """Draw these rows again, because what they say has changed."""
        for index in indices:
            self.refresh_line(index)

    def move(self, rows: int) -> None:
        """Move the cursor `rows` down, or up if negative, as far as there are rows."""
        self.move_to(self._cursor + rows)

    def page(self, pages: int) -> None:
        """Move the cursor by what the list shows at once, less a row to hold on to."""
        self.move(pages * max(1, self.size.height - 1))

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, the nearest there is, and bring it into sight."""
        old, self._cursor = self._cursor, self._within(index)
        self._reveal()
        if self._cursor != old:
            self.redraw((old, self._cursor))
            self.post_message(self.Highlighted(self, self._cursor))

    def choose(self) -> None:
        """Say that the cursor's row is the one, if there is any."""
        if self._count:
            self.post_message(self.Chosen(self, self._cursor))

    def render_line(self, y: int) -> Strip:
        """The row on screen line `y`."""
        index = y + self.scroll_offset.y
        width = self.scrollable_size.width
        is_cursor = index == self._cursor
        base = self.get_component_rich_style("line-list--cursor" if is_cursor else "line-list--row")
        if index >= self._count or width <= 0:
            return Strip.blank(width, self.get_component_rich_style("line-list--row"))
        ground = Style(bgcolor=base.bgcolor)
        segments: list[Segment] = []
        column = 0
        for text, style in self._draw_row(index, width, is_cursor):
            shown = drawable(text)
            cells = cell_width(shown)
            if column + cells > width:
                shown = fitted(shown, width - column)
                cells = cell_width(shown)
            segments.append(
                Segment(
                    left_to_right(shown), base + (style.without_color if base.reverse else style + ground)
                )
            )
            column += cells
        segments.append(Segment(" " * (width - column), base))
        return Strip(segments, width)

    def on_resize(self) -> None:
        """Keep the cursor in sight; when first laid out, in the middle."""
        if not self._is_placed and self.size.height:
            self._is_placed = True
            self._scroll(self._cursor - self.size.height // 2)
        self._reveal()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row; twice chooses it."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = offset.y + self.scroll_offset.y
        if index < self._count:
            self.move_to(index)
            if event.chain == 2:
                self.choose()

    def _within(self, index: int) -> int:
        return max(0, min(index, self._count - 1))

    def _reveal(self) -> None:
        height = self.size.height
        if height <= 0:
            return
        context = min(_CONTEXT, (height - 1) // 2)
        top = self.scroll_offset.y
        if self._cursor < top + context:
            self._scroll(self._cursor - context)
        elif self._cursor > top + height - 1 - context:
            self._scroll(self._cursor - height + 1 + context)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=max(0, top), animate=False, force=True)
