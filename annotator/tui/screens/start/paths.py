"""Paths that are typed: their completion, and what an import of them would find."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from textual.suggester import Suggester

from annotator.model.counting import counted

_LOOKED_AT = 10_000
"""No more entries of a folder are looked at while somebody types."""


class PathSuggester(Suggester):
    """Completes the name of a file or folder."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first name in the folder that begins as what was typed; hidden ones only after a dot."""
        folder, start = os.path.split(value)
        if not start:
            return None
        names = sorted(name for name in _names(Path(folder or ".").expanduser()) if name.startswith(start))
        return value.removesuffix(start) + names[0] if names else None


def texts_in(typed: str) -> tuple[int, str]:
    """How many text files a path leads to, and that as words, or what is wrong with the path."""
    if not typed.strip():
        return 0, "a .txt file, or a folder that has some"
    path = Path(typed.strip()).expanduser()
    if path.is_file():
        return 1, "1 file"
    if not path.is_dir():
        return 0, "there is no such file or folder"
    count = sum(1 for _ in islice(path.rglob("*.txt"), _LOOKED_AT))
    more = " or more" if count == _LOOKED_AT else ""
    return count, f"{counted(count, 'text file')}{more}" if count else "no .txt files in this folder"


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name + (os.sep if entry.is_dir() else "") for entry in islice(entries, _LOOKED_AT)]
    except OSError:
        return []
