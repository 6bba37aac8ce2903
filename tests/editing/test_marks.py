"""Marks: how sure their source was, and when they count as doubtful."""

from __future__ import annotations

import pytest

from annotator.editing.marks import Mark, State
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import By, Decision, Verb
from annotator.model.spans import Level, Span, Suggestion

SURE, UNSURE, UNSCORED = (Suggestion(0, 3, "PER", score=score) for score in (0.99, 0.1, None))


def decided(*, doubt: bool = False, by: By = By.KEY, suggestion: Suggestion | None = None) -> DecidedSpan:
    span = Span(0, 3, "PER", doubt=doubt)
    return DecidedSpan("s", span, suggestion, Decision(1, 1, Verb.ADD, "me", "", "s", None, span, by=by))


@pytest.mark.parametrize(
    ("mark", "level"),
    [
        (Mark.of_suggestion(SURE), Level.HIGH),
        (Mark.of_suggestion(UNSURE), Level.LOW),
        (Mark.of_suggestion(UNSCORED), Level.UNSCORED),
        (Mark.of_span(decided()), Level.UNSCORED),
        (Mark.of_span(decided(suggestion=SURE)), Level.HIGH),
    ],
)
def test_the_level_is_that_of_the_suggestion(mark: Mark, level: Level) -> None:
    assert mark.level is level


@pytest.mark.parametrize(
    ("mark", "doubt"),
    [
        (Mark.of_suggestion(UNSURE), True),
        (Mark.of_suggestion(SURE), False),
        (Mark.of_suggestion(UNSURE, State.REJECTED), False),
        (Mark.of_suggestion(SURE, remark=Span(0, 3, "PER", doubt=True)), True),
        (Mark.of_suggestion(SURE, remark=Span(0, 3, "PER", "who?")), False),
        (Mark.of_span(decided(doubt=True, suggestion=SURE)), True),
        (Mark.of_span(decided(suggestion=UNSURE)), False),
    ],
)
def test_doubt_is_a_persons_flag_or_an_unsure_source_that_nobody_decided_on(mark: Mark, doubt: bool) -> None:
    assert mark.doubt is doubt


@pytest.mark.parametrize("by", list(By))
def test_only_what_all_annotators_agree_on_is_shared(by: By) -> None:
    assert Mark.of_span(decided(by=by)).is_shared is (by is By.AGREEMENT)
    assert not Mark.of_suggestion(SURE).is_shared
