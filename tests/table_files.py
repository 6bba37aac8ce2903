"""Reading a store's files as their lines say, without TinyDB: what tests change in a file, they change below it."""

from __future__ import annotations

from annotator.store.tables import Row, decode_object, rows_of


def decode_tables(data: bytes, *, origin: str) -> dict[str, list[Row]]:
    """The rows of each table of a file, every checksum verified."""
    return rows_of(decode_object(data, origin=origin), data, origin=origin)
