"""The footer: the keys of a screen that are worth showing at all times."""

from __future__ import annotations

from annotator.tui.keymap import Keymap
from annotator.tui.widgets.bar import Piece


def footer(keymap: Keymap) -> list[Piece]:
    """The keys of the actions that are meant for the footer, in the registry's order; a click acts."""
    pieces: list[Piece] = []
    for action in keymap.actions.values():
        keys = keymap.keys(action.name)
        if action.bar and keys:
            if pieces:
                pieces.append(Piece("  "))
            pieces += [Piece(keys[0], "key", action.name), Piece(f" {action.text}", "muted", action.name)]
    return pieces
