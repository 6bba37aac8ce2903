"""CSV and TSV: a table in a text file. Read with any mark between the cells; written by commas or tabs, as RFC 4180 wants."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.formats.alignment import Fitting
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report, TokensOf, WriteOptions, broken
from annotator.formats.json_values import leave_out
from annotator.formats.sources import Source, decoded, too_large
from annotator.formats.tables.cells import protected
from annotator.formats.tables.columns import OUR_COLUMNS, is_token_header, known_header
from annotator.formats.tables.dialect import Dialect, find_dialect
from annotator.formats.tables.reading import read_table
from annotator.formats.tables.span_rows import rows_of
from annotator.formats.tables.table import Table, TableRow
from annotator.formats.targets import replacing, utf8

_HEAD = 1 << 16
_LINE_PER_CELL = 8
"""A line may be so many times longer than the text of a cell may be."""


def read_csv(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a table of tokens, texts or spans.

    InputError names the file and line that are broken, or they are left out and reported, as the options say.
    """
    csv.field_size_limit(max(csv.field_size_limit(), options.size_limit))  # of the module; it is 128 KiB
    dialect, _ = find_dialect(_head(source, options.encoding))

    def rows(rows_report: Report) -> Iterator[TableRow]:
        return _rows(source, dialect, options, rows_report)

    yield from read_table(Table(source.name, rows, is_protected=True), options, report)


def write_csv(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A row a span, below the names of the columns, with commas between the cells. Offsets count code points.

    OutputError lists the spans that are none, as the options say.
    """
    _write(documents, target, options, report, mark=",")


def write_tsv(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """The same with tabs between the cells."""
    _write(documents, target, options, report, mark="\t")


def sniff_csv(head: bytes) -> bool:
    """True if the first line names columns of texts, spans, or tokens and tags, by commas, semicolons or bars."""
    rows = _sniffed(head, marks=(",", ";", "|"))
    return len(rows) > 1 and len(rows[0]) > 1 and known_header(rows[0])


def sniff_tsv(head: bytes) -> bool:
    """True if the first line names columns of texts or spans by tabs; a table of tokens is CoNLL."""
    rows = _sniffed(head, marks=("\t",))
    return len(rows) > 1 and len(rows[0]) > 1 and known_header(rows[0]) and not is_token_header(rows[0])


def _sniffed(head: bytes, *, marks: tuple[str, ...]) -> list[list[str]]:
    """The first rows if they have as many cells each; else none."""
    is_utf_16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # as Excel writes "Unicode text"
    text = head.decode("utf-16" if is_utf_16 else "utf-8", "ignore").removeprefix("\ufeff")
    _, rows = find_dialect(text, marks=marks)
    is_even = all(len(row) == len(rows[0]) for row in rows[:-1])  # the last one may be cut
    return rows if is_even else []


def _head(source: Source, encoding: str) -> str:
    """The beginning of the text, without a line that may be cut."""
    head = ""
    for piece in decoded(source, encoding):
        head += piece
        if len(head) >= _HEAD:
            return head[: head.rfind("\n") + 1] or head
    return head


def _rows(source: Source, dialect: Dialect, options: ReadOptions, report: Report) -> Iterator[TableRow]:
    """The rows with the number of the line on which each begins."""
    lines = _Lines(source, dialect, options)
    rows = dialect.rows(lines)
    while True:
        number = lines.number + 1
        place = f"{source.name}:{number}"
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            leave_out(broken(place, f"is no row of a table: {error}"), place, "row", options, report)
            continue
        if number == 1 and dialect.is_declared:
            continue
        yield TableRow(place, cells)


class _Lines:
    """The lines of a source with their line ends, and the number of the last one that was given."""

    def __init__(self, source: Source, dialect: Dialect, options: ReadOptions) -> None:
        self.number = 0
        self._lines = self._cut(source, dialect.line_end, options)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        return line

    @staticmethod
    def _cut(source: Source, line_end: str, options: ReadOptions) -> Iterator[str]:
        rest = ""
        number = 1
        for piece in decoded(source, options.encoding):
            *ended, rest = (rest + piece).split(line_end)
            for line in ended:
                yield line + line_end
            number += len(ended)
            if len(rest) > _LINE_PER_CELL * options.size_limit:
                raise too_large(f"{source.name}:{number}", _LINE_PER_CELL * options.size_limit)
        if rest:
            yield rest


def _write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    options: WriteOptions,
    report: Report,
    *,
    mark: str,
) -> None:
    fitting = Fitting(options.on_misaligned, report)
    with replacing(target) as file:
        file.write(f"{mark.join(OUR_COLUMNS)}\r\n".encode())
        for annotated in documents:
            lines = io.StringIO()
            writer = csv.writer(lines, delimiter=mark)
            for row in rows_of(annotated, fitting, report):
                writer.writerow([protected(cell) if isinstance(cell, str) else cell for cell in row])
            file.write(utf8(lines.getvalue(), annotated.document))
        fitting.finish()
