"""Whom a name that nobody has is likely to mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.workspace.assignments.annotator_names import edit_distance, similar_name


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("", "", 0),
        ("ada", "ada", 0),
        ("", "ada", 3),
        ("ada", "adda", 1),
        ("ben", "bne", 1),
        ("cleo", "cloe", 1),
        ("kitten", "sitting", 3),
        ("ca", "abc", 3),
    ],
)
def test_the_distance_counts_edits(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other) == distance


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_the_distance_is_the_same_both_ways_and_nothing_only_for_the_same(one: str, other: str) -> None:
    distance = edit_distance(one, other)
    assert distance == edit_distance(other, one)
    assert (distance == 0) is (one == other)
    assert abs(len(one) - len(other)) <= distance <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("name", "similar"),
    [
        ("adda", "ada"),
        ("bne", "ben"),
        ("ADA", "ada"),
        ("zoe", None),
        ("lovelacee", "lovelace"),
        ("lvelaec", "lovelace"),
        ("a", None),
    ],
)
def test_a_slip_of_the_fingers_is_recognised(name: str, similar: str | None) -> None:
    assert similar_name(name, ["ada", "ben", "lovelace"]) == similar
