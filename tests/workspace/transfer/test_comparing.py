"""Comparing two files: the same annotations in whatever format, and what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.formats.registry import write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from annotator.workspace.transfer.comparing import Comparison, compare

TEXT = "Ana Silva  left Porto.\n\nBo stayed."
SPANS = (Span(0, 9, "PER"), Span(16, 21, "LOC"), Span(24, 26, "PER"))

Compare = Callable[[list[AnnotatedDocument], list[AnnotatedDocument]], Comparison]


def annotated(*spans: Span, text: str = TEXT, **changes: Any) -> AnnotatedDocument:
    document = new_document(text, tokens=stand_in_tokens(text))
    return AnnotatedDocument(document, spans, **{"status": Status.DONE, **changes})


@pytest.fixture
def compared(tmp_path: Path) -> Compare:
    """Compare two lists of documents through JSONL."""

    def both(first: list[AnnotatedDocument], second: list[AnnotatedDocument]) -> Comparison:
        write(first, tmp_path / "A.jsonl")
        write(second, tmp_path / "B.jsonl")
        return compare(
            [tmp_path / "A.jsonl"],
            [tmp_path / "B.jsonl"],
            names=("A", "B"),
            options=ReadOptions(every_set=True),
            reports=(Report(), Report()),
        )

    return both


@pytest.mark.parametrize(
    "name", ["out.conll", "out.conllu", "out.spacy", "out.doccano.jsonl", "out.csv", "out.tsv"]
)
def test_every_format_holds_the_same_annotations(tmp_path: Path, name: str) -> None:
    documents = [annotated(*SPANS), annotated(text="Nobody here.")]
    write(documents, tmp_path / "in.jsonl")
    write(documents, tmp_path / name, format="tsv" if name == "out.tsv" else None)
    found = compare(
        [tmp_path / "in.jsonl"],
        [tmp_path / name],
        names=("A", "B"),
        formats=(None, "tsv" if name == "out.tsv" else None),
        options=ReadOptions(every_set=True),
        reports=(Report(), Report()),
    )
    assert (found.differences, found.documents, found.spans) == ([], 2, 3)


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        (SPANS[:2], "PER 'Bo' is in A only"),
        ((*SPANS, Span(27, 33, "X")), "X 'stayed' is in B only"),
        ((replace(SPANS[0], note="why"), *SPANS[1:]), "PER 'Ana Silva' has the note '' in A, 'why' in B"),
        ((replace(SPANS[0], doubt=True), *SPANS[1:]), "PER 'Ana Silva' has the doubt False in A, True in B"),
        (
            (replace(SPANS[0], kb_id="Q1"), *SPANS[1:]),
            "PER 'Ana Silva' has the knowledge base id '' in A, 'Q1' in B",
        ),
    ],
)
def test_what_differs_is_named(compared: Compare, spans: tuple[Span, ...], message: str) -> None:
    found = compared([annotated(*SPANS)], [annotated(*spans)])
    assert [each.message for each in found.differences] == [message]


def test_another_label_is_one_span_less_and_one_more(compared: Compare) -> None:
    found = compared([annotated(Span(0, 9, "PER"))], [annotated(Span(0, 9, "ORG"))])
    assert [each.message for each in found.differences] == [
        "ORG 'Ana Silva' is in B only",
        "PER 'Ana Silva' is in A only",
    ]


def test_nothing_here_is_not_the_same_as_not_annotated(compared: Compare) -> None:
    found = compared([annotated()], [annotated(status=Status.TODO)])
    assert [each.message for each in found.differences] == ["is annotated in A, and not in B"]
    assert compared([annotated()], [annotated()]).is_same


def test_sets_are_paired_by_annotator_where_there_are_several(compared: Compare) -> None:
    ada, ben = annotated(*SPANS, annotator="ada"), annotated(*SPANS[:1], annotator="ben")
    assert compared([ada, ben], [ben, ada]).is_same
    found = compared([ada, ben], [ben])
    assert [each.message for each in found.differences] == ["ada's set with 3 spans is in A only"]
    assert compared([ada], [replace(ada, annotator=None)]).is_same


def test_documents_of_one_side_are_named(compared: Compare) -> None:
    found = compared([annotated(*SPANS), annotated(text="More.")], [annotated(*SPANS)])
    assert [(each.title, each.message) for each in found.differences] == [
        ("More.", "a set without a name with 0 spans is in A only")
    ]


def test_a_shift_by_a_letter_differs_and_white_space_does_not(compared: Compare) -> None:
    spaced = annotated(Span(0, 10, "PER"), text=TEXT.replace("Ana Silva", "Ana  Silva"))
    found = compared([annotated(Span(0, 9, "PER"))], [spaced])
    assert (found.is_same, found.spaced) == (True, 1)
    assert not compared([annotated(Span(0, 9, "PER"))], [annotated(Span(0, 8, "PER"))]).is_same
