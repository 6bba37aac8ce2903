"""Where each row stands on the scrolled page: rows alone (compact), or rows with a line of names below (roomy)."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Literal

from annotator.tui.layout.rows import Rows

Mode = Literal["compact", "roomy"]


class Lines:
    """The lines of a page, counted from its top; immutable.

    In the roomy mode every row has a line of names below it, except blank ones: they are the paragraphs' gap.
    """

    def __init__(self, rows: Rows, mode: Mode) -> None:
        self._rows = len(rows)
        self._tops: list[int] | None = None
        if mode == "roomy":
            heights = (1 if rows.is_blank(row) else 2 for row in range(len(rows)))
            self._tops = list(accumulate(heights, initial=0))

    @property
    def count(self) -> int:
        """How many lines the page has."""
        return self._tops[-1] if self._tops else self._rows

    def line(self, row: int) -> int:
        """The line of a row's text."""
        return self._tops[row] if self._tops else row

    def end(self, row: int) -> int:
        """The line behind a row's last one."""
        return self._tops[row + 1] if self._tops else row + 1

    def at(self, line: int) -> tuple[int, bool]:
        """The row of a line that lies on the page, and whether it is the line of its names."""
        if self._tops is None:
            return line, False
        row = bisect_right(self._tops, line, hi=self._rows) - 1
        return row, line > self._tops[row]
