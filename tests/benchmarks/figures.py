"""Figures: quantiles of samples, and a table of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

__all__ = ["median", "quantile", "say_table", "verdict"]


def quantile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` of the samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def verdict(figure: float, budget: float) -> str:
    """Whether a figure keeps to its budget, which it must not exceed."""
    return f"{'within' if figure <= budget else 'OVER'} {budget:g}"


def say_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under heads: the first column to the left, the others to the right."""
    texts = [[f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *texts, strict=True)]
    for row in [list(heads), *texts]:
        first, *others = (
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())
