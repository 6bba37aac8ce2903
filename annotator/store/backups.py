"""Backups: the whole store in one ZIP archive, whose files any program can take out again.

An archive is written beside its place, synced, read back and compared by its checksums, and only then renamed. It
holds every file of the store but what is disposable, models that can be taught again, and what backups and repairs have
put aside. A file whose name cannot be in an archive, since it is not UTF-8, has another one in it, and is told.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from pathlib import Path

from annotator.errors import InputError, SaveError, StoreError
from annotator.model.decisions import time_text
from annotator.store.archives import Limits, opened_archive, packed_names
from annotator.store.cache import Cache
from annotator.store.files import Files, save_error
from annotator.store.layout import BACKUPS, CACHE, MODELS, QUARANTINE, TEMPORARY

DAILY = "daily"
KEPT = 7
"""How many daily backups are kept, and how many of those that other commands make before they begin."""

_LEFT_OUT = {CACHE, TEMPORARY, BACKUPS, QUARANTINE, MODELS, ".git"}
_WORK = 0.005
"""Seconds that a backup in the background works, and then rests, in turn."""
_NAME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-([a-z-]+)\.zip")
_EPOCH, _LAST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)
_PIECE = 1 << 20
_OUTCOME = ("backups", "daily")
"""Where the cache keeps how the last daily backup went."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One archive in `backups/`. `reason` is "daily", or the command that made it; `when` is UTC in ISO 8601.

    `renamed` are the files, by their paths in the store, that have another name in the archive that was just made.
    """

    path: Path
    reason: str
    when: str
    size: int
    renamed: tuple[str, ...] = ()


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """The program ends before the backup was ready; nothing is left of it."""


def backups(files: Files) -> list[Backup]:
    """The backups in the store, the newest first.

    A link or a folder that is called like one is none, nor what has no moment for a name: a store may be a stranger's.
    """
    listed = []
    for name in files.names(files.root / BACKUPS):
        path = files.root / BACKUPS / name
        if (named := _named(name)) is not None and stat.S_ISREG((facts := path.lstat()).st_mode):
            when, reason = named
            listed.append(Backup(path, reason, when, facts.st_size))
    return sorted(listed, key=lambda backup: backup.path.name, reverse=True)


def _named(name: str) -> tuple[str, str] | None:
    """The moment and the reason in the name of a backup; None if it is not called so."""
    if (match := _NAME.fullmatch(name)) is None:
        return None
    *moment, reason = match.groups()
    when = "{}-{}-{}T{}:{}:{}Z".format(*moment)
    try:
        is_ours = datetime.fromisoformat(when).year < MAXYEAR
    except ValueError:
        return None
    return (when, reason) if is_ours else None


def back_up(
    files: Files, *, reason: str, kept: int | None = None, stop: threading.Event | None = None
) -> Backup:
    """Make a backup in the store; of those with this reason, only the `kept` newest stay.

    With `stop`, it leaves the processor to others half of the time, and raises Stopped once the event is set.
    SaveError if it cannot be made, or does not read back as it was written.
    """
    now = datetime.now(UTC)
    if existing := backups(
        files
    ):  # two in one second, or a clock put back: the newest is the last by name, too
        now = max(now, datetime.fromisoformat(existing[0].when) + timedelta(seconds=1))
    path = files.root / BACKUPS / f"{now:%Y%m%dT%H%M%SZ}-{reason}.zip"
    renamed = write_backup(files, path, stop=stop)
    if kept is not None:
        for old in [backup for backup in backups(files) if backup.reason == reason][kept:]:
            files.remove(old.path)
    return Backup(path, reason, time_text(now), path.stat().st_size, renamed)


def back_up_daily(files: Files, *, kept: int = KEPT, stop: threading.Event | None = None) -> Backup | None:
    """Make the daily backup; None if there is one of today (UTC), or nothing has changed since the last one."""
    daily = [backup for backup in backups(files) if backup.reason == DAILY]
    if not kept or (daily and daily[0].when[:10] == f"{datetime.now(UTC):%Y-%m-%d}"):
        return None
    try:
        if daily and _mark_of(daily[0].path) == fingerprint(files, stop=stop):
            return None
        archive = back_up(files, reason=DAILY, kept=kept, stop=stop)
    except StoreError as error:
        _note_outcome(files, f"{time_text(datetime.now(UTC))[:10]}: {error.message}")
        raise
    _note_outcome(files, "")
    return archive


def daily_failure(files: Files) -> str | None:
    """When and why the last daily backup could not be made, as far as that could be kept; None if it was made."""
    kept = Cache(files).get(*_OUTCOME)
    reason = kept.get("failed") if isinstance(kept, dict) else None
    return reason if isinstance(reason, str) and reason else None


def _note_outcome(files: Files, failed: str) -> None:
    if failed or daily_failure(files) is not None:
        Cache(files).put(*_OUTCOME, {"failed": failed})


def write_backup(files: Files, target: Path, *, stop: threading.Event | None = None) -> tuple[str, ...]:
    """Write the archive of the store to `target`; durable and read back when it returns.

    It gives the files, by their paths in the store, that have another name there, since theirs are not
    UTF-8 or would not do on every disk.
    """
    rest = _resting(stop)
    mark = fingerprint(files, stop=stop)
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    if target.is_relative_to(files.root):
        files.check(target.parent)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("xb") as file:
                with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
                    archive.comment = mark.encode()
                    renamed = _pack(files, archive, rest)
                    count = len(archive.namelist())
                file.flush()
                files.disk.sync(file.fileno())
            _read_back(part, count, rest)
            files.disk.replace(part, target)
            files.sync_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise save_error(target, error) from error
    return renamed


def read_from(backup: Path, name: str) -> bytes | None:
    """One file of a backup; None if it is not there or cannot be read."""
    try:
        with opened_archive(backup, limits=Limits()) as archive:
            return archive.read(name)
    except (InputError, StoreError):
        return None


def fingerprint(files: Files, *, stop: threading.Event | None = None) -> str:
    """What changes whenever a file of the store does: a hash of names, sizes and times of change."""
    rest = _resting(stop)
    digest = hashlib.sha256()
    for path in stored(files):
        with contextlib.suppress(OSError):
            facts = path.stat()
            name = os.fsencode(path.relative_to(files.root))
            digest.update(b"%b\0%d\0%d\n" % (name, facts.st_size, facts.st_mtime_ns))
        rest()
    return digest.hexdigest()


def stored(files: Files) -> Iterator[Path]:
    """Every file that a backup holds, in a stable order. StoreError if the store's folder cannot be read."""
    try:
        names = sorted(files.disk.names(files.root))
    except OSError as error:
        raise StoreError(f"{files.root} cannot be read: {error.strerror}") from error
    for name in names:
        if name in _LEFT_OUT:
            continue
        path = files.root / name
        files.check(path)
        for file in files.walk(path) if path.is_dir() else (path,):
            if file.suffix != ".part":
                files.check(file)
                yield file


def _pack(files: Files, archive: zipfile.ZipFile, rest: Callable[[], None]) -> tuple[str, ...]:
    """Put every file into the archive; those, by their paths, that have another name there."""
    names = [path.relative_to(files.root).as_posix() for path in stored(files)]
    renamed = []
    for name, packed_name in zip(names, packed_names(names), strict=True):
        path = files.root / name
        try:
            data = files.read(path)
        except StoreError as error:
            raise SaveError(f"no backup could be made: {error.message}", hint=error.hint) from error
        if data is not None:  # else it was removed meanwhile
            entry = zipfile.ZipInfo(packed_name, _moment(files.modified(path)))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
            if packed_name != name:
                renamed.append(name)
        rest()
    return tuple(renamed)


def _moment(nanoseconds: int) -> tuple[int, int, int, int, int, int]:
    """A file's time as an archive can hold it: the nearest one that it can."""
    try:
        moment = time.gmtime(nanoseconds // 1_000_000_000)[:6]
    except (OverflowError, OSError, ValueError):
        return _LAST
    return min(max(moment, _EPOCH), _LAST)


def _read_back(part: Path, count: int, rest: Callable[[], None]) -> None:
    """SaveError unless every file of the archive comes back with its checksum."""
    try:
        with zipfile.ZipFile(part) as archive:
            entries = archive.infolist()
            for entry in entries:
                with archive.open(entry) as file:
                    while file.read(_PIECE):
                        rest()
    except zipfile.BadZipFile as error:
        raise SaveError(f"the backup does not read back: {error}", hint="check the disk") from error
    if len(entries) != count:
        raise SaveError("the backup does not read back: files are missing", hint="check the disk")


def _mark_of(backup: Path) -> str | None:
    try:
        with opened_archive(backup, limits=Limits()) as archive:
            return archive.comment.decode("ascii", "replace")
    except InputError:
        return None


def _resting(stop: threading.Event | None) -> Callable[[], None]:
    """What to call between two pieces of work."""
    began = time.monotonic()

    def rest() -> None:
        nonlocal began
        if stop is None:
            return
        if time.monotonic() - began > _WORK:
            stop.wait(_WORK)
            began = time.monotonic()
        if stop.is_set():
            raise Stopped

    return rest
