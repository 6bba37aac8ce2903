"""What can be done on the audit screen."""

from __future__ import annotations

from annotator.tui.keys.action import DECIDE, FILES, MOVE, ROWS, SHOW, Action, action
from annotator.tui.keys.program import EVERY_SCREEN
from annotator.tui.screens.audit.screen import AuditScreen

AUDIT: tuple[Action, ...] = (
    action(
        "open",
        "enter",
        "open",
        "Go to the places; on a place, open the document there.",
        FILES,
        bar=2,
        handler=AuditScreen.action_open,
    ),
    action(
        "switch",
        "tab shift+tab",
        "places",
        "Go to the places, or back to the findings.",
        MOVE,
        bar=2,
        handler=AuditScreen.action_switch,
    ),
    action(
        "pick_label",
        "t",
        "pick label",
        "Pick what it becomes from all labels by typing.",
        DECIDE,
        handler=AuditScreen.action_pick_label,
    ),
    action(
        "leave_alone",
        "x delete",
        "leave",
        "Leave the place, or the finding, as it is.",
        DECIDE,
        bar=1,
        handler=AuditScreen.action_leave_alone,
    ),
    action(
        "take_majorities",
        "a",
        "majorities",
        "Choose the majority for all findings that have one and of which nothing is chosen.",
        DECIDE,
        bar=1,
        handler=AuditScreen.action_take_majorities,
    ),
    action(
        "mend",
        "space",
        "mend",
        "Show what was chosen in numbers, and then do it in one step.",
        DECIDE,
        bar=1,
        handler=AuditScreen.action_mend,
    ),
    action(
        "dismiss_finding",
        "d",
        "dismiss",
        "Judge the finding to be fine as it is: it comes back only when something new joins it.",
        DECIDE,
        bar=1,
        handler=AuditScreen.action_dismiss_finding,
    ),
    action(
        "restore_finding",
        "r",
        "restore",
        "Take back that the finding was dismissed.",
        DECIDE,
        handler=AuditScreen.action_restore_finding,
    ),
    action(
        "undo",
        "u ctrl+z",
        "undo",
        "Take back what was dismissed here last, else the last mend of the store.",
        DECIDE,
        bar=1,
        handler=AuditScreen.action_undo,
    ),
    action(
        "show_dismissed",
        "h",
        "dismissed",
        "Show what was dismissed as well, or hide it.",
        SHOW,
        bar=2,
        handler=AuditScreen.action_show_dismissed,
    ),
    *ROWS,
    action(
        "close",
        "escape",
        "back",
        "Go back; what is chosen stays so until the program ends.",
        FILES,
        bar=1,
        handler=AuditScreen.action_close,
    ),
    *EVERY_SCREEN,
)
"""The audit screen's actions. Digits choose what a finding or place becomes, capitals give labels."""
