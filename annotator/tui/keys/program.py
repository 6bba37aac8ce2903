"""The actions that every screen has: help, palette, theme, and the ways out."""

from __future__ import annotations

from annotator.tui.keys.action import PROGRAM, Action, action
from annotator.tui.keys.keyed_screen import KeyedScreen

HELP = action(
    "help",
    "question_mark f1",
    "help",
    "Show the keys.",
    PROGRAM,
    bar=1,
    handler=KeyedScreen.action_help,
)

WITHOUT_HELP: tuple[Action, ...] = (
    action(
        "palette",
        "ctrl+p",
        "menu",
        "Show all that can be done here, and do it by its name.",
        PROGRAM,
        bar=1,
        handler=KeyedScreen.action_palette,
    ),
    action(
        "theme", "", "theme", "Choose the colours of the screen.", PROGRAM, handler=KeyedScreen.action_theme
    ),
    action("leave", "q", "leave", "Ask whether to quit.", PROGRAM, handler=KeyedScreen.action_leave_program),
    action(
        "quit",
        "ctrl+q",
        "quit",
        "Quit once everything is saved; ctrl+c pressed twice does too.",
        PROGRAM,
        bar=1,
        handler=KeyedScreen.action_quit,
    ),
)
"""Those of a screen whose help is its own."""

EVERY_SCREEN = (HELP, *WITHOUT_HELP)
"""They stand behind a screen's own actions, at the end of its footer."""
