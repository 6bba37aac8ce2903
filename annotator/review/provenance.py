"""Provenance: where a span of a gold set comes from, told from its decisions alone."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import By
from annotator.model.spans import Suggestion
from annotator.review.conflicts import Key


class Source(enum.StrEnum):
    """What a suggestion on a gold set comes from, and so why it was taken."""

    UNANIMOUS = "unanimous"
    """All annotators have it."""
    MAJORITY = "majority"
    """The version preselected by votes was taken."""
    WEIGHTED = "weighted"
    """The version preselected by votes weighted with each annotator's reliability was taken."""
    VERSION = "version"
    """This version was chosen among those shown."""


class Origin(enum.StrEnum):
    """Where a gold span comes from."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    WEIGHTED = "weighted"
    VERSION = "version"
    EDITED = "edited"
    """A suggestion whose offsets or label the reviewer changed."""
    ADDED = "added"
    """No annotator's: the reviewer's own."""
    SUGGESTED = "suggested"
    """A pipeline's, a pattern's or the memory's, accepted while the gold set was annotated like any other."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a gold span comes from, and from whom: the annotators whose span was taken or edited."""

    origin: Origin
    annotators: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In words, such as "version of anna, ben"."""
        return f"{self.origin} of {', '.join(self.annotators)}" if self.annotators else str(self.origin)


def provenance(decided: DecidedSpan) -> Provenance:
    """Where a span of a gold set comes from."""
    suggestion = decided.suggestion
    if suggestion is None:
        return Provenance(Origin.ADDED)
    is_of_annotators = suggestion.source in set(Source)
    annotators = tuple(suggestion.name.split(",")) if is_of_annotators and suggestion.name else ()
    if (decided.start, decided.end, decided.label) != suggestion.key:
        return Provenance(Origin.EDITED, annotators)
    return Provenance(Origin(suggestion.source) if is_of_annotators else Origin.SUGGESTED, annotators)


def is_unseen(decided: DecidedSpan) -> bool:
    """True if the span was taken because all agreed, and no person has decided on it since."""
    return decided.decision.by is By.AGREEMENT


def suggestion_of(key: Key, annotators: Iterable[str], source: Source) -> Suggestion:
    """A span of these annotators as a suggestion on the gold set."""
    return Suggestion(*key, source=source.value, name=",".join(annotators))
