"""Ids that are unique in each file only never let a document vanish, nor two documents share one."""

from __future__ import annotations

import json

from annotator.formats.registry import read, write


def _rows(*texts: str) -> str:
    return "\n".join(json.dumps({"id": at, "text": text, "spans": []}) for at, text in enumerate(texts))


def test_the_later_file_gives_its_name_to_ids_that_clash(written, read_all) -> None:
    train, valid = written("train.jsonl", _rows("a", "b")), written("valid.jsonl", _rows("c", "b"))
    found, report = read_all(train, valid)
    assert [each.document.id for each in found] == ["0", "1", "valid/0", "1"]
    assert "'0' is that of another text; this one is called 'valid/0'" in report.problems[0].message
    assert not report.lost.total()


def test_files_of_one_name_are_told_apart_by_their_folders(written, read_all) -> None:
    paths = [written(f"{part}/data.jsonl", _rows(part)) for part in ("a", "b", "c")]
    found, _ = read_all(*paths)
    assert [each.document.id for each in found] == ["0", "data/0", "c/data/0"]


def test_documents_called_by_files_of_one_name(written, read_all) -> None:
    for part in ("train", "test"):
        written(f"{part}/1.txt", f"{part} text")
        written(f"{part}/1.ann", "")
    train, test = (written(f"{part}/1.ann", "") for part in ("train", "test"))
    found, _ = read_all(train.parent, test.parent)
    assert [each.document.id for each in found] == ["1", "test/1"]


def test_one_id_twice_in_a_file(written, read_all, tmp_path) -> None:
    rows = [json.dumps({"id": "x", "text": text, "answer": "accept"}) for text in "abc"]
    found, _ = read_all(written("a.jsonl", "\n".join(rows)))
    ids = [each.document.id for each in found]
    assert len(set(ids)) == 3
    write(found, tmp_path / "out.jsonl")
    assert [each.document.id for each in read([tmp_path / "out.jsonl"])] == ids


def test_a_prefix_can_be_asked_for(written, read_all) -> None:
    found, report = read_all(written("a.jsonl", _rows("a", "b")), id_prefix="test/")
    assert [each.document.id for each in found] == ["test/0", "test/1"]
    assert not report.problems
