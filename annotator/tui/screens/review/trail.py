"""The trail of a review: in which documents decisions were made, so that undo finds the way back."""

from __future__ import annotations


class Trail:
    """One entry a step, in the order in which they were made; a new one ends what could be redone."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._undone: list[str] = []

    @property
    def last(self) -> str | None:
        """Where the last step was made; None if none was made since the program began."""
        return self._done[-1] if self._done else None

    @property
    def last_undone(self) -> str | None:
        """Where the step undone last was made."""
        return self._undone[-1] if self._undone else None

    def add(self, document_id: str) -> None:
        """A step was made."""
        self._done.append(document_id)
        self._undone.clear()

    def undo(self) -> None:
        """The last step was taken back; without one, a step of an earlier day."""
        if self._done:
            self._undone.append(self._done.pop())

    def redo(self) -> None:
        """The step undone last was brought back."""
        if self._undone:
            self._done.append(self._undone.pop())
