"""Statistics of an annotator's work, to scroll through."""

from __future__ import annotations

from annotator.measure.statistics import Statistics
from annotator.model.labels import LabelSet
from annotator.tui.screens.dialogs.dialog import TextDialog
from annotator.tui.screens.dialogs.entries import Line
from annotator.tui.screens.dialogs.message import CLOSE
from annotator.tui.screens.dialogs.statistics_rows import statistics_lines

_WIDEST = 104


class StatisticsDialog(TextDialog[None]):
    """Progress, labels, what became of suggestions, and what documents cost."""

    def __init__(self, statistics: Statistics, label_set: LabelSet) -> None:
        super().__init__("Statistics", (CLOSE,), widest=_WIDEST, aside=statistics.annotator)
        self._statistics = statistics
        self._label_set = label_set

    def lines(self, width: int) -> list[Line]:
        """The figures."""
        return statistics_lines(self._statistics, self._label_set, width=width)
