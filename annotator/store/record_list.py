"""Lists of records on disk: one table file for each, to which records are added.

```
<name>.json   two tables: one with the version of the file, and the records
```

Records are never taken out and a withdrawal is a mark on one, so two copies of the file are united without a clash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from annotator.errors import HeldError, VersionError
from annotator.model.record_merge import Withdrawable
from annotator.model.records import SCHEMA_VERSION, ListHeader
from annotator.model.validation import read_record, read_records
from annotator.store.files import Disk, Files
from annotator.store.locks import HeldBy, Locks
from annotator.store.records import check_tables, is_newer, newer_error, numbered_records, only_record
from annotator.store.storage import StoreFile, Tables, read_tables
from annotator.store.tables import Record, damaged
from annotator.store.uids import derived_uid

ListKind = TypeVar("ListKind", bound=Withdrawable)


@dataclass(frozen=True, slots=True)
class RecordList(Generic[ListKind]):
    """One kind of list: the `path` of its file in a store, the `tables` there, and the `kind` of its records.

    `lock` is a name that no annotator can have. `loss` says what a person does about records that are lost.
    """

    path: str
    tables: tuple[str, str]
    kind: type[ListKind]
    lock: str
    loss: str

    def data(self, records: Iterable[ListKind]) -> bytes:
        """The content of the file; InputError if a text or name holds what JSON cannot."""
        header: Record = {"uid": derived_uid(self.path), "schema_version": SCHEMA_VERSION}
        first, second = self.tables
        return StoreFile.of({first: [(1, header)], second: numbered_records(records)}).content()

    def of(self, tables: Tables, *, origin: str) -> tuple[ListKind, ...]:
        """The records that the tables of a file hold; DamageError if they hold anything else.

        VersionError if a newer program has written them.
        """
        record = only_record(tables, self.tables[0], origin=origin)
        if is_newer(record, origin=origin):
            raise newer_error(record["schema_version"], origin=origin)
        check_tables(tables, self.tables, origin=origin)
        try:
            read_record(ListHeader, record)
            return tuple(read_records(self.kind, tables[self.tables[1]]))
        except ValueError as error:
            damaged(origin, str(error))


class ListedStore(Protocol):
    """What a list needs of its store: bringing a store to this program's version brings its lists there too."""

    path: Path
    disk: Disk

    @property
    def is_read_only(self) -> str | None: ...


class RecordListFile(Generic[ListKind]):
    """A list of one store. Methods raise DamageError if the file does not hold what it must."""

    def __init__(self, store: ListedStore, record_list: RecordList[ListKind]) -> None:
        self._store = store
        self._list = record_list
        self._files = Files(store.path, disk=store.disk)
        self._path = store.path / record_list.path

    def read(self) -> tuple[ListKind, ...]:
        """All that was ever added, the oldest first; nothing if there is no file."""
        data = self._files.read(self._path)
        origin = self._list.path
        return () if data is None else self._list.of(read_tables(data, origin=origin), origin=origin)

    def change(self, altered: Callable[[tuple[ListKind, ...]], tuple[ListKind, ...]]) -> None:
        """Replace the records by what `altered` makes of them; durable when it returns.

        HeldError, and nothing changed, if another program is changing them; SaveError if that fails, VersionError in a
        newer store.
        """
        if (reason := self._store.is_read_only) is not None:
            raise VersionError(
                f"{self._list.path} cannot be changed here: {reason}",
                hint="do it where the store can be written",
            )
        hold = Locks(self._files).hold(self._list.lock)
        if isinstance(hold, HeldBy):
            raise HeldError(
                f"{self._list.path} is being changed by {hold}", hint="try again when it has ended"
            )
        with hold:
            records = self.read()
            new = altered(records)
            if new != records:
                self._files.write(self._path, self._list.data(new))
