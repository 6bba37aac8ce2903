"""TinyDB on a store's files: `StoreFile` is one file as TinyDB has it, `DurableStorage` what TinyDB reads and writes by.

The storage alone knows how a file is written (`tables`): one record a line, each with a checksum, which a reader verifies.
TinyDB's own storage would overwrite a file in place at every change; this one encodes what is new, keeps the lines of all
other records, and hands the whole file to a medium, once for all that a block changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document

from annotator.store.files import Files
from annotator.store.migrate import migrations
from annotator.store.migrate.objects import tables_of_object
from annotator.store.tables import (
    Record,
    damaged,
    decode_object,
    encode_record,
    encode_tables,
    rows_of,
)

Tables = Mapping[str, list[Document]]
"""The records of a file by table, by rising id; `doc_id` is a record's id."""
_VERSION = re.compile(rb'"schema_version": ([0-9]{1,9})')
"""It stands in a file's first record, before any text."""

Put = Callable[[bytes], None]
"""Puts the content of a file in its place; durable when it returns."""


class DurableStorage(Storage):
    """TinyDB's storage over the content of one file.

    `data` is the content, None for a file that is not there yet; `put` takes a new one. `origin` names the file in
    errors. With `changed`, records that do not fit their checksums are given all the same, and their tables and ids put
    there. An older file is read as this program's version has it, unless it is wanted `as_written`. With
    `keeps_lines`, a record that is the same object as before is not encoded again: whoever asks for it never changes one
    in place, as TinyDB's `update` does. Raises DamageError for what is no file of tables.
    """

    def __init__(
        self,
        data: bytes | None = None,
        *,
        origin: str = "",
        put: Put | None = None,
        changed: list[tuple[str, int]] | None = None,
        as_written: bool = False,
        keeps_lines: bool = False,
    ) -> None:
        self._keeps_lines = keeps_lines
        self._put = put
        self._tables: dict[str, dict[str, Record]] | None = None
        self._lines: dict[tuple[str, str], tuple[Record, bytes]] = {}
        self._is_waiting = False
        self.is_migrated = False
        if data is None:
            return
        content = decode_object(data, origin=origin)
        try:
            self._tables = tables_of_object(content)
        except ValueError as error:
            damaged(origin, str(error))
        self.is_migrated = self._tables is not None
        if self._tables is None:
            rows = rows_of(content, data, origin=origin, changed=changed)
            read = {name: {str(row.id): row.record for row in of} for name, of in rows.items()}
            self._tables = read if as_written else migrations.current(read)
            self.is_migrated = self._tables is not read
            self._lines = {
                (name, str(row.id)): (row.record, row.line) for name, of in rows.items() for row in of
            }

    def read(self) -> dict[str, dict[str, Any]] | None:
        """The records by table and id, without checksums; None if there are none yet."""
        return self._tables

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Take in what TinyDB has changed, and put it in its place unless a block is waiting for more."""
        self._tables = data
        if not self._is_waiting:
            self._finish()

    @contextmanager
    def one_write(self, put: Put | None = None) -> Iterator[None]:
        """Make all that a block changes one write, by `put` if it is given; nothing is written if the block raises."""
        self._is_waiting = True
        try:
            yield
        finally:
            self._is_waiting = False
        self._finish(put)

    def content(self) -> bytes:
        """The content of the file as it stands; InputError for what JSON cannot hold."""
        tables = self._tables or {}
        lines = {
            (name, id): self._line(name, id, record)
            for name, records in tables.items()
            for id, record in records.items()
        }
        self._lines = lines
        return encode_tables(
            {
                name: [lines[name, id][1] for id in sorted(records, key=int)]
                for name, records in tables.items()
            }
        )

    def _line(self, table: str, id: str, record: Record) -> tuple[Record, bytes]:
        encoded = self._lines.get((table, id))
        if self._keeps_lines and encoded is not None and encoded[0] is record:
            return encoded
        return record, encode_record(table, int(id), record)

    def _finish(self, put: Put | None = None) -> None:
        if (put := put or self._put) is not None:
            put(self.content())


class StoreFile(TinyDB):
    """One file of a store: TinyDB's tables, documents and queries on a `DurableStorage`."""

    default_storage_class = DurableStorage  # type: ignore[assignment]  # TinyDB types it as its own storage

    @classmethod
    def at(cls, path: Path, *, files: Files) -> StoreFile | None:
        """The file at `path`, whose changes are durable when they return; None if it is not there.

        StoreError if it cannot be read, DamageError if it is not one of a store.
        """
        data = files.read(path)
        return None if data is None else cls(data, origin=str(path), put=partial(files.write, path))

    @classmethod
    def of(cls, tables: Mapping[str, Iterable[tuple[int, Mapping[str, Any]]]]) -> StoreFile:
        """A new file of these tables, each given as ids and records; it stands nowhere yet."""
        file = cls()
        with file.one_write():
            for name, records in tables.items():
                file.table(name).insert_multiple(Document(record, id) for id, record in records)
        return file

    @property
    def durable(self) -> DurableStorage:
        """The storage, by its own type."""
        return cast("DurableStorage", self.storage)

    @property
    def is_migrated(self) -> bool:
        """True if the file has an older version, and its records are those of this program's version."""
        return self.durable.is_migrated

    def one_write(self, put: Put | None = None) -> AbstractContextManager[None]:
        """As `DurableStorage.one_write`."""
        return self.durable.one_write(put)

    def content(self) -> bytes:
        """As `DurableStorage.content`."""
        return self.durable.content()

    def records(self) -> Tables:
        """The records of all tables, in the order of the file."""
        names = self.storage.read() or {}
        return {name: self.table(name).all() for name in names}


def read_tables(data: bytes, *, origin: str, changed: list[tuple[str, int]] | None = None) -> Tables:
    """The tables of a file as this program's version has them; raises and takes `changed` as `DurableStorage`."""
    return StoreFile(data, origin=origin, changed=changed).records()


def as_written(data: bytes, *, origin: str) -> Tables:
    """The tables of a file as they stand there, also those of another version; DamageError for what is none."""
    return StoreFile(data, origin=origin, as_written=True).records()


def migrated_data(data: bytes, *, origin: str) -> bytes:
    """The content of a file at this program's version: `data` itself if it has it, or a newer one, already.

    Raises DamageError for an older one that is damaged.
    """
    version = _VERSION.search(data)
    if version is None or not migrations.is_older(int(version[1])):
        return data
    file = StoreFile(data, origin=origin)
    return file.content() if file.is_migrated else data


def numbered(records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Records with the ids from 1 on."""
    return enumerate(records, 1)


def sealed(tables: Tables) -> bytes:
    """The content of a file of these records, with every checksum made anew."""
    return StoreFile.of(
        {name: [(record.doc_id, record) for record in records] for name, records in tables.items()}
    ).content()
