"""Feedback in a store: what reviews found in an annotator's finished documents, and what of them is sent back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotator.errors import InputError, StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Returned
from annotator.model.counting import counted
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.spans import Interval
from annotator.review.feedback import DocumentFeedback, Feedback, Reviewed, feedback
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.workspace.assignments.annotator_names import check_known
from annotator.workspace.assignments.messages import is_reviewed
from annotator.workspace.assignments.own_documents import OwnDocuments


@dataclass(frozen=True, kw_only=True)
class FeedbackReport:
    """What reviews found in one annotator's work, and how much of it they saw.

    Of the `finished` documents those are in `feedback` whose review is done. `returned` has what a lead sent back
    and the annotator has not finished since; `left_out` says which sets could not be read, and why.
    """

    feedback: Feedback
    finished: int
    returned: Mapping[str, Returned]
    left_out: tuple[str, ...] = ()

    @property
    def annotator(self) -> str:
        """Whose work it is about."""
        return self.feedback.annotator

    @property
    def waiting(self) -> int:
        """How many finished documents have no finished review yet."""
        return self.finished - len(self.feedback.documents) - len(self.left_out)

    @property
    def documents(self) -> tuple[DocumentFeedback, ...]:
        """The reviewed documents, in the order of their import."""
        return self.feedback.documents


def feedback_report(store: Store, annotator: str) -> FeedbackReport:
    """What reviews found in the documents that `annotator` has finished and whose review is done.

    InputError if there is nothing to tell: nobody is called so, nothing is finished, or nothing reviewed. A set that
    cannot be read is left out, and told.
    """
    check_known(store, annotator)
    report = _report(store, annotator)
    if not report.finished:
        raise InputError(
            f"{annotator} has finished no document yet",
            hint="feedback compares finished documents with reviewed ones",
        )
    if not report.documents and not report.left_out:
        raise InputError(
            f"no document that {annotator} has finished is reviewed yet",
            hint=f"{counted(report.finished, 'finished document')} wait for the gold set that a review makes",
        )
    return report


def feedback_reports(store: Store) -> list[FeedbackReport]:
    """The same for everybody who has annotated, by name, though there be nothing to tell; InputError if nobody has."""
    names = store.annotators()
    if not names:
        raise InputError(
            f"nobody has annotated anything in {store.path}", hint="annotator merge brings colleagues' work"
        )
    return [_report(store, name) for name in names]


def open_returns(store: Store, annotator: str) -> dict[str, Returned]:
    """The newest return of each document that was sent back to `annotator` and not finished since."""
    own = OwnDocuments(store, annotator)
    still = own.returned({})
    return {document_id: back for document_id, back in own.returns.items() if document_id in still}


def _report(store: Store, annotator: str) -> FeedbackReport:
    catalogue = store.catalogue
    statuses = catalogue.statuses(annotator)
    finished = [document_id for document_id in catalogue.ids if statuses.get(document_id) is Status.DONE]
    reviewed: list[Reviewed] = []
    left_out: list[str] = []
    for document_id in finished:
        if not is_reviewed(store, annotator, document_id):
            continue
        try:
            item = _reviewed(store, annotator, document_id)
        except (StoreError, InputError) as error:
            left_out.append(error.message)
        else:
            reviewed += [item] if item is not None else []
    return FeedbackReport(
        feedback=feedback(annotator, reviewed),
        finished=len(finished),
        returned=open_returns(store, annotator),
        left_out=tuple(left_out),
    )


def _reviewed(store: Store, annotator: str, document_id: str) -> Reviewed | None:
    """The two sets on a document; None if one was opened again just now."""
    document = store.document(document_id)
    own = store.load_set(document_id, annotator)
    gold = store.load_set(document_id, GOLD, gold=True)
    for annotation_set in (own, gold):
        _check_places(annotation_set, annotation_set.spans, document)
    if own.status is not Status.DONE or gold.status is not Status.DONE:
        return None
    return Reviewed(document, tuple(span.span for span in own.spans), gold)


def _check_places(annotation_set: AnnotationSet, spans: Iterable[Interval], document: Document) -> None:
    if any(span.end > len(document.text) for span in spans):
        raise InputError(
            f"a span of {annotation_set.annotator} lies outside the text of {document.id}",
            hint="annotator check tells of all damage",
        )
