"""The files of documents: where they stand, and what is read from them."""

from __future__ import annotations

from pathlib import Path

from annotator.errors import InputError, StoreError
from annotator.model.documents import Document
from annotator.model.spans import Suggestion
from annotator.store.files import Files
from annotator.store.layout import STORE_FILE, document_path
from annotator.store.records import (
    DOCUMENT_TABLES,
    check_tables,
    document_of,
    is_newer,
    only_record,
    suggestions_of,
)
from annotator.store.storage import Tables, read_tables
from annotator.store.tables import damaged


class DocumentFiles:
    """Reads the documents of the store below `files.root`. Any thread may."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._hashes: dict[str, str] = {}
        self._last_tables: tuple[str, Tables] | None = None
        self._last_document: Document | None = None

    def path(self, document_id: str) -> Path:
        """Where the file of a document stands, or would."""
        return self._files.root / document_path(document_id)

    def read(self, document_id: str) -> Document:
        """The document called so; InputError if there is none, DamageError if its file does not hold it.

        The last one is kept: a set is read after its document's hash, and then the document itself.
        """
        last = self._last_document
        if last is not None and last.id == document_id:
            return last
        origin = str(self.path(document_id))
        record = only_record(self._tables(document_id), "document", origin=origin)
        document = document_of(record, origin=origin)
        if document.id != document_id:
            damaged(origin, f"it holds the document {document.id}")
        self._hashes[document_id] = document.sha256
        self._last_document = document
        return document

    def suggestions(self, document_id: str) -> tuple[Suggestion, ...]:
        """What came suggested with a document; raises as `read` does."""
        origin = str(self.path(document_id))
        tables = self._tables(document_id)
        rows = tables["suggestions"]
        record = only_record(tables, "document", origin=origin)
        if len(rows) != record.get("suggestions"):
            damaged(origin, "some of its suggestions are missing")
        return suggestions_of(rows, origin=origin, is_lenient=is_newer(record, origin=origin))

    def text_hash(self, document_id: str) -> str:
        """The SHA-256 of a document's text, which is read once; raises as `read` does."""
        if document_id not in self._hashes:
            self.read(document_id)
        return self._hashes[document_id]

    def check_presence(self) -> None:
        """A folder that is gone, such as a share that is no longer mounted, must not look like an empty one."""
        if not self._files.is_there(self._files.root / STORE_FILE):
            raise StoreError(f"the store {self._files.root} is gone", hint="bring it back to where it was")

    def _tables(self, document_id: str) -> Tables:
        """What stands in a document's file; the last one is kept, for several things are asked of it in turn."""
        last = self._last_tables
        if last is not None and last[0] == document_id:
            return last[1]
        path = self.path(document_id)
        data = self._files.read(path)
        if data is None:
            self.check_presence()
            raise InputError(
                f"there is no document {document_id} in {self._files.root}", hint="annotator import adds one"
            )
        tables = read_tables(data, origin=str(path))
        check_tables(tables, DOCUMENT_TABLES, origin=str(path))
        self._last_tables = (document_id, tables)
        return tables
