"""The audit's screens: findings and their places, and a look at a place in its text."""

from annotator.tui.screens.audit.lists import GoTo
from annotator.tui.screens.audit.screen import AuditScreen, Dialogs

__all__ = ["AuditScreen", "Dialogs", "GoTo"]
