"""doccano's JSONL for sequence labelling: a line a document, its spans as `label` or as `entities`.

Offsets count code points, as doccano's server does. Whatever else a line holds is the document's metadata, since doccano
puts metadata there. doccano numbers documents anew in each project, so that its `id` is metadata as well, and the
document's own is written as `document_id`, which doccano keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.alignment import Fitting
from annotator.formats.exchange import (
    AnnotatedDocument,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
)
from annotator.formats.json_values import encoded, leave_out, numbered_rows
from annotator.formats.jsonl_versions import sets_of
from annotator.formats.losses import IDS, META, OVERLAPS
from annotator.formats.other_rows import ID, annotated_row, is_other_row
from annotator.formats.reading import with_spans_lifted
from annotator.formats.sources import Source
from annotator.formats.targets import replacing

HOLDS = frozenset({OVERLAPS, IDS, META})


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """A document a line, done if the line has a list of spans, even an empty one.

    InputError names the file and line that are broken, or they are left out and reported, as the options say.
    """
    for place, row in numbered_rows(source, options, report):
        try:
            lifted = with_spans_lifted(row, options.span_keys)
            if not is_other_row(lifted, options.span_keys) and isinstance(row.get("spans"), list):
                yield from sets_of(lifted, place, options)
            else:
                yield annotated_row(lifted, place, options)
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
                ID: document.id,
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
