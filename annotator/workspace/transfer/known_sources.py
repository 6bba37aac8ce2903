"""Which files a store's plain texts came from, to notice a file that was edited and is given again."""

from __future__ import annotations

from functools import cached_property
from pathlib import PurePath

from annotator.model.documents import Document
from annotator.store.repository import Store

_SOURCE = "source"


class KnownSources:
    """The documents that a store had before an import, by the file that each was the whole text of.

    Such a document is known by the hash of its text, so that its file, edited, would be another one without a word. They
    are looked at for the first text that is new.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before = tuple(id for id in store.catalogue.ids if len(id) == 64)

    def earlier_text(self, document: Document) -> Document | None:
        """The document that came from the file of this new one; None if there is none, or this is no plain text."""
        if document.id != document.sha256:
            return None
        source = document.meta.get(_SOURCE)
        if not isinstance(source, str):
            return None
        path = PurePath(source)
        for path_text, id in self._by_name.get(path.name, ()):
            if id != document.id and (_ends_as(path, path_text) or _ends_as(path_text, path)):
                return self._store.document(id)
        return None

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[PurePath, str]]]:
        """The paths of the texts, the latest first, by their last part."""
        sources: dict[str, list[tuple[PurePath, str]]] = {}
        for id in reversed(self._before):
            document = self._store.document(id)
            if document.id == document.sha256 and isinstance(source := document.meta.get(_SOURCE), str):
                path = PurePath(source)
                sources.setdefault(path.name, []).append((path, id))
        return sources


def _ends_as(path: PurePath, end: PurePath) -> bool:
    return path.parts[-len(end.parts) :] == end.parts
