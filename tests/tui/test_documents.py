"""The documents screen: keys lead to what is shown and what is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from annotator.model.decisions import Status
from annotator.store.catalogue import CatalogueRow
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.documents.actions import DOCUMENTS
from annotator.tui.screens.documents.rows import Filter, ListState, Order
from annotator.tui.screens.documents.screen import DocumentsScreen
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.line_list import LineList
from annotator.tui.widgets.prompt import Prompt

_STATUSES = (Status.DONE, Status.STARTED, Status.TODO, Status.SKIPPED)
_TITLES = ("Venezuela protests", "Élections in Ghana", "Rebels take a town", "[b]Markup[/b]")
_ROWS = [
    CatalogueRow(
        f"d{number}", f"{_TITLES[number % 4]} {number}", 300, _STATUSES[number % 4], number, 3, 0, 0, ""
    )
    for number in range(40)
]

StageMaker = Callable[..., Any]


def _screen(
    rows: Sequence[CatalogueRow] = _ROWS,
    state: ListState | None = None,
    *,
    current: str | None = "d5",
    following: str | None = "d6",
) -> DocumentsScreen:
    return DocumentsScreen(
        rows,
        keymap=Keymap(DOCUMENTS),
        current=current,
        next_unfinished=lambda: following,
        show_agreement=lambda: None,
        state=state or ListState(),
    )


def _bar(screen: DocumentsScreen, name: str) -> str:
    return screen.query_one(f"#{name}", Bar).shown


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        ("", "d5"),
        ("down j up down", "d7"),
        ("k", "d4"),
        ("home", "d0"),
        ("end", "d39"),
        ("end pageup", "d21"),
        ("home pagedown", "d18"),
        ("home up", "d0"),
        # the cursor stays on its document while it is shown, and comes back to it
        ("c", "d5"),
        ("c c", "d4"),
        ("c c c", "d3"),
        ("c c c c", "d5"),
        ("c c down c c", "d8"),
        ("c c s c c", "d4"),
        ("s", "d5"),
        ("r down", "d4"),
        # searching goes to the nearest one found, Esc back to where it began
        ("slash g h a n a space 2", "d21"),
        ("slash g h a n a space 2 enter", "d21"),
        ("slash g h a n a space 2 | escape", "d5"),
        ("slash g h a n a space 2 | down enter", "d25"),
        ("slash g h a n a space 2 | down up up enter", "d21"),
        ("slash g h a n a space 2 enter slash backspace backspace enter", "d21"),
        ("slash E L E c t enter", "d5"),
        ("slash b a c k space backspace backspace backspace backspace backspace enter", "d5"),
    ],
)
async def test_keys_move_the_cursor(stage: StageMaker, keys: str, cursor: str) -> None:
    screen = _screen()
    app = stage(screen)
    async with app.run_test(size=(100, 25)) as pilot:
        for run in keys.split("|"):
            app.type(run)
            await pilot.pause()
        assert screen.pointed_at is not None
        assert screen.pointed_at.id == cursor


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("", "show all   sort queue ↑   search none    40 shown"),
        ("c", "show unfinished   sort queue ↑   search none    20 shown"),
        ("c c", "show done   sort queue ↑   search none    10 shown"),
        ("c c c", "show skipped   sort queue ↑   search none    10 shown"),
        ("s", "show all   sort title ↑   search none    40 shown"),
        ("s s s", "show all   sort spans ↓   search none    40 shown"),
        ("s s s s s s s", "show all   sort queue ↑   search none    40 shown"),
        ("r", "show all   sort queue ↓   search none    40 shown"),
        ("slash e l e", "show all   sort queue ↑   search “ele”    10 shown"),
        ("slash e l e enter", "show all   sort queue ↑   search “ele”    10 shown"),
        ("slash e l e | escape", "show all   sort queue ↑   search none    40 shown"),
        ("slash left [ b enter", "show all   sort queue ↑   search “[b”    10 shown"),
    ],
)
async def test_filter_order_and_search_are_always_said(stage: StageMaker, keys: str, shown: str) -> None:
    screen = _screen()
    app = stage(screen)
    async with app.run_test(size=(100, 25)) as pilot:
        for run in keys.split("|"):
            app.type(run)
            await pilot.pause()
        assert " ".join(_bar(screen, "shown").split()) == " ".join(shown.split())


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        ("enter", "d5"),
        ("down enter", "d6"),
        ("space", "d6"),
        ("escape", None),
        ("o", None),
        ("slash t o w n enter enter", "d6"),
        ("s enter", "d5"),
    ],
)
async def test_leaving_says_which_document_to_open(stage: StageMaker, keys: str, result: str | None) -> None:
    app = stage(_screen())
    async with app.run_test(size=(100, 25)) as pilot:
        await pilot.press(*keys.split())
        assert app.results == [result]


async def test_a_double_click_opens(stage: StageMaker) -> None:
    app = stage(_screen())
    async with app.run_test(size=(100, 25)) as pilot:
        await pilot.click(LineList, offset=(20, 2), times=2)
        assert app.results == ["d2"]


async def test_a_click_on_what_is_shown_changes_it(stage: StageMaker) -> None:
    state = ListState()
    app = stage(_screen(state=state))
    async with app.run_test(size=(100, 25)) as pilot:
        await pilot.click("#shown", offset=(2, 0))
        assert state.filter is Filter.UNFINISHED


async def test_without_anything_unfinished_space_says_so_and_stays(stage: StageMaker) -> None:
    app = stage(_screen(following=None))
    async with app.run_test(size=(100, 25)) as pilot:
        await pilot.press("space")
        assert app.results == []
        assert [toast.message for toast in app._notifications] == ["All documents are done or skipped."]


async def test_the_help_is_asked_for(stage: StageMaker) -> None:
    app = stage(_screen())
    asked: list[Any] = []
    async with app.run_test(size=(100, 25), message_hook=asked.append) as pilot:
        await pilot.press("question_mark")
        assert [type(message) for message in asked].count(DocumentsScreen.HelpAsked) >= 1


async def test_opened_again_it_is_as_it_was_left(stage: StageMaker) -> None:
    state = ListState()
    first = _screen(state=state)
    async with stage(first).run_test(size=(100, 25)) as pilot:
        await pilot.press(*"slash e enter s s s r down down".split())
        left = first.pointed_at, first.lines.cursor, _bar(first, "shown")
        await pilot.press("escape")
    second = _screen(state=state)
    async with stage(second).run_test(size=(100, 25)) as pilot:
        await pilot.pause()
        assert (second.pointed_at, second.lines.cursor, _bar(second, "shown")) == left
    assert (state.order, state.reverse, state.search) == (Order.SPANS, True, "e")


@pytest.mark.parametrize(("current", "cursor"), [("d5", "d30"), ("d7", "d7"), (None, "d30")])
async def test_the_cursor_goes_to_a_document_that_was_opened_meanwhile(
    stage: StageMaker, current: str | None, cursor: str
) -> None:
    state = ListState(cursor="d30", current="d5" if current else None)
    app = stage(_screen(state=state, current=current))
    async with app.run_test(size=(100, 25)) as pilot:
        await pilot.pause()
        assert app.shown.pointed_at.id == state.cursor == cursor


async def test_counts_and_share_of_the_whole_corpus_are_shown(stage: StageMaker) -> None:
    screen = _screen()
    async with stage(screen).run_test(size=(100, 25)) as pilot:
        await pilot.press("c")
        counts = _bar(screen, "counts")
        assert " ".join(counts.split()[:9]) == "Documents ○ 10 todo ◐ 10 started ✓ 10"
        assert counts.endswith("50 %")


@pytest.mark.parametrize(
    ("rows", "keys", "said"),
    [
        ([], "", ["There are no documents yet", "annotator import FILE"]),
        (_ROWS, "slash q q", ["No document has “qq” in its title.", "/ searches for something else."]),
        (_ROWS[:1], "c", ["No unfinished document is there.", "c shows others."]),
        (
            _ROWS[:1],
            "c slash [ b ]",
            ["No unfinished document has “[b]” in its title.", "c shows others, / searches"],
        ),
    ],
)
async def test_an_empty_list_says_why(
    stage: StageMaker, rows: list[CatalogueRow], keys: str, said: list[str]
) -> None:
    app = stage(_screen(rows))
    async with app.run_test(size=(80, 24)) as pilot:
        app.type(keys)
        await pilot.pause()
        text = "\n".join(app.lines())
        assert all(each in text for each in said)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (30, 10)])
async def test_titles_are_no_markup_and_rows_fit_any_terminal(
    stage: StageMaker, size: tuple[int, int]
) -> None:
    app = stage(_screen())
    async with app.run_test(size=size) as pilot:
        await pilot.press("end")
        lines = app.lines()
        assert any("[b]Ma" in line for line in lines)
        assert any("skipped" in line for line in lines)


async def test_no_key_falls_through_and_none_is_lost_on_a_prompt(stage: StageMaker) -> None:
    screen = _screen()
    app = stage(screen)
    async with app.run_test(size=(100, 25)) as pilot:
        await pilot.press("x", "q", "1", "Q", "tab")
        await pilot.press("slash", "x", "q", "tab", "1")
        assert app.fallen == 0
        assert screen.query_one(Prompt).purpose
        assert screen.state.search == "xq1"
