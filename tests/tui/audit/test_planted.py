"""Ten planted inconsistencies, found, mended in bulk and brought back by one undo, all by keys on the screen."""

from __future__ import annotations

from pathlib import Path

from annotator.settings import Settings
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.tui.app import AnnotatorApp
from annotator.tui.screens.dialogs import MessageDialog
from annotator.workspace import Workspace
from annotator.workspace.audit.search import AuditOf
from tests.planted import FOUND, planted_store, state
from tests.tui.audit.seen import is_there, told, until


async def test_the_ten_are_found_mended_at_once_and_brought_back_by_one_undo(tmp_path: Path) -> None:
    path = planted_store(tmp_path).path
    before = state(Store.open(path))
    workspace = Workspace(
        Store.open(path), annotator="anna", settings=Settings(opening_guard_ms=0), model="blank:en"
    )
    app = AnnotatorApp(
        workspace, first=workspace.first(), begin=lambda openers: openers.show_audit(AuditOf())
    )
    async with app.run_test(size=(120, 40)) as pilot:

        async def confirmed(key: str) -> None:
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, MessageDialog))
            await pilot.press("enter")

        await until(pilot, lambda: is_there(app))
        assert sorted((kind, surface) for surface, kind in told(app)) == FOUND
        await pilot.press("a")
        await confirmed("space")
        await until(pilot, lambda: is_there(app) and told(app) == [])
        mended = state(Store.open(path))
        assert {
            document for name, document in mended if mended[name, document] != before[name, document]
        } == {f"d{number:03}" for number in range(40, 50)}
        await confirmed("u")
        await until(pilot, lambda: is_there(app) and len(told(app)) == 10)
        assert sorted((kind, surface) for surface, kind in told(app)) == FOUND
    workspace.close()
    assert state(Store.open(path)) == before
    assert list(check(Files(path))) == []
