"""Somebody else's store, read where it lies: a folder, or a ZIP archive that is never unpacked.

Files are asked for by their paths in a store, which follow from ids and names; no name in an archive becomes a path on
this disk. One file at a time is in memory, and none that is larger than a set or document can be, or that is packed
as tightly as only an archive made to fill a disk is.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from annotator.errors import InputError, StoreError
from annotator.store.files import Files
from annotator.store.layout import ANNOTATIONS, DOCUMENTS, STORE_FILE

LARGEST = 256 << 20
"""No file of a store has so many bytes."""

_TIGHT = 16 << 20
"""A member of an archive that is larger must not be packed to less than a hundredth."""
_RATIO = 100
_DEEPEST = 4
"""A file of a store stands in at most three folders."""
_BELOW = "annotations"
"""The folder of a project in which its store stands by default."""

_MEMBER = re.compile(
    rf"(?P<root>(?:[^/]+/)*?)(?:{STORE_FILE}|{DOCUMENTS}/[0-9a-f]{{2}}/[^/]+|{ANNOTATIONS}/[^/]+/[0-9a-f]{{2}}/[^/]+)"
)
_NOT_LIVE = re.compile(r"(?:^|/)(?:quarantine|backups|\.[^/]+)/")


class OtherStore(Protocol):
    """The files of a store, by their paths in it with slashes. `name` is short, `title` tells where it is."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    def names(self, folder: str) -> list[str]:
        """The names in a folder, without hidden ones, sorted; none if there is no such folder."""
        ...

    def read(self, path: str) -> bytes | None:
        """The content of a file, None if there is none; StoreError if it is there but cannot be read."""
        ...


@contextmanager
def other_store(path: Path) -> Iterator[OtherStore]:
    """The store in a folder or archive, or in the folder `annotations` in it, as in a project's checkout.

    InputError if there is none. It need not be whole: one without `store.json` is told by its other files.
    """
    if not path.exists():
        raise InputError(f"{path} does not exist", hint="check the spelling and the folder you are in")
    if path.is_dir():
        yield _Folder(path)
        return
    if not path.is_file():
        raise InputError(f"{path} is not a file", hint="give a colleague's store, or an archive of it")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, EOFError) as error:
        raise InputError(
            f"{path} is neither a folder nor a ZIP archive: {error}",
            hint="give a colleague's store, or an archive that annotator backup made",
        ) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="check its permissions") from error
    with archive:
        yield _Archive(path, archive)


class _Folder:
    def __init__(self, path: Path) -> None:
        self.root = _root_of(path)
        self.title = str(self.root)
        self.name = path.absolute().name
        self._files = Files(self.root.absolute())

    def names(self, folder: str) -> list[str]:
        if not self._files.is_folder(self._files.root / folder):
            return []
        return self._files.names(self._files.root / folder)

    def read(self, path: str) -> bytes | None:
        place = self._files.root / path
        self._files.check(place)
        if place.exists() and not place.is_file():
            raise StoreError(f"{path} is not a file")
        if place.exists() and place.stat().st_size > LARGEST:
            raise _too_large(path)
        return self._files.read(place)


class _Archive:
    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.title = str(path)
        self.name = path.stem
        self._archive = archive
        members = [each.filename for each in archive.infolist() if not each.is_dir()]
        self._root = _root_in(path, members)
        self._folders: dict[str, list[str]] = {}
        for member in members:
            if member.startswith(self._root):
                self._enter(member.removeprefix(self._root))

    def _enter(self, member: str) -> None:
        """Note a member in the folders above it."""
        parts = member.split("/")
        if any(part in ("", ".", "..") for part in parts) or len(parts) > _DEEPEST:
            return
        for depth in range(len(parts)):
            known = self._folders.setdefault("/".join(parts[:depth]), [])
            if parts[depth] not in known[-1:]:
                known.append(parts[depth])

    def names(self, folder: str) -> list[str]:
        return sorted({name for name in self._folders.get(folder, []) if not name.startswith(".")})

    def read(self, path: str) -> bytes | None:
        try:
            member = self._archive.getinfo(f"{self._root}{path}")
        except KeyError:
            return None
        if member.file_size > LARGEST:
            raise _too_large(path)
        if member.file_size > max(_TIGHT, _RATIO * member.compress_size):
            raise StoreError(f"{path} is packed too tightly to be a file of a store")
        try:
            with self._archive.open(member) as file:
                return file.read(member.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
            raise StoreError(f"{path} cannot be read from the archive: {error}") from error


def _root_of(path: Path) -> Path:
    """The folder of the store in `path`."""
    candidates = (path, path / _BELOW)
    for candidate in candidates:
        if (candidate / STORE_FILE).is_file():
            return candidate
    for candidate in candidates:
        if (candidate / DOCUMENTS).is_dir() or any(candidate.glob(f"{ANNOTATIONS}/*/[0-9a-f][0-9a-f]/")):
            return candidate
    raise _no_store(path)


def _root_in(path: Path, members: list[str]) -> str:
    """What stands before the paths of the store's files in an archive's names: empty, or folders with a slash."""
    stores: set[str] = set()
    others: set[str] = set()
    for member in members:
        if (match := _MEMBER.fullmatch(member)) is None or _NOT_LIVE.search(member):
            continue
        (stores if member.endswith(f"{match['root']}{STORE_FILE}") else others).add(match["root"])
    found = stores or others
    if not found:
        raise _no_store(path)
    depth = min(root.count("/") for root in found)
    outermost = sorted(root for root in found if root.count("/") == depth)
    if len(outermost) > 1:
        raise InputError(
            f"{path} holds several stores: {', '.join(outermost)}",
            hint="unpack it, and merge one after the other",
        )
    return outermost[0]


def _no_store(path: Path) -> InputError:
    return InputError(
        f"there is no store in {path}",
        hint=f"give the folder or archive that holds {STORE_FILE}, or {_BELOW}/{STORE_FILE}",
    )


def _too_large(path: str) -> StoreError:
    return StoreError(f"{path} is larger than any file of a store ({LARGEST >> 20} MiB)")
