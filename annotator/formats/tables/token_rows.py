"""Tables of tokens: a row a token, read as CoNLL is, with a column for its sentence or document if there is one."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.formats.conll.reading import Draft, RowReader, finished_drafts
from annotator.formats.exchange import AnnotatedDocument, Complaints, ReadOptions, Report
from annotator.formats.tables.columns import TokenColumns
from annotator.formats.tables.table import TableRow


class TokenTable:
    """Reads a table of tokens by its columns."""

    def __init__(self, columns: TokenColumns, name: str, options: ReadOptions) -> None:
        self._document = columns.document
        self._name = name
        self._options = options
        self._reader = RowReader(columns.layout, name, options)

    def documents(self, rows: Iterator[TableRow], report: Report) -> Iterator[AnnotatedDocument]:
        """The documents: one for each value of the column that names them, else as the option for groups says."""
        yield from finished_drafts(self._drafts(rows), self._reader, report)

    def _drafts(self, rows: Iterator[TableRow]) -> Iterator[Draft]:
        draft = Draft(f"{self._name}, row 1")
        is_first = True
        for row in rows:
            if row.is_blank:
                draft.is_between = True
                continue
            id = row.cells[self._document].strip() if self._document is not None else ""
            if id and id != draft.id:
                if not is_first:
                    yield draft
                draft = Draft(row.place, id, is_marked=True)
            elif self._reader.begins_document(row.cells, draft):
                yield draft
                draft = Draft(row.place)
            if is_first:
                draft.place = row.place
            is_first = False
            self._reader.take(
                [cell.strip() for cell in row.cells], draft, Complaints(row.place, self._options.on_error)
            )
        yield self._reader.last(draft)
