"""Plain text files: one document each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report
from annotator.formats.sources import Source, decoded, too_large
from annotator.model.documents import clean_text, new_document

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


def sniff(head: bytes) -> bool:
    """True of what could be text and does not begin as data or markup of another kind does."""
    return b"\0" not in head and not _DATA.match(head)
