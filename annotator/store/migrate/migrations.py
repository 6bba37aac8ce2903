"""Migrations: the content of an older file as this program's version has it.

A migration is a pure function from the tables of one file at one version to those at the next. They are chained,
so each is written once and never touched again; `tests/store/versions/` keeps a store of every version. A whole
store is migrated when it is opened; a single older file in a newer store, as version control may bring one, when
it is read, and for good when it is saved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from annotator.store import records
from annotator.store.records import only_record
from annotator.store.tables import Record, Row, decode_tables, encode_record, encode_tables

Tables = dict[str, dict[int, Record]]
"""The records of a file by table and id, without their checksums."""

Migration = Callable[[str, Tables], Tables]
"""Takes the kind of a file, which is the name of its first table (store, document, status, assignment, audit, step), and its tables."""

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


def read_tables(data: bytes, *, origin: str) -> dict[str, list[Row]]:
    """The tables of a file as this program's version has them; DamageError as `decode_tables`."""
    return decode_tables(migrated_data(data, origin=origin), origin=origin)


def _encoded(tables: Tables) -> bytes:
    return encode_tables(
        {name: [encode_record(name, id, row) for id, row in rows.items()] for name, rows in tables.items()}
    )
