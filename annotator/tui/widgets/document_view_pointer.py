"""The mouse over a text: presses, drags and double presses as offsets."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.scroll_view import ScrollView


class TextPointer(ScrollView, inherit_bindings=False):
    """A scrolled text that turns what the mouse does into messages; which text lies where, its subclass knows."""

    ALLOW_SELECT = False

    @dataclass
    class Pressed(Message):
        """The button went down on the character at `offset`; `extend` if shift was held."""

        offset: int
        extend: bool

    @dataclass
    class DoublePressed(Message):
        """The button went down twice in a row on the character at `offset`."""

        offset: int

    @dataclass
    class Dragged(Message):
        """The button is down and the mouse has moved over `[start, end)` since; several in a row become one."""

        start: int
        end: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, TextPointer.Dragged)

    _drag_from: tuple[int, int] | None = None

    def grapheme_at(self, x: int, y: int) -> tuple[int, int]:
        """The range of the grapheme drawn nearest to a cell of the view."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button != 1:
            return
        event.stop()
        self._drag_from = self._grapheme_under(event)
        self.capture_mouse()
        self.post_message(self.Pressed(self._drag_from[0], event.shift))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag_from is None:
            return
        event.stop()
        here = self._grapheme_under(event)
        if here != self._drag_from:
            self.post_message(
                self.Dragged(min(here[0], self._drag_from[0]), max(here[1], self._drag_from[1]))
            )
        line = event.get_content_offset_capture(self).y
        if not 0 <= line < self.size.height:
            self.scroll_to(y=self.scroll_offset.y + (1 if line > 0 else -1), animate=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._drag_from is not None:
            event.stop()
            self._end_drag()

    def on_click(self, event: events.Click) -> None:
        if event.chain == 2:
            event.stop()
            self.post_message(self.DoublePressed(self._grapheme_under(event)[0]))

    def on_hide(self, event: events.Hide) -> None:
        self._end_drag()

    def _end_drag(self) -> None:
        self._drag_from = None
        self.release_mouse()

    def _grapheme_under(self, event: events.MouseEvent) -> tuple[int, int]:
        inside = event.get_content_offset_capture(self)
        return self.grapheme_at(inside.x, min(max(inside.y, 0), self.size.height - 1))
