"""Named pipes given as files: nothing waits for a program that never comes."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.formats import sources

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")

ROW = {"text": "Ada met Bob.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], "answer": "accept"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store and a named pipe."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("ANNOTATOR_NAME", "kim")
    monkeypatch.setattr(sources, "PIPE_PATIENCE", 0.1)
    Path("in.jsonl").write_text(json.dumps(ROW) + "\n")
    assert run(["import", "in.jsonl", "--store", "S"]) == 0
    os.mkfifo("pipe")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        "import pipe --store S",
        "import pipe --store S --format conll",
        "import in.jsonl --store new --labels pipe",
        "convert pipe out.jsonl",
        "convert in.jsonl pipe --to jsonl",
        "convert in.jsonl out.jsonl --labels pipe",
        "export pipe --format jsonl --store S --all",
        "suggest --store S --model blank:en --patterns pipe",
        "merge pipe --store S",
        "merge-driver pipe in.jsonl in.jsonl",
        "backup --restore pipe new",
        "backup pipe --store S",
        "stats --store pipe",
    ],
)
def test_a_pipe_that_nobody_uses_is_refused(
    arguments: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended: list[int] = []
    command = threading.Thread(target=lambda: ended.append(run(arguments.split())), daemon=True)
    command.start()
    command.join(30)
    assert ended == [1], "it waits" if not ended else capsys.readouterr()
    assert "pipe" in capsys.readouterr().err


def test_settings_in_a_pipe_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(folder / "pipe"))
    assert run(["stats", "--store", "S"]) == 1
    assert "it is not a file" in capsys.readouterr().err


def test_a_pipe_that_somebody_writes_to_is_read(folder: Path) -> None:
    """As in `annotator import <(program)`; what comes late, after the pipe was opened, is waited for."""
    begun = threading.Event()

    def write() -> None:
        with Path("pipe").open("wb") as pipe:
            begun.wait(10)
            pipe.write(Path("in.jsonl").read_bytes())

    writer = threading.Thread(target=write)
    writer.start()
    threading.Timer(0.3, begun.set).start()
    assert run(["import", "pipe", "--store", "new", "--format", "jsonl"]) == 0
    writer.join()
