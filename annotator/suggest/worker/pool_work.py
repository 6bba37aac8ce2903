"""What a pool's threads share: the texts still to do, in batches, and the way out for what became of them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

BATCH_TEXTS = 32
"""So many texts go to a worker at once: for 30 words each that is a quarter faster than eight, for 200 a twentieth."""
BATCH_CHARACTERS = 20_000
"""A batch ends when it is this long: longer ones are no faster, and a worker's memory grows with them."""

Text = tuple[str, str]
"""A document's id, and its text."""

Item = TypeVar("Item")


@dataclass(slots=True)
class Batch:
    """Texts that go to a worker together, by document id. `is_retry`: a worker died with this one, now alone."""

    waiting: dict[str, str]
    is_retry: bool = False

    def alone(self) -> Iterator[Batch]:
        """What still waits, each by itself: only so can it be told which one a worker died with."""
        for document_id, text in self.waiting.items():
            yield Batch({document_id: text}, is_retry=True)


class Supply:
    """Cuts a stream of texts into batches, which any thread may take; no more is read of it than is taken."""

    def __init__(self, texts: Iterable[Text]) -> None:
        self._texts = iter(texts)
        self._held: Text | None = None
        self._returned: deque[Batch] = deque()
        self._lock = threading.Lock()

    def take(self) -> Batch | None:
        """What to do next, what was given back first; None if nothing is left."""
        with self._lock:
            if self._returned:
                return self._returned.popleft()
            waiting = dict(self._next_texts())
            return Batch(waiting) if waiting else None

    def give_back(self, batches: Iterable[Batch]) -> None:
        """Have these batches done before all others; those in which nothing waits any more are dropped."""
        with self._lock:
            self._returned.extendleft(batch for batch in reversed(list(batches)) if batch.waiting)

    def _next_texts(self) -> Iterator[Text]:
        characters = 0
        for _ in range(BATCH_TEXTS):
            text, self._held = self._held or next(self._texts, None), None
            if text is None:
                return
            characters += len(text[1])
            if characters > BATCH_CHARACTERS and characters > len(text[1]):
                self._held = text
                return
            yield text


class Outbox(Generic[Item]):
    """Items from several threads to one, which makes them wait while it has `limit` of them to look at."""

    def __init__(self, *, producers: int, limit: int) -> None:
        self._producers = producers
        self._limit = limit
        self._items: deque[Item] = deque()
        self._is_closed = False
        self._changed = threading.Condition()

    def put(self, item: Item) -> None:
        """Hand an item over as soon as there is room; it is dropped once the outbox is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or len(self._items) < self._limit)
            if not self._is_closed:
                self._items.append(item)
                self._changed.notify_all()

    def get(self) -> Item | None:
        """The next item; None once every producer is done and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or not self._producers)
            if not self._items:
                return None
            self._changed.notify_all()
            return self._items.popleft()

    def done(self) -> None:
        """One of the producers has nothing more to say."""
        with self._changed:
            self._producers -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody looks any more: nobody waits any more either."""
        with self._changed:
            self._is_closed = True
            self._items.clear()
            self._changed.notify_all()
