"""The footer: the keys of a screen that are worth showing at all times."""

from __future__ import annotations

from annotator.tui.keys.action import PROGRAM, Action
from annotator.tui.keys.keymap import Keymap
from annotator.tui.widgets.bar import Piece, pieces_width

_GAP = Piece("  ")


def footer(keymap: Keymap, *, width: int | None = None) -> list[Piece]:
    """The keys of the actions that are meant for the footer, in the registry's order; a click acts.

    Within `width` cells those that matter less give way, and the help and the ways out last of all.
    """
    actions = [action for action in keymap.actions.values() if action.bar and keymap.keys(action.name)]
    while width is not None and actions and _width([_entry(action, keymap) for action in actions]) > width:
        # The last of those that matter least; max finds the first, so they are looked at from the end.
        actions.remove(max(reversed(actions), key=lambda action: (action.group != PROGRAM, action.bar)))
    return [
        piece
        for index, action in enumerate(actions)
        for piece in ([_GAP] if index else []) + _entry(action, keymap)
    ]


def _entry(action: Action, keymap: Keymap) -> list[Piece]:
    key = keymap.key(action.name)
    return [Piece(key, "key", action.name), Piece(f" {action.text}", "muted", action.name)]


def _width(entries: list[list[Piece]]) -> int:
    return sum(map(pieces_width, entries)) + 2 * (len(entries) - 1)
