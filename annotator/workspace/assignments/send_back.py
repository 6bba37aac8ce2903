"""Sending documents back to the queue of who annotated them, with a comment, and taking them back from there."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.editing.queue import last_finished
from annotator.errors import InputError
from annotator.model.assignments import Returned
from annotator.model.decisions import Status
from annotator.store.assignments import Assignments
from annotator.store.repository import Store
from annotator.workspace.assignments.annotator_names import check_known
from annotator.workspace.review.feedback import open_returns


def send_back(
    store: Store, annotator: str, documents: Sequence[str], *, comment: str, who: str, when: str
) -> list[Returned]:
    """Put documents, by id, back into an annotator's queue; durable when it returns.

    They are open there until finished again, later than `when`, which is UTC in ISO 8601. The annotator's own sets are not touched, so it
    does not matter who has them open. All are looked at before the first is sent: InputError, and nothing changed,
    if there is no comment, nobody is called so, or one of the documents is not finished. One that has been sent back
    already can be sent again, with another comment. HeldError if another program changes assignments just then.
    """
    if not comment.strip():
        raise InputError("no comment says why it is sent back", hint="say what is to be looked at again")
    check_known(store, annotator)
    waiting = open_returns(store, annotator)
    whens = {}
    for document_id in documents:
        annotation_set = store.load_set(document_id, annotator)
        if annotation_set.status is not Status.DONE and document_id not in waiting:
            raise InputError(
                f"{annotator} has not finished {document_id}",
                hint="a document is sent back once it is finished; until then it is in the annotator's queue anyway",
            )
        # A clock that is behind the annotator's must not make the return look answered.
        whens[document_id] = max(when, last_finished(annotation_set.decisions))
    assignments = Assignments(store)
    return [
        assignments.send_back(annotator, document_id, comment=comment.strip(), who=who, when=moment)
        for document_id, moment in whens.items()
    ]


def take_back(store: Store, annotator: str, documents: Sequence[str], *, when: str) -> list[Returned]:
    """Undo the sending back of documents, by id, that are still waiting for the annotator; durable when it returns.

    InputError, and nothing changed, if nobody is called so, or one of them is not waiting. HeldError as above.
    """
    check_known(store, annotator)
    waiting = open_returns(store, annotator)
    for document_id in documents:
        if document_id not in waiting:
            store.document(document_id)
            raise InputError(
                f"{document_id} is not waiting to be looked at again by {annotator}",
                hint="only what was sent back and not finished since can be taken back",
            )
    with Assignments(store).change() as changed:
        changed[annotator] = changed[annotator].taking_back(documents, when=when)
    return [waiting[document_id] for document_id in documents]
