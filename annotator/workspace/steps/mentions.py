"""All mentions of a corrected text in an annotator's documents: looked for, and decided on as one step of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.editing.correction import Correction
from annotator.editing.mentions import Left, all_mentions
from annotator.editing.recorder import Clock, Draft, utc_now
from annotator.editing.suggestion_state import SuggestionState
from annotator.errors import InputError, StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Status, Verb, new_uid, time_text
from annotator.model.documents import Document
from annotator.model.lookup import Words
from annotator.model.spans import Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.settings import Settings
from annotator.store.plans import Plan, Planned
from annotator.store.repository import Store
from annotator.store.steps import Steps
from annotator.suggest.combination.combine import combined, proposals
from annotator.workspace.assignments.own_documents import settle_blindness

if TYPE_CHECKING:
    from annotator.suggest.memory.memory import Memory
    from annotator.suggest.sources.patterns import Patterns
    from annotator.workspace.audit.search import Progress
    from annotator.workspace.pipeline_answers import PipelineAnswers

BLIND = "read blind"
VERSIONS = "two versions there"
_SURFACE_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class FoundMention:
    """A mention in a document of `status`, and what is to be done there, or why nothing."""

    document: str
    start: int
    end: int
    outcome: Draft | str
    status: Status

    @property
    def is_alike(self) -> bool:
        """True if it is as the correction would have it."""
        return self.outcome is Left.ALIKE


@dataclass(slots=True)
class MentionSurvey:
    """The mentions that were found, in the order of the documents, and why documents could not be read."""

    mentions: list[FoundMention] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    def changing(self, *, takes_done: bool) -> list[FoundMention]:
        """Those that would be decided on; in finished documents only if these are taken in."""
        return [
            mention
            for mention in self.mentions
            if isinstance(mention.outcome, Draft) and (takes_done or mention.status is not Status.DONE)
        ]

    @property
    def finished(self) -> list[FoundMention]:
        """Those that could be decided on in finished documents."""
        return [mention for mention in self.changing(takes_done=True) if mention.status is Status.DONE]

    @property
    def left(self) -> list[FoundMention]:
        """Those that stay as they are in any case, though they are not so already."""
        return [
            mention
            for mention in self.mentions
            if not isinstance(mention.outcome, Draft) and not mention.is_alike
        ]

    @property
    def reasons(self) -> Counter[str]:
        """Why mentions are left alone, and how many of them."""
        return Counter(str(mention.outcome) for mention in self.left)

    @property
    def alike(self) -> int:
        """How many mentions are so already; the one that was corrected is one of them."""
        return sum(mention.is_alike for mention in self.mentions)


@dataclass(frozen=True, slots=True)
class Sources:
    """What suggests on a document that is not open: the pipeline's answers in the cache, patterns, and memory.

    `memory` makes a copy of it on whatever thread it is called.
    """

    answers: PipelineAnswers
    patterns: Patterns | None = None
    memory: Callable[[], Memory | None] = lambda: None


class MentionService:
    """What one annotator's correction does to the same text in these documents, all of them saved.

    All methods may be called from any thread, one at a time.
    """

    def __init__(
        self,
        store: Store,
        annotator: str,
        correction: Correction,
        documents: Sequence[str],
        *,
        sources: Sources,
        settings: Settings,
        clock: Clock = utc_now,
    ) -> None:
        self.correction = correction
        self.store = store
        self._annotator = annotator
        self._documents = documents
        self._sources = sources
        self._settings = settings
        self._clock = clock

    def look(self, on_progress: Progress | None = None) -> MentionSurvey:
        """All mentions; one document is held at a time."""
        survey = MentionSurvey()
        # What was just rejected, memory no longer proposes; it is to be rejected nevertheless.
        memory = self._sources.memory() if self.correction.now is not None else None
        for number, document_id in enumerate(self._documents, 1):
            try:
                survey.mentions += self._mentions(document_id, memory)
            except (StoreError, InputError) as error:
                survey.unreadable[document_id] = error.message
            if on_progress is not None:
                on_progress(number, len(self._documents))
        return survey

    def plan(self, survey: MentionSurvey, *, takes_done: bool) -> Plan:
        """The step that decides on what is found; each set keeps its status, but one that was to do is begun."""
        when = time_text(self._clock())
        changing = survey.changing(takes_done=takes_done)
        planned = [
            Planned(mention.document, self._annotator, self._decision(mention.outcome, when))
            for mention in changing
            if isinstance(mention.outcome, Draft)
        ]
        skipped = dict.fromkeys(mention.document for mention in changing if mention.status is Status.SKIPPED)
        planned += [
            Planned(document_id, self._annotator, self._decision(Draft(Verb.SKIP), when))
            for document_id in skipped  # any decision takes a skipped document up again
        ]
        return Plan(new_uid(), self.title, self._annotator, when, tuple(planned)).with_own_uids()

    def make(self, plan: Plan) -> Plan:
        """Make the step; what it gives says what was left out. Raises as `Steps.make`."""
        return Steps(self.store).make(plan)

    @property
    def title(self) -> str:
        """What the step is called."""
        surface = self.correction.surface
        if len(surface) > _SURFACE_CHARACTERS:
            surface = f"{surface[:_SURFACE_CHARACTERS]}…"
        return f"all mentions of {surface}: {self.correction.summary()}"

    def _mentions(self, document_id: str, memory: Memory | None) -> Iterator[FoundMention]:
        document = self.store.document(document_id)
        if self.correction.surface not in document.text:
            return
        annotation_set = self.store.load_set(document_id, self._annotator)
        if self._settings.blind_share:
            settle_blindness(annotation_set, self._settings)
        obstacle = self._obstacle(annotation_set)
        suggestion_state, tokens = self._suggestion_state(document, annotation_set, memory)
        for mention in all_mentions(suggestion_state, document.text, tokens, self.correction):
            if mention.outcome is not Left.NOT_SUGGESTED:
                outcome = obstacle if obstacle and isinstance(mention.outcome, Draft) else mention.outcome
                yield FoundMention(document_id, mention.start, mention.end, outcome, annotation_set.status)

    def _obstacle(self, annotation_set: AnnotationSet) -> str:
        """Why nothing is to be decided in a document, whatever stands there."""
        if annotation_set.effort.is_blind:
            return BLIND
        return VERSIONS if self.store.has_versions(annotation_set.document_id, self._annotator) else ""

    def _suggestion_state(
        self, document: Document, annotation_set: AnnotationSet, memory: Memory | None
    ) -> tuple[SuggestionState, Tokens]:
        """The set with what is suggested around the mentions, and the tokens that spans keep to."""
        answer = self._sources.answers.get(document)
        tokens = document.tokens or (answer.tokens if answer else stand_in_tokens(document.text))
        suggestion_state = SuggestionState(annotation_set, self.store.info.label_set, text=document.text)
        if annotation_set.status is not Status.DONE:  # where nothing is open
            suggestions = [
                *self.store.imported_suggestions(document.id),
                *(answer.suggestions if answer else ()),
            ]
            sound = [
                suggestion
                for suggestion in suggestions
                if 0 <= suggestion.start < suggestion.end <= len(document.text)
            ]
            suggestion_state.suggest(self._proposed(document.text, tokens, sound, annotation_set, memory))
        return suggestion_state, tokens

    def _proposed(
        self,
        text: str,
        tokens: Tokens,
        suggestions: list[Suggestion],
        annotation_set: AnnotationSet,
        memory: Memory | None,
    ) -> Iterable[Suggestion]:
        patterns, label_set = self._sources.patterns, self.store.info.label_set
        if memory is None and patterns is None:
            return combined(suggestions, label_set)
        words = Words(text, tokens)
        proposed = proposals(
            [*suggestions, *(patterns.suggestions(words) if patterns else ())],
            label_set,
            memory=memory,
            words=words,
            decided=list(annotation_set.spans),
        )
        return (decision.suggestion for decision in proposed)

    def _decision(self, draft: Draft, when: str) -> Decision:
        what = (draft.span, draft.before, draft.after, draft.suggestion)
        return Decision(0, 0, draft.verb, self._annotator, when, *what, by=By.BULK)
