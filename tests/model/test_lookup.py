"""Where known forms stand in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.lookup import FormIndex, Mention, Words
from annotator.model.tokens import Tokens, stand_in_tokens


def index_of(*forms: str) -> FormIndex:
    index = FormIndex()
    for form in forms:
        index.add(form)
    return index


def found(index: FormIndex, text: str, *, nested: bool = False, but: str = "") -> list[tuple[str, str]]:
    words = Words(text)
    mentions = index.find(words, lambda mention: mention.surface != but, nested=nested)
    return [(text[each.start : each.end], each.surface) for each in mentions]


@pytest.mark.parametrize(
    ("forms", "text", "mentions"),
    [
        (["York"], "York, New York", ["York", "York"]),
        (["York", "New York"], "York, New York", ["York", "New York"]),
        (["New York", "York Times"], "New York Times", ["New York"]),
        (["York"], "Yorkshire, Cork-York's", ["York"]),
        (["U.S."], "U.S. U.S U. S.", ["U.S."]),
        (["New York"], "New  \n York", ["New  \n York"]),
        (["Chávez"], "Chávez’s Chavez", ["Chávez"]),
        (["C++"], "C++ C+ + C", ["C++"]),
        ([""], "a b", []),
    ],
)
def test_mentions_are_whole_words_and_the_longest_first(
    forms: list[str], text: str, mentions: list[str]
) -> None:
    assert [mention for mention, _ in found(index_of(*forms), text)] == mentions


def test_nested_mentions_are_all_there_are() -> None:
    index = index_of("York", "New York", "New York Times")
    assert [mention for mention, _ in found(index, "New York Times", nested=True)] == [
        "New York Times",
        "New York",
        "York",
    ]


def test_a_form_that_is_not_wanted_makes_room_for_a_shorter_one() -> None:
    index = index_of("York", "New York")
    assert found(index, "New York", but="New York") == [("York", "York")]


@pytest.mark.parametrize(
    ("form", "text", "is_met"),
    [
        ("Venezuela", "VENEZUELA", True),
        ("VENEZUELA", "Venezuela", True),
        ("New York", "NEW YORK", True),
        ("City of London", "CITY OF LONDON", True),
        ("Venezuela", "venezuela", False),
        ("VENEZUELA", "venezuela", False),
        ("May", "MAY", False),
        ("US", "us", False),
        ("US", "Us", False),
        ("apple", "Apple", False),
        ("iPhone", "IPHONE", False),
    ],
)
def test_capitals_are_a_variant_of_a_title_and_the_other_way_round(
    form: str, text: str, is_met: bool
) -> None:
    assert found(index_of(form), text) == ([(text, form)] if is_met else [])


def test_a_form_in_its_own_case_hides_its_variants() -> None:
    index = index_of("Venezuela", "VENEZUELA")
    assert found(index, "VENEZUELA") == [("VENEZUELA", "VENEZUELA")]
    assert found(index, "VENEZUELA", but="VENEZUELA") == []
    index.discard("VENEZUELA")
    assert found(index, "VENEZUELA") == [("VENEZUELA", "Venezuela")]


def test_a_mention_begins_and_ends_with_a_token_of_the_document() -> None:
    text = "U.S.-based Acme"
    index = index_of("U.S.", "Acme")
    tokens = Tokens([(0, 10), (11, 15)], tokenizer="coarse")
    assert [each.surface for each in index.find(Words(text, tokens), lambda _: True)] == ["Acme"]
    assert [each.surface for each in index.find(Words(text), lambda _: True)] == ["U.S.", "Acme"]


TEXTS = st.lists(st.sampled_from("ab AB a-b New York 's .".split(" ")), max_size=8).map(" ".join)


@given(st.sets(TEXTS), st.sets(TEXTS), TEXTS, st.booleans())
def test_the_index_knows_what_was_added_and_not_taken_out(
    forms: set[str], gone: set[str], text: str, nested: bool
) -> None:
    index = index_of(*forms, *gone)
    for form in gone - forms:
        index.discard(form)

    def mentions(index: FormIndex) -> list[Mention]:
        return list(index.find(Words(text), lambda _: True, nested=nested))

    assert mentions(index) == mentions(index_of(*forms))
    tokens = stand_in_tokens(text)
    for mention in mentions(index):
        assert mention.surface in forms
        assert tokens.is_aligned(mention.start, mention.end)
        assert text[mention.start : mention.end].casefold() == mention.surface.casefold()
    if not nested:
        ends = [mention.end for mention in mentions(index)]
        starts = [mention.start for mention in mentions(index)]
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))


@given(st.text(" \na'bC-", max_size=60), st.lists(st.integers(1, 9), min_size=60, max_size=60))
def test_a_text_that_is_cut_bit_by_bit_has_the_words_of_the_whole(text: str, lengths: list[int]) -> None:
    words, whole = Words.begun(text), Words(text)
    for length in lengths:
        if words.is_whole:
            break
        before = len(words.starts)
        words.cut(length)
        assert words.starts == whole.starts[: len(words.starts)]
        assert words.ends == whole.ends[: len(words.ends)]
        assert len(words.starts) >= before
    assert words.is_whole
    assert (words.starts, words.ends, words.folded) == (whole.starts, whole.ends, whole.folded)


def test_a_cut_ends_at_the_next_white_space_and_goes_no_further() -> None:
    words = Words.begun("one two three four")
    words.cut(5)
    assert not words.is_whole
    assert words.folded == ["one", "two"]
