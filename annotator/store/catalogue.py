"""The catalogue: every document and how far each annotator is with it, without opening a document.

It is a copy of what the store's files say, kept in memory and, between sessions, in `.cache/`: losing it loses
nothing. `scan` says how it is loaded and kept true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from annotator.model.decisions import Status


class DocumentEntry(NamedTuple):
    """A document in the catalogue. `words` counts what white space separates; `order` grows by import."""

    order: int
    id: str
    title: str
    words: int


class SetEntry(NamedTuple):
    """How far one annotator is with one document. `undecided` is None where nobody has counted yet.

    `notes` and `doubts` count the spans that carry one; `updated` is when the last decision was made.
    """

    status: str
    spans: int
    undecided: int | None
    notes: int
    doubts: int
    updated: str


class CatalogueRow(NamedTuple):
    """A document as one annotator's list shows it."""

    id: str
    title: str
    words: int
    status: Status
    spans: int
    undecided: int | None
    notes: int
    doubts: int
    updated: str


_STATUSES = {status.value: status for status in Status}
_UNTOUCHED = SetEntry(Status.TODO.value, 0, None, 0, 0, "")


class Catalogue:
    """Documents in the order of their import, and a summary of each annotation set.

    One thread may change it while others read: rows are values that are replaced whole.
    `damaged` tells of files, by their path in the store, that could not be read, and why; they are in no count.
    """

    def __init__(self) -> None:
        self.damaged: dict[str, str] = {}
        self._documents: list[DocumentEntry] = []
        self._by_id: dict[str, DocumentEntry] = {}
        self._sets: dict[str, dict[str, SetEntry]] = {}

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._by_id

    def __iter__(self) -> Iterator[DocumentEntry]:
        return iter(self._documents)

    def __getitem__(self, index: int) -> DocumentEntry:
        return self._documents[index]

    @property
    def ids(self) -> list[str]:
        """The ids of all documents, in the order of their import."""
        return [document.id for document in self._documents]

    @property
    def last_order(self) -> int:
        """The order of the document imported last; 0 if there is none."""
        return self._documents[-1].order if self._documents else 0

    def get(self, document_id: str) -> DocumentEntry | None:
        """The document called so, if it is there."""
        return self._by_id.get(document_id)

    def row(self, document_id: str, annotator: str) -> CatalogueRow:
        """One document as `annotator` sees it; KeyError if there is none called so."""
        return _row(self._by_id[document_id], self.set_entry(document_id, annotator))

    def rows(self, annotator: str) -> list[CatalogueRow]:
        """All documents as `annotator` sees them, in the order of their import."""
        sets = self._sets.get(annotator, {})
        return [_row(document, sets.get(document.id, _UNTOUCHED)) for document in self._documents]

    def set_entry(self, document_id: str, annotator: str) -> SetEntry:
        """How far `annotator` is with a document; todo, and no spans, if there is no set."""
        return self._sets.get(annotator, {}).get(document_id, _UNTOUCHED)

    def sets(self, annotator: str) -> dict[str, SetEntry]:
        """What `annotator` has a set on, by document id."""
        return dict(self._sets.get(annotator, {}))

    def counts(self, annotator: str) -> dict[Status, int]:
        """How many documents have each status for `annotator`; every status is there."""
        counts = Counter(
            entry.status for id, entry in self._sets.get(annotator, {}).copy().items() if id in self._by_id
        )
        result = {status: counts[status.value] for status in Status}
        result[Status.TODO] += len(self._documents) - sum(counts.values())
        return result

    def put_documents(self, entries: list[DocumentEntry]) -> None:
        """Add documents that are not there yet, each at its place in the order."""
        self._by_id.update((entry.id, entry) for entry in entries)
        if len(entries) == 1 and entries[0].order > self.last_order:
            self._documents.append(entries[0])
        else:
            self._documents = sorted([*self._documents, *entries])

    def put_set(self, document_id: str, annotator: str, entry: SetEntry) -> None:
        """Replace what is known of an annotation set; a count of `undecided` that is not given stays."""
        sets = self._sets.setdefault(annotator, {})
        if entry.undecided is None and (known := sets.get(document_id)) is not None:
            entry = entry._replace(undecided=known.undecided)
        sets[document_id] = entry

    def drop_documents(self, ids: set[str]) -> None:
        """Forget documents."""
        self._documents = [document for document in self._documents if document.id not in ids]
        for id in ids:
            self._by_id.pop(id, None)

    def drop_sets(self, annotator: str, ids: set[str]) -> None:
        """Forget an annotator's sets."""
        sets = self._sets.get(annotator, {})
        for id in ids:
            sets.pop(id, None)
        if not sets:
            self._sets.pop(annotator, None)

    def dump(self) -> dict[str, Any]:
        """All of it as JSON values."""
        return {"documents": self._documents, "sets": self._sets, "damaged": self.damaged}

    @classmethod
    def load(cls, content: dict[str, Any]) -> Catalogue:
        """Read what `dump` gave; KeyError, TypeError or ValueError if it is something else."""
        catalogue = cls()
        catalogue.damaged = dict(content["damaged"])
        catalogue._documents = [DocumentEntry._make(row) for row in content["documents"]]
        catalogue._by_id = {document.id: document for document in catalogue._documents}
        catalogue._sets = {
            annotator: {id: SetEntry._make(row) for id, row in sets.items()}
            for annotator, sets in content["sets"].items()
        }
        return catalogue


def _row(document: DocumentEntry, entry: SetEntry) -> CatalogueRow:
    return CatalogueRow._make((*document[1:], _STATUSES[entry[0]], *entry[1:]))
