"""Wrapping a text into rows, once and without regard to what is marked in it, so that the text never moves.

A row ends behind a blank, or between any two graphemes where a script without word spaces is concerned (Chinese,
Japanese, Thai and their like, except before closing and behind opening punctuation); a word wider than the column
is cut at the column's edge. One blank may stand outside the column at a row's end; every other character has its
cell within it. Blank lines are kept, except those at the end of the text.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from annotator.cells.directions import has_right_to_left, is_rtl, levels
from annotator.cells.shaping import shaped
from annotator.cells.widths import LINE_BREAKS, cell_positions, clusters, is_plain
from annotator.tui.layout.row_cells import ClusterCells, PlainCells, RowCells

MINIMUM_WIDTH = 4
"""The narrowest column, in cells: a tab fits in."""

_LINE = re.compile(rf"([^{LINE_BREAKS}]*)(\r\n|[{LINE_BREAKS}]|$)")
_BLANKS = frozenset(" \t\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u200b\u205f\u3000")
# No regular expression: one for so many characters takes longer to compile than a screen to paint.
_UNSPACED = (
    range(0x0E00, 0x10A0),
    range(0x1780, 0x1800),
    range(0x1950, 0x19E0),
    range(0x1A20, 0x1AB0),
    range(0x2E80, 0x3130),
    range(0x3190, 0x4DC0),
    range(0x4E00, 0xA4D0),
    range(0xA9E0, 0xAA80),
    range(0xF900, 0xFB00),
    range(0xFE30, 0xFE50),
    range(0xFF00, 0xFFF0),
    range(0x1B000, 0x1B300),
    range(0x20000, 0x40000),
)
_NEVER_FIRST = frozenset(
    "、。，．・：；？！ー～」』】〕〉》）］｝”’…‥々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
    ".,:;?!)]}»›%ะาำๅๆฯ၊။།។៕"
)
_NEVER_LAST = frozenset("「『【〔〈《（［｛“‘([{«‹เแโใไ")
_CACHED_ROWS = 512
_SAMPLE = 2000


class Rows:
    """The rows of one text at one column width; immutable.

    A row holds the offsets from its start to the next row's, so that every offset has exactly one row; its line
    break, if it has one, has no cell. `width` is the column's, in cells.
    """

    def __init__(self, text: str, *, width: int) -> None:
        self.text = text
        self.width = max(width, MINIMUM_WIDTH)
        self.starts = array("I")
        """Offset of each row's first character."""
        self.ends = array("I")
        """Offset behind each row's last character that has a cell."""
        for start, end in _wrapped(text, self.width):
            self.starts.append(start)
            self.ends.append(end)
        self._has_leftward = not text.isascii() and has_right_to_left(text)
        self.cells = lru_cache(maxsize=_CACHED_ROWS)(self._cells)
        """The cells of a row, by its number."""
        self._directions = lru_cache(maxsize=8)(self._paragraph_directions)

    def __len__(self) -> int:
        return len(self.starts)

    def row_at(self, offset: int) -> int:
        """The row that holds `offset`; the last one for offsets behind the text."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def rows_of(self, start: int, end: int) -> range:
        """The rows that `[start, end)` touches; the row of `start` if the range is empty."""
        first = self.row_at(start)
        return range(first, max(self.row_at(max(end - 1, start)), first) + 1)

    def is_blank(self, row: int) -> bool:
        """True if the row holds nothing but blanks."""
        start, end = self.starts[row], self.ends[row]
        return start == end or self.text[start:end].isspace()

    def place(self, offset: int) -> tuple[int, int]:
        """The row and the cell of the grapheme at `offset`."""
        row = self.row_at(offset)
        return row, self.cells(row).cell(offset)

    def offset(self, row: int, cell: int) -> int:
        """The offset of the grapheme at a place, or of the nearest one on that row.

        Beside the text of a paragraph's last row it is the offset of the line break.
        """
        offset = self.cells(row).offset(cell)
        if offset == self.ends[row] and self._goes_on(row):
            cells = self.cells(row)
            return cells.offset(cells.right - 1 if cells.is_rightward else cells.left)
        return offset

    def _goes_on(self, row: int) -> bool:
        return row + 1 < len(self.starts) and self.starts[row + 1] == self.ends[row]

    def _paragraph(self, row: int) -> tuple[int, int]:
        """The offsets of the line that was wrapped into this row and its neighbours."""
        first = last = row
        while first and self._goes_on(first - 1):
            first -= 1
        while self._goes_on(last):
            last += 1
        return self.starts[first], self.ends[last]

    def _cells(self, row: int) -> RowCells:
        start, end = self.starts[row], self.ends[row]
        text = self.text[start:end]
        paragraph = self._paragraph(row) if self._has_leftward else (start, start)
        is_leftward = has_right_to_left(self.text[paragraph[0] : paragraph[1]])
        if not text or (is_plain(text) and not is_leftward):
            return PlainCells(start, text)
        pieces = [
            piece._replace(start=piece.start + start, end=piece.end + start) for piece in clusters(text)
        ]
        if not is_leftward:
            return ClusterCells(pieces)
        is_rightward, levels_at, letters_at = self._directions(*paragraph)
        return ClusterCells(
            [
                piece._replace(glyph=letters_at.get(piece.start, piece.glyph[0]) + piece.glyph[1:])
                for piece in pieces
            ],
            levels=[levels_at[piece.start] for piece in pieces],
            is_rightward=is_rightward,
            column=self.width,
        )

    def _paragraph_directions(self, start: int, end: int) -> tuple[bool, dict[int, int], dict[int, str]]:
        """Whether a paragraph runs rightwards; by offset the level of each grapheme, and letters that are shaped."""
        text = self.text[start:end]
        base = int(is_rtl(text))
        pieces = list(clusters(text))
        found = levels([text[piece.start] for piece in pieces], base=base)
        letters = shaped([text[piece.start : piece.end] for piece in pieces])
        return (
            not base,
            {piece.start + start: level for piece, level in zip(pieces, found, strict=True)},
            {
                piece.start + start: letter
                for piece, letter in zip(pieces, letters, strict=True)
                if letter != text[piece.start]
            },
        )


def _wrapped(text: str, width: int) -> Iterator[tuple[int, int]]:
    body = len(text.rstrip(LINE_BREAKS))
    for match in _LINE.finditer(text, 0, body):
        start, end = match.span(1)
        line = match.group(1)
        if len(line) <= width and is_plain(line):
            yield start, end
        elif is_plain(line):
            yield from _wrapped_plain(text, start, end, width)
        else:
            for first, last in _wrapped_cells(line, width):
                yield start + first, start + last
        if end == body:
            return


def _wrapped_plain(text: str, start: int, end: int, width: int) -> Iterator[tuple[int, int]]:
    """Wrap a line of one-cell characters."""
    while end - start > width:
        blank = text.rfind(" ", start, start + width + 1)
        stop = blank + 1 if blank >= 0 else start + width
        yield start, stop
        start = stop
    if start < end:
        yield start, end


def _wrapped_cells(line: str, width: int) -> Iterator[tuple[int, int]]:
    """Wrap a line of any graphemes."""
    positions = cell_positions(line)
    start = 0
    while start < len(line):
        fitting = bisect_right(positions, positions[start] + width, start) - 1
        stop = _stop(line, positions, start, fitting) if fitting < len(line) else fitting
        yield start, stop
        start = stop
    if not line:
        yield 0, 0


def _stop(line: str, positions: list[int], start: int, fitting: int) -> int:
    """Where to end a row of which at most `fitting` characters fit, the next one being too many."""
    if line[fitting] == " " and (fitting + 1 == len(line) or positions[fitting + 2] > positions[fitting + 1]):
        return fitting + 1
    for stop in range(fitting, start, -1):
        if positions[stop + 1] == positions[stop]:
            continue
        before, after = line[stop - 1], line[stop]
        if before in _BLANKS:
            return stop
        if after in _NEVER_FIRST or before in _NEVER_LAST or after in _BLANKS:
            continue
        if _is_unspaced_letter(before) or _is_unspaced_letter(after):
            return stop
    return fitting


def is_unspaced(text: str) -> bool:
    """True if most letters at the beginning of `text` are of a script without blanks between words."""
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    return sum(_is_unspaced_letter(char) for char in letters) * 2 > len(letters)


def _is_unspaced_letter(char: str) -> bool:
    code = ord(char)
    return code >= _UNSPACED[0].start and any(code in block for block in _UNSPACED)
