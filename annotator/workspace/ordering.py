"""In which order an annotator's documents come, as the settings say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from annotator.editing.orders import Order, OrderKind, Outlook, ordered, outlook_of
from annotator.editing.queue import Queue
from annotator.errors import InputError, StoreError
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.worker.answers import answer_from_record


def arranged(queue: Queue, settings: Settings, store: Store, *, cache_kind: str) -> Queue:
    """The queue in the order that the settings ask for; one by suggestions goes by those cached under `cache_kind`.

    Documents whose suggestions are still to come stand behind the others: `annotator suggest` makes all beforehand.
    """
    order = Order(OrderKind(settings.order), seed=settings.seed, random_share=settings.random_share)
    by_suggestions = order.kind not in (OrderKind.IMPORTED, OrderKind.RANDOM)
    outlooks = _outlooks(queue.ids, store, cache_kind) if by_suggestions else {}
    name = order.name if queue.order == Queue(()).order else f"{queue.order}, {order.name}"
    return Queue(ordered(queue.ids, order, outlooks=outlooks), order=name)


def _outlooks(ids: Iterable[str], store: Store, cache_kind: str) -> Mapping[str, Outlook]:
    """What is known of each document whose suggestions are cached; one that cannot be read has no outlook."""
    found = {}
    for document_id in ids:
        if (record := store.cache.get(cache_kind, document_id)) is None:
            continue
        try:
            text = store.document(document_id).text
        except (StoreError, InputError):
            continue  # opening it tells
        if (answer := answer_from_record(record, text)) is not None:
            found[document_id] = outlook_of(text, answer.suggestions)
    return found
