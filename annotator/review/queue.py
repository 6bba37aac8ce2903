"""The review queue: which documents need a review, how far each is, and which one is next."""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Mapping, Sequence

from annotator.model.decisions import Status
from annotator.review.conflict_state import Counts


class Stage(enum.StrEnum):
    """How far the review of a document is."""

    NONE = "nobody finished it"
    WAITING = "waiting"
    """Some have finished it, but fewer than a review needs."""
    OPEN = "open"
    """It has open conflicts, or its gold set is done no longer for an annotator's set has changed."""
    READY = "ready"
    """Every conflict is settled: one key from done."""
    DONE = "done"
    SKIPPED = "skipped"


class ReviewQueue:
    """Document ids in their order, who finished each, and the status of its gold set.

    `count` tells the conflicts of one document (`conflict_state.count_conflicts`); it is asked only for documents that have
    enough finished sets, when their stage is wanted, and once until `update`.
    """

    def __init__(
        self,
        ids: Sequence[str],
        finished: Mapping[str, Collection[str]],
        gold: Mapping[str, Status],
        *,
        count: Callable[[str], Counts],
        minimum: int = 2,
    ) -> None:
        self.ids = ids
        self.minimum = minimum
        self._places = dict(zip(ids, range(len(ids)), strict=True))
        self._finished = finished
        self._gold = dict(gold)
        self._count = count
        self._counts: dict[str, Counts] = {}

    def update(self, document_id: str, *, counts: Counts, gold: Status) -> None:
        """Take what a session knows of its document."""
        self._counts[document_id] = counts
        self._gold[document_id] = gold

    def finished(self, document_id: str) -> tuple[str, ...]:
        """Who finished a document, sorted."""
        return tuple(sorted(self._finished.get(document_id, ())))

    @property
    def reviewable(self) -> list[str]:
        """The documents that enough annotators finished, in their order."""
        return [document_id for document_id in self.ids if self.is_reviewable(document_id)]

    @property
    def waiting(self) -> list[str]:
        """The documents that somebody finished, but not enough."""
        return [document_id for document_id in self.ids if 0 < len(self.finished(document_id)) < self.minimum]

    def is_reviewable(self, document_id: str) -> bool:
        """True if enough annotators finished a document."""
        return len(self._finished.get(document_id, ())) >= max(1, self.minimum)

    def counts(self, document_id: str) -> Counts:
        """The conflicts of a document; none before enough annotators finished it."""
        if not self.is_reviewable(document_id):
            return Counts()
        if document_id not in self._counts:
            self._counts[document_id] = self._count(document_id)
        return self._counts[document_id]

    def stage(self, document_id: str) -> Stage:
        """How far the review of a document is."""
        if not self.is_reviewable(document_id):
            return Stage.WAITING if self._finished.get(document_id) else Stage.NONE
        status = self._gold.get(document_id, Status.TODO)
        if status is Status.SKIPPED:
            return Stage.SKIPPED
        if self.counts(document_id).open:
            return Stage.OPEN
        return Stage.DONE if status is Status.DONE else Stage.READY

    def position(self, document_id: str) -> int:
        """The place of a document, counted from 1; 0 for one that is not in the queue."""
        return self._places.get(document_id, -1) + 1

    def next_open(self, after: str | None = None) -> str | None:
        """The next document with open conflicts, from the top again past the end; None if no other has any."""
        return self._next(after, (Stage.OPEN,))

    def next_unfinished(self, after: str | None = None) -> str | None:
        """The next document that is not done: with open conflicts, or ready; None if there is no other."""
        return self._next(after, (Stage.OPEN, Stage.READY))

    def _next(self, after: str | None, stages: Collection[Stage]) -> str | None:
        start = self.position(after) if after is not None else 0
        order = (*self.ids[start:], *self.ids[:start])
        return next(
            (
                document_id
                for document_id in order
                if document_id != after and self.stage(document_id) in stages
            ),
            None,
        )

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The document that can be reviewed `step` (1 or -1) places on; None beyond either end."""
        index = self.position(document_id) - 1 + step
        while 0 <= index < len(self.ids):
            if self.is_reviewable(self.ids[index]):
                return self.ids[index]
            index += step
        return None

    def progress(self) -> tuple[Counts, int, int]:
        """All conflicts, how many documents are done, and how many can be reviewed. This counts every document."""
        reviewable = self.reviewable
        total = sum((self.counts(document_id) for document_id in reviewable), Counts())
        done = sum(self.stage(document_id) is Stage.DONE for document_id in reviewable)
        return total, done, len(reviewable)
