"""The queue: in which order documents come, and which one is next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from annotator.model.decisions import Decision, Status, Verb

OPEN = (Status.TODO, Status.STARTED)

ASSIGNED = "assigned"
"""The order of a queue that holds an annotator's own documents alone, as imported."""


class Queue:
    """Document ids in their order. `order` says which order that is."""

    def __init__(self, ids: Sequence[str], *, order: str = "as imported") -> None:
        self.ids = ids
        self.order = order
        self._known: dict[str, int] = {}

    def position(self, document_id: str) -> int:
        """The place of a document, counted from 1; 0 for one that is not in the queue."""
        # Looking through the ids once a document costs less than knowing the places of all when a program starts.
        if document_id not in self._known:
            try:
                self._known[document_id] = self.ids.index(document_id) + 1
            except ValueError:
                self._known[document_id] = 0
        return self._known[document_id]

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The document `step` places on; None beyond either end."""
        index = self.position(document_id) - 1 + step
        return self.ids[index] if 0 <= index < len(self.ids) else None

    def next_open(
        self, after: str | None, statuses: Mapping[str, Status], *, returned: Collection[str] = ()
    ) -> str | None:
        """The next document that is neither done nor skipped, from the top again past the end; None if all are.

        A document without a status is to do, and one in `returned` is open whatever its status.
        """
        start = self.position(after) if after is not None else 0
        for index in range(len(self.ids)):
            candidate = self.ids[(start + index) % len(self.ids)]
            if candidate == after:
                continue
            if statuses.get(candidate, Status.TODO) in OPEN or candidate in returned:
                return candidate
        return None


def queue_of(ids: Sequence[str], *, own: Collection[str] | None) -> Queue:
    """The queue of an annotator over all documents `ids`, in their order: those that are their `own`, or all if None."""
    if own is None:
        return Queue(ids)
    return Queue([document_id for document_id in ids if document_id in own], order=ASSIGNED)


def last_finished(decisions: Iterable[Decision]) -> str:
    """When a document was finished last, whether or not it was opened again; empty if it never was."""
    return max((decision.when for decision in decisions if decision.verb is Verb.FINISH), default="")


def still_returned(returned: Mapping[str, str], finished: Mapping[str, str]) -> frozenset[str]:
    """The documents that came back and were not finished later than that.

    Both mappings give times by document, UTC in ISO 8601; one that was never finished may be missing in the second.
    """
    return frozenset(
        document_id for document_id, when in returned.items() if finished.get(document_id, "") <= when
    )
