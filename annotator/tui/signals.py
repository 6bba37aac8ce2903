"""Signals by which the system ends the program: at shutdown, and when the terminal is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from types import FrameType


def on_ending_signal(end: Callable[[int], object]) -> None:
    """Have `end` called on the running loop, with the signal's number, when the system ends the program."""
    if sys.platform == "win32":
        return
    loop = asyncio.get_running_loop()
    terminals = [descriptor for descriptor in range(3) if os.isatty(descriptor)]

    def handle(number: int, frame: FrameType | None) -> None:
        for descriptor in terminals:
            if not os.isatty(descriptor):
                _redirect_to_nothing(descriptor)
        if not loop.is_closed():
            loop.call_soon_threadsafe(end, number)

    # Not the loop's own handlers: a terminal that is gone sends SIGCONT as well, on which Textual writes to it, and a
    # write that fails ends Textual's writing thread. Python calls handlers in the order of the signals' numbers.
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, handle)


def _redirect_to_nothing(descriptor: int) -> None:
    """Let what is still written to a terminal that is gone be lost without an error."""
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, descriptor)
    os.close(null)
