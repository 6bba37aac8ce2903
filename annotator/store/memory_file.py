"""What people told memory by hand, on disk: one table file, which is replaced as a whole.

```
memory.json   tables memory (one record), pinned, blocked, forgotten
```

What memory learns is in the annotation sets and is not kept here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from annotator.errors import HeldError, VersionError
from annotator.model.memory_edits import (
    BlockedForm,
    EditedForm,
    ForgottenForm,
    MemoryEdits,
    MemoryHeader,
    PinnedForm,
)
from annotator.model.records import SCHEMA_VERSION
from annotator.model.validation import adapter, read_record, read_records
from annotator.store.files import Files
from annotator.store.layout import MEMORY_FILE
from annotator.store.locks import HeldBy, Locks
from annotator.store.records import check_tables, is_newer, newer_error, only_record
from annotator.store.storage import StoreFile, Tables, numbered, read_tables
from annotator.store.tables import Record, damaged
from annotator.store.uids import derived_uid, without_uid

if TYPE_CHECKING:
    from annotator.store.repository import Store

MEMORY_TABLES = ("memory", "pinned", "blocked", "forgotten")

_LOCK = ".memory"
"""The name of the lock on it, which no annotator can have."""


class MemoryFile:
    """The file of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = Files(store.path, disk=store.disk)
        self.path = store.path / MEMORY_FILE

    def read(self) -> MemoryEdits:
        """What memory was told, nothing if there is no file; DamageError if it holds anything else.

        VersionError if a newer program has written it.
        """
        data = self._files.read(self.path)
        if data is None:
            return MemoryEdits()
        return memory_edits_of(read_tables(data, origin=str(self.path)), origin=str(self.path))

    @contextmanager
    def change(self) -> Iterator[None]:
        """Keep other programs from changing the file for a block; HeldError if one is just doing so."""
        hold = Locks(self._files).hold(_LOCK)
        if isinstance(hold, HeldBy):
            raise HeldError(f"memory is being edited by {hold}", hint="try again when it has ended")
        with hold:
            yield

    def write(self, edits: MemoryEdits) -> None:
        """Replace the edits; durable when it returns. SaveError if that fails, VersionError in a newer store."""
        if (reason := self._store.is_read_only) is not None:
            raise VersionError(
                f"memory cannot be edited here: {reason}", hint="edit it where the store can be written"
            )
        self._files.write(self.path, memory_data(edits))


def memory_data(edits: MemoryEdits) -> bytes:
    """The content of the file; InputError if a form or label holds what JSON cannot."""
    header: Record = {"uid": derived_uid(MEMORY_FILE), "schema_version": SCHEMA_VERSION}
    return StoreFile.of(
        {
            "memory": [(1, header)],
            "pinned": numbered(_records("pinned", edits.pinned)),
            "blocked": numbered(_records("blocked", edits.blocked)),
            "forgotten": numbered(_records("forgotten", edits.forgotten)),
        }
    ).content()


def memory_edits_of(tables: Tables, *, origin: str) -> MemoryEdits:
    """The edits that the tables of a file hold; DamageError if they hold anything else.

    VersionError if a newer program has written them.
    """
    record = only_record(tables, "memory", origin=origin)
    if is_newer(record, origin=origin):
        raise newer_error(record["schema_version"], origin=origin)
    check_tables(tables, MEMORY_TABLES, origin=origin)
    try:
        read_record(MemoryHeader, record)
        return MemoryEdits(
            tuple(read_records(PinnedForm, list(map(without_uid, tables["pinned"])))),
            tuple(read_records(BlockedForm, list(map(without_uid, tables["blocked"])))),
            tuple(read_records(ForgottenForm, list(map(without_uid, tables["forgotten"])))),
        )
    except ValueError as error:
        damaged(origin, str(error))


def _records(table: str, forms: Iterable[EditedForm]) -> Iterator[Mapping[str, Any]]:
    """The records of forms, each with a uid that it has in every copy of the store."""
    for form in forms:
        yield {
            "uid": derived_uid(table, form.surface),
            **adapter(type(form)).dump_python(form, mode="json"),
        }
