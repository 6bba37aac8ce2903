"""What may be deleted at any time: tokens, suggestions and the like, by kind and document.

Nothing here is synced, a damaged entry is as good as none, and a failure to write is ignored: here and in the
catalogue, which is kept the same way, but nowhere else in a store.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from annotator.errors import StoreError
from annotator.store.files import Files
from annotator.store.layout import CACHE, file_name, shard


class Cache:
    """Dictionaries of JSON values by kind (such as a pipeline's name and version) and document id."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def get(self, kind: str, document_id: str) -> dict[str, Any] | None:
        """What was put there, or None if it is not there any more, damaged, or cannot be read."""
        try:
            data = self._files.read(self._path(kind, document_id))
            if data is None:
                return None
            kept_kind, kept_id, value = json.loads(bytes(unseal(data)))
        except (StoreError, ValueError):
            return None
        return value if (kept_kind, kept_id) == (kind, document_id) else None

    def has(self, kind: str, document_id: str) -> bool:
        """True if something is kept under `kind` for a document, whether or not it can be read."""
        try:
            return self._files.is_there(self._path(kind, document_id))
        except StoreError:
            return False

    def put(self, kind: str, document_id: str, value: dict[str, Any]) -> bool:
        """Keep `value`, which JSON must be able to hold, until somebody clears the cache; False if that fails."""
        data = json.dumps([kind, document_id, value]).encode()
        return self._files.write_disposable(self._path(kind, document_id), [seal(data)])

    def _path(self, kind: str, document_id: str) -> Path:
        folder = file_name(kind).removesuffix(".json")
        return self._files.root / CACHE / folder / shard(document_id) / file_name(document_id)


def seal(data: bytes) -> bytes:
    """`data` behind its CRC-32 as 8 hex digits and a space."""
    return b"%08x %b" % (zlib.crc32(data), data)


def unseal(data: bytes) -> memoryview:
    """What was sealed, without a copy of it; ValueError if it is damaged."""
    content = memoryview(data)[9:]
    if data[:9] != b"%08x " % zlib.crc32(content):
        raise ValueError("the checksum does not fit")
    return content


def sealed_behind(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, and then the CRC-32 of all of them as 8 hex digits; none is kept."""
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        yield piece
    yield b"%08x" % checksum


def unseal_before(data: bytes) -> memoryview:
    """What was sealed behind, without a copy of it; ValueError if it is damaged."""
    content = memoryview(data)[:-8]
    if data[-8:] != b"%08x" % zlib.crc32(content):
        raise ValueError("the checksum does not fit")
    return content
