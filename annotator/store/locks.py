"""Who may write an annotator's sets: one program at a time, by a lock of the operating system.

The lock is one for all sets of an annotator, in `.cache/locks/<annotator>.lock`. A person who opens the program
twice so learns it at once and not in the middle of the work, nothing has to be taken or given back from document to
document, and a store has as many of these files as annotators. The file says who holds the lock; it means nothing
without the lock itself, which the system takes from a process that ends, however it does. So a file that a dead
program left is simply taken over.

Where a disk knows no locks, or deletes the file, two programs may both think that they hold it. Then comparing
before replacing (see `versions`) keeps them from overwriting each other.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from annotator.errors import HeldError, StoreError
from annotator.model.decisions import time_text
from annotator.store.files import Files
from annotator.store.layout import CACHE, LOCKS


class HeldBy(NamedTuple):
    """The program that holds an annotator's sets; texts are empty where its file does not say.

    `since` is UTC in ISO 8601.
    """

    annotator: str
    who: str = ""
    host: str = ""
    process: int = 0
    since: str = ""

    def __str__(self) -> str:
        """Who, where and since when, such as "kim on pluto, process 4711, since 2026-11-22 14:02 UTC"."""
        if not self.process:
            return "another program"
        since = self.since[:16].replace("T", " ")
        return f"{self.who} on {self.host}, process {self.process}, since {since} UTC"

    @property
    def error(self) -> HeldError:
        """What a save says that may not be."""
        return HeldError(
            f"the annotations of {self.annotator} are held by {self}",
            hint="close the other program, or choose another name with --annotator",
        )


class Hold:
    """The right to write an annotator's sets, until it is released. Use it as a context manager, or release it."""

    def __init__(self, locks: Locks, annotator: str) -> None:
        self.annotator = annotator
        self._locks: Locks | None = locks

    def release(self) -> None:
        """Give it back; a second time does nothing."""
        locks, self._locks = self._locks, None
        if locks is not None:
            locks.give_back(self.annotator)

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *error: object) -> None:
        self.release()


@dataclass(slots=True)
class _Held:
    descriptor: int | None
    holds: int = 1


class Locks:
    """The locks that one store holds. An annotator's is kept until every hold on it has been released."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._held: dict[str, _Held] = {}
        self._changing = threading.Lock()

    def hold(self, annotator: str) -> Hold | HeldBy:
        """The right to write the sets of `annotator`, or who has it."""
        with self._changing:
            if (held := self._held.get(annotator)) is not None:
                held.holds += 1
                return Hold(self, annotator)
            path = self._files.root / CACHE / LOCKS / f"{annotator}.lock"
            self._files.check(path)
            try:
                descriptor = self._lock(path)
            except OSError:  # this disk has no locks, or none may be written there
                self._held[annotator] = _Held(None)
                return Hold(self, annotator)
            if descriptor is None:
                return self._holder(annotator, path)
            self._held[annotator] = _Held(descriptor)
            return Hold(self, annotator)

    @contextmanager
    def held(self, annotator: str) -> Iterator[None]:
        """Hold the sets of `annotator` for a block; HeldError if another program does."""
        hold = self.hold(annotator)
        if isinstance(hold, HeldBy):
            raise hold.error
        with hold:
            yield

    def give_back(self, annotator: str) -> None:
        """Release one hold."""
        with self._changing:
            held = self._held[annotator]
            held.holds -= 1
            if not held.holds:
                del self._held[annotator]
                if held.descriptor is not None:
                    with contextlib.suppress(OSError):
                        self._files.disk.close(held.descriptor)

    def _lock(self, path: Path) -> int | None:
        """The descriptor of a locked file, which says who we are; None if another program has locked it."""
        disk = self._files.disk
        try:
            descriptor = disk.open_lock(path)
        except FileNotFoundError:
            for folder in (path.parent.parent, path.parent):
                with contextlib.suppress(FileExistsError):
                    disk.make_folder(folder)
            descriptor = disk.open_lock(path)
        is_ours = False
        try:
            if disk.lock(descriptor):
                with contextlib.suppress(OSError):  # the lock holds without it
                    disk.write(descriptor, memoryview(_introduction()))
                is_ours = True
        finally:
            if not is_ours:
                with contextlib.suppress(OSError):
                    disk.close(descriptor)
        return descriptor if is_ours else None

    def _holder(self, annotator: str, path: Path) -> HeldBy:
        try:
            first, _, _ = (self._files.read(path) or b"").partition(b"\n")
            return HeldBy(annotator, **json.loads(first))
        except (StoreError, ValueError, TypeError):
            return HeldBy(annotator)


def host_name() -> str:
    """What this computer is called."""
    import platform

    return platform.node() or "unknown"


def _introduction() -> bytes:
    """The first line of a locked file; what a longer one has left behind it is not read."""
    import getpass

    try:
        who = getpass.getuser()
    except (OSError, KeyError):
        who = "somebody"
    now = time_text(datetime.now(UTC))
    content = HeldBy("", who, host_name(), os.getpid(), now)._asdict()
    del content["annotator"]
    return json.dumps(content).encode() + b"\n"
