"""`annotator convert` as a person gives it: pipes, formats by name, errors in one message."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from annotator.cli.main import run

ROW = {"text": "Ana 1st", "id": "a", "spans": [{"start": 4, "end": 5, "label": "NUM"}], "answer": "accept"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, and no settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    (tmp_path / "in.conll").write_text("Ana B-PER\nBo I-PER\n", encoding="utf-8")
    return tmp_path


def test_totals_are_told_and_files_appear(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["convert", "in.conll", "out.jsonl"]) == 0
    assert capsys.readouterr().err == "out.jsonl: 1 document, 1 span\n"
    assert json.loads((place / "out.jsonl").read_text())["text"] == "Ana Bo"


def test_pipes_are_read_and_written(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Ana B-PER\nBo I-PER\n")))
    assert run(["convert", "-", "-", "--to", "conll", "--tags", "bioes"]) == 0
    assert capfdbinary.readouterr().out == b"-DOCSTART- -X- O O\n\nAna B-PER\nBo E-PER\n\n"


def test_misaligned_spans_are_listed_and_skipped_on_request(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["convert", "in.jsonl", "out.conll"]) == 1
    assert "NUM [4, 5) '1' is off the tokens' edges" in capsys.readouterr().err
    assert not (place / "out.conll").exists()
    assert run(["convert", "in.jsonl", "out.conll", "--on-misaligned", "skip"]) == 0
    assert capsys.readouterr().err.endswith("out.conll: 1 document, 0 spans, 1 left out\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["in.conll"], 2, "OUT"),
        (["in.conll", "out.xyz"], 1, "out.xyz names no format"),
        (["none.conll", "out.jsonl"], 1, "none.conll does not exist"),
        (["in.conll", "out.jsonl", "--labels", "news"], 1, "in.conll:1: unknown label PER"),
        (["in.conll", "out.jsonl", "--from", "word"], 1, "unknown format word"),
    ],
)
def test_mistakes_are_told(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    assert run(["convert", *arguments]) == code
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said
