"""Search that ignores case and accents and finds its way back to the text's own offsets."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.search import FoldedText


def hits(text: str, query: str) -> list[str]:
    """What is found, as it stands in the text."""
    return [text[start:end] for start, end in FoldedText(text).find_all(query)]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Maduro, MADURO, maduro", "Maduro", ["Maduro", "MADURO", "maduro"]),
        ("Nicolás and Nicolas", "nicolas", ["Nicolás", "Nicolas"]),
        ("Nicolas", "NICOLÁS", ["Nicolas"]),
        ("cafe\u0301s", "café", ["cafe\u0301"]),
        ("Cha\u0301vez x", "avez", ["a\u0301vez"]),
        ("the ﬁrst ﬁ", "fi", ["ﬁ", "ﬁ"]),
        ("the ﬁrst", "first", ["ﬁrst"]),
        ("ﬁ", "i", ["ﬁ"]),
        ("Straße, STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("Straße", "s", ["S", "ß"]),
        ("Straße", "ß", ["ß"]),
        ("İstanbul", "istanbul", ["İstanbul"]),
        ("the country’s “peace”", 'country\'s "peace"', ["country’s “peace”"]),
        ("1999–2001", "1999-2001", ["1999–2001"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("👍 Maduro 👍", "maduro", ["Maduro"]),
        ("한국", "한", ["한"]),
        ("abc", "", []),
        ("abc", "\u0301", []),
        ("", "a", []),
    ],
)
def test_what_is_found(text: str, query: str, found: list[str]) -> None:
    assert hits(text, query) == found


texts = st.text(st.sampled_from('aAáÁ\u0301ßsSﬁfiİiı “"x👍'), max_size=15)


@given(texts, texts, texts)
def test_a_text_is_found_in_what_holds_it(before: str, query: str, after: str) -> None:
    text = before + query + after
    if query.strip("\u0301"):
        found = FoldedText(text).find_all(query)
        assert found
        assert all(0 <= start < end <= len(text) for start, end in found)


@given(texts, texts)
def test_hits_are_disjoint_and_in_order(text: str, query: str) -> None:
    found = FoldedText(text).find_all(query)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@given(texts, texts)
def test_case_and_accents_make_no_difference(text: str, query: str) -> None:
    places = FoldedText(text).find_all(query)
    assert FoldedText(text).find_all(query.lower() if "İ" not in query else query) == places
    assert (
        FoldedText(text).find_all(query.replace("á", "a").replace("Á", "A").replace("\u0301", "")) == places
    )
