"""Dismissing on the audit screen: what is fine goes for good, is shown on demand, and comes back by a key."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from annotator.store.repository import Store
from annotator.tui.screens.dialogs import MessageDialog
from annotator.workspace.audit.search import audit_store
from tests.tui.audit.seen import TEXTS, Opener, bar, is_there, screen, spans, told, until

MISSED, HAGUE, ROME, OSLO = ("Rome", "missed"), ("Hague", "edges"), ("Rome", "labels"), ("Oslo", "labels")
"""The findings in their order."""


@pytest.mark.parametrize(
    ("why", "keys", "expected", "at"),
    [
        ("the first", "d", [HAGUE, ROME, OSLO], HAGUE),
        ("several, one after the other", "d d", [ROME, OSLO], ROME),
        ("the last", "end d", [MISSED, HAGUE, ROME], ROME),
        ("from its places", "down tab d", [MISSED, ROME, OSLO], ROME),
        ("taken back at once", "down d u", [MISSED, HAGUE, ROME, OSLO], HAGUE),
        ("both taken back", "d d u u", [MISSED, HAGUE, ROME, OSLO], MISSED),
        ("shown as well", "d h", [HAGUE, ROME, OSLO, MISSED], HAGUE),
        ("shown and hidden", "d h h", [HAGUE, ROME, OSLO], HAGUE),
        ("restored", "down d h end r", [MISSED, HAGUE, ROME, OSLO], HAGUE),
        ("dismissed once", "d h end d", [HAGUE, ROME, OSLO, MISSED], MISSED),
        ("nothing to show", "h", [MISSED, HAGUE, ROME, OSLO], MISSED),
        ("nothing to restore", "r", [MISSED, HAGUE, ROME, OSLO], MISSED),
    ],
)
async def test_keys_dismiss_and_restore(
    opened: Opener, why: str, keys: str, expected: list[tuple[str, str]], at: tuple[str, str]
) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        for key in keys.split():
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
        finding = screen(app).finding
        assert told(app) == expected, why
        assert finding is not None
        assert (finding.surface, finding.kind.value) == at, why
        assert screen(app).lines is screen(app).findings


async def test_it_stays_dismissed_and_is_not_mended(opened: Opener, store: Store) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("1", "up", "d")
        await until(pilot, lambda: len(told(app)) == 3)
        assert screen(app).state.chosen == {}
        await pilot.press("h", "end", "1")
        assert "dismissed by kim, " in bar(app, "about")
        assert "1 dismissed" in bar(app, "totals")
        await pilot.press("a", "space")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await until(pilot, lambda: is_there(app) and len(told(app)) == 2)
    assert spans(store, "d3") == []
    found = audit_store(Store.open(store.path), "kim")
    assert [each.surface for each in found.dismissed] == ["Rome"]


async def test_undo_takes_back_a_mend_that_came_after(opened: Opener, store: Store) -> None:
    before = {each: spans(store, each) for each in TEXTS}
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("end", "d")
        await until(pilot, lambda: len(told(app)) == 3)
        await pilot.press("a", "space")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await until(pilot, lambda: is_there(app) and told(app) == [])
        said = str(app.screen.query_one("#message", Static).content)
        assert said == "Everything is treated alike, but for 1 finding that somebody dismissed; h shows that."
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await until(pilot, lambda: is_there(app) and len(told(app)) == 3)
    assert {each: spans(store, each) for each in TEXTS} == before


async def test_what_cannot_be_saved_or_read_is_said(opened: Opener, store: Store) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        (store.path / "audit.json").mkdir()
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("escape")
        assert len(told(app)) == 4
        (store.path / "audit.json").rmdir()
        (store.path / "audit.json").write_bytes(b"{")
        await pilot.press("escape")
        app.document_screen.act("audit")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.document_screen)
