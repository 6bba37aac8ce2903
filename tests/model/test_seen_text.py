"""Which parts of a text have been on the screen."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.seen_text import first_unseen, united

ranges = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)))


@given(ranges, st.text("a ", max_size=30))
def test_the_first_unseen_character_is_the_first_letter_in_no_range(
    parts: list[tuple[int, int]], text: str
) -> None:
    seen = {offset for start, end in parts for offset in range(start, end)}
    expected = next((at for at, char in enumerate(text) if char != " " and at not in seen), None)
    assert first_unseen(text, united(parts)) == expected


@given(ranges)
def test_united_ranges_are_sorted_disjoint_and_hold_the_same(parts: list[tuple[int, int]]) -> None:
    found = united(parts)
    assert {offset for start, end in found for offset in range(start, end)} == {
        offset for start, end in parts for offset in range(start, end)
    }
    assert all(start < end for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))
    assert united(found) == found
