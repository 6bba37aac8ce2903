"""Requests: which texts wait for the worker, in which order, and which it has in hand."""

from __future__ import annotations

from dataclasses import dataclass

BATCH_TEXTS = 8
"""So many texts ahead go to the worker at once: its parser takes a third less time for eight than for one by one."""
BATCH_CHARACTERS = 20_000
"""A batch ends when it is this long, since an urgent text waits until the batch before it is done."""


@dataclass(slots=True)
class Request:
    """One text that waits. `deaths` counts the workers that ended with it in hand."""

    document_id: str
    text: str
    urgent: bool
    deaths: int = 0


class Requests:
    """The texts asked for, one a document. Urgent ones come first, the newest before the others, each alone.

    The rest follow in the order of asking, in batches. A text that a worker died with goes alone from then on.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Request] = {}
        self._in_hand: dict[str, Request] = {}

    def __bool__(self) -> bool:
        """True while a text waits."""
        return bool(self._waiting)

    def get_in_hand(self, document_id: str) -> Request | None:
        """What the worker was given and has not answered; None if nobody wants the answer any more."""
        return self._in_hand.get(document_id)

    def add(self, document_id: str, text: str, *, urgent: bool) -> None:
        """Ask for a text. Asking again makes it urgent at most; another text of the document replaces the first."""
        request = self._in_hand.get(document_id) or self._waiting.get(document_id)
        if request is None or request.text != text:
            self.forget(document_id)
            request = Request(document_id, text, urgent)
            self._waiting[document_id] = request
        elif urgent:
            request.urgent = True
            if document_id in self._waiting:
                self._waiting[document_id] = self._waiting.pop(document_id)

    def forget(self, document_id: str) -> None:
        """Drop a text, whether it waits or the worker has it in hand; answered ones are dropped so too."""
        self._waiting.pop(document_id, None)
        self._in_hand.pop(document_id, None)

    def take(self) -> tuple[Request, ...]:
        """What the worker is to do next; empty if nothing waits."""
        batch = self._next_batch()
        for request in batch:
            self._in_hand[request.document_id] = self._waiting.pop(request.document_id)
        return batch

    def _next_batch(self) -> tuple[Request, ...]:
        urgent = next((one for one in reversed(self._waiting.values()) if one.urgent), None)
        if urgent is not None:
            return (urgent,)
        batch: list[Request] = []
        characters = 0
        for request in self._waiting.values():
            characters += len(request.text)
            if batch and (request.deaths or batch[0].deaths or characters > BATCH_CHARACTERS):
                break
            batch.append(request)
            if len(batch) == BATCH_TEXTS:
                break
        return tuple(batch)

    def give_back(self) -> None:
        """The worker died: what it had in hand waits again, before the others, with one death more."""
        for request in self._in_hand.values():
            request.deaths += 1
        self._waiting = {**self._in_hand, **self._waiting}
        self._in_hand = {}

    def drop_deadly(self, deaths: int) -> list[str]:
        """Drop what so many workers died with; the ids of those documents."""
        deadly = [one.document_id for one in self._waiting.values() if one.deaths >= deaths]
        for document_id in deadly:
            del self._waiting[document_id]
        return deadly
