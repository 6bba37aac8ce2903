"""Actions that are one verb of the editor, or one move of the cursor, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.tui.screens.moves import Move

VERBS: dict[str, Callable[[Editor], Change]] = {
    "accept": Editor.accept,
    "reject": Editor.reject,
    "correct_others": Editor.correct_others,
    "doubt": Editor.doubt,
    "redo": Editor.redo,
    "snap": Editor.snap,
    "left_out": lambda editor: editor.resize("left", "out"),
    "left_in": lambda editor: editor.resize("left", "in"),
    "right_in": lambda editor: editor.resize("right", "in"),
    "right_out": lambda editor: editor.resize("right", "out"),
    "by_character": Editor.toggle_characters,
}

DECIDING = {
    *VERBS.keys() - {"by_character"},
    *("accept_confident", "correct_everywhere", "note", "undo", "undo_everywhere", "finish", "skip"),
}
"""Actions that change the annotation set, and so are refused while another program holds it."""


_WINDOW = 4_000
"""So much of the text is looked through at once: the next name is seldom farther."""
_LONGEST = 200
"""No name runs on for longer, in code points."""


def _next_name(editor: Editor) -> str:
    """Go to the next name without a mark, past the end to the top."""
    end = len(editor.document.text)
    here = editor.cursor.word[1]
    for start, stop in ((here, end), (0, here)):
        for first in range(start, stop, _WINDOW):
            last = min(first + _WINDOW, stop)
            marks = editor.board.marks(first, last + _LONGEST)
            for place in editor.names.unmarked(first, last, marks):
                editor.walk.go(place[0])
                return "" if start else "from the top"
    return "no unmarked name"


OWN_MOVES: dict[str, Move] = {
    "next_undecided": lambda editor: editor.walk.tab(1),
    "previous_undecided": lambda editor: editor.walk.tab(-1),
    "next_doubtful": lambda editor: editor.walk.next_doubtful(),
    "next_name": _next_name,
}
"""Besides those of every screen with a document."""
