"""One file of a store, looked at for damage of every kind."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from annotator.errors import DamageError, StoreError, VersionError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Assignment
from annotator.model.documents import text_hash
from annotator.model.labels import LabelSet
from annotator.model.memory_edits import MemoryEdits
from annotator.model.records import SetStatus, StoreInfo
from annotator.store.assignments import assignment_of
from annotator.store.damage import Damage
from annotator.store.memory_file import memory_edits_of
from annotator.store.record_list import ListKind, RecordList
from annotator.store.records import (
    DOCUMENT_TABLES,
    SET_TABLES,
    check_tables,
    decisions_of,
    document_of,
    info_of,
    is_newer,
    newer_error,
    only_record,
    status_of,
    suggestions_of,
)
from annotator.store.sets import SetFile
from annotator.store.storage import Tables, read_tables
from annotator.store.tables import Record

MARKER = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)", re.MULTILINE)
"""The lines that git leaves around what it could not merge."""

_SHOWN = 3
Problem = tuple[Damage, str]


Kind = TypeVar("Kind")
_Made = TypeVar("_Made", covariant=True)


class _Read(Protocol[_Made]):
    """What makes a value of the tables of a file; DamageError if they hold none."""

    def __call__(self, tables: Tables, *, origin: str) -> _Made: ...


class BrokenFileError(Exception):
    """A file that says nothing beyond its damage."""

    def __init__(self, damage: Damage, reason: str) -> None:
        super().__init__(reason)
        self.problem: Problem = (damage, reason)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What an annotation set must fit: the document's id, the hash of its text, and how many code points it has."""

    id: str
    sha256: str
    length: int


def tables_of(data: bytes, *, origin: str) -> tuple[Tables, list[tuple[str, int]]]:
    """The tables of a file, and the table and id of each record that does not fit its checksum.

    Raises BrokenFileError for what is no file of tables.
    """
    if MARKER.search(data):
        raise BrokenFileError(Damage.MARKERS, "version control could not merge two versions of it")
    changed: list[tuple[str, int]] = []
    try:
        return read_tables(data, origin=origin, changed=changed), changed
    except DamageError as error:
        raise BrokenFileError(_kind(data), _reason(error, origin)) from error


def inspect_info(data: bytes, *, origin: str) -> tuple[StoreInfo | None, list[Problem]]:
    """What `store.json` says, if anything, and what is wrong with it."""
    try:
        tables, changed = tables_of(data, origin=origin)
        with _telling(Damage.SHAPE, origin):
            info = info_of(_known(tables, "store", origin), origin=origin)
    except BrokenFileError as broken:
        return None, [broken.problem]
    return info, _changed(changed)


def inspect_document(data: bytes, *, origin: str) -> tuple[DocumentFacts | None, list[Problem]]:
    """The document that a file holds, if it can be told, and what is wrong with it."""
    facts = None
    try:
        tables, changed = tables_of(data, origin=origin)
        with _telling(Damage.SHAPE, origin):
            record = _known(tables, "document", origin)
            check_tables(tables, DOCUMENT_TABLES, origin=origin)
        id, text, sha256 = (record.get(name) for name in ("id", "text", "sha256"))
        if isinstance(text, str) and text_hash(text) != sha256:
            raise BrokenFileError(Damage.TEXT, "its text is not the one that was imported")
        with _telling(Damage.SHAPE, origin):
            document_of(record, origin=origin)
            suggestions_of(tables["suggestions"], origin=origin)
        assert isinstance(id, str)
        assert isinstance(text, str)
        facts = DocumentFacts(id, text_hash(text), len(text))
        if len(tables["suggestions"]) != record["suggestions"]:
            raise BrokenFileError(Damage.SHAPE, "some of its suggestions are missing")
    except BrokenFileError as broken:
        return facts, [broken.problem]
    return facts, _changed(changed)


def inspect_set(data: bytes, *, origin: str) -> tuple[SetStatus | None, AnnotationSet | None, list[Problem]]:
    """The status and the annotation set that a file holds, if they can be told, and what is wrong with it.

    Whether it has the right place, document and labels is for others to ask.
    """
    status = None
    try:
        tables, changed = tables_of(data, origin=origin)
        with _telling(Damage.SHAPE, origin):
            record = _known(tables, "status", origin)
            check_tables(tables, SET_TABLES, origin=origin)
            status = status_of(record, origin=origin)
            decisions = decisions_of(tables["decisions"], origin=origin)
        if changed:
            return status, None, _changed(changed)
        uids = Counter(decision.uid for decision in decisions)
        if repeated := [uid for uid, count in uids.items() if count > 1]:
            raise BrokenFileError(Damage.REPEATED_ID, f"several decisions have the uid {repeated[0]}")
        with _telling(Damage.HISTORY, origin):
            key = (status.document, status.annotator)
            loaded = SetFile(*key, status.text_sha256).load(data, origin=origin)
    except BrokenFileError as broken:
        return status, None, [broken.problem]
    return status, loaded, []


def inspect_assignment(data: bytes, *, origin: str) -> tuple[Assignment | None, list[Problem]]:
    """The assignment that a file holds, if it is whole, and what is wrong with it."""
    return _inspected(data, assignment_of, origin=origin)


def inspect_list(
    data: bytes, record_list: RecordList[ListKind], *, origin: str
) -> tuple[tuple[ListKind, ...] | None, list[Problem]]:
    """The records of a list that a file holds, if it is whole, and what is wrong with it."""
    return _inspected(data, record_list.of, origin=origin)


def inspect_memory(data: bytes, *, origin: str) -> tuple[MemoryEdits | None, list[Problem]]:
    """What memory was told by a file, if it is whole, and what is wrong with it."""
    return _inspected(data, memory_edits_of, origin=origin)


def _inspected(data: bytes, read: _Read[Kind], *, origin: str) -> tuple[Kind | None, list[Problem]]:
    """What `read` makes of a file's tables, if it is whole, and what is wrong with it."""
    try:
        tables, changed = tables_of(data, origin=origin)
        with _telling(Damage.SHAPE, origin):
            content = read(tables, origin=origin)
    except BrokenFileError as broken:
        return None, [broken.problem]
    return (None, _changed(changed)) if changed else (content, [])


def inspect_spans(loaded: AnnotationSet, *, length: int, labels: LabelSet | None) -> Iterator[Problem]:
    """The spans of a set that lie outside a text of `length` code points or carry no known label."""
    unknown = dict.fromkeys(
        span.label for span in loaded.spans if labels is not None and span.label not in labels
    )
    for label in unknown:
        new_name = labels.map.get(label) if labels is not None else None
        renamed = (
            f": it is called {new_name} here, annotator labels merge {label} {new_name}" if new_name else ""
        )
        yield Damage.LABEL, f"the label set has no label {label}{renamed}"
    outside = [span for span in loaded.spans if span.end > length]
    if outside:
        first = outside[0]
        more = f", and {len(outside) - 1} more" if len(outside) > 1 else ""
        yield (
            Damage.OFFSETS,
            f"{first.label} {first.start}–{first.end} lies outside the text, which has {length} characters{more}",
        )


def _known(tables: Tables, table: str, origin: str) -> Record:
    """The only record of a file's first table; VersionError if a newer program has written it."""
    record = only_record(tables, table, origin=origin)
    if is_newer(record, origin=origin):
        raise newer_error(record["schema_version"], origin=origin)
    return record


def _changed(changed: list[tuple[str, int]]) -> list[Problem]:
    if not changed:
        return []
    shown = ", ".join(f"record {id} of {table}" for table, id in changed[:_SHOWN])
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return [
        (
            Damage.CHANGED,
            f"the checksum of {shown}{more} does not fit: a person or a failing disk has changed it",
        )
    ]


@contextmanager
def _telling(damage: Damage, origin: str) -> Iterator[None]:
    """Turn a DamageError into BrokenFileError of a kind, and a VersionError into one of its own."""
    try:
        yield
    except VersionError as error:
        raise BrokenFileError(Damage.NEWER, error.message.removeprefix(f"{origin} has ")) from error
    except StoreError as error:
        raise BrokenFileError(damage, _reason(error, origin)) from error


def _reason(error: StoreError, origin: str) -> str:
    return error.message.removeprefix(f"{origin} is damaged: ")


def _kind(data: bytes) -> Damage:
    """Which kind of damage keeps `data` from being tables."""
    repeated = False

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        record = dict(pairs)
        repeated = repeated or len(record) != len(pairs)
        return record

    try:
        json.loads(data.decode(), object_pairs_hook=note)
    except (ValueError, RecursionError):
        return Damage.BROKEN
    return Damage.REPEATED_KEY if repeated else Damage.SHAPE
