"""re3d and what mongoexport writes like it: documents.json beside entities.json, a JSON object a line each.

Offsets count code points, and `value` quotes the words, so that what does not match is found. Read only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.errors import InputError
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    AnnotatedDocument,
    Complaints,
    Part,
    Problem,
    ReadOptions,
    Report,
    broken,
)
from annotator.formats.json_values import leave_out, numbered_rows
from annotator.formats.reading import KEYS_OF_SPANS, unread
from annotator.formats.sources import Source, file_source, too_large
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

_ENTITIES = "entities.json"
_OF_ENTITIES = ("_id", "begin", "end", "type", "value", "documentId")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a documents.json, done, with the spans of the entities.json beside it.

    The entities are in memory. InputError names the file and line that are broken, or whose words are not in the text
    where it says, or they are left out and reported, as the options say.
    """
    if source.path is None:
        raise InputError(
            "documents and entities are two files, which a pipe cannot bring", hint="give the documents.json"
        )
    entities = file_source(source.path.with_name(_ENTITIES))
    by_document: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for place, row in numbered_rows(entities, options, report):
        by_document.setdefault(str(row.get("documentId")), []).append((place, row))
    for place, row in numbered_rows(source, options, report):
        try:
            yield _annotated(row, place, by_document.pop(str(row.get("_id")), []), options)
        except InputError as error:
            leave_out(error, place, "document", options, report)
    for left in by_document.values():
        message = f"entities of a document that is not there: {len(left)}"
        report.add(Problem("", left[0][0], message, Part.SPAN))


def sniff(head: bytes) -> bool:
    """True if the first line is an object with an _id, a text and the source's name."""
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return line.startswith(b"{") and b'"_id"' in line and b'"text"' in line and b'"sourceName"' in line


def _annotated(
    row: dict[str, Any], place: str, entities: list[tuple[str, dict[str, Any]]], options: ReadOptions
) -> AnnotatedDocument:
    identifier, text, title = row.get("_id"), row.get("text"), row.get("title")
    if not isinstance(text, str) or not isinstance(identifier, str):
        raise broken(place, 'no "_id" or no "text"')
    if len(text) > options.size_limit:
        raise too_large(place, options.size_limit)
    cleaned = CleanedText(text)
    of_document = Complaints(place, options.on_error)
    rest = {key: value for key, value in row.items() if key not in ("_id", "text")}
    meta = unread(rest, of_document, options, has_span_keys=False)
    problems: list[Problem] = []
    spans: list[Span] = []
    span_keys: list[dict[str, Any]] = []
    for where, entity in entities:
        complaints = Complaints(where, options.on_error)
        start, end, value = entity.get("begin"), entity.get("end"), entity.get("value")
        span = SpanChecks(cleaned, complaints, options).span(
            start if type(start) is int else None,
            end if type(end) is int else None,
            entity.get("type"),
            name=str(entity.get("_id")),
            quoted=value if isinstance(value, str) else None,
        )
        if span is not None:
            spans.append(span)
            if others := {key: item for key, item in entity.items() if key not in _OF_ENTITIES}:
                span_keys.append({"start": span.start, "end": span.end, "label": span.label, **others})
        problems += complaints.of(identifier)
    found = SpanChecks(cleaned, of_document, options).once(spans)
    problems += of_document.of(identifier)
    if span_keys:
        meta[KEYS_OF_SPANS] = span_keys
    document = new_document(
        cleaned.text, id=identifier, title=title if isinstance(title, str) else None, meta=meta
    )
    return AnnotatedDocument(document, spans=found, status=Status.DONE, problems=tuple(problems))
