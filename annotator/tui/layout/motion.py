"""Moving through a text as the eye sees it: by rows, and to what stands left or right."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.tui.layout.rows import Rows


@dataclass(frozen=True, slots=True)
class ColumnWalk:
    """A walk up or down through rows: the column that it keeps to, and where it has led."""

    column: int
    offset: int


def by_rows(rows: Rows, offset: int, count: int, *, navigation: ColumnWalk | None = None) -> ColumnWalk:
    """Go `count` rows with text down (up, if negative) from `offset`, or as far as there are any.

    The column is that of `walk` if it led to this row, so that short rows on the way do not change it.
    """
    row, column = rows.place(offset)
    if navigation is not None and rows.row_at(navigation.offset) == row:
        column = navigation.column
    step = 1 if count > 0 else -1
    target = row
    remaining = abs(count)
    candidate = row + step
    while remaining and 0 <= candidate < len(rows):
        if not rows.is_blank(candidate):
            target = candidate
            remaining -= 1
        candidate += step
    return ColumnWalk(column, offset if target == row else rows.offset(target, column))


def beside(rows: Rows, start: int, end: int, *, right: bool) -> int | None:
    """The offset of the nearest character that is no blank, visually right or left of `[start, end)`.

    At a row's edge it goes on at the far edge of the next row in that direction; None at the text's edge.
    """
    touched = rows.rows_of(start, end)
    is_onward = rows.cells(touched[0]).is_rightward == right
    row = touched[-1] if is_onward else touched[0]
    cells = rows.cells(row)
    if extents := cells.extents(start, end):
        cell = extents[-1][1] if right else extents[0][0] - 1
    else:
        cell = cells.cell(start) + (1 if right else -1)
    while True:
        while cells.left <= cell < cells.right:
            offset = cells.offset(cell)
            if not rows.text[offset].isspace():
                return offset
            cell += 1 if right else -1
        row += 1 if is_onward else -1
        if not 0 <= row < len(rows):
            return None
        cells = rows.cells(row)
        cell = cells.left if right else cells.right - 1
