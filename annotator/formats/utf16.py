"""Offsets as Java and JavaScript count them, in UTF-16 code units, and as we do, in code points."""

from __future__ import annotations

from bisect import bisect_left
from itertools import count


class Utf16:
    """The two ways of counting one text. They differ only behind characters beyond U+FFFF, such as emoji."""

    __slots__ = ("_size", "_units")

    def __init__(self, text: str) -> None:
        wide = [] if text.isascii() else [index for index, char in enumerate(text) if char > "\uffff"]
        self._size = len(text)
        self._units = [index + before for before, index in zip(count(), wide, strict=False)]
        """Where each wide character begins, in units."""

    def point(self, unit: int) -> int | None:
        """The code point offset of a unit's; None if it lies outside the text or within a character."""
        wide = bisect_left(self._units, unit)
        if wide and self._units[wide - 1] + 1 == unit:
            return None
        point = unit - wide
        return point if unit >= 0 and point <= self._size else None

    def unit(self, point: int) -> int:
        """The unit offset of a code point's."""
        low, high = 0, len(self._units)
        while low < high:
            middle = (low + high) // 2
            if self._units[middle] - middle < point:
                low = middle + 1
            else:
                high = middle
        return point + low
