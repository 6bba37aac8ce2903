"""A document with its spans in brackets."""

from __future__ import annotations

import pytest

from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.preview import bracketed
from annotator.model.documents import new_document
from annotator.model.spans import Span, Suggestion

TEXT = "Ana Silva left Porto."


@pytest.mark.parametrize(
    ("spans", "shown"),
    [
        ((), TEXT),
        ((Span(0, 9, "PER"), Span(15, 20, "LOC")), "[Ana Silva](PER) left [Porto](LOC)."),
        ((Span(0, 9, "PER"), Span(0, 3, "FIRST")), "[[Ana](FIRST) Silva](PER) left Porto."),
        ((Span(0, 9, "PER"), Span(4, 9, "LAST")), "[Ana [Silva](LAST)](PER) left Porto."),
        ((Span(0, 9, "A"), Span(4, 14, "B")), "[Ana [Silva](A) left](B) Porto."),
        ((Span(0, 3, "A"), Span(3, 9, "B")), "[Ana](A)[ Silva](B) left Porto."),
    ],
)
def test_spans_stand_in_brackets(spans: tuple[Span, ...], shown: str) -> None:
    assert bracketed(AnnotatedDocument(new_document(TEXT), spans), limit=100) == shown


def test_suggestions_are_marked_as_undecided() -> None:
    annotated = AnnotatedDocument(new_document(TEXT), suggestions=(Suggestion(15, 20, "LOC"),))
    assert bracketed(annotated, limit=100) == "Ana Silva left [Porto](LOC?)."


def test_a_long_text_ends_behind_the_last_span_that_began() -> None:
    annotated = AnnotatedDocument(new_document(TEXT), (Span(0, 9, "PER"), Span(15, 20, "LOC")))
    assert bracketed(annotated, limit=5) == "[Ana Silva](PER)…"
    assert bracketed(annotated, limit=12) == "[Ana Silva](PER) le…"
