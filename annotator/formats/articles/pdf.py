"""PDF with a text layer, by pypdf: the text of each page, pages a blank line apart.

A PDF has no paragraphs and no order of reading but that in which it was drawn: columns and tables may come mixed, which is told
always. Pages without text, as scans have them, are told by number; a file without any text is refused.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from annotator.errors import InputError
from annotator.formats.articles.html import document_of
from annotator.formats.articles.source_map import MAP
from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report
from annotator.formats.extras import library
from annotator.formats.sources import Source, too_large
from annotator.model.documents import clean_text

_SHOWN = 5


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The text of the pages as one document. InputError if the file is no PDF, is encrypted, or has no text."""
    pypdf = library("pypdf", extra="office", format="PDF")
    logging.getLogger("pypdf").addHandler(logging.NullHandler())  # else its remarks go to standard error
    pages: list[str] = []
    pictures = size = 0
    with source.open() as file:
        try:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise InputError(f"{source.name} is encrypted", hint="save it without a password first")
            for page in reader.pages:
                pages.append(_plain(page.extract_text()))
                pictures += _pictures(page)
                size += len(pages[-1])
                if size > options.size_limit:
                    raise too_large(source.name, options.size_limit)
            title = reader.metadata.title if reader.metadata is not None else None
        except _errors(pypdf) as error:
            raise InputError(
                f"{source.name} is no PDF that pypdf can read: {error}",
                hint="is it whole? Save it as text or anew",
            ) from error
    empty = [str(number) for number, page in enumerate(pages, start=1) if not page]
    if len(empty) == len(pages):
        raise InputError(
            f"{source.name} has no text layer: its {len(pages)} pages are pictures",
            hint="recognise its text (OCR) first",
        )
    starts: list[int] = []
    text = ""
    for page in pages:
        text += "\n\n" if text and page else ""
        starts.append(len(text))
        text += page
    report.add(
        Problem(
            "",
            source.name,
            "text stands in the order in which the PDF draws it: columns and tables may be mixed",
        )
    )
    if empty:
        report.add(
            Problem("", source.name, f"pages without text: {len(empty)}, such as {', '.join(empty[:_SHOWN])}")
        )
    if pictures:
        report.add(Problem("", source.name, f"left out: pictures ({pictures})"))
    meta = {"source": source.name, MAP: {"format": "pdf", "pages": starts}}
    yield from document_of(
        text, meta, [], source, options, report, title=str(title).strip() if title else None
    )


def sniff(head: bytes) -> bool:
    """True if the file begins as a PDF does."""
    return head.startswith(b"%PDF-")


def _plain(text: str) -> str:
    """A page's text without blanks at line ends, control characters and lone surrogates, which fonts leave in."""
    lines = (line.rstrip() for line in clean_text(text).replace("\r", "\n").split("\n"))
    kept = "\n".join(lines).strip()
    return "".join(char for char in kept if char in "\n\t" or (char.isprintable() or char.isspace()))


def _pictures(page: Any) -> int:
    """How many pictures a page draws."""
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    if objects is None:
        return 0
    return sum(each.get_object().get("/Subtype") == "/Image" for each in objects.get_object().values())


def _errors(pypdf: ModuleType) -> tuple[type[Exception], ...]:
    """What pypdf raises where a file is broken."""
    return (
        *(pypdf.errors.PyPdfError, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError),
        *(
            OSError,
            EOFError,
            RecursionError,
            OverflowError,
            NotImplementedError,
            MemoryError,
            ZeroDivisionError,
        ),
        *(AssertionError, pypdf.errors.DependencyError),
    )
