"""Memory: what people decided before, counted, and what it makes of a form, an edge or a model's label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from annotator.model.annotations import AnnotationSet
from annotator.model.edges import Edge
from annotator.model.lookup import FormIndex, folded_words
from annotator.model.memory_edits import Outcome
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.facts import CallFact, EdgeFact, Fact, FormFact, PlainFact, ShortFact, facts_of
from annotator.suggest.memory.forms import KEYS_FOR_COMMON, FormCounts, Opinion, is_common

OFFERED_FROM = 0.3
"""A form is offered from this score on. A suggestion that is wrong costs one key, an entity that is missed three, so it
pays from one in four; a little more, since somebody has to read it as well."""
SHORT_FROM = 0.75
"""A last word alone is offered where it was, so often, marked like the longer spans that end in it."""
CALLS_AHEAD = 5
"""So many times more often than the map's label must another one have been right, to be put in its place."""
_PRIOR = 2.0
"""How many spans of one label weigh as much as what holds for all labels."""

Offer = tuple[str, float | None]
"""A label, and the score that it is offered with."""

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Habit:
    """How an edge is treated at spans of a label: how often it was taken in and left out.

    `share` is that of the times it was taken in, smoothed towards the share at spans of any label.
    """

    label: str
    edge: Edge
    within: int
    out: int
    share: float


@dataclass(frozen=True, slots=True)
class Call:
    """What the model calls `called` is `label` here: `times` of the `of` times that it was anything."""

    called: str
    label: str
    times: int
    of: int


class Memory:
    """Counts of facts, and opinions drawn from them.

    Equal facts make equal memories, in whatever order they came. Learning a decision and asking for an opinion cost
    microseconds and wait for nothing, so it lives beside the editor. Decisions on a set that is open are learnt
    through a `Follower`.
    """

    def __init__(self, *, edits: Edits | None = None) -> None:
        self.index = FormIndex()
        """The forms that may be offered."""
        self.edits = Edits()
        self._forms: dict[str, FormCounts] = {}
        self._edges: Counter[EdgeFact] = Counter()
        self._edges_anywhere: Counter[tuple[Edge, bool]] = Counter()
        self._calls: dict[str, Counter[str]] = {}
        self._shorts: Counter[ShortFact] = Counter()
        self._plain: Counter[str] = Counter()
        self._offers: dict[
            str, Offer | None
        ] = {}  # worked out when asked for, until the form is counted again
        if edits is not None:
            self.edit(edits)

    @classmethod
    def from_sets(cls, sets: Iterable[tuple[str, AnnotationSet]], *, edits: Edits | None = None) -> Memory:
        """What is to be learnt from these sets, each with its document's text."""
        memory = cls(edits=edits)
        for text, annotation_set in sets:
            memory.learn(facts_of(text, annotation_set))
        return memory

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Memory):
            return NotImplemented
        return self.facts() == other.facts() and self.edits == other.edits

    __hash__ = None  # type: ignore[assignment]  # it changes

    # Learning

    def learn(self, facts: Mapping[Fact, int]) -> None:
        """Count these facts, each so many times."""
        for fact, times in facts.items():
            self._count(fact, times)

    def unlearn(self, facts: Mapping[Fact, int]) -> None:
        """Take back what `learn` counted of these facts."""
        for fact, times in facts.items():
            self._count(fact, -times)

    def _count(self, fact: Fact, times: int) -> None:
        if isinstance(fact, FormFact):
            self._count_form(fact, times)
        elif isinstance(fact, EdgeFact):
            _add(self._edges, fact, times)
            _add(self._edges_anywhere, (fact.edge, fact.is_within), times)
        elif isinstance(fact, CallFact):
            _add(self._calls.setdefault(fact.called, Counter()), fact.label, times)
        elif isinstance(fact, ShortFact):
            _add(self._shorts, fact, times)
        else:
            _add(self._plain, fact.word, times)
            self._offers.pop(fact.word, None)

    def _count_form(self, fact: FormFact, times: int) -> None:
        counts = self._forms.get(fact.surface)
        if counts is None:
            counts = self._forms[fact.surface] = FormCounts()
            self.index.add(fact.surface)
        counts.add(fact, times)
        if not counts:
            del self._forms[fact.surface]
            if fact.surface not in self.edits.pinned:
                self.index.discard(fact.surface)
        self._offers.pop(fact.surface, None)

    def facts(self) -> dict[Fact, int]:
        """All that is counted, and how often."""
        facts: dict[Fact, int] = dict(self._edges.items())
        facts.update(self._shorts.items())
        for counts in self._forms.values():
            facts.update(counts.facts())
        for called, labels in self._calls.items():
            facts.update((CallFact(called, label), times) for label, times in labels.items())
        facts.update((PlainFact(word), times) for word, times in self._plain.items())
        return facts

    # Editing by hand

    def edit(self, edits: Edits) -> None:
        """Heed these edits, and no longer those before."""
        for surface in self.edits.pinned:
            if surface not in self._forms:
                self.index.discard(surface)
        for surface in edits.pinned:
            self.index.add(surface)
        self.edits = edits
        self._offers.clear()

    def forget(self, surface: str) -> Edits:
        """Let all that is counted of a form by now count no more; the edits to be kept."""
        self.edit(self.edits.forget(surface, self._counts(surface).facts()))
        return self.edits

    # Opinions

    def forms(self) -> Iterator[str]:
        """Every form that was decided on or pinned."""
        yield from self._forms
        yield from (surface for surface in self.edits.pinned if surface not in self._forms)

    def opinion(self, surface: str) -> Opinion | None:
        """What was learnt of a form; None if it was never marked, or not since it was forgotten. Pins do not matter."""
        plain = self._plain[surface] if len(folded_words(surface)) == 1 else 0
        return self.counts(surface).opinion(surface, plain)

    def offer(self, surface: str) -> Offer | None:
        """The label and score that a form is offered with; None if it is not. A pinned one has no score.

        Not offered are forms that were rejected as often as they were marked, that score too little, or that look
        like no name and were not marked by key several times.
        """
        if surface not in self._forms and surface not in self.edits.pinned:
            return None
        if surface not in self._offers:
            self._offers[surface] = self._offer(surface)
        return self._offers[surface]

    def _offer(self, surface: str) -> Offer | None:
        if (pinned := self.edits.pinned.get(surface)) is not None:
            return pinned, None
        opinion = self.opinion(surface)
        if opinion is None or opinion.score < OFFERED_FROM or opinion.rejected >= opinion.marked:
            return None
        if surface in self.edits.blocked or self.refuses(surface, opinion.label):
            return None
        if is_common(folded_words(surface), surface) and self.counts(surface).by_hand < KEYS_FOR_COMMON:
            return None
        return opinion.label, opinion.score

    def refuses(self, surface: str, label: str) -> bool:
        """True if no source is to propose a form with this label.

        It is blocked, or it was rejected with this label at least as often as it was marked with it.
        """
        if surface in self.edits.blocked:
            return True
        if surface not in self._forms or surface in self.edits.pinned:
            return False
        counts = self.counts(surface)
        rejected = counts.total(Outcome.REJECTED, label)
        return rejected > 0 and rejected >= counts.total(Outcome.ACCEPTED, label)

    def call(self, called: str, label: str) -> Call | None:
        """What the model's `called` is here, if clearly something else than `label`, which the map says; else None."""
        labels: Mapping[str, int] = self._calls.get(called, {})
        best = min(filter(None, labels), key=lambda name: (-labels[name], name), default=label)
        if best == label or labels[best] < labels.get(label, 0) + CALLS_AHEAD:
            return None
        return Call(called, best, labels[best], sum(labels[name] for name in labels if name))

    def calls(self) -> Iterator[Call]:
        """All that the model's labels were here; an empty label counts the times that it was nothing."""
        for called, labels in self._calls.items():
            for label, times in labels.items():
                yield Call(called, label, times, sum(labels.values()))

    def habit(self, label: str, edge: Edge) -> Habit | None:
        """How an edge is treated at spans of `label`; None if it was never met there."""
        within, out = self._edges[EdgeFact(label, edge, True)], self._edges[EdgeFact(label, edge, False)]
        if not within + out:
            return None
        within_any, out_any = self._edges_anywhere[edge, True], self._edges_anywhere[edge, False]
        share_any = (within_any + 1) / (within_any + out_any + 2)
        return Habit(label, edge, within, out, (within + _PRIOR * share_any) / (within + out + _PRIOR))

    def habits(self) -> Iterator[Habit]:
        """Every habit that was met."""
        for label, edge in dict.fromkeys((fact.label, fact.edge) for fact in self._edges):
            if (habit := self.habit(label, edge)) is not None:
                yield habit

    def short_form(self, label: str) -> tuple[int, int]:
        """How often the last word of a longer span of `label` stood alone and was marked just so, and how often not."""
        return self._shorts[ShortFact(label, True)], self._shorts[ShortFact(label, False)]

    def short_forms(self) -> Iterator[tuple[str, int, int]]:
        """The labels with what `short_form` gives for them, where that is anything."""
        for label in sorted({fact.label for fact in self._shorts}):
            yield label, *self.short_form(label)

    def counts(self, surface: str) -> FormCounts:
        """The counts of a form without what was forgotten."""
        counts = self._counts(surface)
        if surface not in self.edits.forgotten:
            return counts
        kept = FormCounts()
        for fact, times in counts.facts():
            if (left := times - self.edits.forgotten_times(fact)) > 0:
                kept.add(fact, left)
        return kept

    def _counts(self, surface: str) -> FormCounts:
        return self._forms.get(surface) or FormCounts()


def _add(counter: Counter[Key], key: Key, times: int) -> None:
    counter[key] += times
    if not counter[key]:
        del counter[key]
