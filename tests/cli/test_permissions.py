"""Who may read a store: the umask is honoured, and a store that all can read is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.store import permissions

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")

ROW = {"text": "Ada met Bob.", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], "answer": "accept"}


@pytest.fixture(params=[0o077, 0o022], ids=["077", "022"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A umask that holds during the test."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("ANNOTATOR_NAME", "kim")
    Path("in.jsonl").write_text(json.dumps(ROW) + "\n")
    return tmp_path


def test_the_umask_holds_for_every_file(umask: int, folder: Path) -> None:
    commands = [
        "import in.jsonl --store S",
        "suggest --store S --model blank:en",
        "memory --store S --annotator imported --block Bob",
        "labels rename PERSON HUMAN --store S --yes",
        "backup --store S",
        "backup b.zip --store S",
        "backup --restore b.zip R",
        "export out.jsonl --store S --all",
        "export out.spacy --store S --all",
        "assign --annotators kim --store S",
        "check --repair --store S",
    ]
    for command in commands:
        assert run(command.split()) == 0, command
    wrong = [
        path
        for name in ("S", "R", "b.zip", "out.jsonl", "out.spacy")
        for path in (folder / name, *(folder / name).rglob("*"))
        if path.stat().st_mode & umask
    ]
    assert wrong == []


def test_check_tells_of_a_store_that_all_can_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["import", "in.jsonl", "--store", "a store"]) == 0
    Path("a store").chmod(0o755)
    capsys.readouterr()
    assert run(["check", "--store", "a store"]) == 0
    assert "every user" not in capsys.readouterr().err, "the folders above are closed to others"

    closed = [parent for parent in folder.parents if not parent.stat().st_mode & 0o001]
    for parent in (folder, *closed):
        parent.chmod(parent.stat().st_mode | 0o001)
    try:
        assert run(["check", "--store", "a store"]) == 0
        told = capsys.readouterr().err
        assert "every user of this machine can read these texts" in told
        assert f"chmod -R o-rwx '{folder / 'a store'}'" in told
        Path("a store").chmod(0o750)
        assert not permissions.is_readable_by_all(Path("a store"))
    finally:
        for parent in closed:
            parent.chmod(parent.stat().st_mode & ~0o001)


@pytest.mark.parametrize("year", [1960, 2107, 2300, 2500])
def test_files_of_every_year_are_backed_up(year: int, folder: Path) -> None:
    assert run(["import", "in.jsonl", "--store", "S"]) == 0
    seconds = (year - 1970) * 365.25 * 86_400
    for path in Path("S").rglob("*.json"):
        os.utime(path, (seconds, seconds))
    assert run(["backup", "b.zip", "--store", "S"]) == 0
    assert run(["log", "--store", "S"]) == 0
    assert run(["check", "--store", "S"]) == 0
