"""Many files on their way into a store, each folder synced once at the end."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.documents import Document
from annotator.model.spans import Suggestion
from annotator.store.locks import HeldBy, Hold
from annotator.store.sets import SetSnapshot

if TYPE_CHECKING:
    from annotator.store.repository import Store


class Added(NamedTuple):
    """What became of imported documents: how many are new, and how many were there with the same text."""

    new: int
    known: int


class Batch:
    """Many files on their way into a store: see `Store.batch`. `later` are the folders still to be synced."""

    def __init__(self, store: Store) -> None:
        self.later: set[Path] = set()
        self._store = store
        self._holds: dict[str, Hold] = {}
        self._adding = ExitStack()
        self._is_adding = False

    def add_document(self, document: Document, *, suggestions: Iterable[Suggestion] = ()) -> bool:
        """As `Store.add_document`, but durable when the batch has ended."""
        if not self._is_adding:
            self._adding.enter_context(self._store.adding())
            self._is_adding = True
        return self._store._add(document, suggestions, self.later)

    def save(self, snapshot: SetSnapshot) -> None:
        """As `Store.save`, but durable when the batch has ended; the annotator's sets are held until then."""
        if snapshot.annotator not in self._holds:
            hold = self._store.hold(snapshot.annotator)
            if isinstance(hold, HeldBy):
                raise hold.error
            self._holds[snapshot.annotator] = hold
        self._store._save(snapshot, self.later)

    def release(self) -> None:
        """Give back the right to add documents, and to write the sets that were saved."""
        self._adding.close()
        for hold in self._holds.values():
            hold.release()
        self._holds.clear()
