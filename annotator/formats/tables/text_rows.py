"""Tables of texts: a row a document, its other columns as metadata, or as spans where they spell them out.

A row is read as a row of JSON with its columns as keys would be: a column `entities` of `[[0, 4, "PER"]]` gives spans, one
with a tag for each word of the text (`B-PER O`, `['B-PER', 'O']`) as well, and what looks like annotations under a name that nobody reads is an error that names the column.
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
_TAG = r"(?:O|[BIESLU][-_][^\s,]+)"
_TAGS = re.compile(rf"\s*{_TAG}(?:\s*[\s,]\s*{_TAG})*\s*")
_ENTITY = re.compile(r"(?:^|[\s,])[BIESLU][-_]")
_WORDS = ("tokens", "words", "tokenized_text")


class TextTable:
    """Reads a table of texts by its columns."""

    def __init__(self, columns: TextColumns, names: Sequence[str], options: ReadOptions) -> None:
        self._columns = columns
        self._names = tuple(names)
        self._tags_name = ""
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
        if columns.text is not None:
            self._read_tags(values, self._names[columns.text])
        annotated = annotated_row(values, row.place, self._options)
        title = row.cells[columns.title].strip() if columns.title is not None else ""
        if title:
            annotated = replace(annotated, document=replace(annotated.document, title=title))
        return annotated

    def _read_tags(self, values: dict[str, Any], text_name: str) -> None:
        """Make the text its words, with their tags, where a column has a tag for each of them."""
        words = values[text_name].split()
        if values[text_name].strip() != " ".join(words):
            return
        for name, value in values.items():
            tags = _tags_in(value) if name != text_name else []
            if len(tags) == len(words) and (name == self._tags_name or any(tag != "O" for tag in tags)):
                self._tags_name = name
                del values[name], values[text_name]
                values |= {"tokens": words, "ner_tags": tags}
                return

    def _value(self, name: str, cell: str) -> Any:
        """A cell as it is, or what it spells out where that is annotations."""
        if len(cell) <= _LONGEST and _TAGS.fullmatch(cell) and _ENTITY.search(cell):
            return _tags_in(cell)
        if len(cell) > _LONGEST or not _SPELLED.match(cell):
            return cell
        value = json_cell(cell)
        if isinstance(value, str):
            value = _literal(cell)
        is_read = name in (*SPAN_KEYS, *self._options.span_keys, *_WORDS) and isinstance(value, list | dict)
        return value if is_read or annotations_in(value) is not None else cell


def _tags_in(value: Any) -> list[str]:
    """The tags that a cell holds, as a list or parted by blanks or commas; none where it holds something else."""
    if isinstance(value, str):
        if not _TAGS.fullmatch(value) and not _SPELLED.match(value):
            return []
        spelled = _literal(value) if _SPELLED.match(value) else re.split(r"[\s,]+", value.strip())
        return _tags_in(spelled) if isinstance(spelled, list) else []
    if isinstance(value, list) and all(isinstance(tag, str) and _TAGS.fullmatch(tag) for tag in value):
        return value
    return []


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
