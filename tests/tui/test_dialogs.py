"""Dialogs: they take every key, Esc closes each, and they say all there is to say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.containers import VerticalScroll
from textual.widgets import Input

from annotator.cells.fitting import cell_width, drawable
from annotator.editing.marks import Mark, State
from annotator.errors import SaveError, StoreError
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import By, Decision, Verb
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.tui.keys.action import Action
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.screens.annotate.actions import ANNOTATE
from annotator.tui.screens.dialogs import (
    HelpDialog,
    HelpSection,
    LabelPicker,
    MessageDialog,
    PlaceDialog,
    error_dialog,
    unsaved_dialog,
    why_dialog,
)
from annotator.tui.screens.dialogs.entries import Entry, laid_out, side_by_side, wrapped
from annotator.tui.screens.dialogs.picker import ranked
from annotator.tui.screens.documents.actions import DOCUMENTS
from annotator.tui.widgets.bar import Bar
from annotator.tui.widgets.line_list import LineList

StageMaker = Callable[..., Any]

_LABELS = LabelSet(
    name="news",
    labels=(
        Label(name="PERSON", description="A named person.", examples=("Ada Lovelace", "Nicolás Maduro")),
        Label(name="GPE", description="A place with a government."),
        Label(name="ORG", description="A named group with a purpose.", examples=("Reuters",)),
        Label(name="PERCENT", description="A percentage."),
        Label(name="ÉVÉNEMENT", description="What happened to a person."),
    ),
)
_SETTINGS = Path("/home/ada/settings.toml")


class _Below(KeyedScreen[None]):
    """What lies below a dialog; it must not notice any key."""

    def __init__(self) -> None:
        super().__init__(Keymap(ANNOTATE))
        self.acted: list[str] = []

    def act(self, name: str) -> None:
        self.acted.append(name)


def _help(**options: Any) -> HelpDialog:
    return HelpDialog("Keys", Keymap(ANNOTATE), settings=_SETTINGS, **options)


_DIALOGS: dict[str, Callable[[], Any]] = {
    "help": _help,
    "picker": lambda: LabelPicker(_LABELS, "ORG"),
    "message": lambda: MessageDialog("Title", "Body"),
    "unsaved": lambda: unsaved_dialog(SaveError("the disk is full"), kept=2),
    "error": lambda: error_dialog(StoreError("the store is gone", hint="look for it")),
    "place": lambda: PlaceDialog("Save to a file", Path("/home/ada/unsaved.zip")),
    "why": lambda: why_dialog(_mark(), "Hugo Chávez", _LABELS),
}


def _mark(**changes: Any) -> Mark:
    suggestion = Suggestion(4, 9, "GPE", "model", 0.41, "en_core_web_sm", "LOC")
    span = Span(4, 9, "PERSON", **changes)
    decision = Decision(1, 1, Verb.RELABEL, "alice", "2026-11-22T14:02:11Z", by=By.BULK)
    return Mark.of_span(DecidedSpan("u", span, suggestion, decision))


def _text(app: Any) -> str:
    return "\n".join(line.rstrip() for line in app.lines())


@pytest.mark.parametrize("name", _DIALOGS)
async def test_no_key_falls_through_and_escape_closes(stage: StageMaker, name: str) -> None:
    below, dialog = _Below(), _DIALOGS[name]()
    app = stage(below)
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(dialog, app.results.append)
        await pilot.pause()
        app.type("x m y w tab shift+tab 1 A ctrl+z f5 left right delete")
        await pilot.pause()
        assert (below.acted, app.fallen, app.screen, app.results) == ([], 0, dialog, [])
        app.type("escape")
        await pilot.pause()
        assert (below.acted, app.fallen, app.screen, app.results) == ([], 0, below, [None])


@pytest.mark.parametrize("name", [name for name in _DIALOGS if name not in ("picker", "place")])
@pytest.mark.parametrize("size", [(120, 40), (80, 24), (30, 8), (12, 4)])
async def test_a_dialog_of_any_length_fits_any_terminal(
    stage: StageMaker, name: str, size: tuple[int, int]
) -> None:
    app = stage(_DIALOGS[name]())
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        box = app.screen.query_one("#box").region
        assert box.width <= size[0]
        assert box.height <= max(size[1], 7)
        assert app.screen.query_one("#text").region.right <= box.right - 2


# Help


@pytest.mark.parametrize("actions", [ANNOTATE, DOCUMENTS], ids=["annotate", "documents"])
@pytest.mark.parametrize("width", [116, 76, 30])
def test_the_help_lists_every_action_with_its_keys_and_name(actions: tuple[Action, ...], width: int) -> None:
    keymap = Keymap(actions, {"accept": "f9", "open": "f9"})
    lines = HelpDialog("Keys", keymap, settings=_SETTINGS).lines(width)
    words = " ".join(text for line in lines for text, _ in line).split()
    for action in actions:
        assert action.name in words
        assert set(" ".join(keymap.keys(action.name)).split()) <= set(words)
    assert {action.group for action in actions} <= set(words)
    assert str(_SETTINGS) in "".join(words)
    assert "f9" in words


@pytest.mark.parametrize(("width", "columns"), [(116, 2), (76, 1)])
def test_the_help_has_two_columns_where_there_is_room(width: int, columns: int) -> None:
    headings = [sum(look == "heading" for _, look in line) for line in _help(label_set=_LABELS).lines(width)]
    assert max(headings) == columns
    assert sum(headings) == len({action.group for action in ANNOTATE if action.keys}) + 2


def test_actions_without_keys_stand_in_a_section_of_their_own() -> None:
    """The key of the menu is said once, not before each of them."""
    lines = ["".join(text for text, _ in line).rstrip() for line in _help().lines(76)]
    first = lines.index("Only in the menu (ctrl+p)")
    section = " ".join(lines[first:])
    without_keys = [action for action in ANNOTATE if not action.keys]
    assert without_keys
    assert all(action.name in section for action in without_keys)
    assert sum("ctrl+p" in line for line in lines) == 2, "the heading, and the menu's own key"


def test_the_help_shows_labels_in_their_colours_and_further_sections() -> None:
    section = HelpSection("Jumping", (Entry("a-z", (("Goes to the hint.", "plain"),)),))
    lines = _help(label_set=_LABELS, sections=[section]).lines(76)
    runs = [run for line in lines for run in line]
    assert ("PERSON", "blue") in runs
    assert any(text.strip() == "5" for text, _ in runs)
    text = "\n".join("".join(text for text, _ in line) for line in lines)
    assert "A place with a government." in text
    assert "Jumping\na-z" in text


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1", "enter"])
async def test_the_help_closes_by_any_of_these(stage: StageMaker, key: str) -> None:
    app = stage(_help())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        assert app.results == [None]


@pytest.mark.parametrize(
    ("keys", "moved"),
    [("down", 1), ("down j up", 1), ("end home", 0), ("k", 0), ("pagedown pageup", 0), ("home space", 18)],
)
async def test_the_help_scrolls_by_keys(stage: StageMaker, keys: str, moved: int) -> None:
    app = stage(_help())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys.split())
        assert app.screen.query_one(VerticalScroll).scroll_offset.y == moved
        assert "↑ ↓ scroll" in app.screen.query_one("#keys", Bar).shown


async def test_a_click_beside_a_dialog_closes_it_and_one_on_it_does_not(stage: StageMaker) -> None:
    app = stage(MessageDialog("Title", "Body"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.click("#text")
        assert app.results == []
        await pilot.click(offset=(1, 1))
        assert app.results == [None]


# The label picker


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "PERSON GPE ORG PERCENT ÉVÉNEMENT"),
        ("per", "PERSON PERCENT"),
        ("PERC", "PERCENT"),
        ("  rg ", "ORG"),
        ("e", "ÉVÉNEMENT PERSON GPE PERCENT"),
        ("evene", "ÉVÉNEMENT"),
        ("pson", "PERSON"),
        ("person", "PERSON"),
        ("government", ""),
        ("/government", "GPE"),
        ("/ person", "PERSON ÉVÉNEMENT"),
        ("qq", ""),
    ],
)
def test_labels_are_ranked_by_name_then_letters_and_by_description_behind_a_slash(
    query: str, names: str
) -> None:
    assert [label.name for label in ranked(_LABELS, query)] == names.split()


@given(st.text(max_size=6))
def test_no_label_is_offered_twice_and_a_longer_query_finds_no_more(query: str) -> None:
    found = [label.name for label in ranked(_LABELS, query)]
    assert len(set(found)) == len(found)
    assert set(found) <= {label.name for label in ranked(_LABELS, query[:-1])}


@pytest.mark.parametrize(
    ("last", "keys", "result"),
    [
        ("ORG", "enter", "ORG"),
        (None, "enter", "PERSON"),
        ("GONE", "enter", "PERSON"),
        ("ORG", "down enter", "PERCENT"),
        ("ORG", "up enter", "GPE"),
        ("ORG", "p e r enter", "PERSON"),
        ("ORG", "p e r down enter", "PERCENT"),
        ("ORG", "p e r down down up enter", "PERSON"),
        ("ORG", "p backspace enter", "ORG"),
        ("ORG", "pagedown enter", "ÉVÉNEMENT"),
        ("ORG", "escape", None),
        ("ORG", "p e r escape", None),
        ("ORG", "slash g o v e r n enter enter", "GPE"),
    ],
)
async def test_the_picker_gives_the_label_pointed_at(
    stage: StageMaker, last: str | None, keys: str, result: str | None
) -> None:
    app = stage(LabelPicker(_LABELS, last))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*keys.split())
        assert app.results == [result]


@pytest.mark.parametrize("keys", ["g o v e r n m e n t enter", "slash g o v e r n enter"])
async def test_no_label_is_given_for_a_word_of_its_description(stage: StageMaker, keys: str) -> None:
    """Behind a slash its name is written, and the next Enter gives it."""
    app = stage(LabelPicker(_LABELS, "ORG"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press(*keys.split())
        assert app.results == []


async def test_what_is_typed_at_once_is_not_lost(stage: StageMaker) -> None:
    below = _Below()
    app = stage(below)
    async with app.run_test(size=(100, 30)) as pilot:
        app.push_screen(LabelPicker(_LABELS, None), app.results.append)
        app.type("g p e enter")
        await pilot.pause()
        assert (app.results, below.acted) == (["GPE"], [])


async def test_where_no_label_fits_enter_does_nothing_and_it_says_so(stage: StageMaker) -> None:
    app = stage(LabelPicker(_LABELS, "ORG"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("q", "q", "enter")
        assert app.results == []
        assert "No label has these letters." in _text(app)


async def test_the_picker_shows_key_name_description_and_an_example(stage: StageMaker) -> None:
    app = stage(LabelPicker(_LABELS, "PERSON"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        text = _text(app)
        assert "▸ 1  PERSON     A named person." in text
        assert "such as Ada Lovelace, Nicolás Maduro" in text
        await pilot.press("down", "down")
        assert "such as Reuters" in _text(app)
        assert "⏎ gives ORG" in _text(app)


async def test_the_picker_leaves_the_upper_half_of_the_screen_visible(stage: StageMaker) -> None:
    many = LabelSet.from_names("many", [f"LABEL{number}" for number in range(60)])
    app = stage(LabelPicker(many, None))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("end")
        box = app.screen.query_one("#box").region
        assert box.y >= 6
        assert box.bottom <= 24 - 3
        assert app.screen.query_one(Input).has_focus
        app.type("5 9 enter")
        await pilot.pause()
        assert app.results == ["LABEL59"]


async def test_a_double_click_picks(stage: StageMaker) -> None:
    app = stage(LabelPicker(_LABELS, None))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.click(LineList, offset=(8, 2), times=2)
        assert app.results == ["ORG"]


# Messages


@pytest.mark.parametrize(
    ("key", "result"),
    [
        ("r", ["retry"]),
        ("enter", ["retry"]),
        ("f", ["elsewhere"]),
        ("Q", ["quit"]),
        ("q", []),
        ("escape", [None]),
        ("y", []),
    ],
)
async def test_unsaved_decisions_are_lost_by_a_deliberate_key_only(
    stage: StageMaker, key: str, result: list[str | None]
) -> None:
    app = stage(unsaved_dialog(SaveError("the disk is full", hint="free some space"), kept=3))
    async with app.run_test(size=(80, 24)) as pilot:
        text = _text(app)
        assert "3 decisions are only in memory." in text
        assert "The disk is full. Free some space." in text
        await pilot.press(key)
        assert app.results == result


async def test_a_second_key_on_its_way_closes_nothing_more(stage: StageMaker) -> None:
    below, above = MessageDialog("Below", "still here"), MessageDialog("Above", "closed")
    app = stage(_Below())
    async with app.run_test(size=(80, 24)) as pilot:
        for dialog in (below, above):
            app.push_screen(dialog, app.results.append)
            await pilot.pause()
        above.action_close()
        above.action_close()
        await pilot.pause()
        assert app.results == [None]
        assert app.screen is below


@pytest.mark.parametrize("key", ["escape", "enter", "q"])
async def test_a_mere_message_closes_by_any_of_these(stage: StageMaker, key: str) -> None:
    app = stage(error_dialog(StoreError("[b]no[/b] such store", hint="make one")))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "[b]no[/b] such store." in _text(app)
        assert "Make one." in _text(app)
        await pilot.press(key)
        assert app.results == [None]


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (
            _mark(note="see [1]", doubt=True, kb_id="Q42"),
            [
                "label      PERSON key 1",
                "means      A named person.",
                "such as    Ada Lovelace, Nicolás Maduro",
                "from       the model, en_core_web_sm",
                "score      0.41, doubtful",
                "called     LOC by the source, which is GPE here",
                "suggested  GPE",
                "decided    relabelled by alice, 22 Nov 2026",
                ", with others",
                "doubt      flagged as doubtful",
                "note       “see [1]”",
                "linked to  Q42",
            ],
        ),
        (
            Mark.of_suggestion(Suggestion(0, 4, "ORG", "pattern")),
            ["from     a pattern", "score    the source gives none", "state    nobody has decided on it yet"],
        ),
        (
            Mark.of_suggestion(Suggestion(0, 4, "WAR", "memory", 0.99), State.REJECTED),
            ["WAR is not in the label set news", "score  0.99, confident", "state  rejected"],
        ),
    ],
    ids=["decided", "undecided", "rejected"],
)
async def test_why_says_all_that_is_known(stage: StageMaker, mark: Mark, said: list[str]) -> None:
    app = stage(why_dialog(mark, "Hugo [b]Chávez", _LABELS))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        text = _text(app)
        assert "Hugo [b]Chávez" in text
        assert [each for each in said if each not in text] == []


def test_why_tells_of_other_edges() -> None:
    suggestion = Suggestion(0, 9, "PERSON", "model", 0.9)
    decision = Decision(1, 1, Verb.RESIZE, "alice", "2026-11-22T14:02:11Z")
    mark = Mark.of_span(DecidedSpan("u", Span(4, 9, "PERSON"), suggestion, decision))
    lines = why_dialog(mark, "x", _LABELS).lines(70)
    assert ("PERSON,", "plain") in [run for line in lines for run in line]
    assert "with other edges" in " ".join(text.strip() for line in lines for text, _ in line)


# Entries

_RUNS = st.lists(st.tuples(st.text(max_size=40), st.sampled_from(["plain", "muted"])), max_size=6)


@given(_RUNS, st.integers(2, 60))
def test_wrapping_loses_no_word_and_no_line_is_too_long(runs: list[tuple[str, str]], width: int) -> None:
    lines = wrapped(runs, width)
    assert all(sum(cell_width(text) for text, _ in line) <= width for line in lines)
    letters = "".join(text for line in lines for text, _ in line).replace(" ", "")
    assert letters == "".join("".join(drawable(text).split()) for text, _ in runs)


@given(st.lists(st.tuples(st.text("ab ", max_size=12), _RUNS), max_size=5), st.integers(24, 60))
def test_texts_of_entries_stand_in_one_column(
    pairs: list[tuple[str, list[tuple[str, str]]]], width: int
) -> None:
    entries = [Entry(term, tuple(runs)) for term, runs in pairs]
    for line in laid_out(entries, width, term_cells=8):
        assert sum(cell_width(text) for text, _ in line) <= width


def test_columns_stand_side_by_side() -> None:
    left, right = [[("ab", "plain")]], [[("x", "key")], [("y", "key")]]
    lines = side_by_side(left, right, width=5)
    assert ["".join(text for text, _ in line) for line in lines] == ["ab   x", "     y"]
