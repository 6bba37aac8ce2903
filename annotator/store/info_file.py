"""`store.json`: what holds for the whole store, and whether the store is still there.

Other programs may change it while this one is open: it is compared before it is replaced, under a short lock of its own, and
what both have added is kept. Its presence is what tells a store from an empty mount point or from a checked-out branch that
has none: each save asks for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from annotator.errors import HeldError, SaveError, StoreError
from annotator.model.labels import LabelSet
from annotator.model.records import StoreInfo
from annotator.store.files import Files
from annotator.store.layout import STORE_FILE
from annotator.store.locks import HeldBy, Locks
from annotator.store.records import info_data, info_of, only_record
from annotator.store.storage import read_tables

_LOCK = ".store"
"""The name of the lock on `store.json`, which no annotator can have."""
_PATIENCE = 10.0
"""Seconds to wait for a program that holds a short lock."""
_PAUSE = 0.02


class InfoFile:
    """The file of one open store; `info` is what it holds, as far as this program knows.

    `was_changed` is True once another program has changed it since the store was opened.
    """

    def __init__(self, files: Files, locks: Locks, info: StoreInfo) -> None:
        self.info = info
        self.was_changed = False
        self._files = files
        self._locks = locks
        self._path = files.root / STORE_FILE
        self._time = 0  # not asked yet: the first check reads the file

    def check(self) -> None:
        """Take in what another program has changed; StoreError if the store is gone, or another one lies there now."""
        time_of_change = self._files.modified(self._path)
        if not time_of_change:
            raise StoreError(f"the store {self._files.root} is gone", hint="bring it back to where it was")
        if time_of_change != self._time:
            self._take(self._read(), time_of_change)

    def change(self, update: Callable[[StoreInfo], StoreInfo]) -> None:
        """Replace the content by what `update` makes of it as it stands now; durable when it returns.

        HeldError if another program keeps the lock; SaveError if it cannot be written.
        """
        with held_briefly(self._locks, _LOCK, "the settings of the store are"):
            self.check()
            changed = update(self.info)
            self._files.write(self._path, info_data(changed))
            self.info, self._time = changed, self._files.modified(self._path)

    def _read(self) -> StoreInfo:
        origin = str(self._path)
        data = self._files.read(self._path)
        if data is None:
            raise StoreError(f"the store {self._files.root} is gone", hint="bring it back to where it was")
        return info_of(only_record(read_tables(data, origin=origin), "store", origin=origin), origin=origin)

    def _take(self, info: StoreInfo, time_of_change: int) -> None:
        if info.uid != self.info.uid:
            raise StoreError(
                f"another store lies at {self._files.root} now", hint="bring back the one that was opened"
            )
        self.was_changed |= info != self.info
        self.info, self._time = info, time_of_change


def changed_labels(before: LabelSet, wanted: LabelSet, current: LabelSet) -> LabelSet:
    """The label set for a change from `before` to `wanted`, where `current` is what stands there by now.

    What only one side has changed is taken; labels that both have added are all kept. SaveError where the two changes do
    not go together.
    """
    if current in (before, wanted):
        return wanted
    is_addition = wanted.labels[: len(before.labels)] == before.labels and replace(
        wanted, labels=before.labels
    ) == replace(before, labels=before.labels)
    if not is_addition:
        raise SaveError(
            "another program has changed the label set meanwhile, and nothing was written",
            hint="look at it with annotator labels, then do it again",
        )
    names = {label.name for label in current.labels}
    keys = {label.key for label in current.labels if label.key}
    new = tuple(
        replace(label, key="") if label.key in keys else label
        for label in wanted.labels[len(before.labels) :]
        if label.name not in names
    )
    return replace(current, labels=(*current.labels, *new))


@contextmanager
def held_briefly(locks: Locks, name: str, what: str) -> Iterator[None]:
    """Hold a lock that programs keep for moments only, and wait for it; HeldError, with `what`, after _PATIENCE."""
    until = time.monotonic() + _PATIENCE
    while isinstance(hold := locks.hold(name), HeldBy):
        if time.monotonic() > until:
            raise HeldError(f"{what} being changed by {hold}", hint="try again when it has ended")
        time.sleep(_PAUSE)
    with hold:
        yield
