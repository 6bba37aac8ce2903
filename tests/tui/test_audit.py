"""The audit screen: what is found is chosen by keys, mended in one step, taken back, and followed to its place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb, new_uid
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.tui.audit_app import AuditApp
from annotator.tui.screens.audit import AuditScreen
from annotator.tui.screens.audit.look import LookScreen
from annotator.tui.screens.dialogs import MessageDialog
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.line_list import LineList
from annotator.workspace import Workspace
from annotator.workspace.auditing import AuditOf

WHEN = "2026-11-22T14:02:11Z"
TEXTS = {
    "d0": ("Rome fell.", [("Rome", "LOC")]),
    "d1": ("Rome rose.", [("Rome", "LOC")]),
    "d2": ("Rome won.", [("Rome", "ORG")]),
    "d3": ("In Rome again.", []),
    "d4": ("Oslo lost", [("Oslo", "ORG")]),
    "d5": ("Oslo won", [("Oslo", "LOC")]),
    "d6": ("in the Hague", [("the Hague", "LOC")]),
    "d7": ("at the Hague", [("the Hague", "LOC")]),
    "d8": ("of the Hague", [("Hague", "LOC")]),
}
ROME, MISSED, HAGUE, OSLO = "Rome labels", "Rome missed", "Hague edges", "Oslo labels"
"""The findings, whose order by gain is MISSED, HAGUE and ROME, OSLO."""


def _fill(store: Store, annotator: str) -> None:
    for document_id, (text, spans) in TEXTS.items():
        store.add_document(new_document(text, id=document_id))
        annotation_set = AnnotationSet(document_id, annotator)
        for surface, label in spans:
            start = text.index(surface)
            span = Span(start, start + len(surface), label)
            annotation_set.apply(
                Decision(1, 1, Verb.ADD, annotator, WHEN, new_uid(), None, span, uid=new_uid())
            )
        seq = annotation_set.revision + 1
        annotation_set.apply(Decision(seq, seq, Verb.FINISH, annotator, WHEN, uid=new_uid()))
        store.save(SetSnapshot.of(annotation_set))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER", "ORG", "LOC"]))
    _fill(store, "kim")
    return store


Opener = Callable[..., AsyncIterator[tuple[AuditApp, Pilot[None]]]]


@pytest.fixture
def opened(store: Store) -> Iterator[Opener]:
    """Opens the program on the audit, and waits until that is there."""
    workspaces: list[Workspace] = []

    @asynccontextmanager
    async def open_app(
        me: str = "kim", of: str | None = None, size: tuple[int, int] = (120, 40)
    ) -> AsyncIterator[tuple[AuditApp, Pilot[None]]]:
        workspace = Workspace(store, annotator=me, settings=Settings(opening_guard_ms=0), model="blank:en")
        workspaces.append(workspace)
        app = AuditApp(workspace, first=workspace.first(), of=AuditOf(of))
        async with app.run_test(size=size) as pilot:
            await _until(pilot, lambda: isinstance(app.screen, AuditScreen) and _is_there(app))
            yield app, pilot

    yield open_app  # type: ignore[misc]
    for workspace in workspaces:
        workspace.close()


async def _until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    for _ in range(500):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("it never came to be")


def _screen(app: AuditApp) -> AuditScreen:
    assert isinstance(app.screen, AuditScreen)
    return app.screen


def _is_there(app: AuditApp) -> bool:
    return isinstance(app.screen, AuditScreen) and app.screen.audit is not None


def _spans(store: Store, document_id: str, annotator: str = "kim") -> list[tuple[int, int, str]]:
    found = store.load_set(document_id, annotator, gold=True).spans
    return [(each.start, each.end, each.label) for each in found]


def _told(app: AuditApp) -> list[tuple[str, str]]:
    return [(each.surface, each.kind.value) for each in _screen(app).choices.findings]


def _bar(app: AuditApp, name: str) -> str:
    return app.screen.query_one(f"#{name}", Bar).shown


async def test_findings_and_places_are_shown(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        assert _told(app) == [("Rome", "missed"), ("Hague", "edges"), ("Rome", "labels"), ("Oslo", "labels")]
        assert "4 findings in 9 annotation sets" in _bar(app, "totals")
        await pilot.press("down", "down", "tab")
        lines = "\n".join("".join(s.text for s in row) for row in app.screen._compositor.render_strips())
        assert "[Rome ORG] won." in lines
        assert _bar(app, "about").startswith("Rome  labels  LOC 2  ORG 1")
        assert "this place becomes  1 LOC   2 ORG" in _bar(app, "treatments")


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
        chosen = {place.document: treatment for (_, place), treatment in _screen(app).state.chosen.items()}
        assert chosen == expected, why


async def test_what_is_chosen_is_done_in_one_step_and_taken_back(opened: Opener, store: Store) -> None:
    before = {each: _spans(store, each) for each in TEXTS}
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("a", "space")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("escape")
        assert {each: _spans(store, each) for each in TEXTS} == before
        assert len(_screen(app).state.chosen) == 3
        await pilot.press("space")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await _until(pilot, lambda: _is_there(app) and len(_told(app)) == 1)
        assert (_spans(store, "d2"), _spans(store, "d3"), _spans(store, "d8")) == (
            [(0, 4, "LOC")],
            [(3, 7, "LOC")],
            [(3, 12, "LOC")],
        )
        assert _screen(app).state.chosen == {}
        await pilot.press("u")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await _until(pilot, lambda: _is_there(app) and len(_told(app)) == 4)
        assert {each: _spans(store, each) for each in TEXTS} == before


async def test_the_open_document_is_read_anew_after_a_step(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        assert len(app.desk.editor.annotation_set.spans) == 1
        app.desk.open("d3")
        await pilot.press("1", "space")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await _until(pilot, lambda: _is_there(app) and len(_told(app)) == 3)
        await pilot.press("escape")
        await _until(pilot, lambda: app.screen is app.desk)
        assert [each.label for each in app.desk.editor.annotation_set.spans] == ["LOC"]


async def test_enter_on_a_place_opens_ones_own_document_there(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("enter", "enter")
        await _until(pilot, lambda: app.screen is app.desk)
        assert app.desk.editor.document.id == "d3"
        assert app.desk.editor.cursor.word == (3, 7)


async def test_choices_and_cursor_are_there_when_it_is_opened_again(opened: Opener) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("a", "down", "down", "tab", "enter")
        await _until(pilot, lambda: app.screen is app.desk)
        app.desk.act("audit")
        await _until(pilot, lambda: _is_there(app))
        assert len(_screen(app).state.chosen) == 3
        assert _screen(app).finding.surface == "Rome"  # type: ignore[union-attr]
        assert _screen(app).finding.kind.value == "labels"  # type: ignore[union-attr]


async def test_somebody_elses_places_are_only_looked_at(opened: Opener, store: Store) -> None:
    async with opened("lee", "kim") as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("tab", "enter")
        await _until(pilot, lambda: isinstance(app.screen, LookScreen))
        assert app.screen.view.overlay.boxes == ((3, 7),)  # type: ignore[attr-defined]
        await pilot.press("1", "x", "escape")
        await _until(pilot, lambda: isinstance(app.screen, AuditScreen))
        assert _spans(store, "d3") == []


async def test_documents_that_somebody_holds_are_named(opened: Opener, store: Store) -> None:
    async with opened("lee", "kim") as (app, pilot):  # type: ignore[attr-defined]
        with Store.open(store.path).hold("kim"):  # type: ignore[union-attr]
            await pilot.press("1", "space")
            await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
            await pilot.press("enter")
            await _until(
                pilot,
                lambda: isinstance(app.screen, MessageDialog) and "left as they are" in app.screen._heading,
            )
            await pilot.press("enter")
            await _until(pilot, lambda: _is_there(app))
        assert _spans(store, "d3") == []


async def test_nothing_to_find_and_nothing_chosen_are_said(opened: Opener, store: Store) -> None:
    async with opened() as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("space", "u")
        await _until(pilot, lambda: len(app._notifications) == 2)
        assert sorted(each.message for each in app._notifications) == [
            "Nothing is chosen yet.",
            "There is no mend to take back.",
        ]
        await pilot.press("end", "1", "a", "space")
        await _until(pilot, lambda: isinstance(app.screen, MessageDialog))
        await pilot.press("enter")
        await _until(pilot, lambda: _is_there(app) and not _told(app))
        assert str(app.screen.query_one("#message", Static).content) == "Everything is treated alike."
        await pilot.press("tab", "1", "x", "enter", "space")
        assert _told(app) == []


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)])
async def test_rows_fit_the_terminal(opened: Opener, size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):  # type: ignore[attr-defined]
        await pilot.press("a")
        await pilot.pause()
        for each in app.screen.query(LineList):
            width = each.scrollable_size.width
            assert all(each.render_line(y).cell_length == width for y in range(each.size.height))
        assert "→" in "".join(s.text for s in app.screen.query_one("#findings", LineList).render_line(0))
