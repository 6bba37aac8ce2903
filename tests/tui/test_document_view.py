from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.message import Message

from annotator.editing.marks import Mark, State
from annotator.model.intervals import Intervals
from annotator.model.labels import COLOURS, Label, LabelSet
from annotator.model.spans import Suggestion
from annotator.tui.layout.overlay import Overlay
from annotator.tui.themes import THEMES, hue_variables
from annotator.tui.widgets import document_view
from annotator.tui.widgets.document_view import DocumentView

LABELS = LabelSet.from_names("test", ["PER", "ORG", "LOC"])
PARAGRAPH = " ".join(f"word{number}" for number in range(40))
TEXT = "\n\n".join(f"Paragraph {number}: {PARAGRAPH}" for number in range(20))
SIZE = (60, 20)


class Shown(App[None]):
    """An app that shows a document view and keeps its messages."""

    def __init__(
        self, text: str = TEXT, marks: Sequence[Mark] = (), *, theme: str = "annotator-dark"
    ) -> None:
        super().__init__()
        self.text = text
        self.marks = Intervals(marks)
        self.told: list[Message] = []
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return hue_variables(self.current_theme)

    def compose(self) -> ComposeResult:
        yield DocumentView()

    def on_mount(self) -> None:
        marks = self.marks
        self.view.show(
            self.text, marks=lambda start, end: list(marks.overlapping(start, end)), label_set=LABELS
        )

    @property
    def view(self) -> DocumentView:
        return self.query_one(DocumentView)

    def on_document_view_painted(self, message: DocumentView.Painted) -> None:
        self.told.append(message)

    def on_text_pointer_pressed(self, message: DocumentView.Pressed) -> None:
        self.told.append(message)

    def on_text_pointer_dragged(self, message: DocumentView.Dragged) -> None:
        self.told.append(message)

    def on_text_pointer_double_pressed(self, message: DocumentView.DoublePressed) -> None:
        self.told.append(message)

    def lines(self) -> list[str]:
        """What is drawn, line by line."""
        return [self.view.render_line(line).text for line in range(self.view.size.height)]


def suggested(start: int, end: int, label: str = "PER", state: State = State.UNDECIDED) -> Mark:
    return Mark(start, end, label, state, Suggestion(start, end, label, score=0.9))


@contextmanager
def counting_paints(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The start of each row of text that is painted meanwhile."""
    painted: list[int] = []
    paint = document_view.paint_text

    def counted(cells: Any, *args: Any, **kwargs: Any) -> Any:
        painted.append(cells.start)
        return paint(cells, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(document_view, "paint_text", counted)
        yield painted


async def test_a_cursor_move_paints_two_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        view = app.view
        view.set_overlay(Overlay(cursor=(0, 9)))
        await pilot.pause()
        below = view.move_rows(0, 3)
        with counting_paints(monkeypatch) as painted:
            view.set_overlay(Overlay(cursor=(below, below + 5)))
            await pilot.pause()
        assert sorted(painted) == [0, below]
        with counting_paints(monkeypatch) as painted:
            view.set_overlay(Overlay(cursor=(below, below + 5)))
            await pilot.pause()
        assert painted == []


async def test_changed_marks_paint_their_rows_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.marks.add(suggested(0, 9))
        with counting_paints(monkeypatch) as painted:
            app.view.repaint([(0, 9)])
            await pilot.pause()
        assert painted == [0]
        assert app.lines()[0].startswith(" ▐Paragraph 0: word0")


@pytest.mark.parametrize("mode", ["compact", "roomy"])
async def test_the_text_never_moves(mode: str) -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        if mode == "roomy":
            app.view.toggle_mode()
        await pilot.pause()
        before = app.lines()
        for start, end, label, state in (
            (0, 9, "PER", State.DECIDED),
            (14, 40, "ORG", State.UNDECIDED),
            (14, 19, "LOC", State.DECIDED),
            (100, 140, "ORG", State.REJECTED),
        ):
            app.marks.add(suggested(start, end, label, state))
        app.view.repaint([(0, 140)])
        after = app.lines()
        text_lines = range(len(before)) if mode == "compact" else [0, 2, 4, 6]
        for line in text_lines:
            differing = [
                (one, other) for one, other in zip(before[line], after[line], strict=True) if one != other
            ]
            assert all(one == " " and other in "▐+×" for one, other in differing)
            assert mode == "compact" or not differing
        assert after != before


async def test_the_view_scrolls_only_when_the_cursor_leaves_it() -> None:
    app = Shown()
    async with app.run_test(size=SIZE):
        view = app.view
        start, end = view.visible_range()
        assert start == 0
        view.keep_in_view(end - 4, end)
        assert view.scroll_offset.y == 0
        view.keep_in_view(end + 2, end + 4)
        assert 0 < view.scroll_offset.y <= 4, "just into view, with context"
        assert view.is_visible(end + 2, end + 4)
        view.keep_in_view(len(TEXT) - 1, len(TEXT))
        assert view.is_visible(len(TEXT) - 1, len(TEXT))
        view.keep_in_view(1000, 1006)
        assert view.is_visible(1000, 1006)
        assert abs(_line(view, 1000) - view.size.height // 3) <= 1, "from afar to the upper third"


def _line(view: DocumentView, offset: int) -> int:
    """The line of the view on which the row of `offset` is drawn."""
    starts = [view.grapheme_at(2, line)[0] for line in range(view.size.height)]
    return starts.index(max(start for start in starts if start <= offset))


async def test_paging_keeps_two_rows_and_moves_no_cursor() -> None:
    app = Shown()
    async with app.run_test(size=SIZE):
        view = app.view
        _, end = view.visible_range()
        start, _ = view.page(1)
        assert start < end
        assert view.scroll_offset.y == SIZE[1] - 2
        assert view.page(-1)[0] == 0
        assert view.page(99)[1] == len(TEXT)


async def test_the_mode_changes_around_the_line_in_question() -> None:
    app = Shown()
    async with app.run_test(size=SIZE):
        view = app.view
        offset = TEXT.index("Paragraph 7")
        view.keep_in_view(offset, offset + 9)
        line = _line(view, offset)
        view.set_overlay(Overlay(cursor=(offset, offset + 9)))
        view.toggle_mode()
        assert view.mode == "roomy"
        assert _line(view, offset) == line
        view.toggle_mode()
        assert view.mode == "compact"
        assert _line(view, offset) == line


async def test_texts_without_blanks_open_in_the_roomy_mode_until_told_otherwise() -> None:
    app = Shown("中华人民共和国\n" * 30)
    async with app.run_test(size=SIZE):
        assert app.view.mode == "roomy"
        app.view.toggle_mode()
        app.view.show("中国", marks=lambda start, end: (), label_set=LABELS)
        assert app.view.mode == "compact"


async def test_resizing_keeps_the_top_line() -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        offset = TEXT.index("Paragraph 7") + 100
        app.view.set_top(offset)
        for width in (40, 100, 33, 60):
            await pilot.resize_terminal(width, 20)
            await pilot.pause()
            start, _ = app.view.visible_range()
            assert start <= offset < start + width


async def test_a_document_opens_where_it_was_left() -> None:
    app = Shown()
    async with app.run_test(size=SIZE):
        app.view.set_top(3000)
        top = app.view.top_offset
        assert 2900 < top <= 3000
        app.view.show("another", marks=lambda start, end: (), label_set=LABELS)
        assert app.view.top_offset == 0
        app.view.show(TEXT, marks=lambda start, end: (), label_set=LABELS, top=top)
        assert app.view.top_offset == top


async def test_moving_by_rows_keeps_the_column_over_short_and_blank_ones() -> None:
    text = "a long first row\n\nab\n\na long third row"
    app = Shown(text)
    async with app.run_test(size=SIZE):
        view = app.view

        def move(rows: int, offset: int) -> int:
            moved = view.move_rows(offset, rows)
            view.set_overlay(Overlay(cursor=(moved, moved + 1)))
            return moved

        first, third = text.index("row"), text.rindex("row")
        middle = move(1, first)
        assert text[middle - 2 : middle] == "ab"
        assert move(1, middle) == third
        assert move(1, third) == third, "the last row"
        middle = move(-1, third)
        view.set_overlay(Overlay(cursor=(text.index("ab"), text.index("ab") + 1)))
        assert text[move(1, text.index("ab")) :] == "a long third row", "moved sideways in between"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("ab cd\n\nef", "ab cd ef"),
        ("אב גד\nהו", "הו גד אב"),
        ("אב xy zw גד", "גד xy zw אב"),
    ],
)
async def test_what_stands_beside_a_word_is_found_by_eye(text: str, path: str) -> None:
    words = path.split()
    app = Shown(text)
    async with app.run_test(size=SIZE):
        for left, right in pairwise(words):
            start = text.index(left)
            beyond = app.view.beside(start, start + 2, right=True)
            assert beyond is not None
            assert text.index(right) <= beyond < text.index(right) + 2
            start = text.index(right)
            beyond = app.view.beside(start, start + 2, right=False)
            assert beyond is not None
            assert text.index(left) <= beyond < text.index(left) + 2
        last = text.index(words[-1])
        assert app.view.beside(last, last + 2, right=True) is None


async def test_what_came_onto_the_screen_is_told_once_until_its_marks_change() -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        view = app.view

        def painted() -> list[tuple[int, int]]:
            ranges = [(told.start, told.end) for told in app.told if isinstance(told, DocumentView.Painted)]
            app.told.clear()
            return ranges

        assert painted() == [view.visible_range()]
        view.set_overlay(Overlay(cursor=(0, 5)))
        await pilot.pause()
        assert painted() == []
        seen = view.visible_range()[1]
        view.page(1)
        await pilot.pause()
        [(start, end)] = painted()
        assert start >= seen
        assert end == view.visible_range()[1]
        view.repaint([(end - 3, end), (0, 9)])
        await pilot.pause()
        [(start, end)] = painted()
        assert end == view.visible_range()[1], "what is off the screen is not painted"


async def test_the_mouse_says_where_it_was_pressed_and_dragged() -> None:
    text = "one 中国 שלום\ntwo"
    app = Shown(text)
    async with app.run_test(size=SIZE) as pilot:

        def told(kind: type[Message]) -> list[Any]:
            found = [message for message in app.told if isinstance(message, kind)]
            app.told.clear()
            return found

        await pilot.click(DocumentView, offset=(7, 0))
        assert [message.offset for message in told(DocumentView.Pressed)] == [text.index("中")]
        await pilot.click(DocumentView, offset=(11, 0), shift=True)
        [pressed] = told(DocumentView.Pressed)
        assert (text[pressed.offset], pressed.extend) == ("ם", True)
        await pilot.click(DocumentView, offset=(50, 15))
        assert [message.offset for message in told(DocumentView.Pressed)] == [len(text)]
        await pilot.double_click(DocumentView, offset=(2, 1))
        assert [message.offset for message in told(DocumentView.DoublePressed)] == [text.index("two")]
        await pilot.mouse_down(DocumentView, offset=(3, 0))
        await pilot.hover(DocumentView, offset=(6, 0))
        [dragged] = told(DocumentView.Dragged)
        assert (dragged.start, dragged.end) == (1, 5)
        await pilot.mouse_up(DocumentView, offset=(6, 0))
        app.told.clear()
        await pilot.hover(DocumentView, offset=(9, 0))
        assert told(DocumentView.Dragged) == []


async def test_the_wheel_scrolls() -> None:
    app = Shown()
    async with app.run_test(size=SIZE) as pilot:
        event = events.MouseScrollDown(app.view, 5, 5, 0, 1, 0, False, False, False, 5, 5)
        app.view.post_message(event)
        await pilot.pause()
        assert app.view.scroll_offset.y > 0


@pytest.mark.parametrize("theme", ["annotator-dark", "annotator-light", "ansi-dark", "ansi-light", "nord"])
@pytest.mark.parametrize("is_bare", [False, True])
async def test_every_state_can_be_told_apart(
    theme: str, is_bare: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_bare:
        monkeypatch.setenv("NO_COLOR", "1")
    app = Shown(theme=theme)
    async with app.run_test(size=SIZE):
        palette = app.view.palette
        look = palette.look("PER")
        styles = {
            "plain": palette.text,
            "decided": palette.text + look.decided,
            "undecided": palette.text + look.undecided,
            "doubtful": palette.text + look.undecided + palette.doubtful,
            "doubtful decided": palette.text + look.decided + palette.doubtful,
            "nested": palette.text + look.undecided + palette.nested,
            "nested decided": palette.text + look.decided + palette.nested,
            "rejected": palette.text + palette.rejected,
            "box": palette.text + palette.box,
            "hit": palette.text + palette.hit,
            "current hit": palette.text + palette.current_hit,
            "selection": palette.text + palette.selection,
            "focus": palette.text + palette.focus,
            "undecided focus": palette.text + palette.focus + palette.undecided_focus,
            "rejected focus": palette.text + palette.focus + palette.rejected_focus,
            "cursor in focus": palette.text + palette.focus + palette.focus_cursor,
            "cursor": palette.text + palette.cursor,
        }
        seen: dict[str, str] = {}
        for name, style in styles.items():
            shape = str(style.without_color) if is_bare else str(style)
            assert shape not in seen, f"{name} looks like {seen[shape]}"
            seen[shape] = name
        if is_bare:
            colours = {(style.color, style.bgcolor) for style in styles.values()}
            assert colours == {(palette.text.color, palette.text.bgcolor)}


async def test_each_hue_of_a_label_set_has_a_look_of_its_own() -> None:
    labels = LabelSet(name="hues", labels=tuple(Label(name=hue.upper(), colour=hue) for hue in COLOURS))
    app = Shown()
    async with app.run_test(size=SIZE):
        app.view.show("text", marks=lambda start, end: (), label_set=labels)
        looks = app.view.palette.labels.values()
        assert len({look.decided.bgcolor for look in looks}) == len(COLOURS)
        assert len({look.undecided.color for look in looks}) == len(COLOURS)


async def test_another_theme_is_drawn_at_once() -> None:
    app = Shown("Ann", [suggested(0, 3)])
    async with app.run_test(size=SIZE) as pilot:
        before = app.view.render_line(0)
        app.theme = "annotator-light"
        await pilot.pause()
        after = app.view.render_line(0)
        assert before.text == after.text
        assert [segment.style for segment in before] != [segment.style for segment in after]


@pytest.mark.parametrize("text", ["", "\n\n\n", "\t\x1b[31m\u202e\x00", "👨‍👩‍👧" * 50, "x" * 500])
async def test_any_text_can_be_shown(text: str) -> None:
    app = Shown(text, [suggested(0, 1)] if text else [])
    async with app.run_test(size=(12, 6)) as pilot:
        for _ in range(2):
            app.view.set_overlay(Overlay(cursor=(0, 0), hints={0: "ab"}))
            app.view.toggle_mode()
            await pilot.pause()
        assert app.view.visible_range()[0] == 0
        assert all(len(line) <= 12 for line in app.lines())
