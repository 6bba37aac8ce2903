"""doccano's JSONL: its own examples, both ways of writing spans, and what goes back to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import write
from annotator.model.decisions import Status
from annotator.model.documents import new_document, text_hash
from annotator.model.spans import Span
from tests.formats.generated import annotated_documents, id_of, span_facts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        annotated_documents(aligned=False, surrogates=True, statuses=(Status.DONE,)),
        max_size=3,
        unique_by=id_of,
    )
)
def test_texts_ids_and_spans_come_back(there_and_back, documents: list[AnnotatedDocument]) -> None:
    back, report = there_and_back(documents, "doccano")
    assert [(each.document.id, each.document.text) for each in back] == [
        (each.document.id, each.document.text) for each in documents
    ]
    assert [set(span_facts(each)) for each in back] == [set(span_facts(each)) for each in documents]
    assert all(
        each.document.meta.items() >= other.document.meta.items()
        for each, other in zip(back, documents, strict=True)
    )
    assert report.documents == len(documents)


@pytest.mark.parametrize(
    ("name", "documents", "spans", "problem"),
    [
        ("sequence_labeling/example.jsonl", 2, 1, 'example.jsonl:3: no "text"; the line is left out'),
        ("sequence_labeling/example_overlapping.jsonl", 1, 1, "LOC [0, 1) is there twice; taken once"),
        ("relation_extraction/example.jsonl", 1, 4, "relations are kept as metadata, not shown"),
    ],
)
def test_doccanos_own_examples_read(
    external: Path, read_all, name: str, documents: int, spans: int, problem: str
) -> None:
    found, report = read_all(external / "doccano" / name, on_error="skip")
    assert (len(found), report.spans) == (documents, spans)
    assert [str(each).endswith(problem) for each in report.problems] == [True]


def test_doccanos_number_is_metadata_and_the_documents_own_id_counts(written, read_all) -> None:
    rows = [
        {"id": 7, "text": "Ana", "label": [[0, 3, "PER"]], "Comments": ["?"]},
        {"id": 8, "text": "Bo", "label": [], "document_id": "b", "meta": {"page": 1}},
        {"id": 9, "text": "Cy"},
    ]
    path = written("a.jsonl", "\n".join(map(json.dumps, rows[:2])))
    (ana, bo), report = read_all(path)
    assert (ana.document.id, ana.document.meta) == (text_hash("Ana"), {"id": 7, "Comments": ["?"]})
    assert (bo.document.id, bo.document.meta, bo.status) == ("b", {"id": 8, "page": 1}, Status.DONE)
    assert report.problem_count == 0
    (open_one,), _ = read_all(written("b.jsonl", json.dumps(rows[2])), format="doccano")
    assert open_one.status is Status.TODO


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ([0, 4, "PER"], "span 0: [0, 4) is outside the text"),
        ([2, 2, "PER"], "span 0: [2, 2) is empty or backwards"),
        ([0, 3, "LOC"], "span 0: unknown label LOC"),
        ([0, 3], "span 0 is not a start, an end and a label"),
        ([True, 3, "PER"], "span 0 is not a start, an end and a label"),
        ([0, 3, ""], "span 0 has no label"),
    ],
)
def test_a_broken_span_is_named_or_left_out(written, read_all, label: list[object], message: str) -> None:
    path = written("a.jsonl", json.dumps({"text": "Ana", "label": [label, [0, 1, "PER"]]}))
    with pytest.raises(InputError) as caught:
        read_all(path, labels={"PER"})
    assert f"a.jsonl:1: {message}" in caught.value.message
    (annotated,), report = read_all(path, labels={"PER"}, on_error="skip")
    assert span_facts(annotated) == [(0, 1, "PER", "")]
    assert report.problems[0].message == message


def test_lines_are_as_doccano_imports_them_and_losses_are_reported(tmp_path: Path) -> None:
    document = new_document("Ana 😊 Bo", id="a", meta={"page": 1})
    spans = (Span(6, 8, "PER", note="?"), Span(0, 8, "TEAM", doubt=True, kb_id="Q1"))
    report = write([AnnotatedDocument(document, spans)], tmp_path / "o.doccano.jsonl")
    assert json.loads((tmp_path / "o.doccano.jsonl").read_text()) == {
        "text": "Ana 😊 Bo",
        "label": [[0, 8, "TEAM"], [6, 8, "PER"]],
        "document_id": "a",
        "meta": {"page": 1},
    }
    assert [each.message for each in report.problems] == [
        "not written are notes: 1, doubts: 1, knowledge base ids: 1"
    ]
