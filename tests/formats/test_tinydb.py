"""One TinyDB file of everything: stock TinyDB reads it, and it comes back as it was."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report, WriteOptions
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from tests.formats.generated import annotated_documents, id_of

OPTIONS = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
ADA = AnnotatedDocument(
    new_document("Ada Lovelace wrote to Babbage.", id="ada"),
    spans=(Span(0, 12, "PER", note="née Byron"), Span(22, 29, "PER")),
    status=Status.DONE,
    annotator="kim",
)
NOTHING = AnnotatedDocument(new_document("Nobody.", id="nobody"), status=Status.DONE)


@pytest.fixture(autouse=True)
def _no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@OPTIONS
@given(
    st.lists(
        annotated_documents(aligned=False, surrogates=True, suggestions=True), max_size=3, unique_by=id_of
    )
)
def test_it_holds_all_there_is(tmp_path: Path, documents: list[AnnotatedDocument]) -> None:
    path = tmp_path / "out.tinydb"
    write(documents, path, options=WriteOptions(provenance=True))
    back = list(read([path]))
    assert back == documents
    assert [each.document.tokens for each in back] == [each.document.tokens for each in documents]
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        assert len(stock.table("documents")) == len(documents)
        for row in stock.table("documents"):
            spans = stock.table("spans").search(where("document") == row.doc_id)
            assert len(spans) == row.get("spans", 0)
            assert all(span["text"] == row["text"][span["start"] : span["end"]] for span in spans)


def test_a_record_stands_on_a_line_and_the_format_is_told_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    write([ADA, NOTHING], path, format="tinydb")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 10
    assert json.loads(lines[2].partition(": ")[2].rstrip(","))["id"] == "ada"
    assert list(read([path])) == [ADA, NOTHING]
    write([], path, format="tinydb")
    assert list(read([path])) == []


def test_what_stock_tinydb_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    with TinyDB(path, encoding="utf-8") as stock:
        number = stock.table("documents").insert(
            {"text": "Ada wrote.", "id": "x", "answer": "accept", "spans": 1}
        )
        stock.table("spans").insert({"document": number, "start": 0, "end": 3, "label": "PER"})
    [annotated] = read([path])
    assert annotated.spans == (Span(0, 3, "PER"),)
    assert annotated.status is Status.DONE


def _changed(tmp_path: Path, change) -> Path:
    path = tmp_path / "gold.tinydb"
    write([ADA, NOTHING], path)
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda content: content["spans"].pop("2"),
            "record 1 of documents: it should have 2 spans, but has 1",
        ),
        (lambda content: content["documents"].pop("1"), "record 1 of spans: its document is not there"),
        (lambda content: content["spans"]["2"].update(end=99), "outside the text"),
        (lambda content: content["documents"]["2"].pop("text"), 'no "text"'),
        (lambda content: content["documents"].update(x={}), "'x' is not the number"),
        (lambda content: content["documents"].update({"3": 4}), "'3' is not the number"),
        (lambda content: content.update(spans=[]), "spans is not a table"),
        (lambda content: content.pop("documents"), "has no table documents"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, change, reason: str) -> None:
    path = _changed(tmp_path, change)
    with pytest.raises(InputError, match=reason) as told:
        list(read([path], format="tinydb"))
    assert told.value.hint


def test_what_is_broken_can_be_left_out(tmp_path: Path) -> None:
    path = _changed(
        tmp_path, lambda content: (content["documents"]["1"].pop("text"), content["spans"].pop("2"))
    )
    report = Report()
    assert list(read([path], options=ReadOptions(on_error=OnError.SKIP), report=report)) == [NOTHING]
    assert [problem.message for problem in report.problems] == [
        "it should have 2 spans, but has 1",
        'no "text"; the document is left out',
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"documents": {"1": {"text": "a", "text": "b"}}}', "stands twice"),
        ('{"documents": {"1": {"text": "a"', "not JSON"),
        ('{"documents": {"1": {"meta": NaN}}}', "NaN is no number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_tinydb_file_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bad.tinydb"
    path.write_text(text)
    with pytest.raises(InputError, match=reason):
        list(read([path]))


def test_writing_keeps_no_documents(tmp_path: Path) -> None:
    text = "Ada Lovelace wrote to Babbage. " * 100
    documents = (
        AnnotatedDocument(new_document(text, id=str(number)), (Span(0, 3, "PER"),), Status.DONE)
        for number in range(3000)
    )
    tracemalloc.start()
    try:
        write(documents, tmp_path / "gold.tinydb")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (tmp_path / "gold.tinydb").stat().st_size > 9_000_000
    assert peak < 2_000_000
