"""The navigation through a document's conflicts: which are shown, which are open, and which one is next."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from annotator.review.conflict_state import ConflictState, Counts
from annotator.review.conflicts import Conflict, Kind


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conflicts the navigation stops at: those of one kind, with one pair of labels, or both; by default all.

    A conflict is of a kind if all its versions, or any two of them, differ so. The lesser label of a pair comes
    first; `conflicts.NONE` is the other label of a span that one version does not have.
    """

    kind: Kind | None = None
    pair: tuple[str, str] | None = None

    def fits(self, conflict: Conflict) -> bool:
        """True if the navigation stops at `conflict`."""
        is_kind = self.kind is None or self.kind is conflict.kind or self.kind in conflict.kinds
        return is_kind and (self.pair is None or self.pair in conflict.label_pairs)


class ConflictNavigation:
    """The conflicts that a person sees, in walking order, one of which is current.

    `update` is told what a change touched; everything else only reads.
    """

    def __init__(self, conflict_state: ConflictState) -> None:
        self._conflict_state = conflict_state
        self.filter = Filter()
        self.current: Conflict | None = None
        self._shown: list[int] = []
        self._open: list[int] = []
        self._refresh(range(len(conflict_state.items)))

    def update(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Look again at the conflicts in these ranges of the text."""
        touched = (item for interval in set(ranges) for item in self._conflict_state.overlapping(*interval))
        self._refresh({self._conflict_state.number(item) for item in touched})

    def _refresh(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            item = self._conflict_state.items[number]
            _set(self._shown, number, self._conflict_state.is_shown(item))
            _set(self._open, number, not self._conflict_state.is_settled(item))

    @property
    def shown(self) -> tuple[Conflict, ...]:
        """The conflicts that the filter lets through, open and settled."""
        return self._filtered(self._shown)

    @property
    def open(self) -> tuple[Conflict, ...]:
        """Those of them that are open."""
        return self._filtered(self._open)

    @property
    def all_open(self) -> tuple[Conflict, ...]:
        """The open conflicts, whatever the filter."""
        return tuple(self._conflict_state.items[number] for number in self._open)

    def _filtered(self, numbers: Iterable[int]) -> tuple[Conflict, ...]:
        items = (self._conflict_state.items[number] for number in numbers)
        return tuple(item for item in items if self.filter.fits(item))

    @property
    def counts(self) -> Counts:
        """How many are open and settled, whatever the filter."""
        return Counts(len(self._open), len(self._shown) - len(self._open))

    def position(self, conflict: Conflict) -> int:
        """The number of a conflict among all shown, from 1, whatever the filter."""
        return bisect_left(self._shown, self._conflict_state.number(conflict)) + 1

    def overlapping(self, start: int, end: int) -> list[Conflict]:
        """The conflicts, whatever the filter, that share a character with the range."""
        return [
            item
            for item in self._conflict_state.overlapping(start, end)
            if self._conflict_state.is_shown(item)
        ]

    def open_ahead(self, direction: int = 1, *, wraps: bool = False) -> Iterator[Conflict]:
        """The open conflicts behind the current one that the filter lets through, or backwards those before it.

        With `wraps` it goes on at the other end, to the current one last.
        """
        return self._ahead(self._open, direction, wraps=wraps)

    def ahead(self, direction: int = 1) -> Iterator[Conflict]:
        """The conflicts, open or settled, behind the current one that the filter lets through, or those before."""
        return self._ahead(self._shown, direction, wraps=False)

    def _ahead(self, numbers: list[int], direction: int, *, wraps: bool) -> Iterator[Conflict]:
        here = self._conflict_state.number(self.current) if self.current else -1
        if direction > 0:
            index = bisect_right(numbers, here)
            order = numbers[index:] + (numbers[:index] if wraps else [])
        else:
            index = bisect_left(numbers, here)
            order = numbers[:index][::-1] + (numbers[index:][::-1] if wraps else [])
        items = (self._conflict_state.items[number] for number in order)
        return (item for item in items if self.filter.fits(item))


def _set(numbers: list[int], number: int, is_in: bool) -> None:
    """Put `number` into the sorted list, or take it out."""
    index = bisect_left(numbers, number)
    was_in = index < len(numbers) and numbers[index] == number
    if is_in and not was_in:
        insort(numbers, number)
    elif was_in and not is_in:
        del numbers[index]
