"""The catalogue: every document and how far each annotator is with it, without opening a document.

It is a copy of what the store's files say, kept in memory and, between sessions, in `.cache/`: losing it loses
nothing. `scan` says how it is loaded and kept true.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import Any, NamedTuple

from annotator.model.decisions import Status
from annotator.store.column_table import Codec, Table


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

    status: Status
    spans: int
    undecided: int | None
    notes: int
    doubts: int
    updated: str


class _SetRow(NamedTuple):
    """A SetEntry behind the document's id."""

    document: str
    status: Status
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


_UNTOUCHED = SetEntry(Status.TODO, 0, None, 0, 0, "")
_LETTERS = {Status.TODO: "t", Status.STARTED: "s", Status.DONE: "d", Status.SKIPPED: "k"}
_OF_LETTER = {letter: status for status, letter in _LETTERS.items()}
_STATUSES = Codec(
    encode=lambda statuses: "".join(map(_LETTERS.__getitem__, statuses)),
    decode=lambda letters: list(map(_OF_LETTER.__getitem__, letters)),
)


class Catalogue:
    """Documents in the order of their import, and a summary of each annotation set.

    One thread may change it while others read.
    `damaged` tells of files, by their path in the store, that could not be read, and why; they are in no count.
    """

    def __init__(self) -> None:
        self.damaged: dict[str, str] = {}
        self._documents = Table(DocumentEntry, DocumentEntry._fields, key="id")
        self._sets: dict[str, Table[_SetRow]] = {}
        self._statuses: dict[str, dict[str, Status]] = {}
        self._noting = threading.Lock()

    def __len__(self) -> int:
        return len(self._documents)

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._documents

    def __iter__(self) -> Iterator[DocumentEntry]:
        return iter(self._documents.rows())

    def __getitem__(self, index: int) -> DocumentEntry:
        return self._documents[index]

    @property
    def ids(self) -> list[str]:
        """The ids of all documents, in the order of their import."""
        return self._documents.keys

    @property
    def last_order(self) -> int:
        """The order of the document imported last; 0 if there is none."""
        return self._documents[-1].order if len(self._documents) else 0

    def get(self, document_id: str) -> DocumentEntry | None:
        """The document called so, if it is there."""
        return self._documents.get(document_id)

    def row(self, document_id: str, annotator: str) -> CatalogueRow:
        """One document as `annotator` sees it; KeyError if there is none called so."""
        document = self._documents.get(document_id)
        if document is None:
            raise KeyError(document_id)
        return _row(document, self.set_entry(document_id, annotator))

    def rows(self, annotator: str) -> list[CatalogueRow]:
        """All documents as `annotator` sees them, in the order of their import."""
        untouched = ("", *_UNTOUCHED)
        ids = self._documents.keys
        sets = self._sets.get(annotator)
        entries = repeat(untouched, len(ids)) if sets is None else sets.find(ids, untouched)
        return [
            CatalogueRow._make((*document[1:], *entry[1:]))
            for document, entry in zip(self._documents.tuples(), entries, strict=False)
        ]

    def set_entry(self, document_id: str, annotator: str) -> SetEntry:
        """How far `annotator` is with a document; todo, and no spans, if there is no set."""
        sets = self._sets.get(annotator)
        row = None if sets is None else sets.get(document_id)
        return _UNTOUCHED if row is None else SetEntry._make(row[1:])

    def sets(self, annotator: str) -> dict[str, SetEntry]:
        """What `annotator` has a set on, by document id."""
        sets = self._sets.get(annotator)
        return {} if sets is None else {row[0]: SetEntry._make(row[1:]) for row in sets.rows()}

    def statuses(self, annotator: str) -> dict[str, Status]:
        """The status of each document that `annotator` has a set on."""
        with self._noting:
            if annotator not in self._statuses:
                sets = self._sets.get(annotator)
                self._statuses[annotator] = {} if sets is None else sets.column("status")
            return self._statuses[annotator].copy()

    def counts(self, annotator: str) -> dict[Status, int]:
        """How many documents have each status for `annotator`; every status is there."""
        ids = set(self.ids)
        counts = Counter(status for id, status in self.statuses(annotator).items() if id in ids)
        counts[Status.TODO] += len(self._documents) - counts.total()
        return {status: counts[status] for status in Status}

    def put_documents(self, entries: list[DocumentEntry]) -> None:
        """Add documents that are not there yet, each at its place in the order."""
        if len(entries) == 1 and entries[0].order > self.last_order and entries[0].id not in self:
            self._documents.put(entries[0])
        else:
            self._documents.put_sorted(entries)

    def put_set(self, document_id: str, annotator: str, entry: SetEntry) -> None:
        """Replace what is known of an annotation set."""
        sets = self._sets.get(annotator)
        if sets is None:
            sets = self._sets[annotator] = self._set_table()
        with self._noting:
            sets.put(_SetRow(document_id, *entry))
            if annotator in self._statuses:
                self._statuses[annotator][document_id] = entry.status

    def drop_documents(self, ids: set[str]) -> None:
        """Forget documents."""
        self._documents.drop(ids)

    def drop_sets(self, annotator: str, ids: set[str]) -> None:
        """Forget an annotator's sets."""
        self._statuses.pop(annotator, None)
        if (sets := self._sets.get(annotator)) is not None:
            sets.drop(ids)
            if not len(sets):
                del self._sets[annotator]

    def dump(self) -> tuple[dict[str, Any], Iterator[bytes]]:
        """All of it: what stands before the tables, as JSON values, and the tables' columns, without line feeds.

        Sets stand in the order of their documents: reading them so is several times quicker than in any other.
        """
        places = {id: index for index, id in enumerate(self._documents.keys)}
        for sets in self._sets.values():
            sets.sort(lambda document: places.get(document, len(places)))
        head = {"annotators": list(self._sets), "damaged": self.damaged}
        tables: list[Table[Any]] = [self._documents, *self._sets.values()]
        return head, (column for table in tables for column in table.dump())

    @classmethod
    def load(cls, head: dict[str, Any], columns: list[memoryview]) -> Catalogue:
        """Read what `dump` gave. The columns are looked into when they are needed."""
        catalogue = cls()
        catalogue.damaged = dict(head["damaged"])
        width = len(DocumentEntry._fields)
        catalogue._documents = Table(DocumentEntry, DocumentEntry._fields, key="id", columns=columns[:width])
        for annotator in head["annotators"]:
            start, width = width, width + len(_SetRow._fields)
            catalogue._sets[annotator] = catalogue._set_table(columns[start:width])
        return catalogue

    def _set_table(self, columns: list[memoryview] | None = None) -> Table[_SetRow]:
        """A table of sets, whose documents stand in it as runs of places in the table of documents.

        The id of a document that is not there stands as itself.
        """
        ids = self._documents.key_values()

        def encode(documents: list[str]) -> list[list[int] | str]:
            places = {id: index for index, id in enumerate(self._documents.keys)}
            return _runs(places.get(document, document) for document in documents)

        def decode(runs: list[list[int] | str]) -> list[str]:
            document_ids, documents = ids(), list[str]()
            for run in runs:
                documents += [run] if isinstance(run, str) else document_ids[slice(*run)]
            return documents

        codecs = {"status": _STATUSES, "document": Codec(encode, decode, is_fixed=False)}
        return Table(_SetRow, _SetRow._fields, key="document", columns=columns, codecs=codecs)


def _runs(places: Iterable[int | str]) -> list[list[int] | str]:
    """Numbers that follow one another as half-open runs `[first, behind]`; a string stands for itself."""
    runs: list[list[int] | str] = []
    last: list[int] | None = None
    for index in places:
        if isinstance(index, str):
            runs.append(index)
            last = None
        elif last is not None and last[1] == index:
            last[1] += 1
        else:
            last = [index, index + 1]
            runs.append(last)
    return runs


def _row(document: DocumentEntry, entry: SetEntry) -> CatalogueRow:
    return CatalogueRow._make((*document[1:], *entry))
