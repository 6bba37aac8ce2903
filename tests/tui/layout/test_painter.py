from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.strip import Strip

from annotator.editing.marks import Mark, State
from annotator.model.decisions import By
from annotator.tui.layout.overlay import EVERYWHERE, Overlay, changed
from annotator.tui.layout.painter import MARGIN, SPARE, paint_text
from annotator.tui.layout.palette import Palette
from annotator.tui.layout.rows import Rows

TEXT = "Ann Lee of York met Bo."
DECIDED, UNDECIDED, REJECTED = State.DECIDED, State.UNDECIDED, State.REJECTED
MakeMark = Callable[..., Mark]


@pytest.fixture
def painted(palette: Palette, style_map: Callable[[Strip], str]) -> Callable[..., tuple[str, str]]:
    """Paints a text's first row: what is drawn, and its style map, both without blanks at the end."""

    def paint(
        marks: list[Mark], overlay: Overlay | None = None, *, text: str = TEXT, has_chips: bool = True
    ) -> tuple[str, str]:
        cells = Rows(text, width=40).cells(0)
        width = 40 + MARGIN + SPARE
        strip = paint_text(cells, marks, overlay or Overlay(), palette, width=width, has_chips=has_chips)
        assert strip.cell_length == cell_len(strip.text) == width
        styles = style_map(strip)
        last = max(len(strip.text.rstrip()), len(styles.rstrip(".~")))
        return strip.text[:last].rstrip(), styles[:last].rstrip(".~") if not overlay else styles[:last]

    return paint


def test_text_without_marks_is_one_segment(palette: Palette) -> None:
    strip = paint_text(Rows(TEXT, width=40).cells(0), [], Overlay(), palette, width=43, has_chips=True)
    assert [segment.text for segment in strip] == ["  " + TEXT + " " * 18]


def test_states_and_their_chips(painted: Callable[..., tuple[str, str]], mark: MakeMark) -> None:
    marks = [mark(0, 7, state=DECIDED), mark(11, 15, "ORG"), mark(20, 22, state=REJECTED)]
    assert painted(marks) == (
        " ▐Ann Lee of▐York met×Bo.",
        ".KDDDDDDD...kuuuu....xrr",
    )


def test_what_all_annotators_share_is_calm_until_a_person_decides(
    painted: Callable[..., tuple[str, str]], mark: MakeMark
) -> None:
    shared = mark(0, 7, state=DECIDED)
    assert shared.decided is not None
    agreed = replace(shared.decided, decision=replace(shared.decided.decision, by=By.AGREEMENT))
    assert painted([shared._replace(decided=agreed)]) == (" ▐Ann Lee of York met Bo.", ".qaaaaaaa")


def test_no_chip_in_the_roomy_mode(painted: Callable[..., tuple[str, str]], mark: MakeMark) -> None:
    assert painted([mark(11, 15, state=DECIDED)], has_chips=False) == (
        "  Ann Lee of York met Bo.",
        ".............DDDD",
    )


@pytest.mark.parametrize(
    ("marks", "chip"),
    [
        ([("PER", UNDECIDED, True)], "?"),
        ([("PER", DECIDED, True)], "?"),
        ([("LOC", DECIDED, False)], "▐"),
        ([("no such label", DECIDED, False)], "▐"),
        ([("PER", DECIDED, False), ("ORG", UNDECIDED, False)], "+"),
        ([("ORG", REJECTED, False)], "×"),
        ([("PER", DECIDED, False), ("ORG", REJECTED, False)], "▐"),
    ],
)
def test_what_a_chip_says(
    painted: Callable[..., tuple[str, str]],
    mark: MakeMark,
    marks: list[tuple[str, State, bool]],
    chip: str,
) -> None:
    there = [mark(4, 7, label, state, doubt=doubt) for label, state, doubt in marks]
    assert painted(there)[0] == f"  Ann{chip}Lee of York met Bo."


def test_no_chip_without_a_blank_cell(painted: Callable[..., tuple[str, str]], mark: MakeMark) -> None:
    assert painted([mark(1, 3)]) == ("  Ann Lee of York met Bo.", "...uu")


def test_the_innermost_mark_gives_the_colour_and_nesting_a_line(palette: Palette, mark: MakeMark) -> None:
    marks = [mark(0, 15, "ORG", DECIDED), mark(4, 7)]
    strip = paint_text(Rows(TEXT, width=40).cells(0), marks, Overlay(), palette, width=43, has_chips=False)
    drawn = {segment.text: segment.style for segment in strip}
    assert drawn["Ann "] == drawn[" of York"] == palette.text + palette.labels["ORG"].decided
    assert drawn["Lee"] == palette.text + palette.labels["PER"].undecided + palette.nested


def test_a_chip_within_a_decided_span_takes_its_colours(
    painted: Callable[..., tuple[str, str]], mark: MakeMark
) -> None:
    marks = [mark(0, 15, "ORG", DECIDED), mark(4, 7)]
    assert painted(marks) == (" ▐Ann▐Lee of York met Bo.", ".KDDDCuuuDDDDDDDD")


def test_the_overlay_lies_over_the_marks(painted: Callable[..., tuple[str, str]], mark: MakeMark) -> None:
    overlay = Overlay(
        cursor=(8, 10),
        focus=(0, 7, "PER"),
        selection=(11, 13),
        boxes=((13, 14), (20, 22)),
        hits=((4, 5), (14, 15), (16, 19)),
        hit=(16, 19),
    )
    assert painted([mark(0, 7), mark(11, 15, state=DECIDED)], overlay) == (
        " 1Ann Lee of▐York met Bo.",
        ".SFFFFFFF.ccKssbh.HHH.bb.",
    )


def test_a_row_in_which_something_commented_on_begins_has_a_sign_and_moves_nothing(
    palette: Palette, style_map: Callable[[Strip], str], mark: MakeMark
) -> None:
    rows = Rows("Ann Lee\nof York", width=20)
    overlay = Overlay(remarks=((4, 12),))
    painted = [
        paint_text(rows.cells(row), [mark(4, 7)], overlay, palette, width=12, has_chips=True)
        for row in (0, 1)
    ]
    assert [(strip.text, style_map(strip)) for strip in painted] == [
        ("! Ann▐Lee   ", "!....kuuu..."),
        ("  of York   ", "............"),
    ]


@pytest.mark.parametrize(
    ("state", "doubt", "attributes"),
    [
        (DECIDED, False, set()),
        (UNDECIDED, False, {"underline"}),
        (UNDECIDED, True, {"underline", "italic"}),
        (REJECTED, False, {"strike"}),
    ],
)
def test_a_focus_still_shows_its_state(
    palette: Palette, mark: MakeMark, state: State, doubt: bool, attributes: set[str]
) -> None:
    overlay = Overlay(cursor=(4, 7), focus=(0, 7, "PER"))
    marks = [mark(0, 7, state=state, doubt=doubt)]
    strip = paint_text(Rows(TEXT, width=40).cells(0), marks, overlay, palette, width=43, has_chips=False)
    styles = {segment.text: segment.style for segment in strip if segment.style}
    kinds = ("underline", "italic", "strike")
    assert {kind for kind in kinds if getattr(styles["Ann "], kind)} == attributes
    assert styles["Lee"].overline, "the cursor's token, where the focus is longer"
    assert not styles["Ann "].overline


def test_a_cursor_between_characters_is_drawn_on_the_next_one(
    painted: Callable[..., tuple[str, str]],
) -> None:
    assert painted([], Overlay(cursor=(4, 4)))[1] == "......c.................."
    assert painted([], Overlay(cursor=(23, 23)))[1] == "." * 25 + "c"


def test_hints_hide_the_text_below_them(painted: Callable[..., tuple[str, str]], mark: MakeMark) -> None:
    overlay = Overlay(hints={0: "a", 8: "sd", 11: "sf", 16: "k"})
    assert painted([mark(11, 15, state=DECIDED)], overlay) == (
        "  ann Lee sd▐sfrk ket Bo.",
        "~~j~~~~~~~JJKJJDD~j~~~~~~",
    )


def test_a_place_hint_stands_in_the_blank_before_its_place_and_hides_no_letter(
    painted: Callable[..., tuple[str, str]], mark: MakeMark
) -> None:
    overlay = Overlay(place_hints={0: "F", 4: "J", 11: "K"})
    plain, _ = painted([mark(11, 15)], Overlay())
    text, styles = painted([mark(11, 15)], overlay)
    assert [index for index, sign in enumerate(styles) if sign == "P"] == [1, 5, 12]
    assert [text[1], text[5], text[12]] == ["F", "J", "K"]
    assert [letter for index, letter in enumerate(text) if index not in (1, 5, 12)] == [
        letter for index, letter in enumerate(plain) if index not in (1, 5, 12)
    ]


def test_typed_letters_are_consumed_and_other_hints_gone(painted: Callable[..., tuple[str, str]]) -> None:
    overlay = Overlay(hints={0: "a", 8: "sd", 11: "sf"}, hint_typed="s")
    assert painted([], overlay) == ("  Ann Lee sd sfrk met Bo.", "~~~~~~~~~~tJ~tJ~~~~~~~~~~")


def test_hints_over_wide_letters_keep_the_cells(painted: Callable[..., tuple[str, str]]) -> None:
    overlay = Overlay(hints={0: "a", 1: "sd", 3: "f"})
    assert painted([], overlay, text="中华人民x") == ("  a sd人f x", "~~jjJJ~~jj")


def test_wide_and_joined_letters_are_marked_whole(
    painted: Callable[..., tuple[str, str]], mark: MakeMark
) -> None:
    text = "中华 e\u0301👨‍👩‍👧!"
    inside_a_grapheme = text.index("‍")
    assert painted([mark(0, 1), mark(4, inside_a_grapheme, state=DECIDED)], text=text) == (
        " ▐中华▐é👨!",
        ".kuu..KDDD",
    )


def test_right_to_left_marks_have_their_chip_on_the_right(
    painted: Callable[..., tuple[str, str]], mark: MakeMark
) -> None:
    drawn, styles = painted([mark(0, 4), mark(5, 9, state=DECIDED)], text="שלום עולם")
    assert drawn == " " * 33 + "םלוע▌םולש▌"
    assert styles == "." * 33 + "DDDDKuuuuk"


RANGES = st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.data())
def test_marks_change_no_cell_of_the_text_but_blanks(
    palette: Palette, any_text: st.SearchStrategy[str], data: st.DataObject
) -> None:
    rows = Rows(data.draw(any_text), width=20)
    cells = rows.cells(data.draw(st.integers(0, len(rows) - 1)))
    states = st.sampled_from([State.DECIDED, State.UNDECIDED, State.REJECTED])
    marks = [
        Mark(start, end, "PER", state)
        for (start, end), state in data.draw(st.lists(st.tuples(RANGES, states), max_size=6))
        if cells.start < end and start < cells.end and start < end
    ]
    focus, cursor = data.draw(RANGES), data.draw(RANGES)
    overlay = Overlay(cursor=cursor, focus=(*focus, "PER"), selection=data.draw(RANGES))
    bare = paint_text(cells, [], Overlay(), palette, width=23, has_chips=True)
    for has_chips in (False, True):
        strip = paint_text(cells, marks, overlay, palette, width=23, has_chips=has_chips)
        assert cell_len(strip.text) == strip.cell_length == 23
        differing = [
            (one, other) for one, other in zip(_by_cell(bare), _by_cell(strip), strict=True) if one != other
        ]
        assert all(has_chips and one.isspace() and other in "1×+?▐▌" for one, other in differing)


def _by_cell(strip: Strip) -> list[str]:
    return [strip.crop(cell, cell + 1).text for cell in range(strip.cell_length)]


def test_what_an_overlay_changes() -> None:
    old = Overlay(cursor=(0, 3), focus=(0, 7, "PER"), hits=((1, 2), (5, 6)), hints={4: "a", 9: "b"})
    assert set(changed(old, old)) == set()
    assert set(changed(old, Overlay(cursor=(4, 7), focus=(0, 7, "PER"), hits=old.hits, hints=old.hints))) == {
        (0, 3),
        (4, 7),
    }
    fewer = Overlay(cursor=old.cursor, focus=(0, 7, "ORG"), hits=((1, 2),), hints={4: "a", 9: "c"})
    assert set(changed(old, fewer)) == {(0, 7), (5, 6), (9, 10)}
    typed = Overlay(cursor=old.cursor, focus=old.focus, hits=old.hits, hints=old.hints, hint_typed="a")
    assert set(changed(old, typed)) == {(4, 5), (9, 10)}
    assert set(changed(Overlay(), Overlay(remarks=((2, 9),)))) == {(2, 9)}


def test_many_changed_hits_are_not_told_apart() -> None:
    hits = tuple((start, start + 1) for start in range(0, 2000, 2))
    assert list(changed(Overlay(), Overlay(hits=hits))) == [EVERYWHERE]
    assert list(changed(Overlay(hits=hits), Overlay(hits=tuple(hits)))) == []


@pytest.mark.parametrize(
    ("text", "start", "drawn"),
    [
        ("the 915 people", 4, "  the▐915 people"),
        ("add 2 Ann Lee", 6, "  add 2▐Ann Lee"),
        ("for Ann Lee", 4, "  for1Ann Lee"),
    ],
)
def test_no_key_stands_beside_a_digit(
    painted: Callable[..., tuple[str, str]], mark: MakeMark, text: str, start: int, drawn: str
) -> None:
    """Not even at the focus, where the key is shown otherwise."""
    there = mark(start, start + 3, "PER")
    shown, _ = painted([there], Overlay(focus=(there.start, there.end, "PER")), text=text)
    assert shown == drawn


@pytest.mark.parametrize(
    "marks",
    [
        [("PER", UNDECIDED, True)],
        [("PER", REJECTED, False)],
        [("PER", DECIDED, False), ("ORG", UNDECIDED, False)],
    ],
    ids=["doubtful", "rejected", "several"],
)
def test_no_sign_stands_beside_a_digit(
    painted: Callable[..., tuple[str, str]], mark: MakeMark, marks: list[tuple[str, State, bool]]
) -> None:
    there = [mark(4, 7, label, state, doubt=doubt) for label, state, doubt in marks]
    assert painted(there, text="the 915 people")[0] == "  the▐915 people"


def test_without_colours_the_focus_shows_no_key(palette: Palette, mark: MakeMark) -> None:
    cells = Rows(TEXT, width=40).cells(0)
    plain = palette._replace(has_key_at_focus=False)
    strip = paint_text(cells, [mark(4, 7)], Overlay(focus=(4, 7, "PER")), plain, width=43, has_chips=True)
    assert strip.text.startswith("  Ann▐Lee of")
