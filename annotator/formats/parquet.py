"""Parquet for Hugging Face's datasets: `load_dataset("parquet", data_files=…)` gives tokens, tags and spans.

A row a document. `ner_tags` and the labels of `spans` are ClassLabel features, whose names stand in the file's metadata
under "huggingface". `spans` holds everything by code points; `ner_tags` is IOB2, and null where spans overlap. Read are
these files and any with `tokens` and `ner_tags`, or with `text` and `spans`. pyarrow (extra `parquet`) reads and writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from annotator.errors import InputError
from annotator.formats.checking import SpanChecks, tokens_in
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    Part,
    Problem,
    ReadOptions,
    Report,
    broken,
)
from annotator.formats.extras import library
from annotator.formats.iob import Scheme, entities
from annotator.formats.json_values import leave_out
from annotator.formats.other_rows import annotated_row, is_other_layer, is_other_row
from annotator.formats.reading import unread, with_spans_lifted
from annotator.formats.sources import Source, too_large
from annotator.formats.tag_styles import USUAL, TagStyle, find_column
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

if TYPE_CHECKING:
    from pyarrow import Schema

FEATURES_KEY = b"huggingface"
ROWS = 256
"""Documents in a group of rows, which are in memory at once."""
_TAGS = ("ner_tags", "tags", "labels")
TEXTS = ("id", "title", "text", "status", "annotator", "meta")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """A document a row, done if it has spans or tags, even none; a group of rows is in memory at a time.

    InputError if the file is no parquet or has no such columns, or names the row that is broken, which is left out and
    reported instead if the options say so. UsageError if pyarrow is not installed.
    """
    pyarrow = library("pyarrow", extra="parquet", format="parquet")
    parquet = library("pyarrow.parquet", extra="parquet", format="parquet")
    with source.open() as file:
        try:
            content = parquet.ParquetFile(file)
            columns = _Columns(content.schema_arrow, source.name)
            if columns.binary:
                message = f"columns of bytes, left out: {', '.join(columns.binary)}"
                report.add(Problem("", source.name, message, Part.FIELD))
            number = 0
            for batch in content.iter_batches(batch_size=ROWS, columns=columns.wanted):
                rows = batch.to_pylist()
                columns.find_style(rows)
                for row in rows:
                    number += 1
                    place = f"{source.name}: row {number}"
                    if _is_empty(row, columns):
                        report.add(Problem("", place, "an empty row, without text and tokens, left out"))
                        continue
                    try:
                        yield _document(row, columns, place, options)
                    except InputError as error:
                        leave_out(error, place, "row", options, report)
        except (pyarrow.ArrowException, OSError, ValueError, KeyError, IndexError, MemoryError) as error:
            raise InputError(
                f"{source.name} is no parquet file that pyarrow can read: {error}", hint="is it whole?"
            ) from error


def sniff(head: bytes) -> bool:
    """True if the file begins as parquet does."""
    return head.startswith(b"PAR1")


class _Columns:
    """Which columns a file has, and the names of those that hold numbers for them."""

    def __init__(self, schema: Schema, name: str) -> None:
        there = set(schema.names)
        self.tags = next((column for column in _TAGS if column in there), None)
        self.has_spans = {"text", "spans"} <= there
        if not self.has_spans and not {"tokens", self.tags} <= there and "text" not in there:
            raise InputError(
                f"{name} has neither tokens and ner_tags nor a text: its columns are {', '.join(schema.names)}",
                hint="rename its columns to tokens and ner_tags, or to text and spans",
            )
        known = {*TEXTS, "tokens", "token_starts", self.tags, "spans"}
        self.binary = [
            field.name for field in schema if "binary" in str(field.type) and field.name not in known
        ]
        self.wanted = [name for name in schema.names if name not in self.binary]
        self.others = [name for name in self.wanted if name not in known]
        features = self._features(schema)
        self.tag_names = _names(features.get(self.tags or ""))
        self.span_names = _names(features.get("spans"))
        self.style: TagStyle | None = None

    def find_style(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Settle how the tags are spelled: by all names of the feature, else by the tags of the first rows with any."""
        if self.style is not None or self.tags is None:
            return
        names: Iterable[str] = self.tag_names or [
            value for row in rows for value in row.get(self.tags) or () if isinstance(value, str)
        ]
        column = find_column(names)
        if column is not None and (self.tag_names or column.entity_tokens):
            self.style = column.style

    @staticmethod
    def _features(schema: Schema) -> dict[str, Any]:
        try:
            found = json.loads((schema.metadata or {}).get(FEATURES_KEY, b"{}"))["info"]["features"]
        except (ValueError, KeyError, TypeError):
            return {}
        return found if isinstance(found, dict) else {}


def _names(feature: object) -> list[str]:
    """The names of the ClassLabel within a feature; none if there is none."""
    if isinstance(feature, dict):
        if feature.get("_type") == "ClassLabel" and isinstance(feature.get("names"), list):
            return [str(name) for name in feature["names"]]
        return next((names for value in feature.values() if (names := _names(value))), [])
    if isinstance(feature, list):
        return next((names for value in feature if (names := _names(value))), [])
    return []


def _document(
    row: Mapping[str, Any], columns: _Columns, place: str, options: ReadOptions
) -> AnnotatedDocument:
    """The document of a row: by our columns, or as a row of JSON where it has spans under another program's name."""
    others = {name: _json_value(row[name]) for name in columns.others if row[name] is not None}
    lifted = with_spans_lifted({"text": row.get("text"), **others}, options.span_keys)
    is_ours = columns.has_spans or (columns.tags is not None and row.get("tokens") is not None)
    if not is_ours and row.get("text") is not None and is_other_row(lifted, options.span_keys):
        return annotated_row(lifted, place, options)
    return _annotated(row, others, columns, place, options)


def _json_value(value: Any) -> Any:
    """A value of arrow's as JSON has it; dates and decimals as texts."""
    match value:
        case dict():
            return {str(key): _json_value(item) for key, item in value.items()}
        case list():
            return [_json_value(item) for item in value]
        case None | bool() | int() | float() | str():
            return value
    return str(value)


def _annotated(
    row: Mapping[str, Any], others: Mapping[str, Any], columns: _Columns, place: str, options: ReadOptions
) -> AnnotatedDocument:
    complaints = Complaints(place, options.on_error)
    words, text = row.get("tokens"), row.get("text")
    starts = row.get("token_starts")
    if not isinstance(text, str):
        if not words:
            raise broken(place, "has neither a text nor tokens")
        text, starts = " ".join(words), None
    if len(text) > options.size_limit:
        raise too_large(place, options.size_limit)
    cleaned = CleanedText(text)
    checks = SpanChecks(cleaned, complaints, options)
    offsets = _offsets(text, words, starts, complaints) if words is not None else None
    has_tags = columns.tags is not None and row.get(columns.tags) is not None
    if columns.has_spans and row.get("spans") is not None:
        found = list(_held(row["spans"], columns, checks, complaints))
    elif has_tags and columns.tags is not None and offsets is not None:
        found = list(_tagged(row[columns.tags], offsets, columns, checks, complaints))
    else:
        found = []
    count = len(words or ())
    layers = {name: value for name, value in others.items() if is_other_layer(name, value, count)}
    rest = {name: value for name, value in others.items() if name not in layers}
    kept = {**unread(rest, complaints, options, has_span_keys=False), **layers}
    status = row.get("status")
    is_annotated = has_tags or row.get("spans") is not None
    document = new_document(
        cleaned.text,
        id=_string(row.get("id")),
        title=_string(row.get("title")),
        meta={**kept, **_meta(row.get("meta"))},
        tokens=None if offsets is None else tokens_in(cleaned, offsets, SOURCE_TOKENIZER, complaints),
    )
    return AnnotatedDocument(
        document,
        spans=checks.once(found),
        status=Status(status) if status in set(Status) else Status.DONE if is_annotated else Status.TODO,
        annotator=_string(row.get("annotator")),
        problems=complaints.of(document.id),
    )


def _offsets(
    text: str, words: list[str], starts: list[int] | None, complaints: Complaints
) -> list[tuple[int, int]] | None:
    """Where the tokens are: as the file says, else one after the other."""
    found, offset = [], 0
    for index, word in enumerate(words):
        start = starts[index] if starts is not None and index < len(starts) else text.find(word, offset)
        if start < 0 or text[start : start + len(word)] != word:
            complaints.add(f"token {index}, {word!r}, is not in the text; the tokens are left out")
            return None
        offset = start + len(word)
        found.append((start, offset))
    return found


def _held(
    rows: Iterable[Mapping[str, Any]], columns: _Columns, checks: SpanChecks, complaints: Complaints
) -> Iterator[Span]:
    for index, item in enumerate(rows):
        name, start, end = f"span {index}", item.get("start"), item.get("end")
        label = _named(item.get("label"), columns.span_names)
        if not isinstance(start, int) or not isinstance(end, int) or label is None:
            complaints.add(f"{name} has no offsets, or a label without a name")
            continue
        span = checks.span(
            start,
            end,
            label,
            name=name,
            note=item.get("note") or "",
            doubt=item.get("doubt") is True,
            kb_id=item.get("kb_id") or "",
        )
        if span is not None:
            yield span


def _tagged(
    values: list[object],
    offsets: list[tuple[int, int]],
    columns: _Columns,
    checks: SpanChecks,
    complaints: Complaints,
) -> Iterator[Span]:
    names = [_named(value, columns.tag_names) for value in values]
    style = columns.style or USUAL
    tags = [style.split(name) if name is not None else None for name in names]
    for index, tag in enumerate(tags):
        if tag is None:
            complaints.add(f"tag {index} is {values[index]!r}, which is no tag and has no name")
    if len(tags) != len(offsets):
        complaints.add(f"has {len(offsets)} tokens and {len(tags)} tags")
        return
    for each in entities([tag or ("O", "") for tag in tags], Scheme()):
        start, end = offsets[each.first][0], offsets[each.end - 1][1]
        if (span := checks.span(start, end, each.label, name=f"tag {each.first}")) is not None:
            yield span


def _named(value: object, names: list[str]) -> str | None:
    """A label: as it is, or by its number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return names[value] if 0 <= value < len(names) else None
    return value if isinstance(value, str) else None


def _is_empty(row: Mapping[str, Any], columns: _Columns) -> bool:
    """True of a row that holds nothing: neither a text nor tokens, and no annotations."""
    annotations = [row.get("spans"), row.get(columns.tags or "")]
    return row.get("text") is None and not row.get("tokens") and not any(annotations)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _meta(value: object) -> dict[str, Any]:
    if not isinstance(value, str):
        return {}
    try:
        meta = json.loads(value)
    except ValueError:
        return {"meta": value}
    return meta if isinstance(meta, dict) else {"meta": meta}
