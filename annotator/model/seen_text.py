"""Which parts of a text have been on the screen: sorted, disjoint, half-open ranges of offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable

SeenText = tuple[tuple[int, int], ...]

_LETTER = re.compile(r"\S")


def united(ranges: Iterable[tuple[int, int]]) -> SeenText:
    """The ranges as sorted and disjoint ones; those that touch become one, empty ones are left out."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def first_unseen(text: str, seen: SeenText) -> int | None:
    """The offset of the first character that was never on the screen, white space left out; None if there is none."""
    position = 0
    for start, end in (*seen, (len(text), len(text))):
        if (letter := _LETTER.search(text, position, max(start, position))) is not None:
            return letter.start()
        position = max(position, end)
    return None
