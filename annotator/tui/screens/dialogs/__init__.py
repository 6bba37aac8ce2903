"""Dialogs: screens on top of another one that take every key until they are closed."""

from annotator.tui.screens.dialogs.comments import comments_dialog
from annotator.tui.screens.dialogs.help import HelpDialog, HelpSection
from annotator.tui.screens.dialogs.message import MessageDialog, error_dialog, leave_dialog, unsaved_dialog
from annotator.tui.screens.dialogs.picker import LabelPicker
from annotator.tui.screens.dialogs.place import PlaceDialog
from annotator.tui.screens.dialogs.versions import versions_dialog
from annotator.tui.screens.dialogs.why import why_dialog

__all__ = [
    "HelpDialog",
    "HelpSection",
    "LabelPicker",
    "MessageDialog",
    "PlaceDialog",
    "comments_dialog",
    "error_dialog",
    "leave_dialog",
    "unsaved_dialog",
    "versions_dialog",
    "why_dialog",
]
