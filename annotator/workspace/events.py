"""What a workspace tells its listener, from any thread."""

from __future__ import annotations

from typing import NamedTuple

from annotator.errors import StoreError
from annotator.model.spans import Suggestion
from annotator.store.writer import Acknowledged
from annotator.suggest.answers import Answer
from annotator.suggest.states import ServiceState


class Suggested(NamedTuple):
    """The pipeline has answered for a document; hand it to `Workspace.take` on the interface's thread.

    `suggestions` are the answer's in the label set's terms.
    """

    answer: Answer
    suggestions: tuple[Suggestion, ...]


class SuggesterChanged(NamedTuple):
    """The pipeline starts, is ready, works, or cannot."""

    state: ServiceState


class Saved(NamedTuple):
    """A save ended, well or not."""

    acknowledged: Acknowledged


class BackupFailed(NamedTuple):
    """The daily backup could not be made."""

    error: StoreError


Event = Suggested | SuggesterChanged | Saved | BackupFailed
