"""CSV of spans, for spreadsheets and data frames: a row a span. Written only, since documents without spans have no row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from annotator.formats.alignment import Fitting
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, Report, TokensOf, WriteOptions
from annotator.formats.losses import ANNOTATORS, DOUBTS, IDS, KB_IDS, NOTES, OVERLAPS, TITLES
from annotator.formats.targets import replacing, utf8

HOLDS = frozenset({OVERLAPS, NOTES, DOUBTS, KB_IDS, IDS, TITLES, ANNOTATORS})
COLUMNS = ("document", "title", "start", "end", "label", "text", "note", "doubt", "kb_id", "annotator")


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A row a span, below the names of the columns. Offsets count code points; a doubt is 1, none is empty.
    Lines end as RFC 4180 wants them.

    OutputError lists the spans that are none, as the options say.
    """
    fitting = Fitting(options.on_misaligned, report)
    with replacing(target) as file:
        file.write(f"{','.join(COLUMNS)}\r\n".encode())
        for annotated in documents:
            document = annotated.document
            spans = fitting.aligned(annotated, None)
            if not spans:
                report.add(Problem(document.id, document.title, "has no spans, and so no row", Part.DOCUMENT))
            rows = io.StringIO()
            csv.writer(rows).writerows(
                (
                    document.id,
                    document.title,
                    span.start,
                    span.end,
                    span.label,
                    document.text[span.start : span.end],
                    span.note,
                    "1" if span.doubt else "",
                    span.kb_id,
                    annotated.annotator or "",
                )
                for span in spans
            )
            file.write(utf8(rows.getvalue(), document))
            report.count(document, spans=len(spans))
        fitting.finish()


def sniff(head: bytes) -> bool:
    """False: such a file is not read."""
    return False
