"""Tokens: offsets that come back, and a stand-in that never cuts a character in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.characters import next_character
from annotator.model.tokens import STAND_IN, Tokens, stand_in_tokens

SCRIPTS = "aZé ñß,.'’-–_ 7\n\t中国かな゙한글नमस्ते\u0301ไทย😀👍\U0001f3fd\u200d👩🇻🇪שלוםعربي葛\U000e0100"
FLAG = "🇻🇪"
texts = st.text(st.sampled_from(SCRIPTS), max_size=30).filter(
    lambda text: f"\u200d{FLAG[0]}" not in text and f"\u200d{FLAG[1]}" not in text  # nobody joins half a flag
)


@st.composite
def tokenized(draw: st.DrawFn) -> tuple[list[tuple[int, int]], int]:
    """Token offsets and the length of the text they stand in."""
    edges = sorted(draw(st.sets(st.integers(0, 40), max_size=16)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    glued = [(pairs[i - 1][1], pairs[i][1]) if i and draw(st.booleans()) else p for i, p in enumerate(pairs)]
    return glued, 42


def words(text: str) -> list[str]:
    """The stand-in tokens of `text` as strings."""
    return [text[start:end] for start, end in stand_in_tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t ", []),
        ("Maduro's well-known U.S. aide", "Maduro ' s well - known U . S . aide".split()),
        ("the country’s “birthright”.", "the country ’ s “ birthright ” .".split()),
        ("snake_case 3.5%", "snake _ case 3 . 5 %".split()),
        ("Nicola\u0301s café", ["Nicola\u0301s", "café"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("中国2019年ABC", ["中", "国", "2019", "年", "ABC"]),
        ("か\u3099な", ["か\u3099", "な"]),
        ("葛\U000e0100城", ["葛\U000e0100", "城"]),
        ("한국 사람", ["한국", "사람"]),
        ("hi👍\U0001f3fd!", ["hi", "👍\U0001f3fd", "!"]),
        ("👩\u200d👩\u200d👧 x", ["👩\u200d👩\u200d👧", "x"]),
        ("🇻🇪🇨🇴", ["🇻🇪", "🇨🇴"]),
        ("שלום, עולם", ["שלום", ",", "עולם"]),
    ],
)
def test_stand_in_splits_words_of_many_scripts(text: str, expected: list[str]) -> None:
    assert words(text) == expected
    assert stand_in_tokens(text).tokenizer == STAND_IN


@given(texts)
def test_stand_in_covers_all_but_white_space(text: str) -> None:
    covered = {offset for start, end in stand_in_tokens(text) for offset in range(start, end)}
    assert covered == {offset for offset, char in enumerate(text) if not char.isspace()}


@given(texts)
def test_stand_in_cuts_no_character_in_two(text: str) -> None:
    edges, offset = {0}, 0
    while offset < len(text):
        offset = next_character(text, offset)
        edges.add(offset)
    assert {edge for token in stand_in_tokens(text) for edge in token} <= edges


@given(tokenized(), st.integers(0, 42))
def test_at_is_the_token_there_or_the_next_or_the_last(
    drawn: tuple[list[tuple[int, int]], int], offset: int
) -> None:
    offsets, _ = drawn
    tokens = Tokens(offsets, tokenizer="test")
    if not offsets:
        with pytest.raises(IndexError):
            tokens.at(offset)
        return
    naive = next((i for i, (_, end) in enumerate(offsets) if offset < end), len(offsets) - 1)
    assert tokens.at(offset) == naive


@given(tokenized(), st.integers(0, 42), st.integers(0, 42))
def test_within_and_snapping_equal_their_definition(
    drawn: tuple[list[tuple[int, int]], int], start: int, end: int
) -> None:
    offsets, _ = drawn
    tokens = Tokens(offsets, tokenizer="test")
    shared = [i for i, (a, b) in enumerate(offsets) if set(range(a, b)) & set(range(start, end))]
    assert list(tokens.within(start, end)) == shared
    snapped = (offsets[shared[0]][0], offsets[shared[-1]][1]) if shared else None
    assert tokens.snapped(start, end) == snapped
    assert tokens.is_aligned(start, end) is (snapped == (start, end))
    if snapped:
        assert tokens.snapped(*snapped) == snapped
        assert tokens.is_aligned(*snapped)


@given(tokenized())
def test_tokens_are_a_sequence_of_offsets(drawn: tuple[list[tuple[int, int]], int]) -> None:
    offsets, _ = drawn
    tokens = Tokens(offsets, tokenizer="test")
    assert list(tokens) == [tokens[i] for i in range(len(tokens))] == offsets
    assert tokens == Tokens(offsets, tokenizer="another")
    assert tokens != Tokens([*offsets, (50, 51)], tokenizer="test")


@pytest.mark.parametrize("offsets", [[(3, 3)], [(4, 2)], [(0, 3), (2, 5)], [(5, 6), (1, 2)], [(-1, 2)]])
def test_tokens_refuse_what_is_empty_or_overlaps(offsets: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="empty or overlaps"):
        Tokens(offsets, tokenizer="test")
