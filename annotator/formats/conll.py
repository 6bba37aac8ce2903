"""CoNLL: a token a line, its tag in another column, blank lines between sentences.

Read: any of IOB1, IOB2, BIOES and BILUO, columns parted by tabs or spaces, documents begun by -DOCSTART-; a file
without it is one document, or one for each `group` sentences. The text is the tokens joined by single spaces and
the sentences by line feeds, and the document is known by its hash. Written: two columns, each document begun by the
line that spaCy and the CoNLL-2003 tools look for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from annotator.formats.alignment import Fitting, tokens_for
from annotator.formats.choices import Tags
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    Problem,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
)
from annotator.formats.iob import OUTSIDE, Entity, Scheme, entities, split_tag, tags_of
from annotator.formats.sources import Source, lines, too_large
from annotator.formats.targets import replacing, utf8
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.segments import sentences
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

_DOCUMENT = "-DOCSTART-"
_HEADER = f"{_DOCUMENT} -X- O O\n\n"


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a file, each done, with the tokens and sentences that the file gives them.

    A text that the file repeats is yielded once and reported. InputError names the file and line of a token without
    a tag, or it counts as outside and is reported, as the options say.
    """
    scheme = Scheme()
    seen: dict[str, tuple[str, int]] = {}
    for draft in _drafts(source, options):
        if not draft.sentences:
            report.add(Problem("", draft.place, "a document without tokens, left out"))
            continue
        annotated = draft.finished(scheme)
        key, spans = annotated.document.id, hash(annotated.spans)
        if key in seen:
            place, other = seen[key]
            difference = "and the same spans" if other == spans else "but other spans, which are left out"
            report.add(Problem(key, draft.place, f"has the text of {place} {difference}"))
            continue
        seen[key] = (draft.place, spans)
        yield annotated
    if scheme.is_mixed:
        message = (
            f"entities that begin with B-: {scheme.plain_beginnings}, with I-: {scheme.inner_beginnings};"
            " both were taken"
        )
        report.add(Problem("", source.name, message))


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
    with replacing(target) as file:
        for annotated in documents:
            document = annotated.document
            given = _without_space(document, tokens_for(annotated, tokens, format="conll"), report)
            _report_unreadable(document, given, report)
            if not len(given):
                report.add(Problem(document.id, document.title, "has no tokens, and is left out"))
                continue
            spans = fitting.flat(document, fitting.aligned(annotated, given))
            spans = [span for span in spans if _has_plain_label(document, span, fitting)]
            file.write(utf8(_written(document, given, spans, options.tags), document))
            report.count(document, spans=len(spans))
        fitting.finish()


def sniff(head: bytes) -> bool:
    """True if the first lines are a token and a tag each, one of them not O, or the file begins with -DOCSTART-."""
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    if text.startswith(_DOCUMENT):
        return True
    rows = [_columns(line) for line in text.split("\n")[:-1] or [text] if line.strip()]
    tags = [split_tag(row[-1]) for row in rows if len(row) > 1 and row[0] != _DOCUMENT]
    return len(tags) == len(rows) and None not in tags and any(tag and tag[0] != OUTSIDE for tag in tags)


@dataclass(slots=True)
class _Draft:
    """A document being read: its sentences as tokens and tags."""

    place: str
    is_marked: bool = False
    sentences: list[list[tuple[str, tuple[str, str]]]] = field(default_factory=list)
    size: int = 0
    complaints: list[Problem] = field(default_factory=list)
    is_between: bool = True

    def add(self, token: str, tag: tuple[str, str]) -> None:
        if self.is_between:
            self.sentences.append([])
            self.is_between = False
        self.sentences[-1].append((token, tag))
        self.size += len(token) + 1

    def finished(self, scheme: Scheme) -> AnnotatedDocument:
        text = "\n".join(" ".join(token for token, _ in sentence) for sentence in self.sentences)
        offsets: list[tuple[int, int]] = []
        starts: list[int] = []
        spans: list[Span] = []
        offset = 0
        for sentence in self.sentences:
            starts.append(offset)
            first = len(offsets)
            for token, _ in sentence:
                offsets.append((offset, offset + len(token)))
                offset += len(token) + 1
            for entity in entities([tag for _, tag in sentence], scheme):
                start, end = offsets[first + entity.first][0], offsets[first + entity.end - 1][1]
                spans.append(Span(start, end, entity.label))
        document = new_document(
            text,
            tokens=Tokens(offsets, tokenizer=SOURCE_TOKENIZER),
            sentences=tuple(starts),
        )
        problems = tuple(Problem(document.id, problem.place, problem.message) for problem in self.complaints)
        return AnnotatedDocument(document, spans=tuple(spans), status=Status.DONE, problems=problems)


def _drafts(source: Source, options: ReadOptions) -> Iterator[_Draft]:
    draft = _Draft(f"{source.name}:1")
    for number, line in lines(source, options.encoding, size_limit=options.size_limit):
        if not line.strip():
            draft.is_between = True
            continue
        place = f"{source.name}:{number}"
        columns = _columns(line)
        if columns[0] == _DOCUMENT:
            if draft.sentences or draft.is_marked:
                yield draft
            draft = _Draft(place, is_marked=True)
            continue
        is_full = options.group and len(draft.sentences) == options.group
        if is_full and draft.is_between and not draft.is_marked:
            yield draft
            draft = _Draft(place)
        complaints = Complaints(place, options.on_error)
        token, tag = _token(columns, complaints, options)
        if token.strip():
            draft.add(token, tag)
        else:
            complaints.note("a line without a token, left out")
        draft.complaints += complaints.problems
        if draft.size > options.size_limit:
            raise too_large(f"the document at {draft.place}", options.size_limit)
    yield draft


def _columns(line: str) -> list[str]:
    line = line.rstrip("\t ")
    if "\t" in line:
        return [column.strip(" ") for column in line.split("\t")]
    return [column for column in line.split(" ") if column]


def _token(columns: list[str], complaints: Complaints, options: ReadOptions) -> tuple[str, tuple[str, str]]:
    """The token and tag of a line; no token if there is no such column, no tag if it is broken."""
    try:
        token = columns[options.token_column]
        raw = columns[options.label_column]
    except IndexError:
        complaints.add(f"has too few columns: {len(columns)}")
        return "", (OUTSIDE, "")
    if len(columns) == 1:
        complaints.add(f"{token!r} stands alone, without a tag")
        return token, (OUTSIDE, "")
    tag = split_tag(raw)
    if tag is None:
        complaints.add(f"{raw!r} is not a tag such as O, B-PER or I-PER")
        return token, (OUTSIDE, "")
    if tag[1] and options.labels is not None and tag[1] not in options.labels:
        complaints.add(f"unknown label {tag[1]}")
        return token, (OUTSIDE, "")
    return token, tag


def _without_space(document: Document, tokens: Tokens, report: Report) -> Tokens:
    """The tokens, those that hold white space cut at it, since white space parts the columns."""
    text = document.text
    offsets: list[tuple[int, int]] = []
    cut = 0
    for start, end in tokens:
        parts = text[start:end].split()
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
        Problem(document.id, document.title, f"tokens that hold white space, and were cut at it: {cut}")
    )
    return Tokens(offsets, tokenizer=tokens.tokenizer)


def _report_unreadable(document: Document, tokens: Tokens, report: Report) -> None:
    """Say which tokens readers take for something else."""
    text = document.text
    if _DOCUMENT in text and any(text[start:end] == _DOCUMENT for start, end in tokens):
        message = f"holds the token {_DOCUMENT}, which readers take for a document's beginning"
        report.add(Problem(document.id, document.title, message))
    if "\0" in text:
        message = "holds a NUL character, for which readers may take the file for a binary one"
        report.add(Problem(document.id, document.title, message))


def _has_plain_label(document: Document, span: Span, fitting: Fitting) -> bool:
    if span.label.split() == [span.label]:
        return True
    fitting.refuse(document, span, "has a label with white space, which parts the columns")
    return False


def _written(document: Document, tokens: Tokens, spans: list[Span], tags: Tags) -> str:
    text = document.text
    found = []
    inside: set[int] = set()
    for span in spans:
        covered = tokens.within(span.start, span.end)
        found.append(Entity(covered[0], covered[-1] + 1, span.label))
        inside.update(covered[1:])
    beginnings = _beginnings(document, tokens) - inside
    out = [_HEADER]
    for index, tag in enumerate(tags_of(found, len(tokens), tags, beginnings=beginnings)):
        if index in beginnings:
            out.append("\n")
        out.append(f"{text[slice(*tokens[index])]} {tag}\n")
    out.append("\n")
    return "".join(out)


def _beginnings(document: Document, tokens: Tokens) -> set[int]:
    """The tokens with which a sentence begins, but for the first one."""
    starts = document.sentences
    if starts is None:
        starts = tuple(sentences(document.text).starts)
    return {bisect_left(tokens.starts, start) for start in starts} - {0, len(tokens)}
