"""Who: who has which version of a conflict, what is preselected, and where the gold comes from."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.tui.screens.dialogs.entries import Entry
from annotator.tui.screens.dialogs.message import MessageDialog
from annotator.tui.widgets.looks import Run


def who_dialog(title: str, said: Iterable[tuple[str, tuple[Run, ...]]]) -> MessageDialog:
    """A conflict on the text `title`, as terms and what is said of them."""
    return MessageDialog(title, [Entry(term, runs, "muted") for term, runs in said])
