"""Mutations of a store's files: bytes that a disk or a person spoils, and hostile values under checksums that fit."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from annotator.store.tables import encode_record, encode_tables

VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    2,
    1 << 31,
    (1 << 53) - 1,
    1 << 64,
    -(1 << 70),
    10**400,
    0.5,
    -0.0,
    1e308,
    "",
    " ",
    "x",
    "a\0b",
    "\ud800",
    "\udcff\udc80",
    "\ud83d\ude00",
    "../../../private",
    "/etc/passwd",
    "gold",
    "ada",
    "ADA",
    "con",
    "one",
    "PER",
    "no such label",
    "\x1b]0;x\x07\x9b2J",
    "\u202e\u2066",
    "$(touch evil)",
    "\n",
    "A" * 5000,
    "0001-01-01T00:00:00Z",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "99999-01-01T00:00:00Z",
    "-2262-04-11T23:47:16Z",
    "2262-04-12T00:00:00Z",
    "2026-11-22",
    "yesterday",
    [],
    {},
    [[]],
    [{}],
    {"a": 1},
    ["x", "y"],
    [1, 2],
    [[0, 5]],
    [[5, 0]],
    [[-5, 1 << 40]],
    {"start": 0, "end": 3, "label": "PER"},
]
"""What a field may hold that no program writes there."""

KEYS = [
    "uid",
    "schema_version",
    "text",
    "label",
    "start",
    "",
    "a\0b",
    "\ud800",
    "__class__",
    "checksum",
    "new",
]


def mutated_bytes(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes changed, cut, doubled, or moved."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(changed) + 1), chance.randint(1, 40)
        piece = changed[place : place + length]
        match chance.randrange(7):
            case 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[place : place + length]
            case 2:
                changed[place:place] = piece * chance.randint(1, 3)
            case 3:
                changed[place:place] = chance.choice(
                    [b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"<<<<<<< ours\n", b"\xed\xa0\x80", b"[" * 3000]
                )
            case 4:
                del changed[place:]
            case 5:
                changed[place : place + length] = bytes(len(piece))
            case _:
                other = chance.randrange(len(changed) + 1)
                changed[other:other] = piece
    return bytes(changed)


def mutated_records(data: bytes, chance: random.Random) -> bytes:
    """A table file with hostile values, and checksums that fit; bytes changed where it is no table file."""
    try:
        tables = json.loads(data)
        records = [(name, id, record) for name, of in tables.items() for id, record in of.items()]
    except (ValueError, AttributeError):
        return mutated_bytes(data, chance)
    if not records or not all(isinstance(record, dict) for _, _, record in records):
        return mutated_bytes(data, chance)
    for _ in range(chance.randint(1, 3)):
        name, id, record = chance.choice(records)
        _change(record, chance)
        match chance.randrange(12):
            case 0:
                tables[name] = {}
            case 1:
                tables[name][str(chance.choice([2, 3, 7, 999_999_999]))] = dict(record)
            case 2:
                tables[chance.choice(["spans", "decisions", "other"])] = {"1": dict(record)}
            case 3:
                tables[name].pop(id, None)
            case _:
                pass
    return sealed(tables) or mutated_bytes(data, chance)


def sealed(tables: dict[str, dict[str, Any]]) -> bytes | None:
    """A file of these tables with checksums that fit; None for what no file can hold."""
    from annotator.errors import InputError

    for records in tables.values():
        for record in records.values():
            record.pop("checksum", None)
    try:
        return encode_tables(
            {
                name: [encode_record(name, int(id), record) for id, record in records.items()]
                for name, records in tables.items()
            }
        )
    except InputError:
        return None


def _change(record: dict[str, Any], chance: random.Random) -> None:
    """Change one field, anywhere in a record."""
    containers: list[Any] = []
    _collect(record, containers)
    container = chance.choice(containers)
    value = deepcopy(chance.choice(VALUES))
    if chance.random() < 0.02:
        for _ in range(400):
            value = [value]
    if isinstance(container, list):
        if container and chance.random() < 0.7:
            container[chance.randrange(len(container))] = value
        else:
            container.append(value)
        return
    keys = [key for key in container if key != "checksum"]
    match chance.randrange(8):
        case 0:
            container[chance.choice(KEYS)] = value
        case 1 if keys:
            del container[chance.choice(keys)]
        case _ if keys:
            container[chance.choice(keys)] = value
        case _:
            container["x"] = value


def _collect(value: Any, containers: list[Any]) -> None:
    if isinstance(value, dict):
        containers.append(value)
        for inner in value.values():
            _collect(inner, containers)
    elif isinstance(value, list):
        containers.append(value)
        for inner in value:
            _collect(inner, containers)


KINDS: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bytes": mutated_bytes,
    "records": mutated_records,
}
