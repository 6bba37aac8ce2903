"""Moves of the cursor that are the same on every screen with a document, as handlers of actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from annotator.editing.editor import Editor
from annotator.tui.screens.document.pane import DocumentPane


class HasPane(Protocol):
    """A screen with a document."""

    pane: DocumentPane


@dataclass(frozen=True, slots=True)
class CursorMove:
    """The handler of an action that is a move of the cursor and nothing else."""

    move: Callable[[Editor], str | None]
    """Returns what there is to say about the move, or nothing."""

    def __call__(self, screen: HasPane) -> None:
        """Move the cursor on a screen."""
        screen.pane.move(self.move)


def back(editor: Editor) -> str:
    """Go back to what was decided last."""
    return editor.navigation.back()


def next_here(editor: Editor) -> str:
    """Focus the next span at the cursor."""
    return editor.navigation.next_here()


def previous_paragraph(editor: Editor) -> None:
    """Go to the paragraph before."""
    editor.navigation.step_paragraph(-1)


def next_paragraph(editor: Editor) -> None:
    """Go to the next paragraph."""
    editor.navigation.step_paragraph(1)


def previous_sentence(editor: Editor) -> None:
    """Go to the sentence before."""
    editor.navigation.step_sentence(-1)


def next_sentence(editor: Editor) -> None:
    """Go to the next sentence."""
    editor.navigation.step_sentence(1)


def first(editor: Editor) -> None:
    """Go to the beginning of the text."""
    editor.navigation.go(0)


def last(editor: Editor) -> None:
    """Go to the end of the text."""
    editor.navigation.go(len(editor.document.text) - 1)
