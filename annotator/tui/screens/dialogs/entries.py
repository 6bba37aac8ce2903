"""Entries: a term and what is to be said of it, wrapped side by side to a number of cells; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotator.cells.fitting import cell_width, drawable, filled
from annotator.tui.widgets.looks import Run

Line = list[Run]
"""One line on screen."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A term, and runs of text about it. Without a term the runs take the whole width."""

    term: str
    runs: tuple[Run, ...]
    look: str = "key"


def wrapped(runs: Iterable[Run], width: int) -> list[Line]:
    """`runs` broken at blanks into lines of at most `width` cells; a longer word is broken anywhere."""
    lines: list[Line] = [[]]
    used = 0
    for word, look, follows_blank in _words(runs, max(1, width)):
        gap = 1 if follows_blank and used else 0
        if used and used + gap + cell_width(word) > width:
            lines.append([])
            used = gap = 0
        lines[-1].append((" " * gap + word, look))
        used += gap + cell_width(word)
    return lines


def _words(runs: Iterable[Run], width: int) -> Iterable[tuple[str, str, bool]]:
    for text, look in runs:
        follows_blank = text[:1].isspace()
        for word in drawable(text).split():
            while cell_width(word) > width:
                size = len(word)
                while size > 1 and cell_width(word[:size]) > width:
                    size -= 1
                yield word[:size], look, follows_blank
                word, follows_blank = word[size:], False
            yield word, look, follows_blank
            follows_blank = True


def laid_out(entries: Sequence[Entry], width: int, *, term_cells: int) -> list[Line]:
    """The entries in `width` cells, the terms in a column of `term_cells` and the texts to its right."""
    lines: list[Line] = []
    for entry in entries:
        if not entry.term:
            lines += wrapped(entry.runs, width)
            continue
        text = wrapped(entry.runs, width - term_cells - 2)
        lines.append([(filled(entry.term, term_cells), entry.look), ("  ", "plain"), *text[0]])
        lines += [[(" " * (term_cells + 2), "plain"), *line] for line in text[1:]]
    return lines


def side_by_side(left: Sequence[Line], right: Sequence[Line], *, width: int) -> list[Line]:
    """Two columns of lines, the left one filled to `width` cells."""
    lines: list[Line] = []
    for index in range(max(len(left), len(right))):
        line = list(left[index]) if index < len(left) else []
        used = sum(cell_width(text) for text, _ in line)
        lines.append([*line, (" " * (width - used), "plain"), *(right[index] if index < len(right) else [])])
    return lines
