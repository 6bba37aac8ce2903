"""Text for bars and tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.cells.fitting import cell_width, drawable, filled, fitted, fitted_inside, left_to_right


@given(st.text(max_size=40), st.integers(0, 30))
def test_fitted_never_takes_more_cells_than_there_are(text: str, cells: int) -> None:
    assert cell_width(fitted(text, cells)) <= cells


@given(st.text(max_size=40), st.integers(0, 30))
def test_what_is_cut_inside_never_takes_more_cells_either(text: str, cells: int) -> None:
    assert cell_width(fitted_inside(text, cells)) <= cells


def test_what_is_cut_inside_keeps_its_beginning_and_its_end() -> None:
    assert fitted_inside("The Observatory of Caracas", 16) == "The Obse…Caracas"
    assert fitted_inside("东京都千代田区丸之内", 11) == "东京都…之内"
    assert fitted_inside("short", 16) == "short"


@given(st.text(max_size=40), st.integers(0, 30))
def test_filled_takes_all_cells(text: str, cells: int) -> None:
    assert cell_width(filled(text, cells)) == cells


@given(st.text(max_size=40))
def test_drawable_text_has_no_line_breaks_or_controls(text: str) -> None:
    assert all(char.isprintable() or char == "\xa0" or ord(char) > 0x7F for char in drawable(text))


def test_what_is_cut_ends_in_an_ellipsis() -> None:
    assert fitted("Nicolás Maduro", 8) == "Nicolás…"


def test_right_to_left_text_is_drawn_from_the_right() -> None:
    """Hebrew letters come in reverse, numbers within stay as they are, brackets turn round."""
    assert left_to_right("(אב 12)") == "(12 בא)"
    assert left_to_right("plain (text)") == "plain (text)"


def test_arabic_letters_take_the_form_of_their_place() -> None:
    assert left_to_right("بيت") == "\ufe96\ufef4\ufe91"
