"""Items with a place in the text, kept sorted so that a row of text finds its own without a scan."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from annotator.model.spans import Interval, Labelled, walking_order

Item = TypeVar("Item", bound=Labelled)

REACH = 256
"""Items longer than this many code points are rare, and kept in a list of their own."""


class Intervals(Generic[Item]):
    """A sorted collection in walking order: by start, longer first; at the same place by label.

    Adding and removing cost one search and one move of a list; finding what overlaps a range costs one search
    and the items found, plus those that start before it by less than the longest item or REACH, plus the longer ones.
    """

    __slots__ = ("_items", "_long", "_reach", "_starts")

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items: list[Item] = sorted(items, key=_order)
        self._starts = [item.start for item in self._items]  # searched without a call for each step
        self._long: list[Item] = [item for item in self._items if _is_long(item)]
        lengths = (item.end - item.start for item in self._items)
        self._reach = min(REACH, max(lengths, default=0))  # no item that is not long is longer

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __getitem__(self, index: int) -> Item:
        return self._items[index]

    def add(self, item: Item) -> None:
        """Put `item` in its place, behind those with the same offsets and label."""
        index = bisect_right(self._items, _order(item), key=_order)
        self._items.insert(index, item)
        self._starts.insert(index, item.start)
        self._reach = min(REACH, max(self._reach, item.end - item.start))
        if _is_long(item):
            insort(self._long, item, key=_order)

    def remove(self, item: Item) -> None:
        """Take out the item equal to `item`; ValueError if there is none."""
        index = self._items.index(item, bisect_left(self._starts, item.start))
        del self._items[index], self._starts[index]
        if _is_long(item):
            self._long.remove(item)

    def overlapping(self, start: int, end: int) -> Iterator[Item]:
        """The items that share a character with `[start, end)`, in walking order."""
        if start >= end:
            return iter(())
        reach = start - self._reach
        overlapping = [item for item in self._long if item.start < reach and item.end > start]
        between = slice(bisect_left(self._starts, reach), bisect_left(self._starts, end))
        overlapping += [item for item in self._items[between] if item.end > start]
        return iter(overlapping)

    def at(self, start: int, end: int) -> Item | None:
        """The first item at just this place; None if there is none."""
        index = bisect_left(self._starts, start)
        while index < len(self._items) and (item := self._items[index]).start == start:
            if item.end == end:
                return item
            index += 1
        return None

    def rank(self, item: Interval) -> int:
        """How many items stand before `item`'s place in walking order."""
        return bisect_left(self._items, walking_order(item), key=walking_order)

    def after(self, item: Interval, *, inclusive: bool = False) -> Iterator[Item]:
        """The items behind `item`'s place, forwards; `inclusive` begins with those at the very place."""
        search = bisect_left if inclusive else bisect_right
        index = search(self._items, walking_order(item), key=walking_order)
        while index < len(self._items):
            yield self._items[index]
            index += 1

    def before(self, item: Interval) -> Iterator[Item]:
        """The items before `item`'s place, backwards."""
        index = bisect_left(self._items, walking_order(item), key=walking_order) - 1
        while index >= 0:
            yield self._items[index]
            index -= 1


def _order(item: Labelled) -> tuple[int, int, str]:
    return (item.start, -item.end, item.label)


def _is_long(item: Interval) -> bool:
    return item.end - item.start > REACH
