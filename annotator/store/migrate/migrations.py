"""Migrations: the content of an older file as this program's version has it.

A migration is a pure function from the tables of one file at one version to those at the next. They are chained,
so each is written once and never touched again; `tests/store/versions/` keeps a store of every version. A whole
store is migrated when it is opened; a single older file in a newer store, as version control may bring one, when
it is read, and for good when it is saved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from annotator.model.records import SCHEMA_VERSION

Tables = dict[str, dict[str, dict[str, Any]]]
"""The records of a file by table and TinyDB's id, without their checksums."""

Migration = Callable[[str, Tables], Tables]
"""Takes the kind of a file, which is the name of its first table (store, document, status, assignment, audit, step), and
its tables. A record that changes is replaced by another object: its line is then written anew."""

MIGRATIONS: Mapping[int, Migration] = {}
"""What leads from each version to the next. There is one version so far, and so none."""


def migrated(tables: Tables, *, migrations: Mapping[int, Migration], to: int) -> Tables:
    """The tables of a file at version `to`; the same ones if they have it, or a newer one, already.

    The kind and the version of a file stand in its first table, whose only record has the id 1. What says no version is
    left as it is, for its reader to refuse.
    """
    kind = next(iter(tables), "")
    while (
        type(version := tables.get(kind, {}).get("1", {}).get("schema_version")) is int and 0 < version < to
    ):
        tables = dict(migrations[version](kind, tables))
        tables[kind] = {**tables[kind], "1": {**tables[kind]["1"], "schema_version": version + 1}}
    return tables


def is_older(version: int) -> bool:
    """True if files of this version have to be migrated."""
    return version < SCHEMA_VERSION


def current(tables: Tables) -> Tables:
    """The tables of a file as this program's version has them."""
    return migrated(tables, migrations=MIGRATIONS, to=SCHEMA_VERSION)
