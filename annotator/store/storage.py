"""TinyDB's own interface over the store's files, for whoever works on them with TinyDB."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tinydb.storages import Storage

from annotator.store.files import Files
from annotator.store.tables import (
    CHECKSUM,
    STORE_FILE,
    Row,
    checksum_of,
    decode_tables,
    encode_record,
    encode_tables,
)


class TableStorage(Storage):
    """TinyDB's storage over one file of a store: `TinyDB(path, storage=TableStorage)` reads it checked and
    replaces it durably, where stock TinyDB would overwrite it in place.

    Records are handed out as copies and with their checksums, which a write makes anew.
    """

    def __init__(self, path: str | Path, *, files: Files | None = None) -> None:
        self.path = Path(path)
        self._files = files or Files(_root_of(self.path))

    def read_rows(self) -> dict[str, list[Row]] | None:
        """The rows of each table; None if there is no file. Raises DamageError, and StoreError if it cannot be read."""
        data = self._files.read(self.path)
        return None if data is None else decode_tables(data, origin=str(self.path))

    def read(self) -> dict[str, dict[str, Any]] | None:
        tables = self.read_rows()
        if tables is None:
            return None
        return {
            name: {str(row.id): row.record | {CHECKSUM: checksum_of(row.line)} for row in rows}
            for name, rows in tables.items()
        }

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        self._files.write(
            self.path,
            encode_tables(
                {
                    name: [
                        encode_record(name, int(id), {k: v for k, v in table[id].items() if k != CHECKSUM})
                        for id in sorted(table, key=int)
                    ]
                    for name, table in data.items()
                }
            ),
        )


def _root_of(path: Path) -> Path:
    return next((folder for folder in path.parents if (folder / STORE_FILE).exists()), path.parent)
