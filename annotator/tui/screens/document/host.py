"""What the parts of a screen with a document ask of the screen that is composed of them."""

from __future__ import annotations

from typing import Protocol

from annotator.editing.change import Change
from annotator.editing.editor import Editor


class DocumentHost(Protocol):
    """A screen with one document on it."""

    @property
    def editor(self) -> Editor:
        """The document on screen."""

    def open(self, document_id: str, *, message: str = "", is_anew: bool = False) -> bool:
        """Show a document; False, and what is on screen stays, if it cannot be read: a dialog says why.

        With `is_anew`, what is on screen is not left first: the store has taken something else in its place.
        """

    def apply_change(self, change: Change) -> None:
        """Show what a verb did, and have it saved."""

    def stretch_to(self, offset: int) -> None:
        """Let the focus, the selection or the word at the cursor reach to the token at `offset`; go there if it must not."""

    def text_fitted(self) -> None:
        """The text was broken into rows for another size, and is about to be painted so."""

    def cursor_moved(self) -> None:
        """The person has moved the cursor."""

    def refresh_view(self, *, follow: bool = True) -> None:
        """Show the cursor, the focus and the bars as they are now; `follow` keeps the cursor in view."""

    def show_bars(self) -> None:
        """Say what there is to say."""

    def make_room(self, width: int, height: int) -> None:
        """Let what is beside the text have its place in a terminal of this size."""

    def answered(self, purpose: str, text: str) -> None:
        """A line was typed into the prompt, for any purpose but searching."""

    def given_up(self, purpose: str, text: str) -> None:
        """The prompt was left without an answer, for any purpose but searching."""
