"""The start page: the ways to begin, and what is asked before texts are opened."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from annotator.model.resources import load_label_set
from annotator.settings import Settings
from annotator.tui.base_app import keymap
from annotator.tui.screens.start.actions import START
from annotator.tui.screens.start.choice import Choice, Way
from annotator.tui.screens.start.screen import StartScreen

Stage = Callable[..., object]


class Page:
    """The page on a stage."""

    def __init__(self, app, pilot) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self) -> StartScreen:
        return self.app.shown

    @property
    def said(self) -> str:
        """What stands below the line in which is typed."""
        return str(self.screen.query_one("#said", Static).content)

    async def press(self, keys: str) -> None:
        self.app.type(keys)
        await self.pilot.pause()
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        typed = self.screen.query_one(Input)
        typed.value = text
        await self.pilot.pause()


Opener = Callable[..., AbstractAsyncContextManager[Page]]


@pytest.fixture
def page(stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the page in an empty folder."""
    monkeypatch.chdir(tmp_path)

    @asynccontextmanager
    async def open_page(
        recent: Sequence[Path] = (), texts: int = 0, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[Page]:
        screen = StartScreen(keymap(Settings(), START), store=Path("annotations"), recent=recent, texts=texts)
        app = stage(screen)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Page(app, pilot)

    return open_page


@pytest.mark.parametrize(
    ("keys", "way"),
    [("enter", Way.TOUR), ("down down enter", Way.SAMPLES), ("j j space", Way.SAMPLES)],
)
async def test_a_way_is_chosen_by_key(page: Opener, keys: str, way: Way) -> None:
    async with page() as shown:
        await shown.press(keys)
        assert shown.app.results == [Choice(way)]


@pytest.mark.parametrize("key", ["q", "escape"])
async def test_the_page_is_left_without_a_choice(page: Opener, key: str) -> None:
    async with page() as shown:
        await shown.press(key)
        assert shown.app.results == [None]


async def test_a_store_that_was_open_before_is_offered(page: Opener, tmp_path: Path) -> None:
    async with page(recent=[tmp_path / "elections"]) as shown:
        assert any("Continue elections" in line for line in shown.app.lines())
        await shown.press("end enter")
        assert shown.app.results == [Choice(Way.STORE, tmp_path / "elections")]


async def test_texts_are_opened_with_labels_of_ones_own(page: Opener, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "one.txt").write_text("Ada met Bob.")
    async with page() as shown:
        await shown.press("down enter")
        await shown.type("nowhere")
        await shown.press("enter")
        assert shown.said == "there is no such file or folder"
        await shown.type("texts")
        assert shown.said == "1 text file"
        await shown.press("enter")
        assert "18 labels: PERSON, GPE" in shown.said
        await shown.type("PARTY, CANDIDATE")
        assert shown.said == "2 labels: PARTY, CANDIDATE"
        await shown.press("enter")
        [choice] = shown.app.results
        assert choice == Choice(Way.TEXTS, Path("texts"), "PARTY, CANDIDATE")
        assert [label.name for label in load_label_set(choice.labels).labels] == ["PARTY", "CANDIDATE"]


async def test_a_single_label_needs_no_comma(page: Opener, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Ada met Bob.")
    async with page(texts=1) as shown:
        await shown.press("down enter")
        await shown.press("enter")
        await shown.type("INGREDIENT")
        assert shown.said == "1 label: INGREDIENT"
        await shown.press("enter")
        assert len(load_label_set(shown.app.results[0].labels).labels) == 1


@pytest.mark.parametrize("labels", ["", "none.json", "A\tB,C", "schemas/none"])
async def test_what_is_no_label_set_is_told_and_asked_again(
    page: Opener, tmp_path: Path, labels: str
) -> None:
    (tmp_path / "one.txt").write_text("Ada met Bob.")
    async with page(texts=1) as shown:
        await shown.press("down enter")
        await shown.press("enter")
        await shown.type(labels)
        await shown.press("enter")
        assert shown.app.results == []
        assert shown.said
        await shown.press("escape")
        await shown.press("escape")
        await shown.press("enter")
        assert shown.screen.query_one(Input).value == "."


async def test_a_path_is_completed(page: Opener, tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("Ada met Bob.")
    async with page() as shown:
        await shown.press("down enter")
        await shown.press("a r t")
        await shown.pilot.pause()
        await shown.press("right")
        assert shown.screen.query_one(Input).value == "articles/"
        assert shown.said == "1 text file"


async def test_the_page_fits_into_80_columns(page: Opener) -> None:
    async with page() as shown:
        assert not [line for line in shown.app.lines() if "…" in line]
        assert shown.screen.query_one("#page").max_scroll_y == 0
