"""One row of text as cells: which cells a range of characters takes, and which character stands at a cell.

Cells are counted from the text column's left edge. A row that is flush right begins further in; the blank that a
row may end with stands one cell outside the column.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Protocol

from annotator.cells.directions import mirrored, visual_order
from annotator.cells.widths import Cluster


class RowCells(Protocol):
    """What the painter and the cursor ask of a row, however it is written."""

    start: int
    """Offset of the first character."""
    end: int
    """Offset behind the last character that has a cell on this row."""
    left: int
    """The leftmost cell in use."""
    right: int
    """The cell right of the rightmost one in use."""
    is_rightward: bool
    """False if the paragraph's direction is right to left."""

    def cell(self, offset: int) -> int:
        """The leftmost cell of the grapheme at `offset`; at `end`, the cell where the text would go on."""

    def offset(self, cell: int) -> int:
        """The offset of the grapheme at `cell`; beside the text, that of the end on that side."""

    def extents(self, start: int, end: int) -> list[tuple[int, int]]:
        """The half-open cell ranges, from left to right, of whole graphemes touched by `[start, end)`."""

    def lead(self, offset: int) -> int | None:
        """The cell before the grapheme at `offset` in reading direction, if it is blank or beside the text."""

    def text(self, left: int, right: int) -> str:
        """What is drawn in cells `[left, right)`, which begin and end between graphemes and lie in the row."""


class PlainCells:
    """A row in which each character is one grapheme in one cell, from left to right."""

    __slots__ = ("_text", "end", "is_rightward", "left", "right", "start")

    def __init__(self, start: int, text: str) -> None:
        self.start = start
        self.end = start + len(text)
        self.left = 0
        self.right = len(text)
        self.is_rightward = True
        self._text = text

    def cell(self, offset: int) -> int:
        return min(max(offset, self.start), self.end) - self.start

    def offset(self, cell: int) -> int:
        return self.start + min(max(cell, 0), self.right)

    def extents(self, start: int, end: int) -> list[tuple[int, int]]:
        left = max(start, self.start) - self.start
        right = min(end, self.end) - self.start
        return [(left, right)] if left < right else []

    def lead(self, offset: int) -> int | None:
        cell = offset - self.start - 1
        return cell if cell < 0 or self._text[cell] in " \xa0" else None

    def text(self, left: int, right: int) -> str:
        return self._text[left:right]


class ClusterCells:
    """A row of any graphemes, in one or both directions.

    `clusters` are in reading order with offsets in the whole text. `levels` are their bidirectional levels, empty
    where all run rightwards. `column` is the text column's width in cells, for rows that are flush right.
    """

    __slots__ = (
        "_drawn",
        "_edges",
        "_lefts",
        "_levels",
        "_order",
        "_starts",
        "_widths",
        "end",
        "is_rightward",
        "left",
        "right",
        "start",
    )

    def __init__(
        self,
        clusters: Sequence[Cluster],
        *,
        levels: Sequence[int] = (),
        is_rightward: bool = True,
        column: int = 0,
    ) -> None:
        self.start = clusters[0].start
        self.end = clusters[-1].end
        self.is_rightward = is_rightward
        self._starts = [cluster.start for cluster in clusters]
        self._widths = [cluster.width for cluster in clusters]
        self._levels = self._row_levels(clusters, levels) if levels else [0] * len(clusters)
        self.left = 0 if is_rightward else column - sum(self._widths)
        self._edges = [self.left]
        self._lefts = [0] * len(clusters)
        self._drawn: list[str] = []
        self._order: list[int] = []
        for index in visual_order(self._levels):
            self._lefts[index] = self._edges[-1]
            glyph = clusters[index].glyph
            # A tab's cells are drawn one by one, so that something else may be drawn in the last one.
            for piece in glyph if glyph[0] == "⇥" else (glyph,):
                self._order.append(index)
                self._edges.append(
                    self._edges[-1] + self._widths[index] // (len(glyph) if glyph[0] == "⇥" else 1)
                )
                self._drawn.append(mirrored(piece) if self._levels[index] % 2 else piece)
        self.right = self._edges[-1]

    def _row_levels(self, clusters: Sequence[Cluster], levels: Sequence[int]) -> list[int]:
        """The levels with L1 applied: tabs, and blanks at the end or before a tab, take the paragraph's."""
        base = 0 if self.is_rightward else 1
        row_levels = list(levels)
        is_edge = True
        for index in range(len(clusters) - 1, -1, -1):
            glyph = clusters[index].glyph
            is_edge = glyph[0] == "⇥" or (is_edge and glyph.isspace())
            if is_edge:
                row_levels[index] = base
        return row_levels

    def cell(self, offset: int) -> int:
        if offset >= self.end:
            return self.right if self.is_rightward else self.left - 1
        return self._lefts[self._index(offset)]

    def offset(self, cell: int) -> int:
        if cell < self.left:
            return self.start if self.is_rightward else self.end
        if cell >= self.right:
            return self.end if self.is_rightward else self.start
        return self._starts[self._order[bisect_right(self._edges, cell) - 1]]

    def extents(self, start: int, end: int) -> list[tuple[int, int]]:
        if start >= self.end or end <= self.start or start >= end:
            return []
        indices = range(self._index(start), self._index(end - 1) + 1)
        ranges: list[tuple[int, int]] = []
        for left, right in sorted((self._lefts[i], self._lefts[i] + self._widths[i]) for i in indices):
            if ranges and ranges[-1][1] == left:
                ranges[-1] = (ranges[-1][0], right)
            else:
                ranges.append((left, right))
        return ranges

    def lead(self, offset: int) -> int | None:
        index = self._index(offset)
        is_leftward = self._levels[index] % 2 == 1
        cell = self._lefts[index] + self._widths[index] if is_leftward else self._lefts[index] - 1
        if not self.left <= cell < self.right:
            return cell
        place = bisect_right(self._edges, cell) - 1
        return cell if self._drawn[place].isspace() and self._edges[place + 1] - cell == 1 else None

    def text(self, left: int, right: int) -> str:
        return "".join(self._drawn[bisect_left(self._edges, left) : bisect_left(self._edges, right)])

    def _index(self, offset: int) -> int:
        return max(bisect_right(self._starts, offset) - 1, 0)
