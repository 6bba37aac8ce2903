"""The side table: all spans by label and text, following the cursor, to jump from."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.cells.fitting import cell_width, filled, left_to_right
from annotator.editing.overview import Overview, Row
from annotator.model.labels import LabelSet
from annotator.tui.widgets.looks import screen_look


class SpanTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of an overview: how often a label stands on a text, and whether all of these are decided.

    The row of the focus is marked. With the keyboard on the table, one row is pointed at, and one of its mentions in
    the text is chosen. It has no keys of its own: the screen's actions lead here.
    """

    COMPONENT_CLASSES = {"spans--cursor", "spans--here"}
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    SpanTable {
        width: 32;
        padding: 1 1 0 1;
        background: $panel;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .spans--here { background: $block-cursor-blurred-background; text-style: bold; }
        & > .spans--cursor { background: $block-cursor-background; text-style: bold; }
        &:nocolor > .spans--cursor { text-style: reverse; }
        &:nocolor > .spans--here { text-style: underline; }
    }
    """

    @dataclass
    class Clicked(Message):
        """A mention in the text was chosen with the mouse."""

        offset: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._overview: Overview | None = None
        self._label_set: LabelSet | None = None
        self._here: int | None = None
        self._cursor = 0
        self._turn = 0
        self._styles: dict[str, Style] = {}

    def show(self, overview: Overview, label_set: LabelSet) -> None:
        """Show this overview from its top."""
        self._overview, self._label_set = overview, label_set
        self._here = None
        self._cursor = 0
        self.scroll_to(y=0, animate=False)
        self.changed()

    def changed(self) -> None:
        """The overview has changed."""
        rows = len(self._overview) if self._overview is not None else 0
        self.virtual_size = Size(0, rows)
        self.refresh()

    def follow(self, label: str, text: str) -> None:
        """Mark the row of what is in focus, and keep it in view."""
        if self._overview is None or self.has_focus or not self.display:
            return
        row = self._overview.index_of(label, text)
        if row != self._here:
            self._here = row
            if row is not None:
                self._keep_in_view(row)
            self.refresh()

    def _keep_in_view(self, row: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if not top <= row < top + height:
            self.scroll_to(y=max(0, row - height // 2), animate=False)

    # What the screen's actions on it do; each returns the offset of the mention that is pointed at then

    def begin(self) -> int | None:
        """Begin at the row of what was in focus; the offset of its first mention, None in an empty table."""
        self._cursor = self._here or 0
        self._turn = 0
        return self._move(0 if self._row(self._cursor).group else 1)

    def on_blur(self) -> None:
        """Show no cursor."""
        self.refresh()

    def row_up(self) -> int | None:
        """Go a row up."""
        return self._move(-1)

    def row_down(self) -> int | None:
        """Go a row down."""
        return self._move(1)

    def page_up(self) -> int | None:
        """Go a page up."""
        return self._move(-self.size.height)

    def page_down(self) -> int | None:
        """Go a page down."""
        return self._move(self.size.height)

    def first_row(self) -> int | None:
        """Go to the first row."""
        return self._move(-self._cursor)

    def last_row(self) -> int | None:
        """Go to the last row."""
        return self._move(self.virtual_size.height)

    def next_mention(self) -> int | None:
        """Go to the next mention of the row in the text."""
        return self._turn_by(1)

    def previous_mention(self) -> int | None:
        """Go to the mention of the row before."""
        return self._turn_by(-1)

    @property
    def mention(self) -> int | None:
        """The offset of the mention that is pointed at; None in an empty table."""
        group = self._row(self._cursor).group
        return group.starts[self._turn] if group is not None else None

    def _row(self, index: int) -> Row:
        if self._overview is None or not 0 <= index < len(self._overview):
            return Row("")
        return self._overview.row(index)

    def _move(self, count: int) -> int | None:
        last = self.virtual_size.height - 1
        row = max(0, min(self._cursor + count, last))
        if self._row(row).group is None and row <= last:
            row = row + 1 if count >= 0 or row == 0 else row - 1
        self._cursor = max(0, min(row, last))
        self._turn = 0
        self._keep_in_view(self._cursor)
        self.refresh()
        return self.mention

    def _turn_by(self, count: int) -> int | None:
        group = self._row(self._cursor).group
        if group is not None:
            self._turn = (self._turn + count) % len(group.starts)
        return self.mention

    def on_click(self, event: events.Click) -> None:
        """Jump from the row under the mouse; again for its next place."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y + self.scroll_offset.y
        if self._row(row).group is not None:
            if row == self._cursor:
                self._turn_by(1)
            else:
                self._cursor, self._turn = row, 0
            if (mention := self.mention) is not None:
                self.post_message(self.Clicked(mention))

    # Drawing

    def notify_style_update(self) -> None:
        """Look the styles up again in a new theme."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, look: str, over: str = "") -> Style:
        key = f"{look} {over}"
        if key not in self._styles:
            style = self.rich_style + screen_look(self, look)
            if over:
                style += self.get_component_rich_style(f"spans--{over}", partial=True)
            self._styles[key] = style
        return self._styles[key]

    def render_line(self, y: int) -> Strip:
        """One row."""
        index, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        row = self._row(index)
        if not row.label or self._label_set is None:
            return Strip.blank(width, self._style("plain"))
        if row.group is None:
            label = self._label_set.by_name.get(row.label)
            style = self._style(label.colour if label else "plain") + Style(bold=True)
            return Strip([Segment(filled(row.label, width), style)], width)
        group = row.group
        places = len(group.starts)
        count = str(places) if group.decided == places else f"{group.decided}/{places}"
        doubt = "? " if group.doubtful else ""
        room = width - 2 - cell_width(count) - len(doubt) - 1
        look = "plain" if group.decided == places else "muted"
        is_cursor = self.has_focus and index == self._cursor
        over = "cursor" if is_cursor else "here" if index == self._here else ""
        segments = [
            Segment(f"  {left_to_right(filled(group.text, max(0, room)))} ", self._style(look, over)),
            Segment(doubt, self._style("warn", over)),
            Segment(count, self._style("muted", over)),
        ]
        return Strip(segments).adjust_cell_length(width)
