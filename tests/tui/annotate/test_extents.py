"""No key and no mouse makes a span over a blank line, or one that begins or ends with white space or a lone mark."""

from __future__ import annotations

import pytest

TEXT = "Lee met Ana , of Rome.\n\nNew\nYork waits. Yahoo! said “Heat” won\n"


async def jump_to(at, words: str, *, stretch: bool = False) -> None:
    await at.press("f")
    hint = at.screen.pane.jump.hints[TEXT.index(words)]
    await at.press(*(hint.upper() if stretch else hint))


@pytest.mark.parametrize("keys", [["l"], ["shift+right"]])
async def test_growing_never_reaches_over_a_blank_line(desk_on, keys: list[str]) -> None:
    async with desk_on(TEXT, [("Rome", "GPE", 0.9)]) as at:
        await at.walk_to("Rome")
        await at.press(*keys)
        assert "blank line" in at.bar("status")
        assert at.spans == []
        await at.press("enter", "right", "right", *keys, *keys)
        assert at.spans == [("Rome", "GPE")]


async def test_growing_to_the_left_stops_at_a_blank_line(desk_on) -> None:
    async with desk_on(TEXT, [("New", "GPE", 0.9)]) as at:
        await at.walk_to("New")
        await at.press("s", "s")
        assert at.spans == []
        assert "blank line" in at.bar("status")


async def test_a_capital_hint_does_not_stretch_over_a_blank_line(desk_on) -> None:
    async with desk_on(TEXT, [("Rome", "GPE", 0.9)]) as at:
        await at.walk_to("Rome")
        await jump_to(at, "waits", stretch=True)
        await jump_to(at, "waits", stretch=True)
        assert at.spans == []
        assert "blank line" in at.bar("status")


async def test_a_drag_over_a_blank_line_takes_no_label(desk_on) -> None:
    async with desk_on(TEXT) as at:
        await at.drag("Rome", "waits")
        assert "no label adds it" in at.bar("status")
        await at.press("1", "1")
        assert at.spans == []
        assert "blank line" in at.bar("status")


async def test_a_label_picked_by_name_obeys_as_well(desk_on) -> None:
    async with desk_on(TEXT) as at:
        await at.drag("Rome", "waits")
        await at.press("t", *"person", "enter")
        assert at.spans == []


@pytest.mark.parametrize(
    ("first", "last", "made"),
    [
        ("Ana ,", "Ana ,", "Ana"),
        (", of Rome.", ", of Rome.", "of Rome"),
        (" Ana", "Ana ", "Ana"),
        ("“Heat”", "“Heat”", "“Heat”"),
    ],
)
async def test_a_drag_leaves_white_space_and_lone_marks_out(
    desk_on, first: str, last: str, made: str
) -> None:
    async with desk_on(TEXT) as at:
        await at.drag(first, last)
        await at.press("1")
        assert [text for text, _ in at.spans] == [made]


async def test_a_mark_alone_is_no_word(desk_on) -> None:
    async with desk_on(TEXT) as at:
        await at.press("right", "right", "right")
        assert at.editor.text(*at.editor.cursor.word) == ","
        await at.press("1")
        assert at.spans == []
        assert "no word here" in at.bar("status")
        await at.pilot.double_click("#document", offset=at.cell(", of"))
        await at.press("1")
        assert at.spans == []


@pytest.mark.parametrize(
    ("keys", "made"),
    [
        (["l", "1"], "Ana , of"),
        (["l", "k", "1"], "Ana"),
        (["e", "l", "1"], "Ana ,"),
        (["e", "k", "k", "1"], "An"),
        (["k", "e", "s", "1"], "t Ana"),
    ],
)
async def test_edges_pass_lone_marks_by_token_and_white_space_always(desk_on, keys, made: str) -> None:
    async with desk_on(TEXT) as at:
        await jump_to(at, "Ana")
        await at.press(*keys)
        assert [text for text, _ in at.spans] == [made]


async def test_over_a_line_break_only_by_the_same_key_again(desk_on) -> None:
    """A label on a selection: another label's key asks again."""
    async with desk_on(TEXT) as at:
        await at.drag("New", "York")
        await at.press("1")
        assert at.spans == []
        assert "line break: the same key again" in at.bar("status")
        await at.press("2")
        assert at.spans == []
        await at.press("2")
        assert [text for text, _ in at.spans] == ["New\nYork"]


async def test_growing_over_a_line_break_asks_once(desk_on) -> None:
    async with desk_on(TEXT, [("New", "GPE", 0.9)]) as at:
        await at.walk_to("New")
        await at.press("l")
        assert at.spans == []
        assert "line break" in at.bar("status")
        await at.press("l")
        assert at.spans == [("New\nYork", "GPE")]
        await at.press("l")
        assert at.spans == [("New\nYork waits", "GPE")]


async def test_other_mentions_are_made_with_the_same_edges(desk_on) -> None:
    async with desk_on("Ana , said Ana , twice: Ana") as at:
        await at.drag("Ana ,", "Ana ,")
        await at.press("1", "m")
        assert [text for text, _ in at.spans] == ["Ana"] * 3
