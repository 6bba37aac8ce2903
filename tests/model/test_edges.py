"""What stands at a name's edges, as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.edges import at_edges


@pytest.mark.parametrize(
    ("marked", "edges"),
    [
        ("in [Paris] now", []),
        ("in [the Hague] now", [("article", "the", "Hague")]),
        ("in the [Hague] now", [("article", "the", "the Hague")]),
        ("[The Mad Markets] play", [("article", "The", "Mad Markets")]),
        ("over [the] now", []),
        ("breathe [Hague]", []),
        ("in [die Schweiz]", [("article", "die", "Schweiz")]),
        ("in the\n[Hague]", [("article", "the", "the\nHague")]),
        ("[Mr. Bean] is", [("title", "", "Bean")]),
        ("by Mrs [Bean] is", [("title", "", "Mrs Bean")]),
        ("by Prof . [Bean] is", [("title", "", "Prof . Bean")]),
        ("[President Obama] is", [("title", "", "Obama")]),
        ("[Presidential Suite] is", []),
        ("see “[Alien]” now", [("opening quote", "", "“Alien"), ("closing quote", "", "Alien”")]),
        ("see [“Alien”] now", [("opening quote", "", "Alien”"), ("closing quote", "", "“Alien")]),
        ('see " [Alien] " now', [("opening quote", "", '" Alien'), ("closing quote", "", 'Alien "')]),
        ("for €[15] now", [("sign", "€", "€15")]),
        ("for [€ 15] now", [("sign", "€", "15")]),
        ("[#Rome] now", [("sign", "#", "Rome")]),
        ("me@[home]", []),
        ("[Obama]'s dog", [("possessive", "", "Obama's")]),
        ("[Obama's] dog", [("possessive", "", "Obama")]),
        ("[Obama] 's dog", [("possessive", "", "Obama 's")]),
        ("[the Obamas’] dog", [("article", "the", "Obamas’"), ("possessive", "", "the Obamas")]),
        ("[O]'Hara", []),
        ("[Acme Inc], and", [("closing punctuation", "", "Acme Inc,")]),
        ("[Acme Inc.] and", [("closing punctuation", "", "Acme Inc")]),
        ("[Node].js", []),
        ("[.]", []),
    ],
)
def test_edges(marked: str, edges: list[tuple[str, str, str]]) -> None:
    """`[...]` is the span; each edge has its kind, its word, and the span's text without it or with it."""
    start, end = marked.index("["), marked.index("]") - 1
    text = marked.replace("[", "").replace("]", "")
    met = list(at_edges(text, start, end))
    assert [(each.edge.kind, each.edge.word, text[each.start : each.end]) for each in met] == edges
    for each in met:
        assert each.is_within is (each.end - each.start < end - start)


@given(st.text("the Mr.'s“”A,\n ", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_an_edge_moves_one_side_within_the_text_and_leaves_something(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    if start == end:
        return
    for met in at_edges(text, start, end):
        assert 0 <= met.start < met.end <= len(text)
        assert (met.start == start) is not (met.end == end)
