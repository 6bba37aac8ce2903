"""Files that hold several annotators' work come in as several annotators' sets."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.exchange import ReadOptions, Report
from annotator.model.decisions import Status
from annotator.store.repository import Store
from annotator.workspace.transfer.imported_names import LegalNames
from annotator.workspace.transfer.importing import ImportReport, import_files

DATA = os.environ.get("ANNOTATOR_EXTERNAL_DATA")
SPAN = {"start": 0, "end": 3, "label": "PERSON"}


@pytest.fixture
def bring_in(tmp_path: Path):
    """Import rows into one store; the store and what was reported."""

    def bring(*rows: dict[str, object], **options: object) -> tuple[Store, ImportReport]:
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return import_files(tmp_path / "S", [path], options=ReadOptions(), reading=Report(), **options)

    return bring


def test_each_set_goes_to_whom_the_row_names_and_the_result_to_gold(bring_in) -> None:
    versions = [{"spans": [SPAN], "sessions": ["db-ada"]}, {"spans": [], "sessions": ["db-ben"]}]
    row = {"id": "one", "text": "Ada met Bob.", "spans": [SPAN], "answer": "accept", "versions": versions}
    store, report = bring_in(row | {"_annotator_id": "lead"})
    assert store.annotators(gold=True) == ["db-ada", "db-ben", "gold"]
    gold = store.load_set("one", "gold", gold=True)
    assert ({each.who for each in gold.decisions}, gold.status) == ({"lead"}, Status.DONE)
    assert store.load_set("one", "db-ben").status is Status.DONE
    assert report.summary == "1 document, 3 sets by db-ada, db-ben, gold, with 2 spans"
    _, again = bring_in(row)
    assert (again.sets, again.known_sets, again.known_documents) == (0, 3, 1)


def test_annotator_takes_the_rows_own_spans_alone(bring_in) -> None:
    row = {"text": "Ada", "answer": "accept", "versions": [{"spans": [], "sessions": ["ada"]}]}
    store, _ = bring_in(row, annotator="eve")
    assert store.annotators(gold=True) == ["eve"]
    with pytest.raises(InputError, match="several annotators"):
        bring_in({"text": "Bob", "annotators": {"ada": []}}, annotator="eve")


def test_names_are_made_legal_and_told(bring_in) -> None:
    names = ["José Núñez", "Jose Nunez", "小林", "x" * 80, "con", "../up", "fine.name"]
    store, report = bring_in({"text": "Ada", "annotators": {name: [] for name in names}})
    assert set(report.names) == set(names) - {"fine.name"}
    assert report.names["José Núñez"] == "Jose-Nunez"
    assert report.names["Jose Nunez"].startswith("Jose-Nunez-")
    assert sorted(store.annotators()) == sorted({*report.names.values(), "fine.name"})
    _, again = bring_in({"text": "Ada", "annotators": {name: [] for name in names}})
    assert (again.sets, again.known_sets) == (0, 7)


def test_capitals_alone_do_not_tell_two_apart() -> None:
    names = LegalNames(["ada"])
    assert names.legal("ada") == "ada"
    assert names.legal("Ada").startswith("Ada-")
    assert names.legal("Ada") == names.legal("Ada")


@pytest.mark.parametrize("name", ["gold", "Gold"])
def test_nobody_in_a_file_is_called_gold(bring_in, name) -> None:
    with pytest.raises(InputError, match="what reviews produce"):
        bring_in({"text": "Ada", "annotators": {name: []}})


def test_labels_are_added_on_request(bring_in) -> None:
    rows = [{"text": "Ada", "annotators": {"a": []}}, {"text": "Bob", "annotators": {"a": [[0, 3, "NEW"]]}}]
    store, report = bring_in(*rows, adds_labels=True)
    assert (list(store.info.label_set.by_name), report.new_labels) == (["NEW"], ["NEW"])
    store, report = bring_in({"text": "Cy", "annotators": {"a": [[0, 2, "MORE"]]}}, adds_labels=True)
    assert (list(store.info.label_set.by_name), report.new_labels) == (["NEW", "MORE"], ["MORE"])
    _, report = bring_in({"text": "Di", "annotators": {"a": [[0, 2, "two\tcells"]]}}, adds_labels=True)
    assert "cannot be the name of a label" in report.problems[0].message


@pytest.mark.skipif(DATA is None, reason="ANNOTATOR_EXTERNAL_DATA names no folder")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "documents", "sets", "spans"),
    [
        ("neurotrialner-r1", 488, {"A": 488, "B": 488, "C": 488}, 11_574),
        ("nemo-pilot", 800, dict.fromkeys("abcdefghijkl", 400) | {"gold": 800}, None),
    ],
)
def test_published_rounds_come_in_as_several_annotators(tmp_path, name, documents, sets, spans) -> None:
    path = Path(DATA or "") / f"{name}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    options = {"options": ReadOptions(), "reading": Report(), "adds_labels": True}
    store, report = import_files(tmp_path / "S", [path], **options)
    assert (report.documents, report.known_documents, report.annotators) == (documents, 0, sets)
    assert report.problems == []
    assert spans in (None, report.spans)
    for row in rows[:20]:
        for annotator, given in row["annotators"].items():
            found = store.load_set(row["id"], annotator)
            assert found.status is Status.DONE
            assert len(found.spans) == len(given)
            if "text" in row:
                assert {(each.start, each.end, each.label) for each in found.spans} == {*map(tuple, given)}
