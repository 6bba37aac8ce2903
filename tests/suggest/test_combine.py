"""The rule that combines suggestions, as a table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.labels import Label, LabelSet
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion, overlaps, walking_order
from annotator.suggest.combine import SOURCES, combined

FLAT = LabelSet.from_names("flat", ["PER", "LOC", "ORG"])
NESTED = replace(FLAT, nested=True)


def model(start: int, end: int, label: str = "PER", score: float | None = None) -> Suggestion:
    return Suggestion(start, end, label, score=score, source_label=label)


def memory(start: int, end: int, label: str = "PER") -> Suggestion:
    return Suggestion(start, end, label, source="memory")


def pattern(start: int, end: int, label: str = "PER") -> Suggestion:
    return Suggestion(start, end, label, source="pattern")


@pytest.mark.parametrize(
    ("why", "suggested", "flat", "nested"),
    [
        ("nothing is nothing", [], [], []),
        ("apart", [model(5, 9), model(0, 4)], [model(0, 4), model(5, 9)], [model(0, 4), model(5, 9)]),
        (
            "touching is apart",
            [model(4, 9), model(0, 4)],
            [model(0, 4), model(4, 9)],
            [model(0, 4), model(4, 9)],
        ),
        ("a label that is unknown goes", [model(0, 4, "DATE")], [], []),
        ("a dropped one covers nothing", [model(0, 9, "DATE"), model(0, 4)], [model(0, 4)], [model(0, 4)]),
        ("repeated", [model(0, 4, score=0.5)] * 2, [model(0, 4, score=0.5)], [model(0, 4, score=0.5)]),
        (
            "repeated with other scores: the highest",
            [model(0, 4), model(0, 4, score=0.2), model(0, 4, score=0.9)],
            [model(0, 4, score=0.9)],
            [model(0, 4, score=0.9)],
        ),
        (
            "repeated by another source",
            [model(0, 4, score=1.0), memory(0, 4)],
            [memory(0, 4)],
            [memory(0, 4)],
        ),
        (
            "the longer of two from a source",
            [model(0, 4, score=1.0), model(0, 9, score=0.1)],
            [model(0, 9, score=0.1)],
            [model(0, 9, score=0.1), model(0, 4, score=1.0)],
        ),
        (
            "memory before pattern",
            [pattern(0, 9), memory(5, 7)],
            [memory(5, 7)],
            [pattern(0, 9), memory(5, 7)],
        ),
        ("pattern before model", [model(0, 9), pattern(5, 7)], [pattern(5, 7)], [model(0, 9), pattern(5, 7)]),
        (
            "the more certain of two as long",
            [model(0, 4, score=0.4), model(2, 6, score=0.8)],
            [model(2, 6, score=0.8)],
            [model(0, 4, score=0.4), model(2, 6, score=0.8)],
        ),
        (
            "any score before none",
            [model(0, 4), model(2, 6, score=0.1)],
            [model(2, 6, score=0.1)],
            [model(0, 4), model(2, 6, score=0.1)],
        ),
        ("the first of two alike", [model(2, 6), model(0, 4)], [model(0, 4)], [model(0, 4), model(2, 6)]),
        (
            "the label that is listed first",
            [model(0, 4, "ORG"), model(0, 4, "LOC")],
            [model(0, 4, "LOC")],
            [model(0, 4, "LOC"), model(0, 4, "ORG")],
        ),
        (
            "what lost covers nothing",
            [memory(0, 4), model(2, 8), model(6, 9)],
            [memory(0, 4), model(6, 9)],
            [memory(0, 4), model(2, 8), model(6, 9)],
        ),
    ],
)
def test_the_rule(
    why: str, suggested: list[Suggestion], flat: list[Suggestion], nested: list[Suggestion]
) -> None:
    assert list(combined(suggested, FLAT)) == flat, why
    assert list(combined(suggested, NESTED)) == nested, why


def test_a_models_label_goes_through_the_map_and_keeps_its_name() -> None:
    labels = load_label_set("conll")
    found = combined([model(0, 4, "GPE", 0.5), model(5, 9, "DATE"), model(10, 12, "LAW")], labels)
    assert [(one.label, one.source_label) for one in found] == [("LOC", "GPE"), ("MISC", "LAW")]
    assert found[0].score == 0.5


def test_another_sources_label_is_the_projects_own_where_it_can_be() -> None:
    labels = LabelSet(
        name="swapped", labels=(Label(name="A"), Label(name="B")), map={"A": "B", "B": None, "C": "A"}
    )
    suggested = [
        model(0, 1, "A"),
        memory(2, 3, "A"),
        pattern(4, 5, "B"),
        pattern(6, 7, "C"),
        memory(8, 9, "D"),
    ]
    found = combined(suggested, labels)
    assert [(one.start, one.label) for one in found] == [(0, "B"), (2, "A"), (4, "B"), (6, "A")]


def test_labels_that_become_one_are_one_suggestion() -> None:
    found = combined([model(0, 4, "GPE", 0.4), model(0, 4, "LOC", 0.6)], load_label_set("conll"))
    assert [(one.label, one.source_label, one.score) for one in found] == [("LOC", "LOC", 0.6)]


SUGGESTIONS = st.lists(
    st.builds(
        lambda start, length, label, source, score: Suggestion(
            start, start + length, label, source=source, score=score, source_label=label
        ),
        st.integers(0, 20),
        st.integers(1, 8),
        st.sampled_from(["PER", "LOC", "ORG", "DATE"]),
        st.sampled_from([*SOURCES, "imported"]),
        st.none() | st.floats(0, 1),
    ),
    max_size=12,
)


@given(SUGGESTIONS, st.booleans(), st.randoms())
def test_what_is_combined(suggested: list[Suggestion], nested: bool, random: st.Random) -> None:
    labels = NESTED if nested else FLAT
    found = combined(suggested, labels)
    assert list(found) == sorted(found, key=walking_order)
    assert len({one.key for one in found}) == len(found)
    assert all(one.label in labels and one in suggested for one in found)
    assert nested or not any(overlaps(one, other) for one in found for other in found if one is not other)
    assert combined(found, labels) == found
    shuffled = random.sample(suggested, len(suggested))
    assert [one.key for one in combined(shuffled, labels)] == [one.key for one in found]
    for lost in suggested:
        if lost.label in labels and lost.key not in {one.key for one in found}:
            assert not nested
            assert any(overlaps(lost, one) for one in found)
