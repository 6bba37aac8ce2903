"""Spans that overlap where none may: which of them are kept, and what is said of the others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from annotator.errors import InputError
from annotator.formats.alignment import in_order
from annotator.formats.choices import OnOverlap
from annotator.formats.exchange import AnnotatedDocument, Part, Problem, Report
from annotator.model.spans import Span


def without_overlaps(spans: Iterable[Span], policy: OnOverlap) -> tuple[list[Span], list[tuple[Span, Span]]]:
    """The spans that are kept where none may overlap, in order, and the others, each with one that it overlaps.

    LONGEST keeps the longest, and of two as long the first; every other policy keeps the first, and of two that begin
    together the longer one.
    """
    ordered = in_order(spans)
    if policy is OnOverlap.LONGEST:
        ordered.sort(key=lambda span: span.start - span.end)
    kept: list[Span] = []
    starts: list[int] = []
    others: list[tuple[Span, Span]] = []
    for span in ordered:
        place = bisect_left(starts, span.end)
        if place and kept[place - 1].end > span.start:
            others.append((span, kept[place - 1]))
        else:
            kept.insert(place, span)
            starts.insert(place, span.start)
    return kept, others


def settled_overlaps(
    annotated: AnnotatedDocument, policy: OnOverlap, *, is_flat: bool
) -> tuple[AnnotatedDocument, list[Problem]]:
    """The document with the spans that the policy keeps, and what is told of the others.

    FAIL is an InputError where the label set is flat, and leaves the spans to the format otherwise; NESTED keeps them all.
    """
    spans = in_order(annotated.spans)
    first = next(((a, b) for a, b in pairwise(spans) if b.start < a.end), None)
    if first is None or policy is OnOverlap.NESTED or (policy is OnOverlap.FAIL and not is_flat):
        return annotated, []
    document = annotated.document
    if policy is OnOverlap.FAIL:
        raise InputError(
            f"{document.title}: {_named(first[1])} overlaps {_named(first[0])}, and the label set is flat",
            hint="--on-overlap longest or first keeps some of those that overlap, nested lets the label set nest",
        )
    kept, others = without_overlaps(spans, policy)
    problems = [
        Problem(
            document.id,
            document.title,
            f"{_named(span)} overlaps {_named(there)}, and is left out",
            Part.SPAN,
            is_allowed=True,
        )
        for span, there in others
    ]
    origins = dict(zip(annotated.spans, annotated.provenance, strict=bool(annotated.provenance)))
    return replace(
        annotated, spans=tuple(kept), provenance=tuple(origins[span] for span in kept) if origins else ()
    ), problems


def with_settled_overlaps(
    documents: Iterable[AnnotatedDocument], policy: OnOverlap, report: Report, *, is_flat: bool = False
) -> Iterator[AnnotatedDocument]:
    """The documents, each as `settled_overlaps` gives it; what is told goes to the report."""
    for annotated in documents:
        settled, problems = settled_overlaps(annotated, policy, is_flat=is_flat)
        for problem in problems:
            report.add(problem)
        yield settled


def _named(span: Span) -> str:
    return f"{span.label} [{span.start}, {span.end})"
