"""The audit screen: what is found is chosen by keys, mended in one step, taken back, and followed to its place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from textual.widgets import Static

from annotator.store.repository import Store
from annotator.tui.screens.audit.look import LookScreen
from annotator.tui.screens.audit.screen import AuditScreen
from annotator.tui.screens.dialogs import MessageDialog
from annotator.tui.widgets.line_list import LineList
from annotator.workspace.audit.service import AuditService
from tests.tui.audit.seen import TEXTS, Opener, bar, is_there, screen, spans, told, until


async def test_findings_and_places_are_shown(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        assert told(app) == [("Rome", "missed"), ("Hague", "edges"), ("Rome", "labels"), ("Oslo", "labels")]
        assert "4 findings in 9 annotation sets" in bar(app, "totals")
        await pilot.press("down", "down", "tab")
        lines = "\n".join("".join(s.text for s in row) for row in app.screen._compositor.render_strips())
        assert "[Rome ORG] won." in lines
        assert bar(app, "about").startswith("Rome  labels  LOC 2  ORG 1")
        assert "this place becomes  1 LOC   2 ORG" in bar(app, "treatments")


@pytest.mark.parametrize(
    ("why", "keys", "expected"),
    [
        ("nothing", "", {}),
        ("a finding by number", "1", {"d3": "LOC"}),
        ("the second treatment", "down down 2", {"d0": "ORG", "d1": "ORG"}),
        ("one that has no such number", "9", {}),
        ("the next finding is under the cursor then", "1 2", {"d3": "LOC", "d6": "without", "d7": "without"}),
        ("one place alone", "down down tab 1", {"d2": "LOC"}),
        ("a place like the majority", "down down tab down 2", {"d0": "ORG"}),
        ("any label by picking", "t P E R enter", {"d3": "PER"}),
        ("no label for an edge", "down t", {}),
        ("left again", "1 up x", {}),
        ("a place left again", "down down 2 up tab down x", {"d1": "ORG"}),
        ("majorities, but not for ties", "a", {"d3": "LOC", "d8": "with", "d2": "LOC"}),
        (
            "majorities where nothing is chosen",
            "down down 2 a",
            {"d3": "LOC", "d8": "with", "d0": "ORG", "d1": "ORG"},
        ),
        ("a tie as told", "end 1", {"d4": "LOC"}),
    ],
)
async def test_keys_choose(opened: Opener, why: str, keys: str, expected: dict[str, str]) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press(*keys.split())
        await pilot.pause()
        chosen = {
            place.document: treatment
            for places in screen(app).state.chosen.values()
            for place, treatment in places.items()
        }
        assert chosen == expected, why


async def test_what_is_chosen_is_done_in_one_step_and_taken_back(opened: Opener, store: Store) -> None:
    before = {each: spans(store, each) for each in TEXTS}
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("a", "space")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("escape")
        assert {each: spans(store, each) for each in TEXTS} == before
        assert screen(app).choices.total == 3
        await pilot.press("space")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await until(pilot, lambda: is_there(app) and len(told(app)) == 1)
        assert (spans(store, "d2"), spans(store, "d3"), spans(store, "d8")) == (
            [(0, 4, "LOC")],
            [(3, 7, "LOC")],
            [(3, 12, "LOC")],
        )
        assert screen(app).state.chosen == {}
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await until(pilot, lambda: is_there(app) and len(told(app)) == 4)
        assert {each: spans(store, each) for each in TEXTS} == before


async def test_the_open_document_is_read_anew_after_a_step(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        assert len(app.document_screen.editor.annotation_set.spans) == 1
        app.document_screen.open("d3")
        await pilot.press("1", "space")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await until(pilot, lambda: is_there(app) and len(told(app)) == 3)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.document_screen)
        assert [each.label for each in app.document_screen.editor.annotation_set.spans] == ["LOC"]


async def test_enter_on_a_place_opens_ones_own_document_there(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("enter", "enter")
        await until(pilot, lambda: app.screen is app.document_screen)
        assert app.document_screen.editor.document.id == "d3"
        assert app.document_screen.editor.cursor.word == (3, 7)


async def test_choices_and_cursor_are_there_when_it_is_opened_again(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("a", "down", "down", "tab", "enter")
        await until(pilot, lambda: app.screen is app.document_screen)
        app.document_screen.act("audit")
        await until(pilot, lambda: is_there(app))
        assert screen(app).choices.total == 3
        assert screen(app).finding.surface == "Rome"  # type: ignore[union-attr]
        assert screen(app).finding.kind.value == "labels"  # type: ignore[union-attr]


async def test_somebody_elses_places_are_only_looked_at(opened: Opener, store: Store) -> None:
    async with opened("lee", "kim") as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(app.screen, LookScreen))
        assert app.screen.view.overlay.boxes == ((3, 7),)  # type: ignore[attr-defined]
        await pilot.press("1", "x", "escape")
        await until(pilot, lambda: isinstance(app.screen, AuditScreen))
        assert spans(store, "d3") == []


async def test_documents_that_somebody_holds_are_named(opened: Opener, store: Store) -> None:
    async with opened("lee", "kim") as (app, pilot):  # type: ignore[attr-defined]
        with Store.open(store.path).hold("kim"):  # type: ignore[union-attr]
            await pilot.press("1", "space")
            await until(pilot, lambda: isinstance(app.screen, MessageDialog))
            await pilot.press("enter")
            await until(
                pilot,
                lambda: isinstance(app.screen, MessageDialog) and "left as they are" in app.screen._heading,
            )
            await pilot.press("enter")
            await until(pilot, lambda: is_there(app))
        assert spans(store, "d3") == []


async def test_nothing_to_find_and_nothing_chosen_are_said(opened: Opener, store: Store) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("space", "u")
        await until(pilot, lambda: len(app._notifications) == 2)
        assert sorted(each.message for each in app._notifications) == [
            "Nothing is chosen yet.",
            "There is no mend to take back.",
        ]
        await pilot.press("end", "1", "a", "space")
        await until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await until(pilot, lambda: is_there(app) and not told(app))
        assert str(app.screen.query_one("#message", Static).content) == "Everything is treated alike."
        await pilot.press("tab", "1", "x", "enter", "space")
        assert told(app) == []


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)])
async def test_rows_fit_the_terminal(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("a")
        await pilot.pause()
        for each in app.screen.query(LineList):
            width = each.scrollable_size.width
            assert all(each.render_line(y).cell_length == width for y in range(each.size.height))
        assert "→" in "".join(s.text for s in app.screen.query_one("#findings", LineList).render_line(0))


@pytest.mark.parametrize("leave", ["escape", "ctrl+q"])
async def test_leaving_ends_the_look_through_the_store(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(bench: AuditService, on_progress: Callable[[int, int], None]) -> None:
        begun.set()
        try:
            while True:
                on_progress(1, 2)
                ended.wait(0.001)
        finally:
            ended.set()

    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.document_screen)
        monkeypatch.setattr(AuditService, "audit", endless)
        app.document_screen.act("audit")
        await until(pilot, begun.is_set)
        await until(pilot, lambda: "50 %" in str(app.screen.query_one("#message", Static).content))
        await pilot.press(leave)
        if leave == "escape":
            await until(pilot, lambda: app.screen is app.document_screen)
    assert await asyncio.to_thread(ended.wait, 10)
