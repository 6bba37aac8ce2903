"""A backup brought back: unpacked where no program looks for a store, verified there, and only then put in its place.

So a kill, a full disk or a broken archive leaves no half store. What a backup never holds is left out and named: a folder
of version control, for example, whose settings would run programs.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError, StoreError
from annotator.store.archives import Archive, Limits, opened_archive
from annotator.store.check import check
from annotator.store.damage import Finding
from annotator.store.files import Files, save_error
from annotator.store.layout import BACKUPS, MODELS, QUARANTINE, STORE_FILE, TEMPORARY

_NOT_RESTORED = (BACKUPS, MODELS, QUARANTINE)
_HIDDEN_BUT_RESTORED = (".gitignore", ".gitattributes")


@dataclass(frozen=True, slots=True)
class Restored:
    """How many files came back, the names of those that were left out, and the damage that the backup had already."""

    files: int
    left_out: tuple[str, ...]
    damage: tuple[Finding, ...]


def restore(backup: Path, folder: Path, *, limits: Limits | None = None) -> Restored:
    """Bring a backup back as a store in `folder`, which is new or empty; durable when it returns.

    `limits` are those on what is unpacked; None for any size. InputError if it is no backup, holds what no backup holds
    or is broken, or the folder has anything in it; SaveError if the disk does not take it. `folder` stays as it was then.
    """
    target = folder.absolute()
    is_new = not target.exists()
    if not is_new and (not target.is_dir() or any(target.iterdir())):
        raise InputError(f"{folder} is there already and not empty", hint="restore to a new folder")
    with opened_archive(backup, limits=limits) as archive:
        if STORE_FILE not in archive.names:
            raise InputError(f"{backup} is no backup of a store", hint="annotator backup --list names some")
        archive.check_names()
        name = f".{secrets.token_hex(8)}.part"
        files = Files(target.with_name(name) if is_new else target / name)
        try:
            left_out = _unpack(archive, files)
            damage = tuple(check(files))
            _put_in_place(files, target, is_new=is_new)
        except OSError as error:
            raise save_error(target, error) from error
        finally:
            shutil.rmtree(files.root, ignore_errors=True)
    return Restored(len(archive.names) - len(left_out), left_out, damage)


def _unpack(archive: Archive, files: Files) -> tuple[str, ...]:
    """Write the files of a backup below the root of `files`, durably; the names of those that no backup holds."""
    left_out = []
    folders: set[Path] = set()
    files.make_root()
    for name in archive.names:
        if not _is_restored(name):
            left_out.append(name)
            continue
        try:
            data = archive.read(name)
        except StoreError as error:
            raise InputError(f"{archive.path} is damaged: {error.message}", hint=error.hint) from error
        files.write(files.root / name, data or b"", later=folders)
    files.settle(folders)
    return tuple(left_out)


def _is_restored(name: str) -> bool:
    first, *_ = parts = name.split("/")
    hidden = [part for part in parts if part.startswith(".")]
    return first not in _NOT_RESTORED and (not hidden or name in _HIDDEN_BUT_RESTORED)


def _put_in_place(files: Files, target: Path, *, is_new: bool) -> None:
    """Rename what was unpacked to `target`: the folder as a whole, or, into a folder that is there, the store's file last."""
    disk = files.disk
    shutil.rmtree(files.root / TEMPORARY)
    if is_new:
        disk.replace(files.root, target)
        files.sync_folder(target.parent)
        return
    names = sorted(disk.names(files.root), key=lambda name: name == STORE_FILE)
    for name in names:
        disk.replace(files.root / name, target / name)
    files.sync_folder(target)
