"""What adapting has come to in a store: `models/<annotator>/`, with the copy in use and a record of it.

    models/ada/adapting.json      what is switched on, what is in use, how the last attempt went
    models/ada/<a date>/          the copy, as a pipeline that spaCy loads

The record is replaced as a whole once the copy is durable; a folder that it does not name is nobody's. All of it can be
made again from the finished documents, so a record that cannot be read is as good as none.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from annotator.model.adaptations import Adaptation, AdaptingState
from annotator.model.labels import LabelSet
from annotator.store.adapting_file import AdaptingFile
from annotator.store.files import Files, save_error
from annotator.store.layout import models_path
from annotator.store.repository import Store
from annotator.store.trust import is_pipeline_allowed
from annotator.suggest.sources.resolution import ResolvedPipeline


class AdaptedModels:
    """The folder of one annotator's copies. Methods may be called from any thread, but not at once."""

    def __init__(self, store: Store, annotator: str) -> None:
        self.folder = store.path / models_path(annotator)
        self._files = Files(store.path, disk=store.disk)
        self._file = AdaptingFile(self._files, annotator)

    def read(self) -> AdaptingState:
        """The state; as if nothing had been done where there is no record, or none that can be read."""
        return self._file.read()

    def write(self, state: AdaptingState) -> None:
        """Replace the record; durable when it returns, SaveError if that fails."""
        self._file.write(state)

    def sweep(self, state: AdaptingState) -> None:
        """Remove the copies that `state` does not name."""
        import shutil

        self._files.check(self.folder)
        kept = state.in_use.folder if state.in_use is not None else ""
        with contextlib.suppress(FileNotFoundError, PermissionError):
            for path in self.folder.iterdir():
                if path.is_dir() and not path.is_symlink() and path.name != kept:
                    shutil.rmtree(path, ignore_errors=True)

    def remove(self, name: str) -> None:
        """Remove a copy that is not to be used, or what there is of it."""
        import shutil

        self._files.check(self.folder / name)
        shutil.rmtree(self.folder / name, ignore_errors=True)

    def new_folder(self, name: str) -> Path:
        """The place of a new copy; its parent is there when this returns. SaveError if that cannot be made."""
        self._files.check(self.folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise save_error(self.folder, error) from error
        return self.folder / name

    def pipeline(self, state: AdaptingState, base: ResolvedPipeline, label_set: LabelSet) -> ResolvedPipeline:
        """What shall suggest: the copy in use, else `base`.

        A copy is not used where it began with another pipeline, where the labels that it knows do not mean what they
        meant when it learnt, where its folder is gone, or where it did not learn on this machine and nobody allowed it.
        """
        used = state.in_use
        if used is None or used.base != base.name or not is_current(used, label_set):
            return base
        folder = self.folder / used.folder
        if not (folder / "meta.json").is_file() or not is_pipeline_allowed(folder):
            return base
        return base._replace(
            source=str(folder),
            name=f"{base.name}-adapted-{used.folder}",
            title=f"{base.title} adapted",
        )


def is_current(adaptation: Adaptation, label_set: LabelSet) -> bool:
    """True if the labels that a copy knows still mean what they meant when it learnt."""
    meanings = adaptation.meanings or {}
    return all(label_set.mapped(label) == meaning for label, meaning in meanings.items())
