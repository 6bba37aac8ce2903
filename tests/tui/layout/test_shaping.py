from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.cells.shaping import shaped
from annotator.tui.layout.rows import Rows


@pytest.mark.parametrize(
    ("graphemes", "expected"),
    [
        (["م", "ك", "ت", "و", "ب"], ["INITIAL", "MEDIAL", "MEDIAL", "FINAL", "ISOLATED"]),
        (["ب", " ", "ب"], ["ISOLATED", "", "ISOLATED"]),
        (["ي\u200c", "خ", "ا"], ["ISOLATED", "INITIAL", "FINAL"]),
        (["ب\u0651", "ا\u064b"], ["INITIAL", "FINAL"]),
        (["د", "ا", "ر"], ["ISOLATED", "ISOLATED", "ISOLATED"]),
        (["ش", "a"], ["ISOLATED", ""]),
        (["پ", "گ"], ["INITIAL", "FINAL"]),
        (["ه\u200d"], ["INITIAL"]),
        (["א", "ב"], ["", ""]),
    ],
)
def test_the_form_of_each_letter(graphemes: list[str], expected: list[str]) -> None:
    forms = [
        unicodedata.name(letter).partition(" FORM")[0].rpartition(" ")[2] for letter in shaped(graphemes)
    ]
    plain = [letter == grapheme[0] for letter, grapheme in zip(shaped(graphemes), graphemes, strict=True)]
    assert ["" if same else form for same, form in zip(plain, forms, strict=True)] == expected


@given(st.lists(st.sampled_from(["ب", "ا", "ل", "ـ", "ي\u200c", "ن\u064e", "א", "a", " "]), max_size=20))
def test_shaping_changes_the_form_and_never_the_letter(graphemes: list[str]) -> None:
    back = [unicodedata.normalize("NFKC", letter) for letter in shaped(graphemes)]
    assert back == [grapheme[0] for grapheme in graphemes]


def test_rows_of_one_paragraph_are_shaped_together() -> None:
    rows = Rows("بببببب", width=4)
    drawn = [rows.cells(row).text(rows.cells(row).left, rows.cells(row).right) for row in range(len(rows))]
    assert drawn == ["ﺒﺒﺒﺑ", "ﺐﺒ"]
