"""Moves of the cursor that are the same on every screen with a document."""

from __future__ import annotations

from collections.abc import Callable

from annotator.editing.editor import Editor

Move = Callable[[Editor], str | None]
"""Returns what there is to say about the move, or nothing."""

MOVES: dict[str, Move] = {
    "back": lambda editor: editor.walk.back(),
    "next_here": lambda editor: editor.walk.next_here(),
    "previous_paragraph": lambda editor: editor.walk.step_paragraph(-1),
    "next_paragraph": lambda editor: editor.walk.step_paragraph(1),
    "previous_sentence": lambda editor: editor.walk.step_sentence(-1),
    "next_sentence": lambda editor: editor.walk.step_sentence(1),
    "first": lambda editor: editor.walk.go(0),
    "last": lambda editor: editor.walk.go(len(editor.document.text) - 1),
}
"""By the action's name."""
