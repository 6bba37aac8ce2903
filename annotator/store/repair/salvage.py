"""What is still whole in a damaged file: each record stands on one line and has a checksum of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeVar

from tinydb.table import Document as Row

from annotator.errors import DamageError
from annotator.model.validation import read_record
from annotator.store.inspection import MARKER
from annotator.store.storage import read_tables
from annotator.store.uids import without_uid

Kind = TypeVar("Kind")

_HEADING = re.compile(rb'\s*"([a-z_]+)":\s*\{\s*(\},?)?\s*')
_PLAIN = re.compile(rb"\s*[{}]?\s*\},?\s*|\s*\{\s*|\s*")
_RECORD = re.compile(rb'\s*("[1-9][0-9]{0,8}":\s*\{.*\})\s*,?\s*')


@dataclass(slots=True)
class Salvaged:
    """The records that fit their checksums, by table, and how many lines or records of each table do not.

    A table that is in `begun` was found; one that is not may have stood behind the end of a cut file.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    is_cut: bool = False

    def is_whole(self, table: str) -> bool:
        """True if nothing of the table is missing, as far as the file can tell."""
        is_last = self.is_cut and self.begun[-1:] == [table]
        return table in self.begun and not is_last and not self.lost.get(table)

    def lose(self, table: str) -> None:
        """Count a record that cannot be read."""
        self.lost[table] = self.lost.get(table, 0) + 1

    def records(self, table: str, kind: type[Kind], *, has_uid: bool = True) -> tuple[Kind, ...]:
        """The records of a table as instances of a dataclass; what cannot be one is counted as lost.

        `has_uid` says whether the record's uid is one of the dataclass's fields.
        """
        records = []
        for row in self.rows.get(table, []):
            try:
                records.append(read_record(kind, row if has_uid else without_uid(row)))
            except ValueError:
                self.lose(table)
        return tuple(records)


def salvaged(data: bytes, tables: tuple[str, ...]) -> Salvaged:
    """The whole records of a file that should hold `tables`."""
    changed: list[tuple[str, int]] = []
    try:
        tables_read = read_tables(data, origin="", changed=changed)
    except DamageError:
        return _by_lines(data, tables)
    result = Salvaged(begun=[name for name in tables_read if name in tables])
    for table in result.begun:
        result.rows[table] = [row for row in tables_read[table] if (table, row.doc_id) not in changed]
    for table, _ in changed:
        result.lose(table)
    return result


def sides(data: bytes) -> tuple[bytes, bytes]:
    """The two files that version control could not merge: ours and theirs, out of one with conflict markers."""
    ours: list[bytes] = []
    theirs: list[bytes] = []
    targets = [ours, theirs]
    for line in data.splitlines(keepends=True):
        if MARKER.match(line):
            targets = {b"<": [ours], b"|": [], b"=": [theirs], b">": [ours, theirs]}[line[:1]]
        else:
            for target in targets:
                target.append(line)
    return b"".join(ours), b"".join(theirs)


def _by_lines(data: bytes, tables: tuple[str, ...]) -> Salvaged:
    """The records on the lines of a file that is no JSON. The checksum tells which table one belongs to."""
    result = Salvaged(is_cut=not data.rstrip().endswith(b"}\n}"))
    current = tables[0]
    for line in data.split(b"\n"):
        if (heading := _HEADING.fullmatch(line)) and (name := heading[1].decode()) in tables:
            current = name
            result.begun.append(name)
        elif (record := _RECORD.fullmatch(line)) is not None:
            row = None
            for table in (current, *tables):
                if (row := _row(table, record[1])) is not None:
                    current = table
                    if table not in result.begun:
                        result.begun.append(table)
                    result.rows.setdefault(table, []).append(row)
                    break
            if row is None:
                result.lose(current)
        elif not _PLAIN.fullmatch(line):
            result.lose(current)
    return result


def _row(table: str, record: bytes) -> Row | None:
    try:
        return read_tables(b'{"%b": {%b}}' % (table.encode(), record), origin="")[table][0]
    except DamageError:
        return None
