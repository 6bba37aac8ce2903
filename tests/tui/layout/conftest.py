"""What the layout's tests share: hard texts, a palette whose styles can be told apart, and rows painted with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st
from rich.color import Color
from rich.style import Style
from textual.strip import Strip

from annotator.editing.marks import Mark, State
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import Decision, Verb
from annotator.model.spans import Span, Suggestion
from annotator.tui.layout.palette import LabelLook, Palette

LETTERS = {
    "decided": "D",
    "undecided": "u",
    "rejected": "r",
    "box": "b",
    "hit": "h",
    "remark": "!",
    "current_hit": "H",
    "selection": "s",
    "focus": "F",
    "cursor": "c",
    "hint": "j",
    "long_hint": "J",
    "typed_hint": "t",
    "place_hint": "P",
    "receding": "~",
    "shared": "a",
    "shared_chip": "q",
    "name": "n",
    "undecided_name": "m",
    "chip": "K",
    "undecided_chip": "k",
    "sign_chip": "S",
    "rejected_chip": "x",
    "covered_chip": "C",
}
"""The letter that stands for each style in a style map; a full stop is plain text."""


def _colour(name: str) -> Style:
    return Style(bgcolor=Color.from_ansi(list(LETTERS).index(name) + 1))


@pytest.fixture(scope="session")
def palette() -> Palette:
    """Each style has a background of its own; what is only added to others, a text style of its own."""

    def look(key: str) -> LabelLook:
        parts = (
            "decided",
            "undecided",
            "shared",
            "name",
            "undecided_name",
            "chip",
            "undecided_chip",
            "shared_chip",
            "sign_chip",
        )
        return LabelLook(key=key, **{part: _colour(part) for part in parts})

    coloured = (
        "rejected",
        "box",
        "hit",
        "remark",
        "current_hit",
        "selection",
        "focus",
        "cursor",
        "hint",
        "long_hint",
        "typed_hint",
        "place_hint",
    )
    return Palette(
        text=Style(bgcolor=Color.from_ansi(0)),
        labels={"PER": look("1"), "ORG": look("2"), "LOC": look("")},
        unknown=look(""),
        doubtful=Style(italic=True),
        nested=Style(underline2=True),
        undecided_focus=Style(underline=True),
        rejected_focus=Style(strike=True),
        focus_cursor=Style(overline=True),
        receding=_colour("receding"),
        rejected_chip=_colour("rejected_chip"),
        covered_chip=_colour("covered_chip"),
        **{part: _colour(part) for part in coloured},
    )


@pytest.fixture
def style_map() -> Callable[[Strip], str]:
    """Turns a strip into a string: the letter of its style for each cell."""
    letters = [".", *LETTERS.values()]

    def of(strip: Strip) -> str:
        drawn = []
        for segment in strip:
            assert segment.style is not None
            assert segment.style.bgcolor is not None
            assert segment.style.bgcolor.number is not None
            drawn.append(letters[segment.style.bgcolor.number] * segment.cell_length)
        return "".join(drawn)

    return of


@pytest.fixture
def mark() -> Callable[..., Mark]:
    """Makes a mark: undecided, unless told otherwise."""

    def make(
        start: int, end: int, label: str = "PER", state: State = State.UNDECIDED, *, doubt: bool = False
    ) -> Mark:
        suggestion = Suggestion(start, end, label, score=0.5 if doubt else 0.9)
        if state is not State.DECIDED:
            return Mark(start, end, label, state, suggestion)
        span = Span(start, end, label, doubt=doubt)
        return Mark(start, end, label, state, None, DecidedSpan("uid", span, None, _NOBODY))

    return make


_NOBODY = Decision(1, 1, Verb.ADD, "alice", "2026-11-22T14:02:11Z")
_CHARACTERS = st.one_of(
    st.characters(),
    st.sampled_from("aB1 .,-()“’é\n\t\r\u2028\xad\xa0\u3000"),
    st.sampled_from("中国日本、。「」ーกไท่า한\u1112\u1161\u11ab"),
    st.sampled_from("\u0301\u0323\u200b\u200c\u200d\u200e\u202e\u2067\ufe0e\ufe0f\u20e3"),
    st.sampled_from("👩👨👧❤👍🏽🇬🇧🇫🏴\U000e0067\U000e007f♀"),
    st.sampled_from("אבגשלום(1 2.5%)عربيمكتوب،٣"),
)
"""Letters of all kinds, and whatever makes graphemes, widths and directions hard."""


@pytest.fixture(scope="session")
def any_text() -> st.SearchStrategy[str]:
    """Texts of characters that are hard to lay out."""
    return st.text(_CHARACTERS, max_size=120)
