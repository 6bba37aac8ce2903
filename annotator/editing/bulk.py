"""Decisions on many suggestions or spans at once, as drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.editing.acceptable_counts import acceptable
from annotator.editing.extents import is_sound
from annotator.editing.recorder import Draft
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import Verb
from annotator.model.spans import Level, Span, Suggestion
from annotator.model.tokens import Tokens


def is_confident(suggestion: Suggestion) -> bool:
    """True if accepting in bulk may take it: its score is not low; only memory and patterns need none."""
    if suggestion.level is Level.UNSCORED:
        return suggestion.source in ("memory", "pattern")
    return suggestion.level is not Level.LOW


def confident_run(
    suggestions: Iterable[Suggestion], until: int, suggestion_state: SuggestionState
) -> tuple[list[Suggestion], Suggestion | None]:
    """The suggestions up to the first that a person has to look at, or that ends behind `until`, and that one.

    To be looked at is one that is not confident, has a remark, or stands where something was turned down.
    """
    run: list[Suggestion] = []
    for suggestion in suggestions:
        is_plain = is_confident(suggestion) and not suggestion_state.is_remarked(suggestion)
        if suggestion.end > until or not is_plain or not suggestion_state.is_acceptable(suggestion):
            return run, suggestion
        run.append(suggestion)
    return run, None


def acceptances(suggestions: Iterable[Suggestion], suggestion_state: SuggestionState) -> list[Draft]:
    """Accept each of these, given in walking order, that may be accepted and can be together with those before it."""
    return [
        Draft.take(Verb.ACCEPT, suggestion, suggestion_state.span_of(suggestion))
        for suggestion in acceptable(
            filter(suggestion_state.is_acceptable, suggestions), nested=suggestion_state.label_set.nested
        )
    ]


def room_for(span: Span, suggestion_state: SuggestionState, *, but: str | None = None) -> list[Draft]:
    """In a flat label set the removal of the spans that `span` overlaps, other than the one called `but`."""
    if suggestion_state.label_set.nested:
        return []
    return [
        Draft.change(Verb.REMOVE, decided, None)
        for decided in suggestion_state.annotation_set.spans.overlapping(span.start, span.end)
        if decided.uid != but
    ]


def snappings(
    misaligned: Iterable[DecidedSpan], suggestion_state: SuggestionState, tokens: Tokens
) -> list[Draft]:
    """Let these spans, given in walking order, reach to the tokens they touch.

    Left as they are: those whose tokens have white space at an edge; in a flat label set those that would overlap another span, in a nested one those that would
    get the offsets and label of another one.
    """
    drafts: list[Draft] = []
    taken: list[Span] = []
    for decided in misaligned:
        snapped = tokens.snapped(decided.start, decided.end)
        if snapped is None or not is_sound(suggestion_state.text, *snapped):
            continue
        span = replace(decided.span, start=snapped[0], end=snapped[1])
        if not _is_in_the_way(span, decided.uid, suggestion_state, taken):
            taken.append(span)
            drafts.append(Draft.change(Verb.RESIZE, decided, span))
    return drafts


def _is_in_the_way(span: Span, uid: str, suggestion_state: SuggestionState, taken: list[Span]) -> bool:
    """True if `span` cannot stand beside the spans there are and those that `taken` has moved already."""
    if suggestion_state.label_set.nested:
        key = (span.start, span.end, span.label)
        return suggestion_state.holds(span, but=uid) or any(
            (draft.start, draft.end, draft.label) == key for draft in taken
        )
    spans = suggestion_state.annotation_set.spans.overlapping(span.start, span.end)
    return any(
        other.uid != uid for other in spans
    )  # two that reach to one token overlap each other before as well
