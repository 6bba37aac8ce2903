"""Verbs of the review session as handlers of the review screen's actions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.review.session import ReviewSession


class ChangesSession(Protocol):
    """A screen that shows and saves what a verb of its session did."""

    @property
    def session(self) -> ReviewSession:
        """The review of the document on screen."""

    def apply_change(self, change: Change) -> None:
        """Show what a verb did, and have it saved."""


@dataclass(frozen=True, slots=True)
class SessionVerb:
    """The handler of an action that is one verb of the session and nothing else."""

    verb: Callable[[ReviewSession], Change]

    def __call__(self, screen: ChangesSession) -> None:
        """Do the verb on the session of a screen."""
        screen.apply_change(self.verb(screen.session))


@dataclass(frozen=True, slots=True)
class SessionEdit:
    """The handler of an action that edits the gold span in focus by a verb of the editor."""

    verb: Callable[[Editor], Change]

    def __call__(self, screen: ChangesSession) -> None:
        """Do the edit on the session of a screen."""
        screen.apply_change(screen.session.edit(self.verb))
