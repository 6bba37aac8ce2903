"""Tables of texts: a row a document, its other columns as metadata, or as spans where they spell them out.

A row is read as a row of JSON with its columns as keys would be: a column `entities` of `[[0, 4, "PER"]]` gives spans,
and what looks like annotations under a name that nobody reads is an error that names the column.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report, broken
from annotator.formats.json_values import leave_out
from annotator.formats.other_rows import ID, SPAN_KEYS, annotated_row
from annotator.formats.reading import annotations_in
from annotator.formats.tables.columns import TextColumns
from annotator.formats.tables.span_rows import json_cell
from annotator.formats.tables.table import TableRow

_SPELLED = re.compile(r"\s*[\[({]")
_WITHOUT_COMMA = re.compile(r"""['"]\s+['"]""")
"""What numpy prints: a Python list would join such strings."""
_LONGEST = 1_000_000
_WORDS = ("tokens", "words", "tokenized_text")


class TextTable:
    """Reads a table of texts by its columns."""

    def __init__(self, columns: TextColumns, names: Sequence[str], options: ReadOptions) -> None:
        self._columns = columns
        self._names = tuple(names)
        self._options = (
            options if columns.text is None else replace(options, text_key=self._names[columns.text])
        )

    def documents(self, rows: Iterator[TableRow], report: Report) -> Iterator[AnnotatedDocument]:
        """A document a row; one without a text is left out and told."""
        for row in rows:
            if row.is_blank:
                continue
            try:
                yield self._document(row)
            except InputError as error:
                leave_out(error, row.place, "row", self._options, report)

    def _document(self, row: TableRow) -> AnnotatedDocument:
        columns = self._columns
        if columns.text is not None and not row.cells[columns.text].strip():
            raise broken(row.place, f"holds no text in the column {self._names[columns.text]}")
        values: dict[str, Any] = {}
        for index, (name, cell) in enumerate(zip(self._names, row.cells, strict=False)):
            if index == columns.text:
                values[name] = cell
            elif index == columns.id:
                values[ID] = cell.strip()
            elif index != columns.title and cell:
                values[name] = self._value(name, cell)
        annotated = annotated_row(values, row.place, self._options)
        title = row.cells[columns.title].strip() if columns.title is not None else ""
        if title:
            annotated = replace(annotated, document=replace(annotated.document, title=title))
        return annotated

    def _value(self, name: str, cell: str) -> Any:
        """A cell as it is, or what it spells out where that is annotations."""
        if len(cell) > _LONGEST or not _SPELLED.match(cell):
            return cell
        value = json_cell(cell)
        if isinstance(value, str):
            value = _literal(cell)
        is_read = name in (*SPAN_KEYS, *self._options.span_keys, *_WORDS) and isinstance(value, list | dict)
        return value if is_read or annotations_in(value) is not None else cell


def _literal(cell: str) -> Any:
    """What a cell spells out as Python does, rows as lists; the cell itself if that is none."""
    if _WITHOUT_COMMA.search(cell):
        return cell
    try:
        return _lists(ast.literal_eval(cell.strip()))
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return cell


def _lists(value: Any) -> Any:
    match value:
        case tuple() | list():
            return [_lists(item) for item in value]
        case dict():
            return {str(key): _lists(item) for key, item in value.items()}
    return value
