"""The index of a store's texts: an SQLite file with full-text search, in the cache, which may be deleted at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from annotator.errors import InputError, StoreError
from annotator.state_folder import machine_mark
from annotator.store.files import Files
from annotator.store.layout import text_index_path
from annotator.store.repository import Store


class Folding(NamedTuple):
    """A text as searching compares it. `is_aligned` if each of its characters folds to one, so that offsets are the same."""

    text: str
    is_aligned: bool


class IndexedText(NamedTuple):
    """A document's text, and what it folds to."""

    document: str
    text: str
    folding: Folding


Fold = Callable[[str], Folding]
"""Folds a text."""

Progress = Callable[[int, int], None]
"""Is told how many documents, of how many, have been read; whatever it raises ends the reading."""

_VERSION = 2
_UNFINISHED = 0
"""The version of a file while something is added to it."""
_BATCH = 500
_COLUMNS = "SELECT id, text, folding, is_aligned FROM documents"
_SIDES = ("-journal", "-wal", "-shm")
"""The ends of the names of files that SQLite makes beside a database, and heeds where they are."""

_SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, folding TEXT NOT NULL, is_aligned INTEGER NOT NULL);
CREATE VIRTUAL TABLE words USING fts5(folded, content='', tokenize='unicode61 remove_diacritics 0');
"""


class TextIndex:
    """All texts of a store, to be searched without reading its files. Use it from one thread, and close it.

    `fold` makes a text and what is sought in it alike. A file that is damaged, or of another version, is made anew; where none
    can be written the index lives in memory.

    A database in a stranger's store could give any answer or none, and SQLite deletes whatever file a journal beside one
    names. So the file has a name that only this machine knows, what lies beside it is removed before it is opened, and
    nothing is ever written beside it: a program that dies in the middle leaves an index that is made anew.
    """

    def __init__(self, store: Store, *, fold: Fold) -> None:
        self._store = store
        self._fold = fold
        self._files = Files(store.path, disk=store.disk)
        self.unreadable: dict[str, str] = {}
        """Why documents could not be read, by id; they are left out."""
        self._database = self._open()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def update(self, *, progress: Progress | None = None) -> None:
        """Read the documents that the index lacks, and drop those that are gone from the store."""
        try:
            self._update(progress)
        except sqlite3.DatabaseError:
            self._database.close()
            self._database = self._rebuilt()
            self._update(progress)

    def containing(self, words: str) -> Iterator[IndexedText]:
        """The texts of documents that may hold these words one behind the other, in the order of the index.

        A `*` at the end stands for the rest of a word. Without a letter or digit in `words`, all documents.
        """
        is_prefix = words.endswith("*")
        phrase = "".join(char if char.isalnum() else " " for char in self._fold(words).text).split()
        if not phrase:
            yield from self.all()
            return
        match = '"' + " ".join(phrase) + '"' + ("*" if is_prefix else "")
        rows = self._database.execute(
            f"{_COLUMNS} WHERE number IN (SELECT rowid FROM words WHERE words MATCH ?) ORDER BY number",  # noqa: S608 - a constant
            (match,),
        )
        yield from map(_text_of, rows)

    def all(self) -> Iterator[IndexedText]:
        """The texts of all documents."""
        yield from map(_text_of, self._database.execute(f"{_COLUMNS} ORDER BY number"))

    def _update(self, progress: Progress | None) -> None:
        ids = self._store.catalogue.ids
        known = {row[0] for row in self._database.execute("SELECT id FROM documents")}
        gone = known.difference(ids)
        if gone:  # a contentless table cannot forget one text, and documents are seldom removed
            self._database.close()
            self._database = self._rebuilt()
            known = set()
        new = [document_id for document_id in ids if document_id not in known]
        if new:
            self._set_version(_UNFINISHED)
        for start in range(0, len(new), _BATCH):
            if progress is not None:
                progress(start, len(new))
            with self._database:
                for document_id in new[start : start + _BATCH]:
                    self._add(document_id)
        if new:
            self._set_version(_VERSION)
            if progress is not None:
                progress(len(new), len(new))

    def _set_version(self, version: int) -> None:
        self._database.execute(f"PRAGMA user_version = {version}")
        self._database.commit()

    def _add(self, document_id: str) -> None:
        try:
            text = self._store.document(document_id).text
        except (StoreError, InputError) as error:
            self.unreadable[document_id] = error.message
            return
        # SQLite takes no lone surrogates; the text is as long without them.
        plain = text.encode("utf-8", "replace").decode("utf-8")
        folding = self._fold(plain)
        cursor = self._database.execute(
            "INSERT INTO documents (id, text, folding, is_aligned) VALUES (?, ?, ?, ?)",
            (document_id, plain, *folding),
        )
        self._database.execute(
            "INSERT INTO words (rowid, folded) VALUES (?, ?)", (cursor.lastrowid, folding.text)
        )

    def _open(self) -> sqlite3.Connection:
        path = self._path
        if path is None:
            return _made(":memory:")
        try:
            self._remove_sides(path)
            database = _connected(str(path))
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version == _VERSION:
                database.execute(f"{_COLUMNS} LIMIT 1").fetchone()
                database.execute("SELECT rowid FROM words LIMIT 1").fetchone()
                return database
            database.close()
        except sqlite3.DatabaseError:
            pass
        return self._rebuilt()

    def _rebuilt(self) -> sqlite3.Connection:
        path = self._path
        if path is None:
            return _made(":memory:")
        self._remove_sides(path)
        self._files.remove_disposable(path)
        try:
            return _made(str(path))
        except sqlite3.DatabaseError:  # the disk is full, or does not let itself be written
            return _made(":memory:")

    def _remove_sides(self, path: Path) -> None:
        for side in _SIDES:
            self._files.remove_disposable(path.with_name(path.name + side))

    @property
    def _path(self) -> Path | None:
        """Where the index lies; None if no file can lie there. No link is followed: SQLite itself would follow one."""
        if self._store.is_read_only is not None:
            return None
        try:
            path = index_path(self._store)
            path.parent.mkdir(exist_ok=True)
            for side in ("", *_SIDES):
                self._files.check(path.with_name(path.name + side))
        except (StoreError, OSError):
            return None
        return path


def index_path(store: Store) -> Path:
    """Where the index of a store lies on this machine; OSError if the machine's secret cannot be kept."""
    return store.path / text_index_path(machine_mark("texts", str(store.path.resolve()), store.info.uid))


def _text_of(row: tuple[str, str, str, int]) -> IndexedText:
    document_id, text, folding, is_aligned = row
    return IndexedText(document_id, text, Folding(folding, bool(is_aligned)))


def _connected(path: str) -> sqlite3.Connection:
    """A database that trusts nothing in its file: the cache of a store may be a stranger's."""
    database = sqlite3.connect(path, timeout=5.0)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.execute("PRAGMA journal_mode = MEMORY")
    return database


def _made(path: str) -> sqlite3.Connection:
    database = _connected(path)
    database.executescript(_SCHEMA)
    database.execute(f"PRAGMA user_version = {_VERSION}")
    return database
