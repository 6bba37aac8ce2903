"""Records: how documents, suggestions, decisions and spans stand in table files, and back.

Fields at their default are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

from annotator.errors import InputError, VersionError
from annotator.model.annotations import DecidedSpan, Effort
from annotator.model.decisions import Comment, Decision, Status
from annotator.model.documents import Document, text_hash
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens
from annotator.store.shapes import made
from annotator.store.tables import Record, Row, damaged, encode_record, encode_tables

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Kind = TypeVar("Kind")

SCHEMA_VERSION = 1
"""The version of all that stands in a store; files of a newer one are read as far as they go, and never written."""

DOCUMENT_TABLES = ("document", "suggestions")
SET_TABLES = ("status", "spans", "decisions")


class StoreInfo(NamedTuple):
    """What holds for a whole store.

    `tokenizer` names the tokenizer, with its version, that the spans are aligned to; `model` the pipeline that
    suggests. Both are None until somebody has settled them. `created` is UTC in ISO 8601.
    """

    uid: str
    label_set: LabelSet
    tokenizer: str | None
    model: str | None
    created: str
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, kw_only=True)
class StoreRecord:
    """The one record of `store.json`, in its table `store`."""

    uid: str
    schema_version: int
    created: str
    label_set: dict[str, Any]
    tokenizer: str | None = None
    model: str | None = None


@dataclass(frozen=True, kw_only=True)
class TokensRecord:
    """Tokens that the source of a document brought: start and end of each in turn."""

    tokenizer: str
    offsets: list[int]


@dataclass(frozen=True, kw_only=True)
class DocumentRecord:
    """The one record of the table `document`; `order` grows from import to import."""

    uid: str
    schema_version: int
    id: str
    title: str
    sha256: str
    order: int
    suggestions: int
    meta: dict[str, Any] = field(default_factory=dict)
    sentences: list[int] | None = None
    tokens: TokensRecord | None = None
    text: str


@dataclass(frozen=True, kw_only=True)
class StatusRecord:
    """The one record of the table `status` of an annotation set. `updated` is when the last decision was made."""

    uid: str
    schema_version: int
    document: str
    text_sha256: str
    annotator: str
    status: Status
    seconds: float
    keys: int
    revision: int
    updated: str
    blind: bool = False

    @property
    def effort(self) -> Effort:
        """What the set has cost."""
        return Effort(self.seconds, self.keys, self.blind)


def info_data(info: StoreInfo) -> bytes:
    """The content of `store.json`."""
    record: Record = {
        "uid": info.uid,
        "schema_version": info.schema_version,
        "created": info.created,
        "tokenizer": info.tokenizer,
        "model": info.model,
        "label_set": info.label_set.content,
    }
    return encode_tables({"store": [encode_record("store", 1, record)]})


def info_of(record: Record, *, origin: str) -> StoreInfo:
    """What the record of `store.json` says; DamageError if it is none."""
    try:
        newer = is_newer(record, origin=origin)
        read = made(StoreRecord, record, is_lenient=newer)
        label_set = LabelSet.from_content(read.label_set)
    except (KeyError, TypeError, ValueError) as error:
        _wrong(record, origin, str(error))
    return StoreInfo(
        uid=read.uid,
        label_set=label_set,
        tokenizer=read.tokenizer,
        model=read.model,
        created=read.created,
        schema_version=read.schema_version,
    )


def document_data(document: Document, suggestions: Iterable[Suggestion], *, order: int) -> bytes:
    """The content of a document's file, with what came suggested with it; InputError if JSON cannot hold it."""
    meta = _checked_meta(document) if document.meta else {}
    lines = [
        encode_record(
            "suggestions", number, {"uid": derived_uid(document.id, str(number)), **_suggested(each)}
        )
        for number, each in enumerate(suggestions, 1)
    ]
    record: Record = {
        "uid": derived_uid(document.id),
        "schema_version": SCHEMA_VERSION,
        "id": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "order": order,
        "suggestions": len(lines),
    }
    if meta:
        record["meta"] = meta
    if document.sentences is not None:
        record["sentences"] = list(document.sentences)
    if document.tokens is not None:
        offsets = [offset for token in document.tokens for offset in token]
        record["tokens"] = {"tokenizer": document.tokens.tokenizer, "offsets": offsets}
    record["text"] = document.text
    return encode_tables({"document": [encode_record("document", 1, record)], "suggestions": lines})


def document_of(record: Record, *, origin: str) -> Document:
    """The document that a record holds; DamageError if it holds none or another text."""
    try:
        read = made(DocumentRecord, record, is_lenient=is_newer(record, origin=origin))
        tokens = None
        if read.tokens is not None:
            offsets = read.tokens.offsets
            tokens = Tokens(zip(offsets[::2], offsets[1::2], strict=True), tokenizer=read.tokens.tokenizer)
    except ValueError as error:
        _wrong(record, origin, str(error))
    if text_hash(read.text) != read.sha256:
        damaged(origin, "its text is not the one that was imported")
    return Document(
        id=read.id,
        text=read.text,
        title=read.title,
        meta=read.meta,
        tokens=tokens,
        sentences=None if read.sentences is None else tuple(read.sentences),
    )


def suggestions_of(rows: list[Row], *, origin: str, is_lenient: bool = False) -> tuple[Suggestion, ...]:
    """The suggestions that came with a document; DamageError if they are none; `is_lenient` as for decisions."""
    try:
        plain = [row._replace(record=_without_uid(row.record)) for row in rows]
        return tuple(_each(Suggestion, plain, is_lenient=is_lenient))
    except ValueError as error:
        damaged(origin, str(error))


def decision_record(decision: Decision, *, uid: str) -> Record:
    """The record of a decision; `uid` is for one that has none of its own."""
    record: Record = {
        "uid": decision.uid or uid,
        "seq": decision.seq,
        "step": decision.step,
        "verb": decision.verb.value,
        "who": decision.who,
        "when": decision.when,
        "by": decision.by.value,
    }
    if decision.span is not None:
        record["span"] = decision.span
    if decision.before is not None:
        record["before"] = _span(decision.before)
    if decision.after is not None:
        record["after"] = _span(decision.after)
    if decision.suggestion is not None:
        record["suggestion"] = _suggested(decision.suggestion)
    if decision.comment is not None:
        record["comment"] = _comment(decision.comment)
    return record


def decisions_of(rows: list[Row], *, origin: str, is_lenient: bool = False) -> list[Decision]:
    """The decisions of a set; DamageError if they are none. Their order is for the fold to check.

    With `is_lenient`, fields that a newer program has written are passed over.
    """
    try:
        return list(_each(Decision, rows, is_lenient=is_lenient))
    except ValueError as error:
        damaged(origin, str(error))


def span_record(decided: DecidedSpan) -> Record:
    """The record of a decided span, with the number of the last decision on it."""
    return {"uid": decided.uid, **_span(decided.span), "decision": decided.decision.seq}


def status_of(record: Record, *, origin: str) -> StatusRecord:
    """The status that a record holds; DamageError if it holds none."""
    try:
        return made(StatusRecord, record, is_lenient=is_newer(record, origin=origin))
    except ValueError as error:
        _wrong(record, origin, str(error))


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


def _wrong(record: Record, origin: str, reason: str) -> NoReturn:
    """Raise DamageError for a record that cannot be read, VersionError if a newer program has written it."""
    if is_newer(record, origin=origin):
        raise newer_error(record["schema_version"], origin=origin)
    damaged(origin, reason)


def check_tables(tables: Mapping[str, list[Row]], names: tuple[str, ...], *, origin: str) -> None:
    """DamageError if a file has other tables than `names`: saving it again would lose them.

    A file that a newer program has written is never saved, and may have more.
    """
    header = tables.get(names[0], [])
    newer = any(is_newer(row.record, origin=origin) for row in header)
    if tables.keys() != set(names) and not (newer and tables.keys() > set(names)):
        damaged(origin, f"its tables are {', '.join(tables) or 'none'}, not {', '.join(names)}")


def only_record(tables: Mapping[str, list[Row]], table: str, *, origin: str) -> Record:
    """The record of a table that has just one; DamageError if it does not."""
    rows = tables.get(table, [])
    if len(rows) != 1 or rows[0].id != 1:
        damaged(origin, f"its table {table} does not have one record")
    return rows[0].record


def record_lines(table: str, records: Iterable[DataclassInstance]) -> list[bytes]:
    """The lines of a table, each record with all its fields; InputError for what JSON cannot hold."""
    return [encode_record(table, number, asdict(record)) for number, record in enumerate(records, 1)]


def derived_uid(*parts: str) -> str:
    """A uid, 12 hex digits, for a record that is the same thing in every copy of the store."""
    joined = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:12]


def _span(span: Span) -> Record:
    record: Record = {"start": span.start, "end": span.end, "label": span.label}
    if span.note:
        record["note"] = span.note
    if span.doubt:
        record["doubt"] = True
    if span.kb_id:
        record["kb_id"] = span.kb_id
    return record


def _suggested(suggestion: Suggestion) -> Record:
    record: Record = {
        "start": suggestion.start,
        "end": suggestion.end,
        "label": suggestion.label,
        "source": suggestion.source,
    }
    if suggestion.score is not None:
        record["score"] = suggestion.score
    if suggestion.name:
        record["name"] = suggestion.name
    if suggestion.source_label:
        record["source_label"] = suggestion.source_label
    return record


def _comment(comment: Comment) -> Record:
    record: Record = {"start": comment.start, "end": comment.end, "text": comment.text}
    if comment.to:
        record["to"] = list(comment.to)
    return record


def _without_uid(record: Record) -> Record:
    return {key: value for key, value in record.items() if key != "uid"}


def _each(kind: type[Kind], rows: Iterable[Row], *, is_lenient: bool) -> Iterator[Kind]:
    for row in rows:
        try:
            yield made(kind, row.record, is_lenient=is_lenient)
        except ValueError as error:
            raise ValueError(f"record {row.id}: {error}") from error


def _checked_meta(document: Document) -> Record:
    """The metadata of a document; InputError if they are not JSON values. They come from other programs."""
    from pydantic import JsonValue, TypeAdapter, ValidationError

    try:
        return TypeAdapter(dict[str, JsonValue]).validate_python(dict(document.meta))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"the metadata of document {document.id} are not JSON: {place}: {first['msg']}",
            hint="they may hold texts, numbers, true, false, null, lists and objects with texts for keys",
        ) from error
