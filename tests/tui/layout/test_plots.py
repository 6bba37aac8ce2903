"""Plots in cells: as long and as high as the values say, to an eighth of a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.layout.plots import bar, columns


@given(st.floats(0, 1), st.integers(1, 60))
def test_a_bar_fills_its_share(share, cells):
    drawn = bar(share, cells)
    assert len(drawn) == cells
    filled = sum(" ▏▎▍▌▋▊▉█".index(cell) for cell in drawn)
    assert abs(filled - 8 * cells * share) <= 1


def test_a_trace_is_seen_and_nothing_is_not():
    assert bar(0.0001, 10).strip() == "▏"
    assert bar(0, 10) == " " * 10
    assert bar(7, 3) == "███"


@given(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=12), st.integers(2, 10))
def test_columns_are_as_high_as_their_values(values, height):
    rows = columns(values, height=height, width=80)
    assert len(rows) == height
    assert all(len(row) <= 80 for row in rows)
    thick = min(8, (80 - 6) // len(values) - 1)
    plot = [row[6:].ljust(80) for row in rows]
    for number, value in enumerate(values):
        cells = [row[number * (thick + 1)] for row in plot]
        if value is None:
            assert cells == [" "] * (height - 1) + ["·"]
        else:
            assert abs(sum(" ▁▂▃▄▅▆▇█".index(cell) for cell in cells) - 8 * height * value) <= 1


def test_the_axis_says_half_and_all():
    rows = columns([0.5], height=8, width=30)
    assert rows[0].startswith("1.00 ┤")
    assert rows[4].startswith(" .50 ┤█")
    assert rows[3] == "     ┤"


def test_more_columns_than_cells_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        columns([0.5] * 30, height=4, width=20)
