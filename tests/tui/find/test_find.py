"""The find screen over the annotate screen: hits of all documents by keys, opened, labelled, and taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.find.screen import FindScreen
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.line_list import LineList
from annotator.workspace import Workspace
from tests.keys import key_event

TEXTS = {
    "one": "The State Department wrote. Nothing else.",
    "two": "A quiet day.\n\nThen the state department answered in Córdoba.",
    "three": "Cordoba slept.",
}


class Desk:
    """The running program, and what a test asks of it."""

    def __init__(self, app: AnnotatorApp, pilot: Pilot[None], workspace: Workspace) -> None:
        self.app, self.pilot, self.workspace = app, pilot, workspace

    @property
    def screen(self) -> FindScreen:
        screen = self.app.screen
        assert isinstance(screen, FindScreen)
        return screen

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.app.post_message(key_event(key))
            await self.settle()

    async def settle(self) -> None:
        """Wait until the screens have acted, and what they do on threads is done."""
        await self.pilot.pause()
        searching = [worker for worker in self.app.workers if worker.group == "find"]
        if searching:  # none at all would mean all workers, of which one waits for an answer
            await self.app.workers.wait_for_complete(searching)
        await self.pilot.pause()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what a step on a thread brings about."""
        for _ in range(500):
            if condition():
                return
            await self.pilot.pause(0.02)
        pytest.fail("waited in vain")

    @property
    def hits(self) -> list[tuple[str, str]]:
        return [(hit.document, hit.text) for hit in self.screen.state.hits]

    @property
    def counts(self) -> str:
        return self.screen.query_one("#counts", Bar).shown

    def spans(self, document_id: str) -> list[tuple[str, str]]:
        """Words and labels of the spans as they are saved."""
        store = Store.open(self.workspace.store.path)
        text = store.document(document_id).text
        return [(text[span.start : span.end], span.label) for span in store.load_set(document_id, "me").spans]


Opener = Callable[..., AbstractAsyncContextManager[Desk]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens the program on three documents."""
    monkeypatch.setattr(Workspace, "start_suggesting", lambda self: None)
    store = Store.create(tmp_path / "store", label_set=load_label_set("news"))
    for name, text in TEXTS.items():
        store.add_document(new_document(text, id=name))

    @asynccontextmanager
    async def open_desk(size: tuple[int, int] = (120, 40)) -> AsyncIterator[Desk]:
        workspace = Workspace(store, annotator="me", settings=Settings(opening_guard_ms=0, backups=0))
        app = AnnotatorApp(workspace, first="one")
        try:
            async with app.run_test(size=size) as pilot:
                await pilot.pause()
                yield Desk(app, pilot, workspace)
        finally:
            workspace.close()

    return open_desk


async def search(desk: Desk, words: str) -> None:
    """Search the document on screen for words, and then all texts for them."""
    await desk.press("/", *(words.replace(" ", "\0")).replace("\0", " "), "ctrl+f")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_ctrl_f_in_the_search_finds_in_all_texts_and_enter_opens_the_hit(
    desk: Opener, size: tuple[int, int]
) -> None:
    async with desk(size) as here:
        await search(here, "cordoba")
        assert here.hits == [("two", "Córdoba"), ("three", "Cordoba")]
        assert "2 hits in 2 documents" in here.counts
        await here.press("enter")
        editor = here.app.document_screen.editor
        assert editor.document.id == "two"
        assert editor.cursor.offset == TEXTS["two"].index("Córdoba")


async def test_all_hits_get_a_label_by_its_key_after_a_question_and_lose_it_by_undo(desk: Opener) -> None:
    async with desk() as here:
        await search(here, "state department")
        await here.press("3")
        assert "2 hits in 2 documents will get ORG" in "\n".join(_lines(here.app))
        await here.press("enter")
        await here.until(lambda: here.spans("two") == [("state department", "ORG")])
        assert here.spans("one") == [("State Department", "ORG")]
        await here.settle()
        await here.press("c", "c")
        assert len(here.hits) == 2  # those with a span
        await here.press("u", "enter")
        await here.until(lambda: here.spans("one") == here.spans("two") == [])
        await here.settle()
        await here.press("escape")
        assert list(here.app.document_screen.editor.annotation_set.spans) == []


async def test_only_chosen_hits_are_changed(desk: Opener) -> None:
    async with desk() as here:
        await search(here, "state department")
        await here.press("space")
        assert "1 chosen" in here.counts
        await here.press("3", "enter")
        await here.until(lambda: here.spans("one") == [("State Department", "ORG")])
        assert here.spans("two") == []


async def test_a_question_can_be_left_and_nothing_is_changed(desk: Opener) -> None:
    async with desk() as here:
        await search(here, "state department")
        await here.press("3", "escape")
        assert here.spans("one") == []
        assert here.hits


async def test_a_pattern_between_slashes_and_a_wrong_one(desk: Opener) -> None:
    async with desk() as here:
        await search(here, "/c.rdoba|slept/")
        assert here.hits == [("three", "slept")]
        await here.press("/")
        here.screen.query_one("#typed").value = "/(/"  # type: ignore[attr-defined]
        await here.press("enter")
        assert "is no regular expression" in "\n".join(_lines(here.app))


async def test_the_screen_comes_back_as_it_was_left(desk: Opener) -> None:
    async with desk() as here:
        await search(here, "cordoba")
        await here.press("j", "s", "escape")
        here.app.document_screen.act("find")
        await here.settle()
        assert len(here.hits) == 2
        assert "by the words before" in here.counts


async def test_nothing_found_is_said_and_escape_leaves(desk: Opener) -> None:
    async with desk() as here:
        await search(here, "zebra")
        assert "Nothing was found." in "\n".join(_lines(here.app))
        assert here.screen.query_one(LineList).count == 0
        await here.press("escape")
        assert here.app.screen is here.app.document_screen


def _lines(app: AnnotatorApp) -> list[str]:
    return ["".join(segment.text for segment in row) for row in app.screen._compositor.render_strips()]
