"""What commands need that change a store for others: one that can be written, who does it when, and what was left out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from annotator.cli.opening import opened_store
from annotator.cli.options import store_path
from annotator.cli.output import print_lines, print_message
from annotator.errors import StoreError
from annotator.model.counting import counted

if TYPE_CHECKING:
    from annotator.store.plans import Plan
    from annotator.store.repository import Store


def changeable_store(path: Path | None, *, is_dry: bool = False) -> Store:
    """The store to work on; StoreError if nothing can be saved in it, unless nothing would be."""

    opened = opened_store(store_path(path))
    if not is_dry and (reason := opened.is_read_only) is not None:
        raise StoreError(f"nothing can be saved here: {reason}", hint="--store names another store")
    return opened


def signature(annotator: str | None = None) -> tuple[str, str]:
    """Who does this, `annotator` if given, and when, in UTC and ISO 8601."""
    from datetime import UTC, datetime

    from annotator.model.decisions import time_text
    from annotator.settings import annotator_name, read_settings

    return annotator_name(annotator, read_settings()), time_text(datetime.now(UTC))


def tell_left_out(store: Store, plan: Plan) -> None:
    """Name the annotation sets that a step has left as they were; exit code 1 if there are any."""
    if not plan.left_out:
        return
    print_message(f"{counted(len(plan.left_out), 'annotation set')} left out:")
    for left_out in plan.left_out:
        entry = store.catalogue.get(left_out.document)
        title = f" ({entry.title})" if entry else ""
        print_lines(f"{left_out.annotator} on {left_out.document}{title}: {left_out.reason}")
    raise typer.Exit(1)
