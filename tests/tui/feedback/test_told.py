"""What an annotator sees of a document that was sent back."""

from __future__ import annotations

import pytest

from annotator.model.decisions import Status
from annotator.tui.screens.dialogs import MessageDialog
from annotator.workspace.assignments.send_back import send_back

LATER = "2020-11-23T14:02:11Z"


@pytest.fixture(autouse=True)
def sent_back(store):
    """ "rome" came back."""
    send_back(store, "ada", ["rome"], comment="look at the towns", who="kim", when=LATER)


async def test_the_comment_is_shown_until_a_key_and_the_text_never_moves(desk):
    async with desk(feedback=False) as open_desk:
        assert open_desk.annotate.editor.document.id == "rome"
        assert open_desk.bar("status").startswith("↺ sent back by kim: “look at the towns”  i says all")
        assert "↺ sent back" in open_desk.bar("header")
        assert "space reopens" in open_desk.bar("header")
        region = open_desk.annotate.view.region
        await open_desk.press("right")
        assert "look at the towns" not in open_desk.bar("status")
        assert "↺ sent back" in open_desk.bar("header")
        assert open_desk.annotate.view.region == region


async def test_a_comment_has_its_sign_its_place_in_the_status_line_and_its_key(desk):
    async with desk(feedback=False) as open_desk:
        assert open_desk.shows("!1Ada")
        assert open_desk.annotate.view.overlay.remarks == ((15, 19),)
        open_desk.annotate.pane.go(12)
        await open_desk.press("right")
        assert "i: “towns are LOC”" in open_desk.bar("status")
        await open_desk.press("i")
        assert open_desk.shows("“towns are LOC”")
        assert open_desk.shows("“look at the towns”")
        assert open_desk.shows("key 1")


async def test_on_plain_text_the_key_shows_why_it_was_sent_back(desk):
    async with desk(feedback=False) as open_desk:
        open_desk.annotate.pane.go(12)
        await open_desk.press("i")
        assert isinstance(open_desk.app.screen, MessageDialog)
        assert open_desk.shows("“look at the towns”")


async def test_the_finishing_key_reopens_it_and_finishes_it_again(desk):
    async with desk(feedback=False) as open_desk:
        editor = open_desk.annotate.editor
        open_desk.workspace.editor("rome").suggest(())
        await open_desk.press("space")
        assert editor.status is Status.STARTED
        assert "reopened · space finishes it" in open_desk.bar("status")
        assert open_desk.workspace.returned() == {"rome"}
        await open_desk.press("space")
        assert editor.status is Status.DONE
        assert open_desk.workspace.returned() == frozenset()
        assert "sent back" not in open_desk.bar("header")


async def test_comments_are_shown_in_reviewed_documents_only(desk):
    async with desk(feedback=False) as open_desk:
        assert open_desk.annotate.open("oslo")
        assert [each.text for each in open_desk.annotate.messages.comments] == ["well seen"]
        assert open_desk.annotate.open("bonn")
        assert open_desk.annotate.messages.comments == ()
        assert open_desk.annotate.view.overlay.remarks == ()


async def test_the_list_of_documents_says_it_and_counts_it_as_unfinished(desk):
    async with desk(feedback=False) as open_desk:
        await open_desk.press("o")
        assert open_desk.shows("↺ sent back")
        assert "↺ 1 sent back" in open_desk.bar("counts")
        assert "66 %" in open_desk.bar("counts")
        assert "↺ kim: “look at the towns”" in open_desk.bar("status")
        await open_desk.press("c")
        assert "1 shown" in open_desk.bar("shown")
        await open_desk.press("down", "enter")
        assert open_desk.annotate.editor.document.id == "rome"
