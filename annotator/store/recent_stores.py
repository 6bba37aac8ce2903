"""The stores that were opened last on this machine, remembered outside of any store."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from annotator.state_folder import replace_file, state_path
from annotator.store.layout import STORE_FILE

_KEPT = 8


def recent_stores() -> list[Path]:
    """The stores opened last that are still there, the newest first."""
    return [path for path in _read() if (path / STORE_FILE).is_file()]


def remember_store(path: Path) -> None:
    """Let a store be the one opened last. Where that cannot be written down, nothing is lost but the memory of it."""
    newest = path.absolute()
    paths = [newest, *(other for other in _read() if other != newest)][:_KEPT]
    with suppress(OSError):
        replace_file(_path(), json.dumps([str(path) for path in paths]).encode())


def _read() -> list[Path]:
    try:
        names = json.loads(_path().read_text(encoding="utf-8", errors="surrogateescape"))
    except (OSError, ValueError):
        return []
    return [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _path() -> Path:
    return state_path("recent.json")
