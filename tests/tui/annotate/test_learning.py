"""On the screen: suggestions follow decisions at once, and say why they look as they do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.tui.screens.dialogs.message import MessageDialog
from annotator.workspace import Workspace


@pytest.fixture
def learning_desk(desk: Callable, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Opens the screen as `desk` does, with memory at work; no worker runs."""
    monkeypatch.setattr(
        Workspace, "start_suggesting", lambda self: self._learning.start(self._on_memory_loaded)
    )
    return desk


def said_in(dialog: MessageDialog) -> str:
    """All that a dialog says, on one line."""
    return " ".join("".join(text for text, _ in line) for line in dialog.lines(90))


async def until_learnt(desk) -> None:
    """Wait until memory has read the store."""
    while not desk.workspace._learning._is_complete:
        await desk.pilot.pause(0.01)


async def test_a_relabelled_name_changes_the_others_and_says_why(learning_desk):
    async with learning_desk() as desk:
        await until_learnt(desk)
        await desk.walk_to("Maduro")
        editor = desk.editor
        assert [
            each.label
            for each in editor.suggestion_state.open
            if editor.text(each.start, each.end) == "Maduro"
        ] == [
            "ORG",
            "ORG",
            "PERSON",
        ]
        await desk.press("1")
        assert {
            each.label
            for each in editor.suggestion_state.open
            if editor.text(each.start, each.end) == "Maduro"
        } == {"PERSON"}
        await desk.walk_to("Maduro")
        assert "memory, from 1 decision (model: ORG .96)" in desk.bar("status")
        await desk.press("i")
        dialog = desk.app.screen
        assert isinstance(dialog, MessageDialog)
        assert "accepted 1 of 1 times as PERSON" in said_in(dialog)
        await desk.press("escape")
        await desk.press("u")
        assert "memory" not in desk.bar("status")
        assert [
            each.label
            for each in editor.suggestion_state.open
            if editor.text(each.start, each.end) == "Maduro"
        ] == [
            "ORG",
            "ORG",
            "PERSON",
        ]


async def test_the_next_document_has_what_was_learnt_in_the_one_before(learning_desk):
    async with learning_desk() as desk:
        await until_learnt(desk)
        await desk.press("greater_than_sign")
        await desk.walk_to("Hue")
        await desk.press("x")
        await desk.press("less_than_sign")
        await desk.walk_to("Twitter")
        await desk.press("x")
        await desk.press("greater_than_sign")
        assert [desk.editor.text(each.start, each.end) for each in desk.editor.suggestion_state.open] == [
            "Anh Nguyễn"
        ]


async def test_damaged_edits_are_told_in_a_dialog(learning_desk, store):
    (store.path / "memory.json").write_text("{", encoding="utf-8")
    async with learning_desk() as desk:
        await until_learnt(desk)
        await desk.pilot.pause()
        dialog = desk.app.screen
        assert isinstance(dialog, MessageDialog)
        assert "memory.json" in said_in(dialog)


async def test_what_memory_makes_of_earlier_suggestions_at_the_start_is_on_the_screen(learning_desk):
    async with learning_desk() as desk:
        await until_learnt(desk)
        await desk.walk_to("Maduro")
        await desk.press("1", "u", "r")
    async with learning_desk() as desk:
        await until_learnt(desk)
        await desk.pilot.pause()
        assert desk.screen._overview.index_of("PERSON", "Maduro") is not None
        assert desk.screen._overview.index_of("ORG", "Maduro") is None
