"""A name that a model saw in one place is proposed where it missed it."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.lookup import Words
from annotator.model.spans import Suggestion, overlaps, walking_order
from annotator.suggest.combination.repeated_names import repeated_names

Said = tuple[str, int, str, float | None]
"""A text, which of its mentions, the label and the score."""


def _found(text: str, *said: Said) -> list[tuple[str, int, str, float | None]]:
    """The echoes as their words, place, label and score."""
    suggestions = []
    for surface, nth, label, score in said:
        start = -1
        for _ in range(nth):
            start = text.index(surface, start + 1)
        suggestions.append(Suggestion(start, start + len(surface), label, score=score))
    suggestions.sort(key=walking_order)
    return [
        (text[each.start : each.end], each.start, each.label, each.score)
        for each in repeated_names(Words(text), suggestions, digits=4)
    ]


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        ("Pavia spoke. Then Pavia left.", [("Pavia", 1, "GPE", 0.8)], [("Pavia", 18, "GPE", 0.4)]),
        (
            "Pavia, Pavia, Pavia: Pavia.",
            [("Pavia", 1, "GPE", 0.9), ("Pavia", 2, "PERSON", 0.3), ("Pavia", 3, "GPE", 0.6)],
            [("Pavia", 21, "GPE", 0.3)],
        ),
        ("Pavia, Pavia, Pavia.", [("Pavia", 1, "GPE", 0.9), ("Pavia", 2, "PERSON", 0.8)], []),
        ("Ana Reis sang. Reis bowed.", [("Ana Reis", 1, "PERSON", None)], [("Reis", 15, "PERSON", None)]),
        ("The Lisbon Post and the Post.", [("Lisbon Post", 1, "ORG", 0.9)], []),
        ("two men, two dogs", [("two", 1, "CARDINAL", 0.9)], []),
        ("PAVIA and Pavia", [("Pavia", 1, "GPE", 0.9)], []),
        (
            "New York. York. New York City",
            [("New York", 1, "GPE", 0.5), ("New York City", 1, "GPE", 0.5)],
            [],
        ),
    ],
    ids=[
        "missed",
        "most of them agree",
        "they do not agree",
        "last name",
        "last words of others mean something else",
        "no name",
        "in its own case only",
        "inside another",
    ],
)
def test_what_is_echoed(text: str, said: list[Said], expected: list[object]) -> None:
    assert _found(text, *said) == expected


_WORDS = st.lists(st.sampled_from(["Ana", "Reis", "Ana Reis", "in", "Bo", "."]), max_size=12)


@given(_WORDS, st.data())
def test_echoes_stand_outside_of_all_that_the_model_said_and_of_one_another(words, data) -> None:
    text = " ".join(words)
    starts = [sum(len(word) + 1 for word in words[:index]) for index in range(len(words))]
    suggestions = [
        Suggestion(start, start + len(word), data.draw(st.sampled_from(["PERSON", "GPE"])), score=0.9)
        for start, word in zip(starts, words, strict=True)
        if data.draw(st.booleans())
    ]
    found = list(repeated_names(Words(text), suggestions, digits=4))
    assert not any(overlaps(one, other) for one, other in combinations([*suggestions, *found], 2))
    said = {text[each.start : each.end] for each in suggestions}
    assert all(
        any(name == text[each.start : each.end] or name.endswith(" Reis") for name in said) for each in found
    )
