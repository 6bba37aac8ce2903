from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.cells.directions import is_rtl, levels, visual_order
from annotator.tui.layout.rows import Rows

# As in UAX #9 and its tests, capitals stand for letters that are written from right to left.
HEBREW = {chr(ord("A") + index): chr(ord("א") + index) for index in range(26)}
LATIN = {hebrew: latin for latin, hebrew in HEBREW.items()}


def drawn(text: str, width: int = 60) -> str:
    """A row as it is drawn, with capitals for Hebrew letters."""
    hebrew = "".join(HEBREW.get(char, char) for char in text)
    cells = Rows(hebrew, width=width).cells(0)
    return "".join(LATIN.get(char, char) for char in cells.text(cells.left, cells.right))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ABC", "CBA"),
        ("abc DEF ghi", "abc FED ghi"),
        ("DEF abc GHI", "IHG abc FED"),
        ("abc DEF, GHI jkl", "abc IHG ,FED jkl"),
        ("DEF abc jk GHI", "IHG abc jk FED"),
        ("AB 123 CD", "DC 123 BA"),
        ("AB 1,234.5 CD", "DC 1,234.5 BA"),
        ("AB (cd) EF", "FE (cd) BA"),
        ("AB (CD).", ".(DC) BA"),
        ("car means CAR.", "car means RAC."),
        ("CAR means car.", ".means car RAC"),
        ("AB 5% CD", "DC 5% BA"),
        ("A 1-2", "1-2 A"),
        ("ع 1-2", "2-1 ﻉ"),
    ],
)
def test_rows_are_drawn_in_visual_order(text: str, expected: str) -> None:
    assert drawn(text) == expected


def test_a_right_to_left_paragraph_is_flush_right_in_all_its_rows() -> None:
    text = "שלום עולם\nplain\nאבג abcdefgh abcdefgh"
    rows = Rows(text, width=12)
    edges = {text[rows.starts[row] : rows.ends[row]]: rows.cells(row).right for row in range(len(rows))}
    assert edges == {"שלום עולם": 12, "plain": 5, "אבג abcdefgh ": 12, "abcdefgh": 12}
    assert rows.cells(2).left == -1, "the blank at the row's end stands outside the column"


def test_marks_and_shapes_stay_with_their_letters() -> None:
    assert drawn("A\u05b8B") == "BA\u05b8"


def test_the_paragraph_has_the_direction_of_its_first_letter() -> None:
    assert is_rtl("12 “שלום” hello")
    assert not is_rtl("12 hello שלום")
    assert not is_rtl("12")


@given(st.lists(st.sampled_from("aא1٣ ,.+%(\u0301\u200fc"), max_size=30), st.integers(0, 1))
def test_every_order_is_a_permutation_and_rightward_text_keeps_its_own(chars: list[str], base: int) -> None:
    found = levels(chars, base=base)
    assert sorted(visual_order(found)) == list(range(len(chars)))
    assert all(level in range(base, base + 3) for level in found)
    assert all(level % 2 == 0 for char, level in zip(chars, found, strict=True) if char in "ac")
    assert all(level % 2 == 1 for char, level in zip(chars, found, strict=True) if char == "א")
