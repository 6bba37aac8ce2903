"""Who has which documents to do, and how far they are with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from annotator.model.decisions import Status
from annotator.store.assignments import Assignments
from annotator.store.repository import Store
from annotator.workspace.review.feedback import open_returns


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What is assigned to one annotator: `documents`, their `words`, and how many of them have each status.

    `returned` counts the documents that were sent back and not finished since, assigned or not.
    """

    annotator: str
    documents: int
    words: int
    statuses: Mapping[Status, int]
    returned: int

    @property
    def waiting(self) -> int:
        """How many documents the annotator has neither finished nor skipped."""
        return self.documents - self.statuses.get(Status.DONE, 0) - self.statuses.get(Status.SKIPPED, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workloads:
    """All annotators' work, by name. `documents` are in the store, `unassigned` of them nobody has to do."""

    is_assigned: bool
    documents: int
    unassigned: int
    annotators: tuple[Workload, ...]


def workloads(store: Store) -> Workloads:
    """Who has what to do. DamageError if an assignment cannot be read."""
    assignments = Assignments(store)
    words = {entry.id: entry.words for entry in store.catalogue}
    given: set[str] = set()
    found = []
    for name, assignment in assignments.all().items():
        own = [document for document in assignment.documents if document in words]
        given.update(own)
        statuses = store.catalogue.statuses(name)
        found.append(
            Workload(
                annotator=name,
                documents=len(own),
                words=sum(words[document] for document in own),
                statuses=Counter(statuses.get(document, Status.TODO) for document in own),
                returned=len(open_returns(store, name)),
            )
        )
    return Workloads(
        is_assigned=assignments.are_binding,
        documents=len(words),
        unassigned=len(words) - len(given),
        annotators=tuple(found),
    )
