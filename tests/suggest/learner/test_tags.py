"""Spans as tags and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.learner.tags import TokenSpan, spans_of, tags_of


@st.composite
def disjoint_spans(draw: st.DrawFn) -> list[TokenSpan]:
    spans, place = [], 0
    for gap, length, label in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from("AB")), max_size=5)
    ):
        spans.append((place + gap, place + gap + length, label))
        place += gap + length
    return spans


@given(disjoint_spans())
def test_spans_come_back(spans: list[TokenSpan]) -> None:
    assert spans_of(tags_of(spans, 30)) == spans


def test_of_spans_that_overlap_the_first_and_longest_stays() -> None:
    assert tags_of([(1, 3, "A"), (0, 2, "B"), (0, 3, "A")], 4) == ["B-A", "I-A", "I-A", "O"]
    assert spans_of(["I-A", "I-B", "O", "I-B"]) == [(0, 1, "A"), (1, 2, "B"), (3, 4, "B")]
