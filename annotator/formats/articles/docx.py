"""DOCX, Word's documents, as text: paragraphs on lines, table rows on lines with tabs between the cells.

Read from the file's own XML: python-docx would bring lxml, and passes over text in tracked changes and links. What was deleted under
tracked changes is left out, as are notes, headers, comments and pictures; these are told.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator

from annotator.errors import InputError
from annotator.formats.articles.html import document_of
from annotator.formats.articles.source_map import MAP
from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report
from annotator.formats.sources import Source, too_large
from annotator.formats.xml_values import Node, parsed_xml

_BODY = "word/document.xml"
_XML_PER_TEXT = 64
_PIECE = 1 << 20
_BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "ptab": "\t"}
_LEFT_OUT = {
    "del": "deleted passages", "moveFrom": "moved passages", "drawing": "pictures", "pict": "pictures", "object": "objects",
    "footnoteReference": "footnotes", "endnoteReference": "endnotes", "commentReference": "comments", "oMath": "formulas",
}  # fmt: skip
_SILENT = frozenset({"instrText", "delText", "pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "Fallback"})


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The text of the document's body. InputError if the file is none, or too large."""
    with source.open() as file, tempfile.TemporaryFile() as body:
        try:
            with zipfile.ZipFile(file) as archive, archive.open(_BODY) as part:
                size = 0
                while piece := part.read(_PIECE):
                    size += len(piece)
                    if size > _XML_PER_TEXT * options.size_limit:
                        raise too_large(source.name, _XML_PER_TEXT * options.size_limit)
                    body.write(piece)
        except (
            zipfile.BadZipFile,
            zlib.error,
            KeyError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise InputError(
                f"{source.name} is no DOCX document that can be read: {error}",
                hint="is it whole, and without a password? Save it as .docx or as text",
            ) from error
        root = parsed_xml(Source(source.name, spool=body), options)
    reading = _Body()
    reading.take(root)
    if reading.left_out:
        parts = ", ".join(f"{what} ({count})" for what, count in sorted(reading.left_out.items()))
        report.add(Problem("", source.name, f"left out, or laid out otherwise: {parts}"))
    text = "".join(reading.pieces).rstrip("\n")
    meta = {"source": source.name, MAP: {"format": "docx", "paragraphs": reading.starts}}
    yield from document_of(text, meta, [], source, options, report)


def sniff(head: bytes) -> bool:
    """True if the file is a ZIP archive whose first names are those of a document."""
    return head.startswith(b"PK\x03\x04") and b"word/" in head


class _Body:
    """A text while it is taken out of the body; `starts` are the offsets of its paragraphs."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.starts: list[int] = []
        self.left_out: Counter[str] = Counter()
        self._length = 0
        self._cells = 0

    def take(self, node: Node) -> None:
        """Take over the text of an element."""
        if node.tag in _SILENT:
            return
        if node.tag in _LEFT_OUT:
            self.left_out[_LEFT_OUT[node.tag]] += 1
        elif node.tag == "t":
            self._add(node.text)
        elif node.tag in _BLANKS:
            self._add(_BLANKS[node.tag])
        elif node.tag == "tc":
            self._cells += 1
            for item in node.nodes:
                self.take(item)
            self._cells -= 1
            self._add("\t")
        else:
            self._take_block(node)

    def _take_block(self, node: Node) -> None:
        if node.tag == "p" and not self._cells:
            self.starts.append(self._length)
        if node.tag == "tbl":
            self.left_out["tables, their cells parted by tabs"] += 1
        for item in node.nodes:
            self.take(item)
        if node.tag == "tr":
            self._strip("\t")
            self._add("\n")
        elif node.tag == "p":
            self._add(" " if self._cells else "\n")

    def _add(self, text: str) -> None:
        if text == "\t" and self._cells == 0:
            self._strip(" ")
        if text:
            self.pieces.append(text)
            self._length += len(text)

    def _strip(self, blank: str) -> None:
        """Take away blanks at the end."""
        while self.pieces and self.pieces[-1] == blank:
            self.pieces.pop()
            self._length -= len(blank)
