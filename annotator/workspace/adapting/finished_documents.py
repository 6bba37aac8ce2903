"""Which finished documents a model may learn from, and which others it rehearses on."""

from __future__ import annotations

import random
from collections.abc import Callable

from annotator.errors import InputError, StoreError
from annotator.model.decisions import Status
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.suggest.adapting.selection import Finished

MOST_TEXT = 1_000_000
"""Code points of finished documents that are learnt from, the newest work first: an adaptation shall take minutes."""


def finished_documents(
    store: Store, annotator: str, *, whose: str, is_stopped: Callable[[], bool] = lambda: False
) -> list[Finished]:
    """The documents that `annotator` has finished, those changed last first, up to MOST_TEXT of text.

    With `whose` "all" also those that others have: of each the gold set if it is finished, else the annotator's own,
    else the first by name. What cannot be read is left out, which opening it tells; `is_stopped` ends it early.
    """
    owners = [annotator]
    if whose == "all":
        owners = list(dict.fromkeys([GOLD, annotator, *store.annotators()]))
    chosen: dict[str, str] = {}
    times: dict[str, int] = {}
    for owner in owners:
        done = [
            document_id
            for document_id, status in store.catalogue.statuses(owner).items()
            if status is Status.DONE
        ]
        new = [document_id for document_id in done if document_id not in chosen]
        chosen.update(dict.fromkeys(new, owner))
        times.update(store.set_times(owner, among=new))
    finished: list[Finished] = []
    length = 0
    for document_id in sorted(chosen, key=lambda each: (-times.get(each, 0), each)):
        if is_stopped():
            break
        try:
            document = store.document(document_id)
            annotation_set = store.load_set(document_id, chosen[document_id], gold=True)
        except (StoreError, InputError):
            continue
        length += len(document.text)
        if annotation_set.status is not Status.DONE or not document.text:
            continue
        if finished and length > MOST_TEXT:
            break
        spans = tuple((span.start, span.end, span.label) for span in annotation_set.spans)
        finished.append(Finished(document_id, document.text, spans))
    return finished


def other_texts(store: Store, annotator: str, *, most: int) -> list[str]:
    """The texts of at most so many documents that `annotator` has not finished, drawn by a fixed seed."""
    statuses = store.catalogue.statuses(annotator)
    open_ids = [
        document_id for document_id in store.catalogue.ids if statuses.get(document_id) is not Status.DONE
    ]
    texts: list[str] = []
    for document_id in random.Random(0).sample(open_ids, min(most, len(open_ids))):
        try:
            texts.append(store.document(document_id).text)
        except (StoreError, InputError):  # which opening it tells
            continue
    return texts
