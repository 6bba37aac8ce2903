"""Assignments: which documents an annotator is asked to do, and which ones came back with a comment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pydantic.dataclasses import dataclass

from annotator.model.record_merge import united_records
from annotator.model.validation import STRICT, AnnotatorName, Count, Version


@dataclass(frozen=True, slots=True, config=STRICT)
class Assigned:
    """One document that somebody is asked to annotate. `who` dealt it out; times are UTC in ISO 8601.

    `shared` says to how many annotators the document was dealt. `withdrawn` is when it was taken back, or empty.
    """

    uid: str
    document: str
    who: str
    when: str
    shared: Count = 1
    withdrawn: str = ""


@dataclass(frozen=True, slots=True, config=STRICT)
class Returned:
    """A document that a lead, `who`, sent back with a comment: it is open until it is finished after `when`.

    `withdrawn` is when it was taken back, or empty.
    """

    uid: str
    document: str
    comment: str
    who: str
    when: str
    withdrawn: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class AssignmentHeader:
    """The one record of the table `assignment`: whose assignment it is."""

    uid: str
    schema_version: Version
    annotator: AnnotatorName


@dataclass(frozen=True, slots=True, config=STRICT)
class Assignment:
    """All that was ever assigned or returned to one annotator, the oldest first. Records are added, never taken out."""

    annotator: str
    assigned: tuple[Assigned, ...] = ()
    returned: tuple[Returned, ...] = ()

    @property
    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that are the annotator's to do."""
        return tuple(dict.fromkeys(record.document for record in self.assigned if not record.withdrawn))

    @property
    def shares(self) -> dict[str, int]:
        """To how many annotators each document that is this one's to do was dealt."""
        return {record.document: record.shared for record in self.assigned if not record.withdrawn}

    @property
    def returns(self) -> dict[str, Returned]:
        """The newest return of each document that came back and was not taken back."""
        newest: dict[str, Returned] = {}
        for record in self.returned:
            if record.withdrawn:
                continue
            if record.document not in newest or record.when >= newest[record.document].when:
                newest[record.document] = record
        return newest

    def withdrawing(self, documents: Iterable[str], *, when: str) -> Assignment:
        """The same without these documents to do."""
        gone = set(documents)
        assigned = tuple(
            replace(record, withdrawn=when) if record.document in gone and not record.withdrawn else record
            for record in self.assigned
        )
        return replace(self, assigned=assigned)

    def taking_back(self, documents: Iterable[str], *, when: str) -> Assignment:
        """The same without any return of these documents."""
        gone = set(documents)
        returned = tuple(
            replace(record, withdrawn=when) if record.document in gone and not record.withdrawn else record
            for record in self.returned
        )
        return replace(self, returned=returned)


def united(ours: Assignment, theirs: Assignment) -> Assignment:
    """Every record of both; what either has withdrawn is withdrawn. It does not matter who merges first."""
    return replace(
        ours,
        assigned=united_records(ours.assigned, theirs.assigned),
        returned=united_records(ours.returned, theirs.returned),
    )
