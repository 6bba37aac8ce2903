"""Records: how documents, suggestions, decisions and spans stand in table files, and back.

Fields at their default are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import JsonValue, ValidationError
from tinydb.table import Document as Row

from annotator.errors import InputError, VersionError
from annotator.model.annotations import DecidedSpan
from annotator.model.decisions import Decision
from annotator.model.documents import Document
from annotator.model.records import SCHEMA_VERSION, SetStatus, StoredDocument, StoreInfo
from annotator.model.spans import Interval, Span, Suggestion
from annotator.model.validation import adapter, problem_of, read_record, read_records
from annotator.store.storage import StoreFile, Tables, numbered
from annotator.store.tables import Record, damaged
from annotator.store.uids import derived_uid, without_uid

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = TypeVar("Kind")

_TEXT_END = 1 << 31
"""No text has so many code points."""

DOCUMENT_TABLES = ("document", "suggestions")
SET_TABLES = ("status", "spans", "decisions")


def info_data(info: StoreInfo) -> bytes:
    """The content of `store.json`."""
    record = {**asdict(info), "label_set": info.label_set.content}
    if info.access is None:
        del record["access"]  # which programs before this setting refuse
    return StoreFile.of({"store": [(1, record)]}).content()


def info_of(record: Record, *, origin: str) -> StoreInfo:
    """What the record of `store.json` says; DamageError if it is none."""
    return read_header(StoreInfo, record, origin=origin)


def document_data(document: Document, suggestions: Iterable[Suggestion], *, order: int) -> bytes:
    """The content of a document's file, with what came suggested with it; InputError if JSON cannot hold it."""
    meta = _checked_meta(document) if document.meta else {}
    suggested = [
        {"uid": derived_uid(document.id, str(number)), **_suggestion(suggestion)}
        for number, suggestion in enumerate(suggestions, 1)
    ]
    record: Record = {
        "uid": derived_uid(document.id),
        "schema_version": SCHEMA_VERSION,
        "id": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "order": order,
        "suggestions": len(suggested),
    }
    if meta:
        record["meta"] = meta
    if document.sentences is not None:
        record["sentences"] = list(document.sentences)
    if document.tokens is not None:
        record["tokens"] = document.tokens.record()
    record["text"] = document.text
    return StoreFile.of({"document": [(1, record)], "suggestions": numbered(suggested)}).content()


def document_of(record: Record, *, origin: str) -> Document:
    """The document that a record holds; DamageError if it holds none or another text."""
    return read_header(StoredDocument, record, origin=origin).document


def suggestions_of(rows: Sequence[Row], *, origin: str, is_lenient: bool = False) -> tuple[Suggestion, ...]:
    """The suggestions that came with a document; DamageError if they are none; `is_lenient` as for decisions."""
    suggestions = _all(Suggestion, list(map(without_uid, rows)), origin=origin, is_lenient=is_lenient)
    _check_places(suggestions, origin=origin)
    return tuple(suggestions)


def decision_record(decision: Decision, *, uid: str) -> Record:
    """The record of a decision; `uid` is for one that has none of its own."""
    dumped = {**_dumped(decision), "by": decision.by.value}
    if decision.suggestion is not None:
        dumped["suggestion"] = _suggestion(decision.suggestion)
    return {"uid": decision.uid or uid, **{name: dumped[name] for name in _DECISION_ORDER if name in dumped}}


_DECISION_ORDER = (
    *("seq", "step", "verb", "who", "when", "by"),
    *("span", "before", "after", "suggestion", "comment"),
)
"""The fields of a decision as they stand in a file: first what every one has. A test holds that none is missing."""


def decisions_of(rows: Sequence[Row], *, origin: str, is_lenient: bool = False) -> list[Decision]:
    """The decisions of a set; DamageError if they are none. Their order is for the fold to check.

    With `is_lenient`, fields that a newer program has written are passed over.
    """
    decisions = _all(Decision, rows, origin=origin, is_lenient=is_lenient)
    for decision in decisions:
        places = (decision.before, decision.after, decision.suggestion, decision.comment)
        _check_places([interval for interval in places if interval is not None], origin=origin)
    return decisions


def span_record(decided: DecidedSpan) -> Record:
    """The record of a decided span, with the number of the last decision on it."""
    return {"uid": decided.uid, **_dumped(decided.span), "decision": decided.decision.seq}


def span_of(row: Row) -> Span:
    """The span that `span_record` wrote; ValueError if the record holds none, or one without characters."""
    span = read_record(Span, {key: value for key, value in without_uid(row).items() if key != "decision"})
    if not 0 <= span.start < span.end:
        raise ValueError(f"{span.label} {span.start}–{span.end} has no characters")
    return span


def status_of(record: Record, *, origin: str) -> SetStatus:
    """The status that a record holds; DamageError if it holds none."""
    return read_header(SetStatus, record, origin=origin)


def read_header(kind: type[Kind], record: Record, *, origin: str) -> Kind:
    """The first record of a file, which says the file's version.

    DamageError if it is none; one of a newer program is read as far as it goes, or VersionError.
    """
    newer = is_newer(record, origin=origin)
    try:
        return read_record(kind, record, is_lenient=newer)
    except ValueError as error:
        if newer:
            raise newer_error(record["schema_version"], origin=origin) from error
        damaged(origin, str(error))


def is_newer(record: Record, *, origin: str) -> bool:
    """True if a newer program has written a file, by its first record; DamageError if that does not say."""
    version = record.get("schema_version")
    if type(version) is not int or version < 1:
        damaged(origin, "it does not say which version it has")
    return version > SCHEMA_VERSION


def newer_error(version: object, *, origin: str) -> VersionError:
    """What is told of a file or store that a newer program has written, where it should be written."""
    return VersionError(
        f"{origin} has version {version}; this program knows {SCHEMA_VERSION}",
        hint="install the newest annotator",
    )


def check_tables(tables: Tables, names: tuple[str, ...], *, origin: str) -> None:
    """DamageError if a file has other tables than `names`: saving it again would lose them.

    A file that a newer program has written is never saved, and may have more.
    """
    header = tables.get(names[0], [])
    newer = any(is_newer(row, origin=origin) for row in header)
    if tables.keys() != set(names) and not (newer and tables.keys() > set(names)):
        damaged(origin, f"its tables are {', '.join(tables) or 'none'}, not {', '.join(names)}")


def only_record(tables: Tables, table: str, *, origin: str) -> Record:
    """The record of a table that has just one; DamageError if it does not."""
    rows = tables.get(table, [])
    if len(rows) != 1 or rows[0].doc_id != 1:
        damaged(origin, f"its table {table} does not have one record")
    return rows[0]


def numbered_records(records: Iterable[DataclassInstance]) -> Iterable[tuple[int, Mapping[str, Any]]]:
    """Records with all their fields, and ids from 1 on."""
    return numbered(asdict(record) for record in records)


def _check_places(places: Iterable[Interval], *, origin: str) -> None:
    """DamageError for what begins before every text or has no characters."""
    for interval in places:
        if not 0 <= interval.start < interval.end < _TEXT_END:
            damaged(origin, f"the place {interval.start}–{interval.end} is in no text")


def _all(kind: type[Kind], rows: Sequence[Mapping[str, Any]], *, origin: str, is_lenient: bool) -> list[Kind]:
    try:
        return read_records(kind, rows, is_lenient=is_lenient)
    except ValueError as error:
        damaged(origin, str(error))


def _dumped(value: DataclassInstance) -> Record:
    """The fields of a model that are not at their default, as JSON values."""
    record: Record = adapter(type(value)).dump_python(value, mode="json", exclude_defaults=True)
    return record


def _suggestion(suggestion: Suggestion) -> Record:
    """A suggestion; it always says its source."""
    required = {"start": suggestion.start, "end": suggestion.end, "label": suggestion.label}
    return {**required, "source": suggestion.source, **_dumped(suggestion)}


def _checked_meta(document: Document) -> Record:
    """The metadata of a document; InputError if they are not JSON values. They come from other programs."""
    try:
        checked: Record = adapter(dict[str, JsonValue]).validate_python(dict(document.meta))
    except ValidationError as error:
        raise InputError(
            f"the metadata of document {document.id} are not JSON: {problem_of(error)}",
            hint="they may hold texts, numbers, true, false, null, lists and objects with texts for keys",
        ) from error
    return checked
