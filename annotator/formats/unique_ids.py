"""Ids that are unique within a file only: documents of different texts never keep the same one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath

from annotator.formats.exchange import AnnotatedDocument, Problem


class UniqueIds:
    """Gives the later one of two documents with one id another id, made of the path of its file.

    `prefix` stands before every id. The id is the same for each set on the same text.
    """

    def __init__(self, *, prefix: str = "") -> None:
        self._prefix = prefix
        self._texts: dict[str, str] = {}

    def unique(self, annotated: AnnotatedDocument, file: str) -> AnnotatedDocument:
        """The document as it is, or under another id, with a problem that tells so."""
        document = annotated.document
        if self._prefix:
            document = replace(document, id=f"{self._prefix}{document.id}")
        given, problems = document.id, annotated.problems
        if not self._is_free(given, document.sha256):
            free = (id for id in _candidates(given, file) if self._is_free(id, document.sha256))
            document = replace(document, id=next(free))
            message = f"the id {given!r} is that of another text; this one is called {document.id!r} here"
            problems = (*problems, Problem(document.id, f"{file}: document {given}", message))
        self._texts.setdefault(document.id, document.sha256)
        if document is annotated.document:
            return annotated
        return replace(annotated, document=document, problems=problems)

    def _is_free(self, id: str, sha256: str) -> bool:
        return self._texts.get(id, sha256) == sha256


def _candidates(id: str, file: str) -> Iterator[str]:
    """The id behind the file's name, then behind more and more of its path, then with a number."""
    path = PurePath(file)
    parts = [part for part in (*path.parts[:-1], path.name.split(".")[0]) if part not in ("/", "..", ".")]
    if parts and parts[-1] == id:  # an id that is the file's name already
        parts = parts[:-1]
    for first in range(len(parts) - 1, -1, -1):
        yield "/".join([*parts[first:], id])
    number = 2
    while True:
        yield f"{id}-{number}"
        number += 1
