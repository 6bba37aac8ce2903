"""The one registry of actions: what keys, footer, help and command palette are made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do on a screen: the method `action_<name>` there.

    `keys` are Textual's key names; `text` is for the footer and palette, `help` a sentence for the help. `bar`
    puts it on the footer, in the registry's order; where room is short, those with the highest number give way.
    """

    name: str
    keys: tuple[str, ...]
    text: str
    help: str
    group: str = "Screen"
    bar: int = 0


def _action(name: str, keys: str, text: str, help: str, group: str, *, bar: int = 0) -> Action:
    return Action(name, tuple(keys.split()), text, help, group, bar)


_DECIDE, _EDGE, _MOVE, _SHOW, _FILES = "Decide", "Edges", "Move", "Show", "Documents"

ANNOTATE: tuple[Action, ...] = (
    _action(
        "accept", "enter", "accept", "Accept the suggestion; on plain text only move on.", _DECIDE, bar=1
    ),
    _action("reject", "x delete", "reject", "Reject the suggestion, or take a span out.", _DECIDE, bar=1),
    _action(
        "accept_confident",
        "a",
        "accept run",
        "Accept what is confident, up to the next doubtful one or the end of the screen.",
        _DECIDE,
        bar=3,
    ),
    _action(
        "correct_others",
        "m",
        "all mentions",
        "Do the last correction to the other mentions, which are boxed.",
        _DECIDE,
        bar=3,
    ),
    _action("doubt", "y", "doubt", "Flag the span as doubtful; its label's key clears the flag.", _DECIDE),
    _action("note", "n", "note", "Write a note on the span.", _DECIDE),
    _action("undo", "u ctrl+z", "undo", "Take back the last step.", _DECIDE, bar=2),
    _action("redo", "r ctrl+y", "redo", "Bring back what was undone.", _DECIDE),
    _action("pick_label", "t", "pick label", "Pick a label by typing.", _DECIDE),
    _action("snap", "", "snap to tokens", "Let spans that are off the tokens reach to their edges.", _DECIDE),
    _action("left_out", "s", "left edge out", "Grow the span, or a selection, to the left.", _EDGE),
    _action("left_in", "d", "left edge in", "Shrink it from the left.", _EDGE),
    _action("right_in", "k shift+left", "right edge in", "Shrink it from the right.", _EDGE),
    _action("right_out", "l shift+right", "right edge out", "Grow it to the right.", _EDGE),
    _action("by_character", "e", "by character", "Move edges by character, or by token again.", _EDGE),
    _action(
        "jump", "f", "jump", "Jump by hint letters; a capital stretches the focus to there.", _MOVE, bar=2
    ),
    _action("next_undecided", "tab", "next", "Go to the next undecided suggestion.", _MOVE),
    _action("previous_undecided", "shift+tab", "previous", "Go to the previous undecided suggestion.", _MOVE),
    _action("next_doubtful", "g", "next doubtful", "Go to the next doubtful one.", _MOVE, bar=4),
    _action("next_name", "c", "next name", "Go to the next name that nobody has marked.", _MOVE),
    _action("back", "b", "back", "Go back to what was decided last.", _MOVE),
    _action("next_here", "w", "next here", "Focus the next span at this place.", _MOVE),
    _action("left", "left", "left", "Go a token to the left.", _MOVE),
    _action("right", "right", "right", "Go a token to the right.", _MOVE),
    _action("up", "up", "up", "Go a row up.", _MOVE),
    _action("down", "down", "down", "Go a row down.", _MOVE),
    _action("previous_paragraph", "shift+up", "paragraph up", "Go to the paragraph before.", _MOVE),
    _action("next_paragraph", "shift+down", "paragraph down", "Go to the next paragraph.", _MOVE),
    _action("previous_sentence", "comma", "sentence back", "Go to the sentence before.", _MOVE),
    _action("next_sentence", "semicolon", "sentence on", "Go to the next sentence.", _MOVE),
    _action("page_up", "pageup", "page up", "Look a page up; the cursor stays.", _MOVE),
    _action("page_down", "pagedown", "page down", "Look a page down; the cursor stays.", _MOVE),
    _action("first", "home", "beginning", "Go to the beginning of the text.", _MOVE),
    _action("last", "end", "end", "Go to the end of the text.", _MOVE),
    _action("search", "slash ctrl+f", "search", "Search the text.", _MOVE),
    _action("table", "j", "spans", "Go to the table of spans.", _MOVE),
    _action("why", "i", "why", "Say where the suggestion comes from and what the label means.", _SHOW),
    _action("toggle_mode", "v", "labels below", "Show labels in a row of their own, or as keys.", _SHOW),
    _action(
        "toggle_doubtful", "h", "hide doubtful", "Hide suggestions with a low score, or show them.", _SHOW
    ),
    _action(
        "finish",
        "space",
        "finish",
        "Show what was not seen, then accept the rest, finish, and open the next document.",
        _FILES,
        bar=1,
    ),
    _action("skip", "z", "skip", "Put the document aside and open the next.", _FILES),
    _action("previous_document", "less_than_sign", "document before", "Open the document before.", _FILES),
    _action("next_document", "greater_than_sign", "next document", "Open the document after.", _FILES),
    _action("documents", "o", "documents", "Show all documents.", _FILES, bar=4),
    _action(
        "feedback", "", "feedback", "Show what reviews found in the documents you have finished.", _FILES
    ),
    _action(
        "statistics",
        "",
        "statistics",
        "Show how far you are, what it costs, how good suggestions were.",
        _FILES,
    ),
    _action("audit", "", "audit", "Show texts that are not treated alike, and make them alike.", _FILES),
    _action("agreement", "", "agreement", "Show how far annotators agree, and where they differ.", _FILES),
    _action(
        "adapting",
        "",
        "adapting",
        "Show what a copy of the model has learnt from finished documents; switch that on or off, or go back.",
        _FILES,
    ),
    _action("save_again", "", "save again", "Try at once to save what could not be saved.", _FILES),
    _action(
        "choose_version",
        "",
        "choose a version",
        "Choose between your annotations and what somebody else has put in their place.",
        _FILES,
    ),
    _action("help", "question_mark f1", "help", "Show the keys.", _SHOW, bar=1),
)
"""The annotate screen's actions. Digits and capitals give labels and are not listed here."""

DOCUMENTS: tuple[Action, ...] = (
    _action("open", "enter", "open", "Open the document.", _FILES, bar=1),
    _action(
        "next_unfinished", "space", "next unfinished", "Open the next unfinished document.", _FILES, bar=1
    ),
    _action("search", "slash ctrl+f", "search", "Show only titles with these letters.", _SHOW, bar=1),
    _action("filter", "c", "filter", "Show all, unfinished, done, or skipped documents.", _SHOW, bar=1),
    _action(
        "sort",
        "s",
        "sort",
        "Sort by the next: queue, title, status, spans, undecided, notes, last change.",
        _SHOW,
        bar=1,
    ),
    _action("reverse", "r", "reverse", "Turn the order round.", _SHOW),
    _action("up", "up k", "up", "Go a row up.", _MOVE),
    _action("down", "down j", "down", "Go a row down.", _MOVE),
    _action("page_up", "pageup", "page up", "Go a page up.", _MOVE),
    _action("page_down", "pagedown", "page down", "Go a page down.", _MOVE),
    _action("first", "home", "first", "Go to the first one.", _MOVE),
    _action("last", "end", "last", "Go to the last one.", _MOVE),
    _action("agreement", "g", "agreement", "Show how far annotators agree, and where they differ.", _FILES),
    _action("close", "escape o", "back", "Go back to the document.", _FILES, bar=1),
    _action("help", "question_mark f1", "help", "Show the keys.", _SHOW, bar=1),
)
"""The documents screen's actions."""

AGREEMENT: tuple[Action, ...] = (
    _action("open", "enter", "cases", "Show the cases behind the figure.", _SHOW, bar=1),
    _action("show_pairs", "1", "pairs", "Show each annotator with each other.", _SHOW),
    _action("show_figures", "2", "figures", "Show all figures of each pair.", _SHOW),
    _action("show_labels", "3", "labels", "Show the figures of each label.", _SHOW),
    _action("show_confusion", "4", "confusion", "Show which label stands where another has which.", _SHOW),
    _action("show_gold", "5", "gold", "Show each annotator measured by the gold.", _SHOW),
    _action("show_documents", "6", "documents", "Show the documents, the least agreed on first.", _SHOW),
    _action("next_view", "tab", "next view", "Show the next view.", _SHOW, bar=2),
    _action("previous_view", "shift+tab", "view before", "Show the view before.", _SHOW),
    _action(
        "vary",
        "f",
        "other figure",
        "Show the next figure of the pairs, or the confusion of the next pair.",
        _SHOW,
        bar=1,
    ),
    _action("left", "left", "left", "Go a cell to the left.", _MOVE),
    _action("right", "right", "right", "Go a cell to the right.", _MOVE),
    _action("up", "up k", "up", "Go a row up.", _MOVE),
    _action("down", "down j", "down", "Go a row down.", _MOVE),
    _action("page_up", "pageup", "page up", "Go a page up.", _MOVE),
    _action("page_down", "pagedown", "page down", "Go a page down.", _MOVE),
    _action("first", "home", "first", "Go to the first row.", _MOVE),
    _action("last", "end", "last", "Go to the last row.", _MOVE),
    _action("close", "escape", "back", "Go back; while figures are computed, stop that.", _FILES, bar=1),
    _action("help", "question_mark f1", "help", "Show the keys.", _SHOW, bar=1),
)
"""The agreement screen's actions."""

CASES: tuple[Action, ...] = (
    _action("open", "enter", "read", "Give the text the whole screen.", _SHOW, bar=1),
    _action("filter", "c", "filter", "Show differences, all cases, or those of one kind.", _SHOW, bar=1),
    _action(
        "toggle_mode", "v", "labels below", "Show labels in a row of their own, or as keys.", _SHOW, bar=2
    ),
    _action("annotate", "a", "annotate", "Open your own annotations of the document there.", _FILES, bar=2),
    _action("up", "up k", "up", "Go to the case before.", _MOVE),
    _action("down", "down j", "down", "Go to the next case.", _MOVE),
    _action("page_up", "pageup", "page up", "Go a page up.", _MOVE),
    _action("page_down", "pagedown", "page down", "Go a page down.", _MOVE),
    _action("first", "home", "first", "Go to the first case.", _MOVE),
    _action("last", "end", "last", "Go to the last case.", _MOVE),
    _action("close", "escape", "back", "Go back.", _FILES, bar=1),
    _action("help", "question_mark f1", "help", "Show the keys.", _SHOW, bar=1),
)
"""The actions on the cases behind a figure."""

FEEDBACK: tuple[Action, ...] = (
    _action("open", "enter", "open", "Open the document at this place.", _FILES, bar=1),
    _action("comments", "i", "comments", "Show all that was said about it.", _SHOW, bar=2),
    _action("show_all", "0", "all", "Show all findings.", _SHOW),
    _action("show_missed", "1", "missed", "Show only what was missed.", _SHOW),
    _action("show_spurious", "2", "spurious", "Show only what is no entity in gold.", _SHOW),
    _action("show_label", "3", "label", "Show only spans with another label in gold.", _SHOW),
    _action("show_boundary", "4", "boundary", "Show only spans with other edges in gold.", _SHOW),
    _action("show_both", "5", "both", "Show only spans with another label and other edges in gold.", _SHOW),
    _action("show_comment", "6", "comment", "Show only comments that are on no difference.", _SHOW),
    _action(
        "send_back", "b", "send back", "Send the document back with a comment, as a lead.", _FILES, bar=2
    ),
    _action("take_back", "u", "take back", "Take back the sending back of the document.", _FILES, bar=3),
    _action("up", "up k", "up", "Go a row up.", _MOVE),
    _action("down", "down j", "down", "Go a row down.", _MOVE),
    _action("page_up", "pageup", "page up", "Go a page up.", _MOVE),
    _action("page_down", "pagedown", "page down", "Go a page down.", _MOVE),
    _action("first", "home", "first", "Go to the first one.", _MOVE),
    _action("last", "end", "last", "Go to the last one.", _MOVE),
    _action("previous_document", "less_than_sign", "document before", "Go to the document before.", _MOVE),
    _action("next_document", "greater_than_sign", "next document", "Go to the next document.", _MOVE, bar=4),
    _action(
        "toggle_mode", "v", "labels below", "Show labels in a row of their own, or as keys.", _SHOW, bar=4
    ),
    _action("close", "escape o", "back", "Go back to the document.", _FILES, bar=1),
    _action("help", "question_mark f1", "help", "Show the keys.", _SHOW, bar=1),
)
"""The feedback screen's actions."""

AUDIT: tuple[Action, ...] = (
    _action("open", "enter", "open", "Go to the places; on a place, open the document there.", _FILES, bar=2),
    _action("switch", "tab shift+tab", "places", "Go to the places, or back to the findings.", _MOVE, bar=2),
    _action("pick_label", "t", "pick label", "Pick what it becomes from all labels by typing.", _DECIDE),
    _action("leave_alone", "x delete", "leave", "Leave the place, or the finding, as it is.", _DECIDE, bar=1),
    _action(
        "take_majorities",
        "a",
        "majorities",
        "Choose the majority for all findings that have one and of which nothing is chosen.",
        _DECIDE,
        bar=1,
    ),
    _action(
        "mend",
        "space",
        "mend",
        "Show what was chosen in numbers, and then do it in one step.",
        _DECIDE,
        bar=1,
    ),
    _action("undo", "u ctrl+z", "undo", "Take back the last mend of the store.", _DECIDE, bar=1),
    _action("up", "up k", "up", "Go a row up.", _MOVE),
    _action("down", "down j", "down", "Go a row down.", _MOVE),
    _action("page_up", "pageup", "page up", "Go a page up.", _MOVE),
    _action("page_down", "pagedown", "page down", "Go a page down.", _MOVE),
    _action("first", "home", "first", "Go to the first row.", _MOVE),
    _action("last", "end", "last", "Go to the last row.", _MOVE),
    _action(
        "close", "escape", "back", "Go back; what is chosen stays so until the program ends.", _FILES, bar=1
    ),
    _action("help", "question_mark f1", "help", "Show the keys.", _SHOW, bar=1),
)
"""The audit screen's actions. Digits choose what a finding or place becomes, capitals give labels."""


def _shared(*names: str) -> tuple[Action, ...]:
    """Actions that are the same as on the annotate screen."""
    by_name = {action.name: action for action in ANNOTATE}
    return tuple(by_name[name] for name in names)


REVIEW: tuple[Action, ...] = (
    _action(
        "take_preselection", "enter", "preselected", "Take the version that is preselected.", _DECIDE, bar=1
    ),
    _action(
        "no_entity",
        "x delete",
        "no entity",
        "Let nothing stand here, or take a gold span out.",
        _DECIDE,
        bar=1,
    ),
    _action(
        "take_majorities",
        "a",
        "take run",
        "Take what is preselected, up to the next tie or the end of the screen.",
        _DECIDE,
        bar=3,
    ),
    _action(
        "same_text",
        "m",
        "same text",
        "Settle the boxed conflicts, of the same text and versions, as the last one.",
        _DECIDE,
        bar=4,
    ),
    *_shared("undo", "redo"),
    _action(
        "pick_label",
        "t",
        "label",
        "Give the label whose key comes next; twice: pick one by typing.",
        _DECIDE,
        bar=3,
    ),
    _action("doubt", "y", "doubt", "Flag the gold span as doubtful.", _DECIDE),
    _action("comment", "n", "comment", "Tell the annotators something about the conflict.", _DECIDE, bar=4),
    _action("note", "", "note", "Write a note on the gold span.", _DECIDE),
    _action("reopen", "", "open again", "Open a settled conflict again.", _DECIDE),
    *_shared("left_out", "left_in", "right_in", "right_out", "by_character", "jump"),
    _action("next_conflict", "tab", "next", "Go to the next open conflict, in any document.", _MOVE, bar=2),
    _action(
        "previous_conflict",
        "shift+tab",
        "previous",
        "Go to the open conflict before, in any document.",
        _MOVE,
    ),
    _action("next_tie", "g", "next tie", "Go to the next conflict without a preselection.", _MOVE, bar=3),
    *_shared("back", "next_here", "left", "right", "up", "down", "previous_paragraph", "next_paragraph"),
    *_shared("previous_sentence", "next_sentence", "page_up", "page_down", "first", "last", "search"),
    _action("who", "i", "who", "Say who has which version, and where the gold comes from.", _SHOW, bar=4),
    _action(
        "filter", "c", "filter", "Stop only at one kind of conflict, or at one pair of labels.", _SHOW, bar=4
    ),
    _action(
        "hide_names", "h", "hide names", "Show letters instead of names, or the names again.", _SHOW, bar=5
    ),
    *_shared("toggle_mode"),
    _action(
        "finish",
        "space",
        "finish",
        "Go to the first open conflict; where all are settled, finish and open the next document.",
        _FILES,
        bar=1,
    ),
    *_shared("previous_document", "next_document", "documents", "save_again"),
    _action(
        "choose_version",
        "",
        "choose a version",
        "Choose between your gold and what somebody else has put in its place.",
        _FILES,
    ),
    *_shared("help"),
)
"""The review screen's actions. Digits take versions and capitals give labels; they are not listed here."""

EVERYWHERE = (*ANNOTATE, *AUDIT, *DOCUMENTS, *FEEDBACK, *AGREEMENT, *CASES, *REVIEW)
"""The actions of all screens, whose keys the settings may change."""
