"""`annotator import --dry-run`: what the import would report, and nothing stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.workspace.transfer.importing import ImportReport, ImportRequest, import_files
from annotator.workspace.transfer.rehearsal import rehearse_import

ROWS: list[dict[str, Any]] = [
    {"text": "Ana left.", "id": "1", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept"},
    {"text": "Bo stayed.", "id": "2", "spans": [{"start": 0, "end": 2, "label": "PER"}]},
]


@pytest.fixture
def rows(tmp_path: Path):
    """Write rows into a file; its path."""

    def write(*given: dict[str, Any]) -> Path:
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
        return path

    return write


def rehearsed(
    store: Path, path: Path, **options: Any
) -> tuple[ImportReport, Report, list[AnnotatedDocument]]:
    seen: list[AnnotatedDocument] = []
    reading = Report()
    request = ImportRequest(options=ReadOptions(), **{"adds_labels": True, **options})
    report = rehearse_import(store, [path], request, reading=reading, on_document=seen.append)
    return report, reading, seen


def contents(store: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in store.rglob("*")
        if path.is_file() and ".cache" not in path.parts
    }


def test_a_new_store_is_not_made(tmp_path: Path, rows) -> None:
    report, _, seen = rehearsed(tmp_path / "S", rows(*ROWS))
    assert report.summary == "2 documents, 1 annotated, with 1 span, 1 suggestion"
    assert [annotated.document.id for annotated in seen] == ["1", "2"]
    assert not (tmp_path / "S").exists()


@pytest.mark.parametrize(
    "second",
    [
        [],
        [{**ROWS[0], "spans": []}],
        [{**ROWS[0], "text": "Another text."}],
        [{**ROWS[0], "id": "3", "text": "New.", "spans": [{"start": 0, "end": 3, "label": "NEW"}]}],
    ],
)
def test_the_report_is_that_of_the_import_into_a_store_that_is_there(tmp_path: Path, rows, second) -> None:
    store = tmp_path / "S"
    import_files(store, [rows(*ROWS)], options=ReadOptions(), adds_labels=True, reading=Report())
    before = contents(store)
    path = rows(*ROWS, *second)
    report, reading, _ = rehearsed(store, path)
    assert contents(store) == before
    real = Report()
    _, imported = import_files(store, [path], options=ReadOptions(), adds_labels=True, reading=real)
    assert report.as_json() == imported.as_json()
    assert (reading.lost, [problem.message for problem in reading.problems]) == (
        real.lost,
        [problem.message for problem in real.problems],
    )


def test_errors_are_those_of_the_import(tmp_path: Path, rows) -> None:
    with pytest.raises(InputError, match="unknown label PER"):
        rehearsed(tmp_path / "S", rows(*ROWS), adds_labels=False, labels="news")
