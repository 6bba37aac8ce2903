"""Table files: what stock TinyDB reads, with a checksum on every record and one record on every line.

```
{
"status": {
"1": {"uid": "0c2f…", "document": "venezuela", …, "checksum": "5d41402abc4b2a76"}
},
"decisions": {
"1": {"uid": "a9f3…", "seq": 1, …, "checksum": "…"},
"2": {…}
}
}
```

UTF-8, line feeds, ids in rising order. The checksum is the first 16 hex digits of the sha256 of the table's
name, a line feed, the id, a line feed, and the record without its checksum as it stands in the file. JSON itself
notices about two of three flipped bits; the checksum notices the others.

A lone surrogate, which UTF-8 cannot hold, is written as a JSON escape and comes back as it was. A high one right
before a low one would come back as one character, so a text that holds such a pair is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, NoReturn

from annotator.errors import DamageError, InputError

Record = dict[str, Any]

CHECKSUM = "checksum"
"""The last field of every record."""

_TABLE_NAME = re.compile(r"[a-z_]+")
_ID = re.compile(r"[1-9][0-9]{0,8}")
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


class Row(NamedTuple):
    """One record that was read: TinyDB's id, the fields without the checksum, and the line it is written as."""

    id: int
    record: Record
    line: bytes


def encode_record(table: str, id: int, record: Mapping[str, Any]) -> bytes:
    """The line of one record, with its checksum and without the comma.

    Raises InputError for what JSON cannot hold.
    """
    content = _encode(record)
    return b'"%d": %b, "checksum": "%b"}' % (id, content[:-1], _checksum(table, id, content))


def encode_tables(tables: Mapping[str, Iterable[bytes]]) -> bytes:
    """A file of these tables, each given as the lines of its records."""
    parts: list[bytes] = []  # joined and not formatted, for a large set's file has megabytes
    for name, lines in tables.items():
        parts += (b",\n" if parts else b"{\n", b'"', name.encode(), b'": {')
        if body := b",\n".join(lines):
            parts += (b"\n", body, b"\n")
        parts.append(b"}")
    return b"".join([*parts, b"\n}\n"]) if parts else b"{}\n"


def decode_object(data: bytes, *, origin: str) -> Record:
    """The JSON object that a file holds; DamageError, which names `origin`, for anything else and for a repeated key."""
    try:
        content = json.loads(data.decode(), object_pairs_hook=_without_repetition, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        damaged(origin, f"byte {error.start} is not UTF-8")
    except RecursionError:
        damaged(origin, "it is nested too deeply")
    except ValueError as error:
        damaged(origin, f"it is not JSON: {error}")
    if not isinstance(content, dict):
        damaged(origin, "it is not made of tables")
    return content


def rows_of(
    content: Record, data: bytes, *, origin: str, changed: list[tuple[str, int]] | None = None
) -> dict[str, list[Row]]:
    """The rows of each table of the object `content`, which `data` holds, by rising id, every checksum verified.

    Raises DamageError, which names `origin` and the reason, for anything that `encode_tables` does not write;
    spaces and line ends outside of strings do not matter. With `changed`, a record that does not fit its checksum
    is given all the same, and its table and id are put there.
    """
    if not all(isinstance(table, dict) for table in content.values()):
        damaged(origin, "it is not made of tables")
    written = _written(data)
    return {
        name: _rows(name, table, written.get(name, []), origin, changed) for name, table in content.items()
    }


def damaged(origin: str, reason: str) -> NoReturn:
    """Raise the DamageError of a file."""
    raise DamageError(
        f"{origin} is damaged: {reason}",
        hint="annotator check tells of all damage, and annotator check --repair mends what it can",
    )


def _written(data: bytes) -> dict[str, list[bytes]]:
    """The lines of each table, without commas, in a file that is laid out as `encode_tables` does it."""
    tables: dict[str, list[bytes]] = {}
    lines: list[bytes] = []
    for line in data.split(b"\n"):
        if line.endswith(b'": {'):
            lines = tables.setdefault(line[1:-4].decode(), [])
        elif line.startswith(b'"'):
            lines.append(line.removesuffix(b","))
    return tables


def _rows(
    table: str,
    records: dict[str, Any],
    written: list[bytes],
    origin: str,
    changed: list[tuple[str, int]] | None,
) -> list[Row]:
    """The rows of one table; `written` may be lines of another layout, and are then not heeded."""
    if not _TABLE_NAME.fullmatch(table):
        damaged(origin, f"{table!r} is not the name of a table")
    rows = []
    lines = written if len(written) == len(records) else [b""] * len(records)
    for (key, record), line_read in zip(records.items(), lines, strict=True):
        described = f"record {key!r} of {table}"
        if not _ID.fullmatch(key):
            damaged(origin, f"{described} has no number for an id")
        if not isinstance(record, dict) or not isinstance(checksum := record.pop(CHECKSUM, None), str):
            damaged(origin, f"{described} has no checksum")
        try:
            line = (
                line_read
                if _fits(line_read, table, key, checksum)
                else encode_record(table, int(key), record)
            )
        except InputError as error:
            damaged(origin, f"{described}: {error.message}")
        if checksum_of(line) != checksum:
            if changed is None:
                damaged(
                    origin, f"{described} does not fit its checksum, so it was changed outside the program"
                )
            changed.append((table, int(key)))
        if not isinstance(record.get("uid"), str):
            damaged(origin, f"{described} has no uid")
        rows.append(Row(int(key), record, line))
    rows.sort(key=lambda row: row.id)
    return rows


def _fits(line: bytes, table: str, key: str, checksum: str) -> bool:
    """True if a line is that of record `key` with this checksum, which fits it: it need not be encoded to be checked."""
    head, tail = b'"%b": ' % key.encode(), b', "checksum": "%b"}' % checksum.encode()
    if not (line.startswith(head) and line.endswith(tail)):
        return False
    content = line[len(head) : -len(tail)] + b"}"
    return _checksum(table, int(key), content) == checksum.encode()


def _encode(record: Mapping[str, Any]) -> bytes:
    try:
        text = _ENCODE(record)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"JSON cannot hold this: {error}") from error
    try:
        return text.encode()
    except UnicodeEncodeError:
        if pair := _SURROGATE_PAIR.search(text):
            raise InputError(
                f"a text holds the halves {pair.group()!a} of a character, which no file can hold",
                hint="decode the text as UTF-16 first, so that it holds the character itself",
            ) from None
        return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text).encode()


def _checksum(table: str, id: int, content: bytes) -> bytes:
    return hashlib.sha256(b"%b\n%d\n%b" % (table.encode(), id, content)).hexdigest()[:16].encode()


def checksum_of(line: bytes) -> str:
    return line[-18:-2].decode()


def _without_repetition(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice")
    return record


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
