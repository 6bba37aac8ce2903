"""How the catalogue is loaded, kept true, and made again from the store's files.

A file of a store is only ever replaced by a rename, which changes the modification time of its folder. The
catalogue's file so notes the time of each of the 256 folders of documents, and of each annotator's; a folder whose
time differs was changed by somebody else, or before a crash, and its files, one in 256 of all, are read again. A
file edited in place and not replaced escapes this; it is noticed when it is opened, by its checksums.

Between two writings of the whole catalogue, each change is appended to a log beside it as one line, with the times
of its folder before and after. A line whose earlier time is not the one known so far does not continue what was
known, and the folder is read again.

What a stranger's store brings as a catalogue could say anything. So both files have names that only this machine knows;
where it cannot keep such a name, nothing is read or kept.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from annotator.errors import DamageError, StoreError, VersionError
from annotator.model.decisions import Status
from annotator.state_folder import machine_mark
from annotator.store.cache import seal, sealed_behind, unseal, unseal_before
from annotator.store.catalogue import Catalogue, DocumentEntry, SetEntry
from annotator.store.files import Files
from annotator.store.layout import ANNOTATIONS, DOCUMENTS, catalogue_paths, file_name, is_version, shard
from annotator.store.records import (
    DOCUMENT_TABLES,
    SET_TABLES,
    check_tables,
    document_of,
    only_record,
    status_of,
)
from annotator.store.sets import SetSnapshot
from annotator.store.storage import Tables, read_tables
from annotator.store.tables import damaged

_VERSION = 5
_UNKNOWN = -1
"""No folder has this time, so one that is noted with it is read again."""
_LONG_LOG = 200
"""Lines of log from which on the whole catalogue is written when it is loaded or kept: each costs the next opening
some 20 microseconds, and writing the whole a quarter of a second for 100,000 documents."""


def catalogue_files(files: Files) -> tuple[Path, Path] | None:
    """The catalogue and its log as this machine calls them; None if it cannot keep the secret that names them."""
    try:
        mark = machine_mark("catalogue", str(files.root.resolve()))
    except OSError:
        return None
    whole, log = catalogue_paths(mark)
    return files.root / whole, files.root / log


class CatalogueKeeper:
    """Holds the catalogue of the store below `files.root` true to its files. Not thread-safe."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._paths = catalogue_files(files)
        self._folders: dict[str, int] = {}
        self._generation = ""
        self._unread: set[str] = set()
        self._is_logged = True
        self._lines = 0
        self.catalogue = self._load()

    def note_document(self, entry: DocumentEntry, *, folder: Path, before: int, log: bool) -> None:
        """Take in a document that was added to `folder`, whose modification time was `before` until then."""
        self.catalogue.put_documents([entry])
        self._note(folder, before, ["document", *entry] if log else None)

    def note_set(
        self, document_id: str, annotator: str, entry: SetEntry, *, folder: Path, before: int, log: bool
    ) -> None:
        """Take in an annotation set that was saved in `folder`, whose time was `before`."""
        if entry.undecided is None:  # what is not counted now stays as it was counted last
            entry_before = self.catalogue.set_entry(document_id, annotator)
            entry = entry._replace(undecided=entry_before.undecided)
        self.catalogue.put_set(document_id, annotator, entry)
        self._note(folder, before, ["set", document_id, annotator, *entry] if log else None)

    def keep(self) -> None:
        """Keep what is known for the next session: by the log where that has everything and is short, else as a whole."""
        if not self._is_logged or self._lines > _LONG_LOG:
            self.flush()

    def flush(self) -> None:
        """Write the whole catalogue and begin a new log."""
        if self._paths is None:
            return
        generation = secrets.token_hex(8)
        head, columns = self.catalogue.dump()
        head |= {"version": _VERSION, "generation": generation, "folders": self._folders}
        lines = (line + b"\n" for line in chain([json.dumps(head).encode()], columns))
        whole, log = self._paths
        if self._files.write_disposable(whole, sealed_behind(lines)):
            self._generation = generation
            self._is_logged, self._lines = True, 0
            self._files.remove_disposable(log)

    def _note(self, folder: Path, before: int, change: list[Any] | None) -> None:
        name = self._name(folder)
        after = self._files.modified(folder)
        # A time that is not the known one means that somebody else was here.
        self._folders[name] = after if self._folders.get(name, 0) == before else _UNKNOWN
        if change is not None and self._paths is not None:
            line = json.dumps([self._generation, name, before, after, change]).encode()
            self._lines += 1
            self._is_logged &= self._files.append_disposable(self._paths[1], seal(line) + b"\n")
        else:
            self._is_logged = False

    def _load(self) -> Catalogue:
        self.catalogue = self._read()
        self._lines = self._replay()
        current = self._times()
        stale = {name for name, time in current.items() if self._folders.get(name) != time}
        changed = stale | (self._folders.keys() - current.keys())
        if changed:
            self._forget(changed)
            self.catalogue.put_documents([entry for name in sorted(stale) for entry in self._scan(name)])
        self._folders = current | dict.fromkeys(self._unread, _UNKNOWN)
        if changed or self._lines > _LONG_LOG or not self._generation:
            self.flush()
        return self.catalogue

    def _read(self) -> Catalogue:
        if self._paths is None:
            return Catalogue()
        try:
            data = self._files.read(self._paths[0]) or b""
            head, *columns = _lines(data, len(unseal_before(data)))
        except (StoreError, ValueError):
            return Catalogue()
        content = json.loads(bytes(head))
        if content["version"] != _VERSION:
            return Catalogue()
        self._folders = content["folders"]
        self._generation = content["generation"]
        return Catalogue.load(content, columns)

    def _replay(self) -> int:
        """Apply the log's lines that continue what is known; how many there were."""
        if self._paths is None:
            return 0
        try:
            lines = (self._files.read(self._paths[1]) or b"").splitlines()
        except StoreError:
            return 0
        for line in lines:
            try:
                generation, name, before, after, (kind, *change) = json.loads(bytes(unseal(line)))
            except ValueError:
                continue  # torn; the time of its folder tells that something is missing
            if generation != self._generation:
                continue
            if self._folders.get(name, 0) != before:
                self._folders[name] = _UNKNOWN
                continue
            self._folders[name] = after
            if kind == "document":
                self.catalogue.put_documents([DocumentEntry(*change)])
            else:
                document_id, annotator, *entry = change
                self.catalogue.put_set(document_id, annotator, SetEntry(Status(entry[0]), *entry[1:]))
        return len(lines)

    def _times(self) -> dict[str, int]:
        folders = [DOCUMENTS]
        folders += [f"{ANNOTATIONS}/{name}" for name in self._files.names(self._files.root / ANNOTATIONS)]
        return {
            f"{folder}/{name}": modified
            for folder in folders
            for name, modified in self._files.modified_folders(self._files.root / folder).items()
            if len(name) == 2
        }

    def _forget(self, folders: set[str]) -> None:
        catalogue = self.catalogue
        for path in [path for path in catalogue.damaged if path.rpartition("/")[0] in folders]:
            del catalogue.damaged[path]
        catalogue.drop_documents({id for id in catalogue.ids if f"{DOCUMENTS}/{shard(id)}" in folders})
        for annotator in {name.split("/")[1] for name in folders if name.startswith(ANNOTATIONS)}:
            catalogue.drop_sets(
                annotator,
                {
                    id
                    for id in catalogue.sets(annotator)
                    if f"{ANNOTATIONS}/{annotator}/{shard(id)}" in folders
                },
            )

    def _scan(self, folder: str) -> Iterator[DocumentEntry]:
        """Read the files of a folder: take in its sets, and give its documents."""
        for name in self._files.names(self._files.root / folder):
            if not name.endswith(".json") or is_version(name):
                continue
            try:
                if folder.startswith(f"{DOCUMENTS}/"):
                    yield self._read_document(folder, name)
                else:
                    self._take_set(folder, name)
            except StoreError as error:
                self.catalogue.damaged[f"{folder}/{name}"] = error.message
                if not isinstance(error, DamageError | VersionError):
                    self._unread.add(folder)  # the disk may answer next time

    def _read_document(self, folder: str, name: str) -> DocumentEntry:
        tables, origin = self._tables(folder, name)
        check_tables(tables, DOCUMENT_TABLES, origin=origin)
        record = only_record(tables, "document", origin=origin)
        document = document_of(record, origin=origin)
        if name != file_name(document.id):
            damaged(origin, f"it holds the document {document.id}, which has another place")
        return DocumentEntry(record["order"], document.id, document.title, count_words(document.text))

    def _take_set(self, folder: str, name: str) -> None:
        tables, origin = self._tables(folder, name)
        check_tables(tables, SET_TABLES, origin=origin)
        status = status_of(only_record(tables, "status", origin=origin), origin=origin)
        if name != file_name(status.document) or status.annotator != folder.split("/")[1]:
            damaged(
                origin,
                f"it holds the set of {status.annotator} on {status.document}, which has another place",
            )
        spans = tables["spans"]
        entry = SetEntry(
            status.status,
            len(spans),
            None,
            sum("note" in span for span in spans),
            sum("doubt" in span for span in spans),
            status.updated,
        )
        self.catalogue.put_set(status.document, status.annotator, entry)

    def _tables(self, folder: str, name: str) -> tuple[Tables, str]:
        path = self._files.root / folder / name
        return read_tables(self._files.read(path) or b"", origin=str(path)), str(path)

    def _name(self, folder: Path) -> str:
        return folder.relative_to(self._files.root).as_posix()


def _lines(data: bytes, length: int) -> Iterator[memoryview]:
    """The lines in the first `length` bytes, each with a line feed behind it, without copying them: there may be
    many megabytes."""
    view, start = memoryview(data), 0
    while (end := data.find(b"\n", start, length)) >= 0:
        yield view[start:end]
        start = end + 1


def count_words(text: str) -> int:
    """How many pieces white space separates."""
    return len(text.split())


def entry_of(snapshot: SetSnapshot) -> SetEntry:
    """What the catalogue keeps of an annotation set."""
    return SetEntry(
        snapshot.status,
        len(snapshot.spans),
        snapshot.undecided,
        sum(1 for decided in snapshot.spans if decided.span.note),
        sum(1 for decided in snapshot.spans if decided.span.doubt),
        snapshot.decisions[-1].when if snapshot.decisions else "",
    )
