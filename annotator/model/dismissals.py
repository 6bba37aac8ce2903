"""Dismissals: findings of an audit that a person judged to be fine, so that they are not told again."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import replace

from pydantic.dataclasses import dataclass

from annotator.model.edges import Edge, EdgeKind
from annotator.model.validation import STRICT, Offset

FindingKey = tuple["FindingKind", str, Edge | None]
"""What makes a finding the same one when the audit is made again: its kind, text and edge."""


class FindingKind(enum.StrEnum):
    """What is not alike."""

    LABELS = "labels"
    MISSED = "missed"
    EDGES = "edges"


@dataclass(frozen=True, slots=True, config=STRICT)
class JudgedPlace:
    """A place in a document, in code points, and the treatment that was found fine there."""

    document: str
    start: Offset
    end: Offset
    treatment: str


@dataclass(frozen=True, slots=True, config=STRICT)
class Dismissal:
    """One judgement of one finding: what was not like its majority then, at `places`, is right as it is.

    In a tie, `majority` is None and all places were judged. `edge` and `word` are those of a finding about an edge.
    Whose sets were audited does not matter: another's at the same place with the same treatment is as right. `when`
    is UTC in ISO 8601; `withdrawn` is when it was taken back, or empty.
    """

    uid: str
    kind: FindingKind
    surface: str
    majority: str | None
    places: tuple[JudgedPlace, ...]
    who: str
    when: str
    edge: EdgeKind | None = None
    word: str = ""
    withdrawn: str = ""

    @property
    def key(self) -> FindingKey:
        """The finding that was judged."""
        return self.kind, self.surface, None if self.edge is None else Edge(self.edge, self.word)


def withdrawing(
    dismissals: Iterable[Dismissal], keys: Collection[FindingKey], *, when: str
) -> tuple[Dismissal, ...]:
    """The same, with every judgement of these findings taken back."""
    return tuple(
        replace(dismissal, withdrawn=when) if dismissal.key in keys and not dismissal.withdrawn else dismissal
        for dismissal in dismissals
    )
