"""Reading a table: what it holds is found from its first rows, then it is read row by row."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.formats.exchange import AnnotatedDocument, Complaints, Part, Problem, ReadOptions, Report
from annotator.formats.tables.cells import unprotected
from annotator.formats.tables.columns import Contents, SpanColumns, TextColumns, TokenColumns, find_contents
from annotator.formats.tables.span_rows import SpanTable
from annotator.formats.tables.table import Table, TableRow
from annotator.formats.tables.text_rows import TextTable
from annotator.formats.tables.token_rows import TokenTable

_SAMPLE_ROWS = 5000


def read_table(table: Table, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a table. InputError if it holds neither tokens, texts nor spans, or names the broken row."""
    contents = find_contents(table.sample(_SAMPLE_ROWS), options, name=table.name)
    for note in contents.notes:
        report.add(Problem("", table.name, note))
    rows = _even_rows(table, contents, options, report)
    match contents.columns:
        case SpanColumns() as columns:
            yield from SpanTable(columns, contents, options).documents(rows, report)
        case TextColumns() as columns:
            yield from TextTable(columns, contents.names, options).documents(rows, report)
        case TokenColumns() as columns:
            yield from TokenTable(columns, table.name, options).documents(rows, report)


def _even_rows(table: Table, contents: Contents, options: ReadOptions, report: Report) -> Iterator[TableRow]:
    """The rows below the header, each with a cell for each column; one with more cells than columns is broken."""
    width = len(contents.names)
    is_protected = table.is_protected and contents.is_ours
    awaits_header = contents.has_header
    for row in table.rows(report):
        if awaits_header:
            awaits_header = row.is_blank
            continue
        cells = row.cells
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        elif len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                complaints = Complaints(row.place, options.on_error)
                complaints.add(f"has {len(cells)} cells, and there are {width} columns", loses=Part.DOCUMENT)
                for problem in complaints.problems:
                    report.add(problem)
                continue
            cells = cells[:width]
        yield TableRow(row.place, [unprotected(cell) for cell in cells] if is_protected else cells)
