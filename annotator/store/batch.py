"""Many files on their way into a store, each folder synced once at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import NamedTuple

from annotator.model.documents import Document
from annotator.model.spans import Suggestion
from annotator.store.locks import HeldBy, Hold
from annotator.store.sets import SetSnapshot

Later = set[Path]
"""The folders that are still to be synced."""


class Added(NamedTuple):
    """What became of imported documents: how many are new, and how many were there with the same text."""

    new: int
    known: int


class Batch:
    """Many files on their way into a store: see `Store.batch`."""

    def __init__(
        self,
        *,
        add: Callable[[Document, Iterable[Suggestion], Later], bool],
        save: Callable[[SetSnapshot, Later], None],
        adding: Callable[[], AbstractContextManager[None]],
        hold: Callable[[str], Hold | HeldBy],
    ) -> None:
        """`add` and `save` write one file of a store and leave its folder to be synced; `adding` and `hold` are as `Store`'s."""
        self.later: Later = set()
        self._add = add
        self._save = save
        self._start_adding = adding
        self._hold = hold
        self._holds: dict[str, Hold] = {}
        self._adding = ExitStack()
        self._is_adding = False

    def add_document(self, document: Document, *, suggestions: Iterable[Suggestion] = ()) -> bool:
        """As `Store.add_document`, but durable when the batch has ended."""
        if not self._is_adding:
            self._adding.enter_context(self._start_adding())
            self._is_adding = True
        return self._add(document, suggestions, self.later)

    def save(self, snapshot: SetSnapshot) -> None:
        """As `Store.save`, but durable when the batch has ended; the annotator's sets are held until then."""
        if snapshot.annotator not in self._holds:
            hold = self._hold(snapshot.annotator)
            if isinstance(hold, HeldBy):
                raise hold.error
            self._holds[snapshot.annotator] = hold
        self._save(snapshot, self.later)

    def release(self) -> None:
        """Give back the right to add documents, and to write the sets that were saved."""
        self._adding.close()
        for hold in self._holds.values():
            hold.release()
        self._holds.clear()
