"""Taking documents out of a store, with all that was decided on them, after a backup."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from annotator.model.decisions import new_uid, time_text
from annotator.model.removals import Removal
from annotator.store.backups import KEPT, Backup, back_up
from annotator.store.files import Files
from annotator.store.layout import document_path, set_path, versions_beside
from annotator.store.locks import HeldBy
from annotator.store.removals import Removals
from annotator.store.repository import Store


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out, and the backup that still has it."""

    documents: int
    sets: int
    backup: Backup


def remove_documents(store: Store, ids: Sequence[str], *, who: str = "", when: str = "") -> Removed:
    """Take the documents called `ids` out; durable when it returns. A list keeps that `who` did it, and `when`, by default now.

    HeldError, and nothing changed, if another program holds a set on one of them; InputError for an id that is not
    there; SaveError if a file cannot be removed: then what was removed until then is in the backup.
    """
    files = Files(store.path, disk=store.disk)
    moment = when or time_text(datetime.now(UTC))
    documents = [store.document(document_id) for document_id in ids]
    removals = tuple(
        Removal(new_uid(), document.id, document.sha256, document.title, who, moment)
        for document in documents
    )
    sets = [(id, annotator) for id in ids for annotator in store.sets_of(id, gold=True)]
    with ExitStack() as holds:
        for annotator in sorted({annotator for _, annotator in sets}):
            hold = store.hold(annotator)
            if isinstance(hold, HeldBy):
                raise hold.error
            holds.enter_context(hold)
        backup = back_up(files, reason="before-remove", kept=KEPT)
        for document_id, annotator in sets:
            path = files.root / set_path(document_id, annotator)
            for version in _versions(files, path):
                files.remove(version)
            files.remove(path)
            store.catalogue.drop_sets(annotator, {document_id})
        Removals(store).change(lambda known: (*known, *removals))
        for document_id in ids:  # last, so that no set is ever without its document
            files.remove(files.root / document_path(document_id))
        store.catalogue.drop_documents(set(ids))
    return Removed(len(ids), len(sets), backup)


def _versions(files: Files, path: Path) -> list[Path]:
    """The versions of a set that stand beside it."""
    return [path.with_name(name) for name in versions_beside(path.name, files.names(path.parent))]
