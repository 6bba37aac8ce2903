"""What tests use instead of the clock: one that stands still, and waiting for a condition.

The only modules that may look at the time are named in `tests/test_clock.py`. A limit here only ends a test that would
otherwise never end; how long something takes decides no test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

LIMIT = 60.0
"""Seconds after which a condition counts as one that will never hold."""


class Clock:
    """A clock that stands still until it is moved; seconds."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


async def until(condition: Callable[[], object], what: Callable[[], object] = str) -> None:
    """Let the loop run until `condition` holds; fails with what `what` says then."""
    end = monotonic() + LIMIT
    while not condition():
        assert monotonic() < end, f"in vain: {what()}"
        await asyncio.sleep(0.02)
