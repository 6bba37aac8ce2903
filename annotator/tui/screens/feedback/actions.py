"""What can be done on the feedback screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from annotator.tui.keys.action import FILES, MOVE, ROWS, SHOW, Action, action
from annotator.tui.keys.program import EVERY_SCREEN
from annotator.tui.screens.feedback.screen import FeedbackScreen


def show(kind: str) -> Callable[[FeedbackScreen], None]:
    """What shows the findings of one kind; "all" for every kind."""
    return partial(FeedbackScreen.show_kind, kind=None if kind == "all" else kind)


FEEDBACK: tuple[Action, ...] = (
    action(
        "open",
        "enter",
        "open",
        "Open the document at this place.",
        FILES,
        bar=1,
        handler=FeedbackScreen.action_open,
    ),
    action(
        "comments",
        "i",
        "comments",
        "Show all that was said about it.",
        SHOW,
        bar=2,
        handler=FeedbackScreen.action_comments,
    ),
    action("show_all", "0", "all", "Show all findings.", SHOW, handler=show("all")),
    action("show_missed", "1", "missed", "Show only what was missed.", SHOW, handler=show("missed")),
    action(
        "show_spurious",
        "2",
        "spurious",
        "Show only what is no entity in gold.",
        SHOW,
        handler=show("spurious"),
    ),
    action(
        "show_label", "3", "label", "Show only spans with another label in gold.", SHOW, handler=show("label")
    ),
    action(
        "show_boundary",
        "4",
        "boundary",
        "Show only spans with other edges in gold.",
        SHOW,
        handler=show("boundary"),
    ),
    action(
        "show_both",
        "5",
        "both",
        "Show only spans with another label and other edges in gold.",
        SHOW,
        handler=show("both"),
    ),
    action(
        "show_comment",
        "6",
        "comment",
        "Show only comments that are on no difference.",
        SHOW,
        handler=show("comment"),
    ),
    action(
        "send_back",
        "b",
        "send back",
        "Send the document back with a comment, as a lead.",
        FILES,
        bar=2,
        handler=FeedbackScreen.action_send_back,
    ),
    action(
        "take_back",
        "u",
        "take back",
        "Take back the sending back of the document.",
        FILES,
        bar=3,
        handler=FeedbackScreen.action_take_back,
    ),
    *ROWS,
    action(
        "previous_document",
        "less_than_sign",
        "document before",
        "Go to the document before.",
        MOVE,
        handler=FeedbackScreen.action_previous_document,
    ),
    action(
        "next_document",
        "greater_than_sign",
        "next document",
        "Go to the next document.",
        MOVE,
        bar=4,
        handler=FeedbackScreen.action_next_document,
    ),
    action(
        "toggle_mode",
        "v",
        "labels below",
        "Show labels in a row of their own, or as keys.",
        SHOW,
        bar=4,
        handler=FeedbackScreen.action_toggle_mode,
    ),
    action(
        "close",
        "escape o",
        "back",
        "Go back to the document.",
        FILES,
        bar=1,
        handler=FeedbackScreen.action_close,
    ),
    *EVERY_SCREEN,
)
"""The feedback screen's actions."""
