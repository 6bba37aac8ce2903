"""What can be done on the documents screen."""

from __future__ import annotations

from annotator.tui.keys.action import FILES, ROWS, SHOW, Action, action
from annotator.tui.keys.program import EVERY_SCREEN
from annotator.tui.screens.documents.screen import DocumentsScreen

DOCUMENTS: tuple[Action, ...] = (
    action("open", "enter", "open", "Open the document.", FILES, bar=1, handler=DocumentsScreen.action_open),
    action(
        "next_unfinished",
        "space",
        "next unfinished",
        "Open the next unfinished document.",
        FILES,
        bar=1,
        handler=DocumentsScreen.action_next_unfinished,
    ),
    action(
        "search",
        "slash ctrl+f",
        "search",
        "Show only titles with these letters.",
        SHOW,
        bar=1,
        handler=DocumentsScreen.action_search,
    ),
    action(
        "filter",
        "c",
        "filter",
        "Show all, unfinished, done, or skipped documents.",
        SHOW,
        bar=1,
        handler=DocumentsScreen.action_filter,
    ),
    action(
        "sort",
        "s",
        "sort",
        "Sort by the next: queue, title, status, spans, undecided, notes, last change.",
        SHOW,
        bar=1,
        handler=DocumentsScreen.action_sort,
    ),
    action("reverse", "r", "reverse", "Turn the order round.", SHOW, handler=DocumentsScreen.action_reverse),
    *ROWS,
    action(
        "agreement",
        "g",
        "agreement",
        "Show how far annotators agree, and where they differ.",
        FILES,
        handler=DocumentsScreen.action_agreement,
    ),
    action(
        "close",
        "escape o",
        "back",
        "Go back to the document.",
        FILES,
        bar=1,
        handler=DocumentsScreen.action_close,
    ),
    *EVERY_SCREEN,
)
"""The documents screen's actions."""
