"""`annotator formats`, `import --dry-run` and `convert --check` as a person gives them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.formats.formats_table import FORMATS
from annotator.formats.losses import FIELDS, Weight

ROW = {"text": "Ana left.", "id": "a", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with one annotated row, and no settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    return tmp_path


def test_all_formats_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["formats"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["format", *FORMATS]
    assert run(["formats", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found] == list(FORMATS)
    assert {each["extra"] for each in found} >= {None, "cas", "parquet", "office"}


def test_one_format_is_told_with_what_it_holds_and_loses(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["formats", "conll"]) == 0
    told = capsys.readouterr().out
    assert "loses    how far the work on it is, ids, titles, metadata, notes, doubts" in told
    assert run(["formats", "nope"]) == 1
    assert "unknown format nope" in capsys.readouterr().err


@pytest.mark.parametrize("name", [format.name for format in FORMATS.values() if format.write])
def test_what_is_held_and_what_is_lost_are_all_that_there_is(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["formats", name, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    told = {field.name for field in FIELDS.values() if field.weight in (Weight.CONTENT, Weight.DESCRIPTION)}
    assert {*found["holds"], *found["loses"]} == {*told, "overlaps", "several annotators"}
    assert not {*found["holds"]} & {*found["loses"]}


def test_a_dry_run_shows_what_would_be_read_and_stores_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "in.jsonl", "--add-labels", "--dry-run"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "Ana left. (a): done\n    [Ana](PER) left.\n\n"
    assert "nothing was stored; the import would bring 1 document, 1 annotated, with 1 span" in printed.err
    assert not (place / "annotations").exists()


def test_a_dry_run_ends_as_the_import_would(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = {**ROW, "spans": [*ROW["spans"], {"start": 4, "end": 8, "label": "a\tb"}]}
    (place / "in.jsonl").write_text(json.dumps(bad) + "\n", encoding="utf-8")
    assert run(["import", "in.jsonl", "--add-labels", "--dry-run", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["is_dry_run"], found["lost"]) == (True, {"span": 1})
    assert found["shown"][0]["text"] == "[Ana](PER) [left](a\tb)."
    assert run(["import", "in.jsonl", "--add-labels", "--dry-run", "--on-error", "skip"]) == 0


def test_a_check_says_whether_two_files_are_the_same(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = {**ROW, "spans": [{"start": 0, "end": 3, "label": "ORG"}]}
    (place / "other.jsonl").write_text(json.dumps(other) + "\n", encoding="utf-8")
    assert run(["convert", "--check", "in.jsonl", "in.jsonl"]) == 0
    assert capsys.readouterr().err == "the same annotations: 1 document, 1 span\n"
    assert run(["convert", "--check", "in.jsonl", "other.jsonl"]) == 1
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "Ana left. (a): ORG 'Ana' is in other.jsonl only",
        "Ana left. (a): PER 'Ana' is in in.jsonl only",
    ]
    assert printed.err == "2 differences in 1 document, 1 span\n"
    assert run(["convert", "--check", "in.jsonl", "other.jsonl", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["is_same"] is False


def test_a_check_of_what_was_not_read_whole_is_no_agreement(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = {"data": {"text": "Ana left."}, "annotations": [{"result": [{"value": {"start": 0, "end": 3}}]}]}
    (place / "a.json").write_text(json.dumps([task]), encoding="utf-8")
    assert run(["convert", "--check", "a.json", "a.json"]) == 1
    assert "lost: 2 spans" in capsys.readouterr().err
