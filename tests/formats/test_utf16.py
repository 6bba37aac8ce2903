"""Offsets counted in UTF-16 units come back, and those within a character are told."""

from __future__ import annotations

import pytest
from hypothesis import given

from annotator.formats.utf16 import Utf16
from tests.formats.generated import texts


@given(texts(surrogates=True))
def test_every_offset_comes_back(text: str) -> None:
    units = Utf16(text)
    counted = [len(text[:point].encode("utf-16-le", "surrogatepass")) // 2 for point in range(len(text) + 1)]
    assert [units.unit(point) for point in range(len(text) + 1)] == counted
    assert [units.point(unit) for unit in counted] == list(range(len(text) + 1))


@pytest.mark.parametrize(
    ("unit", "point"), [(0, 0), (1, 1), (2, None), (3, 2), (4, 3), (5, None), (6, 4), (7, None), (-1, None)]
)
def test_offsets_within_a_character_or_outside_the_text_are_none(unit: int, point: int | None) -> None:
    assert Utf16("a😊b😊").point(unit) == point
