"""What can be done on the review screen."""

from __future__ import annotations

from annotator.tui.keys.action import DECIDE, FILES, MOVE, SHOW, Action, action
from annotator.tui.screens.document_actions import ANNOTATE


def _shared(*names: str) -> tuple[Action, ...]:
    """Actions that are the same as on the annotate screen."""
    by_name = {each.name: each for each in ANNOTATE}
    return tuple(by_name[name] for name in names)


REVIEW: tuple[Action, ...] = (
    action(
        "take_preselection", "enter", "preselected", "Take the version that is preselected.", DECIDE, bar=1
    ),
    action(
        "no_entity",
        "x delete",
        "no entity",
        "Let nothing stand here, or take a gold span out.",
        DECIDE,
        bar=1,
    ),
    action(
        "take_majorities",
        "a",
        "take run",
        "Take what is preselected, up to the next tie or the end of the screen.",
        DECIDE,
        bar=3,
    ),
    action(
        "same_text",
        "m",
        "same text",
        "Settle the boxed conflicts, of the same text and versions, as the last one.",
        DECIDE,
        bar=4,
    ),
    *_shared("undo", "redo"),
    action(
        "pick_label",
        "t",
        "label",
        "Give the label whose key comes next; twice: pick one by typing.",
        DECIDE,
        bar=3,
    ),
    action("doubt", "y", "doubt", "Flag the gold span as doubtful.", DECIDE),
    action("comment", "n", "comment", "Tell the annotators something about the conflict.", DECIDE, bar=4),
    action("note", "", "note", "Write a note on the gold span.", DECIDE),
    action("reopen", "", "open again", "Open a settled conflict again.", DECIDE),
    *_shared("left_out", "left_in", "right_in", "right_out", "by_character", "jump"),
    action("next_conflict", "tab", "next", "Go to the next open conflict, in any document.", MOVE, bar=2),
    action(
        "previous_conflict",
        "shift+tab",
        "previous",
        "Go to the open conflict before, in any document.",
        MOVE,
    ),
    action("next_tie", "g", "next tie", "Go to the next conflict without a preselection.", MOVE, bar=3),
    *_shared("back", "next_here", "left", "right", "up", "down", "previous_paragraph", "next_paragraph"),
    *_shared("previous_sentence", "next_sentence", "page_up", "page_down", "first", "last", "search"),
    action("who", "i", "who", "Say who has which version, and where the gold comes from.", SHOW, bar=4),
    action(
        "filter", "c", "filter", "Stop only at one kind of conflict, or at one pair of labels.", SHOW, bar=4
    ),
    action(
        "hide_names", "h", "hide names", "Show letters instead of names, or the names again.", SHOW, bar=5
    ),
    *_shared("toggle_mode"),
    action(
        "finish",
        "space",
        "finish",
        "Go to the first open conflict; where all are settled, finish and open the next document.",
        FILES,
        bar=1,
    ),
    *_shared("previous_document", "next_document", "documents", "save_again"),
    action(
        "choose_version",
        "",
        "choose a version",
        "Choose between your gold and what somebody else has put in its place.",
        FILES,
    ),
    *_shared("help"),
)
"""The review screen's actions. Digits take versions and capitals give labels; they are not listed here."""
