"""The child's end: what a program that `ChildProcess` starts reads from its parent and writes to it."""

from __future__ import annotations

import json
import os
import queue
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO


def end_process() -> None:
    """End this process at once, without cleaning up: what it computes is wanted by nobody any more."""
    os._exit(0)


class Parent:
    """The parent of this process. One for each process, made before anything is loaded that may print.

    It takes the pipes to itself: everything else gets an empty standard input, and standard error for what it prints.
    `on_gone` is called on another thread as soon as the parent has closed its end, by its death too. An interrupt
    from the keyboard is the parent's to handle. `niceness` is how far the process steps back for others, on POSIX.
    """

    def __init__(self, *, on_gone: Callable[[], None] = end_process, niceness: int = 0) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if niceness and hasattr(os, "nice"):
            os.nice(niceness)
        requests, self._replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(requests, on_gone), name="parent", daemon=True).start()

    def receive(self) -> Any:
        """Wait for the next value from the parent."""
        return json.loads(self._lines.get())

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one message, in ASCII."""
        self._replies.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
        self._replies.flush()

    def _read(self, requests: BinaryIO, on_gone: Callable[[], None]) -> None:
        for line in requests:
            self._lines.put(line)
        on_gone()
