"""Tables of spans: a row a span, and what we write of a document so that it comes back.

Written: a row a span, or one row without a span for a document that has none; the document's text, metadata and status
stand in the first of its rows alone, so that the table stays a row a span for whoever counts them. A text longer than a
cell may be goes on in the cells below. Read: these, and tables of others whose texts stand in a column or are known
already (`ReadOptions.text_of`). Rows of one document may stand anywhere; the table is in memory while it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from annotator.errors import InputError
from annotator.formats.alignment import Fitting
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import AnnotatedDocument, Complaints, ReadOptions, Report, broken
from annotator.formats.json_values import encoded, leave_out, parsed
from annotator.formats.losses import (
    ANNOTATORS,
    DOUBTS,
    IDS,
    KB_IDS,
    META,
    NOTES,
    OVERLAPS,
    SEVERAL,
    STATUSES,
    TITLES,
)
from annotator.formats.reading import Record, unread
from annotator.formats.sources import too_large
from annotator.formats.tables.columns import Contents, SpanColumns
from annotator.formats.tables.table import TableRow
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

HOLDS = frozenset({OVERLAPS, NOTES, DOUBTS, KB_IDS, IDS, TITLES, META, STATUSES, ANNOTATORS, SEVERAL})
_DOUBTFUL = "1"

Cell = str | int


def rows_of(
    annotated: AnnotatedDocument, fitting: Fitting, report: Report, *, longest: int | None = None
) -> list[list[Cell]]:
    """The rows of one document, as OUR_COLUMNS names their cells. `longest` is how many characters a cell may have."""
    document = annotated.document
    spans = fitting.aligned(annotated, None)
    size = longest or max(len(document.text), 1)
    texts = [document.text[start : start + size] for start in range(0, len(document.text), size)]
    rows: list[list[Cell]] = []
    for index, (span, text) in enumerate(zip_longest(spans, texts or [""], fillvalue=None)):
        first = index == 0
        quote = document.text[span.start : span.end] if span is not None else ""
        rows.append(
            [
                document.id,
                document.title,
                *((span.start, span.end, span.label) if span is not None else ("", "", "")),
                quote if longest is None or len(quote) <= longest else "",
                *((span.note, _DOUBTFUL * span.doubt, span.kb_id) if span is not None else ("", "", "")),
                annotated.annotator or "",
                annotated.status.value if first else "",
                encoded(dict(document.meta)).decode() if first and document.meta else "",
                text or "",
            ]
        )
    report.count(document, spans=len(spans))
    return rows


@dataclass(slots=True)
class _Group:
    """The rows of one annotator's work on one document."""

    place: str
    id: str | None
    annotator: str | None
    texts: list[str] = field(default_factory=list)
    rows: list[TableRow] = field(default_factory=list)


class SpanTable:
    """Reads a table of spans by its columns."""

    def __init__(self, columns: SpanColumns, contents: Contents, options: ReadOptions) -> None:
        self._columns = columns
        self._names = contents.names
        self._options = options
        self._is_ours = contents.is_ours

    def documents(self, rows: Iterator[TableRow], report: Report) -> Iterator[AnnotatedDocument]:
        """The documents in the order of their first rows. InputError as the options say for what cannot be read."""
        groups = self._groups(rows)
        texts: dict[str, str] = {}
        for group in groups:
            if group.id is not None and group.texts:
                texts.setdefault(group.id, "".join(group.texts))
        for group in groups:
            try:
                yield self._document(group, texts)
            except InputError as error:
                leave_out(error, group.place, "document", self._options, report)

    def _groups(self, rows: Iterator[TableRow]) -> list[_Group]:
        """The rows by document and annotator. In our own tables a text goes on in the rows below."""
        columns = self._columns
        groups: dict[tuple[str, str], _Group] = {}
        text = ""
        for row in rows:
            if row.is_blank:
                continue
            cells = row.cells
            own_text = cells[columns.text] if columns.text is not None else ""
            text = own_text or text
            id = cells[columns.document].strip() if columns.document is not None else None
            annotator = cells[columns.annotator] if columns.annotator is not None else ""
            key = (id if id is not None else text, annotator)
            group = groups.setdefault(key, _Group(row.place, id, annotator or None))
            if own_text and (self._is_ours or not group.texts):
                group.texts.append(own_text)
            elif columns.document is None and not group.texts:
                group.texts.append(text)
            elif own_text and own_text != group.texts[0]:
                raise broken(row.place, f"the document {id!r} has another text here than in {group.place}")
            group.rows.append(row)
        return list(groups.values())

    def _document(self, group: _Group, texts: Mapping[str, str]) -> AnnotatedDocument:
        raw = "".join(group.texts) if group.texts else self._text_of(group, texts)
        if len(raw) > self._options.size_limit:
            raise too_large(group.place, self._options.size_limit)
        text = CleanedText(raw)
        problems = []
        spans: list[Span] = []
        checked = Complaints(group.place, self._options.on_error)
        for row in group.rows:
            complaints = Complaints(row.place, self._options.on_error)
            span = self._span(row, SpanChecks(text, complaints, self._options), complaints)
            if span is not None:
                spans.append(span)
            problems += complaints.problems
        first = Record(self._facts(group))
        for index in self._own_indices():
            first.take(self._names[index])
        status = self._status(first, checked)
        title = first.take("title") if self._is_ours else None
        for name in ("note", "doubt", "kb_id"):
            first.take(name)
        document = new_document(
            text.text,
            id=group.id or None,
            title=title or None,
            meta=self._meta(first, checked),
        )
        checks = SpanChecks(text, checked, self._options)
        once = checks.once(spans)
        return AnnotatedDocument(
            document,
            spans=once,
            status=status,
            annotator=group.annotator,
            problems=tuple(replace(each, document=document.id) for each in (*problems, *checked.problems)),
        )

    def _facts(self, group: _Group) -> dict[str, str]:
        """What the rows say of the document: of each column the first cell that holds anything."""
        facts: dict[str, str] = dict.fromkeys(self._names, "")
        for row in group.rows:
            for name, cell in zip(self._names, row.cells, strict=False):
                facts[name] = facts[name] or cell
        return facts

    def _text_of(self, group: _Group, texts: Mapping[str, str]) -> str:
        """The text of a document whose own rows have none. InputError if nobody knows it."""
        if group.id is not None and group.id in texts:
            return texts[group.id]
        if self._is_ours:
            return ""
        known = self._options.text_of(group.id) if self._options.text_of is not None and group.id else None
        if known is None:
            raise broken(
                group.place,
                f"holds spans of the document {group.id!r}, whose text is neither here nor known",
                hint="import the documents into the store first, under these ids; or name the column of texts"
                " with --text-column",
            )
        return known

    def _own_indices(self) -> list[int]:
        columns = self._columns
        own = (
            columns.start,
            columns.end,
            columns.label,
            columns.document,
            columns.text,
            columns.quote,
            columns.annotator,
        )
        return [index for index in own if index is not None]

    def _span(self, row: TableRow, checks: SpanChecks, complaints: Complaints) -> Span | None:
        columns = self._columns
        cells = row.cells
        start, end, label = (cells[index] for index in (columns.start, columns.end, columns.label))
        if not start.strip() and not end.strip() and not label.strip():
            return None
        places = [_offset(start), _offset(end)]
        if None in places:
            complaints.add(f"{start!r} and {end!r} are no offsets")
            return None
        record = dict(zip(self._names, cells, strict=False))
        quote = cells[columns.quote] if columns.quote is not None else ""
        return checks.span(
            places[0],
            places[1],
            label,
            name="the span",
            quoted=quote or None,
            note=record.get("note", ""),
            doubt=record.get("doubt", "").strip().casefold() in (_DOUBTFUL, "true"),
            kb_id=record.get("kb_id", ""),
        )

    def _status(self, first: Record, complaints: Complaints) -> Status:
        if not self._is_ours:
            return Status.DONE
        value = first.take("status")
        if value in set(Status):
            return Status(value)
        complaints.add(f"the status is {value!r}, not {', '.join(Status)}")
        return Status.STARTED

    def _meta(self, first: Record, complaints: Complaints) -> dict[str, Any]:
        if not self._is_ours:
            return unread(
                {key: value for key, value in first.rest().items() if value}, complaints, self._options
            )
        value = first.take("meta")
        meta = parsed(value, complaints.place) if value else {}
        if not isinstance(meta, dict):
            complaints.add('"meta" is not an object')
            meta = {}
        others = {key: cell for key, cell in first.rest().items() if cell}
        return {**unread(others, complaints, self._options), **meta}


def _offset(cell: str) -> int | None:
    """A whole number, also as spreadsheets write one: 4.0."""
    cell = cell.strip()
    whole, point, rest = cell.partition(".")
    if not whole.isascii() or not whole.isdecimal() or len(whole) > 12 or (point and rest.strip("0")):
        return None
    return int(whole)


def json_cell(value: str) -> Any:
    """What a cell that spells out a list or an object holds; the cell itself if it spells out none."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
