"""The writer: one thread that makes annotation sets durable while the interface goes on.

The interface submits a set after each change. The newest state of a set is saved and those in between are not, so
a slow disk delays the word "saved" and nothing else. What could not be saved stays here and is tried again.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from annotator.errors import ConflictError, SaveError
from annotator.model.annotations import AnnotationSet
from annotator.store.repository import Store
from annotator.store.sets import SetKey, SetSnapshot

RETRY_AFTER = (2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds until a failed save is tried again: after the first failure, the second and so on; the last one stays."""


PATIENCE_AT_EXIT = 10.0
"""Seconds that the end of the process waits for a writer that nobody has closed."""


class Acknowledged(NamedTuple):
    """A save that ended: `revision` decisions of the set are durable, or are not and `error` says why.

    With a ConflictError they are durable beside the set's file, which somebody else has changed.
    """

    document_id: str
    annotator: str
    revision: int
    error: SaveError | None = None


class SaveState(NamedTuple):
    """How many decisions of a set were submitted and how many of them are durable; why the last save failed."""

    submitted: int = 0
    acknowledged: int = 0
    error: SaveError | None = None

    @property
    def is_saved(self) -> bool:
        """True if nothing that was submitted is missing on disk."""
        return self.error is None and self.acknowledged >= self.submitted


@dataclass(slots=True)
class _Waiting:
    snapshot: SetSnapshot
    due: float = 0.0
    failures: int = 0


class Writer:
    """Saves the sets of one store in turn, on a thread of its own. Use it as a context manager, or close it.

    The thread does not keep the process alive: a writer that nobody has closed is closed when the process ends,
    and what was submitted to it is saved then.

    `on_saved` is called on that thread after every save and every failure; it must not raise and must not wait
    for the interface. `retry_after` are seconds, as RETRY_AFTER; `clock` counts them.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_saved: Callable[[Acknowledged], None],
        retry_after: Sequence[float] = RETRY_AFTER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._on_saved = on_saved
        self._retry_after = retry_after
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: dict[SetKey, _Waiting] = {}
        self._in_hand: SetSnapshot | None = None
        self._states: dict[SetKey, SaveState] = {}
        self._is_stopping = False
        self._has_ended = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()
        atexit.register(self._close_at_exit)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(wait=True)

    def submit(self, annotation_set: AnnotationSet, *, undecided: int | None = None) -> None:
        """Have the set saved as it is now; returns at once. `undecided` is how many suggestions are open.

        To be called on the thread that changes the set. RuntimeError after `close`.
        """
        snapshot = SetSnapshot.of(annotation_set, undecided=undecided)
        with self._changed:
            if self._is_stopping or self._has_ended:
                raise RuntimeError("the writer was closed")
            if (waiting := self._waiting.get(snapshot.key)) is None:
                self._waiting[snapshot.key] = _Waiting(snapshot)
            else:
                waiting.snapshot = snapshot
            self._update(snapshot.key, submitted=snapshot.revision)
            self._changed.notify_all()

    def state(self, document_id: str, annotator: str) -> SaveState:
        """How far the saving of a set is; all zero if it was never submitted."""
        with self._changed:
            return self._states.get(SetKey(document_id, annotator), SaveState())

    def newest(self, document_id: str, annotator: str) -> AnnotationSet | None:
        """A set as it was submitted last, if that is not on disk yet: who opens it must not load the older one."""
        key = SetKey(document_id, annotator)
        with self._changed:
            if (waiting := self._waiting.get(key)) is not None:
                snapshot = waiting.snapshot
            elif self._in_hand is not None and self._in_hand.key == key:
                snapshot = self._in_hand
            else:
                return None
        return snapshot.restored()

    def unsaved(self) -> list[SetKey]:
        """The sets of which something is not on disk yet."""
        with self._changed:
            return self._unsaved()

    def retry(self) -> None:
        """Try all failed saves again now."""
        with self._changed:
            for waiting in self._waiting.values():
                waiting.due = 0.0
            self._changed.notify_all()

    def save_elsewhere(self, path: Path) -> list[SetKey]:
        """Save what could not be saved to a zip file at `path` as well, and return which sets it holds.

        They go on being tried. SaveError if that file cannot be written either.
        """
        from annotator.store.emergency_export import save_elsewhere

        with self._changed:
            snapshots = {key: waiting.snapshot for key, waiting in self._waiting.items()}
            if self._in_hand is not None:
                snapshots.setdefault(self._in_hand.key, self._in_hand)
        save_elsewhere(self._store, snapshots.values(), path)
        return list(snapshots)

    def forget(self, document_id: str, annotator: str) -> None:
        """Drop what is known of a set, and what waits of it: another version of it was chosen."""
        key = SetKey(document_id, annotator)
        with self._changed:
            self._waiting.pop(key, None)
            self._states.pop(key, None)

    def flush(self, *, timeout: float | None = None) -> list[SetKey]:
        """Wait until each set that waits is saved or has failed once more; at most `timeout` seconds.

        Returns the sets that are not saved; they go on being tried.
        """
        with self._changed:
            failures = {key: waiting.failures for key, waiting in self._waiting.items()}
            for waiting in self._waiting.values():
                waiting.due = 0.0
            self._changed.notify_all()

            def is_over() -> bool:
                return self._has_ended or (
                    self._in_hand is None
                    and all(waiting.failures > failures.get(key, 0) for key, waiting in self._waiting.items())
                )

            self._changed.wait_for(is_over, timeout)
            return self._unsaved()

    def close(self, *, wait: bool, timeout: float | None = None) -> list[SetKey]:
        """End the thread and return the sets that are not saved.

        With `wait`, everything is tried once more first, for at most `timeout` seconds. A save that is under way
        is never broken off.
        """
        if wait:
            self.flush(timeout=timeout)
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()
        self._thread.join(timeout)
        if not self._thread.is_alive():
            atexit.unregister(self._close_at_exit)
        return self.unsaved()

    def _close_at_exit(self) -> None:
        self.close(wait=True, timeout=PATIENCE_AT_EXIT)

    def _run(self) -> None:
        try:
            while (waiting := self._take()) is not None:
                self._save(waiting)
        finally:
            with self._changed:
                self._has_ended = True
                self._changed.notify_all()

    def _take(self) -> _Waiting | None:
        """The set that is due and has waited longest; waits for one; None when the writer is to stop."""
        with self._changed:
            while not self._is_stopping:
                now = self._clock()
                for key, waiting in self._waiting.items():
                    if waiting.due <= now:
                        self._in_hand = waiting.snapshot
                        return self._waiting.pop(key)
                due = min((waiting.due for waiting in self._waiting.values()), default=None)
                self._changed.wait(None if due is None else due - now)
            return None

    def _save(self, taken: _Waiting) -> None:
        snapshot = taken.snapshot
        error = None
        try:
            self._store.save(snapshot)
        except SaveError as failure:
            error = failure
        with self._changed:
            self._in_hand = None
            if error is None:
                self._update(snapshot.key, acknowledged=snapshot.revision)
            elif isinstance(error, ConflictError):  # safe beside it; trying again changes nothing
                self._update(snapshot.key, error=error)
            else:
                self._put_back(taken)
                self._update(snapshot.key, error=error)
            self._changed.notify_all()
        self._on_saved(Acknowledged(snapshot.document_id, snapshot.annotator, snapshot.revision, error))

    def _put_back(self, taken: _Waiting) -> None:
        """Let a failed save wait, as the newest state that there is."""
        newer = self._waiting.pop(taken.snapshot.key, taken)
        delay = self._retry_after[min(taken.failures, len(self._retry_after) - 1)]
        self._waiting[taken.snapshot.key] = _Waiting(
            newer.snapshot, self._clock() + delay, taken.failures + 1
        )

    def _update(
        self,
        key: SetKey,
        *,
        submitted: int | None = None,
        acknowledged: int | None = None,
        error: SaveError | None = None,
    ) -> None:
        state = self._states.get(key, SaveState())
        self._states[key] = SaveState(
            state.submitted if submitted is None else submitted,
            state.acknowledged if acknowledged is None else acknowledged,
            state.error if error is None and acknowledged is None else error,
        )

    def _unsaved(self) -> list[SetKey]:
        in_hand = [] if self._in_hand is None else [self._in_hand.key]
        return list(dict.fromkeys([*in_hand, *self._waiting]))
