"""The list of rows: where the cursor goes, what is drawn, what is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from rich.style import Style
from textual import on
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown

from annotator.tui.themes import THEMES, hue_variables
from annotator.tui.widgets.line_list import LineList, Row

_HEIGHT = 10


@dataclass
class _Rows:
    """Draws rows that say their number, and remembers which were drawn."""

    texts: dict[int, str] = field(default_factory=dict)
    drawn: list[int] = field(default_factory=list)

    def draw(self, index: int, width: int, is_cursor: bool) -> Row:
        self.drawn.append(index)
        return [
            (">" if is_cursor else " ", Style(bold=True)),
            (self.texts.get(index, f"row {index}"), Style()),
        ]


class _App(App[None]):
    def __init__(self, rows: _Rows, count: int, cursor: int = 0) -> None:
        super().__init__()
        self.rows = LineList(rows.draw, count=count, cursor=cursor)
        self.said: list[Any] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "annotator-dark"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return hue_variables(self.current_theme)

    def compose(self) -> ComposeResult:
        yield self.rows

    @on(LineList.Highlighted)
    @on(LineList.Chosen)
    def note(self, message: LineList.Highlighted | LineList.Chosen) -> None:
        self.said.append((type(message).__name__, message.index))

    def seen(self) -> list[str]:
        return [self.rows.render_line(y).text.rstrip() for y in range(self.rows.size.height)]


@pytest.mark.parametrize(
    ("steps", "cursor", "top"),
    [
        ([("move", 1)], 1, 0),
        ([("move", -1)], 0, 0),
        ([("move", 8)], 8, 0),
        ([("move", 9)], 9, 1),  # a row stays in sight below
        ([("page", 1)], 9, 1),
        ([("page", 1), ("page", 1)], 18, 10),
        ([("move_to", 99)], 99, 90),
        ([("move_to", 10_000)], 99, 90),
        ([("move_to", 99), ("move", -9)], 90, 89),
        ([("move_to", 99), ("page", -1)], 90, 89),
        ([("move_to", 50), ("move_to", 0)], 0, 0),
        ([("move_to", -3)], 0, 0),
    ],
)
async def test_the_cursor_stays_within_and_in_sight(
    steps: list[tuple[str, int]], cursor: int, top: int
) -> None:
    app = _App(_Rows(), 100)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        for name, rows in steps:
            getattr(app.rows, name)(rows)
        await pilot.pause()
        assert (app.rows.cursor, app.rows.scroll_offset.y) == (cursor, top)
        assert app.seen()[cursor - top] == f">row {cursor}"


async def test_a_list_opens_with_its_cursor_in_the_middle() -> None:
    app = _App(_Rows(), 100, cursor=50)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        await pilot.pause()
        assert app.rows.scroll_offset.y == 45
        assert app.said == []


async def test_only_rows_on_screen_are_drawn_and_a_move_draws_two() -> None:
    rows = _Rows()
    app = _App(rows, 100_000)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        await pilot.pause()
        assert set(rows.drawn) == set(range(_HEIGHT))
        rows.drawn.clear()
        app.rows.move(1)
        await pilot.pause()
        assert sorted(rows.drawn) == [0, 1]
        rows.drawn.clear()
        app.rows.redraw([4])
        await pilot.pause()
        assert rows.drawn == [4]


async def test_moves_are_told_once_and_only_where_the_cursor_moved() -> None:
    app = _App(_Rows(), 3)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        app.rows.move(-1)
        await pilot.pause()
        assert app.said == []
        app.rows.move(1)
        app.rows.move(1)
        await pilot.pause()
        assert app.said[-1] == ("Highlighted", 2)
        app.said.clear()
        app.rows.choose()
        await pilot.pause()
        assert app.said == [("Chosen", 2)]


async def test_an_empty_list_has_nothing_to_choose_and_can_be_filled() -> None:
    app = _App(_Rows(), 0)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        app.rows.move(1)
        app.rows.choose()
        await pilot.pause()
        assert app.said == []
        assert not any(app.seen())
        app.rows.show(5, 4)
        await pilot.pause()
        assert app.seen()[:5] == [" row 0", " row 1", " row 2", " row 3", ">row 4"]
        app.rows.show(2, 4)
        assert app.rows.cursor == 1


async def test_a_click_moves_the_cursor_and_a_second_one_chooses() -> None:
    app = _App(_Rows(), 100, cursor=50)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        await pilot.pause()
        await pilot.click(LineList, offset=(3, 2))
        assert app.said == [("Highlighted", 47)]
        await pilot.click(LineList, offset=(3, 4), times=2)
        assert app.said[1:] == [("Highlighted", 49), ("Chosen", 49)]


async def test_a_click_below_the_last_row_does_nothing() -> None:
    app = _App(_Rows(), 3)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        await pilot.click(LineList, offset=(3, 7), times=2)
        assert app.said == []


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    app = _App(_Rows(), 100)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        app.rows.post_message(MouseScrollDown(app.rows, 3, 3, 0, 1, 0, False, False, False))
        await pilot.pause()
        assert app.rows.scroll_target_y > 0
        assert app.rows.cursor == 0


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("[bold]x[/bold]", " [bold]x[/bold]"),
        ("a\tb\x1b[31mc", " a⇥   b␛[31mc"),
        ("a\nb", " a b"),
        ("日本語" * 9, " " + "日本語" * 3 + "…"),
        ("\u202eabc", " ⇄abc"),
    ],
)
async def test_any_text_is_drawn_safely_and_fits(text: str, drawn: str) -> None:
    app = _App(_Rows({1: text}), 2)
    async with app.run_test(size=(21, _HEIGHT)) as pilot:
        await pilot.pause()
        strip = app.rows.render_line(1)
        assert strip.text.rstrip() == drawn
        assert strip.cell_length == app.rows.scrollable_size.width == 20


@pytest.mark.parametrize("has_focus", [True, False])
async def test_without_colour_the_cursor_is_told_by_its_style(
    has_focus: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = _App(_Rows(), 3)
    async with app.run_test(size=(30, _HEIGHT)) as pilot:
        app.set_focus(app.rows if has_focus else None)
        await pilot.pause()
        cursor, other = (next(iter(app.rows.render_line(y))).style or Style() for y in (0, 1))
        assert (bool(cursor.reverse), bool(cursor.underline)) == (has_focus, not has_focus)
        assert not other.reverse
        assert not other.underline
