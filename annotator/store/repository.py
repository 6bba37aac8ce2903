"""One store on disk: its documents and annotation sets as values."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.errors import AnnotatorError, DamageError, InputError, SaveError, StoreError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import new_uid, time_text
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.records import SCHEMA_VERSION, Access, StoreInfo
from annotator.model.spans import Suggestion
from annotator.store.cache import Cache
from annotator.store.catalogue import Catalogue, DocumentEntry
from annotator.store.catalogue_keeper import CatalogueKeeper, count_words, entry_of
from annotator.store.documents import DocumentFiles
from annotator.store.files import Disk, Files, why_read_only
from annotator.store.info_file import InfoFile, changed_labels, held_briefly
from annotator.store.layout import (
    ANNOTATIONS,
    DOCUMENTS,
    GOLD,
    PENDING,
    QUARANTINE,
    STORE_FILE,
    check_annotator,
    check_spelling,
    set_path,
)
from annotator.store.locks import HeldBy, Hold, Locks
from annotator.store.records import (
    document_data,
    info_data,
    info_of,
    is_newer,
    newer_error,
    only_record,
)
from annotator.store.sets import SetFile, SetKey, SetsAtHand, SetSnapshot
from annotator.store.storage import as_written
from annotator.store.versions import Guard, Version

if TYPE_CHECKING:
    from annotator.store.batch import Added, Batch

_ADDING = ".documents"
"""The name of the lock on adding documents, which no annotator can have."""

_IGNORE = b"# What may be deleted at any time.\n.cache/\n.tmp/\n# Archives of all the rest.\nbackups/\n# Models taught here.\nmodels/\n"


class Store:
    """Documents and annotation sets in a folder. All methods may be called from any thread.

    Methods raise DamageError for a file that does not hold what it must, StoreError for one that cannot be read,
    and SaveError for what could not be made durable.
    """

    def __init__(self, files: Files, info: StoreInfo) -> None:
        self.path = files.root
        self.disk = files.disk
        self.cache = Cache(files)
        self.unfinished_step: str | None = None
        """Why a step that was broken off could not go on when the store was opened; None if there is none left."""
        self._files = files
        self._saving = threading.RLock()
        self._keeper: CatalogueKeeper | None = None
        self._at_hand = SetsAtHand()
        self._locks = Locks(files)
        self._info = InfoFile(files, self._locks, info)
        self._guard = Guard(files)
        self._documents = DocumentFiles(files)

    @classmethod
    def create(
        cls, path: str | Path, *, label_set: LabelSet, model: str | None = None, disk: Disk | None = None
    ) -> Store:
        """A new store at `path`, a folder that is empty but for hidden files, or is not there yet.

        Raises StoreError if it is a store already, InputError if it holds anything else.
        """
        files = Files(Path(path).absolute(), disk=disk)
        root = files.root
        if files.is_there(root / STORE_FILE):
            raise StoreError(f"{root} is a store already", hint="open it, or choose another folder")
        if files.is_there(root) and not root.is_dir():
            raise InputError(f"{root} is a file, so no store can be there", hint="choose another folder")
        if files.names(root):
            raise InputError(f"{root} is not empty and not a store", hint="choose an empty or a new folder")
        now = time_text(datetime.now(UTC))
        info = StoreInfo(
            uid=new_uid(), schema_version=SCHEMA_VERSION, created=now, model=model, label_set=label_set
        )
        files.make_root()
        files.write(root / ".gitignore", _IGNORE)
        files.write(root / STORE_FILE, info_data(info))
        return cls(files, info)

    @classmethod
    def open(cls, path: str | Path, *, disk: Disk | None = None) -> Store:
        """The store at `path`; StoreError if it is none.

        An older one is brought to this program's version, after a backup; one of a newer program can be read.
        """
        files = Files(Path(path).absolute(), disk=disk)
        origin = files.root / STORE_FILE
        data = files.read(origin)
        if data is None:
            kind = "is not a store" if files.is_there(files.root) else "is not there"
            raise StoreError(
                f"{files.root} {kind}",
                hint="name one with --store, or make one with annotator import or annotator annotate",
            )
        record = only_record(as_written(data, origin=str(origin)), "store", origin=str(origin))
        if not is_newer(record, origin=str(origin)) and record["schema_version"] < SCHEMA_VERSION:
            from annotator.store.migrate.store import migrate

            migrate(files)
            return cls.open(path, disk=disk)
        store = cls(files, info_of(record, origin=str(origin)))
        if store.is_read_only is None:
            files.sweep()
        if files.names(files.root / PENDING):
            store._roll_forward()
        return store

    def _roll_forward(self) -> None:
        """Go on with the steps that were broken off, or note why that cannot be: what is there can be read all the same."""
        if (reason := self.is_read_only) is None:
            from annotator.store.steps import Steps

            try:
                Steps(self).roll_forward()
            except SaveError as error:
                reason = error.message
        if reason is not None:
            self.unfinished_step = (
                f"a step over many documents was broken off, and cannot go on now: {reason}"
            )

    @property
    def info(self) -> StoreInfo:
        """What holds for the whole store."""
        return self._info.info

    @property
    def is_read_only(self) -> str | None:
        """Why nothing can be saved here, or None if it can; found out anew without writing anything."""
        if self._is_newer:
            return (
                f"a newer annotator has written it (version {self.info.schema_version}, not {SCHEMA_VERSION})"
            )
        return why_read_only(self.path, self.path / DOCUMENTS, self.path / ANNOTATIONS)

    def change_info(
        self,
        *,
        label_set: LabelSet | None = None,
        tokenizer: str | None = None,
        model: str | None = None,
        access: Access | None = None,
    ) -> None:
        """Replace what is given; durable when it returns. VersionError if a newer program has written the store.

        A label set is taken as the change of the one that this program knew: labels that another program has added
        meanwhile stay. SaveError if the two changes do not go together, HeldError if another program is changing it.
        """
        self._check_version()
        given: dict[str, Any] = {"tokenizer": tokenizer, "model": model, "access": access}
        given = {name: value for name, value in given.items() if value is not None}
        before = self.info.label_set

        def update(info: StoreInfo) -> StoreInfo:
            labels = (
                info.label_set if label_set is None else changed_labels(before, label_set, info.label_set)
            )
            return replace(info, label_set=labels, **given)

        with self._saving:
            self._info.change(update)

    def close(self) -> None:
        """Keep the catalogue for the next session. Nothing is lost without it."""
        with self._saving:
            if self._keeper is not None:
                self._keeper.keep()

    def hold(self, annotator: str) -> Hold | HeldBy:
        """The right to write an annotator's sets, or the program that has it. InputError for no annotator's name.

        Who only saves now and then need not ask: a save takes the right for as long as it lasts.
        """
        return self._locks.hold(check_annotator(annotator, gold=True))

    # Documents

    def add_document(self, document: Document, *, suggestions: Iterable[Suggestion] = ()) -> bool:
        """Add a document with what came suggested; False, and nothing changed, if it is there with this text.

        Durable when it returns. Raises InputError if the id is there with another text, or if the text or the
        metadata cannot stand in a file.
        """
        return self._add(document, suggestions, None)

    def add_documents(self, documents: Iterable[Document]) -> Added:
        """Add documents, all of them durable when it returns.

        After an error or a crash those before it are there, whole; adding all of them again goes on from there.
        """
        from annotator.store.batch import Added

        counts = [0, 0]
        with self.batch() as batch:
            for document in documents:
                counts[batch.add_document(document)] += 1
        return Added(new=counts[True], known=counts[False])

    @contextmanager
    def batch(self) -> Iterator[Batch]:
        """Add and save many files, which are durable when the block has ended, and at no time torn.

        Folders are synced once at the end and not for each file in them.
        """
        from annotator.store.batch import Batch

        batch = Batch(add=self._add, save=self._save, adding=self.adding, hold=self.hold)
        try:
            yield batch
        finally:
            try:
                with self._saving:
                    self._files.settle(batch.later)
                self.close()
            finally:
                batch.release()

    def has_document(self, document_id: str) -> bool:
        """True if there is a document called so."""
        return self._files.is_there(self._documents.path(document_id))

    def document(self, document_id: str) -> Document:
        """The document called so; InputError if there is none."""
        return self._documents.read(document_id)

    def imported_suggestions(self, document_id: str) -> tuple[Suggestion, ...]:
        """What came suggested with a document; InputError if there is no document called so."""
        return self._documents.suggestions(document_id)

    # Annotation sets

    def annotators(self, *, gold: bool = False) -> list[str]:
        """Who has sets here, sorted; with `gold`, the results of reviews count as well."""
        names = self._files.names(self.path / ANNOTATIONS)
        return [name for name in names if gold or name != GOLD]

    def sets_of(self, document_id: str, *, gold: bool = False) -> list[str]:
        """Who has a set on a document, sorted."""
        return [
            name
            for name in self.annotators(gold=gold)
            if self._files.is_there(self._set_path(document_id, name))
        ]

    def set_times(self, annotator: str, *, among: Iterable[str] | None = None) -> dict[str, int]:
        """When an annotator's sets were last changed, by document id: nanoseconds of the disk's clock.

        Of the documents `among` these, those with a set; else of all that the catalogue knows a set on.
        """
        ids = self.catalogue.statuses(annotator) if among is None else among
        times = {
            document_id: self._files.modified(self._set_path(document_id, annotator)) for document_id in ids
        }
        return {document_id: time for document_id, time in times.items() if time}

    def load_set(self, document_id: str, annotator: str, *, gold: bool = False) -> AnnotationSet:
        """An annotator's set on a document; an empty one if there is none yet.

        Raises InputError if there is no such document or the name cannot be an annotator's; `gold` allows the
        reserved one.
        """
        check_annotator(annotator, gold=gold)
        set_file = SetFile(document_id, annotator, self._documents.text_hash(document_id))
        path = self._set_path(document_id, annotator)
        data = self._files.read(path)
        if data is None:
            self._documents.check_presence()
            check_spelling(annotator, self.annotators(gold=True))
            return AnnotationSet(document_id, annotator)
        loaded = set_file.load(data, origin=str(path), reads_newer=self._is_newer)
        self._at_hand.keep(set_file)
        self._guard.note(set_file.key, data, loaded.decisions)
        return loaded

    def save(self, snapshot: SetSnapshot) -> None:
        """Replace the file of an annotation set; durable when it returns, SaveError and nothing else if not.

        HeldError if another program holds the annotator's sets. ConflictError if somebody else has changed the
        file since it was read: `versions` then has both, and `choose` decides.
        """
        try:
            self._info.check()  # before the lock: its file would be made in an empty mount point
        except StoreError as error:
            raise _not_saved(snapshot, error) from error
        with self._locks.held(snapshot.annotator):
            self._save(snapshot, None)

    def encoded(self, snapshot: SetSnapshot) -> tuple[Path, bytes]:
        """The place below the store and the content of the file that a set would be saved in.

        Nothing is read for a document that was read before. InputError if the set holds what JSON cannot.
        """
        path = self._set_path(*snapshot.key).relative_to(self.path)
        return path, SetFile(*snapshot.key, self._documents.text_hash(snapshot.document_id)).data(snapshot)

    def has_versions(self, document_id: str, annotator: str) -> bool:
        """True if there is more than one version of a set to choose from; costs the listing of one folder."""
        return bool(self._guard.names(self._set_path(document_id, annotator)))

    def versions(self, document_id: str, annotator: str) -> list[Version]:
        """The files that exist for a set, the one in its place first; more than one after a conflict."""
        path = self._set_path(document_id, annotator)
        versions = []
        for name in [path.name, *self._guard.names(path)]:
            data = self._files.read(path.with_name(name))
            if data is None:
                continue
            is_main = name == path.name
            try:
                set_file = SetFile(document_id, annotator, self._documents.text_hash(document_id))
                loaded = set_file.load(data, origin=name)
                versions.append(Version(name, is_main, loaded))
            except DamageError as error:
                versions.append(Version(name, is_main, problem=error.message))
        return versions

    def choose(self, document_id: str, annotator: str, name: str) -> AnnotationSet:
        """Have the version `name` hold, and put the others aside in `quarantine/`; durable when it returns.

        InputError if there is no such version or it is damaged.
        """
        with self._locks.held(annotator), self._saving:
            version = next(
                (version for version in self.versions(document_id, annotator) if version.name == name), None
            )
            if version is None or version.annotation_set is None:
                problem = version.problem if version is not None else f"there is no version {name}"
                raise InputError(problem, hint="choose another version")
            path, key = self._set_path(document_id, annotator), SetKey(document_id, annotator)
            before = self._files.modified(path.parent)
            kept = self.path / QUARANTINE / path.parent.relative_to(self.path)
            self._guard.settle(key, path, name, kept=kept)
            chosen = self.load_set(document_id, annotator, gold=True)
            self._note_set(SetSnapshot.of(chosen), path.parent, before, log=True)
            return chosen

    @property
    def catalogue(self) -> Catalogue:
        """All documents and how far each annotator is with them; loaded at the first use."""
        if self._keeper is None:
            with self._saving:
                self._keeper = self._keeper or CatalogueKeeper(self._files)
        return self._keeper.catalogue

    @contextmanager
    def adding(self) -> Iterator[None]:
        """Keep other programs from adding documents for a block: so no two give one id to different texts.

        HeldError if another one is adding documents for long.
        """
        with held_briefly(self._locks, _ADDING, "documents are"):
            yield

    def _add(self, document: Document, suggestions: Iterable[Suggestion], later: set[Path] | None) -> bool:
        with self._saving, self.adding():
            self._info.check()
            path = self._documents.path(document.id)
            if self._files.read(path) is not None:
                if self.document(document.id).text != document.text:
                    raise InputError(
                        f"the document {document.id} is there already, with another text",
                        hint="give the new text another id; the one that was annotated never changes",
                    )
                if later is not None:
                    self._files.include(path, later)
                return False
            self._check_version()
            order = max(self.catalogue.last_order + 1, time.time_ns() // 1000)
            before = self._files.modified(path.parent)
            self._files.write(path, document_data(document, suggestions, order=order), later=later)
            if self._keeper is not None:
                self._keeper.note_document(
                    DocumentEntry(order, document.id, document.title, count_words(document.text)),
                    folder=path.parent,
                    before=before,
                    log=later is None,
                )
            return True

    def _save(self, snapshot: SetSnapshot, later: set[Path] | None) -> None:
        path = self._set_path(snapshot.document_id, snapshot.annotator)

        def put(data: bytes) -> None:
            self._guard.replace(snapshot.key, path, data, snapshot.decisions, later=later)

        with self._saving:
            try:
                self._check_version()
                self._info.check()
                self._check_labels(snapshot)
                set_file = self._set_file(snapshot.key)
                before = self._files.modified(path.parent)
                set_file.save(snapshot, put)
            except SaveError:
                raise
            except (InputError, StoreError) as error:
                raise _not_saved(snapshot, error) from error
            self._note_set(snapshot, path.parent, before, log=later is None)

    def _check_labels(self, snapshot: SetSnapshot) -> None:
        """SaveError if another program has taken away a label that the set uses: it may be called otherwise by now."""
        if not self._info.was_changed:
            return
        unknown = {decided.label for decided in snapshot.spans if decided.label not in self.info.label_set}
        if unknown:
            raise SaveError(
                f"the label {min(unknown)} is no longer in the label set: another program has renamed or merged it",
                hint=f"relabel its spans, or annotator labels add {min(unknown)}; then it is saved",
                reason=f"no label {min(unknown)}",
            )

    def _note_set(self, snapshot: SetSnapshot, folder: Path, before: int, *, log: bool) -> None:
        if self._keeper is not None:
            self._keeper.note_set(
                *snapshot.key, entry_of(snapshot), folder=folder, before=before, log=log
            )  # fmt: skip

    def _set_file(self, key: SetKey) -> SetFile:
        set_file = self._at_hand.get(key)
        if set_file is None:
            check_annotator(key.annotator, gold=True)
            self._documents.check_presence()
            check_spelling(key.annotator, self.annotators(gold=True))
            set_file = SetFile(*key, self._documents.text_hash(key.document_id))
            self._at_hand.keep(set_file)
        return set_file

    @property
    def _is_newer(self) -> bool:
        return self.info.schema_version > SCHEMA_VERSION

    def _check_version(self) -> None:
        """VersionError if a newer program has written the store: writing would lose what only that knows."""
        if self._is_newer:
            raise newer_error(self.info.schema_version, origin=str(self.path))

    def _set_path(self, document_id: str, annotator: str) -> Path:
        return self.path / set_path(document_id, annotator)


def _not_saved(snapshot: SetSnapshot, error: AnnotatorError) -> SaveError:
    return SaveError(
        f"the set of {snapshot.annotator} on {snapshot.document_id} could not be saved: {error.message}",
        hint=error.hint,
        reason=error.message,
    )
