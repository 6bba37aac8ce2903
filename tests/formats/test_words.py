"""A text is spelled out in words and spaces as spaCy's own tokenizer does it."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.words import words_of
from annotator.model.tokens import Tokens
from tests.formats.generated import texts, tokens_of

_blank = spacy.blank("xx")


@given(st.data())
def test_words_and_spaces_joined_are_the_text(data: st.DataObject) -> None:
    text = data.draw(texts())
    tokens = data.draw(tokens_of(text))
    words = words_of(text, tokens)
    spelled = (
        text[start:end] + " " * space for (start, end), space in zip(words.offsets, words.spaces, strict=True)
    )
    assert "".join(spelled) == text
    assert [words.offsets[index] for index in words.of_token] == list(tokens)


@given(texts())
def test_white_space_becomes_words_as_spacy_makes_them(text: str) -> None:
    doc = _blank(text)
    tokens = Tokens(
        ((each.idx, each.idx + len(each)) for each in doc if not each.is_space), tokenizer="spacy"
    )
    words = words_of(text, tokens)
    assert words.offsets == [(each.idx, each.idx + len(each)) for each in doc]
    assert words.spaces == [bool(each.whitespace_) for each in doc]


def test_what_no_token_covers_becomes_words_too() -> None:
    words = words_of("In 2019, Maduro ruled", Tokens([(9, 15)], tokenizer="source"))
    assert words.offsets == [(0, 2), (3, 8), (9, 15), (16, 21)]
    assert words.spaces == [True, True, True, False]
    assert words.of_token == [2]


def test_a_span_covers_words_only_on_the_edges_of_tokens() -> None:
    text = "  New  York-based"
    tokens = Tokens([(2, 5), (7, 11), (11, 12), (12, 17)], tokenizer="source")
    words = words_of(text, tokens)
    assert words.covering(2, 11, tokens) == (1, 3)
    assert words.covering(2, 9, tokens) is None


def test_tokens_beyond_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="tokens reach to 4, the text to 3"):
        words_of("abc", Tokens([(0, 4)], tokenizer="source"))
