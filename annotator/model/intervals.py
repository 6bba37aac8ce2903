"""Items with a place in the text, kept sorted so that a row of text finds its own without a scan."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from annotator.model.spans import Interval, walking_order

Item = TypeVar("Item", bound=Interval)


class Intervals(Generic[Item]):
    """A sorted collection in walking order: by start, longer first.

    Adding and removing cost one search and one move of a list; finding what overlaps a range costs one search
    and the items found, plus those that start within the longest item's length before it.
    """

    __slots__ = ("_items", "_longest")

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items: list[Item] = sorted(items, key=walking_order)
        self._longest = max((item.end - item.start for item in self._items), default=0)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __getitem__(self, index: int) -> Item:
        return self._items[index]

    def add(self, item: Item) -> None:
        """Put `item` behind those that stand at the same place."""
        insort(self._items, item, key=walking_order)
        self._longest = max(self._longest, item.end - item.start)

    def remove(self, item: Item) -> None:
        """Take out the item equal to `item`; ValueError if there is none."""
        index = bisect_left(self._items, walking_order(item), key=walking_order)
        self._items.pop(self._items.index(item, index))

    def overlapping(self, start: int, end: int) -> Iterator[Item]:
        """The items that share a character with `[start, end)`, in walking order."""
        index = bisect_left(self._items, start - self._longest, key=lambda item: item.start)
        while index < len(self._items) and (item := self._items[index]).start < end:
            if item.end > start:
                yield item
            index += 1

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
