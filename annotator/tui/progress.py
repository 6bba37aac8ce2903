"""Looking through a store on a thread: progress on its way to the interface, and the way to stop it."""

from __future__ import annotations

from collections.abc import Callable

from annotator.throttle import Throttle


class LookingStopped(Exception):  # noqa: N818 - it ends a search that nobody wants any more, and is no error
    """The person has left."""


class Looking:
    """What a search tells of its progress; `say(done, total)` is called a few times a second, by the thread that looks."""

    def __init__(self, say: Callable[[int, int], object]) -> None:
        self._say = say
        self._throttle = Throttle()
        self._is_stopped = False

    def __call__(self, done: int, total: int) -> None:
        """Told after each document; ends the search once it was stopped."""
        if self._is_stopped:
            raise LookingStopped
        if self._throttle.allow():
            self._say(done, total)

    def stop(self) -> None:
        """Have the search end at the next document."""
        self._is_stopped = True
