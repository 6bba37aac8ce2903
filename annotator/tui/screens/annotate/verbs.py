"""Verbs of the editor and moves of its cursor as handlers of the annotate screen's actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from annotator.editing.change import Change
from annotator.editing.editor import Editor

_WINDOW = 4_000
"""So much of the text is looked through at once: the next name is seldom farther."""
_LONGEST = 200
"""No name runs on for longer, in code points."""


class ChangesEditor(Protocol):
    """A screen that shows and saves what a verb did."""

    @property
    def editor(self) -> Editor:
        """The document on screen."""

    def apply_change(self, change: Change) -> None:
        """Show what a verb did, and have it saved."""


@dataclass(frozen=True, slots=True)
class EditorVerb:
    """The handler of an action that is one verb of the editor and nothing else."""

    verb: Callable[[Editor], Change]

    def __call__(self, screen: ChangesEditor) -> None:
        """Do the verb on the document of a screen."""
        screen.apply_change(self.verb(screen.editor))


def next_undecided(editor: Editor) -> str:
    """Go to the next undecided suggestion."""
    return editor.navigation.tab(1)


def previous_undecided(editor: Editor) -> str:
    """Go to the previous undecided suggestion."""
    return editor.navigation.tab(-1)


def next_doubtful(editor: Editor) -> str:
    """Go to the next doubtful one."""
    return editor.navigation.next_doubtful()


def next_name(editor: Editor) -> str:
    """Go to the next name without a mark, past the end to the top."""
    end = len(editor.document.text)
    here = editor.cursor.word[1]
    for start, stop in ((here, end), (0, here)):
        for first in range(start, stop, _WINDOW):
            last = min(first + _WINDOW, stop)
            marks = editor.suggestion_state.marks(first, last + _LONGEST)
            for name in editor.names.unmarked(first, last, marks):
                editor.navigation.go(name[0])
                return "" if start else "from the top"
    return "no unmarked name"
