"""What a training looks like while it runs: a live table on a terminal, a line an evaluation elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotator.cli.output import is_terminal, print_message
from annotator.training.curve import figure

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Group
    from rich.live import Live

    from annotator.training.runs import Evaluation

_STOP = "Ctrl-C stops and keeps the best so far"
_LABELS = 12
"""Labels in the live table, those with the most spans."""
_LINE_LABELS = 6
_BAR = 20
_LEVELS = "▁▂▃▄▅▆▇█"
_PARTS = " ▏▎▍▌▋▊▉█"
_TREND = 40
"""Evaluations that the trend shows."""


class TrainingView:
    """Shows evaluations as they come, on standard error; a context."""

    def __init__(self, title: str, *, max_steps: int) -> None:
        self._title = title
        self._labels: Sequence[str] = ()
        self._shown_labels: Sequence[tuple[str, str]] = ()
        """The labels of the live table, and each as it can be drawn."""
        self._max_steps = max_steps
        self._seen: list[Evaluation] = []
        self._live: Live | None = None

    def __enter__(self) -> TrainingView:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def begin(self, labels: Sequence[str]) -> None:
        """Show that the training begins; `labels` stand in the order in which they are shown."""
        from annotator.cells.fitting import drawable

        self._labels = labels
        self._shown_labels = [(label, drawable(label)) for label in labels[:_LABELS]]
        if is_terminal(sys.stderr):
            from rich.console import Console
            from rich.live import Live
            from rich.text import Text

            waiting = Text(f"{self._title}: starting; {_STOP}")
            self._live = Live(waiting, console=Console(stderr=True), auto_refresh=False)
            self._live.start(refresh=True)

    def show(self, evaluation: Evaluation) -> None:
        """Show a new evaluation."""
        self._seen.append(evaluation)
        if self._live is not None:
            self._live.update(self._picture(), refresh=True)
        else:
            print_message(line_of(evaluation, self._labels))

    def _picture(self) -> Group:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        last = self._seen[-1]
        best = max(self._seen, key=lambda evaluation: (evaluation.score, evaluation.step))
        trend = sparkline([evaluation.score for evaluation in self._seen[-_TREND:]])
        head = f"{self._title}: step {last.step:,} of {self._max_steps:,}, loss {last.loss:,.1f}, {last.seconds:.0f} s"
        table = Table.grid(padding=(0, 2))
        table.add_row(Text("F on dev", "bold"), Text(figure(last.score), "bold"), Text(trend))
        table.add_row(Text("best"), Text(figure(best.score)), Text(f"at step {best.step:,}"))
        for label, shown in self._shown_labels:
            value = last.labels.get(label)
            table.add_row(Text(shown), Text(figure(value)), Text(bar(value or 0.0)))
        if (more := len(self._labels) - _LABELS) > 0:
            table.add_row(Text(f"and {more} more", "dim"))
        return Group(Text(head), table, Text(_STOP, "dim"))


def line_of(evaluation: Evaluation, labels: Sequence[str]) -> str:
    """An evaluation in one line."""
    parts = [f"{label} {figure(evaluation.labels.get(label))}" for label in labels[:_LINE_LABELS]]
    return (
        f"step {evaluation.step:,}  epoch {evaluation.epoch}  loss {evaluation.loss:,.1f}"
        f"  F {figure(evaluation.score)}  {'  '.join(parts)}  {evaluation.seconds:.0f} s"
    )


def sparkline(values: Sequence[float]) -> str:
    """Values between 0 and 1 as blocks, the least as the lowest."""
    low, high = min(values), max(values)
    step = (high - low) / (len(_LEVELS) - 1) or 1.0
    return "".join(_LEVELS[round((value - low) / step)] for value in values)


def bar(value: float, *, width: int = _BAR) -> str:
    """A value between 0 and 1 as a bar of blocks and eighths of blocks."""
    eighths = round(min(max(value, 0.0), 1.0) * width * 8)
    whole, part = divmod(eighths, 8)
    return "█" * whole + (_PARTS[part] if part else "")
