"""What can be done on the start page."""

from __future__ import annotations

from annotator.tui.keys.action import FILES, ROWS, Action, action
from annotator.tui.screens.start.screen import StartScreen

START: tuple[Action, ...] = (
    action(
        "choose",
        "enter space",
        "choose",
        "Begin in this way.",
        FILES,
        bar=1,
        handler=StartScreen.action_choose,
    ),
    *ROWS,
    action(
        "leave",
        "q escape",
        "leave",
        "Leave the program.",
        FILES,
        bar=1,
        handler=StartScreen.action_leave,
    ),
)
"""The start page's actions."""
