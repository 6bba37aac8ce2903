"""What settling a conflict costs in keys, and where one is afterwards."""

from __future__ import annotations

import re

import pytest

from annotator.model.decisions import Status, Verb
from annotator.review.conflict_state import Outcome
from tests.reviewed import FIRST, MIRA, finish, span
from tests.waiting import Clock


async def test_a_digit_takes_a_version_and_goes_to_the_next_conflict(desk) -> None:
    async with desk() as at:
        assert at.current == "San Félix"
        assert "1  LOC" in at.panel.replace("1 LOC", "1  LOC")
        await at.press("2")
        assert ("San Félix", "GPE") in at.spans
        assert at.current == "the State Department"
        assert at.open == 3


async def test_x_says_no_entity(desk) -> None:
    async with desk() as at:
        await at.press("x")
        assert not any(words == "San Félix" for words, _ in at.spans)
        assert at.current == "the State Department"


async def test_enter_takes_what_most_have_and_says_why_it_takes_nothing(desk, store) -> None:
    async with desk() as at:
        await at.press("enter")
        assert "tie of votes" in at.bar("status")
        assert at.open == 4
    for document_id, marks in MIRA.items():
        text = store.document(document_id).text
        finish(store, document_id, "kim", [span(text, *each) for each in marks])
    async with desk() as at:
        assert "⏎" in at.panel
        await at.press("enter")
        assert ("San Félix", "GPE") in at.spans


async def test_a_number_without_a_version_takes_nothing(desk) -> None:
    async with desk() as at:
        await at.press("7")
        assert "no version 7" in at.bar("status")
        assert at.open == 4


async def test_a_label_is_given_by_its_key_behind_t(desk) -> None:
    """Digits are versions otherwise; a capital gives its label at once."""
    async with desk() as at:
        await at.press("t", "3")
        assert ("San Félix", "ORG") in at.spans
        assert at.current == "the State Department"
        await at.press("R")
        assert ("State Department", "PRODUCT") in at.spans


async def test_t_twice_asks_for_the_labels_name(desk) -> None:
    async with desk() as at:
        await at.press("t", "t")
        await at.pilot.pause()
        await at.press(*"fac", "enter")
        await at.pilot.pause()
        assert ("San Félix", "FAC") in at.spans


async def test_another_key_behind_t_gives_no_label(desk) -> None:
    async with desk() as at:
        await at.press("t", "escape", "1")
        assert ("San Félix", "LOC") in at.spans


async def test_an_edge_is_moved_and_settles(desk) -> None:
    async with desk() as at:
        await at.press("1", "d")
        assert at.session.outcome(at.session.current) is Outcome.EDITED
        assert at.current == "the State Department"
        await at.press("u", "u")
        assert at.current == "San Félix"
        assert at.open == 4


async def test_a_capital_hint_stretches_the_span(desk) -> None:
    async with desk() as at:
        await at.press("tab", "f")
        hint = at.screen.pane.jump.hints[FIRST.index("and Valdora")]
        await at.press(*hint.upper())
        assert ("the State Department and", "ORG") in at.spans or (
            "State Department and",
            "ORG",
        ) in at.spans


async def test_the_same_text_is_boxed_and_one_key_settles_it_and_one_takes_it_back(desk) -> None:
    async with desk() as at:
        await at.press("1", "2")
        assert "m: 1 more with this text" in at.bar("status")
        assert [FIRST[slice(*box)] for box in at.screen.view.overlay.boxes] == ["the State Department"]
        await at.press("m")
        assert at.open == 1
        await at.press("u")
        assert at.open == 2


async def test_majorities_are_taken_up_to_a_tie(desk, store) -> None:
    """Kim agrees with mira, but for the last one, on which three differ."""
    for document_id, marks in MIRA.items():
        text = store.document(document_id).text
        spans = [span(text, *each) for each in marks if each != ("Valdora", "GPE", 2)]
        if document_id == "first":
            spans.append(span(text, "Valdora", "LOC", 2))
        finish(store, document_id, "kim", spans)
    async with desk() as at:
        await at.press("a")
        assert at.open == 1
        assert at.current == "Valdora"
        await at.press("u")
        assert at.open == 4


# From conflict to conflict


async def test_tab_walks_through_the_open_conflicts_of_all_documents(desk) -> None:
    async with desk() as at:
        found = []
        for _ in range(6):
            found.append((at.document, at.current))
            await at.press("tab")
        assert found == [
            ("first", "San Félix"),
            ("first", "the State Department"),
            ("first", "the State Department"),
            ("first", "Valdora"),
            ("second", "The Red River"),
            ("first", "San Félix"),
        ]
        await at.press("shift+tab", "shift+tab")
        assert (at.document, at.current) == ("second", "The Red River")
        await at.press("shift+tab")
        assert (at.document, at.current) == ("first", "Valdora")


async def test_g_goes_to_the_next_tie(desk, store) -> None:
    text = store.document("first").text
    finish(store, "first", "kim", [span(text, *each) for each in MIRA["first"]])
    async with desk() as at:
        await at.press("g")
        assert (at.document, at.current) == ("second", "The Red River")
        await at.press("1", "g")
        assert "no tie is open" in at.bar("status")


async def test_arrows_make_the_conflict_at_the_cursor_the_current_one(desk) -> None:
    async with desk() as at:
        await at.press("end", *["left"] * 6)
        assert at.current == "Valdora"
        await at.press("1")
        assert at.session.counts.settled == 1


async def test_space_goes_to_the_first_open_conflict_and_else_finishes(desk) -> None:
    async with desk() as at:
        await at.press("tab", "tab", "space")
        assert at.current == "San Félix"
        await at.press("1", "1", "1", "1")
        assert "all conflicts are settled" in at.bar("status")
        assert "space finishes" in at.bar("header")
        await at.press("space")
        assert at.document == "second"
        assert "finished" in at.bar("status")
        await at.press("1", "space")
        assert "all done" in at.bar("status")
        assert at.workspace.store.path.exists()


async def test_undo_goes_back_through_the_documents(desk) -> None:
    """The finish first, then every step before it; redo comes all the way again."""
    async with desk() as at:
        await at.press("1", "1", "1", "1", "space", "1", "u")
        assert (at.document, at.open) == ("second", 1)
        await at.press("u")
        assert (at.document, at.gold.status) == ("first", Status.STARTED)
        await at.press("u")
        assert at.open == 1
        await at.press("r", "r", "r")
        assert (at.document, at.open) == ("second", 0)
        assert at.workspace.open("first").session.gold.status is Status.DONE


async def test_a_held_key_finishes_nothing(desk) -> None:
    async with desk(settings={"opening_guard_ms": 5000}) as at:
        clock = at.screen.navigation._clock = Clock()
        at.screen.navigation.opened()
        await at.press("1", "1", "1", "1", "space", "space")
        assert at.gold.status is Status.STARTED
        clock.now += 5.0
        await at.press("space")
        assert at.document == "second"


# What is shown


async def test_names_can_be_hidden(desk) -> None:
    async with desk() as at:
        assert "mira" in at.panel
        await at.press("h")
        assert "mira" not in at.panel
        assert re.search(r"\b[AB]\b", at.panel)
        await at.press("tab", "tab", "tab", "tab")
        assert at.document == "second"
        assert re.search(r"\b[AB]\b", at.panel)
        await at.press("i")
        await at.pilot.pause()
        said = "".join(strip.text for strip in at.app.screen._compositor.render_strips())
        assert re.search(r"\bA\b", said)
        assert re.search(r"\bB\b", said)
        assert "mira" not in said


async def test_a_filter_stops_only_at_one_kind(desk) -> None:
    async with desk() as at:
        await at.press("c")
        await at.pilot.pause()
        await at.press("down", "enter")
        await at.pilot.pause()
        assert "only boundary" in at.bar("status")
        assert at.current == "the State Department"
        await at.press("tab", "tab")
        assert (at.document, at.current) == ("second", "The Red River")
        await at.press("c")
        await at.pilot.pause()
        await at.press("up", "enter")
        await at.pilot.pause()
        await at.press("shift+tab")
        assert at.current == "Valdora"


async def test_a_comment_is_for_all_or_for_those_of_a_version(desk) -> None:
    async with desk() as at:
        await at.press("n", *"Towns", "enter")
        await at.press("n")
        assert at.screen.pane.prompt.query_one("#typed").value == "Towns"
        await at.press(*["backspace"] * 5)
        await at.press(*"2: GPE")
        await at.press("enter")
        assert [(each.text, each.to) for each in at.gold.comments] == [("Towns", ()), ("GPE", ("mira",))]
        assert "told mira “GPE”" in at.panel
        await at.press("u")
        assert len(at.gold.comments) == 1


async def test_notes_and_doubts_of_the_annotators_are_shown(desk, store) -> None:
    text = store.document("second").text
    finish(store, "second", "jonas", [span(text, "Red River", "FAC", note="a river?", doubt=True)])
    async with desk(names=["jonas", "mira"]) as at:
        while at.document != "second" or at.current != "Red River":
            await at.press("tab")
        assert "jonas doubts it “a river?”" in at.panel


async def test_a_version_is_taken_by_a_click(desk) -> None:
    async with desk() as at:
        line = next(number for number, line in enumerate(at.panel.split("\n")) if line.startswith(" 2 "))
        await at.pilot.click("#versions", offset=(5, line + 1))
        await at.pilot.pause()
        assert ("San Félix", "GPE") in at.spans


async def test_the_documents_screen_shows_open_conflicts(desk) -> None:
    async with desk() as at:
        await at.press("o")
        await at.pilot.pause()
        await at.press("down", "enter")
        await at.pilot.pause()
        assert at.document == "second"


async def test_a_unanimous_span_can_be_taken_out_and_comes_back_by_undo(desk) -> None:
    async with desk() as at:
        await at.press("home", "x")
        assert ("Nicolás Maduro", "PERSON") not in at.spans
        assert at.gold.decisions[-1].verb is Verb.REJECT
        await at.press("u")
        assert ("Nicolás Maduro", "PERSON") in at.spans


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (100, 30), (40, 12)])
async def test_the_text_never_moves(desk, size: tuple[int, int]) -> None:
    """Whatever is decided, each line has the letters that it had; only chips and styles come and go."""
    async with desk(size) as at:

        def letters() -> list[str]:
            view = at.screen.view
            rows = [view.render_line(y).text[2:] for y in range(view.size.height)]
            return [
                " ".join(row.translate(str.maketrans("?×+▐▌123456789", " " * 14)).split()) for row in rows
            ]

        before, place = letters(), at.screen.versions.region
        for key in ("1", "2", "x", "1", "u", "u"):
            await at.press(key)
            at.screen.view.set_top(0)
            assert letters() == before
            assert at.screen.versions.region == place
