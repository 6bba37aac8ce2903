"""A look at somebody else's annotations at one place, without a way to change them."""

from __future__ import annotations

from textual.app import ComposeResult

from annotator.editing.marks import Mark
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.tui.keys.action import Action, page_down, page_up, row_down, row_up
from annotator.tui.keys.footer import footer
from annotator.tui.keys.keyed_screen import KeyedScreen
from annotator.tui.keys.keymap import Keymap
from annotator.tui.keys.program import EVERY_SCREEN
from annotator.tui.layout.lines import Mode
from annotator.tui.layout.overlay import Overlay
from annotator.tui.widgets.bar import Bar, Piece
from annotator.tui.widgets.document_view import DocumentView


class LookScreen(KeyedScreen[None]):
    """A set in its text, with `[start, end)` boxed and in view."""

    CSS_PATH = "look.tcss"
    AUTO_FOCUS = "DocumentView"

    def __init__(
        self,
        document: Document,
        annotation_set: AnnotationSet,
        label_set: LabelSet,
        *,
        place: tuple[int, int],
        mode: Mode,
    ) -> None:
        super().__init__(Keymap(_ACTIONS))
        self._document = document
        self._set = annotation_set
        self._label_set = label_set
        self._place = place
        self._mode: Mode = mode

    def compose(self) -> ComposeResult:
        """Whose annotations of what these are, the text, and the keys."""
        yield Bar(id="title")
        yield DocumentView(mode=self._mode, id="document")
        yield Bar(id="keys")

    @property
    def view(self) -> DocumentView:
        """The text."""
        return self.query_one(DocumentView)

    @property
    def row_cursor(self) -> DocumentView:
        """What the keys for rows move."""
        return self.view

    def on_mount(self) -> None:
        """Show the place, once the text is laid out."""
        self.query_one("#title", Bar).put(
            [Piece(self._document.title, "strong")],
            [Piece(self._set.annotator, "plain"), Piece("  only to look at", "muted")],
        )
        self.query_one("#keys", Bar).put(footer(self.keymap))
        self.view.show(self._document.text, marks=self._marks, label_set=self._label_set)
        self.view.set_overlay(Overlay(boxes=(self._place,)))
        self.call_after_refresh(self.view.keep_in_view, *self._place)

    def _marks(self, start: int, end: int) -> list[Mark]:
        return [Mark.of_span(each) for each in self._set.spans.overlapping(start, end)]

    def action_toggle_mode(self) -> None:
        """Show labels in a row of their own, or as keys."""
        self.view.toggle_mode(self._place[0])

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


_ACTIONS = (
    Action("up", ("up", "k"), "up", "Scroll a line up.", bar=1, handler=row_up),
    Action("down", ("down", "j"), "down", "Scroll a line down.", bar=1, handler=row_down),
    Action("page_up", ("pageup",), "page up", "Scroll a page up.", handler=page_up),
    Action("page_down", ("pagedown", "space"), "page down", "Scroll a page down.", handler=page_down),
    Action(
        "toggle_mode",
        ("v",),
        "labels below",
        "Show labels in a row of their own, or as keys.",
        bar=1,
        handler=LookScreen.action_toggle_mode,
    ),
    Action("close", ("escape", "enter", "q"), "back", "Go back.", bar=1, handler=LookScreen.action_close),
    *(each for each in EVERY_SCREEN if each.name != "leave"),
)
