"""Actions: what a person can do on a screen, and the groups that the help shows them in."""

from __future__ import annotations

from typing import NamedTuple

DECIDE, EDGE, MOVE, SHOW, FILES = "Decide", "Edges", "Move", "Show", "Documents"


class Action(NamedTuple):
    """Something a person can do on a screen: the method `action_<name>` there.

    `keys` are Textual's key names; `text` is for the footer and palette, `help` a sentence for the help. `bar`
    puts it on the footer, in the registry's order; where room is short, those with the highest number give way.
    """

    name: str
    keys: tuple[str, ...]
    text: str
    help: str
    group: str = "Screen"
    bar: int = 0


def action(name: str, keys: str, text: str, help: str, group: str, *, bar: int = 0) -> Action:
    """An action whose `keys` stand in one string, with blanks between them."""
    return Action(name, tuple(keys.split()), text, help, group, bar)


ROWS: tuple[Action, ...] = (
    action("up", "up k", "up", "Go a row up.", MOVE),
    action("down", "down j", "down", "Go a row down.", MOVE),
    action("page_up", "pageup", "page up", "Go a page up.", MOVE),
    action("page_down", "pagedown", "page down", "Go a page down.", MOVE),
    action("first", "home", "first", "Go to the first row.", MOVE),
    action("last", "end", "last", "Go to the last row.", MOVE),
)
"""The moves in a list."""
