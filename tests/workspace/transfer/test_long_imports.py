"""An import of any length costs the memory of one document, tells how far it is, and goes on where it stopped."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read
from annotator.model.labels import LabelSet
from annotator.store.check import check
from annotator.store.files import Disk, Files
from annotator.store.repository import Store
from annotator.workspace.transfer.importing import import_documents

TEXT = "Ada Lovelace wrote to Charles Babbage about the engine. " * 40

A_ROW = 2500
"""Bytes that the catalogue may take for a document and its set, while it is written at the end."""


class QuickDisk(Disk):
    """A disk that need not outlive a power cut."""

    def sync(self, descriptor: int) -> None:
        pass


def _rows(path: Path, count: int, text: str = TEXT) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            span = {"start": 0, "end": 12, "label": "PER"}
            row = {"text": f"{text}{number}", "id": f"d{number:06d}", "spans": [span], "answer": "accept"}
            file.write(json.dumps(row) + "\n")
    return path


def _store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", label_set=LabelSet.from_names("n", ["PER"]), disk=QuickDisk())


def _peak(folder: Path, source: Path) -> int:
    """The most bytes that an import has held at a time."""
    folder.mkdir()
    store = _store(folder)
    tracemalloc.start()
    try:
        import_documents(store, read([source]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak


def test_a_row_costs_the_same_memory_however_long_its_text_is(tmp_path):
    growth = []
    for times in (1, 8):
        few, many = (
            min(  # now and then one import makes the interpreter's table of known strings grow, by megabytes
                _peak(tmp_path / f"{times} {count} {turn}", _rows(tmp_path / "in.jsonl", count, TEXT * times))
                for turn in (1, 2)
            )
            for count in (150, 600)
        )
        growth.append((many - few) / 450)
    assert growth[1] < growth[0] + len(TEXT) / 2
    assert growth[1] < A_ROW


@pytest.mark.slow
def test_twenty_thousand_rows_cost_what_their_lines_in_the_catalogue_do(tmp_path):
    source = tmp_path / "in.jsonl"
    with source.open("w", encoding="utf-8") as file:
        file.writelines(f'{{"text": "{TEXT * 2}{number}", "id": "d{number}"}}\n' for number in range(20_000))
    assert source.stat().st_size > 2 * 20_000 * len(TEXT)
    assert _peak(tmp_path / "store", source) < 20_000 * A_ROW


class InterruptedImportError(BaseException):
    """Somebody pressed Ctrl-C, or the power went."""


def _interrupted(items: Iterator[AnnotatedDocument], after: int) -> Iterator[AnnotatedDocument]:
    for number, item in enumerate(items):
        if number == after:
            raise InterruptedImportError
        yield item


@pytest.mark.parametrize("after", [0, 1, 70, 99])
def test_an_interrupted_import_goes_on_where_it_stopped(tmp_path, after):
    source = _rows(tmp_path / "in.jsonl", 100, "Ada Lovelace ")
    with pytest.raises(InterruptedImportError):
        import_documents(_store(tmp_path), _interrupted(read([source]), after))
    again = Store.open(tmp_path / "store")
    assert len(again.catalogue) == after
    assert list(check(Files(again.path))) == []
    report = import_documents(again, read([source]))
    assert (report.documents, report.known_documents) == (100 - after, after)
    assert (report.sets, report.known_sets) == (100 - after, after)
    assert again.catalogue.ids == [f"d{number:06d}" for number in range(100)]
    assert list(check(Files(again.path))) == []


def test_it_tells_how_many_have_come(tmp_path):
    told: list[int] = []
    import_documents(
        _store(tmp_path), read([_rows(tmp_path / "in.jsonl", 5, "Ada Lovelace ")]), progress=told.append
    )
    assert told == [1, 2, 3, 4, 5]
