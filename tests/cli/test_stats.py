"""`annotator stats`: figures of a store, as text and as JSON."""

from __future__ import annotations

import json

import pytest

from annotator.cli.main import run
from annotator.model.resources import corpora_path


@pytest.fixture
def store(tmp_path, capsys) -> str:
    path = str(tmp_path / "store")
    for name in ("mira", "jonas"):
        assert (
            run(
                [
                    "import",
                    str(corpora_path() / "news" / f"{name}.jsonl"),
                    "--store",
                    path,
                    "--annotator",
                    name,
                ]
            )
            == 0
        )
    capsys.readouterr()
    return path


def test_it_counts_what_is_there(store, capsys):
    assert run(["stats", "--store", store, "--annotator", "mira"]) == 0
    said = capsys.readouterr().out
    assert "mira in " in said
    assert "done" in said
    assert "389 spans" in said
    assert "PERSON" in said


def test_json_has_every_figure(store, capsys):
    assert run(["stats", "--store", store, "--annotator", "jonas", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == {"todo": 0, "started": 0, "done": 6, "skipped": 0}
    assert sum(found["labels"].values()) == 392
    assert found["all"]["cost"]["documents"] == 0  # imported: nobody has pressed a key
    assert found["outcomes"] == []
    assert sum(each["spans"] for each in found["finished"]) == 392


def test_a_name_without_work_is_told_with_those_that_have_some(store, capsys):
    assert run(["stats", "--store", store, "--annotator", "nobody"]) == 1
    said = capsys.readouterr().err
    assert "nobody has annotated nothing" in said
    assert "jonas, mira" in said
