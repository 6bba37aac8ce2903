"""An older store brought to this program's version, file by file, after a backup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from annotator.errors import DamageError, SaveError
from annotator.store.backups import back_up
from annotator.store.files import Files
from annotator.store.layout import ANNOTATIONS, ASSIGNMENTS, DOCUMENTS, STEPS, STORE_FILE
from annotator.store.locks import Locks
from annotator.store.record_lists_table import RECORD_LISTS
from annotator.store.storage import migrated_data


def migrate(files: Files) -> None:
    """Bring every file of the store to this program's version, after a backup.

    A damaged file stays as it is, for `annotator check` to tell of. `store.json` comes last, so that what was broken
    off is gone on with on the next opening. HeldError if another program holds a set.
    """
    with ExitStack() as holds:
        locks = Locks(files)
        for annotator in files.names(files.root / ANNOTATIONS):
            holds.enter_context(locks.held(annotator))
        try:
            back_up(files, reason="before-migration")
        except SaveError as error:
            raise SaveError(
                f"{files.root} has an older version, and no backup could be made before changing it: {error.message}",
                hint=error.hint,
            ) from error
        for path in _older(files):
            try:
                _migrate_file(files, path)
            except DamageError:
                continue
        _migrate_file(files, files.root / STORE_FILE)


def _older(files: Files) -> Iterator[Path]:
    """Every file of the store but `store.json`."""
    for folder in (DOCUMENTS, ANNOTATIONS, ASSIGNMENTS, STEPS):
        yield from (path for path in files.walk(files.root / folder) if path.suffix == ".json")
    yield from (path for name in RECORD_LISTS if files.is_there(path := files.root / name))


def _migrate_file(files: Files, path: Path) -> None:
    data = files.read(path) or b""
    new = migrated_data(data, origin=str(path))
    if new is not data:
        files.write(path, new)
