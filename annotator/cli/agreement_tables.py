"""The figures of agreement as tables on the terminal, heat maps in colour where it has any."""

from __future__ import annotations

import math
import os
import shutil
import sys
from collections.abc import Iterator, Sequence

from annotator.cells.fitting import cell_width, drawable, filled
from annotator.cli.output import Piece, is_terminal, print_lines, print_pieces
from annotator.measure.agreement import Agreement
from annotator.model.counting import counted
from annotator.workspace.agreement import grids
from annotator.workspace.agreement.grids import Cell, Figure, Grid, Tone

_GAP = "  "
_GROUNDS = {
    Tone.AGREEMENT: (255, 195, 153, 117, 75, 32),
    Tone.TROUBLE: (255, 230, 223, 216, 209, 208),
}
"""From weak to strong, of the 256 colours that terminals share; black is legible on each of them."""


def print_agreement(agreement: Agreement) -> None:
    """Print all figures but those of single documents; without colour where stdout is no terminal that has any."""
    names = ", ".join(agreement.annotators)
    if agreement.pairs:
        print_lines(f"{counted(agreement.documents, 'document')} that at least two of {names} have finished")
    else:
        print_lines(f"{names}, measured by the gold")
    has_colour = _has_colour()
    shown: list[Grid] = []
    if agreement.pairs:
        if len(agreement.annotators) > 2:
            shown.append(grids.matrix(agreement, Figure.STRICT))
        shown += [grids.pairs(agreement), grids.labels(agreement, by_pair=False), grids.confusion(agreement)]
    if agreement.against_gold:
        shown.append(grids.against_gold(agreement))
    for grid in shown:
        if not grid.rows:
            continue
        print_lines()
        _print_grid(grid, has_colour=has_colour)
    if agreement.pairs:
        print_lines("", "Over all annotators")
        lines = [
            (name, grids.figure_text(value, digits=4), said) for name, value, said in grids.alphas(agreement)
        ]
        widths = [max(len(line[column]) for line in lines) for column in range(2)]
        for name, value, said in lines:
            print_lines(f"{name:<{widths[0]}}{_GAP}{value:>{widths[1]}}{_GAP}{said}")


def _print_grid(grid: Grid, *, has_colour: bool) -> None:
    print_lines(grid.title, grid.note)
    names = [drawable(name) for name, _ in grid.rows]
    first = max(map(cell_width, [grid.corner, *names]))
    widths = [
        max(map(cell_width, [heading, *(cells[number].text for _, cells in grid.rows)]))
        for number, heading in enumerate(grid.headings)
    ]
    for columns in _side_by_side(widths, _terminal_width() - first):
        headings = [_right(grid.headings[number], widths[number]) for number in columns]
        print_lines(_GAP.join([filled(grid.corner, first), *headings]).rstrip())
        for name, (_, cells) in zip(names, grid.rows, strict=True):
            shown = [_cell(cells[number], widths[number], has_colour=has_colour) for number in columns]
            print_pieces([Piece(filled(name, first)), *shown])


def _side_by_side(widths: Sequence[int], room: float) -> Iterator[list[int]]:
    """The columns that stand side by side within `room` cells, and then the next ones, until all are there."""
    columns: list[int] = []
    used = 0
    for number, width in enumerate(widths):
        if columns and used + width + len(_GAP) > room:
            yield columns
            columns, used = [], 0
        columns.append(number)
        used += width + len(_GAP)
    yield columns


def _terminal_width() -> float:
    """How many cells a line may take; any number where stdout is no terminal."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else math.inf


def _cell(cell: Cell, width: int, *, has_colour: bool) -> Piece:
    """A cell and half the gaps beside it, on its colour."""
    ground = None
    if has_colour and cell.heat is not None:
        grounds = _GROUNDS[cell.tone]
        ground = grounds[round(cell.heat * (len(grounds) - 1))]
    return Piece(f" {_right(cell.text, width)}", ground)


def _right(text: str, width: int) -> str:
    text = drawable(text)
    return " " * (width - cell_width(text)) + text


def _has_colour() -> bool:
    """True on a terminal that has colours, unless NO_COLOR (no-color.org) asks for none."""
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
