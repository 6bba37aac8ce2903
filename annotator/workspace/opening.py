"""Opening the store that a command is about."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import LabelSetError, StoreError
from annotator.model.resources import load_label_set
from annotator.store.layout import STORE_FILE
from annotator.store.repository import Store

DEFAULT_LABELS = "news"


def open_store(path: Path, *, labels: str | None = None, model: str | None = None, create: bool) -> Store:
    """The store in `path`; with `create`, a new one where there is none.

    `labels` is a label set's name or file. In a store that is there it must be the store's own: LabelSetError
    otherwise. StoreError where there is no store and none shall be made.
    """
    label_set = load_label_set(labels) if labels is not None else None
    if (path / STORE_FILE).exists():
        store = Store.open(path)
        if label_set is not None and label_set != store.info.label_set:
            raise LabelSetError(
                f"the store {path} has the label set {store.info.label_set.name}, not {labels}",
                hint="leave --labels out, or make another store with --store",
            )
        return store
    if not create:
        raise StoreError(
            f"there is no store in {path}",
            hint="annotator annotate FILE_OR_FOLDER makes one; --store names another",
        )
    return Store.create(path, label_set=label_set or load_label_set(DEFAULT_LABELS), model=model)
