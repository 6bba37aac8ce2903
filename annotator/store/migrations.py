"""Migrations: an older store brought to this program's version, file by file.

A migration is a pure function from the tables of one file at one version to those at the next. They are chained,
so each is written once and never touched again; `tests/store/versions/` keeps a store of every version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from annotator.errors import DamageError, SaveError
from annotator.store import records
from annotator.store.assignments import ASSIGNMENTS
from annotator.store.backups import back_up
from annotator.store.files import Files
from annotator.store.locks import Locks
from annotator.store.names import STEPS
from annotator.store.records import only_record
from annotator.store.scan import ANNOTATIONS, DOCUMENTS
from annotator.store.tables import STORE_FILE, Record, decode_tables, encode_record, encode_tables

Tables = dict[str, dict[int, Record]]
"""The records of a file by table and id, without their checksums."""

Migration = Callable[[str, Tables], Tables]
"""Takes the kind of a file, which is the name of its first table (store, document, status, assignment, step), and its tables."""

_VERSION = re.compile(rb'"schema_version": ([0-9]{1,9})')
"""It stands in a file's first record, before any text."""

MIGRATIONS: Mapping[int, Migration] = {}
"""What leads from each version to the next. There is one version so far, and so none."""


def migrated(tables: Tables, *, migrations: Mapping[int, Migration], to: int) -> Tables:
    """The tables of a file at version `to`; the same ones if they have it, or a newer one, already.

    The kind and the version of a file stand in its first table, whose only record has the id 1.
    """
    kind = next(iter(tables))
    while (version := tables[kind][1]["schema_version"]) < to:
        tables = migrations[version](kind, tables)
        tables[kind][1]["schema_version"] = version + 1
    return tables


def migrate(files: Files) -> Record:
    """Bring every file of the store to this program's version, after a backup; the record of `store.json` then.

    A damaged file stays as it is, for `annotator check` to tell of. `store.json` comes last, so that what was broken
    off is gone on with on the next opening. HeldError if another program holds a set.
    """
    with ExitStack() as holds:
        locks = Locks(files)
        for annotator in files.names(files.root / ANNOTATIONS):
            holds.enter_context(locks.held(annotator))
        try:
            back_up(files, reason="before-migration")
        except SaveError as error:
            raise SaveError(
                f"{files.root} has an older version, and no backup could be made before changing it: {error.message}",
                hint=error.hint,
            ) from error
        for folder in (DOCUMENTS, ANNOTATIONS, ASSIGNMENTS, STEPS):
            for path in sorted((files.root / folder).rglob("*.json")):
                try:
                    _migrate_file(files, path)
                except DamageError:
                    continue
        return _migrate_file(files, files.root / STORE_FILE)


def migrated_data(data: bytes, *, origin: str) -> bytes:
    """The content of a file at this program's version; `data` itself if it has it, or a newer one, already.

    Raises DamageError for what is no file of tables.
    """
    found = _VERSION.search(data)
    if found is None or int(found[1]) >= records.SCHEMA_VERSION:
        return data
    tables = decode_tables(data, origin=origin)
    old: Tables = {name: {row.id: dict(row.record) for row in rows} for name, rows in tables.items()}
    kind = next(iter(old), "")
    if not isinstance(only_record(tables, kind, origin=origin).get("schema_version"), int):
        return data
    return _encoded(migrated(old, migrations=MIGRATIONS, to=records.SCHEMA_VERSION))


def _migrate_file(files: Files, path: Path) -> Record:
    """Bring one file to the newest version; its first record."""
    found = decode_tables(files.read(path) or b"", origin=str(path))
    old: Tables = {name: {row.id: dict(row.record) for row in rows} for name, rows in found.items()}
    kind = next(iter(old), "")
    version = only_record(found, kind, origin=str(path)).get("schema_version")
    if isinstance(version, int) and version < records.SCHEMA_VERSION:
        new = migrated(old, migrations=MIGRATIONS, to=records.SCHEMA_VERSION)
        files.write(path, _encoded(new))
        return new[kind][1]
    return old[kind][1]


def _encoded(tables: Tables) -> bytes:
    return encode_tables(
        {name: [encode_record(name, id, row) for id, row in rows.items()] for name, rows in tables.items()}
    )
