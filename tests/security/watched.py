"""What a program changes on the disk, starts or connects to, as Python's audit hooks tell it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = {
    "os.remove": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.mkdir": 1,
    "os.rmdir": 1,
    "os.truncate": 1,
    "os.chmod": 1,
    "os.chown": 1,
    "os.utime": 1,
    "shutil.rmtree": 1,
    "shutil.move": 2,
}
"""Events whose first arguments, so many of them, are paths that are changed."""
_STARTING = {"os.system", "os.exec", "os.posix_spawn", "os.fork", "subprocess.Popen", "socket.connect"}

_watchers: list[Watch] = []


class Watch:
    """The paths outside `allowed` that were changed or opened for writing, and what was started or connected to."""

    def __init__(self, *allowed: Path) -> None:
        self.allowed = tuple(path.resolve() for path in allowed)
        self.outside: list[str] = []
        self.started: list[str] = []

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & _WRITING:
                self._path(event, path)
        elif event in _CHANGING:
            for path in arguments[: _CHANGING[event]]:
                self._path(event, path)
        elif event in _STARTING:
            self.started.append(f"{event} {arguments[:2]!r}")

    def _path(self, event: str, path: object) -> None:
        if isinstance(path, int):  # a descriptor, which was noted when it was opened
            return
        place = Path(os.path.realpath(os.fsdecode(path)))  # type: ignore[arg-type]  # what the event is about
        if place != Path(os.devnull) and not any(place.is_relative_to(root) for root in self.allowed):
            self.outside.append(f"{event} {place}")


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    for watch in _watchers:
        watch.note(event, arguments)


_is_hooked: list[bool] = []


@contextmanager
def watched(*allowed: Path) -> Iterator[Watch]:
    """Watch this process for a block. An audit hook stays for good once it is set, but does nothing outside of blocks."""
    if not _is_hooked:
        sys.addaudithook(_hook)
        _is_hooked.append(True)
    watch = Watch(*allowed)
    _watchers.append(watch)
    try:
        yield watch
    finally:
        _watchers.remove(watch)
