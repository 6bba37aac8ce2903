"""What a workspace tells its listener, from any thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from annotator.errors import AnnotatorError, StoreError
from annotator.model.spans import Suggestion
from annotator.store.writer import Acknowledged
from annotator.suggest.worker.states import ServiceState

if TYPE_CHECKING:
    from annotator.model.adaptations import Adaptation
    from annotator.suggest.learner.service import LearnedSuggestions
    from annotator.suggest.memory.memory import Memory
    from annotator.suggest.worker.answers import Answer
    from annotator.workspace.review.document_survey import DocumentSurvey
    from annotator.workspace.review.weights import Weights


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


class MemoryLoaded(NamedTuple):
    """Memory is rebuilt; hand it to `Workspace.learn` on the interface's thread.

    `error` is why what people told it by hand is not heeded, if that cannot be read.
    """

    memory: Memory
    error: StoreError | None


class Learned(NamedTuple):
    """The learner has suggested; hand it to `Workspace.take_learned` on the interface's thread."""

    suggested: LearnedSuggestions


class LearnerFailed(NamedTuple):
    """The learner's process keeps dying, for this reason; suggestions go on without it."""

    reason: str


class Adapted(NamedTuple):
    """An attempt to adapt the model has ended; hand it to `Workspace.take_adapted` on the interface's thread.

    `is_broken` says that the copy in use proved not to load, `attempt` being the one that made it.
    """

    attempt: Adaptation
    is_broken: bool = False


class ConflictsCounted(NamedTuple):
    """The conflicts of some more documents are known; hand them to `ReviewWorkspace.take`."""

    found: Mapping[str, DocumentSurvey]


class Weighing(NamedTuple):
    """So many of the documents have been read to weigh the annotators."""

    done: int
    total: int


class Weighed(NamedTuple):
    """The annotators have been weighed, or cannot be; hand it to `ReviewWorkspace.take`."""

    weights: Weights | None
    error: AnnotatorError | None = None


Event = (
    Suggested
    | SuggesterChanged
    | Saved
    | BackupFailed
    | MemoryLoaded
    | Learned
    | LearnerFailed
    | Adapted
    | ConflictsCounted
    | Weighing
    | Weighed
)
