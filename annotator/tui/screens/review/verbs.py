"""Actions that are one verb of the session, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.review.session import ReviewSession

VERBS: dict[str, Callable[[ReviewSession], Change]] = {
    "take_preselection": ReviewSession.take_preselection,
    "no_entity": ReviewSession.reject,
    "doubt": ReviewSession.doubt,
    "reopen": ReviewSession.reopen,
    "left_out": lambda session: session.resize("left", "out"),
    "left_in": lambda session: session.resize("left", "in"),
    "right_in": lambda session: session.resize("right", "in"),
    "right_out": lambda session: session.resize("right", "out"),
    "by_character": lambda session: session.edit(Editor.toggle_characters),
}

DECIDING = {
    *VERBS,
    "take_majorities",
    "same_text",
    "pick_label",
    "comment",
    "note",
    "undo",
    "redo",
    "finish",
} - {"by_character"}
"""Actions that change the gold set, and so are refused while another program holds it."""
