"""What readers of tables share: rows with their places, and a table that can be gone through again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from annotator.errors import InputError
from annotator.formats.exchange import Report


class TableRow(NamedTuple):
    """The cells of a row, and its place for messages: "file:line" or "file, sheet, row 3"."""

    place: str
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """True if no cell holds anything but white space."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A table called `name` in messages, whose `rows` can be gone through more than once.

    `is_protected` says that cells which a spreadsheet would run as formulas stand behind an apostrophe in our own ones.
    What of the rows cannot be read is added to the report that `rows` is given, or raised as InputError.
    """

    name: str
    rows: Callable[[Report], Iterator[TableRow]]
    is_protected: bool = False

    def sample(self, count: int) -> list[list[str]]:
        """The cells of the first rows, up to one that is broken. InputError if that is the first one below a header."""
        cells: list[list[str]] = []
        try:
            for row in islice(self.rows(Report()), count):
                if cells or not row.is_blank:
                    cells.append(row.cells)
        except InputError:
            if len(cells) < 2:
                raise
        return cells
