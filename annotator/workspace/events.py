"""What a workspace tells its listener, from any thread."""

from __future__ import annotations

from dataclasses import dataclass

from annotator.errors import StoreError
from annotator.model.spans import Suggestion
from annotator.store.writer import Acknowledged
from annotator.suggest.answers import Answer
from annotator.suggest.states import ServiceState


@dataclass(frozen=True, slots=True)
class Suggested:
    """The pipeline has answered for a document; hand it to `Workspace.take` on the interface's thread.

    `suggestions` are the answer's in the label set's terms.
    """

    answer: Answer
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class SuggesterChanged:
    """The pipeline starts, is ready, works, or cannot."""

    state: ServiceState


@dataclass(frozen=True, slots=True)
class Saved:
    """A save ended, well or not."""

    acknowledged: Acknowledged


@dataclass(frozen=True, slots=True)
class BackupFailed:
    """The daily backup could not be made."""

    error: StoreError


Event = Suggested | SuggesterChanged | Saved | BackupFailed
