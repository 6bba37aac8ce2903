from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from annotator.cells.widths import cell_positions, clusters, is_plain


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("abc", [("a", 1), ("b", 1), ("c", 1)]),
        ("中a", [("中", 2), ("a", 1)]),
        ("e\u0301x", [("é", 1), ("x", 1)]),
        ("\u1112\u1161\u11ab", [("한", 2)]),
        ("कि", [("कि", 1)]),
        ("👨‍👩‍👧!", [("👨", 2), ("!", 1)]),
        ("👍🏽", [("👍", 2)]),
        ("❤\ufe0f", [("❤", 1)]),
        ("🇬🇧🇫", [("GB", 2), ("F", 1)]),
        ("می\u200cخ", [("م", 1), ("ی", 1), ("خ", 1)]),
        ("a\tb", [("a", 1), ("⇥   ", 4), ("b", 1)]),
        ("\x00\x1b\x7f\x9b", [("␀", 1), ("␛", 1), ("␡", 1), ("␦", 1)]),
        ("a\u202eb\u200f", [("a", 1), ("⇄", 1), ("b", 1), ("⇄", 1)]),
        ("\u200b\ufeff\xad", [("␣", 1), ("␣", 1), ("¬", 1)]),
        ("\u0301a", [("◌\u0301", 1), ("a", 1)]),
        ("\ud800", [("␦", 1)]),
    ],
)
def test_what_is_drawn_for_a_text(text: str, drawn: list[tuple[str, int]]) -> None:
    assert [(cluster.glyph, cluster.width) for cluster in clusters(text)] == drawn


def test_every_character_alone_is_drawn_in_the_cells_that_rich_counts() -> None:
    for code in (*range(0x20000), *range(0xE0000, 0xE0200), 0x10FFFD, 0x10FFFF):
        [cluster] = clusters(chr(code))
        assert cluster.width >= 1, hex(code)
        assert cell_len(cluster.glyph) == cluster.width, hex(code)


def test_a_plain_character_is_drawn_as_it_is_in_one_cell() -> None:
    for code in filter(lambda code: is_plain(chr(code)), range(0x20000)):
        [cluster] = clusters(chr(code))
        assert (cluster.glyph, cluster.width) == (chr(code), 1), hex(code)


@given(st.data())
def test_graphemes_cover_the_text_and_are_drawn_in_the_cells_that_rich_counts(
    any_text: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(any_text)
    end = 0
    for cluster in clusters(text):
        assert cluster.start == end
        end = cluster.end
        assert cell_len(cluster.glyph) == cluster.width
    assert end == len(text)


@given(st.data())
def test_cell_positions_are_the_sums_of_the_graphemes_widths(
    any_text: st.SearchStrategy[str], data: st.DataObject
) -> None:
    text = data.draw(any_text)
    expected = [0]
    for cluster in clusters(text):
        expected += [expected[-1] + cluster.width] * (cluster.end - cluster.start)
    assert cell_positions(text) == expected


@given(st.data())
def test_nothing_that_a_terminal_obeys_is_drawn(
    any_text: st.SearchStrategy[str], data: st.DataObject
) -> None:
    drawn = "".join(cluster.glyph for cluster in clusters(data.draw(any_text)))
    assert not set(drawn) & set("\t\r\n\x1b\x9b\x00\u200b\u200d\u200e\u202e\u2067\ufe0f\xad")
