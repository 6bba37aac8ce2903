"""How often progress is reported: a few times a second, whatever the work does meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

PAUSE = 0.1
"""Seconds between two reports. A person sees no more of them, and each costs a repaint or a write."""


class Throttle:
    """Allows something at most once in a `pause`, in seconds; the first time at once, or after a pause with `waits`."""

    def __init__(
        self, pause: float = PAUSE, *, waits: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause = pause
        self._clock = clock
        self._next = clock() + pause if waits else float("-inf")

    def allow(self) -> bool:
        """True if the pause is over; it then begins anew."""
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + self._pause
        return True
