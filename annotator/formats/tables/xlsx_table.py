"""XLSX, Excel's workbooks, by openpyxl: each sheet that holds anything is a table. Written as one sheet of spans.

Cells are written as texts, so that none is run as a formula. Characters that XML cannot hold are spelled as `_x000D_`,
as Excel does. A text longer than a cell may be goes on in the cells below it.
"""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree.ElementTree import ParseError

from annotator.errors import InputError, OutputError
from annotator.formats.alignment import Fitting
from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report, TokensOf, WriteOptions
from annotator.formats.extras import library
from annotator.formats.sources import Source, too_large
from annotator.formats.tables.columns import OUR_COLUMNS
from annotator.formats.tables.reading import read_table
from annotator.formats.tables.span_rows import Cell, rows_of
from annotator.formats.tables.table import Table, TableRow
from annotator.formats.targets import replacing, utf8

if TYPE_CHECKING:
    from openpyxl.cell import Cell as SheetCell

_EXTRA, _FORMAT = "office", "XLSX"
_LONGEST_CELL = 16_000
"""Excel takes 32,767 UTF-16 units in a cell; characters beyond the basic plane are two."""
_XML_PER_TEXT = 64
"""A workbook's XML may be so many times longer than a text may be."""
_MARK = "xl/workbook.xml"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SPELLED = re.compile("_x([0-9A-Fa-f]{4})_")
_FORMULA = re.compile(rb"<f[ >/]")
_PIECE = 1 << 20


def read_xlsx(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of each sheet that holds anything. InputError if the file is no workbook, or too large."""
    openpyxl = library("openpyxl", extra=_EXTRA, format=_FORMAT)
    errors = _errors(openpyxl)
    with source.open() as file:
        _check(file, source, options)
        try:
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
            names = [sheet.title for sheet in workbook.worksheets]
        except errors as error:
            raise _unreadable(source, error) from error
        for name in names:
            sheet = _Sheet(workbook, name, source, errors)
            if any(not row.is_blank for row in sheet.rows(Report())):
                yield from read_table(Table(sheet.place, sheet.rows), options, report)
        if _has_formulas(file, source, errors):
            message = (
                "holds formulas: their results are read as they were saved, and one without a result as empty"
            )
            report.add(Problem("", source.name, message))


def write_xlsx(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A sheet with a row a span, below the names of the columns. OutputError lists the spans that are none."""
    openpyxl = library("openpyxl", extra=_EXTRA, format=_FORMAT)
    fitting = Fitting(options.on_misaligned, report)
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("spans")
    sheet.append(list(OUR_COLUMNS))
    with ExitStack() as unfinished:
        unfinished.callback(sheet.close)
        for annotated in documents:
            utf8(annotated.document.text, annotated.document)
            for row in rows_of(annotated, fitting, report, longest=_LONGEST_CELL):
                sheet.append([_written(sheet, cell, annotated) for cell in row])
        fitting.finish()
        unfinished.pop_all()
    with replacing(target) as file:
        workbook.save(file)


def sniff_xlsx(head: bytes) -> bool:
    """True if the file is a ZIP archive whose first names are those of a workbook."""
    return head.startswith(b"PK\x03\x04") and b"xl/" in head


class _Sheet:
    """One sheet of a workbook, whose rows can be gone through again."""

    def __init__(self, workbook: Any, name: str, source: Source, errors: tuple[type[Exception], ...]) -> None:
        self.place = f"{source.name}, sheet {name}"
        self._workbook = workbook
        self._name = name
        self._source = source
        self._errors = errors

    def rows(self, report: Report) -> Iterator[TableRow]:
        """The rows from the first one on. InputError if openpyxl cannot read them."""
        sheet = self._workbook[self._name]
        try:
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield TableRow(f"{self.place}: row {number}", [_text(cell) for cell in cells])
        except self._errors as error:
            raise _unreadable(self._source, error) from error


def _text(value: object) -> str:
    """A cell's value as text: numbers without a fraction of zero, days and times by ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case str():
            return _SPELLED.sub(lambda match: chr(int(match[1], 16)), value)
    return str(value)


def _written(sheet: Any, value: Cell, annotated: AnnotatedDocument) -> SheetCell | int:
    """A cell of text, whatever it begins with; a number as it is. OutputError if it is too long."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, int):
        return value
    text = _NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", value)
    if len(value) > _LONGEST_CELL:
        document = annotated.document
        raise OutputError(
            f"{document.title} ({document.id}) has a value of {len(value):,} characters, too long for a cell",
            hint="write it as csv or jsonl",
        )
    cell = WriteOnlyCell(sheet, value="")
    cell.value = text
    cell.data_type = "s"
    return cell


def _check(file: BinaryIO, source: Source, options: ReadOptions) -> None:
    """InputError if the file is no workbook, or unpacks to more than the size limit lets a table have."""
    try:
        with zipfile.ZipFile(file) as archive:
            if _MARK not in archive.namelist():
                raise InputError(f"{source.name} is no XLSX workbook", hint="save it as .xlsx or .csv")
            if sum(item.file_size for item in archive.infolist()) > _XML_PER_TEXT * options.size_limit:
                raise too_large(source.name, _XML_PER_TEXT * options.size_limit)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise _unreadable(source, error) from error
    file.seek(0)


def _has_formulas(file: BinaryIO, source: Source, errors: tuple[type[Exception], ...]) -> bool:
    """True if a cell of any sheet holds a formula."""
    try:
        with zipfile.ZipFile(file) as archive:
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            return any(_has_formula(archive, name) for name in sheets if name.endswith(".xml"))
    except errors as error:
        raise _unreadable(source, error) from error


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    end = b""
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            if _FORMULA.search(end + piece):
                return True
            end = piece[-2:]
    return False


def _errors(openpyxl: ModuleType) -> tuple[type[Exception], ...]:
    """What openpyxl, and what it stands on, raise where a workbook is broken."""
    return (
        *(zipfile.BadZipFile, zlib.error, ParseError, openpyxl.utils.exceptions.InvalidFileException),
        *(KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, EOFError, RuntimeError),
        NotImplementedError,
    )


def _unreadable(source: Source, error: Exception) -> InputError:
    return InputError(
        f"{source.name} is no XLSX workbook that openpyxl can read: {error}",
        hint="is it whole? Spreadsheets save it as .xlsx or .csv",
    )
