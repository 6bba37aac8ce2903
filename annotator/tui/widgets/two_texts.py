"""One text twice, side by side, each time with somebody else's spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from annotator.editing.marks import Mark, State
from annotator.model.intervals import Intervals
from annotator.model.labels import LabelSet
from annotator.model.spans import Labelled
from annotator.tui.layout.lines import Mode
from annotator.tui.layout.overlay import Overlay
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.document_view import DocumentView


class Side(NamedTuple):
    """Whose spans one side shows, and which of them is meant; None where there is none at the place."""

    title: str
    spans: Iterable[Labelled]
    focus: Labelled | None


class TwoTexts(Horizontal):
    """Shows a place on both sides: the span there in focus or, where one side has none, a box. Takes no keys."""

    DEFAULT_CSS = """
    TwoTexts {
        & > Vertical { width: 1fr; }
        & > Vertical > Bar { background: $surface; }
        & > Vertical > DocumentView { padding: 1 0 0 0; }
        & > #right-side { border-left: vkey $border; }
    }
    """

    def __init__(self, label_set: LabelSet, *, mode: Mode, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label_set = label_set
        self._mode: Mode = mode
        self._shown: tuple[str, str, str] | None = None

    def compose(self) -> ComposeResult:
        """Both sides, each with its title."""
        for name in ("left", "right"):
            with Vertical(id=f"{name}-side"):
                yield Bar(id=f"{name}-title")
                view = DocumentView(mode=self._mode, id=name)
                view.can_focus = False
                yield view

    def on_resize(self, event: events.Resize) -> None:
        """Give both texts the same width, so that they wrap alike: half of what the line between them leaves."""
        for view in self.views:
            view.styles.width = (event.size.width - 2) // 2

    @property
    def views(self) -> tuple[DocumentView, DocumentView]:
        """The text on either side."""
        return self.query_one("#left", DocumentView), self.query_one("#right", DocumentView)

    def show(self, document_id: str, text: str, place: tuple[int, int], left: Side, right: Side) -> None:
        """Show `place` of a text; nothing is wrapped anew where only the place has changed."""
        shown = (document_id, left.title, right.title)
        for view, side, bar in zip(self.views, (left, right), ("#left-title", "#right-title"), strict=True):
            if self._shown != shown:
                self.query_one(bar, Bar).put([Piece(side.title, "strong")])
                view.show(text, marks=_marks(side.spans), label_set=self._label_set)
            focus = None if side.focus is None else (side.focus.start, side.focus.end, side.focus.label)
            view.set_overlay(Overlay(focus=focus, boxes=() if focus else (place,)))
            view.keep_in_view(*place)
        self._shown = shown

    def page(self, pages: int) -> None:
        """Scroll both sides by that many screens."""
        for view in self.views:
            view.page(pages)

    def toggle_mode(self, offset: int) -> None:
        """Show labels in rows of their own, or as keys; the row at `offset` stays where it is."""
        for view in self.views:
            view.toggle_mode(offset)


def _marks(spans: Iterable[Labelled]) -> Callable[[int, int], list[Mark]]:
    """The spans as marks that nobody is asked about."""
    marks = Intervals(Mark(each.start, each.end, each.label, State.DECIDED) for each in spans)
    return lambda start, end: list(marks.overlapping(start, end))
