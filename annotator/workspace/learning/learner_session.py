"""A learner session: the learner kept up with what an annotator finishes, and its suggestions on what is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from annotator.editing.editor import Editor
from annotator.model.decisions import Status
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.store.repository import Store
from annotator.suggest.learner.service import LearnedSuggestions, LearnerService
from annotator.workspace.events import Learned, LearnerFailed
from annotator.workspace.learning.lessons import GUESSING, finished_lessons, source_text
from annotator.workspace.pipeline_answers import PipelineAnswers


class LearnerSession:
    """The learner of one annotator in one store. Methods belong to the interface's thread.

    Only finished documents are learnt. A document that is reopened, or whose finishing is undone, is forgotten.
    """

    def __init__(
        self,
        store: Store,
        annotator: str,
        answers: PipelineAnswers,
        *,
        whose: str,
        on_event: Callable[[Learned | LearnerFailed], None],
    ) -> None:
        """`whose` finished documents are learnt: "own" or "all"; `on_event` is called on another thread."""
        self._start_service = partial(
            LearnerService,
            lessons=partial(finished_lessons, store, annotator, answers, whose=whose),
            on_suggested=lambda suggested: on_event(Learned(suggested)),
            on_failure=lambda reason: on_event(LearnerFailed(reason)),
        )
        self._label_set = store.info.label_set
        self._service = self._start_service(self._label_set)
        self._learned: dict[str, LearnedSuggestions] = {}
        self._taught: dict[str, int] = {}
        """The finished documents that were open, and the revision of each that was learnt."""

    @property
    def is_busy(self) -> bool:
        """True while the learner learns, or owes suggestions."""
        return self._service.is_busy

    def start(self) -> None:
        """Begin to learn what the store has."""
        self._service.start()

    def close(self) -> None:
        """End it."""
        self._service.close()

    def attend(self, editor: Editor, suggestions: Sequence[Suggestion]) -> Sequence[Suggestion]:
        """Ask for suggestions on a document; `suggestions`, of other sources, with the learner's instead of guesses.

        The learner's are those of the time before: others come as `Learned`.
        """
        document_id = editor.document.id
        if editor.label_set != self._label_set:
            self._begin_anew(editor.label_set)
        if editor.status is Status.DONE:
            self._taught.setdefault(document_id, editor.annotation_set.revision)
        else:
            self._service.want(source_text(editor, suggestions))
        return self.combined(document_id, suggestions)

    def _begin_anew(self, label_set: LabelSet) -> None:
        """Learn the store again with other labels: another program has changed them."""
        self._service.close()
        self._label_set = label_set
        self._learned.clear()
        self._taught.clear()
        self._service = self._start_service(label_set)
        self._service.start()

    def take(self, learned: LearnedSuggestions) -> None:
        """Keep what the learner has suggested."""
        self._learned[learned.document_id] = learned

    def combined(self, document_id: str, suggestions: Sequence[Suggestion]) -> Sequence[Suggestion]:
        """Suggestions of other sources with the learner's in the place of guesses, if it is trusted."""
        learned = self._learned.get(document_id)
        if learned is None or not learned.is_trusted:
            return suggestions
        return [
            *(suggestion for suggestion in suggestions if suggestion.source not in GUESSING),
            *learned.suggestions,
        ]

    def reasons(self, document_id: str, suggestion: Suggestion) -> Sequence[str]:
        """The features that speak most for a suggestion of the learner's; empty for any other."""
        learned = self._learned.get(document_id)
        return () if learned is None else learned.reasons.get(suggestion.key, ())

    def follow(self, editor: Editor, suggestions: Sequence[Suggestion]) -> None:
        """Learn a document that was finished by the last decision, or forget one that is finished no more."""
        document_id, revision = editor.document.id, editor.annotation_set.revision
        if editor.status is Status.DONE:
            if self._taught.get(document_id) != revision:
                self._taught[document_id] = revision
                self._service.learn(source_text(editor, suggestions))
        elif self._taught.pop(document_id, None) is not None:
            self._service.forget(document_id)
            self._service.want(source_text(editor, suggestions))
