"""The tour: each step waits for the key that it teaches, and the whole of it can be done by its own words."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.decisions import Status
from annotator.settings import Settings
from annotator.tui.screens.tour.guide import Guide
from annotator.tui.screens.tour.steps import FIRST_DOCUMENT, STEPS
from annotator.tui.tour_app import TourApp
from annotator.workspace import Workspace
from annotator.workspace.tour import open_tour
from tests.keys import key_event

KEYS: tuple[tuple[str, ...], ...] = (
    ("enter",),
    ("2",),
    ("enter", "enter"),
    ("s",),
    ("tab",),
    ("x",),
    ("u",),
    ("r",),
    ("f",),
    ("f", "3"),
    ("space", "space"),  # no worker runs here, so that suggestions stay to come, which takes a second press
    ("v",),
    ("?", "escape"),
)
"""What the steps ask for, one after the other; the last step asks for nothing."""


class Visit:
    """A running tour."""

    def __init__(self, app: TourApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.guide = app.document_screen.query_one(Guide)

    @property
    def text(self) -> str:
        """What the guide says."""
        return str(self.guide.content)

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.app.post_message(key_event(key))
            await self.pilot.pause()
            await self.pilot.pause()
            self.guide.follow()


Opener = Callable[..., AbstractAsyncContextManager[Visit]]


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the tour; settings may be given."""
    monkeypatch.setattr(Workspace, "start_suggesting", lambda self: None)

    @asynccontextmanager
    async def open_visit(size: tuple[int, int] = (120, 40), **settings: object) -> AsyncIterator[Visit]:
        workspace = open_tour(tmp_path / "tour", Settings(**{"opening_guard_ms": 0, **settings}))
        app = TourApp(workspace, first=FIRST_DOCUMENT)
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                await pilot.pause()
                yield Visit(app, pilot)
        finally:
            workspace.close()

    return open_visit


def hint_of(visit: Visit, words: str) -> str:
    """The letter of jump mode that stands on these words."""
    jump = visit.app.document_screen.pane.jump
    assert jump is not None
    offset = visit.app.document_screen.editor.document.text.index(words)
    return next(letters for letters, place in jump.hints.items() if place == offset)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_tour_can_be_done_by_what_it_says(visit: Opener, size: tuple[int, int]) -> None:
    async with visit(size) as tour:
        for number, keys in enumerate(KEYS):
            assert tour.guide.step == number, tour.text
            assert f"{number + 1} of {len(STEPS)}" in tour.text
            assert "takes it back" not in tour.text
            await tour.press(*keys)
        assert tour.guide.step == len(STEPS) - 1
        statuses = tour.app.document_screen.workspace.store.catalogue.statuses
        assert tour.app.document_screen.workspace.flush() is None
        assert statuses("you")[FIRST_DOCUMENT] is Status.DONE


async def test_all_of_a_step_can_be_read_at_80_columns(visit: Opener) -> None:
    async with visit((80, 24)) as tour:
        rows = tour.guide.size.height
        keys = {label: key for key, label in tour.app.document_screen.editor.label_set.by_key.items()}
        longest = max(
            (f"99 of 99  {step.says(tour.app.document_screen.keymap, keys)}" for step in STEPS), key=len
        )
        tour.guide.update(longest)
        await tour.pilot.pause()
        assert tour.guide.visual.get_height(tour.guide.styles, tour.guide.content_size.width) <= rows


async def test_another_key_is_told_and_undone(visit: Opener) -> None:
    async with visit() as tour:
        await tour.press("x")
        assert tour.guide.step == 0
        assert "That was another key: u takes it back." in tour.text
        await tour.press("u")
        assert "another key" not in tour.text
        await tour.press("enter")
        assert tour.guide.step == 1


async def test_who_finishes_at_once_is_taken_along(visit: Opener) -> None:
    async with visit() as tour:
        await tour.press("space", "space")
        assert tour.guide.step == 11
        assert "A new document" in tour.text


async def test_the_keys_are_those_of_the_settings(visit: Opener) -> None:
    async with visit(keys={"accept": "f5"}) as tour:
        assert re.search(r"Press f5 to accept", tour.text, re.IGNORECASE)


def test_each_step_names_keys_that_there_are() -> None:
    from annotator.model.resources import load_label_set
    from annotator.tui.base_app import keymap
    from annotator.tui.screens.annotate.actions import ANNOTATE

    keys = {label: key for key, label in load_label_set("news").by_key.items()}
    for step in STEPS:
        assert "{" not in step.says(keymap(Settings(), ANNOTATE), keys)
