"""Prodigy's JSONL: a line a document, with characters, tokens, the answer and what else the line brought.

Beyond Prodigy's own keys, `id` and `title` name the document, `sentences` are the offsets where each starts, and
`status` tells of work that is neither accepted nor ignored; a span may have `note`, `doubt`, `kb_id` and
`provenance`, a suggestion `score`, `source`, `suggested_by` and `source_label`. Keys that mean nothing here are kept
in the document's metadata under "_prodigy" and written back, but for the `versions` of review rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.alignment import in_order
from annotator.formats.exchange import (
    AnnotatedDocument,
    Problem,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
)
from annotator.formats.json_values import encoded, leave_out, numbered_rows
from annotator.formats.jsonl_rows import KEPT_KEYS, title_in
from annotator.formats.jsonl_versions import sets_of
from annotator.formats.losses import (
    ANNOTATORS,
    DOUBTS,
    IDS,
    KB_IDS,
    META,
    NOTES,
    OVERLAPS,
    PROVENANCE,
    SENTENCES,
    STATUSES,
    SUGGESTIONS,
    TITLES,
    TOKENS,
)
from annotator.formats.other_rows import RELATIONS, annotated_row, is_other_row
from annotator.formats.reading import KEYS_OF_SPANS, with_spans_lifted
from annotator.formats.row_merge import RowGroups
from annotator.formats.sources import Source
from annotator.formats.targets import replacing
from annotator.formats.words import Words, words_of
from annotator.model.decisions import Status
from annotator.model.documents import title_of
from annotator.model.spans import Suggestion
from annotator.model.tokens import Tokens

HOLDS = frozenset(
    {
        OVERLAPS,
        NOTES,
        DOUBTS,
        KB_IDS,
        IDS,
        TITLES,
        META,
        STATUSES,
        ANNOTATORS,
        PROVENANCE,
        TOKENS,
        SENTENCES,
        SUGGESTIONS,
        "Suggestion.source",
        "Suggestion.score",
        "Suggestion.name",
        "Suggestion.source_label",
    }
)

_ROWS = re.compile(rb'\{|\[\s*[{\[]|\[\s*"')
_TEXT_AND_SPANS = re.compile(rb'\[\s*(?:\[\s*)?"(?:[^"\\]|\\.)*+"\s*,\s*\[\s*\[\s*\d')
"""The beginning of [["text", [[0, 4, "PER"]]]]."""
_MARKS = (b'"text"', b'"annotators"', b'"content"', b'"tokens"', b'"words"', b'"entities"', b'"paragraphs"')

_CAS = b'"%'
"""The keys of a UIMA CAS in JSON begin so, and only there; its texts stand under "text" as well."""

_ANSWERS = {Status.DONE: "accept", Status.SKIPPED: "ignore"}


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """A document a line, or as often as it holds sets if the options want them; blank lines are passed over.

    Rows with answers of one annotator on one text are one set, which comes with the last of them.

    InputError names the file and line that are broken, or they are left out and reported, as the options say.
    """
    groups = RowGroups(source, options)
    for place, row in numbered_rows(source, options, report):
        try:
            lifted = with_spans_lifted(row, options.span_keys)
            if is_other_row(lifted, options.span_keys):
                yield from groups.joined(row, place, [annotated_row(lifted, place, options)])
            else:
                yield from groups.joined(row, place, sets_of(lifted, place, options))
        except InputError as error:
            leave_out(error, place, "line", options, report)


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A line a document. Every span is held as it is; one that is off the tokens' edges is reported."""
    with replacing(target) as file:
        for annotated in documents:
            document = annotated.document
            given = tokens(document) if tokens is not None else document.tokens
            row = row_of(annotated, given, options, report)
            file.write(encoded(row) + b"\n")
            report.count(document, spans=len(row.get("spans", ())))


def sniff(head: bytes) -> bool:
    """True if the first line, or the head of an array, has an object with a text, words or annotators by name."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    line = start.partition(b"\n")[0]
    if line.rstrip() in (b"{", b"[") or line.startswith(b"["):
        line = start
    if _CAS in line:
        return False
    if _TEXT_AND_SPANS.match(line):
        return True
    return _ROWS.match(line) is not None and any(mark in line for mark in _MARKS)


def row_of(
    annotated: AnnotatedDocument, tokens: Tokens | None, options: WriteOptions, report: Report
) -> dict[str, Any]:
    """The fields of one document. What is not held as it is goes to the report."""
    document = annotated.document
    row: dict[str, Any] = {"text": document.text, "id": document.id}
    meta = dict(document.meta)
    kept = meta.pop(KEPT_KEYS, None)
    span_keys = meta.pop(KEYS_OF_SPANS, None)
    if document.title != (title_in(meta) or title_of(document.text)):
        row["title"] = document.title
    words = words_of(document.text, tokens) if tokens is not None else None
    if words is not None:
        row["tokens"] = _tokens(document.text, words)
    if document.sentences is not None:
        row["sentences"] = list(document.sentences)
    has_work = bool(annotated.spans) or annotated.status in _ANSWERS
    if has_work and annotated.suggestions:
        count = len(annotated.suggestions)
        message = f"suggestions that nobody has decided on are not written: {count}"
        report.add(Problem(document.id, document.title, message))
    if has_work or annotated.suggestions:
        row["spans"] = list(_spans(annotated, tokens, words, has_work, options, report))
        _add_keys(row["spans"], span_keys)
    if annotated.status in _ANSWERS:
        row["answer"] = _ANSWERS[annotated.status]
    elif has_work or annotated.status is Status.STARTED:
        row["status"] = annotated.status.value
    if annotated.annotator is not None:
        row["_annotator_id"] = annotated.annotator
    if meta:
        row["meta"] = meta
    if isinstance(kept, Mapping):
        row |= {key: value for key, value in kept.items() if key not in row}
    if isinstance(relations := row.get(RELATIONS), list):
        row[RELATIONS] = [_following(relation, row.get("spans", [])) for relation in relations]
    return row


def _add_keys(rows: list[dict[str, Any]], span_keys: object) -> None:
    """Give the spans that are still there the keys that mean nothing here, as they came, also under another label."""
    for kept in span_keys if isinstance(span_keys, list) else ():
        if isinstance(kept, Mapping) and (row := _span_at(kept, rows)) is not None:
            row |= {key: value for key, value in kept.items() if key not in row}


def _span_at(item: Mapping[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The span at the place of an item and under its label, else the only one there; None if there is none."""
    there = [row for row in rows if (row["start"], row["end"]) == (item.get("start"), item.get("end"))]
    same = [row for row in there if row["label"] == item.get("label")]
    return (same or there)[0] if same or len(there) == 1 else None


def _following(relation: object, rows: list[dict[str, Any]]) -> object:
    """A relation of Prodigy's, its two spans under the labels that they have by now."""
    if not isinstance(relation, Mapping):
        return relation
    followed = dict(relation)
    for key in ("head_span", "child_span"):
        end = relation.get(key)
        if isinstance(end, Mapping) and "label" in end and (row := _span_at(end, rows)) is not None:
            followed[key] = {**end, "label": row["label"]}
    return followed


def _tokens(text: str, words: Words) -> list[dict[str, Any]]:
    return [
        {"text": text[start:end], "start": start, "end": end, "id": index, "ws": space}
        for index, ((start, end), space) in enumerate(zip(words.offsets, words.spaces, strict=True))
    ]


def _spans(
    annotated: AnnotatedDocument,
    tokens: Tokens | None,
    words: Words | None,
    has_work: bool,
    options: WriteOptions,
    report: Report,
) -> Iterator[dict[str, Any]]:
    document = annotated.document
    origins = dict(zip(annotated.spans, annotated.provenance, strict=bool(annotated.provenance)))
    for span in in_order(annotated.spans) if has_work else annotated.suggestions:
        row: dict[str, Any] = {"start": span.start, "end": span.end, "label": span.label}
        if words is not None and tokens is not None:
            if covering := words.covering(span.start, span.end, tokens):
                row["token_start"], row["token_end"] = covering
            else:
                message = (
                    f"{span.label} [{span.start}, {span.end}) is off the tokens' edges; written by characters"
                )
                report.add(Problem(document.id, document.title, message))
        if isinstance(span, Suggestion):
            row |= _suggestion(span)
        else:
            extras = {"note": span.note, "doubt": span.doubt, "kb_id": span.kb_id}
            row |= {key: value for key, value in extras.items() if value}
            if options.provenance and span in origins:
                row["provenance"] = dict(origins[span])
        yield row


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    row: dict[str, Any] = {"suggested_by": suggestion.source}
    if suggestion.score is not None:
        row["score"] = suggestion.score
    if suggestion.name:
        row["source"] = suggestion.name
    if suggestion.source_label:
        row["source_label"] = suggestion.source_label
    return row
