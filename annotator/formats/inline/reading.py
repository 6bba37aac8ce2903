"""Reading a text with markup: its kind is found from the whole text, then its grammar takes the markup out."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from annotator.errors import InputError
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import AnnotatedDocument, Complaints, Problem, ReadOptions, Report
from annotator.formats.inline.grammars import GRAMMARS, Mark, find_kind, is_surely_marked, lines_of
from annotator.formats.sources import Source, decoded, too_large
from annotator.model.decisions import Status
from annotator.model.documents import clean_text, new_document
from annotator.model.spans import Span, Suggestion

_YEDDA = "YEDDA"


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """One document of the whole file, done, without its markup.

    InputError if it has no markup of a known kind, or names the line of markup that is not balanced; that is left out
    and reported instead if the options say so.
    """
    raw = ""
    for piece in decoded(source, options.encoding):
        raw += piece
        if len(raw) > options.size_limit:
            raise too_large(source.name, options.size_limit)
    marked = clean_text(raw)
    kind = find_kind(marked)
    if kind is None:
        raise InputError(
            f"{source.name} has no markup such as <PER>Ada</PER>, [PER Ada], [Ada](person), [@Ada#PER*] or Ada/B-PER",
            hint="read it as --format text",
        )
    report.add(Problem("", source.name, f"its annotations are written into the text, as {kind}"))
    starts = list(lines_of(marked))
    problems: list[Problem] = []

    def complain(offset: int, message: str) -> None:
        complaints = Complaints(f"{source.name}:{bisect_right(starts, offset)}", options.on_error)
        complaints.add(message)
        problems.extend(complaints.problems)

    plain = GRAMMARS[kind](marked, complain)
    yield annotated_text(plain.text, plain.marks, source.name, options, problems)


def annotated_text(
    raw: str, marks: list[Mark], name: str, options: ReadOptions, problems: list[Problem]
) -> AnnotatedDocument:
    """The document of a text and its marks; those that were proposed as suggestions."""
    complaints = Complaints(name, options.on_error)
    text = CleanedText(raw)
    checks = SpanChecks(text, complaints, options)
    spans: list[Span] = []
    suggestions: list[Suggestion] = []
    for mark in marks:
        span = checks.span(
            mark.start, mark.end, mark.label, name=f"{mark.label} at {mark.start}", kb_id=mark.kb_id
        )
        if span is not None and mark.is_proposed:
            suggestions.append(Suggestion(span.start, span.end, span.label, name=_YEDDA))
        elif span is not None:
            spans.append(span)
    document = new_document(text.text, meta={"source": name})
    return AnnotatedDocument(
        document,
        spans=checks.once(spans),
        suggestions=tuple(suggestions),
        status=Status.STARTED if suggestions else Status.DONE,
        problems=tuple(
            Problem(document.id, each.place, each.message, each.loses, each.is_allowed)
            for each in (*problems, *complaints.problems)
        ),
    )


def sniff(head: bytes) -> bool:
    """True of a text whose markup nobody would take for text."""
    return b"\0" not in head and is_surely_marked(head.decode("utf-8", "ignore"))
