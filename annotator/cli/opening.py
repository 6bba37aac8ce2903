"""Opening the store that a command is about, and saying what a person should know of it first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from annotator.cli.output import print_message

if TYPE_CHECKING:
    from annotator.store.repository import Store


def opened_store(path: Path, *, labels: str | None = None) -> Store:
    """The store in `path`, as `open_store` opens it; StoreError if there is none."""
    from annotator.workspace import open_store

    opened = open_store(path, labels=labels, create=False)
    if opened.unfinished_step is not None:
        print_message(
            f"annotator: {opened.unfinished_step}", "  until then some sets are as they were before it"
        )
    return opened
