"""Removed documents on disk: `removed.json`, a list of records, so that a removed document does not come back by a merge."""

from __future__ import annotations

from annotator.model.removals import Removal
from annotator.store.layout import REMOVED_FILE
from annotator.store.record_list import ListedStore, RecordList, RecordListFile

REMOVED = RecordList(
    REMOVED_FILE,
    ("removals", "removed"),
    Removal,
    lock=".removals",
    loss="what was lost comes back by a merge or an import; annotator remove removes it again",
)
"""What was removed from a store."""


class Removals(RecordListFile[Removal]):
    """What was removed from one store."""

    def __init__(self, store: ListedStore) -> None:
        super().__init__(store, REMOVED)
