"""Spans and suggestions: levels of certainty and the order of walking."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.spans import Level, Span, Suggestion, overlaps, walking_order

spans = st.builds(
    lambda start, length: Span(start, start + length, "X"), st.integers(0, 12), st.integers(1, 6)
)


@pytest.mark.parametrize(
    ("score", "level"),
    [
        (None, Level.UNSCORED),
        (0.0, Level.LOW),
        (0.799, Level.LOW),
        (0.80, Level.MID),
        (0.949, Level.MID),
        (0.95, Level.HIGH),
        (1.0, Level.HIGH),
    ],
)
def test_a_score_is_shown_as_a_level(score: float | None, level: Level) -> None:
    assert Suggestion(0, 1, "PER", score=score).level is level


def test_the_same_question_is_the_same_place_and_label() -> None:
    one = Suggestion(0, 4, "PER", source="model", score=0.4)
    assert one.key == Suggestion(0, 4, "PER", source="memory").key
    assert one.key != Suggestion(0, 4, "ORG").key


@given(st.lists(spans, max_size=8))
def test_walking_goes_by_start_and_the_longer_first(drawn: list[Span]) -> None:
    walked = sorted(drawn, key=walking_order)
    for one, other in pairwise(walked):
        assert one.start < other.start or (one.start == other.start and one.end >= other.end)


@given(spans, spans)
def test_overlapping_is_sharing_a_character(one: Span, other: Span) -> None:
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    assert overlaps(one, other) is overlaps(other, one) is bool(shared)
