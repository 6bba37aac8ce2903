"""Marks: what a person sees on the text, whether it is decided or not."""

from __future__ import annotations

import enum
from typing import NamedTuple

from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import By
from annotator.model.spans import Level, Span, Suggestion


class State(enum.Enum):
    """What a person has said about a mark."""

    DECIDED = "decided"
    UNDECIDED = "undecided"
    REJECTED = "rejected"


class Mark(NamedTuple):
    """A decided span, an open suggestion, or a rejected one: place, label and how to show it.

    `decided` is set for decided spans, `suggestion` for the other two and for decided spans that came from one.
    `remark` has the note and the doubt flag that a person has put on an open suggestion.
    """

    start: int
    end: int
    label: str
    state: State
    suggestion: Suggestion | None = None
    decided: DecidedSpan | None = None
    remark: Span | None = None

    @property
    def doubt(self) -> bool:
        """True if a person flagged the span or suggestion, or nobody decided and the source is unsure."""
        if self.decided is not None:
            return self.decided.span.doubt
        if self.remark is not None and self.remark.doubt:
            return True
        return self.state is State.UNDECIDED and self.level is Level.LOW

    @property
    def is_shared(self) -> bool:
        """True if the span was taken because all annotators agree, and no person has decided on it since."""
        return self.decided is not None and self.decided.decision.by is By.AGREEMENT

    @property
    def level(self) -> Level:
        """How sure the source was; UNSCORED where there was none."""
        return self.suggestion.level if self.suggestion else Level.UNSCORED

    @classmethod
    def of_span(cls, decided: DecidedSpan) -> Mark:
        """The mark of a decided span."""
        span = decided.span
        return cls(span.start, span.end, span.label, State.DECIDED, decided.suggestion, decided)

    @classmethod
    def of_suggestion(
        cls, suggestion: Suggestion, state: State = State.UNDECIDED, *, remark: Span | None = None
    ) -> Mark:
        """The mark of a suggestion that is open, or was rejected."""
        return cls(suggestion.start, suggestion.end, suggestion.label, state, suggestion, remark=remark)
