"""Dismissed findings of audits on disk: one table file, to which records are added.

```
audit.json   tables audit (one record), dismissed
```

Records are never taken out and a withdrawal is a mark on one, so two copies of the file are united without a clash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from annotator.errors import HeldError, VersionError
from annotator.model.dismissals import AuditHeader, Dismissal
from annotator.model.records import SCHEMA_VERSION
from annotator.model.validation import read_record, read_records
from annotator.store.files import Files
from annotator.store.layout import AUDIT_FILE
from annotator.store.locks import HeldBy, Locks
from annotator.store.records import (
    check_tables,
    is_newer,
    newer_error,
    numbered_records,
    only_record,
)
from annotator.store.storage import StoreFile, Tables, read_tables
from annotator.store.tables import Record, damaged
from annotator.store.uids import derived_uid

if TYPE_CHECKING:
    from annotator.store.repository import Store

DISMISSAL_TABLES = ("audit", "dismissed")

_LOCK = ".audit"
"""The name of the lock on the file, which no annotator can have."""

Dismissed = tuple[Dismissal, ...]


class Dismissals:
    """What was dismissed in one store. Methods raise DamageError if the file does not hold what it must."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = Files(store.path, disk=store.disk)
        self._path = store.path / AUDIT_FILE

    def read(self) -> Dismissed:
        """All that was ever dismissed, the oldest first; nothing if there is no file."""
        data = self._files.read(self._path)
        return () if data is None else dismissals_of(read_tables(data, origin=AUDIT_FILE), origin=AUDIT_FILE)

    def change(self, altered: Callable[[Dismissed], Dismissed]) -> None:
        """Replace what was dismissed by what `altered` makes of it; durable when it returns.

        HeldError, and nothing changed, if another program is changing it; SaveError if that fails, VersionError in a
        newer store.
        """
        if (reason := self._store.is_read_only) is not None:
            raise VersionError(
                f"nothing can be dismissed here: {reason}", hint="do it where the store can be written"
            )
        hold = Locks(self._files).hold(_LOCK)
        if isinstance(hold, HeldBy):
            raise HeldError(f"findings are being dismissed by {hold}", hint="try again when it has ended")
        with hold:
            dismissals = self.read()
            new = altered(dismissals)
            if new != dismissals:
                self._files.write(self._path, dismissals_data(new))


def dismissals_data(dismissals: Iterable[Dismissal]) -> bytes:
    """The content of the file; InputError if a text or name holds what JSON cannot."""
    header: Record = {"uid": derived_uid(AUDIT_FILE), "schema_version": SCHEMA_VERSION}
    return StoreFile.of({"audit": [(1, header)], "dismissed": numbered_records(dismissals)}).content()


def dismissals_of(tables: Tables, *, origin: str) -> Dismissed:
    """The dismissals that the tables of a file hold; DamageError if they hold anything else.

    VersionError if a newer program has written them.
    """
    record = only_record(tables, "audit", origin=origin)
    if is_newer(record, origin=origin):
        raise newer_error(record["schema_version"], origin=origin)
    check_tables(tables, DISMISSAL_TABLES, origin=origin)
    try:
        read_record(AuditHeader, record)
        return tuple(read_records(Dismissal, tables["dismissed"]))
    except ValueError as error:
        damaged(origin, str(error))
