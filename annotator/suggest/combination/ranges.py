"""Ranges of a text, such as those that are still to be worked on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

Range = tuple[int, int]


class Ranges:
    """A set of code points of a text, kept as sorted ranges that do not touch one another."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def __bool__(self) -> bool:
        return bool(self._starts)

    def add(self, start: int, end: int) -> None:
        """Take `[start, end)` in."""
        if start >= end:
            return
        first, last = bisect_left(self._ends, start), bisect_right(self._starts, end)
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def discard(self, start: int, end: int) -> None:
        """Leave `[start, end)` out."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        if first >= last:
            return
        rest = [(self._starts[first], start), (end, self._ends[last - 1])]
        rest = [(left, right) for left, right in rest if left < right]
        self._starts[first:last] = [left for left, _ in rest]
        self._ends[first:last] = [right for _, right in rest]

    def next(self, offset: int) -> Range | None:
        """What of the first range that ends behind `offset` is not before it; None if there is none."""
        index = bisect_right(self._ends, offset)
        if index == len(self._starts):
            return None
        return max(self._starts[index], offset), self._ends[index]
