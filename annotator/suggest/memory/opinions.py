"""Opinions: what memory is asked about a suggestion, and a view of it that notes what was asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from annotator.model.edges import Edge
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.facts import CallFact, EdgeFact, FormFact, PlainFact
from annotator.suggest.memory.forms import Opinion
from annotator.suggest.memory.memory import Call, Habit, Memory, Offer


class Called(NamedTuple):
    """What a model calls something."""

    label: str


Question = str | Edge | Called
"""What an opinion is about: a surface form, an edge at spans of any label, or a label of the model."""


class Opinions(Protocol):
    """What a rule about one suggestion may ask of memory."""

    @property
    def edits(self) -> Edits: ...

    def opinion(self, surface: str) -> Opinion | None: ...

    def offer(self, surface: str) -> Offer | None: ...

    def refuses(self, surface: str, label: str) -> bool: ...

    def habit(self, label: str, edge: Edge) -> Habit | None: ...

    def call(self, called: str, label: str) -> Call | None: ...


class NotedOpinions:
    """A memory's opinions; `note` is told of each question before it is answered."""

    def __init__(self, memory: Memory, note: Callable[[Question], None]) -> None:
        self._memory = memory
        self._note = note

    @property
    def edits(self) -> Edits:
        """Edits by hand do not change while a document is open."""
        return self._memory.edits

    def opinion(self, surface: str) -> Opinion | None:
        self._note(surface)
        return self._memory.opinion(surface)

    def offer(self, surface: str) -> Offer | None:
        self._note(surface)
        return self._memory.offer(surface)

    def refuses(self, surface: str, label: str) -> bool:
        self._note(surface)
        return self._memory.refuses(surface, label)

    def habit(self, label: str, edge: Edge) -> Habit | None:
        self._note(edge)
        return self._memory.habit(label, edge)

    def call(self, called: str, label: str) -> Call | None:
        self._note(Called(called))
        return self._memory.call(called, label)


def question_of(fact: FormFact | EdgeFact | CallFact | PlainFact) -> Question:
    """The question whose answer may be another once `fact` is counted again."""
    match fact:
        case FormFact():
            return fact.surface
        case PlainFact():
            return fact.word
        case EdgeFact():
            return fact.edge
        case CallFact():
            return Called(fact.called)
