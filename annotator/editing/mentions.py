"""The last correction on the other mentions of the same text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from annotator.editing.board import Board
from annotator.editing.recorder import Draft
from annotator.model.decisions import By, Verb, new_uid
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens

_CORRECTIONS = (Verb.ACCEPT, Verb.RELABEL, Verb.RESIZE, Verb.ADD, Verb.REJECT)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person made of one span: `was` is the suggestion it came from, if any, `now` the span, or None."""

    was: Suggestion | None
    now: Span | None
    verb: Verb

    @property
    def place(self) -> Span | Suggestion:
        """Where it was made."""
        place = self.now or self.was
        assert place is not None  # a correction is about a suggestion, a span or both
        return place

    def summary(self) -> str:
        """The correction in a few words, such as "ORG→PERSON"."""
        if self.now is None:
            return f"reject {self.place.label}"
        if self.was is None or self.was.label == self.now.label:
            return self.now.label
        return f"{self.was.label}→{self.now.label}"


def last_correction(board: Board) -> Correction | None:
    """The last step in force, if it settled one span by one key; None otherwise."""
    step = board.annotation_set.undo_step
    if not step or step[-1].by is not By.KEY or step[-1].verb not in _CORRECTIONS:
        return None
    last = step[-1]
    if last.verb is Verb.REJECT:
        return Correction(last.suggestion, None, last.verb) if last.suggestion else None
    decided = board.annotation_set.get(last.span) if last.span else None
    return Correction(decided.suggestion, decided.span, last.verb) if decided else None


def other_mentions(board: Board, text: str, tokens: Tokens, correction: Correction) -> list[Draft]:
    """What the correction would do to the other mentions of its text, in the order of the text.

    A mention begins and ends with a token. Left alone are mentions that a person has decided on, those inside
    other spans or suggestions, and, after a plain accept, those that are suggested just so already.
    """
    return list(_drafts(board, text, tokens, correction))


def _drafts(board: Board, text: str, tokens: Tokens, correction: Correction) -> Iterator[Draft]:
    place = correction.place
    surface = text[place.start : place.end]
    last_end = 0
    for start in _occurrences(text, surface):
        end = start + len(surface)
        if start < last_end or start == place.start or _is_settled(board, start, end, correction):
            continue
        draft = _draft_at(board, text, start, end, correction)
        if draft is not None and tokens.is_aligned(start, end):
            last_end = end
            yield draft


def _occurrences(text: str, surface: str) -> Iterator[int]:
    start = text.find(surface)
    while start >= 0:
        yield start
        start = text.find(surface, start + 1)


def _is_settled(board: Board, start: int, end: int, correction: Correction) -> bool:
    """True if there is nothing to do at a mention. This is asked on each key press, of most mentions of a long text."""
    if board.annotation_set.spans.at(start, end) is not None:
        return True
    if correction.verb is not Verb.ACCEPT:
        return False
    suggested = board.open.at(start, end)
    return suggested is not None and suggested.label == correction.place.label


def _draft_at(board: Board, text: str, start: int, end: int, correction: Correction) -> Draft | None:
    annotations = board.annotation_set
    if next(annotations.spans.overlapping(start, end), None) is not None:
        return None
    under = list(board.open.overlapping(start, end))
    if correction.now is None:
        return _rejection(under, start, end, correction)
    label = correction.now.label
    if annotations.is_rejected(Suggestion(start, end, label)):
        return None
    if not all(_gives_way(suggestion, text, start, end, correction) for suggestion in under):
        return None
    after = Span(start, end, label)
    exact = next((each for each in under if (each.start, each.end) == (start, end)), None)
    if exact is not None:
        if exact.label != label:
            return Draft.take(Verb.RELABEL, exact, after)
        return None if correction.verb is Verb.ACCEPT else Draft.take(Verb.ACCEPT, exact, after)
    if under:
        return Draft.take(Verb.RESIZE, under[0], after)
    return Draft(Verb.ADD, new_uid(), None, after)


def _rejection(under: Sequence[Suggestion], start: int, end: int, correction: Correction) -> Draft | None:
    key = (start, end, correction.place.label)
    same = next((suggestion for suggestion in under if suggestion.key == key), None)
    return Draft(Verb.REJECT, suggestion=same) if same else None


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
        and text[suggestion.start : suggestion.end] == text[was.start : was.end]
    )
