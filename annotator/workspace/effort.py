"""What documents cost: keys, and the time between them."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from annotator.editing.editor import Editor

LONGEST_PAUSE = 30.0
"""Seconds between two keys that still count as work."""


class EffortCounter:
    """Counts keys and time as spent on the document on screen; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._last_key = clock()

    def count_key(self, editor: Editor) -> None:
        """Count a key, and the time since the last one on any document."""
        now = self._clock()
        effort = editor.annotation_set.effort
        effort.keys += 1
        effort.seconds += min(now - self._last_key, LONGEST_PAUSE)
        self._last_key = now
