"""Dismissed findings of audits on disk: `audit.json`, a list of records."""

from __future__ import annotations

from annotator.model.dismissals import Dismissal
from annotator.store.layout import AUDIT_FILE
from annotator.store.record_list import ListedStore, RecordList, RecordListFile

DISMISSED = RecordList(
    AUDIT_FILE,
    ("audit", "dismissed"),
    Dismissal,
    lock=".audit",
    loss="annotator audit tells again what was lost; --dismiss dismisses it",
)
"""What was dismissed in a store."""


class Dismissals(RecordListFile[Dismissal]):
    """What was dismissed in one store."""

    def __init__(self, store: ListedStore) -> None:
        super().__init__(store, DISMISSED)
