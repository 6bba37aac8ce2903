"""What can be opened over the annotate screen."""

from __future__ import annotations

from typing import Protocol

from annotator.tui.screens.document.openers import DocumentOpeners


class AnnotateOpeners(DocumentOpeners, Protocol):
    """Opens dialogs and screens, each imported when it is wanted for the first time."""

    def correct_everywhere(self) -> None:
        """Do the last correction in all documents, once it is confirmed."""

    def undo_step(self) -> None:
        """Take back the step over several documents that an undo on screen is about, once it is confirmed."""

    def undo_last_step(self) -> None:
        """Take back the last step over several documents, once it is confirmed."""

    def why(self) -> None:
        """Show where the suggestion at the cursor comes from."""

    def audit(self) -> None:
        """Show texts that are labelled inconsistently."""

    def find(self, words: str = "") -> None:
        """Search all texts, at once for `words` if there are any."""

    def feedback(self) -> None:
        """Show what reviews found in finished documents."""

    def agreement(self) -> None:
        """Show how far annotators agree."""

    def statistics(self) -> None:
        """Show how far the work is and what it costs."""

    def adapting(self) -> None:
        """Show how a copy of the model has adapted."""
