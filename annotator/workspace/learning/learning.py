"""Learning: memory follows each decision on the open documents, the learner what is finished, and suggestions follow both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.model.decisions import Status
from annotator.model.spans import Suggestion
from annotator.store.repository import Store
from annotator.suggest.combination.combine import combined
from annotator.suggest.combination.proposals import AT_ONCE

if TYPE_CHECKING:
    from annotator.suggest.combination.proposals import Proposal
    from annotator.suggest.learner.service import LearnedSuggestions
    from annotator.suggest.memory.facts import Fact
    from annotator.suggest.memory.follower import Follower
    from annotator.suggest.memory.memory import Memory
    from annotator.suggest.sources.patterns import Patterns
    from annotator.workspace.events import Learned, LearnerFailed, MemoryLoaded
    from annotator.workspace.learning.learner_session import LearnerSession
    from annotator.workspace.learning.live_suggestions import LiveSuggestions
    from annotator.workspace.learning.memory_loader import MemoryLoader
    from annotator.workspace.pipeline_answers import PipelineAnswers

Range = tuple[int, int]


class LabelChoice(NamedTuple):
    """The label of a suggestion was chosen by memory: from how many decisions on its words, and what was proposed.

    There are none where memory went by a rule, such as what a model's label mostly was here.
    """

    decisions: int
    proposed: Suggestion


class Learning:
    """What one annotator's memory makes of the suggestions on the documents that are open.

    Until `start`, which loads what memory needs, suggestions are combined without it. Then it learns the documents
    that are open, and what the store says of all others as soon as that is read. All methods belong to the
    interface's thread.
    """

    def __init__(self, store: Store, annotator: str, *, whose: str, patterns: Patterns | None = None) -> None:
        """`whose` decisions are learnt: "own", "all" (of every annotator, and gold), or "off" for none."""
        self.memory: Memory | None = None
        self._store = store
        self._annotator = annotator
        self._whose = whose
        self._patterns = patterns
        self._waiting: dict[str, tuple[Editor, Sequence[Suggestion]]] = {}
        self._live: dict[str, LiveSuggestions] = {}
        self._memory_loader: MemoryLoader | None = None
        self._is_started = False
        self._is_complete = False
        self._known: set[str] = set()
        self._is_changed = False
        self._learner: LearnerSession | None = None
        self._sources: dict[str, Sequence[Suggestion]] = {}
        """What other sources than memory and the learner suggest on the documents that are open."""

    # Starting

    def start(self, on_done: Callable[[MemoryLoaded], None], *, may_use_cache: bool = True) -> None:
        """Load what memory needs, learn what is open, and begin to read the store.

        `on_done` is called on another thread; `learn` is to be told. A cache must not be used where an open set has
        been decided on already.
        """
        self._is_started = True
        if self._whose != "off":
            from annotator.suggest.memory.memory import Memory
            from annotator.workspace.learning.memory_loader import MemoryLoader, annotators_of

            self.memory = Memory()
            annotators = annotators_of(self._store, self._annotator, whose=self._whose)
            self._memory_loader = MemoryLoader(self._store, annotators, owner=self._annotator)
        waiting, self._waiting = self._waiting, {}
        for editor, suggestions in waiting.values():
            self._suggest_on(editor, suggestions)
            if len(editor.document.text) <= AT_ONCE:
                self._live[editor.document.id].catch_up_whole()
        if self._memory_loader is not None:
            self._memory_loader.start(on_done, may_use_cache=may_use_cache)

    def start_learner(
        self, answers: PipelineAnswers, on_event: Callable[[Learned | LearnerFailed], None]
    ) -> None:
        """Begin to learn from finished documents with these answers of the pipeline; before `start`."""
        if self._whose != "off":
            from annotator.workspace.learning.learner_session import LearnerSession

            self._learner = LearnerSession(
                self._store, self._annotator, answers, whose=self._whose, on_event=on_event
            )
            self._learner.start()

    def take_learned(self, learned: LearnedSuggestions, editor: Editor | None) -> Sequence[Range]:
        """Suggest on a document, whose editor is given if it is open, what the learner does; what looks different.

        A long text is behind afterwards.
        """
        if self._learner is None:
            return ()
        self._learner.take(learned)
        document = None if editor is None else self._document(editor)
        if document is None or editor is None or editor.status is Status.DONE:
            return ()
        document.renew(self._learner.combined(editor.document.id, self._sources[editor.document.id]))
        return document.catch_up_whole() if len(editor.document.text) <= AT_ONCE else ()

    @property
    def is_learner_busy(self) -> bool:
        """True while the learner learns, or owes suggestions on an open document."""
        return self._learner is not None and self._learner.is_busy

    def learn(self, loaded: MemoryLoaded) -> None:
        """Go on with a memory of all that the store says."""
        assert self._memory_loader is not None  # nothing else loads memory
        if self.memory is None or self._is_complete:
            return
        memory = loaded.memory
        for facts in self._memory_loader.claimed_twice():
            memory.unlearn(facts)
        memory.learn(self.memory.facts())
        for document in self._live.values():
            document.move(memory)
        self.memory = memory
        self._is_complete = True

    # Documents

    def suggest_on(
        self, editor: Editor, suggestions: Sequence[Suggestion], *, among: Collection[str]
    ) -> Sequence[Range]:
        """Suggest on a document from now on, out of memory and these, by the pipeline or imported.

        `among` are the documents that are open; others are given up. Returns what looks different; a long
        text is behind afterwards.
        """
        document_id, length = editor.document.id, len(editor.document.text)
        suggestions = [
            suggestion for suggestion in suggestions if 0 <= suggestion.start < suggestion.end <= length
        ]
        if not self._is_started:
            self._waiting[document_id] = (editor, suggestions)
            return editor.suggestion_state.suggest(combined(suggestions, editor.label_set))
        for other in [open_id for open_id in self._live if open_id not in among and open_id != document_id]:
            del self._live[other], self._sources[other]
        is_new = document_id not in self._live
        document = self._suggest_on(editor, suggestions)
        if length <= AT_ONCE:
            return document.catch_up_whole()
        return editor.suggestion_state.suggest(combined(suggestions, editor.label_set)) if is_new else ()

    def _suggest_on(self, editor: Editor, suggestions: Sequence[Suggestion]) -> LiveSuggestions:
        from annotator.workspace.learning.live_suggestions import LiveSuggestions

        document_id = editor.document.id
        self._sources[document_id] = suggestions
        if self._learner is not None:
            suggestions = self._learner.attend(editor, suggestions)
        before = self._live.get(document_id)
        if before is not None and before.editor is editor:
            before.renew(suggestions)
            return before
        document = self._live[document_id] = LiveSuggestions(
            editor,
            suggestions,
            self._follower(editor, before),
            patterns=self._patterns,
            on_learnt=self._learnt,
        )
        return document

    def _follower(self, editor: Editor, before: LiveSuggestions | None) -> Follower | None:
        if self.memory is None or self._memory_loader is None:
            return None
        from annotator.suggest.memory.follower import Follower

        document_id = editor.document.id
        is_learnt = before is None and document_id in self._known
        if before is not None:
            self._tell(before.detach())
        elif self._is_complete and not is_learnt:
            is_learnt = document_id not in self._memory_loader.unread
        follower = Follower(self.memory, editor.document.text, editor.annotation_set, is_learnt=is_learnt)
        if not is_learnt:
            self._tell(follower.facts)
        self._known.add(document_id)
        if not self._is_complete:
            self._memory_loader.claim(document_id, follower.facts)
        return follower

    def _learnt(self, facts: Collection[Fact]) -> None:
        self._is_changed = True
        self._tell(facts)

    def _tell(self, facts: Collection[Fact]) -> None:
        for document in self._live.values():
            document.learnt(facts)

    def follow(self, editor: Editor, change: Change) -> Change:
        """Let memory learn from what a verb has decided, and suggestions follow it; the change with what looks different."""
        document = self._document(editor)
        if document is None or not change:
            return change
        if self._learner is not None:
            self._learner.follow(editor, self._sources[editor.document.id])
        return change._replace(ranges=(*change.ranges, *document.follow(change)))

    def is_behind(self, editor: Editor) -> bool:
        """True if the suggestions on a document do not yet follow memory everywhere."""
        document = self._document(editor)
        return document is not None and document.is_behind

    def is_arriving(self, editor: Editor) -> bool:
        """True if the suggestions on a document are not yet there everywhere."""
        document = self._document(editor)
        return document is not None and document.is_arriving

    def catch_up(self, editor: Editor, near: int) -> Sequence[Range]:
        """Let some suggestions on a document follow memory, those at `near` or behind first; what looks different."""
        document = self._document(editor)
        return () if document is None else document.catch_up(near)

    def catch_up_whole(self, editor: Editor) -> Sequence[Range]:
        """Let all suggestions on a document follow memory; what looks different."""
        document = self._document(editor)
        return () if document is None else document.catch_up_whole()

    def proposal(self, editor: Editor, suggestion: Suggestion) -> Proposal | None:
        """Who proposes an open suggestion, and why; None where it was combined without memory."""
        document = self._document(editor)
        if document is None or (self.memory is None and self._patterns is None):
            return None
        proposal = document.proposal(suggestion)
        if proposal is None or self._learner is None:
            return proposal
        reasons = self._learner.reasons(editor.document.id, proposal.proposed or suggestion)
        return replace(proposal, reasons=(*proposal.reasons, *reasons))

    def label_choice(self, editor: Editor, suggestion: Suggestion) -> LabelChoice | None:
        """What memory chose the label of an open suggestion by, where its source gave it another one; else None."""
        document = self._document(editor)
        if document is None or self.memory is None or suggestion.source == "memory":
            return None
        proposal = document.proposal(suggestion)
        if proposal is None or proposal.proposed is None or proposal.proposed.label == suggestion.label:
            return None
        from annotator.model.lookup import surface_of

        opinion = self.memory.opinion(surface_of(editor.document.text, suggestion.start, suggestion.end))
        is_of_form = opinion is not None and opinion.label == suggestion.label
        return LabelChoice(opinion.accepted if opinion is not None and is_of_form else 0, proposal.proposed)

    def _document(self, editor: Editor) -> LiveSuggestions | None:
        document = self._live.get(editor.document.id)
        return document if document is not None and document.editor is editor else None

    @property
    def patterns(self) -> Patterns | None:
        """The patterns that suggest beside memory."""
        return self._patterns

    def remembered(self) -> Callable[[], Memory | None]:
        """What makes a copy of memory as it is now, on any thread."""
        if self.memory is None:
            return lambda: None
        from annotator.suggest.memory.memory import Memory

        facts, edits = self.memory.facts(), self.memory.edits

        def copied() -> Memory:
            memory = Memory(edits=edits)
            memory.learn(facts)
            return memory

        return copied

    # Ending

    def restart(self, on_done: Callable[[MemoryLoaded], None]) -> None:
        """Read the store anew: another program has worked in it. What was open gets no more suggestions from it."""
        if self._is_started:
            self.close()
            self._live.clear()
            self._sources.clear()
            self._known.clear()
            self._is_complete = False
            self.start(on_done)

    def keep(self) -> None:
        """Keep the memory for the next session; all that it has learnt must have been saved."""
        memory_loader, memory = self._memory_loader, self.memory
        if memory_loader is None or memory is None or not self._is_complete:
            return
        if self._is_changed or not memory_loader.is_cached:
            now = self._store.set_times(self._annotator, among=self._known)
            owned = {(self._annotator, document_id): time for document_id, time in now.items()}
            memory_loader.keep(memory, {**memory_loader.times, **owned})

    def close(self) -> None:
        """Stop reading the store and learning."""
        if self._learner is not None:
            self._learner.close()
            self._learner = None
        if self._memory_loader is not None:
            self._memory_loader.close()
