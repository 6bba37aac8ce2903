"""The survey of a review: how many conflicts each document has, and how far its annotators are to be trusted.

It reads every set of the review, so it goes on beside the screen, on a thread of its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from annotator.errors import AnnotatorError, InputError, StoreError
from annotator.model.decisions import Status
from annotator.review.conflict_state import Counts, conflicts_of
from annotator.review.conflicts import Conflict
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.throttle import Throttle
from annotator.workspace.events import ConflictsCounted, Event, Weighed, Weighing
from annotator.workspace.review.document_survey import DocumentSurvey
from annotator.workspace.review.sets import ReviewedSets


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Finds the conflicts of one document after the other, as a session would. Any thread may ask."""

    store: Store
    sets: ReviewedSets
    check_share: float
    seed: int

    def __call__(self, document_id: str) -> DocumentSurvey:
        """How far the review of a document is in the store."""
        try:
            conflicts, status = self._conflicts(document_id)
        except (StoreError, InputError) as error:
            return DocumentSurvey(error=error)
        return DocumentSurvey(Counts(*map(len, conflicts)), status)

    def open(self, document_id: str) -> list[Conflict]:
        """The open conflicts of a document; none if it cannot be read."""
        try:
            return self._conflicts(document_id)[0][0]
        except (StoreError, InputError):
            return []

    def _conflicts(self, document_id: str) -> tuple[tuple[list[Conflict], list[Conflict]], Status]:
        document = self.store.document(document_id)
        gold = self.store.load_set(document_id, GOLD, gold=True)
        conflicts = conflicts_of(
            self.sets.spans(document),
            gold,
            self.store.info.label_set,
            check_share=self.check_share,
            seed=self.seed,
        )
        return conflicts, gold.status


class Survey:
    """Surveys the documents `ids`, and weighs their annotators if asked to; `tell` hears of it from its thread."""

    def __init__(
        self,
        surveyor: Surveyor,
        ids: Sequence[str],
        *,
        weighs: bool,
        tell: Callable[[Event], None],
    ) -> None:
        self._surveyor = surveyor
        self._ids = ids
        self._weighs = weighs
        self._tell = tell
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="survey", daemon=True)

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def close(self) -> None:
        """Break off, and wait for that."""
        self._is_over.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        if self._weighs:
            self._weigh()
        self._count()

    def _count(self) -> None:
        counts: dict[str, DocumentSurvey] = {}
        throttle = Throttle(waits=True)
        for document_id in self._ids:
            if self._is_over.is_set():
                return
            counts[document_id] = self._surveyor(document_id)
            if throttle.allow():
                self._tell(ConflictsCounted(counts))
                counts = {}
        if counts:
            self._tell(ConflictsCounted(counts))

    def _weigh(self) -> None:
        from annotator.workspace.review.weights import weigh

        throttle = Throttle()

        def goes_on(done: int) -> bool:
            if throttle.allow():
                self._tell(Weighing(done, len(self._ids)))
            return not self._is_over.is_set()

        try:
            weights = weigh(self._surveyor.store, self._surveyor.sets, self._ids, goes_on=goes_on)
        except AnnotatorError as error:
            self._tell(Weighed(None, error))
        else:
            if weights is not None:
                self._tell(Weighed(weights))
