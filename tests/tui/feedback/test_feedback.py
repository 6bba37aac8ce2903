"""The feedback screen: keys lead to what is shown, opened and sent back."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.errors import HeldError
from annotator.store.assignments import Assignments
from annotator.tui.screens.dialogs import MessageDialog
from annotator.tui.screens.feedback.screen import FeedbackScreen
from annotator.tui.widgets.document_view import DocumentView
from annotator.tui.widgets.prompt import Prompt


def here(desk: Any) -> tuple[str, str] | None:
    """The document and the kind under the cursor."""
    entry = desk.app.screen.pointed_at
    return (entry.document_id, entry.kind) if entry is not None else None


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("", ("rome", "boundary")),
        ("down", ("rome", "missed")),
        ("down k", ("rome", "boundary")),
        ("end", ("oslo", "missed")),
        ("greater_than_sign", ("oslo", "comment")),
        ("end less_than_sign", ("rome", "boundary")),
        ("greater_than_sign greater_than_sign", ("oslo", "comment")),
        ("1", ("rome", "missed")),
        ("2", ("rome", "spurious")),
        ("3", ("rome", "label")),
        ("4", ("rome", "boundary")),
        ("5", None),
        ("6", ("oslo", "comment")),
        # the cursor comes back to its place, unless it was moved meanwhile
        ("6 1", ("rome", "missed")),
        ("5 0", ("rome", "boundary")),
        ("3 0", ("rome", "boundary")),
        ("1 end 0", ("oslo", "missed")),
        ("1 end 3", ("rome", "label")),
    ],
)
async def test_keys_filter_and_walk_the_findings(desk, keys, found):
    async with desk() as open_desk:
        await open_desk.press(*keys.split())
        assert here(open_desk) == found


async def test_totals_and_counts_are_always_said(desk):
    async with desk() as open_desk:
        assert (
            open_desk.bar("totals").split()
            == "Feedback to ada 2 documents 1 of 5 gold spans ↺ 0 sent back".split()
        )
        kinds = open_desk.bar("kinds").split("   ")
        assert [each.strip() for each in kinds[:7]] == [
            *(
                "0 all 6",
                "1 missed 2",
                "2 spurious 1",
                "3 label 1",
                "4 boundary 1",
                "5 both 0",
                "6 comment 1",
            ),
        ]
        await open_desk.press("5")
        assert open_desk.shows("Nothing of this kind; 0 shows all.")


@pytest.mark.parametrize("size", [(120, 40), (81, 24), (80, 24)])
async def test_both_sides_wrap_alike(desk, size):
    async with desk(size=size) as open_desk:
        left, right = open_desk.app.screen.sides.views
        assert left.size.width == right.size.width


@pytest.mark.parametrize(
    ("keys", "own", "gold"),
    [
        ("", (0, 7, "PER"), (0, 3, "PER")),
        ("1", None, (8, 11, "PER")),
        ("2", (23, 29, "LOC"), None),
    ],
)
async def test_the_text_stands_twice_with_each_sides_span(desk, keys, own, gold):
    async with desk() as open_desk:
        await open_desk.press(*keys.split())
        overlays = [view.overlay for view in open_desk.app.screen.query(DocumentView)]
        assert [each.focus for each in overlays] == [own, gold]
        entry = open_desk.app.screen.pointed_at
        assert [each.boxes for each in overlays if each.focus is None] == (
            [((entry.what.start, entry.what.end),)] if None in (own, gold) else []
        )


async def test_enter_opens_the_document_there_and_the_screen_comes_back_as_it_was(desk):
    async with desk() as open_desk:
        await open_desk.press("1", "end", "enter")
        assert open_desk.app.screen is open_desk.annotate
        assert open_desk.annotate.editor.document.id == "oslo"
        assert open_desk.annotate.editor.cursor.offset == 9
        open_desk.annotate.act("feedback")
        await open_desk.app.workers.wait_for_complete()
        await open_desk.pilot.pause()
        assert isinstance(open_desk.app.screen, FeedbackScreen)
        assert here(open_desk) == ("oslo", "missed")
        await open_desk.press("escape")
        assert open_desk.app.screen is open_desk.annotate


async def test_without_feedback_a_dialog_says_why(desk, store):
    for path in store.path.glob("annotations/gold/*/*.json"):
        path.unlink()
    async with desk(feedback=False) as open_desk:
        open_desk.annotate.act("feedback")
        await open_desk.app.workers.wait_for_complete()
        await open_desk.pilot.pause()
        assert isinstance(open_desk.app.screen, MessageDialog)
        assert open_desk.shows("No document that ada has finished is reviewed yet")


async def test_what_the_reviewer_said_is_shown_below_and_whole_by_a_key(desk):
    async with desk() as open_desk:
        assert not open_desk.shows("towns are LOC")
        await open_desk.press("3")
        assert open_desk.shows("“towns are LOC”")
        assert not open_desk.shows("for ben")
        await open_desk.press("i")
        assert isinstance(open_desk.app.screen, MessageDialog)
        assert open_desk.shows("reviewer")


# A lead


async def test_a_lead_sends_a_document_back_and_takes_it_back(desk):
    async with desk(lead=True) as open_desk:
        await open_desk.press("b", "towns are no persons", "enter")
        assert open_desk.returned == {"rome": "towns are no persons"}
        assert open_desk.bar("totals").endswith("↺ 1 sent back")
        assert open_desk.shows("↺ sent back by kim: “towns are no persons”")
        await open_desk.press("u")
        assert open_desk.returned == {}
        assert open_desk.bar("totals").endswith("↺ 0 sent back")


@pytest.mark.parametrize("keys", [("a comment", "escape"), ("enter",), ("space", "enter")])
async def test_nothing_goes_back_without_a_comment(desk, keys):
    async with desk(lead=True) as open_desk:
        await open_desk.press("b", *keys)
        assert open_desk.returned == {}
        assert not open_desk.app.screen.query_one(Prompt).display
        await open_desk.press("down")
        assert here(open_desk) == ("rome", "missed")


async def test_what_could_not_be_sent_back_is_told(desk, monkeypatch):
    def refuse(self: Assignments) -> None:
        raise HeldError("assignments are being changed by ben", hint="try again when it has ended")

    monkeypatch.setattr(Assignments, "change", refuse)
    async with desk(lead=True) as open_desk:
        await open_desk.press("b", "no persons", "enter")
        assert isinstance(open_desk.app.screen, MessageDialog)
        assert open_desk.shows("Assignments are being changed by ben")
        await open_desk.press("escape")
        assert open_desk.bar("totals").endswith("↺ 0 sent back")


async def test_a_lead_looks_at_the_document_and_changes_nothing(desk, store):
    before = {path: path.read_bytes() for path in store.path.glob("annotations/ada/*/*.json")}
    async with desk(lead=True) as open_desk:
        await open_desk.press("enter")
        await open_desk.press("x", "2", "space")
        assert "READ-ONLY: the work of ada" in open_desk.bar("header")
        assert "read-only" in open_desk.bar("status")
    assert {path: path.read_bytes() for path in before} == before


async def test_nobody_sends_their_own_documents_back(desk):
    async with desk() as open_desk:
        await open_desk.press("b", "u")
        assert not open_desk.app.screen.query_one(Prompt).display
        assert open_desk.returned == {}


async def test_a_small_terminal_has_room_for_all_kinds_that_there_are(desk):
    async with desk(size=(80, 24)) as open_desk:
        assert open_desk.shows("6 comment 1")
        assert not open_desk.shows("5 both")
        assert open_desk.shows("esc back")
