"""The answers of one pipeline on the documents of one store, as the store's cache keeps them.

The only module that knows where they are kept and whether they are still valid. What reads and writes records of answers
is imported when the first is wanted, since the text on the screen does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from annotator.errors import ModelError
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import ResolvedPipeline, resolve

if TYPE_CHECKING:
    from annotator.model.documents import Document
    from annotator.model.tokens import Tokens
    from annotator.suggest.worker.answers import Answer


class PipelineAnswers:
    """Cached answers by document id, of a pipeline whose plug-ins look for the store's labels. Any thread may ask."""

    def __init__(self, store: Store, pipeline: ResolvedPipeline) -> None:
        self._cache = store.cache
        self._kind = f"suggestions-{pipeline.for_labels(store.info.label_set).cache_name}"

    def get(self, document: Document) -> Answer | None:
        """The answer for a document; None if there is none, or none that can be used."""
        record = self._cache.get(self._kind, document.id)
        if record is None:
            return None
        from annotator.suggest.worker.answers import answer_from_record

        return answer_from_record(record, document.text)

    def tokens(self, document: Document) -> Tokens | None:
        """The tokens that came with the document, else those of the pipeline's answer; None if neither exist."""
        if document.tokens is not None:
            return document.tokens
        answer = self.get(document)
        return answer.tokens if answer is not None else None

    def has(self, document_id: str) -> bool:
        """True if an answer is kept for a document, whether or not it can be used."""
        return self._cache.has(self._kind, document_id)

    def is_current(self, document_id: str) -> bool:
        """True if the answer for a document is undamaged and in today's format; its text never changes."""
        from annotator.suggest.worker.answers import RECORD_FORMAT

        record = self._cache.get(self._kind, document_id)
        return record is not None and record.get("format") == RECORD_FORMAT

    def keep(self, answer: Answer) -> bool:
        """Keep an answer until the cache is cleared; False if it cannot be written."""
        from annotator.suggest.worker.answers import answer_to_record

        return self.keep_record(answer.document_id, answer_to_record(answer))

    def keep_record(self, document_id: str, record: dict[str, Any]) -> bool:
        """Keep an answer that a worker sent as a record, as `keep` does."""
        return self._cache.put(self._kind, document_id, record)


def cached_tokens(store: Store, model: str | None) -> Callable[[Document], Tokens | None]:
    """Gives the tokens of a document, as `PipelineAnswers.tokens` of the pipeline that `model` names.

    Of a pipeline that is not installed here no answers are used.
    """
    try:
        return PipelineAnswers(store, resolve(model)).tokens
    except ModelError:
        return lambda document: document.tokens
