"""Decisions on many suggestions or spans at once, as drafts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotator.editing.board import Board
from annotator.editing.recorder import Draft
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import Verb
from annotator.model.labels import LabelSet
from annotator.model.spans import Level, Span, Suggestion, overlaps
from annotator.model.tokens import Tokens


def is_confident(suggestion: Suggestion) -> bool:
    """True if accepting in bulk may take it: its score is not low; a source other than a model needs none."""
    if suggestion.level is Level.UNSCORED:
        return suggestion.source != "model"
    return suggestion.level is not Level.LOW


def confident_run(
    suggestions: Iterable[Suggestion], until: int
) -> tuple[list[Suggestion], Suggestion | None]:
    """The suggestions up to the first that is not confident or ends behind `until`, and that one."""
    run: list[Suggestion] = []
    for suggestion in suggestions:
        if suggestion.end > until or not is_confident(suggestion):
            return run, suggestion
        run.append(suggestion)
    return run, None


def acceptances(suggestions: Iterable[Suggestion], label_set: LabelSet) -> list[Draft]:
    """Accept each of these, given in walking order; in a flat label set not those that overlap one before."""
    taken: list[Suggestion] = []
    for suggestion in suggestions:
        if label_set.nested or not (taken and overlaps(suggestion, taken[-1])):
            taken.append(suggestion)
    return [Draft.take(Verb.ACCEPT, each, Span(each.start, each.end, each.label)) for each in taken]


def snappings(misaligned: Iterable[DecidedSpan], board: Board, tokens: Tokens) -> list[Draft]:
    """Let these spans reach to the tokens they touch; in a flat label set not where another span stands."""
    drafts: list[Draft] = []
    taken: list[Span] = []
    for decided in misaligned:
        snapped = tokens.snapped(decided.start, decided.end)
        if snapped is None:
            continue
        span = replace(decided.span, start=snapped[0], end=snapped[1])
        others = (
            each for each in board.annotation_set.spans.overlapping(*snapped) if each.uid != decided.uid
        )
        is_free = next(others, None) is None and not any(overlaps(span, each) for each in taken)
        if board.label_set.nested or is_free:
            taken.append(span)
            drafts.append(Draft.change(Verb.RESIZE, decided, span))
    return drafts
