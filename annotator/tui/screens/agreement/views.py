"""The views of figures that there are, which of them is shown, and what is to be said about it; pure."""

from __future__ import annotations

import enum
from collections.abc import Callable

from annotator.measure.agreement import Agreement
from annotator.tui.screens.agreement.rows import pair_sentence
from annotator.tui.widgets.looks import Run
from annotator.workspace.agreement import grids
from annotator.workspace.agreement.grids import EMPTY, Figure, Grid


class View(enum.Enum):
    """What of the figures is shown."""

    PAIRS = "pairs"
    FIGURES = "figures"
    LABELS = "labels"
    CONFUSION = "confusion"
    GOLD = "gold"
    DOCUMENTS = "documents"


VARYING = (View.PAIRS, View.CONFUSION)
"""The views that show one figure, or one pair, of several."""

_BEGINNINGS = {View.PAIRS: (0, 1), View.FIGURES: (0, 3), View.LABELS: (0, 1), View.GOLD: (0, 3)}
"""Where the cursor stands first: on a figure that has cases behind it."""


class Views:
    """All views of some figures, of which `shown` is on the screen; the cursor comes back to where it was left in each."""

    def __init__(self, found: Agreement) -> None:
        self.found = found
        self.shown = View.PAIRS if found.pairs else View.GOLD
        self._cursors: dict[View, tuple[int, int]] = {}
        self._figure = Figure.STRICT
        self._pair = 0
        """Whose confusion is shown: 0 for all pairs, else counted from 1."""

    @property
    def cursor(self) -> tuple[int, int]:
        """The row and column of the cursor in what is shown."""
        return self._cursors.get(self.shown, _BEGINNINGS.get(self.shown, (0, 0)))

    @cursor.setter
    def cursor(self, place: tuple[int, int]) -> None:
        self._cursors[self.shown] = place

    def step(self, step: int) -> View:
        """The view that many further on, from the last to the first."""
        views = list(View)
        return views[(views.index(self.shown) + step) % len(views)]

    def vary(self) -> bool:
        """Show the next figure of the pairs, or the confusion of the next pair; False where there is nothing to vary."""
        if self.shown is View.PAIRS:
            figures = list(Figure)
            self._figure = figures[(figures.index(self._figure) + 1) % len(figures)]
            return True
        if self.shown is View.CONFUSION and len(self.found.pairs) > 1:
            self._pair = (self._pair + 1) % (len(self.found.pairs) + 1)
            return True
        return False

    def grid(self, title_of: Callable[[str], str]) -> Grid:
        """The figures of what is shown; `title_of` a document's id."""
        found = self.found
        if self.shown is View.PAIRS:
            return grids.matrix(found, self._figure)
        if self.shown is View.CONFUSION:
            return grids.confusion(found, found.pairs[self._pair - 1] if self._pair else None)
        if self.shown is View.DOCUMENTS:
            return grids.documents(found, title_of)
        return {
            View.FIGURES: grids.pairs,
            View.LABELS: grids.labels,
            View.GOLD: grids.against_gold,
        }[self.shown](found)

    def note(self, grid: Grid) -> list[Run]:
        """Which figure or whose confusion is shown, and how to read it or why there is none."""
        return [(self._varied(), "strong"), (grid.note if grid.rows else self._why_empty(), "muted")]

    def _varied(self) -> str:
        if self.shown is View.PAIRS:
            return f"{self._figure.title_}: "
        if self.shown is View.CONFUSION:
            pair = self.found.pairs[self._pair - 1] if self._pair else None
            return f"{pair.a} and {pair.b}. " if pair else "All pairs. "
        return ""

    def _why_empty(self) -> str:
        if self.shown is View.GOLD:
            return "No gold set is finished on a document that one of them has finished: annotator review makes gold."
        return "Nobody marked anything in the documents that two have finished."

    def detail(self, grid: Grid, row: int, column: int) -> list[Run]:
        """What a cell is, in words; nothing in a grid without rows."""
        if not grid.rows:
            return []
        name, cells = grid.rows[row]
        cell = cells[column]
        if self.shown in (View.PAIRS, View.FIGURES) and cell.behind is not None:
            return pair_sentence(self.found, *cell.behind.pairs[0])
        if cell.behind is not None:
            return [(f"{cell.behind.title}: ", "muted"), (cell.text, "strong")]
        if cell.text == EMPTY:
            return []
        return [(f"{name}, {grid.headings[column]}: ", "muted"), (cell.text, "strong")]
