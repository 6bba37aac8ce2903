"""What of an annotator's work a format has no place for, so that no export drops it in silence."""

from __future__ import annotations

from collections.abc import Container, Sequence

from annotator.formats.exchange import AnnotatedDocument, Problem, Report
from annotator.model.spans import Span

NOTES, DOUBTS, KB_IDS = "notes", "doubts", "knowledge base ids"
OVERLAPS, SEVERAL = "overlaps", "several annotators"
"""What a format may hold beyond flat spans."""
ALL = frozenset({NOTES, DOUBTS, KB_IDS, OVERLAPS})
"""Everything of one annotator's work."""


def report_losses(
    annotated: AnnotatedDocument, spans: Sequence[Span], report: Report, *, holds: Container[str]
) -> None:
    """Report, once a document, how many notes, doubts and knowledge base ids of `spans` are not written."""
    counts = {
        NOTES: sum(bool(span.note) for span in spans),
        DOUBTS: sum(span.doubt for span in spans),
        KB_IDS: sum(bool(span.kb_id) for span in spans),
    }
    lost = [f"{what}: {count}" for what, count in counts.items() if count and what not in holds]
    if lost:
        document = annotated.document
        report.add(Problem(document.id, document.title, f"not written are {', '.join(lost)}"))
