"""Importing: whose the spans are, what each answer of a row means, and that nothing comes in twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.errors import InputError, LabelSetError
from annotator.formats.choices import OnError
from annotator.formats.exchange import ReadOptions, Report
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Status
from annotator.store.repository import Store
from annotator.workspace.transfer.importing import ImportReport, import_files


@pytest.fixture
def bring_in(tmp_path: Path):
    """Import rows, a dictionary each, into one store; the store and what was reported."""

    def bring(*rows: dict[str, object], **options: object) -> tuple[Store, ImportReport]:
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return import_files(tmp_path / "S", [path], options=ReadOptions(), reading=Report(), **options)

    return bring


def row(text: str = "Bob met Ann.", **changes: object) -> dict[str, object]:
    return {"text": text, "id": "one", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], **changes}


def the_set(store: Store, annotator: str = "imported") -> AnnotationSet:
    return store.load_set("one", annotator)


def facts(annotation_set: AnnotationSet) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.label) for each in annotation_set.spans]


def test_accepted_rows_are_done_by_import(bring_in) -> None:
    store, report = bring_in(row(answer="accept"))
    found = the_set(store)
    assert (found.status, facts(found)) == (Status.DONE, [(0, 3, "PERSON")])
    assert {decision.by for decision in found.decisions} == {By.IMPORT}
    assert found.last_step == 1
    assert report.summary == "1 document, 1 annotated, with 1 span"


def test_ignored_rows_are_skipped(bring_in) -> None:
    store, _ = bring_in(row(answer="ignore"))
    assert the_set(store).status is Status.SKIPPED


def test_rejected_rows_are_rejections_and_no_spans(bring_in) -> None:
    store, _ = bring_in(row(answer="reject"))
    found = the_set(store)
    assert facts(found) == []
    assert [(each.start, each.end, each.label) for each in found.rejections] == [(0, 3, "PERSON")]


def test_rows_without_an_answer_are_suggestions(bring_in) -> None:
    store, report = bring_in(row())
    assert the_set(store).revision == 0
    assert [(each.start, each.end, each.label) for each in store.imported_suggestions("one")] == [
        (0, 3, "PERSON")
    ]
    assert report.summary == "1 document, 1 suggestion"


def test_rows_without_spans_are_documents_and_nothing_else(bring_in) -> None:
    store, _ = bring_in({"text": "Bob.", "id": "one"})
    assert the_set(store).revision == 0
    assert store.imported_suggestions("one") == ()


@pytest.mark.parametrize(
    ("in_the_row", "asked", "owner"),
    [
        ({}, None, "imported"),
        ({"_annotator_id": "kim"}, None, "kim"),
        ({"_annotator_id": "kim"}, "ann", "ann"),
    ],
)
def test_spans_belong_to_who_is_asked_for_then_to_who_the_file_names(
    bring_in, in_the_row, asked, owner
) -> None:
    store, _ = bring_in(row(answer="accept", **in_the_row), annotator=asked)
    assert store.annotators() == [owner]
    assert the_set(store, owner).annotator == owner


def test_the_same_again_adds_nothing(bring_in, tmp_path: Path) -> None:
    rows = [
        row(answer="accept"),
        {"text": "No id and no span."},
        row("Ann.", id="two", spans=[], answer="accept"),
    ]
    bring_in(*rows)
    store = tmp_path / "S"
    before = {path: path.read_bytes() for path in store.rglob("*.json") if ".cache" not in path.parts}
    _, report = bring_in(*rows)
    assert report.summary == "0 documents, 3 were there already"
    assert report.known_sets == 2
    assert {path: path.read_bytes() for path in store.rglob("*.json") if ".cache" not in path.parts} == before


def test_other_spans_for_the_same_annotator_are_told_and_left_alone(bring_in) -> None:
    bring_in(row(answer="accept"))
    store, report = bring_in(row(answer="accept", spans=[{"start": 8, "end": 11, "label": "PERSON"}]))
    assert report.summary == "0 documents, 1 were there already, 1 annotated otherwise here and left alone"
    assert facts(the_set(store)) == [(0, 3, "PERSON")]


def test_another_text_for_the_same_id_is_told_and_the_rest_comes_in(bring_in) -> None:
    bring_in(row(answer="accept"))
    store, report = bring_in(row("Bob met Eve."), row("Ann.", id="two", spans=[]))
    assert [problem.document for problem in report.problems] == ["one"]
    assert "another text under the name of a known document, one" in report.problems[0].message
    assert "--id-prefix" in report.problems[0].message
    assert store.document("one").text == "Bob met Ann."
    assert store.catalogue.ids == ["one", "two"]
    assert report.summary.endswith("1 left out")


def test_the_same_text_from_two_files_is_one_document(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Text.\r\n" if name == "a.txt" else "\ufeffText.\n", encoding="utf-8")
    store, report = import_files(tmp_path / "S", [tmp_path], options=ReadOptions(), reading=Report())
    assert report.summary == "1 document, 1 were there already"
    assert [store.document(each).text for each in store.catalogue.ids] == ["Text.\n"]


def test_a_new_store_has_the_labels_and_the_model_that_are_asked_for(bring_in) -> None:
    store, _ = bring_in({"text": "Bob."}, labels="conll", model="blank:en")
    assert (store.info.label_set.name, store.info.model) == ("conll", "blank:en")
    with pytest.raises(LabelSetError, match="has the label set conll, not news"):
        bring_in({"text": "Ann."}, labels="news")


def test_what_fails_after_a_first_document_keeps_what_came_before(bring_in, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rows\.jsonl:2"):
        bring_in(row(answer="accept"), {"text": 5})
    assert Store.open(tmp_path / "S").catalogue.ids == ["one"]


def test_progress_counts_every_document(bring_in) -> None:
    counts: list[int] = []
    bring_in(row(), {"text": "Ann."}, {"text": "Eve."}, progress=counts.append)
    assert counts == [1, 2, 3]


def test_a_table_of_spans_alone_is_read_against_the_documents_of_the_store(tmp_path: Path, bring_in) -> None:
    bring_in({"text": "Bob met Ann.", "id": "one"})
    spans = tmp_path / "spans.csv"
    spans.write_text("doc_id,start,end,label\none,0,3,PERSON\ntwo,0,3,PERSON\n", encoding="utf-8")
    reading = Report()
    with pytest.raises(InputError, match="document 'two', whose text is neither here nor known"):
        import_files(tmp_path / "S", [spans], options=ReadOptions(), reading=reading)
    store, report = import_files(
        tmp_path / "S", [spans], options=ReadOptions(on_error=OnError.SKIP), reading=reading
    )
    assert (report.known_documents, report.known_sets) == (1, 1)
    assert facts(the_set(store)) == [(0, 3, "PERSON")]
