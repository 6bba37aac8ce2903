"""The workspace: one store opened by one annotator, with its queue, editors, writer and suggestions."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from annotator.editing.editor import Editor
from annotator.editing.queue import OPEN
from annotator.errors import DamageError, InputError, StoreError
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.spans import Suggestion
from annotator.settings import Settings
from annotator.store.catalogue import CatalogueRow
from annotator.store.layout import check_annotator, models_path
from annotator.store.repository import Store
from annotator.suggest.combination.combine import combined
from annotator.suggest.combination.proposals import AT_ONCE
from annotator.suggest.sources.resolution import ResolvedPipeline, resolve
from annotator.suggest.worker.states import ServiceKind, ServiceState
from annotator.workspace.assignments.messages import DocumentMessages, messages_for
from annotator.workspace.assignments.own_documents import OwnDocuments, settle_blindness
from annotator.workspace.events import (
    Adapted,
    BackupFailed,
    Learned,
    LearnerFailed,
    MemoryLoaded,
    Suggested,
    SuggesterChanged,
)
from annotator.workspace.learning.learning import LabelChoice, Learning
from annotator.workspace.opening import pipeline_asked
from annotator.workspace.pipeline_answers import PipelineAnswers
from annotator.workspace.saving import QueuePosition, SavingWorkspace
from annotator.workspace.transfer.daily_backup import DailyBackup

if TYPE_CHECKING:
    from annotator.editing.change import Change
    from annotator.editing.correction import Correction
    from annotator.model.assignments import Returned
    from annotator.suggest.combination.proposals import Proposal
    from annotator.suggest.sources.patterns import Patterns
    from annotator.suggest.worker.answers import Answer
    from annotator.suggest.worker.service import SuggestionService
    from annotator.workspace.adapting.adapting import Adapting
    from annotator.workspace.steps.mentions import MentionService

Range = tuple[int, int]


class Workspace(SavingWorkspace):
    """Everything that annotating needs of one project. Methods belong to the interface's thread.

    With `sees_all` the queue has every document, also where annotators see only what is assigned to them.
    """

    def __init__(
        self,
        store: Store,
        *,
        annotator: str,
        settings: Settings,
        model: str | None = None,
        patterns: Patterns | None = None,
        sees_all: bool = False,
    ) -> None:
        # What may fail comes before the threads, which would outlive it.
        wanted = resolve(pipeline_asked(store, asked=model, settings=settings))
        self._pipeline = wanted.for_labels(store.info.label_set)
        if patterns is not None:
            self._pipeline = self._pipeline.with_patterns(patterns)
        self.annotator = check_annotator(annotator)
        self._own = OwnDocuments(store, annotator, sees_all=sees_all)
        self._adapting: Adapting | None = None
        if (store.path / models_path(annotator)).exists():
            self._adapting = self._made_adapting(store, settings)
            self._pipeline = self._adapting.pipeline
        self._answers = PipelineAnswers(store, self._pipeline)
        self.queue = self._own.arrange(settings, self._answers)
        self.unreadable: dict[str, StoreError | InputError] = {}
        self._suggested: dict[str, int] = {}
        self._imported: dict[str, Sequence[Suggestion]] = {}  # to which an answer is still to come
        super().__init__(store, owner=annotator, settings=settings)
        self._service: SuggestionService | None = None
        self._learning = Learning(store, annotator, whose=settings.learning, patterns=patterns)
        self._backup = DailyBackup(store, kept=settings.backups, on_failure=self._on_no_backup)

    @property
    def damage(self) -> DamageError | None:
        """What is known to be damaged in the store, as one error; None if nothing is."""
        messages = [
            *self.store.catalogue.damaged.values(),
            *(error.message for error in self.unreadable.values()),
        ]
        return self._damage(messages)

    # Documents

    def editor(self, document_id: str) -> Editor:
        """The editor of a document: as it was left, else from the store, with suggestions if they are cached.

        StoreError or InputError if it cannot be read, which `unreadable` then tells until it can.
        """
        editor = self._editors.get(document_id)
        if editor is None:
            try:
                editor = self._load(self.store.document(document_id))
            except (StoreError, InputError) as error:
                self.unreadable[document_id] = error
                raise
            self.unreadable.pop(document_id, None)
        self._keep(document_id, editor)
        if len(editor.document.text) <= AT_ONCE:
            self._learning.catch_up_whole(editor)
        return editor

    def _load(self, document: Document) -> Editor:
        annotation_set = self._load_set(document.id)
        if self.settings.blind_share:
            settle_blindness(annotation_set, self.settings)
        editor = Editor(document, self.label_set, annotation_set)
        if (answer := self._answers.get(document)) is not None:
            self._suggest(editor, answer)
        else:
            # Those of the pipeline are still to come.
            imported = self._imported[document.id] = self.store.imported_suggestions(document.id)
            self._learning.suggest_on(editor, imported, among=self._editors)
        return editor

    def statuses(self) -> Mapping[str, Status]:
        """The status of each document that this annotator has touched, saved or not."""
        statuses = self.store.catalogue.statuses(self.annotator)
        statuses.update((document_id, editor.status) for document_id, editor in self._editors.items())
        return statuses

    def rows(self) -> list[CatalogueRow]:
        """The queue's documents as the annotator sees them, in its order, saved or not."""
        rows = self._own.rows(self.store.catalogue.rows(self.annotator))
        for index, row in enumerate(rows):
            if (editor := self._editors.get(row.id)) is not None:
                rows[index] = row._replace(
                    status=editor.status,
                    spans=len(editor.annotation_set.spans),
                    undecided=len(editor.suggestion_state.open) if editor.is_suggested else row.undecided,
                    notes=sum(bool(span.span.note) for span in editor.annotation_set.spans),
                    doubts=sum(span.span.doubt for span in editor.annotation_set.spans),
                )
            elif row.undecided is None and row.id in self._suggested:
                rows[index] = row._replace(undecided=self._suggested[row.id])
        return rows

    @property
    def returns(self) -> Mapping[str, Returned]:
        """What a lead sent back, with a comment; `returned` says what of it is open."""
        return self._own.returns

    def returned(self) -> frozenset[str]:
        """The documents that a lead sent back and that were not finished since."""
        return self._own.returned(self._editors)

    def messages_for(self, document_id: str) -> DocumentMessages:
        """What a lead and reviewers said to the annotator about a document."""
        return messages_for(self.store, self.annotator, document_id, self.returns.get(document_id))

    def first(self) -> str:
        """The document to begin with: the first that is not finished, else the first, of those that can be read.

        What cannot be read is in `unreadable`. StoreError if nothing can, InputError if there are no documents or
        the annotator's name differs from another's by capitals only.
        """
        statuses, returned = self.statuses(), self.returned()
        unfinished = (
            document_id
            for document_id in self.queue.ids
            if statuses.get(document_id, Status.TODO) in OPEN or document_id in returned
        )
        for document_id in chain(unfinished, self.queue.ids):
            if document_id not in self.unreadable:
                with suppress(StoreError):
                    self.editor(document_id)
                    return document_id
        if self.unreadable:
            raise next(iter(self.unreadable.values()))
        if not self._own.has_any and self.store.catalogue.ids:
            raise InputError(
                f"nothing is assigned to {self.annotator}",
                hint="ask who leads the project: annotator assign gives documents out, annotator assign --open shows all to everybody",
            )
        if self.store.catalogue.ids:
            raise InputError(
                f"none of the documents that are assigned to {self.annotator} is in {self.store.path}",
                hint="annotator merge brings them, and annotator assign gives out others",
            )
        raise InputError(
            f"the store {self.store.path} has no documents",
            hint="annotator annotate FILE_OR_FOLDER imports text",
        )

    def following(self, document_id: str) -> str | None:
        """The next document that is neither finished nor skipped and can be read, as far as is known."""
        skipped = dict.fromkeys(self.unreadable, Status.SKIPPED)
        returned = self.returned() - skipped.keys()
        return self.queue.next_open(document_id, {**self.statuses(), **skipped}, returned=returned)

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The nearest document before (-1) or behind (1) that can be read, as far as is known; None beyond the end."""
        neighbour = self.queue.neighbour(document_id, step)
        while neighbour is not None and neighbour in self.unreadable:
            neighbour = self.queue.neighbour(neighbour, step)
        return neighbour

    def position(self, document_id: str) -> QueuePosition:
        """Where a document stands in the queue; 0 as its number if it is not in it."""
        return QueuePosition(self.queue.position(document_id), len(self.queue.ids), self.queue.order)

    # Suggestions

    @property
    def is_started(self) -> bool:
        """True once suggestions are being made."""
        return self._service is not None

    @property
    def suggester(self) -> ServiceState:
        """What the pipeline is doing."""
        if self._service is None:
            return ServiceState(ServiceKind.STARTING, self._pipeline.title)
        return self._service.state

    def start_suggesting(self) -> None:
        """Start the worker and the daily backup, once; called after the first paint, since both cost a processor."""
        if self._service is None:
            self._service = self._started_service()
            is_as_saved = all(
                editor.revision == self._loaded.get(document_id)
                for document_id, editor in self._editors.items()
            )
            self._learning.start_learner(self._answers, self._on_learner)
            self._learning.start(self._on_memory_loaded, may_use_cache=is_as_saved)
            if self.store.is_read_only is None:
                self._backup.start()

    def _started_service(self) -> SuggestionService:
        from annotator.suggest.worker.service import SuggestionService

        service = SuggestionService(
            self._pipeline, on_answer=partial(self._on_answer, self._answers), on_state=self._on_state
        )
        service.start()
        return service

    def want_suggestions(self, document_id: str) -> None:
        """Ask for this document's suggestions first, and then for those of the next unfinished ones."""
        self._request(document_id, urgent=True)
        statuses = self.statuses()
        if self.read_only is None and (self._adapting is not None or self.settings.adapt):
            self.adapting.consider(sum(status is Status.DONE for status in statuses.values()))
        ahead: str | None = document_id
        for _ in range(self.settings.ahead):
            ahead = self.queue.next_open(ahead, statuses)
            if ahead is None or ahead == document_id:
                return
            self._request(ahead, urgent=False)

    def _request(self, document_id: str, *, urgent: bool) -> None:
        editor = self._editors.get(document_id)
        if editor is not None and editor.is_suggested:
            return
        if editor is None and self._answers.has(document_id):
            return
        with suppress(StoreError, InputError):  # which opening it will tell
            document = editor.document if editor else self.store.document(document_id)
            if self._service is not None:
                self._service.request(document_id, document.text, urgent=urgent)

    def take(self, suggested: Suggested) -> Editor | None:
        """Give an answer to the editor it is for; None if that document is not open, or has its suggestions."""
        answer = suggested.answer
        self._suggested[answer.document_id] = len(suggested.suggestions)
        editor = self._editors.get(answer.document_id)
        if editor is None or editor.is_suggested or editor.document.sha256 != answer.text_sha256:
            return None
        self._suggest(editor, answer)
        return editor

    def _suggest(self, editor: Editor, answer: Answer) -> None:
        document = editor.document
        if document.tokens is None:
            editor.retokenize(answer.tokens)
        imported = self._imported.pop(document.id, None)
        if imported is None:
            imported = self.store.imported_suggestions(document.id)
        self._learning.suggest_on(editor, [*imported, *answer.suggestions], among=self._editors)
        editor.is_suggested = True

    def learn(self, loaded: MemoryLoaded) -> None:
        """Go on with a memory of all that the store says; the editor on screen is then behind."""
        self._learning.learn(loaded)

    def take_learned(self, learned: Learned) -> tuple[Editor | None, Sequence[Range]]:
        """Give what the learner suggests to the editor it is for, with what looks different; no editor if it is not open."""
        editor = self._editors.get(learned.suggested.document_id)
        return editor, self._learning.take_learned(learned.suggested, editor)

    @property
    def is_learner_busy(self) -> bool:
        """True while the learner learns from what was finished, or owes suggestions on an open document."""
        return self._learning.is_learner_busy

    def follow(self, editor: Editor, change: Change) -> Change:
        """The step after each verb: memory learns from it, and suggestions follow; the change with what looks different."""
        return self._learning.follow(editor, change)

    def is_behind(self, editor: Editor) -> bool:
        """True if the suggestions of an editor do not yet follow what memory has learnt."""
        return self._learning.is_behind(editor)

    def is_arriving(self, editor: Editor) -> bool:
        """True if suggestions have come for an editor that do not stand everywhere in its text yet."""
        return self._learning.is_arriving(editor)

    def catch_up(self, editor: Editor, near: int) -> Sequence[Range]:
        """Let a part of an editor's suggestions follow memory, those at `near` or behind first; what looks different."""
        return self._learning.catch_up(editor, near)

    def proposal(self, editor: Editor, suggestion: Suggestion) -> Proposal | None:
        """The sources and reasons of an open suggestion; None where nothing more is known than it says itself."""
        return self._learning.proposal(editor, suggestion)

    def label_choice(self, editor: Editor, suggestion: Suggestion) -> LabelChoice | None:
        """What memory chose the label of an open suggestion by, where its source gave it another one; else None."""
        return self._learning.label_choice(editor, suggestion)

    def mention_service(self, correction: Correction) -> MentionService:
        """What a correction does to the same text in all of the annotator's documents, once they are saved."""
        from annotator.workspace.steps.mentions import MentionService, Sources

        sources = Sources(self._answers, self._learning.patterns, self._learning.remembered())
        return MentionService(
            self.store, self.annotator, correction, self.queue.ids, sources=sources, settings=self.settings
        )

    def _on_answer(self, answers: PipelineAnswers, answer: Answer) -> None:
        """Keep an answer and pass it on; all that takes long is done here, on the service's thread."""
        answers.keep(answer)
        self.listener(Suggested(answer, combined(answer.suggestions, self.label_set)))

    def _on_learner(self, event: Learned | LearnerFailed) -> None:
        self.listener(event)

    def _on_memory_loaded(self, loaded: MemoryLoaded) -> None:
        self.listener(loaded)

    def _on_state(self, state: ServiceState) -> None:
        self.listener(SuggesterChanged(state))
        used = self._adapting.copy_in_use if self._adapting is not None else None
        if state.kind is ServiceKind.FAILED and used is not None:
            self._on_adapted(Adapted(used, is_broken=True))

    def _on_adapted(self, adapted: Adapted) -> None:
        self.listener(adapted)

    def _on_no_backup(self, error: StoreError) -> None:
        self.listener(BackupFailed(error))

    # A model that adapts

    @property
    def adapting(self) -> Adapting:
        """What there is to know and to do about a copy of the model that learns from what is finished."""
        if self._adapting is None:
            self._adapting = self._made_adapting(self.store, self.settings)
        return self._adapting

    def _made_adapting(self, store: Store, settings: Settings) -> Adapting:
        """Adapting from the pipeline as it came, which must be in use still."""
        from annotator.workspace.adapting.adapting import Adapting

        return Adapting(
            store,
            self.annotator,
            self._pipeline,
            every=settings.adapt,
            whose=settings.learning,
            on_end=self._on_adapted,
        )

    def take_adapted(self, adapted: Adapted) -> None:
        """Let what an attempt has made suggest on what is opened from now on; a copy that does not load is given up."""
        if adapted.is_broken and self.adapting.copy_in_use is not None:
            self.roll_back()
        else:
            self._use(self.adapting.pipeline)

    def roll_back(self) -> None:
        """Let the pipeline as it came suggest again, and switch adapting off; SaveError if that cannot be kept."""
        try:
            self.adapting.roll_back()
        finally:
            self._use(self.adapting.pipeline)

    def _use(self, pipeline: ResolvedPipeline) -> None:
        """Have another pipeline suggest from now on; suggestions that are there stay."""
        if pipeline == self._pipeline:
            return
        self._pipeline = pipeline
        self._answers = PipelineAnswers(self.store, pipeline)
        if (old := self._service) is not None:
            self._service = self._started_service()
            threading.Thread(target=old.close, name="old suggestions", daemon=True).start()

    def try_writing(self) -> bool:
        """As any workspace; and learn anew what another program has decided meanwhile."""
        was_read_only = self.read_only is not None
        can_write = super().try_writing()
        if was_read_only and can_write:
            self._learning.restart(self._on_memory_loaded)
            self._learning.start_learner(self._answers, self._on_learner)
        return can_write

    def close(self, *, wait: bool = True) -> None:
        """Stop all threads; with `wait`, save first what can be saved, and keep what was learnt for the next time."""
        if wait and self.read_only is None and not self.unsaved_decisions():
            self._learning.keep()
        super().close(wait=wait)

    def _stop(self) -> None:
        if self._adapting is not None:
            self._adapting.close()
        self._learning.close()
        if self._service is not None:
            self._service.close()
        self._backup.close()
