"""A disk in a power cut: notes what is done to real files, and says what may be left of them.

The model is a pessimistic POSIX disk. What was written to a file is safe once the file was synced; a name that was
made, renamed or removed is safe once its folder was synced, a renamed one once the folder it came to was. Of all
else, any part may survive in any order, but for two changes of one name: contents kept, lost, torn in the middle or
turned to zeros.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from annotator.store.files import Disk
from annotator.store.layout import CACHE, TEMPORARY

FOLDER = -1
"""What a name stands for that is a folder's; files have numbers."""

Names = dict[Path, int | None]


class Event(NamedTuple):
    """Something that was done to the disk, or was said: `what` is "says" then, and `subject` what was said."""

    what: str
    subject: Any = None
    more: Any = None


class RecordingDisk(Disk):
    """Does everything on real files below `root`, but for syncing, and notes it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.events: list[Event] = []
        self._numbers = itertools.count()
        self._inodes: dict[Path, int] = {}
        self._open: dict[int, tuple[str, Any]] = {}

    def says(self, fact: Any) -> None:
        """Note that something was acknowledged."""
        self.events.append(Event("says", fact))

    def open_new(self, path: Path) -> int:
        descriptor = super().open_new(path)
        return self._opened(descriptor, path)

    def open_end(self, path: Path) -> int:
        descriptor = super().open_end(path)
        return self._opened(descriptor, path)

    def open_lock(self, path: Path) -> int:
        descriptor = super().open_lock(path)
        return self._opened(descriptor, path)

    def open_folder(self, folder: Path) -> int:
        descriptor = super().open_folder(folder)
        self._open[descriptor] = ("folder", folder)
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        count = super().write(descriptor, data)
        self.events.append(Event("write", self._open[descriptor][1], bytes(data[:count])))
        return count

    def sync(self, descriptor: int) -> None:
        kind, subject = self._open[descriptor]
        self.events.append(Event(f"sync {kind}", subject))

    def close(self, descriptor: int) -> None:
        super().close(descriptor)
        del self._open[descriptor]

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        self._inodes[target] = self._inodes.pop(source)
        self.events.append(Event("name", target.parent, {source: None, target: self._inodes[target]}))

    def make_folder(self, folder: Path) -> None:
        super().make_folder(folder)
        self.events.append(Event("name", folder.parent, {folder: FOLDER}))

    def remove(self, path: Path) -> None:
        super().remove(path)
        self._inodes.pop(path, None)
        self.events.append(Event("name", path.parent, {path: None}))

    def _opened(self, descriptor: int, path: Path) -> int:
        if path not in self._inodes:
            self._inodes[path] = next(self._numbers)
            self.events.append(Event("name", path.parent, {path: self._inodes[path]}))
        self._open[descriptor] = ("file", self._inodes[path])
        return descriptor


@dataclass
class Remains:
    """What is on the disk and what is only on its way there, after some of the events."""

    root: Path
    names: Names = field(default_factory=dict)
    pending: list[tuple[Path, Names]] = field(default_factory=list)
    contents: dict[int, bytes] = field(default_factory=dict)
    unsynced: dict[int, bytes] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Let one more event happen."""
        match event.what:
            case "name":
                self.pending.append((event.subject, event.more))
            case "write":
                self.unsynced[event.subject] = self.unsynced.get(event.subject, b"") + event.more
            case "sync file":
                data = self.unsynced.pop(event.subject, b"")
                self.contents[event.subject] = self.contents.get(event.subject, b"") + data
            case "sync folder":
                for folder, change in self.pending:
                    if folder == event.subject:
                        self.names |= change
                self.pending = [each for each in self.pending if each[0] != event.subject]

    def after_a_cut(self, chance: random.Random, *, at_most: int) -> Iterator[dict[Path, bytes | None]]:
        """What may be found when the power is back: contents by path, None for a folder.

        All combinations of the names that count, if they are few, else some; each with contents that are drawn.
        """
        counting = [change for _, change in self.pending if not all(map(self._is_disposable, change))]
        others = [change for _, change in self.pending if all(map(self._is_disposable, change))]
        choices: Iterator[tuple[bool, ...]]
        if 2 ** len(counting) <= at_most:
            choices = itertools.product((False, True), repeat=len(counting))
        else:
            extremes = [(value,) * len(counting) for value in (False, True)]
            drawn = (tuple(chance.random() < 0.5 for _ in counting) for _ in range(at_most - 2))
            choices = itertools.chain(extremes, drawn)
        for chosen in choices:
            names = dict(self.names)
            for change, is_kept in zip(counting, chosen, strict=True):
                if is_kept:
                    names |= change
            for change in others:
                if chance.random() < 0.5:
                    names |= change
            for fate in _FATES if self._has_unsynced(names) else _FATES[:1]:
                yield dict(self._found(names, fate, chance))

    def _is_disposable(self, path: Path) -> bool:
        return path.relative_to(self.root.parent).parts[1:2] in ((CACHE,), (TEMPORARY,))

    def _has_unsynced(self, names: Names) -> bool:
        return any(number in self.unsynced for path, number in names.items() if not self._is_disposable(path))

    def _found(self, names: Names, fate: str, chance: random.Random) -> Iterator[tuple[Path, bytes | None]]:
        for path, number in sorted(names.items()):
            above = path.parent
            while above != self.root.parent and names.get(above) == FOLDER:
                above = above.parent
            if number is None or above != self.root.parent:
                continue  # removed, or in a folder whose name is lost
            if number == FOLDER:
                yield path, None
                continue
            unsynced = self.unsynced.get(number, b"")
            if self._is_disposable(path):
                fate = chance.choice(_FATES)
            yield path, self.contents.get(number, b"") + _survived(unsynced, fate, chance)


_FATES = ("kept", "lost", "zeros", "zeros in it", *["torn"] * 6)


def _survived(data: bytes, fate: str, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    match fate:
        case "kept":
            return data
        case "torn":
            return data[:place]
        case "zeros":
            return bytes(len(data))
        case "zeros in it":
            return data[:place] + bytes(len(data) - place)
    return b""


def put_back(found: dict[Path, bytes | None], old: Path, new: Path) -> None:
    """Make these files below `new` instead of `old`."""
    for path, data in found.items():
        place = new / path.relative_to(old)
        if data is None:
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.write_bytes(data)
