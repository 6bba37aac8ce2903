"""The record of an annotator's adapted copies, on disk: one table file, which is replaced as a whole.

```
models/<annotator>/adapting.json   tables adapting (one record), in_use and last (at most one each)
```

All of it can be made again from the finished documents, so a file that cannot be read is as good as none.
"""

from __future__ import annotations

from typing import Any

from annotator.errors import StoreError
from annotator.model.adaptations import Adaptation, AdaptingHeader, AdaptingState
from annotator.model.records import SCHEMA_VERSION
from annotator.model.validation import adapter, read_record
from annotator.store.files import Files
from annotator.store.layout import adapting_path
from annotator.store.records import check_tables, is_newer, newer_error, only_record
from annotator.store.storage import StoreFile, Tables, numbered, read_tables
from annotator.store.tables import Record, damaged
from annotator.store.uids import derived_uid, without_uid

ADAPTING_TABLES = ("adapting", "in_use", "last")


class AdaptingFile:
    """The file of one annotator in one store."""

    def __init__(self, files: Files, annotator: str) -> None:
        self._files = files
        self._path = adapting_path(annotator)

    def read(self) -> AdaptingState:
        """The state; as if nothing had been done where there is no file, or none that can be read."""
        try:
            data = self._files.read(self._files.root / self._path)
            if data is None:
                return AdaptingState()
            return _state_of(read_tables(data, origin=self._path), origin=self._path)
        except StoreError:
            return AdaptingState()

    def write(self, state: AdaptingState) -> None:
        """Replace the state; durable when it returns, SaveError if that fails."""
        header: Record = {
            "uid": derived_uid("adapting"),
            "schema_version": SCHEMA_VERSION,
            "is_on": state.is_on,
        }
        file = StoreFile.of(
            {
                "adapting": [(1, header)],
                "in_use": numbered(_records("in_use", state.in_use)),
                "last": numbered(_records("last", state.last)),
            }
        )
        self._files.write(self._files.root / self._path, file.content())


def _records(table: str, adaptation: Adaptation | None) -> list[dict[str, Any]]:
    if adaptation is None:
        return []
    return [{"uid": derived_uid(table), **adapter(Adaptation).dump_python(adaptation, mode="json")}]


def _state_of(tables: Tables, *, origin: str) -> AdaptingState:
    record = only_record(tables, "adapting", origin=origin)
    if is_newer(record, origin=origin):
        raise newer_error(record["schema_version"], origin=origin)
    check_tables(tables, ADAPTING_TABLES, origin=origin)
    try:
        header = read_record(AdaptingHeader, record)
        in_use, last = (
            next((read_record(Adaptation, without_uid(row)) for row in tables[name]), None)
            for name in ("in_use", "last")
        )
    except ValueError as error:
        damaged(origin, str(error))
    return AdaptingState(header.is_on, in_use, last)
