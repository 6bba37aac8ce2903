"""Assignments on disk: a table file for each annotator, to which records are added.

```
assignments/<annotator>.json   tables assignment (one record), assigned, returned
```

Records are never taken out and a withdrawal is a mark on one, so two copies of a file are united without a clash.
A deal that was broken off leaves documents that say they are shared by more annotators than have them; the next one
completes those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.errors import DamageError, HeldError, InputError
from annotator.model.assignments import Assigned, Assignment, AssignmentHeader, Returned
from annotator.model.decisions import new_uid
from annotator.model.records import SCHEMA_VERSION
from annotator.model.validation import read_record, read_records
from annotator.store.files import Files
from annotator.store.layout import ASSIGNMENTS, assignment_path, check_annotator, check_spelling
from annotator.store.locks import HeldBy, Locks
from annotator.store.records import (
    check_tables,
    is_newer,
    newer_error,
    numbered_records,
    only_record,
)
from annotator.store.storage import StoreFile, Tables, read_tables
from annotator.store.tables import Record, damaged
from annotator.store.uids import derived_uid

if TYPE_CHECKING:
    from annotator.store.repository import Store

ASSIGNMENT_TABLES = ("assignment", "assigned", "returned")

_LOCK = ".assignments"
"""The name of the lock on all assignments, which no annotator can have."""


class Assignments:
    """The assignments of one store. Methods raise DamageError for a file that does not hold what it must."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = Files(store.path, disk=store.disk)

    def names(self) -> list[str]:
        """Who has a file of assignments, sorted."""
        names = self._files.names(self._files.root / ASSIGNMENTS)
        return [name.removesuffix(".json") for name in names if name.endswith(".json")]

    @property
    def are_binding(self) -> bool:
        """True if annotators see only what is theirs: the project says so, or says nothing and has assignments.

        A damaged assignment must not look like none.
        """
        if (access := self._store.info.access) is not None:
            return access == "assigned"
        return any(map(self._assigns, self.names()))

    def read(self, annotator: str) -> Assignment:
        """What is assigned and returned to an annotator; an empty assignment if there is no file."""
        path = assignment_path(annotator)
        data = self._files.read(self._files.root / path)
        if data is None:
            return Assignment(annotator)
        assignment = assignment_of(read_tables(data, origin=path), origin=path)
        if assignment.annotator != annotator:
            damaged(path, f"it holds the assignment of {assignment.annotator}")
        return assignment

    def all(self) -> dict[str, Assignment]:
        """Every annotator's assignment."""
        return {name: self.read(name) for name in self.names()}

    @contextmanager
    def change(self) -> Iterator[dict[str, Assignment]]:
        """Every annotator's assignment, to be replaced in the block; what differs then is saved, durably.

        HeldError, and nothing changed, if another program is changing them; SaveError if a file cannot be saved:
        those before it are.
        """
        hold = Locks(self._files).hold(_LOCK)
        if isinstance(hold, HeldBy):
            raise HeldError(f"assignments are being changed by {hold}", hint="try again when it has ended")
        with hold:
            before = self.all()
            changed, taken = dict(before), [*before, *self._store.annotators()]
            yield changed
            for name, assignment in changed.items():
                if assignment != before.get(name):
                    self._save(assignment, taken)

    def send_back(self, annotator: str, document_id: str, *, comment: str, who: str, when: str) -> Returned:
        """Put a document back into an annotator's queue, with a comment; durable when it returns.

        It is open there until the annotator finishes it later than `when`, UTC in ISO 8601. InputError if there
        is no such document, or no set of the annotator's on it.
        """
        if annotator not in self._store.sets_of(document_id):
            self._store.document(document_id)
            raise InputError(
                f"{annotator} has done nothing on {document_id}",
                hint="annotator assign gives a document to somebody for the first time",
            )
        returned = Returned(new_uid(), document_id, comment, who, when)
        with self.change() as assignments:
            assignment = assignments.get(annotator, Assignment(annotator))
            assignments[annotator] = replace(assignment, returned=(*assignment.returned, returned))
        return returned

    def _assigns(self, annotator: str) -> bool:
        try:
            return bool(self.read(annotator).assigned)
        except DamageError:
            return True

    def _save(self, assignment: Assignment, others: Sequence[str]) -> None:
        check_annotator(assignment.annotator)
        check_spelling(assignment.annotator, others)
        path = self._files.root / assignment_path(assignment.annotator)
        self._files.write(path, assignment_data(assignment))


def assignment_data(assignment: Assignment) -> bytes:
    """The content of an annotator's file; InputError if a comment or name holds what JSON cannot."""
    header: Record = {
        "uid": derived_uid(ASSIGNMENTS, assignment.annotator),
        "schema_version": SCHEMA_VERSION,
        "annotator": assignment.annotator,
    }
    return StoreFile.of(
        {
            "assignment": [(1, header)],
            "assigned": numbered_records(assignment.assigned),
            "returned": numbered_records(assignment.returned),
        }
    ).content()


def assignment_of(tables: Tables, *, origin: str) -> Assignment:
    """The assignment that the tables of a file hold; DamageError if they hold none.

    VersionError if a newer program has written them.
    """
    record = only_record(tables, "assignment", origin=origin)
    if is_newer(record, origin=origin):
        raise newer_error(record["schema_version"], origin=origin)
    check_tables(tables, ASSIGNMENT_TABLES, origin=origin)
    try:
        header = read_record(AssignmentHeader, record)
        return Assignment(
            header.annotator,
            tuple(read_records(Assigned, tables["assigned"])),
            tuple(read_records(Returned, tables["returned"])),
        )
    except ValueError as error:
        damaged(origin, str(error))
