"""A screen about lists of rows: the moves in the one that has the keyboard."""

from __future__ import annotations

from typing import Generic

from annotator.tui.keys.keyed_screen import KeyedScreen, Result
from annotator.tui.widgets.line_list import LineList


class ListingScreen(KeyedScreen[Result], Generic[Result]):
    """A screen with a `LineList`; one with several says which of them has the keyboard."""

    AUTO_FOCUS = "LineList"

    @property
    def lines(self) -> LineList:
        """The rows."""
        return self.query_one(LineList)

    def action_up(self) -> None:
        """Go a row up."""
        self.lines.move(-1)

    def action_down(self) -> None:
        """Go a row down."""
        self.lines.move(1)

    def action_page_up(self) -> None:
        """Go a page up."""
        self.lines.page(-1)

    def action_page_down(self) -> None:
        """Go a page down."""
        self.lines.page(1)

    def action_first(self) -> None:
        """Go to the first row."""
        self.lines.move_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.lines.move_to(self.lines.count - 1)
