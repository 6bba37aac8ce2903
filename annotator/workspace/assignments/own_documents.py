"""Which documents are an annotator's own: all in an open project, else those assigned and those that came back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from annotator.editing.editor import Editor
from annotator.editing.queue import Queue, last_finished, queue_of, still_returned
from annotator.errors import StoreError
from annotator.model.annotations import AnnotationSet
from annotator.settings import Settings
from annotator.store.catalogue import CatalogueRow
from annotator.store.layout import ASSIGNMENTS
from annotator.store.repository import Store

if TYPE_CHECKING:
    from annotator.model.assignments import Returned
    from annotator.workspace.pipeline_answers import PipelineAnswers


class OwnDocuments:
    """An annotator's queue in a store, and what a lead has sent back with a comment; `sees_all` is for a lead's look.

    `returns` has the newest return of each document that ever came back. `has_any` is False in a project where nothing
    is assigned to the annotator. DamageError if the annotator's assignment cannot be read: a damaged one must not look
    like none.
    """

    def __init__(self, store: Store, annotator: str, *, sees_all: bool = False) -> None:
        self.returns: Mapping[str, Returned] = {}
        own: Collection[str] | None = None
        if store.info.access == "assigned" or (store.path / ASSIGNMENTS).exists():
            from annotator.store.assignments import Assignments

            assignments = Assignments(store)
            assignment = assignments.read(annotator)
            self.returns = assignment.returns
            if assignments.are_binding and not sees_all:
                own = {*assignment.documents, *assignment.returns}
        self.has_any = own is None or bool(own)
        self.queue: Queue = queue_of(store.catalogue.ids, own=own)
        self._store = store
        self._annotator = annotator
        self._finished: dict[str, tuple[str, str]] = {}

    def arrange(self, settings: Settings, answers: PipelineAnswers) -> Queue:
        """Sort the queue as the settings ask for, by the pipeline's cached answers where that is by suggestions."""
        if settings.order != "imported" or settings.random_share:
            from annotator.workspace.ordering import arranged

            self.queue = arranged(self.queue, settings, self._store, answers)
        return self.queue

    def returned(self, editors: Mapping[str, Editor]) -> frozenset[str]:
        """The documents that came back and were not finished since, saved or not."""
        if not self.returns:
            return frozenset()
        whens = {document_id: returned.when for document_id, returned in self.returns.items()}
        finished = {
            document_id: last_finished(editors[document_id].annotation_set.decisions)
            if document_id in editors
            else self._saved(document_id, whens[document_id])
            for document_id in whens
            if self.queue.position(document_id)
        }
        return still_returned(whens, finished) & finished.keys()

    def rows(self, rows: list[CatalogueRow]) -> list[CatalogueRow]:
        """Those of all documents' rows that are in the queue, in its order."""
        if self.queue.ids == [row.id for row in rows]:
            return rows
        by_id = {row.id: row for row in rows}
        return [by_id[document_id] for document_id in self.queue.ids if document_id in by_id]

    def _saved(self, document_id: str, since: str) -> str:
        """When the saved set on a document was finished last; it is read only if it changed after `since`.

        One that cannot be read was not finished, as far as is known: opening it tells.
        """
        updated = self._store.catalogue.set_entry(document_id, self._annotator).updated
        if updated <= since:
            return ""
        cached = self._finished.get(document_id)
        if cached is None or cached[0] != updated:
            try:
                decisions = self._store.load_set(document_id, self._annotator).decisions
            except StoreError:
                return ""
            cached = self._finished[document_id] = (updated, last_finished(decisions))
        return cached[1]


def settle_blindness(annotation_set: AnnotationSet, settings: Settings) -> None:
    """Settle, when a document is opened for the first time, whether its suggestions are kept from view."""
    effort = annotation_set.effort
    if not annotation_set.revision and not effort.keys:
        from annotator.editing.orders import is_blind

        effort.is_blind = is_blind(annotation_set.document_id, seed=settings.seed, share=settings.blind_share)
