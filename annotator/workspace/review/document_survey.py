"""How far the review of one document is."""

from __future__ import annotations

from typing import NamedTuple

from annotator.errors import InputError, StoreError
from annotator.model.decisions import Status
from annotator.review.conflict_state import Counts


class DocumentSurvey(NamedTuple):
    """The conflicts of a document and the status of its gold set; why it cannot be read, if it cannot."""

    counts: Counts = Counts()
    status: Status = Status.SKIPPED
    error: StoreError | InputError | None = None
