"""Feedback as tables for people and as records for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from annotator.cli.output import print_lines, print_table
from annotator.model.counting import counted
from annotator.review.feedback import Error, in_context

if TYPE_CHECKING:
    from annotator.model.decisions import Comment
    from annotator.model.spans import Labelled
    from annotator.review.feedback import DocumentFeedback, Finding
    from annotator.workspace.review.feedback import FeedbackReport

_AROUND = 24
"""So many characters of the text stand before and after a finding."""
_SPAN_CELLS = 32


def print_overview(reports: Sequence[FeedbackReport]) -> None:
    """Print a row for each annotator."""
    headings = ("annotator", "finished", "reviewed", "correct", *map(str, Error), "comments", "sent back")
    rows = [
        (
            report.annotator,
            *_counts(report.finished, len(report.documents), report.feedback.correct),
            *_counts(*report.feedback.totals.values()),
            *_counts(report.feedback.comments, len(report.returned)),
        )
        for report in reports
    ]
    print_table(headings, rows, last_is_long=False)


def print_feedback(report: FeedbackReport) -> None:
    """Print how often each error was made, the same by label, and then every finding in its text."""
    feedback = report.feedback
    totals = [("correct", feedback.correct), *feedback.totals.items()]
    print_table(("", "spans"), [(str(what), f"{count:,}") for what, count in totals], last_is_long=False)
    print_lines()
    print_table(
        ("label", "gold", "correct", *map(str, Error)),
        [
            (label.label, *_counts(label.gold, label.correct), *_counts(*label.errors.values()))
            for label in feedback.labels
        ],
        last_is_long=False,
    )
    for document in feedback.documents:
        if document.findings or document.remarks or document.document.id in report.returned:
            print_lines()
            _print_document(report, document)


def _print_document(report: FeedbackReport, feedback: DocumentFeedback) -> None:
    document = feedback.document
    errors = counted(len(feedback.findings), "error")
    print_lines(f"{document.title}: {feedback.correct:,} correct, {errors}  {document.id}")
    if (back := report.returned.get(document.id)) is not None:
        print_lines(f"  sent back by {back.who}: “{back.comment}”")
    for comment in feedback.remarks:
        words = _joined(in_context(document.text, comment.start, comment.end, around=0))
        print_lines(f"  on {words}: “{comment.text}”")
    if feedback.findings:
        rows = [row for finding in feedback.findings for row in _rows(finding, document.text)]
        print_table(("  error", report.annotator, "gold", "in the text"), rows)


def _rows(finding: Finding, text: str) -> Iterator[tuple[str, str, str, str]]:
    from annotator.cells.fitting import fitted

    def told(span: Labelled | None) -> str:
        return "" if span is None else f"{fitted(text[span.start : span.end], _SPAN_CELLS)} {span.label}"

    where = _joined(in_context(text, finding.start, finding.end, around=_AROUND))
    yield f"  {finding.error}", told(finding.own), told(finding.gold), where
    for comment in finding.comments:
        yield "", "", "", f"“{comment.text}”"


def _joined(context: tuple[str, str, str]) -> str:
    before, inside, after = context
    return f"{before}«{inside}»{after}"


def _counts(*counts: int) -> Iterator[str]:
    return (f"{count:,}" for count in counts)


def remarks(report: FeedbackReport) -> list[str]:
    """What else there is to know: documents that no review has seen, and sets that could not be read."""
    notes = [f"left out: {reason}" for reason in report.left_out]
    if report.waiting:
        notes.append(f"{report.annotator}: {counted(report.waiting, 'finished document')} not reviewed yet")
    return notes


def summary(report: FeedbackReport) -> dict[str, Any]:
    """The totals of one annotator as JSON values."""
    feedback = report.feedback
    return {
        "annotator": report.annotator,
        "finished": report.finished,
        "reviewed": len(report.documents),
        "correct": feedback.correct,
        "errors": {error.value: count for error, count in feedback.totals.items()},
        "comments": feedback.comments,
        "returned": [
            {
                "document": returned.document,
                "comment": returned.comment,
                "who": returned.who,
                "when": returned.when,
            }
            for returned in report.returned.values()
        ],
        "left_out": list(report.left_out),
    }


def as_record(report: FeedbackReport) -> dict[str, Any]:
    """All of one annotator's feedback as JSON values; offsets are half-open, in code points."""
    labels = [
        {
            "label": label.label,
            "gold": label.gold,
            "correct": label.correct,
            "errors": {error.value: count for error, count in label.errors.items()},
        }
        for label in report.feedback.labels
    ]
    return {
        **summary(report),
        "labels": labels,
        "documents": [_document(document) for document in report.documents],
    }


def _document(feedback: DocumentFeedback) -> dict[str, Any]:
    document = feedback.document

    def span(labelled: Labelled | None) -> dict[str, Any] | None:
        if labelled is None:
            return None
        text = document.text[labelled.start : labelled.end]
        return {"start": labelled.start, "end": labelled.end, "label": labelled.label, "text": text}

    return {
        "document": document.id,
        "title": document.title,
        "correct": feedback.correct,
        "findings": [
            {
                "error": finding.error.value,
                "own": span(finding.own),
                "gold": span(finding.gold),
                "comments": [_comment(comment) for comment in finding.comments],
            }
            for finding in feedback.findings
        ],
        "remarks": [_comment(comment) for comment in feedback.remarks],
    }


def _comment(comment: Comment) -> dict[str, Any]:
    return {"start": comment.start, "end": comment.end, "text": comment.text, "to": list(comment.to)}
