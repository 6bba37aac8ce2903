"""Opening the store that a command is about."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import LabelSetError, ModelError, StoreError
from annotator.model.resources import load_label_set
from annotator.settings import Settings
from annotator.store.layout import STORE_FILE
from annotator.store.repository import Store
from annotator.store.trust import allow_model, is_model_allowed
from annotator.suggest.sources.resolution import is_harmless

DEFAULT_LABELS = "news"


def pipeline_asked(store: Store, *, asked: str | None, settings: Settings) -> str | None:
    """Which pipeline suggests: what the person asks for or has in the settings, else what the store names.

    A store may be a stranger's, and loading a pipeline or plug-in runs code. So one that the store names by a path, and
    any plug-in, is taken only once the person has allowed it here, or made the store with it: ModelError otherwise.
    """
    if named := asked or settings.model:
        return named
    model = store.info.model
    if model is None or is_harmless(model) or is_model_allowed(store.info.uid, model):
        return model
    raise ModelError(
        f"this store names the model {model}, which has not been used on this machine",
        hint="annotator trust --model allows it, if you trust who made the store; --model NAME uses another one",
    )


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
    store = Store.create(path, label_set=label_set or load_label_set(DEFAULT_LABELS), model=model)
    if model is not None and not is_harmless(model):
        allow_model(store.info.uid, model)
    return store
