"""The memory loader reads what a store says into a memory, on a thread of its own, while the person works."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence

from annotator.errors import InputError, StoreError
from annotator.store.memory_file import MemoryFile
from annotator.store.repository import Store
from annotator.suggest.memory.edits import Edits
from annotator.suggest.memory.facts import Facts, facts_of
from annotator.suggest.memory.memory import Memory
from annotator.suggest.memory.record import memory_from_record, memory_to_record
from annotator.workspace.events import MemoryLoaded

_CACHED_AS = "memory"


Times = dict[tuple[str, str], int]
"""When each set was last changed, by annotator and document."""


def read_edits(store: Store) -> Edits:
    """What people told memory by hand; DamageError if it cannot be read."""
    return Edits.of(MemoryFile(store).read())


def annotators_of(store: Store, annotator: str, *, whose: str) -> Sequence[str]:
    """Who is learnt from: the annotator alone ("own"), or everybody and gold ("all")."""
    return sorted({*store.annotators(gold=True), annotator}) if whose == "all" else [annotator]


class MemoryLoader:
    """Reads the sets of `annotators` into a memory, or takes what a cache has kept of them.

    What somebody has claimed, since it is open, is left to them. Claims may come at any time from the interface's
    thread; all else belongs to the thread of `start`, or to whoever has no other.
    """

    def __init__(self, store: Store, annotators: Sequence[str], *, owner: str) -> None:
        self.times: Times = {}
        """When the sets that were read had been changed last."""
        self.unread: set[str] = set()
        """The documents whose set by the owner could not be read."""
        self.is_cached = False
        """True if the memory came from the cache."""
        self._store = store
        self._annotators = annotators
        self._owner = owner
        self._kind = (
            f"{_CACHED_AS}-{'-'.join(annotators)}" if len(annotators) == 1 else f"{_CACHED_AS} of all"
        )
        self._claimed: dict[str, Facts] = {}
        self._read: set[str] = set()
        self._claiming = threading.Lock()
        self._is_closing = False
        self._thread: threading.Thread | None = None

    # On the interface's thread

    def claim(self, document_id: str, facts: Facts) -> None:
        """Leave the owner's set on a document, which says `facts` as it is saved, to whoever claims it."""
        with self._claiming:
            self._claimed.setdefault(document_id, facts)

    def start(self, on_done: Callable[[MemoryLoaded], None], *, may_use_cache: bool) -> None:
        """Begin; `on_done` is called on the thread. A cache must not be used where a claimed set is not as saved."""

        def run() -> None:
            loaded = self._loaded(may_use_cache=may_use_cache)
            if loaded is not None and not self._is_closing:
                on_done(loaded)

        self._thread = threading.Thread(target=run, name="memory", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; nothing is called after this."""
        self._is_closing = True
        if self._thread is not None:
            self._thread.join()

    def claimed_twice(self) -> list[Facts]:
        """What the memory has learnt of claimed sets before they were claimed."""
        return [facts for document_id, facts in self._claimed.items() if document_id in self._read]

    def keep(self, memory: Memory, times: Times) -> None:
        """Keep a memory for the next time, which learnt the sets as they were changed at `times`."""
        record = {
            "digest": _digest(times),
            "unread": sorted(self.unread),
            "memory": memory_to_record(memory),
        }
        self._store.cache.put(self._kind, _CACHED_AS, record)

    # On its own thread

    def _loaded(self, *, may_use_cache: bool) -> MemoryLoaded | None:
        error: StoreError | None = None
        try:
            edits = read_edits(self._store)
        except StoreError as damage:
            error, edits = damage, Edits()
        memory = self.memory(edits, may_use_cache=may_use_cache)
        return None if memory is None else MemoryLoaded(memory, error)

    def memory(self, edits: Edits, *, may_use_cache: bool = True) -> Memory | None:
        """The memory of all that is not claimed, by now; None if it was closed meanwhile."""
        self.times = {
            (annotator, document_id): time
            for annotator in self._annotators
            for document_id, time in self._store.set_times(annotator).items()
        }
        return (self._cached(edits) if may_use_cache else None) or self._built(edits)

    def _cached(self, edits: Edits) -> Memory | None:
        record = self._store.cache.get(self._kind, _CACHED_AS)
        if record is None or record.get("digest") != _digest(self.times):
            return None
        memory = memory_from_record(record.get("memory", {}), edits=edits)
        if memory is not None:
            self.is_cached = True
            self.unread = set(record["unread"])
            self._read = {
                document_id for annotator, document_id in self.times if annotator == self._owner
            } - self.unread
        return memory

    def _built(self, edits: Edits) -> Memory | None:
        memory = Memory(edits=edits)
        for annotator, document_id, facts in self._facts():
            if self._is_closing:
                return None
            with self._claiming:
                if annotator == self._owner:
                    if document_id in self._claimed:
                        continue
                    self._read.add(document_id)
                memory.learn(facts)
        return memory

    def _facts(self) -> Iterator[tuple[str, str, Facts]]:
        for annotator, document_id in self.times:
            try:
                text = self._store.document(document_id).text
                annotation_set = self._store.load_set(document_id, annotator, gold=True)
            except (StoreError, InputError):  # which opening it tells
                if annotator == self._owner:
                    self.unread.add(document_id)
                continue
            yield annotator, document_id, facts_of(text, annotation_set)


def _digest(times: Times) -> str:
    lines = (
        f"{annotator}/{document_id} {time}\n" for (annotator, document_id), time in sorted(times.items())
    )
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
