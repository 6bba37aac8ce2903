"""What a copy of the model learns from, and when it is taken."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.labels import Label, LabelSet
from annotator.suggest.adapting.selection import (
    Finished,
    ModelLabels,
    Part,
    Score,
    Scores,
    obstacle,
    part_of,
    score,
)

IDS = [f"d{number}" for number in range(1000)]
HELD_OUT = [each for each in IDS if part_of(each) is Part.HELD_OUT]
LEARNING = [each for each in IDS if part_of(each) is Part.LEARNING]


def finished(ids: list[str], *, spans: int = 10) -> list[Finished]:
    return [
        Finished(each, "x" * 100, tuple((at, at + 1, "PER") for at in range(0, 2 * spans, 2))) for each in ids
    ]


def test_one_in_five_is_held_out_and_one_in_five_of_the_others_decides() -> None:
    parts = Counter(map(part_of, IDS))
    assert 160 <= parts[Part.HELD_OUT] <= 240
    assert 120 <= parts[Part.DECIDING] <= 200


def test_a_document_keeps_its_part() -> None:
    # Written down: should parts ever change, earlier copies have learnt from what is held out then.
    parts = [part_of(each).value for each in ("d0", "d2", "d3", "d6", "d7", "d8")]
    assert parts == ["held out", "held out", "learning", "learning", "deciding", "learning"]


@pytest.mark.parametrize(
    ("documents", "reason"),
    [
        (finished(LEARNING[:9]), "9 of at least 10 documents are finished"),
        (finished([*LEARNING[:12], *HELD_OUT[:1]]), "of the finished documents 1 of at least 2 are held out"),
        (finished([*LEARNING[:12], *HELD_OUT[:2]], spans=9), "have 18 of at least 20 spans"),
        ([*finished(LEARNING[:12], spans=0), *finished(HELD_OUT[:2])], "no spans to learn from"),
        (finished([*LEARNING[:8], *HELD_OUT[:2]]), ""),
    ],
)
def test_nothing_is_tried_with_too_little(documents: list[Finished], reason: str) -> None:
    found = obstacle(documents)
    assert reason in found
    assert bool(reason) == bool(found)


@pytest.mark.parametrize(
    ("base", "before", "after", "is_taken"),
    [
        ((5, 10, 10), (5, 10, 10), (6, 10, 10), True),
        ((5, 10, 10), (5, 10, 10), (5, 10, 10), True),
        ((5, 10, 10), (5, 10, 10), (5, 11, 10), False),
        ((5, 10, 10), (7, 10, 10), (6, 10, 10), False),
        ((7, 10, 10), (5, 10, 10), (6, 10, 10), False),
        ((0, 0, 10), (0, 0, 10), (0, 5, 10), True),
        ((0, 0, 0), (0, 0, 0), (0, 0, 0), False),
    ],
)
def test_a_copy_is_taken_only_if_it_is_no_worse_than_both(
    base: tuple[int, int, int], before: tuple[int, int, int], after: tuple[int, int, int], is_taken: bool
) -> None:
    assert Scores(Score(*base), Score(*before), Score(*after)).is_no_worse is is_taken


def test_a_score_is_strict() -> None:
    assert score([(0, 3, "PER"), (4, 8, "LOC"), (9, 12, "PER")], [(0, 3, "PER"), (4, 8, "ORG")]) == Score(
        1, 3, 2
    )
    assert Score(1, 3, 2).f1 == pytest.approx(0.4)


SET = LabelSet(
    name="mine",
    labels=(Label(name="PER"), Label(name="PLACE"), Label(name="DISEASE"), Label(name="ORG")),
    map={"PERSON": "PER", "GPE": "PLACE", "LOC": "PLACE", "DATE": None, "ORG": "PER"},
)


@pytest.mark.parametrize(
    ("label", "on_these_tokens", "taught"),
    [
        ("PER", [], "PERSON"),
        ("PER", ["ORG"], "ORG"),
        ("PLACE", [], "GPE"),
        ("PLACE", ["LOC", "GPE"], "LOC"),
        ("PLACE", ["DATE", ""], "GPE"),
        ("DISEASE", ["PERSON"], "DISEASE"),
        ("ORG", ["ORG"], None),
    ],
)
def test_a_label_is_taught_in_the_models_words(
    label: str, on_these_tokens: list[str], taught: str | None
) -> None:
    labels = ModelLabels(
        SET, Counter({"GPE": 5, "PERSON": 3, "LOC": 2}), ["PERSON", "GPE", "LOC", "DATE", "ORG"]
    )
    assert labels.teaches(label, on_these_tokens) == taught


@given(
    st.dictionaries(st.sampled_from(["PERSON", "GPE", "LOC", "DATE", "ORG", "DISEASE"]), st.integers(1, 9))
)
def test_what_is_taught_means_the_label(frequencies: dict[str, int]) -> None:
    labels = ModelLabels(SET, Counter(frequencies), ["PERSON"])
    for name in SET.by_name:
        taught = labels.teaches(name, frequencies)
        assert taught is None or SET.mapped(taught) == name
