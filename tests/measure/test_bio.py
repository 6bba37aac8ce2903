"""Spans as BIO classes of tokens, and back."""

from __future__ import annotations

import pytest

from annotator.measure.bio import OUTSIDE, bio_classes, chunks


def test_a_class_is_o_or_begins_or_continues_a_label() -> None:
    assert bio_classes(["PER", "LOC"]) == ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
    assert bio_classes([])[OUTSIDE] == "O"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("", []),
        ("O O", []),
        ("B-PER", [(0, 1, 0)]),
        ("O B-PER O", [(1, 2, 0)]),
        ("B-PER I-PER O", [(0, 2, 0)]),
        ("B-PER B-PER", [(0, 1, 0), (1, 2, 0)]),
        ("B-PER B-LOC I-LOC", [(0, 1, 0), (1, 3, 1)]),
        ("I-PER I-PER", [(0, 2, 0)]),
        ("O I-LOC O I-LOC", [(1, 2, 1), (3, 4, 1)]),
        ("B-PER I-LOC", [(0, 1, 0), (1, 2, 1)]),
        ("B-PER O I-PER", [(0, 1, 0), (2, 3, 0)]),
    ],
)
def test_spans_that_classes_spell(tags: str, expected: list[tuple[int, int, int]]) -> None:
    classes = bio_classes(["PER", "LOC"])
    assert chunks([classes.index(tag) for tag in tags.split()]) == expected
