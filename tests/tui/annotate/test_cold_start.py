"""Suggestions that come after the text: the first one is in focus, unless the person is at work already."""

from __future__ import annotations

import pytest

from annotator.model.tokens import stand_in_tokens
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.workspace import Suggested
from tests.tui.annotate.conftest import FIRST, FOUND, suggestions


@pytest.fixture
def cold(store, monkeypatch):
    """The store without the pipeline's cached answers."""
    monkeypatch.setattr(store.cache, "get", lambda kind, document_id: None)
    return store


async def answer(at) -> None:
    """The pipeline's answer on the document on screen comes in."""
    document = at.editor.document
    found = suggestions(FIRST, FOUND["first"])
    come = Answer(document.id, document.sha256, stand_in_tokens(FIRST), found, resolve().name)
    at.workspace.listener(Suggested(come, list(found)))
    await at.pilot.pause()
    await at.pilot.pause()


async def test_the_first_suggestion_is_in_focus_once_it_is_there(cold, desk) -> None:
    async with desk() as at:
        assert at.focus is None
        await answer(at)
        assert at.focus == "Caracas"
        await at.press("enter")
        assert at.spans == [("Caracas", "GPE")]


@pytest.mark.parametrize("key", ["down", "right", "f"])
async def test_whoever_has_moved_stays_where_they_are(cold, desk, key: str) -> None:
    async with desk() as at:
        await at.press(key)
        before = at.editor.cursor.offset
        await answer(at)
        assert at.editor.cursor.offset == before


async def test_a_place_that_was_clicked_is_kept(cold, desk) -> None:
    async with desk() as at:
        at.screen.pane.go(FIRST.index("Maduro leads"))
        await answer(at)
        assert at.focus == "Nicolás Maduro"
