"""What can be done on the agreement screen, and among the cases behind a figure."""

from __future__ import annotations

from annotator.tui.keys.action import FILES, MOVE, ROWS, SHOW, Action, action

AGREEMENT: tuple[Action, ...] = (
    action("open", "enter", "cases", "Show the cases behind the figure.", SHOW, bar=1),
    action("show_pairs", "1", "pairs", "Show each annotator with each other.", SHOW),
    action("show_figures", "2", "figures", "Show all figures of each pair.", SHOW),
    action("show_labels", "3", "labels", "Show the figures of each label.", SHOW),
    action("show_confusion", "4", "confusion", "Show which label stands where another has which.", SHOW),
    action("show_gold", "5", "gold", "Show each annotator measured by the gold.", SHOW),
    action("show_documents", "6", "documents", "Show the documents, the least agreed on first.", SHOW),
    action("next_view", "tab", "next view", "Show the next view.", SHOW, bar=2),
    action("previous_view", "shift+tab", "view before", "Show the view before.", SHOW),
    action(
        "vary",
        "f",
        "other figure",
        "Show the next figure of the pairs, or the confusion of the next pair.",
        SHOW,
        bar=1,
    ),
    action("left", "left", "left", "Go a cell to the left.", MOVE),
    action("right", "right", "right", "Go a cell to the right.", MOVE),
    *ROWS,
    action("close", "escape", "back", "Go back; while figures are computed, stop that.", FILES, bar=1),
    action("help", "question_mark f1", "help", "Show the keys.", SHOW, bar=1),
)
"""The agreement screen's actions."""

CASES: tuple[Action, ...] = (
    action("open", "enter", "read", "Give the text the whole screen.", SHOW, bar=1),
    action("filter", "c", "filter", "Show differences, all cases, or those of one kind.", SHOW, bar=1),
    action("toggle_mode", "v", "labels below", "Show labels in a row of their own, or as keys.", SHOW, bar=2),
    action("annotate", "a", "annotate", "Open your own annotations of the document there.", FILES, bar=2),
    *ROWS,
    action("close", "escape", "back", "Go back.", FILES, bar=1),
    action("help", "question_mark f1", "help", "Show the keys.", SHOW, bar=1),
)
"""The actions on the cases behind a figure."""
