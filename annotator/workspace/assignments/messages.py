"""What was said to an annotator about one document, for the screen on which it is open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from annotator.editing.queue import last_finished
from annotator.errors import InputError, StoreError
from annotator.model.decisions import Comment, Decision, Status
from annotator.store.layout import GOLD
from annotator.store.repository import Store

if TYPE_CHECKING:
    from annotator.model.assignments import Returned


class DocumentMessages(NamedTuple):
    """What was said to an annotator about one document: by the lead who sent it back, and by its reviewers."""

    returned: Returned | None = None
    comments: tuple[Comment, ...] = ()

    def on(self, start: int, end: int) -> tuple[Comment, ...]:
        """The comments on any character of `[start, end)`."""
        return tuple(comment for comment in self.comments if comment.start < end and start < comment.end)

    def is_waiting(self, decisions: Iterable[Decision]) -> bool:
        """True if the document was sent back and, by these decisions of the annotator, not finished since."""
        return self.returned is not None and last_finished(decisions) <= self.returned.when


def messages_for(
    store: Store, annotator: str, document_id: str, returned: Returned | None
) -> DocumentMessages:
    """What an annotator is to know about a document whose newest return is `returned`.

    Reviewers' comments are told once the document was sent back, or finished and reviewed; not those in a gold set
    that cannot be read, of which whoever reviews is told.
    """
    if returned is None and not is_reviewed(store, annotator, document_id):
        return DocumentMessages()
    try:
        gold = store.load_set(document_id, GOLD, gold=True)
    except (StoreError, InputError):
        return DocumentMessages(returned)
    return DocumentMessages(
        returned, tuple(comment for comment in gold.comments if comment.is_for(annotator))
    )


def is_reviewed(store: Store, annotator: str, document_id: str) -> bool:
    """True if the annotator has finished a document and its review is done, as far as the catalogue knows."""
    entry = store.catalogue.set_entry
    return entry(document_id, annotator).status is entry(document_id, GOLD).status is Status.DONE
