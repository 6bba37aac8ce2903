from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len
from textual.strip import Strip

from annotator.editing.marks import Mark, State
from annotator.tui.layout.label_row import paint_labels
from annotator.tui.layout.lines import Lines
from annotator.tui.layout.overlay import Overlay
from annotator.tui.layout.palette import Palette
from annotator.tui.layout.rows import Rows

TEXT = "Ann Lee of York met Bo in Rome."
DECIDED, REJECTED = State.DECIDED, State.REJECTED
MakeMark = Callable[..., Mark]


@pytest.fixture
def painted(palette: Palette) -> Callable[..., list[str]]:
    """Paints the names below each row of a text."""

    def paint(
        marks: list[Mark], overlay: Overlay | None = None, *, text: str = TEXT, width: int = 40
    ) -> list[str]:
        rows = Rows(text, width=width)
        drawn = []
        for row in range(len(rows)):
            cells = rows.cells(row)
            there = [mark for mark in marks if mark.start < cells.end and cells.start < mark.end]
            strip = paint_labels(cells, there, overlay or Overlay(), palette, width=width + 3)
            assert cell_len(strip.text) == strip.cell_length == width + 3
            drawn.append(strip.text.rstrip())
        return drawn

    return paint


def test_names_stand_below_their_marks(painted: Callable[..., list[str]], mark: MakeMark) -> None:
    marks = [mark(0, 7, state=DECIDED), mark(11, 15, "ORG"), mark(20, 22, state=REJECTED)]
    assert painted(marks) == ["  PER        ORG      ×PER"]


def test_states_that_colour_shows_are_written_too(
    painted: Callable[..., list[str]], mark: MakeMark, palette: Palette, style_map: Callable[[Strip], str]
) -> None:
    marks = [mark(0, 7, doubt=True), mark(11, 15, "ORG", DECIDED), mark(20, 22, state=REJECTED)]
    assert painted(marks) == ["  PER?       ORG      ×PER"]
    strip = paint_labels(Rows(TEXT, width=40).cells(0), marks, Overlay(), palette, width=43)
    assert style_map(strip).rstrip(".") == "..mmmm.......nnn......xxxx"


def test_a_name_is_repeated_where_its_mark_goes_on(painted: Callable[..., list[str]], mark: MakeMark) -> None:
    assert painted([mark(4, 15, "ORG")], width=11) == ["      ORG", "  ORG", ""]


def test_names_are_cut_one_cell_before_the_next(painted: Callable[..., list[str]], mark: MakeMark) -> None:
    marks = [mark(0, 3, "ORGANISATION"), mark(8, 10, "PLACE"), mark(11, 15, "X"), mark(12, 13, "YY")]
    assert painted(marks) == ["  ORGANIS PL XYY"]


def test_deeper_marks_are_counted(painted: Callable[..., list[str]], mark: MakeMark) -> None:
    marks = [mark(0, 3), mark(0, 7, "ORG"), mark(0, 10, "EVENT"), mark(4, 7, "NORP")]
    assert painted(marks) == ["  E+2 NORP"]
    assert painted(marks[:3]) == ["  EVENT+2"]
    assert painted(marks[:3], Overlay(focus=(0, 7, "ORG"))) == ["  ORG+2"]


def test_a_rejected_mark_does_not_hide_another_one(painted: Callable[..., list[str]], mark: MakeMark) -> None:
    assert painted([mark(0, 7, state=REJECTED), mark(0, 3, "ORG", DECIDED)]) == ["  ORG"]


def test_a_name_at_the_edge_is_cut_there(painted: Callable[..., list[str]], mark: MakeMark) -> None:
    assert painted([mark(26, 30, "ORGANISATION")], width=31) == [" " * 28 + "ORGANI"]


def test_a_right_to_left_mark_has_its_name_below_its_left_end(
    painted: Callable[..., list[str]], mark: MakeMark
) -> None:
    assert painted([mark(5, 9)], text="שלום עולם") == [" " * 33 + "PER"]


@pytest.mark.parametrize(("mode", "lines"), [("compact", [0, 1, 2, 3]), ("roomy", [0, 2, 4, 5])])
def test_rows_and_their_lines(mode: str, lines: list[int]) -> None:
    rows = Rows("one two\n\nthree", width=4)
    page = Lines(rows, "roomy" if mode == "roomy" else "compact")
    assert [page.line(row) for row in range(len(rows))][:4] == lines
    for row in range(len(rows)):
        assert page.at(page.line(row)) == (row, False)
        assert page.at(page.end(row) - 1) == (row, page.end(row) - page.line(row) == 2)
    assert page.count == page.end(len(rows) - 1)
