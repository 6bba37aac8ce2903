"""How a CSV file parts its cells: which mark, and whether quotes hold cells together. Found by looking."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_MARKS = (",", ";", "\t", "|")
_QUOTE = '"'
_DECLARED = "sep="


@dataclass(frozen=True, slots=True)
class Dialect:
    """The mark between cells, whether quotes are quotes, what ends a line, and whether the first line names the mark."""

    mark: str = ","
    has_quotes: bool = True
    line_end: str = "\n"
    is_declared: bool = False

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The rows of lines that end in their line end. csv.Error for a quote that is not closed, or text behind one."""
        if self.has_quotes:
            return csv.reader(lines, delimiter=self.mark, strict=True)
        return csv.reader(lines, delimiter=self.mark, quoting=csv.QUOTE_NONE, strict=True)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The first rows as one dialect cuts them, and the share of them that have as many cells as most have.

    `is_whole` is false where the dialect cannot cut what comes behind them.
    """

    dialect: Dialect
    rows: Sequence[Sequence[str]]
    width: int
    evenness: float
    is_whole: bool = True


def find_dialect(head: str, *, marks: Sequence[str] = _MARKS) -> tuple[Dialect, list[list[str]]]:
    """The dialect of the beginning of a file, and the rows that it makes of it; the last row may be cut."""
    line_end = "\n" if "\n" in head or "\r" not in head else "\r"
    lines = [line + line_end for line in head.split(line_end)]
    if (
        lines
        and lines[0].casefold().startswith(_DECLARED)
        and len(lines[0].strip("\r\n")) == len(_DECLARED) + 1
    ):
        mark = lines[0][len(_DECLARED)]
        sample = _sample(Dialect(mark, True, line_end, is_declared=True), lines[1:])
        return sample.dialect, [list(row) for row in sample.rows]
    samples = [_by_mark(mark, lines, line_end) for mark in marks]
    best = max(samples, key=lambda sample: (sample.width > 1, sample.evenness, sample.width))
    return best.dialect, [list(row) for row in best.rows]


def _by_mark(mark: str, lines: Sequence[str], line_end: str) -> _Sample:
    """The rows by one mark: quotes are plain characters where all lines are even and one has a quote of its own."""
    plain = _sample(Dialect(mark, False, line_end), lines)
    has_odd_quote = any(cell.count(_QUOTE) % 2 for row in plain.rows for cell in row)
    if plain.is_whole and plain.width > 1 and plain.evenness == 1 and has_odd_quote:
        return plain
    return _sample(Dialect(mark, True, line_end), lines)


def _sample(dialect: Dialect, lines: Iterable[str]) -> _Sample:
    rows: list[list[str]] = []
    is_whole = True
    try:
        for row in dialect.rows(lines):
            if any(cell.strip() for cell in row):
                rows.append(row)
    except csv.Error:
        is_whole = False  # what follows is cut off, or wrong; reading the file tells which
    widths = Counter(len(row) for row in rows)
    if not widths:
        return _Sample(dialect, rows, 0, 0, is_whole)
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return _Sample(dialect, rows, width, count / len(rows), is_whole)
