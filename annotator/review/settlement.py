"""Settlements: how one conflict was settled, told so that the same text elsewhere can be settled alike."""

from __future__ import annotations

from dataclasses import dataclass, replace

from annotator.editing.recorder import Draft
from annotator.model.spans import Span
from annotator.review.conflict_state import ConflictState
from annotator.review.conflicts import Conflict, Key, key_of
from annotator.review.drafts import placing

Shape = frozenset[frozenset[Key]]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was in question and what became of it, with offsets counted from where the conflict begins.

    `text` is what the conflict and the spans of the answer cover, from `begin` on, which is 0 or less. `shape` holds
    the versions without those who have them. `result` are the gold spans, each with the marked span it came from.
    """

    text: str
    begin: int
    shape: Shape
    result: tuple[tuple[Key | None, Span], ...]

    @classmethod
    def of(cls, conflict_state: ConflictState, conflict: Conflict, text: str) -> Settlement:
        """How a settled conflict was settled."""
        spans = [(decided.suggestion, decided.span) for decided in conflict_state.spans(conflict)]
        begin = min([conflict.start, *(span.start for _, span in spans)])
        end = max([conflict.end, *(span.end for _, span in spans)])
        keys = set(conflict.keys)
        return cls(
            text[begin:end],
            begin - conflict.start,
            _shape(conflict),
            tuple(
                (
                    _moved(origin.key, -conflict.start) if origin and origin.key in keys else None,
                    _shifted(span, -conflict.start),
                )
                for origin, span in spans
            ),
        )

    def drafts(self, conflict_state: ConflictState, conflict: Conflict, text: str) -> list[Draft]:
        """What settles `conflict`, of this or another document, alike; empty if it is not the same question.

        It is if it is open, nothing of it stands in gold, and text and versions are the same. In a flat label set the
        answer must not overlap a gold span outside it.
        """
        begin = conflict.start + self.begin
        if begin < 0 or text[begin : begin + len(self.text)] != self.text or _shape(conflict) != self.shape:
            return []
        if conflict_state.is_settled(conflict) or conflict_state.spans(conflict):
            return []
        result = [
            (_moved(origin, conflict.start) if origin else None, _shifted(span, conflict.start))
            for origin, span in self.result
        ]
        if any(_is_in_the_way(conflict_state, span) for _, span in result):
            return []
        return placing(conflict_state, conflict, result)


def _is_in_the_way(conflict_state: ConflictState, span: Span) -> bool:
    here = conflict_state.gold.spans.overlapping(span.start, span.end)
    return any(not conflict_state.nested or key_of(decided.span) == key_of(span) for decided in here)


def _shape(conflict: Conflict) -> Shape:
    return frozenset(
        frozenset(_moved(key, -conflict.start) for key in version.keys) for version in conflict.versions
    )


def _moved(key: Key, by: int) -> Key:
    return (key[0] + by, key[1] + by, key[2])


def _shifted(span: Span, by: int) -> Span:
    return replace(span, start=span.start + by, end=span.end + by)
