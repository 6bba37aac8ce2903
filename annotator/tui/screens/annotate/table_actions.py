"""The keys of the table of spans, while it has the keyboard."""

from __future__ import annotations

from collections.abc import Callable

from annotator.tui.keys.action import MOVE, PROGRAM, Action, action
from annotator.tui.keys.program import WITHOUT_HELP
from annotator.tui.screens.annotate.screen import AnnotateScreen
from annotator.tui.widgets.span_table import SpanTable


def in_table(point: Callable[[SpanTable], int | None]) -> Callable[[AnnotateScreen], None]:
    """The handler of an action that points at another mention in the table; the text follows."""

    def handler(screen: AnnotateScreen) -> None:
        screen.follow_table(point(screen.table))

    return handler


TABLE: tuple[Action, ...] = (
    action("row_up", "up k", "up", "Go a row up.", MOVE, bar=1, handler=in_table(SpanTable.row_up)),
    action("row_down", "down", "down", "Go a row down.", MOVE, bar=1, handler=in_table(SpanTable.row_down)),
    action(
        "next_mention",
        "right n space",
        "next mention",
        "Go to the next mention of the row in the text.",
        MOVE,
        bar=1,
        handler=in_table(SpanTable.next_mention),
    ),
    action(
        "previous_mention",
        "left p",
        "previous mention",
        "Go to the previous mention of the row in the text.",
        MOVE,
        bar=2,
        handler=in_table(SpanTable.previous_mention),
    ),
    action(
        "choose_mention",
        "enter",
        "go there",
        "Go back to the text, at the mention.",
        MOVE,
        bar=1,
        handler=AnnotateScreen.action_choose_mention,
    ),
    action("page_up", "pageup", "page up", "Go a page up.", MOVE, handler=in_table(SpanTable.page_up)),
    action(
        "page_down", "pagedown", "page down", "Go a page down.", MOVE, handler=in_table(SpanTable.page_down)
    ),
    action("first", "home", "first", "Go to the first row.", MOVE, handler=in_table(SpanTable.first_row)),
    action("last", "end", "last", "Go to the last row.", MOVE, handler=in_table(SpanTable.last_row)),
    action(
        "leave_table",
        "escape j tab",
        "back to the text",
        "Go back to where you were in the text.",
        MOVE,
        bar=1,
        handler=AnnotateScreen.action_leave_table,
    ),
    action(
        "help",
        "question_mark f1",
        "help",
        "Show the keys.",
        PROGRAM,
        bar=1,
        handler=AnnotateScreen.action_table_help,
    ),
    *(each for each in WITHOUT_HELP if each.name != "leave"),
)
"""What the table does. Any other key does nothing there, and the status line says how to leave."""
