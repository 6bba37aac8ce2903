"""What people told memory by hand, on disk: `memory.json`, one JSON object that is replaced as a whole.

What memory learns is in the annotation sets and is not kept here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from annotator.errors import DamageError, HeldError, VersionError
from annotator.store.files import Files
from annotator.store.layout import MEMORY_FILE
from annotator.store.locks import HeldBy, Locks

if TYPE_CHECKING:
    from annotator.store.repository import Store

_LOCK = ".memory"
"""The name of the lock on it, which no annotator can have."""


class MemoryFile:
    """The file of one store; what its content means is not looked into here."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = Files(store.path, disk=store.disk)
        self.path = store.path / MEMORY_FILE

    def read(self) -> Any:
        """The content, None if there is no file; DamageError if it is no JSON object, or says a thing twice."""
        data = self._files.read(self.path)
        return None if data is None else decode_memory(data, origin=str(self.path))

    @contextmanager
    def change(self) -> Iterator[None]:
        """Keep other programs from changing the file for a block; HeldError if one is just doing so."""
        hold = Locks(self._files).hold(_LOCK)
        if isinstance(hold, HeldBy):
            raise HeldError(f"memory is being edited by {hold}", hint="try again when it has ended")
        with hold:
            yield

    def write(self, content: Any) -> None:
        """Replace the content; durable when it returns. SaveError if that fails, VersionError in a newer store."""
        if (reason := self._store.is_read_only) is not None:
            raise VersionError(
                f"memory cannot be edited here: {reason}", hint="edit it where the store can be written"
            )
        text = json.dumps(content, ensure_ascii=False, indent=1)
        if any("\ud800" <= char <= "\udfff" for char in text):  # which UTF-8 cannot hold, but an escape can
            text = json.dumps(content, indent=1)
        self._files.write(self.path, f"{text}\n".encode())


def decode_memory(data: bytes, *, origin: str) -> dict[str, Any]:
    """The JSON object that `data` is; DamageError, naming `origin`, if it is anything else."""
    try:
        content = json.loads(data.decode("utf-8"), object_pairs_hook=_object)
        if not isinstance(content, dict):
            raise ValueError("it is no JSON object")
    except (ValueError, RecursionError) as error:
        raise DamageError(
            f"what memory was told cannot be read from {origin}: {error}",
            hint="put it aside: what was learnt is rebuilt without it, only pins, blocks and what was forgotten are lost",
        ) from error
    return content


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"it says {twice!r} twice")
    return found
