"""What lies over the text and its marks for a moment: cursor, focus, selection, search hits, hints."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

Range = tuple[int, int]

EVERYWHERE = (0, sys.maxsize)
"""A range that holds any text."""

_MANY = 500
"""More ranges than this are not compared one by one: painting a screen again costs less."""
_end = itemgetter(1)


class Overlay(NamedTuple):
    """All ranges are half-open offsets. `boxes` and `hits` are sorted and disjoint, `remarks` sorted by start."""

    cursor: Range | None = None
    """The cursor's token; an empty range is a place between characters."""
    focus: tuple[int, int, str] | None = None
    """Start, end and label of the mark that verbs act on."""
    selection: Range | None = None
    boxes: tuple[Range, ...] = ()
    """Mentions that a key would change as well."""
    hits: tuple[Range, ...] = ()
    """What a search found."""
    hit: Range | None = None
    """The one that the search stands on."""
    remarks: tuple[Range, ...] = ()
    """What a reviewer has said something about."""
    hints: Mapping[int, str] = MappingProxyType({})
    """Letters to type for a jump, by the offset over which they are drawn."""
    place_hints: Mapping[int, str] = MappingProxyType({})
    """Letters that lead to a place at once, by its offset; they stand in the blank before it."""
    hint_typed: str = ""
    """The letters typed so far; hints that do not begin with them are no longer drawn."""


def touching(ranges: Sequence[Range], start: int, end: int) -> Iterator[Range]:
    """Those of sorted and disjoint `ranges` that share a character with `[start, end)`."""
    index = bisect_left(ranges, start + 1, key=_end)
    while index < len(ranges) and ranges[index][0] < end:
        yield ranges[index]
        index += 1


def changed(old: Overlay, new: Overlay) -> Iterator[Range]:
    """The ranges that look different under `new`; an empty one stands for its place. Hints make all text recede."""
    for before, after in (
        (old.cursor, new.cursor),
        (old.selection, new.selection),
        (old.hit, new.hit),
    ):
        if before != after:
            yield from (one for one in (before, after) if one is not None)
    if old.focus != new.focus:
        yield from ((focus[0], focus[1]) for focus in (old.focus, new.focus) if focus is not None)
    for some, others in ((old.boxes, new.boxes), (old.hits, new.hits), (old.remarks, new.remarks)):
        if some is others or some == others:
            continue
        if len(some) + len(others) > _MANY:
            yield EVERYWHERE
        else:
            yield from set(some) ^ set(others)
    if old.place_hints is not new.place_hints:
        yield from ((offset, offset + 1) for offset, _ in old.place_hints.items() ^ new.place_hints.items())
    if bool(old.hints) != bool(new.hints):
        yield EVERYWHERE
    elif old.hint_typed != new.hint_typed:
        yield from ((offset, offset + 1) for offset in {*old.hints, *new.hints})
    elif old.hints is not new.hints:
        yield from ((offset, offset + 1) for offset, _ in old.hints.items() ^ new.hints.items())
