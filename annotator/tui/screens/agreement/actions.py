"""What can be done on the agreement screen, and among the cases behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from annotator.tui.keys.action import FILES, MOVE, ROWS, SHOW, Action, action
from annotator.tui.keys.program import EVERY_SCREEN
from annotator.tui.screens.agreement.cases import CasesScreen
from annotator.tui.screens.agreement.screen import AgreementScreen
from annotator.tui.screens.agreement.views import View


def show(view: View) -> Callable[[AgreementScreen], None]:
    """What shows one view of the figures."""
    return partial(AgreementScreen.show_view, view=view)


AGREEMENT: tuple[Action, ...] = (
    action(
        "open",
        "enter",
        "cases",
        "Show the cases behind the figure.",
        SHOW,
        bar=1,
        handler=AgreementScreen.action_open,
    ),
    action(
        "show_pairs", "1", "pairs", "Show each annotator with each other.", SHOW, handler=show(View.PAIRS)
    ),
    action(
        "show_figures", "2", "figures", "Show all figures of each pair.", SHOW, handler=show(View.FIGURES)
    ),
    action("show_labels", "3", "labels", "Show the figures of each label.", SHOW, handler=show(View.LABELS)),
    action(
        "show_confusion",
        "4",
        "confusion",
        "Show which label stands where another has which.",
        SHOW,
        handler=show(View.CONFUSION),
    ),
    action(
        "show_gold", "5", "gold", "Show each annotator measured by the gold.", SHOW, handler=show(View.GOLD)
    ),
    action(
        "show_documents",
        "6",
        "documents",
        "Show the documents, the least agreed on first.",
        SHOW,
        handler=show(View.DOCUMENTS),
    ),
    action(
        "next_view",
        "tab",
        "next view",
        "Show the next view.",
        SHOW,
        bar=2,
        handler=AgreementScreen.action_next_view,
    ),
    action(
        "previous_view",
        "shift+tab",
        "view before",
        "Show the view before.",
        SHOW,
        handler=AgreementScreen.action_previous_view,
    ),
    action(
        "vary",
        "f",
        "other figure",
        "Show the next figure of the pairs, or the confusion of the next pair.",
        SHOW,
        bar=1,
        handler=AgreementScreen.action_vary,
    ),
    action("left", "left", "left", "Go a cell to the left.", MOVE, handler=AgreementScreen.action_left),
    action("right", "right", "right", "Go a cell to the right.", MOVE, handler=AgreementScreen.action_right),
    *ROWS,
    action(
        "close",
        "escape",
        "back",
        "Go back; while figures are computed, stop that.",
        FILES,
        bar=1,
        handler=AgreementScreen.action_close,
    ),
    *EVERY_SCREEN,
)
"""The agreement screen's actions."""

CASES: tuple[Action, ...] = (
    action(
        "open",
        "enter",
        "read",
        "Give the text the whole screen.",
        SHOW,
        bar=1,
        handler=CasesScreen.action_open,
    ),
    action(
        "filter",
        "c",
        "filter",
        "Show differences, all cases, or those of one kind.",
        SHOW,
        bar=1,
        handler=CasesScreen.action_filter,
    ),
    action(
        "toggle_mode",
        "v",
        "labels below",
        "Show labels in a row of their own, or as keys.",
        SHOW,
        bar=2,
        handler=CasesScreen.action_toggle_mode,
    ),
    action(
        "annotate",
        "a",
        "annotate",
        "Open your own annotations of the document there.",
        FILES,
        bar=2,
        handler=CasesScreen.action_annotate,
    ),
    *(row for row in ROWS if row.name not in ("page_up", "page_down")),
    action("page_up", "pageup", "page up", "Go a page up.", MOVE, handler=CasesScreen.action_page_up),
    action(
        "page_down", "pagedown", "page down", "Go a page down.", MOVE, handler=CasesScreen.action_page_down
    ),
    action("close", "escape", "back", "Go back.", FILES, bar=1, handler=CasesScreen.action_close),
    *EVERY_SCREEN,
)
"""The actions on the cases behind a figure."""
