"""The grid of figures: what stands where, and how it tells that there is more."""

from __future__ import annotations

from textual.app import App, ComposeResult

from annotator.tui.screens.agreement.grid_view import GridView
from annotator.tui.themes import hue_variables
from annotator.workspace.agreement.grids import Cell, Grid

SIDE = 9
GRID = Grid(
    "",
    "",
    "one says",
    tuple(f"LABEL{column}" for column in range(SIDE)),
    tuple(
        (f"LABEL{row}", tuple(Cell(f"{row}{column}", 0.5) for column in range(SIDE))) for row in range(SIDE)
    ),
)


class Shown(App[None]):
    """The grid and nothing else."""

    def compose(self) -> ComposeResult:
        yield GridView()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return hue_variables(self.current_theme)

    @property
    def grid(self) -> GridView:
        return self.query_one(GridView)

    def lines(self) -> list[str]:
        """What is on the terminal, a string a row."""
        return ["".join(each.text for each in row) for row in self.screen._compositor.render_strips()]


async def test_the_rim_tells_on_which_sides_there_is_more() -> None:
    app = Shown()
    async with app.run_test(size=(40, 6)) as pilot:
        seen = []
        for row, column in ((0, 0), (6, 5), (SIDE - 1, SIDE - 1)):
            app.grid.show(GRID)
            app.grid.go(row, column)
            await pilot.pause()
            lines = app.lines()
            seen.append((lines[0][8], lines[0][-1], lines[1][-1], lines[-1][-1]))
        assert seen == [(" ", "›", " ", "↓"), ("‹", "›", "↑", "↓"), ("‹", " ", "↑", " ")]


async def test_a_whole_grid_has_a_bare_rim() -> None:
    app = Shown()
    async with app.run_test(size=(100, 20)) as pilot:
        app.grid.show(GRID)
        await pilot.pause()
        assert not any(mark in line for line in app.lines() for mark in "‹›↑↓")


async def test_names_and_figures_never_touch() -> None:
    app = Shown()
    async with app.run_test(size=(40, 6)) as pilot:
        app.grid.show(GRID)
        await pilot.pause()
        assert all(line[8] == " " for line in app.lines())


async def test_a_click_goes_to_the_cell_under_the_pointer() -> None:
    app = Shown()
    async with app.run_test(size=(100, 20)) as pilot:
        app.grid.show(GRID)
        await pilot.pause()
        [place] = [(line.index("34"), y) for y, line in enumerate(app.lines()) if "34" in line]
        await pilot.click(GridView, offset=place)
        assert (app.grid.row, app.grid.column) == (3, 4)
