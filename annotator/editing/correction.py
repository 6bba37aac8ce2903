"""Corrections: what a person made of one span, to be done to other mentions of the same text."""

from __future__ import annotations

from typing import NamedTuple

from annotator.editing.suggestion_state import SuggestionState
from annotator.model.decisions import By, Decision, Verb
from annotator.model.spans import Span, Suggestion

_CORRECTIONS = (Verb.ACCEPT, Verb.RELABEL, Verb.RESIZE, Verb.ADD, Verb.REJECT)


class Correction(NamedTuple):
    """What a person made of one span: `was` is the suggestion it came from, if any, `now` the span, or None.

    `surface` is the text where it was made, and `was_surface` that of `was`; empty without one.
    """

    was: Suggestion | None
    now: Span | None
    verb: Verb
    surface: str
    was_surface: str = ""

    @property
    def place(self) -> Span | Suggestion:
        """Where it was made."""
        span = self.now or self.was
        assert span is not None  # a correction is about a suggestion, a span or both
        return span

    def summary(self) -> str:
        """The correction in a few words, such as "ORG→PERSON"."""
        if self.now is None:
            return f"reject {self.place.label}"
        if self.was is None or self.was.label == self.now.label:
            return self.now.label
        return f"{self.was.label}→{self.now.label}"


def last_correction(suggestion_state: SuggestionState, text: str) -> Correction | None:
    """The last step in force, if it settled one span by one key; None otherwise."""
    step = suggestion_state.annotation_set.undo_step
    return _correction(suggestion_state, text, step[-1]) if step and step[-1].by is By.KEY else None


def correction_to_repeat(suggestion_state: SuggestionState, text: str) -> Correction | None:
    """The last correction, also where it was done to other mentions of its text since; None if there is none."""
    step = suggestion_state.annotation_set.undo_step
    if not step or step[-1].by is not By.BULK:
        return last_correction(suggestion_state, text)
    changes = [decision for decision in step if decision.verb is not Verb.SKIP]
    last = _correction(suggestion_state, text, changes[-1]) if changes else None
    if last is None or not all(
        _is_alike(_correction(suggestion_state, text, decision), last) for decision in changes
    ):
        return None
    return last


def _correction(suggestion_state: SuggestionState, text: str, decision: Decision) -> Correction | None:
    if decision.verb not in _CORRECTIONS:
        return None
    if decision.verb is Verb.REJECT:
        was, now = decision.suggestion, None
    else:
        decided = suggestion_state.annotation_set.get(decision.span) if decision.span else None
        if decided is None:
            return None
        was, now = decided.suggestion, decided.span
    span = now or was
    if span is None:
        return None
    was_surface = text[was.start : was.end] if was else ""
    return Correction(was, now, decision.verb, text[span.start : span.end], was_surface)


def _is_alike(one: Correction | None, other: Correction) -> bool:
    """True if both made the same of the same text."""
    return (
        one is not None
        and one.surface == other.surface
        and (one.now is None) is (other.now is None)
        and one.place.label == other.place.label
    )
