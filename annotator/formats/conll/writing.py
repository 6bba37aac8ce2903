"""Writing CoNLL: two columns, token and tag, under the line that spaCy and the CoNLL-2003 tools look for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from annotator.formats.alignment import Fitting, tokens_for
from annotator.formats.choices import Tags
from annotator.formats.conll.lines import BYTE_ORDER_MARK, DOCUMENT
from annotator.formats.exchange import (
    AnnotatedDocument,
    Part,
    Problem,
    Report,
    TokensOf,
    WriteOptions,
)
from annotator.formats.iob import OUTSIDE, Entity, tags_of
from annotator.formats.label_names import EscapedLabels, escaped_label
from annotator.formats.targets import replacing, utf8
from annotator.model.documents import Document
from annotator.model.segments import sentences
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

_PARTS = re.compile(rf"{BYTE_ORDER_MARK}+|[^\s{BYTE_ORDER_MARK}]\S*")
_HEADER = f"{DOCUMENT} -X- O O\n\n"


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """Tokens and tags. Sentences are the document's own or found by rule, and never end inside a span.

    OutputError lists the spans that tokens or a flat format cannot hold, as the options say.
    """
    fitting = Fitting(options.on_misaligned, report)
    labels = EscapedLabels()
    with replacing(target) as file:
        for annotated in documents:
            document = annotated.document
            given = tokens_without_space(document, tokens_for(annotated, tokens, format="conll"), report)
            _report_unreadable(document, given, report)
            if not len(given):
                message = "has no tokens, and is left out"
                report.add(Problem(document.id, document.title, message, loses=Part.DOCUMENT))
                continue
            spans = fitting.flat(document, fitting.aligned(annotated, given))
            spans = list(with_plain_labels(document, spans, labels, fitting, report))
            file.write(utf8(_written(document, given, spans, options.tags), document))
            report.count(document, spans=len(spans))
        fitting.finish()


def tokens_without_space(document: Document, tokens: Tokens, report: Report) -> Tokens:
    """The tokens, cut at white space, which parts the columns, and behind a byte order mark, which begins a file."""
    text = document.text
    offsets: list[tuple[int, int]] = []
    cut = 0
    for start, end in tokens:
        parts = _PARTS.findall(text[start:end])
        if parts == [text[start:end]]:
            offsets.append((start, end))
            continue
        cut += 1
        for part in parts:
            start = text.index(part, start)
            offsets.append((start, start + len(part)))
            start += len(part)
    if not cut:
        return tokens
    report.add(
        Problem(
            document.id,
            document.title,
            f"tokens that hold white space or begin with a byte order mark, and were cut there: {cut}",
        )
    )
    return Tokens(offsets, tokenizer=tokens.tokenizer)


def _report_unreadable(document: Document, tokens: Tokens, report: Report) -> None:
    """Say which tokens readers take for something else."""
    text = document.text
    if DOCUMENT in text and any(text[start:end] == DOCUMENT for start, end in tokens):
        message = f"holds the token {DOCUMENT}, which readers take for a document's beginning"
        report.add(Problem(document.id, document.title, message))
    if "\0" in text:
        message = "holds a NUL character, for which readers may take the file for a binary one"
        report.add(Problem(document.id, document.title, message))


def with_plain_labels(
    document: Document, spans: Iterable[Span], labels: EscapedLabels, fitting: Fitting, report: Report
) -> Iterator[Span]:
    """The spans with labels that a column can hold."""
    for span in spans:
        if span.label == OUTSIDE:
            fitting.refuse(document, span, f"has the label {OUTSIDE}, which readers take for no entity")
        elif (label := labels.spelling(span.label, document, report)) is None:
            fitting.refuse(
                document, span, f"has a label that is written as another one, {escaped_label(span.label)}"
            )
        else:
            yield span if label == span.label else replace(span, label=label)


def _written(document: Document, tokens: Tokens, spans: list[Span], tags: Tags) -> str:
    text = document.text
    found = []
    inside: set[int] = set()
    for span in spans:
        covered = tokens.within(span.start, span.end)
        found.append(Entity(covered[0], covered[-1] + 1, span.label))
        inside.update(covered[1:])
    beginnings = sentence_beginnings(document, tokens) - inside
    out = [_HEADER]
    for index, tag in enumerate(tags_of(found, len(tokens), tags, beginnings=beginnings)):
        if index in beginnings:
            out.append("\n")
        out.append(f"{text[slice(*tokens[index])]} {tag}\n")
    out.append("\n")
    return "".join(out)


def sentence_beginnings(document: Document, tokens: Tokens) -> set[int]:
    """The tokens with which a sentence begins, as the document says or by rule, but for the first one."""
    starts = document.sentences
    if starts is None:
        starts = tuple(sentences(document.text).starts)
    return {bisect_left(tokens.starts, start) for start in starts} - {0, len(tokens)}
