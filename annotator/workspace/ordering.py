"""In which order an annotator's documents come, as the settings say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from annotator.editing.orders import Order, OrderKind, Outlook, ordered, outlook_of
from annotator.editing.queue import Queue
from annotator.errors import InputError, StoreError
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.workspace.pipeline_answers import PipelineAnswers


def arranged(queue: Queue, settings: Settings, store: Store, answers: PipelineAnswers) -> Queue:
    """The queue in the order that the settings ask for; one by suggestions goes by the pipeline's cached answers.

    Documents whose suggestions are still to come stand behind the others: `annotator suggest` makes all beforehand.
    """
    order = Order(OrderKind(settings.order), seed=settings.seed, random_share=settings.random_share)
    by_suggestions = order.kind not in (OrderKind.IMPORTED, OrderKind.RANDOM)
    outlooks = _outlooks(queue.ids, store, answers) if by_suggestions else {}
    name = order.name if queue.order == Queue(()).order else f"{queue.order}, {order.name}"
    return Queue(ordered(queue.ids, order, outlooks=outlooks), order=name)


def _outlooks(ids: Iterable[str], store: Store, answers: PipelineAnswers) -> Mapping[str, Outlook]:
    """The outlook of each document whose suggestions are cached; one that cannot be read has none."""
    outlooks = {}
    for document_id in filter(answers.has, ids):
        try:
            document = store.document(document_id)
        except (StoreError, InputError):
            continue  # opening the document reports the error
        if (answer := answers.get(document)) is not None:
            outlooks[document_id] = outlook_of(document.text, answer.suggestions)
    return outlooks
