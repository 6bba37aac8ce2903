"""`annotator import` and `annotator export` as processes: pipes that close, and Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.store.repository import Store

PROGRAM = [sys.executable, "-m", "annotator"]
MANY = 700


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with many annotated rows in `many.jsonl`."""
    for name in [name for name in os.environ if name.startswith("ANNOTATOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    span = {"start": 0, "end": 3, "label": "PERSON"}
    rows = [{"text": f"Bob {number}", "spans": [span], "answer": "accept"} for number in range(MANY)]
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return tmp_path


def test_a_reader_that_has_enough_ends_an_export_silently(place: Path) -> None:
    """As in `annotator export - --format jsonl | head -1`."""
    subprocess.run([*PROGRAM, "import", "many.jsonl"], check=True, capture_output=True)
    with subprocess.Popen(
        [*PROGRAM, "export", "-", "--format", "jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["text"] == "Bob 0"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


def test_an_import_stopped_by_ctrl_c_goes_on_when_it_is_given_again(place: Path) -> None:
    """It says so in one message, and the second import adds what the first had not."""
    with subprocess.Popen([*PROGRAM, "import", "many.jsonl"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while not list((place / "annotations").glob("annotations/imported/*/*.json")):
            assert process.poll() is None, process.stderr.read()
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert said.splitlines()[0] == "annotator: stopped"
    assert "the same command again goes on from there" in said.splitlines()[1]
    assert len(said.splitlines()) == 2
    assert process.returncode == 1

    store = Store.open(place / "annotations")
    before = len(store.catalogue.ids)
    assert 0 < before < MANY
    again = subprocess.run([*PROGRAM, "import", "many.jsonl"], check=True, capture_output=True, text=True)
    assert f"{MANY - before} documents, {before} were there already" in again.stderr
    store = Store.open(place / "annotations")
    assert len(store.catalogue.ids) == MANY
    assert all(store.sets_of(document_id) == ["imported"] for document_id in store.catalogue.ids)
