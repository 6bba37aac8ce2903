"""The row of label names under a row of text, in the roomy mode."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from annotator.cells.widths import cell_positions, clusters
from annotator.editing.marks import Mark, State
from annotator.tui.layout.overlay import Overlay
from annotator.tui.layout.painter import DOUBTFUL, MARGIN, REJECTED
from annotator.tui.layout.palette import Palette
from annotator.tui.layout.row_cells import RowCells


def paint_labels(
    cells: RowCells, marks: Sequence[Mark], overlay: Overlay, palette: Palette, *, width: int
) -> Strip:
    """The names of the marks that touch a row, each from its mark's leftmost cell on this row.

    A name may go on up to one cell before the next one and is cut there; where several marks begin at one cell,
    the focus, else the longest, is named, with `+n` for the others.
    """
    places: dict[int, list[Mark]] = {}
    for mark in sorted(marks, key=lambda mark: (mark.state is State.REJECTED, mark.start - mark.end)):
        if extents := cells.extents(mark.start, mark.end):
            places.setdefault(extents[0][0], []).append(mark)
    segments: list[Segment] = []
    column = -MARGIN
    for left, after in pairwise([*sorted(places), width - MARGIN + 1]):
        there = places[left]
        alive = [mark for mark in there if mark.state is not State.REJECTED] or there[:1]
        is_focus = [(mark.start, mark.end, mark.label) == overlay.focus for mark in alive]
        named = alive[is_focus.index(True)] if True in is_focus else alive[0]
        name = _fitted(_name(named), len(alive) - 1, max(after - left - 1, 1))
        style = palette.text + palette.name(named)
        if True in is_focus:
            style += Style(bold=True)
        if left > column:
            segments.append(Segment(" " * (left - column), palette.text))
        segments.append(Segment(name, style))
        column = left + cell_positions(name)[-1]
    segments.append(Segment(" " * (width - MARGIN - column), palette.text))
    return Strip(segments, width)


def _name(mark: Mark) -> str:
    if mark.state is State.REJECTED:
        return REJECTED + mark.label
    return mark.label + DOUBTFUL if mark.doubt else mark.label


def _fitted(name: str, others: int, cells: int) -> str:
    """`name` and how many more there are, in at most `cells` cells; the number is cut last."""
    suffix = f"+{others}" if others else ""
    room = max(cells - len(suffix), 0)
    drawn = ""
    for cluster in clusters(name):
        room -= cluster.width
        if room < 0:
            break
        drawn += cluster.glyph
    return (drawn + suffix)[:cells] if suffix else drawn or " "
