"""Plots in character cells: columns and bars of eighths of a cell; pure."""

from __future__ import annotations

from collections.abc import Sequence

_UP = " ▁▂▃▄▅▆▇█"
_RIGHT = " ▏▎▍▌▋▊▉█"
_MISSING = "·"


def bar(share: float, cells: int) -> str:
    """A bar from the left that fills `share`, from 0 to 1, of `cells` cells; a share above 0 shows at least a trace."""
    eighths = round(8 * cells * min(1.0, max(0.0, share)))
    if share > 0:
        eighths = max(1, eighths)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_RIGHT[rest] if rest else "")).ljust(cells)


def columns(values: Sequence[float | None], *, height: int, width: int) -> list[str]:
    """Values from 0 to 1 as columns beside an axis: `height` rows, each of at most `width` cells, the top one first.

    Columns are as wide as there is room for, up to eight cells, with a blank between two. None is a dot on the ground.
    Too many values for the width are an error of the caller: ValueError.
    """
    room = (width - AXIS) // max(1, len(values))
    if room < 1:
        raise ValueError(f"{len(values)} columns do not fit into {width} cells")
    thick = max(1, min(8, room - 1))
    gap = " " if room > thick else ""
    rows = []
    for level in range(height, 0, -1):
        cells = [_cell(value, level, height) * thick for value in values]
        rows.append(f"{_mark(level, height):>{AXIS - 2}} ┤{gap.join(cells)}".rstrip())
    return rows


AXIS = 6
"""Cells of a figure such as 1.00, a blank and the line."""


def _mark(level: int, height: int) -> str:
    """The value at the upper edge of a row, where it is a whole, a half or nothing."""
    value = level / height
    return f"{value:.2f}".lstrip("0") if value in (0.5, 1.0) or height <= 4 else ""


def _cell(value: float | None, level: int, height: int) -> str:
    if value is None:
        return _MISSING if level == 1 else " "
    eighths = round(8 * height * min(1.0, max(0.0, value))) - 8 * (level - 1)
    if level == 1 and value > 0:
        eighths = max(1, eighths)
    return _UP[min(8, max(0, eighths))]
