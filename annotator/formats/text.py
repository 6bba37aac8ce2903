"""Plain text files: one document each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report
from annotator.formats.sources import Source, decoded, too_large
from annotator.model.documents import clean_text, new_document

_ARTICLES = frozenset({".txt", ".text", ".md", ".markdown", ".rst", ".asc", ".adoc", ".org", ".tex"})
"""Endings under which texts lie; with another one, a file is no article unless --format says so."""
_LINES, _FEWEST = 20, 3
_PUBTATOR = re.compile(rb"(?:\xef\xbb\xbf)?\s*[^\s|]+\|[ta]\|")
_DATA = re.compile(rb"""(?:\xef\xbb\xbf)?\s*(?:[{\[]\s*["{\[\]}]|<[?!a-zA-Z])""")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """One document of the whole file, known by the hash of its text; none, and a problem, if it is empty.

    CRLF becomes a line feed; all else stays, control characters too. InputError if the file is binary or larger
    than the limit, EncodingError if it is not in the encoding asked for.
    """
    pieces = []
    size = 0
    for piece in decoded(source, options.encoding):
        pieces.append(piece)
        size += len(piece)
        if size > options.size_limit:
            raise too_large(source.name, options.size_limit)
    text = clean_text("".join(pieces))
    if not text.strip():
        report.add(Problem("", source.name, "holds no text, and is left out"))
        return
    yield AnnotatedDocument(new_document(text, meta={"source": source.name}))


def is_article(name: str, head: bytes) -> bool:
    """True if a file of that name, which no format has for its own, may be one text: not a table, not data."""
    suffix = PurePath(name).suffix.lower()
    if suffix and suffix not in _ARTICLES and not suffix[1:].isdecimal() and suffix[1:].isalnum():
        return False
    return not is_table(head)


def is_table(head: bytes) -> bool:
    """True if the first lines are rows of a table: all with the same number of tabs, commas, semicolons or bars."""
    lines = [line for line in head.split(b"\n")[:_LINES] if line.strip()]
    if _PUBTATOR.match(head):
        return True
    if len(lines) < _FEWEST:
        return False
    for mark in b"\t", b",", b";", b"|":
        counts = {line.count(mark) for line in lines}
        if len(counts) == 1 and counts != {0} and not any(line.rstrip().endswith(b".") for line in lines):
            return True
    return False


def sniff(head: bytes) -> bool:
    """True of what could be text and does not begin as data or markup of another kind does."""
    return b"\0" not in head and not _DATA.match(head)
