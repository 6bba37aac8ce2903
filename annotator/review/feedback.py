"""Feedback: an annotator's own spans against gold, by kind of error, with what the reviewer said about them."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from annotator.measure.alignment import Case, Kind, cases
from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.model.annotations import AnnotationSet, DecidedSpan
from annotator.model.decisions import Comment
from annotator.model.documents import Document
from annotator.model.spans import Span, overlaps, walking_order

_OWN, _GOLD = "own", "gold"


class Error(enum.StrEnum):
    """How an annotator's span differs from gold."""

    MISSED = "missed"
    SPURIOUS = "spurious"
    LABEL = "label"
    BOUNDARY = "boundary"
    BOTH = "label and boundary"


_ERRORS = {
    Kind.ONLY_A: Error.SPURIOUS,
    Kind.ONLY_B: Error.MISSED,
    Kind.LABEL: Error.LABEL,
    Kind.BOUNDARY: Error.BOUNDARY,
    Kind.BOTH: Error.BOTH,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference: the annotator's span and gold's, of which one may be lacking, and the comments on them."""

    error: Error
    own: Span | None
    gold: DecidedSpan | None
    comments: tuple[Comment, ...] = ()

    @property
    def start(self) -> int:
        """Where the first of the two begins."""
        return min(span.start for span in (self.own, self.gold) if span is not None)

    @property
    def end(self) -> int:
        """Where the last of the two ends."""
        return max(span.end for span in (self.own, self.gold) if span is not None)


@dataclass(frozen=True, slots=True)
class DocumentFeedback:
    """The annotator's spans and gold's in one document, and the findings, each in the order of the text.

    `remarks` are the comments for the annotator that are on no finding.
    """

    document: Document
    own: tuple[Span, ...]
    gold: tuple[DecidedSpan, ...]
    findings: tuple[Finding, ...]
    remarks: tuple[Comment, ...] = ()

    @property
    def correct(self) -> int:
        """How many of the annotator's spans are gold's."""
        return len(self.own) - sum(finding.own is not None for finding in self.findings)

    @property
    def comments(self) -> int:
        """How many comments there are for the annotator."""
        return len({*self.remarks, *(comment for finding in self.findings for comment in finding.comments)})


@dataclass(frozen=True, slots=True)
class LabelFeedback:
    """What became of one label: how many spans of gold have it, how many of these the annotator has just so, and errors.

    A spurious span counts for its own label, any other error for gold's.
    """

    label: str
    gold: int
    correct: int
    errors: Mapping[Error, int]


@dataclass(frozen=True)
class Feedback:
    """What a review found in one annotator's work, documents in the order in which they were given."""

    annotator: str
    documents: tuple[DocumentFeedback, ...]

    @property
    def correct(self) -> int:
        """How many of the annotator's spans are gold's."""
        return sum(document.correct for document in self.documents)

    @cached_property
    def totals(self) -> dict[Error, int]:
        """How many errors there are of each kind."""
        counted = Counter(finding.error for document in self.documents for finding in document.findings)
        return {error: counted[error] for error in Error}

    @property
    def comments(self) -> int:
        """How many comments there are for the annotator."""
        return sum(document.comments for document in self.documents)

    @property
    def labels(self) -> tuple[LabelFeedback, ...]:
        """Each label that either has, in alphabetical order."""
        gold = Counter(span.label for document in self.documents for span in document.gold)
        errors: dict[str, Counter[Error]] = {label: Counter() for label in gold}
        for finding in (finding for document in self.documents for finding in document.findings):
            if (place := finding.gold or finding.own) is not None:
                errors.setdefault(place.label, Counter())[finding.error] += 1
        return tuple(
            LabelFeedback(
                label,
                gold[label],
                gold[label] - sum(count for error, count in counts.items() if error is not Error.SPURIOUS),
                {error: counts[error] for error in Error},
            )
            for label, counts in sorted(errors.items())
        )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A document whose review is done: the annotator's finished spans, and the gold set."""

    document: Document
    own: tuple[Span, ...]
    gold: AnnotationSet


def feedback(annotator: str, reviewed: Iterable[Reviewed]) -> Feedback:
    """Compare an annotator's spans with gold, one to one: equal offsets first, then by largest overlap.

    InputError if a document comes twice, or if a span lies outside its text.
    """
    documents = tuple(reviewed)
    corpus = Corpus.of(
        FinishedDocument(
            document.document.id,
            len(document.document.text),
            (),
            {_OWN: document.own, _GOLD: tuple(document.gold.spans)},
        )
        for document in documents
    )
    found: dict[str, list[Case]] = {}
    for case in cases(corpus, _OWN, _GOLD) if documents else ():
        found.setdefault(case.document, []).append(case)
    return Feedback(
        annotator,
        tuple(_feedback(annotator, document, found.get(document.document.id, [])) for document in documents),
    )


def in_context(text: str, start: int, end: int, *, around: int) -> tuple[str, str, str]:
    """The text before `[start, end)`, of it, and after it, with at most `around` characters on either side.

    Where text is left out there stands an ellipsis.
    """
    before, after = text[max(0, start - around) : start], text[end : end + around]
    if around and start > around:
        before = f"…{before.lstrip()}"
    if around and end + around < len(text):
        after = f"{after.rstrip()}…"
    return before, text[start:end], after


def _feedback(annotator: str, reviewed: Reviewed, cases: Iterable[Case]) -> DocumentFeedback:
    comments = [comment for comment in reviewed.gold.comments if comment.is_for(annotator)]
    findings = []
    for case in cases:
        if case.kind is Kind.SAME:
            continue
        own = case.a if isinstance(case.a, Span) else None
        gold = case.b if isinstance(case.b, DecidedSpan) else None
        places = [span for span in (own, gold) if span is not None]
        on_it = tuple(
            comment for comment in comments if any(overlaps(comment, interval) for interval in places)
        )
        findings.append(Finding(_ERRORS[case.kind], own, gold, on_it))
    commented = {comment for finding in findings for comment in finding.comments}
    findings.sort(key=lambda finding: (finding.start, finding.end))
    return DocumentFeedback(
        reviewed.document,
        tuple(sorted(reviewed.own, key=walking_order)),
        tuple(reviewed.gold.spans),
        tuple(findings),
        tuple(comment for comment in comments if comment not in commented),
    )
