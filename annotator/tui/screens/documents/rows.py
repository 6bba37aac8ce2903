"""The documents of a store as a person filters, sorts and searches them; pure."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.editing.queue import OPEN
from annotator.editing.search import folded
from annotator.model.decisions import Status
from annotator.store.catalogue import CatalogueRow


class Filter(enum.Enum):
    """Which documents are shown."""

    ALL = "all"
    UNFINISHED = "unfinished"
    DONE = "done"
    SKIPPED = "skipped"

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The statuses that pass."""
        return _PASSING[self]


class Order(enum.Enum):
    """What the documents are sorted by: the queue, or a column; numbers come largest first, times latest."""

    QUEUE = "queue"
    TITLE = "title"
    STATUS = "status"
    SPANS = "spans"
    UNDECIDED = "undecided"
    NOTES = "notes"
    CHANGED = "last change"


_PASSING = {
    Filter.ALL: tuple(Status),
    Filter.UNFINISHED: OPEN,
    Filter.DONE: (Status.DONE,),
    Filter.SKIPPED: (Status.SKIPPED,),
}
_LARGEST_FIRST = (Order.SPANS, Order.UNDECIDED, Order.NOTES, Order.CHANGED)
_STATUS_ORDER = {status: place for place, status in enumerate(Status)}


@dataclass(slots=True)
class ListState:
    """What stays when the list is left and opened again.

    `cursor` is the id of the document the cursor was on, `current` of the one that was open then: the cursor
    comes back to its place unless another document has been opened meanwhile.
    """

    filter: Filter = Filter.ALL
    order: Order = Order.QUEUE
    reverse: bool = False
    search: str = ""
    cursor: str | None = None
    current: str | None = None


class DocumentList:
    """The rows that pass the filter and the search of `state`, in its order.

    Documents that are `returned`, by id, pass as unfinished whatever their status.
    Rows are known by their number, counted from 0 in the queue's order. `arrange` must be called when the state
    has changed. Titles are folded once, when first searched or sorted by.
    """

    def __init__(
        self, rows: Sequence[CatalogueRow], state: ListState, *, returned: Collection[str] = ()
    ) -> None:
        self.rows = rows
        self.returned = returned
        self.state = state
        self.counts = Counter(row.status for row in rows)
        self._titles: list[str] | None = None
        self._shown: Sequence[int] = range(len(rows))
        self.arrange()

    def __len__(self) -> int:
        return len(self._shown)

    @property
    def arrow(self) -> str:
        """Which way the order runs: up where the smallest comes first."""
        return "↓" if self.state.reverse != (self.state.order in _LARGEST_FIRST) else "↑"

    def number(self, place: int) -> int:
        """The number of the document at `place` of what is shown; IndexError beyond the end."""
        return self._shown[place]

    def row(self, place: int) -> CatalogueRow:
        """The document at `place` of what is shown; IndexError beyond the end."""
        return self.rows[self._shown[place]]

    def place(self, document_id: str | None) -> int | None:
        """Where a document is shown; None if it is not."""
        rows = self.rows
        return next(
            (place for place, number in enumerate(self._shown) if rows[number].id == document_id), None
        )

    def nearest(self, document_id: str | None) -> int:
        """Where a document is shown, or else the one that is nearest to it in the queue; 0 if there is none."""
        if (place := self.place(document_id)) is not None:
            return place
        number = next((number for number, row in enumerate(self.rows) if row.id == document_id), 0)
        return min(range(len(self)), key=lambda place: abs(self._shown[place] - number), default=0)

    def arrange(self) -> None:
        """Filter, search and sort by the state as it is now."""
        state = self.state
        shown: Sequence[int] = range(len(self.rows))
        if state.filter is not Filter.ALL:
            passing, takes_returned = state.filter.statuses, state.filter is Filter.UNFINISHED
            shown = [
                number
                for number in shown
                if self.rows[number].status in passing
                or (takes_returned and self.rows[number].id in self.returned)
            ]
        if sought := folded(state.search):
            titles = self.titles
            shown = [number for number in shown if sought in titles[number]]
        if state.order is not Order.QUEUE:
            shown = sorted(shown, key=self._key(state.order), reverse=state.order in _LARGEST_FIRST)
        self._shown = shown[::-1] if state.reverse else shown

    @property
    def titles(self) -> list[str]:
        """The titles, folded for searching."""
        if self._titles is None:
            self._titles = [folded(row.title) for row in self.rows]
        return self._titles

    def _key(self, order: Order) -> Callable[[int], Any]:
        rows, titles = self.rows, self.titles if order is Order.TITLE else []
        keys: dict[Order, Callable[[int], Any]] = {
            Order.TITLE: lambda number: titles[number],
            Order.STATUS: lambda number: _STATUS_ORDER[rows[number].status],
            Order.SPANS: lambda number: rows[number].spans,
            Order.UNDECIDED: lambda number: -1 if (left := rows[number].undecided) is None else left,
            Order.NOTES: lambda number: rows[number].doubts + rows[number].notes,
            Order.CHANGED: lambda number: rows[number].updated,
        }
        return keys[order]
