"""What can be opened over the review screen."""

from __future__ import annotations

from typing import Protocol

from annotator.tui.screens.document.openers import DocumentOpeners


class ReviewOpeners(DocumentOpeners, Protocol):
    """Opens dialogs and screens, each imported when it is wanted for the first time."""

    def who(self) -> None:
        """Show who has which version of the current conflict."""

    def filter(self) -> None:
        """Ask which conflicts to stop at."""
