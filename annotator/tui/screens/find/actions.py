"""What can be done on the find screen."""

from __future__ import annotations

from annotator.tui.keys.action import DECIDE, FILES, ROWS, SHOW, Action, action
from annotator.tui.keys.program import EVERY_SCREEN
from annotator.tui.screens.find.screen import FindScreen

FIND: tuple[Action, ...] = (
    action(
        "open", "enter", "open", "Open the document at the hit.", FILES, bar=1, handler=FindScreen.action_open
    ),
    action(
        "choose_hit",
        "space",
        "choose",
        "Choose the hit, or no longer; with none chosen, all are meant.",
        DECIDE,
        bar=1,
        handler=FindScreen.action_choose_hit,
    ),
    action(
        "pick_label",
        "t",
        "label",
        "Pick the label that the hits get; a label's key gives it at once.",
        DECIDE,
        bar=1,
        handler=FindScreen.action_pick_label,
    ),
    action(
        "reject",
        "x delete",
        "take out",
        "Take out the spans of the hits.",
        DECIDE,
        bar=2,
        handler=FindScreen.action_reject,
    ),
    action(
        "undo",
        "u ctrl+z",
        "undo",
        "Take back the last step over several documents.",
        DECIDE,
        bar=2,
        handler=FindScreen.action_undo,
    ),
    action(
        "edit",
        "slash ctrl+f tab",
        "search",
        "Type what is sought: words, a beginning with * behind it, or a /pattern/.",
        SHOW,
        bar=1,
        handler=FindScreen.action_edit,
    ),
    action(
        "sort",
        "s",
        "sort",
        "Sort by the next: documents, words before, words behind, text found.",
        SHOW,
        bar=2,
        handler=FindScreen.action_sort,
    ),
    action(
        "filter",
        "c",
        "filter",
        "Show all hits, those without a span, or those with one.",
        SHOW,
        bar=2,
        handler=FindScreen.action_filter,
    ),
    *ROWS,
    action(
        "close", "escape", "back", "Go back to the document.", FILES, bar=1, handler=FindScreen.action_close
    ),
    *EVERY_SCREEN,
)
"""The find screen's actions. Digits and capitals give the hits a label."""
