"""How a place is drawn in one line with the words around it, as runs; pure."""

from __future__ import annotations

from annotator.cells.fitting import cell_width, drawable, fitted
from annotator.model.labels import LabelSet
from annotator.tui.widgets.looks import Run
from annotator.workspace.contexts import Context

AROUND = 100
"""So many characters around a place are enough for any width."""


def label_look(label: str, label_set: LabelSet) -> str:
    """The look of a label's name: its colour."""
    known = label_set.by_name.get(label)
    return known.colour if known is not None else "muted"


def context_runs(context: Context, label: str, look: str, room: int, *, is_odd: bool) -> list[Run]:
    """The place in the middle: brackets and the label stand beside its colour, which is not all that carries it."""
    mark = f"[{fitted(context.at, max(8, room // 2))}{f' {label}' if label else ''}]"
    side = max(0, (room - cell_width(mark)) // 2)
    around = "plain" if is_odd else "muted"
    before = _last_cells(context.before, side)
    behind = fitted(context.behind, max(0, room - cell_width(mark) - side))
    return [(before.rjust(side - cell_width(before) + len(before)), around), (mark, look), (behind, around)]


def _last_cells(text: str, cells: int) -> str:
    """The end of `text` in so many cells, with an ellipsis where something was cut."""
    text = drawable(text)
    if cell_width(text) <= cells:
        return text
    while text and cell_width(text) > cells - 1:
        text = text[1:]
    return f"…{text}" if cells > 0 else ""


def filled_runs(runs: list[Run], cells: int) -> list[Run]:
    """`runs` cut or filled to exactly so many cells."""
    found: list[Run] = []
    left = cells
    for text, look in runs:
        shown = fitted(text, left)
        if shown:
            found.append((shown, look))
        left -= cell_width(shown)
        if shown != drawable(text):
            break
    return [*found, (" " * left, "plain")]
