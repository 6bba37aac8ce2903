"""What commands need that change a store for others: one that can be written, and who does it when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from annotator.cli.options import store_path
from annotator.errors import StoreError

if TYPE_CHECKING:
    from annotator.store.repository import Store


def changeable_store(path: Path | None, *, is_dry: bool = False) -> Store:
    """The store to work on; StoreError if nothing can be saved in it, unless nothing would be."""
    from annotator.workspace import open_store

    opened = open_store(store_path(path), create=False)
    if not is_dry and (reason := opened.is_read_only) is not None:
        raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")
    return opened


def signature() -> tuple[str, str]:
    """Who does this, and when, in UTC and ISO 8601."""
    from datetime import UTC, datetime

    from annotator.settings import annotator_name, read_settings

    return annotator_name(None, read_settings()), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
