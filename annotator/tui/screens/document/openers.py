"""What can be opened over any screen with a document."""

from __future__ import annotations

from typing import Protocol


class DocumentOpeners(Protocol):
    """Opens dialogs and screens, each imported when it is wanted for the first time."""

    def pick_label(self) -> None:
        """Ask for a label by its name, and give it."""

    def choose_version(self) -> None:
        """Ask which of several versions of the set on screen shall hold."""

    def documents(self) -> None:
        """Show all documents."""
