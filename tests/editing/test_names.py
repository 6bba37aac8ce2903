"""Names by their looks: growth from the first word, and the names that nobody has marked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.names import Names
from annotator.model.spans import Span
from annotator.model.tokens import Tokens, stand_in_tokens


def grown(text: str, word: str, *, limit: int | None = None) -> str:
    """What a label would add at `word`."""
    place = Names(text, stand_in_tokens(text)).grown(text.index(word), limit=limit)
    assert place is not None
    return text[slice(*place)]


def unmarked(text: str) -> list[str]:
    """The names of the whole text."""
    names = Names(text, stand_in_tokens(text))
    return [text[start:end] for start, end in names.unmarked(0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[23 de Enero] and Petrel", "a number leads into a name through a particle"),
        ("[Banco de la República] said", "two particles"),
        ("[Bank of the West] fell", "of the"),
        ("[Ludwig van der Rohe] built", "van der"),
        ("[University of Oslo] in Norway", "in is no particle"),
        ("[Sonny and Cher] sang".replace("[Sonny and Cher]", "[Sonny] and Cher"), "and is no particle"),
        ("[Simon & Schuster] print", "an ampersand"),
        ("[Nicolás Maduro], the president", "a comma ends it"),
        ("[Caracas]. Maduro spoke", "a full stop ends it"),
        ("[Venezuela]’s president", "a possessive is no part"),
        ("[Venezuela]'s President Maduro", "nor before a title"),
        ("[J. Robert Smith] wrote", "an initial"),
        ("[George W. Bush] wrote", "an initial in the middle"),
        ("[Smith-Jones] wrote", "a hyphen"),
        ("[O’Brien] wrote", "an apostrophe"),
        ("[Guinea-Bissau National Bank] fell", "a hyphen and more words"),
        ("[Boeing 747] landed", "a number behind a name"),
        ("[the White House] said", "an article leads in"),
        ("[the] house said", "unless no name follows"),
        ("[demonstrations] in Caracas", "a word in small letters stands alone"),
        ("[12] people in Caracas", "as does a number"),
        ("[The Daily\nNews] x".replace("[The Daily\nNews]", "[The Daily]\nNews"), "a line's end ends it"),
        ("[Caracas]  Times", "as do two blanks"),
        ("[USA]", "the end of the text"),
    ],
)
def test_a_name_grows_from_its_first_word(text: str, expected: str) -> None:
    start, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    assert Names(plain, stand_in_tokens(plain)).grown(start) == (start, end), expected


def test_growth_stops_before_a_limit() -> None:
    text = "Vice President Mike Pence"
    assert grown(text, "Vice", limit=text.index("Mike")) == "Vice President"
    assert grown(text, "Vice", limit=text.index("Mike") + 2) == "Vice President"


def test_there_is_nothing_to_grow_without_words() -> None:
    assert Names("  ", stand_in_tokens("  ")).grown(0) is None


def test_unmarked_names_pass_over_common_words_at_a_sentences_start() -> None:
    text = (
        "The protests spread. Maduro spoke. However, nobody came. Protests grew, and Caracas slept.\n"
        "“We saw Juan Guaidó,” Ana said. National Assembly members left. Its rally in San Félix was small."
    )
    assert unmarked(text) == [
        "Maduro", "Caracas", "Juan Guaidó", "Ana", "National Assembly", "San Félix",
    ]  # fmt: skip


def test_a_word_after_an_opening_quote_begins_its_sentence() -> None:
    assert unmarked("“Brothers came.” “Yesterday he sang.” We saw brothers.") == []


def test_unmarked_names_begin_where_they_are_asked_for() -> None:
    text = "then Maduro and Pence and Rubio met"
    names = Names(text, stand_in_tokens(text))
    found = [text[start:end] for start, end in names.unmarked(text.index("and"), text.index("Rubio"))]
    assert found == ["Pence"]


def test_a_name_that_runs_over_a_mark_is_one_before_it_and_one_behind() -> None:
    text = "Bo Falk of the Daily Courier, Ana Lima and Then Rio de Janeiro"
    names = Names(text, stand_in_tokens(text))

    def found(*marked: str) -> list[str]:
        marks = [Span(text.index(words), text.index(words) + len(words), "X") for words in marked]
        return [text[start:end] for start, end in names.unmarked(0, len(text), marks)]

    assert found()[0] == "Bo Falk of the Daily Courier"
    assert found("Bo Falk", "Ana Lima", "Then Rio de Janeiro") == ["Daily Courier"]
    assert found("Daily", "Bo Falk of the Daily Courier", "Lima", "Rio") == ["Ana", "Then", "Janeiro"]


texts = st.lists(
    st.sampled_from(["Maduro", "de", "23", "J", ".", "-", "’", "the", "said", "of", "\n", "&", "É"]),
    max_size=12,
).flatmap(lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words)))


@given(texts, st.integers(0, 40))
def test_a_name_begins_at_its_word_and_ends_with_a_token(text: str, offset: int) -> None:
    tokens = stand_in_tokens(text)
    place = Names(text, tokens).grown(offset)
    if not len(tokens):
        assert place is None
        return
    assert place is not None
    assert place[0] == tokens[tokens.at(offset)][0]
    assert tokens.is_aligned(*place)
    assert "\n" not in text[slice(*place)]


@given(texts)
def test_unmarked_names_are_apart_and_in_order(text: str) -> None:
    names = Names(text, stand_in_tokens(text))
    found = list(names.unmarked(0, len(text)))
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert all(place == names.grown(place[0]) for place in found)


def wikigold() -> Iterator[list[tuple[str, str]]]:
    """The sentences of wikigold as words and IOB1 tags."""
    folder = os.environ.get("ANNOTATOR_EXTERNAL_DATA")
    if not folder:
        pytest.skip("ANNOTATOR_EXTERNAL_DATA is not set")
    sentence: list[tuple[str, str]] = []
    for line in (Path(folder) / "wikigold" / "wikigold-a.conll").read_text("utf-8").splitlines():
        word, _, tag = line.partition(" ")
        if word and word != "-DOCSTART-":
            sentence.append((word, tag))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def test_growth_finds_most_of_wikigolds_names_whole() -> None:
    """The share of gold spans that the first word's growth gives exactly; 93 % when this was designed."""
    right = total = 0
    for sentence in wikigold():
        text, offsets, starts, last = "", [], [], "O"
        for word, tag in sentence:
            offsets.append((len(text), len(text) + len(word)))
            if tag != "O" and (tag != last or tag.startswith("B")):  # IOB1: a change of tag begins a span
                starts.append([*offsets[-1]])
            elif tag != "O":
                starts[-1][1] = offsets[-1][1]
            text += word + " "
            last = tag.replace("B-", "I-")
        names = Names(text, Tokens(offsets, tokenizer="gold"))
        right += sum(names.grown(start) == (start, end) for start, end in starts)
        total += len(starts)
    assert total > 1500
    assert right / total >= 0.92
