"""The only writer of files in a store: whole files, replaced atomically and durably.

A file is written under `.tmp/` in the store, synced, renamed to its place, and the folder it stands in is
synced. A reader so sees the old file or the new one, and what `write` returned from survives a power cut. All
tools of the operating system come through `Disk`, where a test can make each of them fail.

A store may come from a stranger. So below its folder no link is followed, neither for reading nor for writing or deleting:
each folder on the way to a file is looked at before, and the file itself is opened without following a link. Pipes and
devices are refused like links. The owner may allow on this machine that `documents` or `annotations` lie elsewhere
(`trust`). Windows cannot open without following links; there the look before has to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from annotator.errors import DiskError, LinkError, SaveError, StoreError
from annotator.store.layout import TEMPORARY
from annotator.store.trust import is_link_allowed

STALE_AFTER = 60.0
"""Seconds after which a file in `.tmp/` counts as left behind: writing one takes milliseconds."""

_REASONS = {
    errno.ENOSPC: ("the disk is full", "make some room on it"),
    errno.EDQUOT: ("your disk quota is used up", "make some room, or ask for more"),
    errno.EFBIG: (
        "the file would be larger than is allowed here",
        "raise the limit on file sizes (ulimit -f)",
    ),
    errno.EROFS: ("the disk is read-only", "make it writable, or copy the store to one that is"),
    errno.EACCES: ("you may not write there", "change the permissions of the store's folder"),
    errno.EPERM: ("you may not write there", "change the permissions of the store's folder"),
    errno.EIO: ("the disk reports an error", "copy the store to another disk before anything else"),
    errno.ENOENT: ("the store's folder is gone", "bring it back to where it was"),
    errno.EXDEV: ("a part of the store lies on another disk", "keep the whole store on one"),
}

_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP)
"""What a filesystem answers that has no such thing as syncing a folder."""

_NO_SECOND_NAMES = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What a disk answers on which a file has one name only."""

_LOCKED_BYTE = 1 << 30
"""Windows locks bytes, which nobody else can read then: this one lies behind all that is written."""


_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""A flag of `open` that refuses a link in the place of the file; Windows has none."""
_BINARY = getattr(os, "O_BINARY", 0)


class Disk:
    """The calls of the operating system that a store makes; each raises OSError."""

    def read(self, path: Path) -> bytes:
        # O_NONBLOCK: opening a pipe must not wait for somebody who writes into it.
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK | getattr(os, "O_NONBLOCK", 0) | _BINARY)
        with open(descriptor, "rb") as file:  # noqa: PTH123  # a descriptor, not a path
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "it is not a regular file")
            return file.read()

    def names(self, folder: Path) -> list[str]:
        return os.listdir(folder)  # noqa: PTH208  # plain names: there may be thousands

    def modified(self, path: Path) -> int:
        """When `path` was last changed, in nanoseconds; of a folder, when a name in it was."""
        return path.stat().st_mtime_ns

    def states(self, folder: Path) -> list[tuple[str, os.stat_result]]:
        """The names in a folder, each with what the disk says of it; of links that they are links."""
        with os.scandir(folder) as entries:
            return [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries]

    def open_new(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY, 0o666)

    def open_end(self, path: Path) -> int:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _NO_LINK | _BINARY, 0o666)

    def open_lock(self, path: Path) -> int:
        return os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK | _BINARY, 0o666)

    def lock(self, descriptor: int) -> bool:
        """Lock an open file until it is closed or the process ends; False if another program has."""
        try:
            if sys.platform == "win32":
                import msvcrt

                os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
                os.lseek(descriptor, 0, os.SEEK_SET)
            else:
                import fcntl

                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        return True

    def open_folder(self, folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def write(self, descriptor: int, data: memoryview) -> int:
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        if sys.platform == "darwin":  # fsync leaves the data in the drive's own memory there
            import fcntl

            with contextlib.suppress(OSError):
                fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
                return
        os.fsync(descriptor)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def link(self, source: Path, target: Path) -> None:
        """Give a file another name, which must be free; not every disk can."""
        target.hardlink_to(source)

    def make_folder(self, folder: Path) -> None:
        folder.mkdir()

    def remove(self, path: Path) -> None:
        path.unlink()


class Files:
    """Reads and replaces files below `root`. Threads may share one, but for writes to the same path.

    `aside` is the folder below `root` in which files are written before they are renamed. `is_link_allowed` says whether
    the owner has allowed on this machine that a folder at the root is the link that it is.
    """

    def __init__(
        self,
        root: Path,
        *,
        disk: Disk | None = None,
        aside: str = TEMPORARY,
        is_link_allowed: Callable[[Path, str], bool] = is_link_allowed,
    ) -> None:
        self.root = root
        self.disk = disk or Disk()
        self._aside = root / aside
        self._is_link_allowed = is_link_allowed
        self._settled: set[Path] = set()

    def check(self, path: Path) -> None:
        """LinkError if `path`, or a folder between it and the root, is a link, a pipe or a device.

        What is not there yet is in order; a path outside the root is none of a store's and is refused.
        """
        try:
            parts = path.relative_to(self.root).parts
        except ValueError:
            raise LinkError(f"{path} is not in the store {self.root}") from None
        if ".." in parts:
            raise LinkError(f"{path} leads out of the store {self.root}")
        current = self.root
        for index, part in enumerate(parts):
            current = current / part
            try:
                mode = os.lstat(current).st_mode  # of the link itself; half the time of Path's
            except (FileNotFoundError, NotADirectoryError):
                return
            except OSError as error:
                raise StoreError(
                    f"{current} cannot be read: {error.strerror}", hint=_reason(error)[1]
                ) from error
            if stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and index == len(parts) - 1):
                continue
            if stat.S_ISLNK(mode) and index == 0 and self._is_link_allowed(self.root, part):
                continue
            if stat.S_ISREG(mode):
                raise StoreError(
                    f"{current} is a file where a folder should be", hint="annotator check names it"
                )
            raise _not_followed(current, mode)

    def is_folder(self, path: Path) -> bool:
        """True if there is a folder at `path`; LinkError as `check`."""
        self.check(path)
        return path.is_dir()

    def walk(self, folder: Path) -> Iterator[Path]:
        """Every file below a folder by path, in a stable order, links and hidden ones included; none is followed.

        Nothing if there is no such folder. LinkError if it is a link, StoreError if one cannot be read.
        """
        if not self.is_folder(folder):
            return
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise StoreError(f"{folder} cannot be read: {error.strerror}", hint=_reason(error)[1]) from error
        for entry in ordered:
            path = folder / entry.name
            is_allowed = (
                folder == self.root and entry.is_symlink() and self._is_link_allowed(self.root, entry.name)
            )
            if entry.is_dir(follow_symlinks=False) or is_allowed:
                yield from self.walk(path)
            else:
                yield path

    def read(self, path: Path) -> bytes | None:
        """The content of a file, None if there is none; StoreError if it is there but cannot be read."""
        self.check(path)
        try:
            return self.disk.read(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}", hint=_reason(error)[1]) from error

    def is_there(self, path: Path) -> bool:
        """True if there is a file or folder at `path`; StoreError if that cannot be found out, or it is a link."""
        self.check(path)
        try:
            self.disk.modified(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}", hint=_reason(error)[1]) from error
        return True

    def names(self, folder: Path) -> list[str]:
        """The names in a folder, without hidden ones, sorted; none if there is no such folder."""
        self.check(folder)
        try:
            return sorted(name for name in self.disk.names(folder) if not name.startswith("."))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{folder} cannot be read: {error.strerror}", hint=_reason(error)[1]) from error

    def modified(self, path: Path) -> int:
        """When `path` was last changed, in nanoseconds; 0 if it is not there or does not say. LinkError for a link."""
        self.check(path)
        try:
            return self.disk.modified(path)
        except OSError:
            return 0

    def modified_folders(self, folder: Path) -> dict[str, int]:
        """When each folder in a folder was last changed, in nanoseconds, by name, without hidden ones; none if it is not there.

        LinkError for a link among them, as `modified` of each would raise, at a fraction of the time.
        """
        self.check(folder)
        try:
            states = self.disk.states(folder)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StoreError(f"{folder} cannot be read: {error.strerror}", hint=_reason(error)[1]) from error
        times: dict[str, int] = {}
        for name, state in sorted(states, key=lambda named: named[0]):
            if name.startswith("."):
                continue
            if not (stat.S_ISDIR(state.st_mode) or stat.S_ISREG(state.st_mode)):
                raise _not_followed(folder / name, state.st_mode)
            times[name] = state.st_mtime_ns
        return times

    def write(
        self,
        path: Path,
        data: bytes,
        *,
        later: set[Path] | None = None,
        check: Callable[[], None] | None = None,
    ) -> None:
        """Replace the file at `path`, making its folders; durable when it returns, SaveError if it is not.

        With `later`, the folders that are still to be synced are put there, and the file is durable once
        `settle` has returned. `check` is called just before the rename, and an error of it keeps the old file.
        """
        folder = path.parent
        self._check_target(path)
        try:
            self._make(folder, later)
            self._replace(path, [data], sync=True, check=check)
            if later is None:
                self.sync_folder(folder)
            else:
                later.add(folder)
        except OSError as error:
            self._settled.clear()
            raise save_error(path, error) from error

    def create(self, path: Path, data: bytes) -> bool:
        """Put a new file at `path`, as `write` does; False, and nothing changed, if the name is taken.

        Of two programs that create one name at once, one gets it.
        """
        self._check_target(path)
        try:
            self._make(path.parent, None)
            self._replace(path, [data], sync=True, put=self._put_new)
            self.sync_folder(path.parent)
        except FileExistsError:
            return False
        except OSError as error:
            self._settled.clear()
            raise save_error(path, error) from error
        return True

    def include(self, path: Path, later: set[Path]) -> None:
        """Have `settle` make the name of a file durable that somebody else has written."""
        self._check_target(path)
        try:
            self._make(path.parent, later)
        except OSError as error:
            raise save_error(path, error) from error
        later.add(path.parent)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there; durable when it returns, SaveError if it is not."""
        self._check_target(path)
        try:
            with contextlib.suppress(FileNotFoundError):
                self.disk.remove(path)
            self.sync_folder(path.parent)
        except OSError as error:
            raise save_error(path, error) from error

    def make_root(self) -> None:
        """Make the root and the folders above it that are missing, durably; SaveError if that fails."""
        missing = [folder for folder in (self.root, *self.root.parents) if not folder.exists()]
        try:
            for folder in reversed(missing):
                self.disk.make_folder(folder)
                self.sync_folder(folder.parent)
        except OSError as error:
            raise save_error(self.root, error) from error

    def settle(self, folders: set[Path]) -> None:
        """Make the names in `folders` durable; SaveError if that fails."""
        for folder in sorted(folders):
            try:
                self.sync_folder(folder)
            except OSError as error:
                self._settled.clear()
                raise save_error(folder, error) from error
        self._settled |= folders

    def sync_folder(self, folder: Path) -> None:
        """Make the names in a folder durable, where the system and the disk have such a call; OSError if that fails."""
        if os.name == "nt":  # has no such call; the rename itself is journalled there
            return
        descriptor = self.disk.open_folder(folder)
        try:
            self.disk.sync(descriptor)
        except OSError as error:
            if error.errno not in _NO_FOLDER_SYNC:
                raise
        finally:
            self.disk.close(descriptor)

    def write_disposable(self, path: Path, pieces: Iterable[bytes]) -> bool:
        """Replace a file that can be made again: atomic but not durable. False, and no error, if it fails.

        What is written is never held as a whole.
        """
        try:
            self._check_target(path)
            self._make(path.parent, set())
            self._replace(path, pieces, sync=False)
        except (OSError, StoreError):
            return False
        return True

    def append_disposable(self, path: Path, data: bytes) -> bool:
        """Append to a file that can be made again, in one write. False, and no error, if it fails."""
        try:
            self.check(path)
            descriptor = self.disk.open_end(path)
            try:
                return self.disk.write(descriptor, memoryview(data)) == len(data)
            finally:
                self.disk.close(descriptor)
        except (OSError, StoreError):
            return False

    def remove_disposable(self, path: Path) -> None:
        """Remove a file that can be made again, if it is there and may be removed."""
        with contextlib.suppress(OSError, StoreError):
            self.check(path.parent)
            self.disk.remove(path)

    def sweep(self) -> None:
        """Remove what a program that died has left in `.tmp/`.

        Younger files than STALE_AFTER stay, for another program may be about to rename them. Should it be
        slower than that, its save fails and is tried again.
        """
        folder = self._aside
        now = time.time()
        with contextlib.suppress(OSError, StoreError):
            self.check(folder)
            for name in self.disk.names(folder):
                path = folder / name
                if now - self.modified(path) / 1e9 > STALE_AFTER:
                    self.remove_disposable(path)

    def _replace(
        self,
        path: Path,
        pieces: Iterable[bytes],
        *,
        sync: bool,
        check: Callable[[], None] | None = None,
        put: Callable[[Path, Path], None] | None = None,
    ) -> None:
        """Write under a new name, then rename, or `put` it in its place.

        A descriptor whose sync failed is never used again.
        """
        self._check_target(self._aside)
        temporary = self._aside / f"{secrets.token_hex(8)}.tmp"
        try:
            descriptor = self.disk.open_new(temporary)
        except FileNotFoundError:
            with contextlib.suppress(FileExistsError):
                self.disk.make_folder(temporary.parent)
            descriptor = self.disk.open_new(temporary)
        try:
            try:
                for piece in pieces:
                    rest = memoryview(piece)
                    while rest:
                        rest = rest[self.disk.write(descriptor, rest) :]
                if sync:
                    self.disk.sync(descriptor)
            finally:
                self.disk.close(descriptor)
            if check is not None:
                check()
            (put or self.disk.replace)(temporary, path)
        except (OSError, StoreError):
            self.remove_disposable(temporary)
            raise

    def _put_new(self, temporary: Path, path: Path) -> None:
        """Put a whole file in the place of none; FileExistsError if the name is taken."""
        try:
            self.disk.link(temporary, path)
            self.remove_disposable(temporary)
        except OSError as error:
            if error.errno not in _NO_SECOND_NAMES:
                raise
            self.disk.close(self.disk.open_new(path))  # which takes the name, for as long as the rename needs
            self.disk.replace(temporary, path)

    def _check_target(self, path: Path) -> None:
        """As `check`, for what is to be changed: SaveError."""
        try:
            self.check(path)
        except StoreError as error:
            raise SaveError(
                f"{path} could not be saved: {error.message}", hint=error.hint, reason=error.message
            ) from error

    def _make(self, folder: Path, later: set[Path] | None) -> None:
        """Make a folder and those above it, down from the root.

        The names of folders that are there already are synced as well, once a session: the program that made
        them may have died before it did so.
        """
        if folder in self._settled or folder == self.root or (later is not None and folder in later):
            return
        self._make(folder.parent, later)
        with contextlib.suppress(FileExistsError):
            self.disk.make_folder(folder)
        if later is None:
            self.sync_folder(folder.parent)
            self._settled.add(folder)
        else:
            later.add(folder.parent)


def _not_followed(path: Path, mode: int) -> LinkError:
    if stat.S_ISLNK(mode):
        return LinkError(
            f"{path} is a link, and links in a store are not followed",
            hint="put what it leads to in its place; documents and annotations may lie elsewhere: annotator trust --link",
        )
    return LinkError(f"{path} is neither a file nor a folder", hint="remove it, or move it out of the store")


def why_read_only(*folders: Path) -> str | None:
    """Why nothing can be written in these folders, those that are there, or None if it can; writes nothing."""
    if os.name != "nt" and os.statvfs(folders[0]).f_flag & os.ST_RDONLY:
        return f"{folders[0]} lies on a read-only disk"
    for folder in folders:
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            return f"you may not write in {folder}"
    return None


def save_error(path: Path, error: OSError) -> DiskError:
    """What a person is told when `path` could not be written."""
    reason, hint = _reason(error)
    return DiskError(f"{path} could not be saved: {reason}", hint=hint, reason=reason)


def _reason(error: OSError) -> tuple[str, str]:
    return _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
