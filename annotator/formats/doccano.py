"""doccano's JSONL for sequence labelling: a line a document, its spans as `label` or as `entities`.

Offsets count code points, as doccano's server does. Whatever else a line holds is the document's metadata, since doccano
puts metadata there. doccano numbers documents anew in each project, so that its `id` is metadata as well, and the
document's own is written as `document_id`, which doccano keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.alignment import Fitting
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    AnnotatedDocument,
    Complaints,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
    broken,
)
from annotator.formats.json_values import encoded, leave_out, numbered_rows
from annotator.formats.losses import IDS, META, OVERLAPS
from annotator.formats.sources import Source, too_large
from annotator.formats.targets import replacing
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

HOLDS = frozenset({OVERLAPS, IDS, META})

_ID = "document_id"
_TEXTS = ("text", "data")
_SPANS = ("label", "labels", "entities")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """A document a line, done if the line has a list of spans, even an empty one.

    InputError names the file and line that are broken, or they are left out and reported, as the options say.
    """
    for place, row in numbered_rows(source, options, report):
        try:
            yield _annotated(row, place, options)
        except InputError as error:
            leave_out(error, place, "line", options, report)


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A line a document, as doccano imports it. OutputError lists the spans that are none, as the options say."""
    fitting = Fitting(options.on_misaligned, report)
    with replacing(target) as file:
        for annotated in documents:
            document = annotated.document
            spans = fitting.aligned(annotated, None)
            row: dict[str, Any] = {
                "text": document.text,
                "label": [[span.start, span.end, span.label] for span in spans],
                _ID: document.id,
            }
            if document.meta:
                row["meta"] = dict(document.meta)
            file.write(encoded(row) + b"\n")
            report.count(document, spans=len(spans))
        fitting.finish()


def sniff(head: bytes) -> bool:
    """True if the first line is an object with a text and spans as doccano writes them."""
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    packed = line.replace(b" ", b"")
    has_spans = any(
        key in packed for key in (b'"label":[', b'"labels":[', b'"start_offset":', b'"entities":[')
    )
    return (
        line.startswith(b"{")
        and (b'"text"' in line or b'"data"' in line)
        and has_spans
        and b'"spans"' not in line
    )


def _annotated(row: Mapping[str, Any], place: str, options: ReadOptions) -> AnnotatedDocument:
    text = next((row[key] for key in _TEXTS if isinstance(row.get(key), str)), None)
    if text is None:
        raise broken(place, 'no "text"')
    if len(text) > options.size_limit:
        raise too_large(place, options.size_limit)
    complaints = Complaints(place, options.on_error)
    key = next((key for key in _SPANS if isinstance(row.get(key), list)), None)
    checks = SpanChecks(CleanedText(text), complaints, options)
    found = (_span(item, index, checks, complaints) for index, item in enumerate(row[key] if key else ()))
    spans = checks.once(span for span in found if span is not None)
    if row.get("relations"):
        complaints.note(f"relations, left out: {len(row['relations'])}")
    meta = row.get("meta")
    rest = {
        name: value for name, value in row.items() if name not in (*_TEXTS, key, _ID, "meta", "relations")
    }
    identifier = row.get(_ID)
    document = new_document(
        CleanedText(text).text,
        id=identifier if isinstance(identifier, str) else None,
        meta={**rest, **(meta if isinstance(meta, dict) else {})},
    )
    return AnnotatedDocument(
        document,
        spans=spans,
        status=Status.DONE if key else Status.TODO,
        problems=complaints.of(document.id),
    )


def _span(item: object, index: int, checks: SpanChecks, complaints: Complaints) -> Span | None:
    if isinstance(item, dict):
        item = [item.get("start_offset"), item.get("end_offset"), item.get("label")]
    if not isinstance(item, list) or len(item) != 3 or type(item[0]) is not int or type(item[1]) is not int:
        complaints.add(f"span {index} is not a start, an end and a label")
        return None
    return checks.span(item[0], item[1], item[2], name=f"span {index}")
