"""Actions: what a person can do on a screen, and the groups that the help shows them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

DECIDE, EDGE, MOVE, SHOW, FILES = "Decide", "Edges", "Move", "Show", "Documents"
PROGRAM = "Program"

Handler = Callable[[Any], object]
"""Does an action on the screen that it is given: a method of the screen's class, or a function."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do on a screen, and what does it.

    `keys` are Textual's key names; `text` is for the footer and palette, `help` a sentence for the help. `bar`
    puts it on the footer, in the registry's order; where room is short, those with the highest number give way.
    """

    name: str
    keys: tuple[str, ...]
    text: str
    help: str
    group: str = "Screen"
    bar: int = 0
    handler: Handler = field(kw_only=True)
    decides: bool = field(default=False, kw_only=True)
    """True if it changes an annotation set, and so is refused while nothing can be saved."""


def action(
    name: str,
    keys: str,
    text: str,
    help: str,
    group: str,
    *,
    handler: Handler,
    bar: int = 0,
    decides: bool = False,
) -> Action:
    """An action whose `keys` stand in one string, with blanks between them."""
    return Action(name, tuple(keys.split()), text, help, group, bar, handler=handler, decides=decides)


class RowCursor(Protocol):
    """Rows with one of them pointed at, or text with one of its rows topmost."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    def move(self, rows: int) -> object:
        """Go down by so many rows, or up."""

    def page(self, pages: int) -> object:
        """Go down by so many screens, or up."""

    def move_to(self, row: int) -> object:
        """Go to a row."""


class HasRowCursor(Protocol):
    """A screen on which the keys for rows move something."""

    @property
    def row_cursor(self) -> RowCursor:
        """What they move."""


def row_up(screen: HasRowCursor) -> None:
    """Go a row up."""
    screen.row_cursor.move(-1)


def row_down(screen: HasRowCursor) -> None:
    """Go a row down."""
    screen.row_cursor.move(1)


def page_up(screen: HasRowCursor) -> None:
    """Go a page up."""
    screen.row_cursor.page(-1)


def page_down(screen: HasRowCursor) -> None:
    """Go a page down."""
    screen.row_cursor.page(1)


def first_row(screen: HasRowCursor) -> None:
    """Go to the first row."""
    screen.row_cursor.move_to(0)


def last_row(screen: HasRowCursor) -> None:
    """Go to the last row."""
    screen.row_cursor.move_to(screen.row_cursor.count - 1)


ROWS: tuple[Action, ...] = (
    action("up", "up k", "up", "Go a row up.", MOVE, handler=row_up),
    action("down", "down j", "down", "Go a row down.", MOVE, handler=row_down),
    action("page_up", "pageup", "page up", "Go a page up.", MOVE, handler=page_up),
    action("page_down", "pagedown", "page down", "Go a page down.", MOVE, handler=page_down),
    action("first", "home", "first", "Go to the first row.", MOVE, handler=first_row),
    action("last", "end", "last", "Go to the last row.", MOVE, handler=last_row),
)
"""The moves in a list."""
