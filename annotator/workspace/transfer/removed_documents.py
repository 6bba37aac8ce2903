"""Documents of files that were removed from the store before: they stay out unless the person lets them in again."""

from __future__ import annotations

from annotator.model.documents import Document
from annotator.model.removals import removed_texts, restoring
from annotator.store.removals import Removals
from annotator.store.repository import Store


class RemovedDocuments:
    """What was removed from one store; with `are_restored`, it comes in again."""

    def __init__(self, store: Store, *, are_restored: bool) -> None:
        self._store = store
        self._are_restored = are_restored
        self._removed = removed_texts(Removals(store).read())
        self._restored: set[str] = set()

    def reason(self, document: Document) -> str | None:
        """Why a document is not to come in; None if it may."""
        removal = self._removed.get((document.id, document.sha256))
        if removal is None or self._store.has_document(document.id):
            return None
        if self._are_restored:
            self._restored.add(document.id)
            return None
        by_whom = f" by {removal.who}" if removal.who else ""
        return f"it was removed here{by_whom} on {removal.when[:10]}; --restore-removed lets it in again"

    def settle(self, *, when: str) -> None:
        """Keep that those which came in again are removed no longer; durable when it returns."""
        if self._restored:
            Removals(self._store).change(lambda known: restoring(known, self._restored, when=when))
