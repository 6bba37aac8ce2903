"""The cursor: a place that moves by words, sentences and paragraphs, and edges that move by a unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.cursor import Cursor
from annotator.model.tokens import Tokens, stand_in_tokens

TEXT = "One two. Three cafe\u0301!\n\nFour  five"


@pytest.fixture
def cursor() -> Cursor:
    return Cursor(TEXT, stand_in_tokens(TEXT))


def word(cursor: Cursor) -> str:
    """The word at the cursor."""
    return cursor.text[slice(*cursor.word)]


def test_steps_go_from_word_to_word_and_stop_at_the_ends(cursor: Cursor) -> None:
    words = []
    for _ in range(10):
        words.append(word(cursor))
        cursor.step(1)
    assert words == ["One", "two", ".", "Three", "cafe\u0301", "!", "Four", "five", "five", "five"]
    cursor.step(-100)
    assert word(cursor) == "One"


def test_the_first_step_back_leads_to_the_beginning_of_the_word(cursor: Cursor) -> None:
    cursor.go(TEXT.index("hree"))
    cursor.step(-1)
    assert cursor.offset == TEXT.index("Three")
    cursor.step(-1)
    assert word(cursor) == "."


@given(st.integers(-3, len(TEXT) + 3), st.integers(-4, 4))
def test_no_step_goes_the_wrong_way(offset: int, count: int) -> None:
    cursor = Cursor(TEXT, stand_in_tokens(TEXT))
    cursor.go(offset)
    before = cursor.offset
    assert 0 <= before <= len(TEXT)
    cursor.step(count)
    assert (cursor.offset - before) * count >= 0


@pytest.mark.parametrize(
    ("unit", "at", "direction", "expected"),
    [
        ("sentence", "two", 1, "Three"),
        ("sentence", "cafe", -1, "Three"),
        ("sentence", "Three", -1, "One"),
        ("sentence", "five", 1, "five"),
        ("paragraph", "two", 1, "Four"),
        ("paragraph", "five", -1, "Four"),
        ("paragraph", "Four", -1, "One"),
        ("paragraph", "One", -1, "One"),
    ],
)
def test_sentences_and_paragraphs(cursor: Cursor, unit: str, at: str, direction: int, expected: str) -> None:
    cursor.go(TEXT.index(at))
    getattr(cursor, f"step_{unit}")(direction)
    assert word(cursor) == expected


def test_the_paragraph_around_the_cursor(cursor: Cursor) -> None:
    cursor.go(TEXT.index("five"))
    assert TEXT[slice(*cursor.paragraph())] == "Four  five"
    assert Cursor(" ", stand_in_tokens(" ")).paragraph() == (0, 1)


@pytest.mark.parametrize(
    ("span", "edge", "direction", "by_character", "expected"),
    [
        ("two", "left", "out", False, "One two"),
        ("One two", "left", "in", False, "two"),
        ("two", "right", "out", False, "two."),
        ("two.", "right", "in", False, "two"),
        ("hree", "left", "out", False, "Three"),
        ("Thr", "right", "out", False, "Three"),
        ("hree cafe\u0301", "left", "in", False, "cafe\u0301"),
        ("two", "right", "in", True, "tw"),
        ("cafe\u0301", "right", "in", True, "caf"),
        ("caf", "right", "out", True, "cafe\u0301"),
        ("e\u0301!", "left", "in", True, "!"),
        ("!", "left", "out", True, "e\u0301!"),
        ("One", "left", "out", False, None),
        ("One", "left", "out", True, None),
        ("five", "right", "out", False, None),
        ("five", "right", "out", True, None),
        ("two", "left", "in", False, None),
        ("two", "right", "in", False, None),
        ("!", "left", "in", True, None),
        ("hre", "right", "in", False, None),
    ],
)
def test_an_edge_moves_by_one_unit(
    cursor: Cursor, span: str, edge: str, direction: str, by_character: bool, expected: str | None
) -> None:
    start = TEXT.index(span)
    cursor.by_character = by_character
    moved = cursor.resized(start, start + len(span), edge, direction)
    assert (TEXT[slice(*moved)] if moved else None) == expected


places = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 12)).map(
    lambda p: (p[0], min(sum(p), len(TEXT)))
)


@given(places, st.sampled_from(["left", "right"]), st.sampled_from(["out", "in"]), st.booleans())
def test_a_moved_edge_stays_in_the_text_and_leaves_something(
    place: tuple[int, int], edge: str, direction: str, by_character: bool
) -> None:
    cursor = Cursor(TEXT, stand_in_tokens(TEXT))
    cursor.by_character = by_character
    moved = cursor.resized(*place, edge, direction)
    if moved is not None:
        assert 0 <= moved[0] < moved[1] <= len(TEXT)
        fixed = 1 if edge == "left" else 0
        assert moved[fixed] == place[fixed]
        assert (moved[1] - moved[0] > place[1] - place[0]) is (direction == "out")


@given(places)
def test_selecting_takes_whole_words_or_just_these_characters(place: tuple[int, int]) -> None:
    tokens = stand_in_tokens(TEXT)
    cursor = Cursor(TEXT, tokens)
    assert cursor.select(*place) is (tokens.snapped(*place) is not None)
    assert cursor.selection == tokens.snapped(*place)
    cursor.by_character = True
    assert cursor.select(*place)
    assert cursor.selection == place
    assert not cursor.select(place[1], place[0])
    cursor.go(0)
    assert cursor.selection is None
    assert not cursor.by_character


def test_a_text_without_tokens_has_an_empty_word() -> None:
    cursor = Cursor("  ", Tokens([], tokenizer="none"))
    cursor.step(1)
    assert cursor.word == (0, 0)
    assert not cursor.select(0, 2)
