"""Where a span may begin and end, however a key or the mouse would have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotator.editing.cursor import Cursor
from annotator.editing.extents import crosses_blank_line, is_lone_mark, is_sound, resized, trimmed
from annotator.model.tokens import stand_in_tokens


@pytest.mark.parametrize(
    ("text", "crosses"),
    [
        ("one two", False),
        ("one\ntwo", False),
        ("one\r\ntwo", False),
        ("one\n\ntwo", True),
        ("one\r\n\r\ntwo", True),
        ("one\r\rtwo", True),
        ("one\n \t \ntwo", True),
        ("one\n\u3000\ntwo", True),
        ("one\u2029two", True),
        ("one\u2028two", False),
    ],
)
def test_a_blank_line_is_one_with_nothing_but_white_space_on_it(text: str, crosses: bool) -> None:
    assert crosses_blank_line(text, 0, len(text)) is crosses
    assert is_sound(text, 0, len(text)) is not crosses


@pytest.mark.parametrize("place", [(3, 8), (4, 9), (3, 9)])
def test_white_space_at_an_edge_is_not_sound(place: tuple[int, int]) -> None:
    assert not is_sound("The Rome sea", *place)


@pytest.mark.parametrize(
    ("word", "is_mark"),
    [(",", True), ("...", True), ("”", True), ("%", False), ("$", False), ("U.S.", False)],
)
def test_a_lone_mark_is_nothing_but_punctuation(word: str, is_mark: bool) -> None:
    assert is_lone_mark(word) is is_mark


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (", Rome ,", "Rome"),
        ("Rome .", "Rome"),
        ("( Rome", "Rome"),
        ("(Rome)", "(Rome)"),
        ("“Rome”", "“Rome”"),
        ("Rome)", "Rome"),
        ('"Rome', "Rome"),
        ("Rome (Italy)", "Rome (Italy)"),
        ("5 %", "5 %"),
        ("...", None),
        ("  ", None),
    ],
)
def test_marks_at_the_edges_go_but_for_pairs(text: str, kept: str | None) -> None:
    place = trimmed(text, stand_in_tokens(text), 0, len(text), by_character=False)
    assert (text[slice(*place)] if place else None) == kept


@pytest.mark.parametrize(("text", "kept"), [(" Yahoo! ", "Yahoo!"), (" , ", None)])
def test_by_character_only_white_space_goes(text: str, kept: str | None) -> None:
    place = trimmed(text, stand_in_tokens(text), 0, len(text), by_character=True)
    assert (text[slice(*place)] if place else None) == kept


@pytest.mark.parametrize(
    ("text", "span", "edge", "direction", "by_character", "expected"),
    [
        ("Washington, D.C", "Washington", "right", "out", False, "Washington, D"),
        ("Washington, D", "Washington, D", "right", "in", False, "Washington"),
        ("Bank (UK) says", "Bank (UK", "right", "out", False, "Bank (UK)"),
        ("in “Heat” he", "Heat”", "left", "out", False, "“Heat”"),
        ("in, Rome", "Rome", "left", "out", False, "in, Rome"),
        ("Rome.", "Rome", "right", "out", False, None),
        ("Yahoo! says", "Yahoo", "right", "out", True, "Yahoo!"),
        ("New York", "New", "right", "out", True, "New Y"),
        ("New Y", "New Y", "right", "in", True, "New"),
        ("of  Rome", "Rome", "left", "out", True, "f  Rome"),
        ("of Rome", "f Rome", "left", "in", True, "Rome"),
        ("Rome\n\nOslo is", "Rome\n\nOslo is", "right", "in", False, "Rome"),
        ("Rome\n\nOslo is", "Rome\n\nOslo is", "left", "in", False, "Oslo is"),
    ],
)
def test_an_edge_moves_past_white_space_and_lone_marks(
    text: str, span: str, edge: str, direction: str, by_character: bool, expected: str | None
) -> None:
    cursor = Cursor(text, stand_in_tokens(text))
    cursor.by_character = by_character
    start = text.index(span)
    moved = resized(cursor, start, start + len(span), edge, direction)
    assert (text[slice(*moved)] if moved else None) == expected


def test_what_no_key_may_make_is_not_accepted_by_key_or_in_bulk(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Rome\n\nOslo met Ana today")
    desk.suggest(("Rome\n\nOslo", "LOC"), (" Ana", "PER"), ("today", "ORG"))
    editor = desk.editor
    assert editor.finishing() == (1, 0)
    editor.navigation.to_first()
    assert not editor.accept()
    assert not editor.label("PER")
    assert editor.resize("right", "in")
    assert desk.spans == [("Rome", "LOC")]
    desk.go("Ana")
    assert not editor.accept()
    assert editor.resize("left", "in")
    assert editor.finish()
    assert desk.spans == [("Rome", "LOC"), ("Ana", "PER"), ("today", "ORG")]
