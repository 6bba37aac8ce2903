"""What a screen with a document needs of the project behind it, whether that annotates or reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from annotator.editing.editor import Editor
from annotator.errors import DamageError
from annotator.model.labels import LabelSet
from annotator.settings import Settings
from annotator.store.writer import SaveState
from annotator.workspace import Event
from annotator.workspace.saving import QueuePosition


class DocumentProject(Protocol):
    """Documents in an order, one annotation set on each, and the way to have them saved."""

    settings: Settings
    listener: Callable[[Event], None]
    read_only: str | None

    @property
    def label_set(self) -> LabelSet:
        """The labels that can be given."""

    @property
    def damage(self) -> DamageError | None:
        """What is damaged and so left out."""

    def position(self, document_id: str) -> QueuePosition:
        """Where a document stands in the queue."""

    def following(self, document_id: str) -> str | None:
        """The next document that is to be worked on; None if there is none."""

    def neighbour(self, document_id: str, step: int) -> str | None:
        """The document before (-1) or behind (1) in the queue; None beyond its end."""

    def try_writing(self) -> bool:
        """Find out anew whether decisions can be saved."""

    def count_key(self, editor: Editor) -> None:
        """Count a key, and the time since the last one, as spent on a document."""

    def save(self, editor: Editor) -> None:
        """Have the newest state of a set saved; returns at once."""

    def save_state(self, editor: Editor) -> SaveState:
        """How far the saving of a set is."""

    def retry(self) -> None:
        """Try at once to save what could not be saved."""

    def has_versions(self, document_id: str) -> bool:
        """True if one of several versions of the set is to be chosen."""
