"""What can be done on the feedback screen."""

from __future__ import annotations

from annotator.tui.keys.action import FILES, MOVE, ROWS, SHOW, Action, action

FEEDBACK: tuple[Action, ...] = (
    action("open", "enter", "open", "Open the document at this place.", FILES, bar=1),
    action("comments", "i", "comments", "Show all that was said about it.", SHOW, bar=2),
    action("show_all", "0", "all", "Show all findings.", SHOW),
    action("show_missed", "1", "missed", "Show only what was missed.", SHOW),
    action("show_spurious", "2", "spurious", "Show only what is no entity in gold.", SHOW),
    action("show_label", "3", "label", "Show only spans with another label in gold.", SHOW),
    action("show_boundary", "4", "boundary", "Show only spans with other edges in gold.", SHOW),
    action("show_both", "5", "both", "Show only spans with another label and other edges in gold.", SHOW),
    action("show_comment", "6", "comment", "Show only comments that are on no difference.", SHOW),
    action("send_back", "b", "send back", "Send the document back with a comment, as a lead.", FILES, bar=2),
    action("take_back", "u", "take back", "Take back the sending back of the document.", FILES, bar=3),
    *ROWS,
    action("previous_document", "less_than_sign", "document before", "Go to the document before.", MOVE),
    action("next_document", "greater_than_sign", "next document", "Go to the next document.", MOVE, bar=4),
    action("toggle_mode", "v", "labels below", "Show labels in a row of their own, or as keys.", SHOW, bar=4),
    action("close", "escape o", "back", "Go back to the document.", FILES, bar=1),
    action("help", "question_mark f1", "help", "Show the keys.", SHOW, bar=1),
)
"""The feedback screen's actions."""
