"""The other mentions of a text that a person has corrected: what the correction would do to each, or why nothing."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.editing.correction import Correction
from annotator.editing.recorder import Draft
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.decisions import Verb, new_uid
from annotator.model.spans import Interval, Span, Suggestion
from annotator.model.tokens import Tokens


class Left(enum.StrEnum):
    """Why a mention is left alone."""

    ALIKE = "so already"
    OTHERWISE = "decided otherwise"
    INSIDE = "inside another span"
    ACROSS = "across a span"
    SUGGESTED = "in another suggestion"
    NOT_SUGGESTED = "not suggested"


@dataclass(frozen=True, slots=True)
class Mention:
    """A place `[start, end)` where the text of a correction stands, and what the correction does there."""

    start: int
    end: int
    outcome: Draft | Left


def other_mentions(
    suggestion_state: SuggestionState, text: str, tokens: Tokens, correction: Correction
) -> list[Draft]:
    """What the correction would do to the other mentions of its text, in the order of the text.

    A mention begins and ends with a token. Left alone are mentions that a person has decided on, those inside
    other spans or suggestions, and, after a plain accept, those that are suggested just so already.
    """
    mentions = _mentions(suggestion_state, text, tokens, correction, accepts=False)
    return [mention.outcome for mention in mentions if isinstance(mention.outcome, Draft)]


def all_mentions(
    suggestion_state: SuggestionState, text: str, tokens: Tokens, correction: Correction
) -> Iterator[Mention]:
    """Every mention of the correction's text, as `other_mentions` has them, with those that are left alone.

    But what is suggested just as it was accepted is accepted too.
    """
    for mention in _mentions(suggestion_state, text, tokens, correction, accepts=True):
        if isinstance(mention.outcome, Draft) or tokens.is_aligned(mention.start, mention.end):
            yield mention


def _occurrences(text: str, surface: str) -> Iterator[int]:
    """Where `surface` begins in `text`; occurrences may overlap."""
    start = text.find(surface)
    while start >= 0:
        yield start
        start = text.find(surface, start + 1)


def _mentions(
    suggestion_state: SuggestionState, text: str, tokens: Tokens, correction: Correction, *, accepts: bool
) -> Iterator[Mention]:
    """The mentions, of which only those with a draft are known to be whole tokens."""
    last_end = 0
    for start in _occurrences(text, correction.surface):
        end = start + len(correction.surface)
        if start < last_end:
            continue
        outcome = _settled(suggestion_state, start, end, correction, accepts=accepts) or _outcome(
            suggestion_state, text, start, end, correction
        )
        if isinstance(outcome, Draft):
            if not tokens.is_aligned(start, end):
                continue
            last_end = end
        yield Mention(start, end, outcome)


def _settled(
    suggestion_state: SuggestionState, start: int, end: int, correction: Correction, *, accepts: bool
) -> Left | None:
    """Why there is plainly nothing to do. This is asked on each key press, of most mentions of a long text."""
    decided = suggestion_state.annotation_set.spans.at(start, end)
    if decided is not None:
        is_alike = correction.now is not None and decided.label == correction.now.label
        return Left.ALIKE if is_alike else Left.OTHERWISE
    if accepts or correction.verb is not Verb.ACCEPT:
        return None
    suggested = suggestion_state.open.at(start, end)
    is_so = suggested is not None and suggested.label == correction.place.label
    return Left.ALIKE if is_so else None


def _outcome(
    suggestion_state: SuggestionState, text: str, start: int, end: int, correction: Correction
) -> Draft | Left:
    annotations = suggestion_state.annotation_set
    if (span := next(annotations.spans.overlapping(start, end), None)) is not None:
        return Left.INSIDE if _holds(span, start, end) else Left.ACROSS
    label = correction.place.label
    is_rejected = annotations.is_rejected(Suggestion(start, end, label))
    under = list(suggestion_state.open.overlapping(start, end))
    if correction.now is None:
        return Left.ALIKE if is_rejected else _rejection(under, start, end, label)
    if is_rejected:
        return Left.OTHERWISE
    if not all(_gives_way(suggestion, text, start, end, correction) for suggestion in under):
        return Left.SUGGESTED
    after = Span(start, end, label)
    exact = next((mark for mark in under if (mark.start, mark.end) == (start, end)), None)
    if exact is not None:
        return Draft.take(Verb.ACCEPT if exact.label == label else Verb.RELABEL, exact, after)
    if under:
        return Draft.take(Verb.RESIZE, under[0], after)
    return Draft(Verb.ADD, new_uid(), None, after)


def _rejection(under: Sequence[Suggestion], start: int, end: int, label: str) -> Draft | Left:
    same = next((suggestion for suggestion in under if suggestion.key == (start, end, label)), None)
    return Draft(Verb.REJECT, suggestion=same) if same else Left.NOT_SUGGESTED


def _gives_way(suggestion: Suggestion, text: str, start: int, end: int, correction: Correction) -> bool:
    """True if a mention at `[start, end)` may replace `suggestion`.

    It may if the suggestion lies within the mention, or is the very text that the correction was made on.
    """
    if start <= suggestion.start and suggestion.end <= end:
        return True
    was, now = correction.was, correction.now
    if was is None or now is None:
        return False
    return (
        suggestion.end - suggestion.start == was.end - was.start
        and suggestion.start - start == was.start - now.start
        and text[suggestion.start : suggestion.end] == correction.was_surface
    )


def _holds(outer: Interval, start: int, end: int) -> bool:
    return outer.start <= start and end <= outer.end
