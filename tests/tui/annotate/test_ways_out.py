"""The ways out are in the footer of every screen, `q` asks, and the menu does not begin with quitting."""

from __future__ import annotations

import pytest

from annotator.tui.all_actions import OF_ANNOTATING
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.annotate.table_actions import TABLE
from annotator.tui.screens.dialogs import MessageDialog
from annotator.tui.screens.review.actions import REVIEW


@pytest.mark.parametrize("width", [120, 78, 60])
@pytest.mark.parametrize("actions", [*OF_ANNOTATING, REVIEW, TABLE])
def test_help_menu_and_quit_are_in_the_footer_of_every_screen(actions, width: int) -> None:
    said = "".join(piece.text for piece in footer(Keymap(actions), width=width))
    assert said.endswith("? help  ctrl+p menu  ctrl+q quit")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_they_are_painted(desk, size) -> None:
    async with desk(size) as at:
        assert "? help  ctrl+p menu  ctrl+q quit" in at.row("footer")
        await at.press("j")
        assert "? help  ctrl+p menu  ctrl+q quit" in at.row("footer")


@pytest.mark.parametrize("keys", [["q"], ["q", "q", "q"]])
async def test_q_asks_and_esc_stays(desk, keys) -> None:
    async with desk() as at:
        await at.press(*keys)
        assert isinstance(at.app.screen, MessageDialog)
        await at.press("escape")
        assert at.app.screen is at.screen
        assert at.app.is_running


@pytest.mark.parametrize("key", ["enter", "q"])
async def test_q_and_an_answer_leave_with_everything_saved(desk, store, key) -> None:
    async with desk() as at:
        await at.walk_to("Caracas")
        await at.press("enter", "q")
        await at.press(key)
        for _ in range(50):
            await at.pilot.pause()
            if not at.app.is_running:
                break
        assert at.app.return_code == 0
    assert store.load_set("first", "me").revision == 1


async def test_the_menu_opens_on_the_help(desk) -> None:
    async with desk() as at:
        await at.press("ctrl+p")
        await at.app.workers.wait_for_complete()
        await at.press("enter")
        await at.pilot.pause()
        assert "Help" in type(at.app.screen).__name__
        assert at.spans == []


async def test_a_click_on_quit_in_the_footer_leaves(desk) -> None:
    async with desk() as at:
        at.screen.click("quit")
        for _ in range(50):
            await at.pilot.pause()
            if not at.app.is_running:
                break
        assert at.app.return_code == 0
