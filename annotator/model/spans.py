"""Spans, and the suggestions that become spans when a person decides so."""

from __future__ import annotations

import enum
from typing import Protocol

from pydantic.dataclasses import dataclass

from annotator.model.validation import STRICT, Flag, Offset, Score

DOUBTFUL_BELOW = 0.80
"""A suggestion whose model score is lower is doubtful: of those, one to two in three are right."""
CONFIDENT_FROM = 0.95
"""A suggestion whose score is at least this much is shown as confident."""


class Level(enum.Enum):
    """How sure a suggestion's source is, as three levels and "says nothing"."""

    HIGH = "confident"
    MID = "likely"
    LOW = "doubtful"
    UNSCORED = "no score"


class Interval(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


class Labelled(Interval, Protocol):
    """Anything with a place in the text and a label."""

    @property
    def label(self) -> str: ...


@dataclass(frozen=True, slots=True, config=STRICT)
class Span:
    """Half-open offsets `[start, end)` in code points, a label, and what a person added to them."""

    start: Offset
    end: Offset
    label: str
    note: str = ""
    doubt: Flag = False
    kb_id: str = ""


@dataclass(frozen=True, slots=True, config=STRICT)
class Suggestion:
    """A span that a source proposes; nobody has decided on it yet.

    `source` is "model", "pattern", "memory", "learner", "document" or a plug-in's name; `name` says which one (a pipeline's name, a
    pattern's id).
    `score` lies in [0, 1] and is None where the source gives none. `source_label` is the label that the source
    itself used, before the label set's mapping.
    """

    start: Offset
    end: Offset
    label: str
    source: str = "model"
    score: Score | None = None
    name: str = ""
    source_label: str = ""

    @property
    def key(self) -> tuple[int, int, str]:
        """What makes two suggestions the same question to a person."""
        return (self.start, self.end, self.label)

    @property
    def level(self) -> Level:
        """The score as one of three levels; UNSCORED where there is none."""
        if self.score is None:
            return Level.UNSCORED
        if self.score >= CONFIDENT_FROM:
            return Level.HIGH
        return Level.MID if self.score >= DOUBTFUL_BELOW else Level.LOW


def walking_order(item: Interval) -> tuple[int, int]:
    """The order in which a person meets marks: by start, the longer one first."""
    return (item.start, -item.end)


def overlaps(one: Interval, other: Interval) -> bool:
    """True if the two share at least one character."""
    return one.start < other.end and other.start < one.end
