"""Somebody else's store, read where it lies: a folder, or a ZIP archive that is never unpacked.

Files are asked for by their paths in a store, which follow from ids and names; no name in an archive becomes a path on
this disk. One file at a time is in memory, and none that is larger than a set or document can be, or that is packed
as tightly as only an archive made to fill a disk is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from annotator.errors import InputError, StoreError
from annotator.store.archives import LARGEST_FILE, Archive, Limits, opened_archive
from annotator.store.files import Files
from annotator.store.layout import ANNOTATIONS, DOCUMENTS, STORE_FILE

_LIMITS = Limits()
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
def other_store(path: Path, *, limits: Limits | None = _LIMITS) -> Iterator[OtherStore]:
    """The store in a folder or archive, or in the folder `annotations` in it, as in a project's checkout.

    InputError if there is none, or an archive is larger than `limits` allow. It need not be whole: one without
    `store.json` is told by its other files.
    """
    if path.is_dir():
        yield _Folder(path)
        return
    with opened_archive(path, limits=limits) as archive:
        yield _Archive(archive)


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
        if place.exists() and place.stat().st_size > LARGEST_FILE:
            raise StoreError(f"{path} is larger than any file of a store ({LARGEST_FILE >> 20} MiB)")
        return self._files.read(place)


class _Archive:
    def __init__(self, archive: Archive) -> None:
        self.title = str(archive.path)
        self.name = archive.path.stem
        self._archive = archive
        self._root = _root_in(archive.path, archive.names)
        self._folders: dict[str, list[str]] = {}
        for member in archive.names:
            if member.startswith(self._root):
                self._enter(member.removeprefix(self._root))

    def _enter(self, member: str) -> None:
        """Note a member in the folders above it."""
        parts = member.split("/")
        if any(part in ("", ".", "..") for part in parts) or len(parts) > _DEEPEST:
            return
        for depth in range(len(parts)):
            names = self._folders.setdefault("/".join(parts[:depth]), [])
            if parts[depth] not in names[-1:]:
                names.append(parts[depth])

    def names(self, folder: str) -> list[str]:
        return sorted({name for name in self._folders.get(folder, []) if not name.startswith(".")})

    def read(self, path: str) -> bytes | None:
        return self._archive.read(f"{self._root}{path}")


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


def _root_in(path: Path, members: Iterable[str]) -> str:
    """What stands before the paths of the store's files in an archive's names: empty, or folders with a slash."""
    stores: set[str] = set()
    others: set[str] = set()
    for member in members:
        if (match := _MEMBER.fullmatch(member)) is None or _NOT_LIVE.search(member):
            continue
        (stores if member.endswith(f"{match['root']}{STORE_FILE}") else others).add(match["root"])
    candidates = stores or others
    if not candidates:
        raise _no_store(path)
    depth = min(root.count("/") for root in candidates)
    outermost = sorted(root for root in candidates if root.count("/") == depth)
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
