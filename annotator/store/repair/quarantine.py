"""Quarantine: where a repair puts what it cannot mend, and every original that it replaces."""

from __future__ import annotations

from datetime import UTC, datetime

from annotator.store.files import Files
from annotator.store.layout import QUARANTINE


class Quarantine:
    """The folder of one repair, `quarantine/<time>/`, in which each file keeps its path and has its reason beside it."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.name = f"{QUARANTINE}/{datetime.now(UTC):%Y%m%dT%H%M%SZ}"

    def keep(self, path: str, reason: str) -> str:
        """Copy a file of the store there, durably, and say why beside it; its new place."""
        copy = f"{self.name}/{path}"
        number = 1
        while (self._files.root / copy).exists():
            number += 1
            copy = f"{self.name}/{path}.{number}"
        data = self._files.read(self._files.root / path)
        if data is not None:
            self._files.write(self._files.root / copy, data)
            self._files.write(self._files.root / f"{copy}.why.txt", f"{reason}\n".encode())
        return copy

    def move(self, path: str, reason: str) -> str:
        """As `keep`, and take the file out of its place."""
        copy = self.keep(path, reason)
        self._files.remove(self._files.root / path)
        return copy
