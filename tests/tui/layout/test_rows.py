from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.cells.widths import LINE_BREAKS, cell_positions
from annotator.tui.layout.rows import MINIMUM_WIDTH, Rows, is_unspaced

WIDTHS = st.integers(MINIMUM_WIDTH, 30)


def lines(text: str, width: int) -> list[str]:
    rows = Rows(text, width=width)
    return [text[start:end] for start, end in zip(rows.starts, rows.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("", 10, [""]),
        ("one two three", 8, ["one two ", "three"]),
        ("one two three", 7, ["one two ", "three"]),
        ("one two three", 6, ["one ", "two ", "three"]),
        ("one\n\ntwo", 10, ["one", "", "two"]),
        ("one\r\ntwo\rthree\u2028four", 10, ["one", "two", "three", "four"]),
        ("one\n\n\n", 10, ["one"]),
        ("\n\none", 10, ["", "", "one"]),
        ("Donaudampfschiff fährt", 8, ["Donaudam", "pfschiff ", "fährt"]),
        ("a    b", 4, ["a    ", "b"]),
        ("a     b", 4, ["a    ", " b"]),
        ("中华人民共和国", 6, ["中华人", "民共和", "国"]),
        ("中华人民。共和", 8, ["中华人", "民。共和"]),
        ("看「中文」", 4, ["看", "「中", "文」"]),
        ("中a华bc人", 4, ["中a", "华bc", "人"]),
        ("ééé ééé", 4, ["ééé ", "ééé"]),
        ("ab\tcd", 6, ["ab\t", "cd"]),
        ("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 4, ["👨‍👩‍👧👨‍👩‍👧", "👨‍👩‍👧"]),
        ("ab\xa0cd ef", 6, ["ab\xa0cd ", "ef"]),
    ],
)
def test_where_rows_end(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


@given(st.data(), WIDTHS)
def test_rows_hold_the_text_in_order_and_leave_out_nothing_but_line_breaks(
    any_text: st.SearchStrategy[str], data: st.DataObject, width: int
) -> None:
    text = data.draw(any_text)
    rows = Rows(text, width=width)
    assert rows.starts[0] == 0
    for row, end in enumerate(rows.ends):
        assert rows.starts[row] <= end
        gap = text[end : rows.starts[row + 1]] if row + 1 < len(rows) else text[end:].rstrip(LINE_BREAKS)
        assert gap in ("", "\r\n", *LINE_BREAKS)


@given(st.data(), WIDTHS)
def test_a_row_is_no_wider_than_its_column_and_a_blank(
    any_text: st.SearchStrategy[str], data: st.DataObject, width: int
) -> None:
    text = data.draw(any_text)
    for line in lines(text, width):
        cells = cell_positions(line)[-1]
        assert cells <= width or (cells == width + 1 and line[-1] == " ")


@given(st.data(), WIDTHS)
def test_an_offset_comes_back_from_its_row_and_cell(
    any_text: st.SearchStrategy[str], data: st.DataObject, width: int
) -> None:
    text = data.draw(any_text)
    rows = Rows(text, width=width)
    for offset in range(len(text)):
        row, cell = rows.place(offset)
        back = rows.offset(row, cell)
        assert rows.place(back) == (row, cell)
        cells = rows.cells(row)
        if offset < cells.end:
            [(left, right)] = cells.extents(offset, offset + 1)
            assert left == cell
            assert back <= offset
            assert all(rows.offset(row, inner) == back for inner in range(left, right))
        else:
            assert back == rows.ends[row]


@given(st.data(), WIDTHS)
def test_extents_are_disjoint_and_draw_what_their_characters_draw(
    any_text: st.SearchStrategy[str], data: st.DataObject, width: int
) -> None:
    text = data.draw(any_text)
    rows = Rows(text, width=width)
    for row in range(len(rows)):
        cells = rows.cells(row)
        if cells.start == cells.end:
            continue
        start = data.draw(st.integers(cells.start, cells.end - 1))
        end = data.draw(st.integers(start + 1, cells.end))
        extents = cells.extents(start, end)
        assert all(left < right for left, right in extents)
        assert all(one[1] < other[0] for one, other in pairwise(extents))
        assert extents[0][0] >= cells.left
        assert extents[-1][1] <= cells.right
        assert cells.extents(cells.start, cells.end) == [(cells.left, cells.right)]
        whole = cells.text(cells.left, cells.right)
        assert cell_len(whole) == cells.right - cells.left
        pieces = [cells.text(left, right) for left, right in extents]
        assert all(piece and piece in whole for piece in pieces)


def test_a_chip_has_its_cell_before_a_word_only_where_there_is_a_blank() -> None:
    text = "one two-three\tfour 中文 、x"
    cells = Rows(text, width=80).cells(0)
    leads = {
        word: cells.lead(text.index(word)) for word in ("one", "two", "three", "four", "中文", "文", "x")
    }
    assert leads == {"one": -1, "two": 3, "three": None, "four": 16, "中文": 21, "文": None, "x": None}


def test_cells_beside_a_row_lead_to_its_ends() -> None:
    rows = Rows("one two\nthree", width=4)
    assert rows.offset(0, -5) == 0
    assert rows.offset(0, 50) == 3, "a wrapped row's last grapheme, not the next row's first"
    assert rows.offset(1, 50) == 7, "the line break"
    assert rows.offset(2, 50) == 11
    assert rows.offset(3, 50) == 13, "the end of the text"


def test_rows_of_a_range() -> None:
    rows = Rows("one two three", width=4)
    assert rows.rows_of(0, 4) == range(1)
    assert rows.rows_of(0, 5) == range(2)
    assert rows.rows_of(4, 4) == range(1, 2)
    assert rows.rows_of(0, 10**9) == range(len(rows))


def test_wide_scripts_without_blanks_are_known() -> None:
    assert is_unspaced("中华人民共和国 in 2019")
    assert is_unspaced("กรุงเทพ")
    assert not is_unspaced("Der Präsident von 中国 sprach")
    assert not is_unspaced("")
