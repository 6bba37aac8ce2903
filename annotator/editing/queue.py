"""The queue: in which order documents come, and which one is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from annotator.model.decisions import Status

OPEN = (Status.TODO, Status.STARTED)


class Queue:
    """Document ids in their order. `order` says which order that is."""

    def __init__(self, ids: Sequence[str], *, order: str = "as imported") -> None:
        self.ids = ids
        self.order = order
        self._places = dict(zip(ids, range(len(ids)), strict=True))

    def position(self, document_id: str) -> int:
        """The place of a document, counted from 1; 0 for one that is not in the queue."""
        return self._places.get(document_id, -1) + 1

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The document `step` places on; None beyond either end."""
        place = self.position(document_id) - 1 + step
        return self.ids[place] if 0 <= place < len(self.ids) else None

    def next_open(self, after: str | None, statuses: Mapping[str, Status]) -> str | None:
        """The next document that is neither done nor skipped, from the top again past the end; None if all are.

        A document without a status is to do.
        """
        start = self.position(after) if after is not None else 0
        for place in range(len(self.ids)):
            candidate = self.ids[(start + place) % len(self.ids)]
            if candidate != after and statuses.get(candidate, Status.TODO) in OPEN:
                return candidate
        return None
