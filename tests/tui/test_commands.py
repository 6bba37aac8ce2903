"""The command palette: every action of the screen by name, and no command that makes no sense."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import pytest
from textual.command import DiscoveryHit, Hit

from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.keys.palette import ActionCommands
from annotator.tui.screens.annotate.actions import ANNOTATE
from annotator.tui.screens.dialogs import MessageDialog


class _Screen(KeyedScreen[None]):
    def __init__(self) -> None:
        super().__init__(Keymap(ANNOTATE, {"accept": "f9", "reject": ""}))
        self.acted: list[str] = []

    def act(self, name: str) -> None:
        self.acted.append(name)


async def _hits(screen: Any, query: str) -> list[Hit | DiscoveryHit]:
    provider = ActionCommands(screen)
    found = [hit async for hit in (provider.search(query) if query else provider.discover())]
    return sorted(found, key=lambda hit: -hit.score)


async def test_every_action_can_be_found_and_done(stage: Callable[..., Any]) -> None:
    screen = _Screen()
    async with stage(screen).run_test():
        for hit in await _hits(screen, ""):
            hit.command()
        assert sorted(screen.acted) == sorted(action.name for action in ANNOTATE if action.name != "palette")


async def test_the_list_is_grouped_and_begins_with_the_help(stage: Callable[..., Any]) -> None:
    """Whoever presses enter at once decides nothing and does not quit."""
    screen = _Screen()
    async with stage(screen).run_test():
        titles = [str(hit.prompt) for hit in await _hits(screen, "")]
        assert titles[0].startswith("help")
        groups = [title.split("· ")[1].split("\n")[0] for title in titles]
        assert len([group for group, _ in groupby(groups)]) == len(set(groups))


@pytest.mark.parametrize(
    ("query", "first"),
    [("accept", "accept"), ("skip", "skip"), ("snap", "snap to tokens"), ("flag", "doubt")],
)
async def test_the_best_hit_comes_first(stage: Callable[..., Any], query: str, first: str) -> None:
    screen = _Screen()
    async with stage(screen).run_test():
        assert (await _hits(screen, query))[0].text == first


async def test_commands_show_the_keys_as_they_are_set(stage: Callable[..., Any]) -> None:
    screen = _Screen()
    async with stage(screen).run_test():
        shown = {hit.text: str(hit.prompt) for hit in await _hits(screen, "")}
        assert shown["accept"].startswith("accept  (f9)")
        assert shown["reject"].startswith("reject")
        assert "(" not in shown["reject"]


async def test_a_dialog_has_no_commands(stage: Callable[..., Any]) -> None:
    dialog = MessageDialog("Title", "Body")
    async with stage(dialog).run_test():
        assert await _hits(dialog, "") == []


async def test_the_palette_runs_an_action_on_the_screen_below_it(stage: Callable[..., Any]) -> None:
    screen = _Screen()
    app = stage(screen)
    async with app.run_test() as pilot:
        await pilot.press("ctrl+p", *"hide doubt")
        await app.workers.wait_for_complete()
        await pilot.press("enter")
        await pilot.pause()
        assert screen.acted == ["toggle_doubtful"]
