"""ZIP archives of a store, which anybody may have packed: what is read from one is bounded, and none is trusted.

Backups are such archives, and so is what a colleague sends. The list of members is checked before anything is unpacked; a
member is unpacked in memory, one at a time, and never to more bytes than the list says.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from annotator.errors import InputError, StoreError

LARGEST_FILE = 256 << 20
"""No file of a store has so many bytes."""

_TIGHT = 16 << 20
"""What unpacks to more bytes must not be packed to less than a hundredth: only what is to fill a disk is."""
_RATIO = 100
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OTHER_METHODS = {
    9: "Deflate64",
    zipfile.ZIP_BZIP2: "bzip2",
    zipfile.ZIP_LZMA: "LZMA",
    93: "Zstandard",
    95: "XZ",
}
_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800
_UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
"""What Python's zipfile raises for a broken archive; NotImplementedError is a RuntimeError."""
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOT_PACKED = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]|(?<=^[A-Za-z]):")
"""What the names of files on this disk may hold and those in an archive may not."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may unpack to: bytes and files altogether."""

    size: int = 4 << 30
    files: int = 1_000_000


class Archive:
    """An open archive: its files by name, in the order of the archive. Folders are no members.

    InputError if they are more, or unpack to more, than `limits`, or are packed as only a bomb is. Without `limits` a
    person has said that any size will do. Nothing is unpacked to find that out.
    """

    def __init__(self, path: Path, archive: zipfile.ZipFile, *, limits: Limits | None) -> None:
        self.path = path
        self.comment = archive.comment
        self._archive = archive
        self._members = _members(path, archive)
        self._is_bounded = limits is not None
        if limits is not None:
            self._check_limits(limits)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its files as they stand there: nobody has checked where they would lead."""
        return tuple(self._members)

    def read(self, name: str) -> bytes | None:
        """The content of a file, None if there is none; StoreError, which says why, if it cannot be unpacked."""
        member = self._members.get(name)
        if member is None:
            return None
        if (problem := _problem(member, is_bounded=self._is_bounded)) is not None:
            raise StoreError(f"{name} {problem}", hint="get the archive anew from whoever packed it")
        try:
            with self._archive.open(member) as file:
                return file.read(member.file_size + 1)
        except _UNREADABLE as error:
            raise StoreError(
                f"{name} cannot be read from the archive: {error}",
                hint="get the archive anew, or take another one",
            ) from error

    def check_names(self) -> None:
        """InputError unless each name is that of a file in the folder that the archive is unpacked to, and of one alone."""
        spelled: dict[str, str] = {}
        folders: dict[str, str] = {}
        for name, member in self._members.items():
            if (reason := _unsafe(member)) is not None:
                raise InputError(
                    f"{self.path} holds a file called {name}: {reason}",
                    hint="no backup has such a name; nothing was unpacked",
                )
            alike = _alike(name)
            if (other := spelled.setdefault(alike, name)) != name:
                raise _collision(self.path, other, name)
            for folder in _folders_of(alike):
                folders.setdefault(folder, name)
        for alike, name in spelled.items():
            if alike in folders:
                raise _collision(self.path, name, folders[alike])

    def _check_limits(self, limits: Limits) -> None:
        """InputError beyond the limits. Reading a file never gives more bytes than the archive's list says it has."""
        size = sum(member.file_size for member in self._members.values())
        packed = sum(member.compress_size for member in self._members.values())
        if len(self._members) > limits.files:
            raise _too_much(self.path, f"holds {len(self._members):,} files, more than {limits.files:,}")
        if size > limits.size:
            raise _too_much(self.path, f"unpacks to {_mebibytes(size)}, more than {_mebibytes(limits.size)}")
        if size > max(_TIGHT, _RATIO * packed):
            raise _too_much(self.path, f"unpacks to {_mebibytes(size)} from {_mebibytes(packed)}")


@contextmanager
def opened_archive(path: Path, *, limits: Limits | None) -> Iterator[Archive]:
    """The archive at `path`; InputError if it is none, cannot be read, or is larger than `limits` allow."""
    if not path.exists():
        raise InputError(f"{path} does not exist", hint="check the spelling and the folder you are in")
    if not path.is_file():
        raise InputError(f"{path} is not a file", hint="give a ZIP archive that annotator backup made")
    try:
        packed = zipfile.ZipFile(path)
    except PermissionError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}", hint="check its permissions") from error
    except _UNREADABLE as error:
        raise InputError(
            f"{path} is neither a folder nor a ZIP archive: {error}",
            hint="give a colleague's store, or an archive that annotator backup made",
        ) from error
    with packed:
        yield Archive(path, packed, limits=limits)


def packed_names(names: Sequence[str]) -> list[str]:
    """The names under which files go into an archive, so that it can be unpacked on every disk; nearly all are the same.

    Bytes that are not UTF-8, control characters and backslashes become a percent sign and two digits; of names that some
    disks do not tell apart, all but the first get a percent sign more.
    """
    folders = {_alike(folder) for name in names for folder in _folders_of(name)}
    taken: set[str] = set()
    packed = []
    for name in names:
        safe = _NOT_PACKED.sub(_percent, name)
        while (alike := _alike(safe)) in taken or alike in folders:
            safe += "%"
        taken.add(alike)
        packed.append(safe)
    return packed


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "surrogateescape"))


def _folders_of(name: str) -> Iterator[str]:
    """The folders above a file, by their names."""
    parts = name.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _members(path: Path, archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """The files of an archive by name. InputError if two have one: which of them counts, no two programs agree on."""
    members: dict[str, zipfile.ZipInfo] = {}
    packed = 0
    for member in archive.infolist():
        name = member.orig_filename  # the other one ends at a NUL
        if name.endswith("/"):
            continue
        if name in members:
            raise InputError(
                f"{path} holds {name} twice", hint="get the archive anew: nobody can say which one counts"
            )
        members[name] = member
        packed += member.compress_size
    if packed > path.stat().st_size:
        raise InputError(
            f"{path} lists more than it holds: its files overlap",
            hint="only an archive that is to fill a disk does; nothing was unpacked",
        )
    return members


def _problem(member: zipfile.ZipInfo, *, is_bounded: bool) -> str | None:
    """Why a member cannot be unpacked, as the rest of a sentence about it."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link" if stat.S_ISLNK(kind) else "is neither a file nor a folder"
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if member.compress_type not in _METHODS:
        method = _OTHER_METHODS.get(member.compress_type, f"number {member.compress_type}")
        return f"is packed by {method}, and only stored and deflated files are read"
    if member.file_size > LARGEST_FILE:
        return f"is larger than any file of a store ({_mebibytes(LARGEST_FILE)})"
    if is_bounded and member.file_size > max(_TIGHT, _RATIO * member.compress_size):
        return "is packed too tightly to be a file of a store"
    return None


def _unsafe(member: zipfile.ZipInfo) -> str | None:
    """Why no file may get the name of a member; None if one may."""
    name = member.orig_filename
    if name.startswith("/"):
        return "it begins at the root of the disk"
    if "\\" in name:
        return "some systems take its backslash for a folder"
    if _DRIVE.match(name):
        return "it begins with a drive"
    if _CONTROL.search(name):
        return "it has a control character"
    if not name.isascii() and not member.flag_bits & _NAME_IS_UTF8:
        return "it is not said to be UTF-8, so nobody knows how it is spelled"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return "it leads out of its folder"
    return None


def _alike(name: str) -> str:
    """What two names have in common that are one on a disk without capitals, or with one spelling of accents."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _collision(path: Path, one: str, other: str) -> InputError:
    return InputError(
        f"{path} holds {one} and {other}, which cannot both be on every disk",
        hint="unpack it with another program, and rename one",
    )


def _too_much(path: Path, what: str) -> InputError:
    return InputError(f"{path} {what}", hint="if you trust it and have the room: --any-size")


def _mebibytes(size: int) -> str:
    return f"{-(-size >> 20):,} MiB"
