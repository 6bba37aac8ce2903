"""JSON of words: what GLiNER is trained on, and the rows of words and tags that Hugging Face's run_ner.py takes.

GLiNER's file is an array of `{"tokenized_text": [word, …], "ner": [[first, last, label], …]}`: words by number, both ends
inclusive, spans may nest. The other has a row a line, `{"id": …, "tokens": [word, …], "ner_tags": [tag, …]}`. Neither has
the text: it is read as the words with one space between each two. Both are read as any other JSON is (`jsonl.read`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from annotator.formats.alignment import Fitting, tokens_for
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, Report, TokensOf, WriteOptions
from annotator.formats.iob import Entity, tags_of
from annotator.formats.json_values import encoded
from annotator.formats.losses import IDS, OVERLAPS, TOKENS
from annotator.formats.targets import replacing
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

GLINER_HOLDS = frozenset({OVERLAPS, IDS, TOKENS})
TAGGED_HOLDS = frozenset({IDS, TOKENS})

_WORDS = b'"tokenized_text"'
_TAGGED = (b'"tokens"', b'"ner_tags"')
_TEXT = b'"text"'

_Row = dict[str, Any]


def write_gliner(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """An array of documents. OutputError lists the spans that the words cannot hold, as the options say."""
    fitting = Fitting(options.on_misaligned, report)

    def row_of(annotated: AnnotatedDocument, given: Tokens) -> _Row:
        spans = fitting.aligned(annotated, given)
        report.count(annotated.document, spans=len(spans))
        places = [given.within(span.start, span.end) for span in spans]
        return {
            "id": annotated.document.id,
            "tokenized_text": _words(annotated, given),
            "ner": [[place[0], place[-1], span.label] for place, span in zip(places, spans, strict=True)],
        }

    with replacing(target) as file:
        mark = b"["
        for row in _rows(documents, tokens, report, row_of, format="gliner"):
            file.write(mark + b"\n" + encoded(row))
            mark = b","
        file.write(b"[]\n" if mark == b"[" else b"\n]\n")
        fitting.finish()


def write_tagged(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A row a line, with a tag for each word. OutputError lists the spans that words or tags cannot hold."""
    fitting = Fitting(options.on_misaligned, report)

    def row_of(annotated: AnnotatedDocument, given: Tokens) -> _Row:
        document = annotated.document
        spans = fitting.flat(document, fitting.aligned(annotated, given))
        report.count(document, spans=len(spans))
        found = [_entity(span, given) for span in spans]
        return {
            "id": document.id,
            "tokens": _words(annotated, given),
            "ner_tags": tags_of(found, len(given), options.tags),
        }

    with replacing(target) as file:
        for row in _rows(documents, tokens, report, row_of, format="tokens-jsonl"):
            file.write(encoded(row) + b"\n")
        fitting.finish()


def sniff_gliner(head: bytes) -> bool:
    """True if the first objects have the words of a text under GLiNER's key."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"[", b"{")) and _WORDS in start


def sniff_tagged(head: bytes) -> bool:
    """True if the first line is an object of words and tags without a text."""
    line = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return line.startswith(b"{") and all(mark in line for mark in _TAGGED) and _TEXT not in line


def _rows(
    documents: Iterable[AnnotatedDocument],
    tokens: TokensOf | None,
    report: Report,
    row_of: Callable[[AnnotatedDocument, Tokens], _Row],
    *,
    format: str,
) -> Iterator[_Row]:
    """The rows of the documents that have a token; the others are reported as lost."""
    for annotated in documents:
        given = tokens_for(annotated, tokens, format=format)
        if len(given):
            yield row_of(annotated, given)
        else:
            document = annotated.document
            message = "has no tokens, and is left out"
            report.add(Problem(document.id, document.title, message, loses=Part.DOCUMENT))


def _words(annotated: AnnotatedDocument, tokens: Tokens) -> list[str]:
    return [annotated.document.text[start:end] for start, end in tokens]


def _entity(span: Span, tokens: Tokens) -> Entity:
    covered = tokens.within(span.start, span.end)
    return Entity(covered[0], covered[-1] + 1, span.label)
