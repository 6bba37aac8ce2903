"""The daily backup, made in the background while somebody annotates."""

from __future__ import annotations

import threading
from collections.abc import Callable

from annotator.errors import StoreError
from annotator.store.repository import Store

AFTER = 5.0
"""Seconds after the first paint when it begins: until then the pipeline needs the processor."""


class DailyBackup:
    """Makes the daily backup of a store, if one is due, on a thread of its own, and keeps the `kept` newest.

    `on_failure` is told, on that thread, why there is none.
    """

    def __init__(
        self, store: Store, *, kept: int, on_failure: Callable[[StoreError], None], after: float = AFTER
    ) -> None:
        self._store = store
        self._kept = kept
        self._on_failure = on_failure
        self._after = after
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin in a while; returns at once."""
        if self._kept and self._thread is None:
            self._thread = threading.Thread(target=self._run, name="daily backup")
            self._thread.start()

    def close(self) -> None:
        """End; of a backup that is not ready nothing is left."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def wait(self) -> None:
        """Wait until it is made, or was not due."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        if self._stop.wait(self._after):
            return
        from annotator.store.backups import Stopped, back_up_daily
        from annotator.store.files import Files

        try:
            back_up_daily(Files(self._store.path, disk=self._store.disk), kept=self._kept, stop=self._stop)
        except Stopped:
            return
        except StoreError as error:
            self._on_failure(error)
