"""A learning curve: how F grows with the training data, what twice as much may bring, and a picture of it."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

SHARES = (0.25, 0.5, 0.75, 1.0)
"""Which shares of the training data are trained on."""
WORTH_IT = 0.02
"""So much more F from twice the data is worth the work."""

_HEIGHT = 9
_WIDTH = 52
_MARGIN = 4
"""Cells of the numbers on the left."""


@dataclass(frozen=True, slots=True)
class Point:
    """F on the held-out part after training on so many documents with so many spans."""

    share: float
    documents: int
    spans: int
    f1: float

    def as_json(self) -> dict[str, Any]:
        """The point as JSON values."""
        return {"share": self.share, "documents": self.documents, "spans": self.spans, "f1": self.f1}


def subsets(
    spans: Mapping[str, int], *, seed: int, shares: Sequence[float] = SHARES
) -> list[tuple[float, list[str]]]:
    """Documents for each share, each subset within the next; `spans` counts the spans of each document.

    Shares are of spans, since documents differ in length; each subset has a document with a span, at least.
    """
    order = sorted(spans)
    random.Random(seed).shuffle(order)
    total = sum(spans.values())
    points = []
    for share in shares:
        taken, held = [], 0
        for id in order:
            if held and held + spans[id] / 2 > share * total and share < 1:
                break
            taken.append(id)
            held += spans[id]
        points.append((share, taken))
    return points


def expected(points: Sequence[Point], spans: int) -> float | None:
    """F with so many spans if the errors go on falling as they do: 1 - F = a n^-b, by least squares of logarithms.

    The power law is what learning curves follow over most of their length (Hestness et al. 2017). None for fewer
    than three different amounts, and where F is 0 or 1. It never says less than the last point has.
    """
    earlier = [
        (math.log(point.spans), math.log(1 - point.f1))
        for point in points
        if 0 < point.f1 < 1 and point.spans
    ]
    if len({x for x, _ in earlier}) < 3 or len(earlier) < len(points):
        return None
    mean_x = sum(x for x, _ in earlier) / len(earlier)
    mean_y = sum(y for _, y in earlier) / len(earlier)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in earlier) / sum((x - mean_x) ** 2 for x, _ in earlier)
    return max(points[-1].f1, 1 - math.exp(mean_y + slope * (math.log(spans) - mean_x)))


def verdict(points: Sequence[Point]) -> str:
    """Whether more data would help, in a sentence or two."""
    last = points[-1]
    twice = expected(points, 2 * last.spans)
    if twice is None:
        return "There are too few different points to say whether more data would help."
    gain = twice - last.f1
    so_far = f"Twice the data promises F {figure(twice)} ({gain:+.2f})"
    if gain >= WORTH_IT:
        return f"More data would help. {so_far}, if the curve goes on as it does."
    return f"More of the same would help little. {so_far}."


def figure(value: float | None) -> str:
    """A figure between 0 and 1 with three digits, such as ".731"; "n/a" where there is none."""
    if value is None:
        return "n/a"
    text = f"{value:.3f}"
    return text.removeprefix("0")


def plot(points: Sequence[Point], *, width: int = _WIDTH, height: int = _HEIGHT) -> list[str]:
    """The curve as lines of text: a dot each point, and a ring for what twice the data may bring."""
    last = points[-1]
    twice = expected(points, 2 * last.spans)
    values = [point.f1 for point in points] + ([twice] if twice is not None else [])
    low, high = _bounds(values)
    right = 2 * last.spans if twice is not None else last.spans

    def column(spans: int) -> int:
        return round((width - 1) * spans / max(1, right))

    def row(value: float) -> int:
        return round((height - 1) * (high - value) / (high - low))

    cells = [[" "] * width for _ in range(height)]
    for one, other in pairwise(points):
        for place in range(column(one.spans), column(other.spans)):
            part = (place - column(one.spans)) / max(1, column(other.spans) - column(one.spans))
            cells[row(one.f1 + part * (other.f1 - one.f1))][place] = "·"
    if twice is not None:
        cells[row(twice)][column(right)] = "○"
    for point in points:
        cells[row(point.f1)][column(point.spans)] = "●"
    lines = []
    for index, line in enumerate(cells):
        is_marked = index % 4 == 0
        mark = figure(high - (high - low) * index / (height - 1))[:3] if is_marked else ""
        lines.append(f"{mark:>{_MARGIN}} {'┤' if is_marked else '│'}{''.join(line)}".rstrip())
    ticks = {column(point.spans): f"{point.spans:,}" for point in points}
    if twice is not None:
        ticks[column(right)] = f"{right:,}"
    axis = "".join("┬" if column_number in ticks else "─" for column_number in range(width))
    return [*lines, f"{'':{_MARGIN}} └{axis}", _tick_line(ticks, width)]


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    """Round bounds around the values, a tenth apart at least."""
    low = math.floor(min(values) * 20) / 20
    high = math.ceil(max(values) * 20) / 20
    if high - low < 0.1:
        low = max(0.0, high - 0.1)
        high = low + 0.1
    return low, high


def _tick_line(ticks: Mapping[int, str], width: int) -> str:
    """Numbers below their ticks, those left out that would touch the one before."""
    line = ""
    for column_number, text in sorted(ticks.items()):
        start = max(0, min(column_number - len(text) // 2, width - len(text)))
        if not line or start > len(line):
            line = line.ljust(start) + text
    return " " * (_MARGIN + 2) + line + "  spans"
