"""Cutting long texts: nothing is lost, and the cut stands where it does least harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.sources.chunks import chunks


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 5, []),
        ("short", 5, ["short"]),
        ("One two.\nThree. Four.\nFive", 24, ["One two.\nThree. Four.\n", "Five"]),
        ("One two. Three four. Five six.", 24, ["One two. Three four. ", "Five six."]),
        ("one two three", 9, ["one two ", "three"]),
        ("Aa.\nBb cc. Dd ee ff", 14, ["Aa.\n", "Bb cc. ", "Dd ee ff"]),
        ("onetwothree", 4, ["onet", "woth", "ree"]),
        ("one two", 3, ["one", " ", "two"]),
        ("ab\ncd", 3, ["ab\n", "cd"]),
        ("\n\n\n\n\n", 2, ["\n\n", "\n\n", "\n"]),
    ],
)
def test_where_it_is_cut(text: str, limit: int, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in chunks(text, limit)] == pieces


@given(st.text(st.sampled_from("ab A. \n\u2028é👍")), st.integers(1, 12))
def test_the_pieces_make_up_the_text(text: str, limit: int) -> None:
    ranges = chunks(text, limit)
    assert "".join(text[start:end] for start, end in ranges) == text
    assert all(0 < end - start <= limit for start, end in ranges)
