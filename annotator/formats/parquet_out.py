"""Writing parquet for Hugging Face's datasets."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from annotator.errors import OutputError
from annotator.formats.alignment import Fitting, tokens_for
from annotator.formats.choices import Tags
from annotator.formats.exchange import AnnotatedDocument, Problem, Report, TokensOf, WriteOptions
from annotator.formats.extras import library
from annotator.formats.iob import Entity, tags_of
from annotator.formats.json_values import encoded
from annotator.formats.losses import (
    ANNOTATORS,
    DOUBTS,
    IDS,
    KB_IDS,
    META,
    NOTES,
    OVERLAPS,
    STATUSES,
    TITLES,
    TOKENS,
)
from annotator.formats.parquet import FEATURES_KEY, ROWS, TEXTS
from annotator.formats.targets import replacing
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

if TYPE_CHECKING:
    from pyarrow import Schema, Table

HOLDS = frozenset({OVERLAPS, NOTES, DOUBTS, KB_IDS, IDS, TITLES, META, STATUSES, ANNOTATORS, TOKENS})


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A row a document. Labels are numbered as they come up.

    Their names stand before the rows and are known behind them, so that the rows wait in a temporary file. OutputError
    lists the spans off the tokens, as the options say. UsageError if pyarrow is not installed.
    """
    pyarrow = library("pyarrow", extra="parquet", format="parquet")
    parquet = library("pyarrow.parquet", extra="parquet", format="parquet")
    schema = _schema(pyarrow)
    fitting = Fitting(options.on_misaligned, report)
    labels: dict[str, int] = {}
    with replacing(target) as file, tempfile.TemporaryFile() as waiting:
        with parquet.ParquetWriter(waiting, schema) as writer:
            rows: list[dict[str, Any]] = []
            for annotated in documents:
                given = tokens_for(annotated, tokens, format="parquet")
                spans = fitting.aligned(annotated, given)
                rows.append(_row(annotated, given, spans, labels, report))
                report.count(annotated.document, spans=len(spans))
                if len(rows) == ROWS:
                    writer.write_table(_table(pyarrow, rows, schema))
                    rows.clear()
            fitting.finish()
            writer.write_table(_table(pyarrow, rows, schema))
        waiting.seek(0)
        described = schema.with_metadata(
            {FEATURES_KEY: json.dumps({"info": {"features": _features(list(labels))}})}
        )
        held = parquet.ParquetFile(waiting)
        with parquet.ParquetWriter(file, described) as writer:
            for group in range(held.num_row_groups):
                writer.write_table(held.read_row_group(group).cast(described))


def _table(pyarrow: ModuleType, rows: list[dict[str, Any]], schema: Schema) -> Table:
    try:
        return pyarrow.Table.from_pylist(rows, schema=schema)
    except UnicodeEncodeError as error:
        raise OutputError(
            "a document holds a lone surrogate, which parquet cannot",
            hint="write it as jsonl, which escapes it",
        ) from error


def _schema(pyarrow: ModuleType) -> Schema:
    text, number = pyarrow.string(), pyarrow.int64()
    span = pyarrow.struct(
        [
            ("start", number),
            ("end", number),
            ("label", number),
            ("note", text),
            ("doubt", pyarrow.bool_()),
            ("kb_id", text),
        ]
    )
    return pyarrow.schema(
        [
            *((name, text) for name in TEXTS),
            ("tokens", pyarrow.list_(text)),
            ("token_starts", pyarrow.list_(number)),
            ("ner_tags", pyarrow.list_(number)),
            ("spans", pyarrow.list_(span)),
        ]
    )


def _features(labels: list[str]) -> dict[str, Any]:
    """The columns as datasets describes them; https://huggingface.co/docs/datasets/about_dataset_features."""
    text, number = {"dtype": "string", "_type": "Value"}, {"dtype": "int64", "_type": "Value"}
    tags = ["O", *(f"{prefix}-{label}" for label in labels for prefix in "BI")]
    span = {
        "start": number,
        "end": number,
        "label": {"names": labels, "_type": "ClassLabel"},
        "note": text,
        "doubt": {"dtype": "bool", "_type": "Value"},
        "kb_id": text,
    }
    return {
        **dict.fromkeys(TEXTS, text),
        "tokens": {"feature": text, "_type": "List"},
        "token_starts": {"feature": number, "_type": "List"},
        "ner_tags": {"feature": {"names": tags, "_type": "ClassLabel"}, "_type": "List"},
        "spans": {"feature": span, "_type": "List"},
    }


def _row(
    annotated: AnnotatedDocument, tokens: Tokens, spans: list[Span], labels: dict[str, int], report: Report
) -> dict[str, Any]:
    document = annotated.document
    for span in spans:
        labels.setdefault(span.label, len(labels))
    return {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "status": annotated.status.value,
        "annotator": annotated.annotator,
        "meta": encoded(dict(document.meta)).decode(),
        "tokens": [document.text[start:end] for start, end in tokens],
        "token_starts": list(tokens.starts),
        "ner_tags": _numbers(document, tokens, spans, labels, report),
        "spans": [
            {
                "start": span.start,
                "end": span.end,
                "label": labels[span.label],
                "note": span.note,
                "doubt": span.doubt,
                "kb_id": span.kb_id,
            }
            for span in spans
        ],
    }


def _numbers(
    document: Document, tokens: Tokens, spans: list[Span], labels: Mapping[str, int], report: Report
) -> list[int] | None:
    """The tags of the tokens as ClassLabel numbers them: 0 is O, then B- and I- of each label in turn."""
    covered = [tokens.within(span.start, span.end) for span in spans]
    if any(after[0] <= before[-1] for before, after in pairwise(covered)):
        report.add(Problem(document.id, document.title, "has overlapping spans, and so no ner_tags"))
        return None
    found = [Entity(place[0], place[-1] + 1, span.label) for place, span in zip(covered, spans, strict=True)]
    numbers = {"O": 0}
    for label, number in labels.items():
        numbers |= {f"B-{label}": 2 * number + 1, f"I-{label}": 2 * number + 2}
    return [numbers[tag] for tag in tags_of(found, len(tokens), Tags.IOB2)]
