"""The footer: the keys of a screen that are worth showing at all times."""

from __future__ import annotations

from annotator.tui.actions import Action
from annotator.tui.keymap import Keymap
from annotator.tui.widgets.bar import Piece, pieces_width

_GAP = Piece("  ")


def footer(keymap: Keymap, *, width: int | None = None) -> list[Piece]:
    """The keys of the actions that are meant for the footer, in the registry's order; a click acts.

    Within `width` cells the last ones give way, but never the help, which tells the rest.
    """
    entries = [
        _entry(action, keymap)
        for action in keymap.actions.values()
        if action.bar and keymap.keys(action.name)
    ]
    while width is not None and len(entries) > 1 and _width(entries) > width:
        is_help_last = entries[-1][0].action == "help"
        del entries[-2 if is_help_last else -1]
    return [piece for index, entry in enumerate(entries) for piece in ([_GAP] if index else []) + entry]


def _entry(action: Action, keymap: Keymap) -> list[Piece]:
    key = keymap.keys(action.name)[0]
    return [Piece(key, "key", action.name), Piece(f" {action.text}", "muted", action.name)]


def _width(entries: list[list[Piece]]) -> int:
    return sum(map(pieces_width, entries)) + 2 * (len(entries) - 1)
