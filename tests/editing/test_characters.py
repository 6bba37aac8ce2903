"""Steps by what a reader takes for one character."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.characters import next_character, previous_character

texts = st.text(
    st.sampled_from("aé \n\u0301\u200d\u200c👍\U0001f3fd👩\ufe0f🇻🇪क\u093f中\U000e0067🏴"), max_size=20
)


def split(text: str) -> list[str]:
    """The characters of `text`."""
    found, offset = [], 0
    while offset < len(text):
        end = next_character(text, offset)
        found.append(text[offset:end])
        offset = end
    return found


@pytest.mark.parametrize(
    "characters",
    [
        ["a", "b"],
        ["e\u0301", "a\u0323\u0302"],
        ["👩\u200d👩\u200d👧\u200d👦", "!"],
        ["🏳\ufe0f\u200d🌈", "x"],
        ["👍\U0001f3fd", "👍"],
        ["🇻🇪", "🇨🇴", "🇧"],
        ["1\ufe0f\u20e3", "2"],
        ["🏴\U000e0067\U000e0062\U000e007f", "."],
        ["नि", "म"],
        ["ה\u05b7", "ר"],
        ["中", "国"],
        ["م", "ی\u200c", "خ"],
        ["\r", "\n", "\u0301"],
    ],
)
def test_a_character_is_what_a_reader_sees(characters: list[str]) -> None:
    assert split("".join(characters)) == characters


@given(texts)
def test_steps_back_meet_the_steps_forward(text: str) -> None:
    edges, offset = [0], 0
    while offset < len(text):
        offset = next_character(text, offset)
        edges.append(offset)
    for before, after in pairwise(edges):
        assert before < after
        assert previous_character(text, after) == before


def test_the_ends_of_the_text_hold() -> None:
    assert next_character("ab", 2) == 2
    assert previous_character("ab", 0) == 0
    assert next_character("", 0) == previous_character("", 0) == 0
