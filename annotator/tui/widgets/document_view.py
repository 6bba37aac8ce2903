"""The document on the screen: text that stays where it is, with the marks and the overlay drawn on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from annotator.editing.marks import Mark
from annotator.model.labels import LabelSet
from annotator.tui.layout.label_row import paint_labels
from annotator.tui.layout.lines import Lines, Mode
from annotator.tui.layout.overlay import Overlay, changed
from annotator.tui.layout.painter import MARGIN, SPARE, paint_text
from annotator.tui.layout.palette import Palette
from annotator.tui.layout.rows import Rows, is_unspaced
from annotator.tui.widgets.document_view_pointer import TextPointer
from annotator.tui.widgets.document_view_styles import COMPONENT_CLASSES, DEFAULT_CSS, resolve_palette

if TYPE_CHECKING:
    from annotator.tui.layout.motion import ColumnWalk

TEXT_WIDTH = 100
"""The widest text column, in cells: longer lines are hard to read."""
CONTEXT = 2
"""Rows kept visible around what is brought into view."""

_CACHED_STRIPS = 512
_NO_LABELS = LabelSet.from_names("none", ["NONE"])


class DocumentView(TextPointer, can_focus=True, inherit_bindings=False):
    """A text with marks and an overlay. It has no keys of its own and decides nothing: it shows and measures.

    All offsets are code points of the text shown. `on_fit` is called when the text was broken into rows for another size,
    before that is painted.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENT_CLASSES
    DEFAULT_CSS = DEFAULT_CSS

    @dataclass
    class Painted(Message):
        """`[start, end)` has come onto the screen: for the first time, or since `repaint` named a part of it."""

        start: int
        end: int

    def __init__(
        self,
        *,
        text_width: int = TEXT_WIDTH,
        mode: Mode = "compact",
        on_fit: Callable[[], None] | None = None,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.text = ""
        self._text_width = text_width
        self._preferred_mode: Mode = mode
        self._on_fit = on_fit
        self._chosen_mode: Mode | None = None
        self._mode: Mode = mode
        self._marks: Callable[[int, int], Sequence[Mark]] = lambda start, end: ()
        self._label_set = _NO_LABELS
        self._overlay = Overlay()
        self._rows = Rows("", width=text_width)
        self._lines = Lines(self._rows, mode)
        self._strips: LRUCache[int, Strip] = LRUCache(_CACHED_STRIPS)
        self._palette: Palette | None = None
        self._seen: set[int] = set()
        self._just_seen: set[int] = set()
        self._kept_top = (0.0, 0)
        self._kept_in_view: tuple[int, int] | None = None
        self._fitted: Size | None = None
        self._walk: ColumnWalk | None = None
        self._cursor_moves = 0

    # What is shown

    def show(
        self, text: str, *, marks: Callable[[int, int], Sequence[Mark]], label_set: LabelSet, top: int = 0
    ) -> None:
        """Show another text, its row at offset `top` first. `marks(start, end)` gives those that touch a range."""
        self.text = text
        self._marks = marks
        self._label_set = label_set
        self._palette = None
        self._overlay = Overlay()
        self._walk = None
        self._kept_in_view = None
        self._mode = self._chosen_mode or ("roomy" if is_unspaced(text) else self._preferred_mode)
        self._wrap()
        self.set_top(top)

    def set_overlay(self, overlay: Overlay) -> None:
        """Lay `overlay` over the text; only rows that look different are painted again."""
        old, self._overlay = self._overlay, overlay
        self._cursor_moves += old.cursor != overlay.cursor
        self._look_changed(changed(old, overlay))

    def repaint(self, ranges: Iterable[tuple[int, int]]) -> None:
        """The marks in `ranges` have changed: paint their rows again, and report them painted once more."""
        ranges = list(ranges)
        for start, end in ranges:
            self._seen.difference_update(self._rows.rows_of(start, end))
        self._look_changed(ranges)

    @property
    def overlay(self) -> Overlay:
        """What lies over the text now."""
        return self._overlay

    @property
    def palette(self) -> Palette:
        """The styles of the present theme, also for whatever else shows labels in their colours."""
        if self._palette is None:
            self._palette = resolve_palette(self, self._label_set)
        return self._palette

    @property
    def mode(self) -> Mode:
        """Whether names stand in chips before the marks, or in lines of their own."""
        return self._mode

    def toggle_mode(self, offset: int | None = None) -> None:
        """Go to the other mode; the row at `offset` stays at its height on the screen.

        Without an offset it is the cursor's row if that is on the screen, else the top one.
        """
        if offset is None:
            cursor = self._overlay.cursor
            offset = cursor[0] if cursor and self.is_visible(cursor[0], cursor[0]) else self.top_offset
        row = self._rows.row_at(offset)
        height = self._lines.line(row) - self.scroll_offset.y
        self._chosen_mode = self._mode = "compact" if self._mode == "roomy" else "roomy"
        self._lay_out()
        self._scroll(self._lines.line(row) - height)

    # Where things are

    @property
    def top_offset(self) -> int:
        """The first offset of the topmost row."""
        return self._rows.starts[self._lines.at(self._top_line)[0]]

    def set_top(self, offset: int) -> None:
        """Scroll so that the row at `offset` is the topmost one, or as near to it as the text's end allows."""
        self._scroll(self._lines.line(self._rows.row_at(offset)))
        self._kept_top = (self.scroll_y, offset)

    def visible_range(self, *, height: int | None = None) -> tuple[int, int]:
        """The offsets of the first character on the screen and behind the last one, in `height` rows if that is given."""
        rows = self.size.height if height is None else height
        last = min(self._top_line + max(rows, 1), self._lines.count) - 1
        return self.top_offset, self._rows.ends[self._lines.at(last)[0]]

    @property
    def is_longer_than_screen(self) -> bool:
        """True if the whole text is never on the screen at once."""
        return self._lines.count > self.size.height

    def is_visible(self, start: int, end: int) -> bool:
        """True if all rows of `[start, end)` are on the screen."""
        rows = self._rows.rows_of(start, end)
        top = self.scroll_offset.y
        return top <= self._lines.line(rows[0]) and self._lines.end(rows[-1]) <= top + self.size.height

    def touches_screen(self, start: int, end: int) -> bool:
        """True if a row of `[start, end)` is on the screen."""
        rows = self._rows.rows_of(start, end)
        top = self.scroll_offset.y
        return self._lines.end(rows[-1]) > top and self._lines.line(rows[0]) < top + self.size.height

    def keep_in_view(self, start: int, end: int) -> None:
        """Scroll if `[start, end)` is not all on the screen: just into view, or to its upper third from afar.

        It is kept in view when the size changes as well, and once there is one.
        """
        self._kept_in_view = (start, end)
        if not self.size or self.is_visible(start, end):
            return
        rows = self._rows.rows_of(start, end)
        first, last = self._lines.line(rows[0]), self._lines.end(rows[-1])
        top, height = self.scroll_offset.y, self.size.height
        context = min(CONTEXT * (2 if self._mode == "roomy" else 1), max(height - (last - first), 0) // 2)
        wanted = first - context if first < top or last - first > height else last + context - height
        if abs(wanted - top) > height and last - first < height // 3:
            wanted = first - height // 3
        self._scroll(wanted)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._lines.count

    def move(self, rows: int) -> None:
        """Scroll by so many lines."""
        self._scroll(self._top_line + rows)

    def move_to(self, row: int) -> None:
        """Scroll to a line."""
        self._scroll(row)

    def page(self, pages: int) -> tuple[int, int]:
        """Scroll by that many screens, two rows of each staying, and return the new visible range."""
        step = max(self.size.height - CONTEXT, 1)
        self._scroll(self._top_line + pages * step)
        return self.visible_range()

    def move_rows(self, offset: int, rows: int) -> int:
        """The offset that many rows with text below `offset` (above, if negative), in the same column.

        The column is that of the first of several such moves in a row: short rows on the way do not change it.
        """
        from annotator.tui.layout.motion import by_rows

        navigation = self._walk if self._cursor_moves <= 1 else None
        moved = by_rows(self._rows, offset, rows, navigation=navigation)
        self._walk = moved if moved.offset != offset else None
        self._cursor_moves = 0
        return moved.offset

    def beside(self, start: int, end: int, *, right: bool) -> int | None:
        """The nearest character that is no blank, visually right or left of `[start, end)`; None at the text's edge."""
        from annotator.tui.layout.motion import beside

        return beside(self._rows, start, end, right=right)

    def grapheme_at(self, x: int, y: int) -> tuple[int, int]:
        """The range of the grapheme drawn at or nearest to a cell of the view; empty where a row ends."""
        line = min(max(y + self._top_line, 0), self._lines.count - 1)
        row = self._lines.at(line)[0]
        start = self._rows.offset(row, x - MARGIN)
        cells = self._rows.cells(row)
        if start >= cells.end:
            return start, start
        cell = cells.cell(start)
        end = start + 1
        while end < cells.end and cells.cell(end) == cell:
            end += 1
        return start, end

    # Painting

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        if line >= self._lines.count:
            return Strip.blank(self.size.width, self.palette.text)
        row, is_names = self._lines.at(line)
        if not is_names and row not in self._seen:
            self._note_seen(row)
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = self._paint(row, is_names=is_names)
        return strip

    def _paint(self, row: int, *, is_names: bool) -> Strip:
        cells = self._rows.cells(row)
        marks = self._marks(cells.start, cells.end) if cells.start < cells.end else ()
        width = self.size.width
        if is_names:
            return paint_labels(cells, marks, self._overlay, self.palette, width=width)
        has_chips = self._mode == "compact"
        return paint_text(cells, marks, self._overlay, self.palette, width=width, has_chips=has_chips)

    def _note_seen(self, row: int) -> None:
        if not self._just_seen:
            self.call_later(self._report_seen)
        self._seen.add(row)
        self._just_seen.add(row)

    def _report_seen(self) -> None:
        """Post what was painted in one frame, neighbouring rows as one range."""
        rows = sorted(row for row in self._just_seen if row < len(self._rows))
        self._just_seen.clear()
        first = 0
        for index, row in enumerate(rows):
            if index + 1 == len(rows) or rows[index + 1] != row + 1:
                self.post_message(self.Painted(self._rows.starts[rows[first]], self._rows.ends[row]))
                first = index + 1

    def _look_changed(self, ranges: Iterable[tuple[int, int]]) -> None:
        rows: set[int] = set()
        for start, end in ranges:
            touched = self._rows.rows_of(start, end)
            if len(touched) > _CACHED_STRIPS:
                self._strips.clear()
                self.refresh(self.size.region)
                return
            rows.update(touched)
        top, height = self.scroll_offset.y, self.size.height
        regions = []
        for row in rows:
            first, end = self._lines.line(row), self._lines.end(row)
            for line in range(first, end):
                self._strips.discard(line)
            if first < top + height and end > top:
                regions.append(Region(0, first - top, self.size.width, end - first))
        if regions:
            self.refresh(*regions)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Nothing looks different: working out all styles anew at the first focus would delay the text."""

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._palette = None
        self._strips.clear()

    # Wrapping and scrolling

    @property
    def _top_line(self) -> int:
        return min(self.scroll_offset.y, max(self._lines.count - 1, 0))

    def _wrap(self) -> None:
        column = (
            min(self._text_width, self.size.width - MARGIN - SPARE) if self.size.width else self._text_width
        )
        self._rows = Rows(self.text, width=column)
        self._seen.clear()
        self._just_seen.clear()
        self._lay_out()

    def _lay_out(self) -> None:
        self._lines = Lines(self._rows, self._mode)
        self._strips.clear()
        self.virtual_size = Size(self.size.width, self._lines.count)
        self.refresh()

    def _scroll(self, line: int) -> None:
        self.scroll_to(y=line, animate=False)

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        """Fit the text to its new place before that is painted: the message `Resize` comes a frame later."""
        is_updated = super()._size_updated(size, virtual_size, container_size, layout)
        if self.size != self._fitted:
            self._fitted = self.size
            self._fit()
        return is_updated

    def _fit(self) -> None:
        scrolled_to, top = self._kept_top
        # The row that holds `top` may begin before it: going by its own start would creep upwards with each resize.
        if self.scroll_y != scrolled_to:
            top = self.top_offset
        self._wrap()
        self.set_top(top)
        if self._kept_in_view is not None:
            self.keep_in_view(*self._kept_in_view)
        if self._on_fit is not None:
            self._on_fit()
