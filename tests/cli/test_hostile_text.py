"""A stranger's store and files: whatever they hold, no command sends a control character to the terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.cli.main import run
from tests.cli.test_output import is_safe

EVIL = "x\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\u202eevil\u2066\x7f"
ROWS = [
    {
        "text": f"Ada met Bob in Rome. {EVIL} Ada left Rome.",
        "id": f"id{number}{EVIL}",
        "title": f"title {EVIL}",
        "meta": {f"key{EVIL}": f"value {EVIL}"},
        "spans": [
            {"start": 0, "end": 3, "label": "PERSON"},
            {"start": 8, "end": 30, "label": "ORG" if number else "PERSON", "note": f"note {EVIL}"},
        ],
        "answer": "accept",
    }
    for number in range(2)
]
EVIL_NAME = "file\x1b[31m\n\u202e"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hostile store of two annotators, a hostile file, and one whose name is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    text = "".join(json.dumps(row) + "\n" for row in ROWS)
    (folder / "in.jsonl").write_text(text)
    (folder / EVIL_NAME).mkdir()
    (folder / EVIL_NAME / "in.jsonl").write_text(text.replace("PERSON", "GPE"))
    (folder / "bad.jsonl").write_text(text.replace("PERSON", "PER" + json.dumps(EVIL)[1:-1]))
    (folder / "broken.jsonl").write_text(
        text.replace('"start": 0', '"start": "' + json.dumps(EVIL)[1:-1] + '"')
    )
    (folder / "patterns.jsonl").write_text(json.dumps({"label": EVIL, "pattern": EVIL}) + "\n")
    (folder / "labels.json").write_text(json.dumps({"name": EVIL, "labels": [{"name": EVIL}]}))
    store = str(folder / "S")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANNOTATOR_SETTINGS", str(folder / "none.toml"))
        for name in ("ada", "ben"):
            assert run(["import", str(folder / "in.jsonl"), "--store", store, "--annotator", name]) == 0
    return folder


COMMANDS = [
    "import in.jsonl --store S --annotator cleo",
    "import bad.jsonl --store S --annotator cleo",
    "import bad.jsonl --store S --annotator cleo --add-labels --on-error skip",
    "import broken.jsonl --store S --annotator cleo --on-error skip",
    "import EVIL/in.jsonl --store S --annotator cleo",
    "import EVIL/none.jsonl --store S",
    "import in.jsonl --store new --labels labels.json",
    "import in.jsonl --store EVIL/new --labels EVIL",
    "export out.conll --store S --annotator ada",
    "export EVIL/out.brat --store S --annotator ada",
    "export - --format jsonl --store S --annotator EVIL",
    "convert bad.jsonl out.jsonl --labels news",
    "convert --check in.jsonl EVIL/in.jsonl",
    "import EVIL/in.jsonl --store S --dry-run",
    "formats EVIL",
    "find Ada --store S",
    "find Rome --store S --annotator ada --json",
    "find --regex (EVIL --store S",
    "find Ada --mark EVIL --store S --yes",
    "git-setup --store EVIL/none",
    "tour",
    "convert EVIL/in.jsonl EVIL/out.conll",
    "suggest --store S --model blank:en --patterns patterns.jsonl",
    "suggest --store S --model EVIL",
    "train --store S --output EVIL --annotator ada --base EVIL",
    "merge EVIL --store S",
    "merge S --store EVIL/none",
    "merge-driver in.jsonl in.jsonl EVIL/in.jsonl EVIL",
    "assign --annotators ada,EVIL --store S",
    "assign --annotators ada,ben --store S",
    "review --store S",
    "agreement --store S",
    "agreement --store S --json",
    "agreement --store S --csv EVIL/none/a.csv",
    "feedback --store S",
    "feedback ada --store S",
    "feedback ada --store S --return id0 --comment EVIL",
    "labels --store S",
    "labels check --store S",
    "labels add EVIL --store S",
    "labels rename EVIL X --store S",
    "labels rename PERSON EVIL --store S",
    "stats --store S",
    "stats --store S --json",
    "stats --store EVIL/none",
    "audit --store S --annotator ada --all",
    "audit --store S --annotator ada --all --json",
    "audit --store S --annotator ada --mend EVIL",
    "memory --store S --annotator ada",
    "memory --store S --annotator ada --json",
    "memory --store S --annotator ada --pin EVIL=ORG --block EVIL",
    "log --store S",
    "log --store S --json",
    "log title --store S",
    "log EVIL --store S",
    "check --store S",
    "check --store S --json",
    "check --store S --accept EVIL",
    "backup --store S",
    "backup --store S --list",
    "backup --restore EVIL/in.jsonl new",
    "backup EVIL/b.zip --store S",
    "remove title --store S",
    "remove EVIL --store S",
    "schema EVIL",
    "serve --store S --revoke EVIL",
    "serve --store S --token EVIL",
    "trust EVIL",
    "trust EVIL --store S",
    "EVIL",
    "check --EVIL",
    "log --limit EVIL",
    "audit --order EVIL",
    "annotate EVIL/in.jsonl --store S",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_sends_a_control_character(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(folder / "none.toml"))
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    run([word.replace("EVIL", EVIL_NAME) for word in command.split()])
    printed = capfd.readouterr()
    assert is_safe(printed.out), repr(printed.out)
    assert is_safe(printed.err), repr(printed.err)
    assert "Traceback" not in printed.err


def test_every_command_is_among_them() -> None:
    from annotator.cli.main import _COMMANDS

    assert {command.split()[0] for command in COMMANDS} >= set(_COMMANDS)


def test_damage_is_told_without_control_characters(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(folder / "none.toml"))
    (folder / "S" / "documents" / f"{EVIL_NAME}.json").write_text("{")
    for path in sorted((folder / "S" / "annotations").rglob("*.json"))[:2]:
        path.write_text(
            path.read_text("utf-8").replace('"label": "PERSON"', '"label": "P\\u009b31m\\u001b[2J"')
        )
    for arguments in (
        ["check"],
        ["check", "--json"],
        ["labels", "check"],
        ["log"],
        ["stats"],
        ["check", "--repair"],
    ):
        run([*arguments, "--store", "S"])
        printed = capfd.readouterr()
        assert is_safe(printed.out), repr(printed.out)
        assert is_safe(printed.err), repr(printed.err)
        assert printed.out or printed.err


def test_a_terminal_gets_exported_text_drawn(folder: Path) -> None:
    """Data for a program stays as it is; a person who exports to the terminal sees control characters."""
    own, other = pty.openpty()
    arguments = ["convert", str(folder / "in.jsonl"), "-", "--to", "conll", "--on-misaligned", "expand"]
    with subprocess.Popen(
        [sys.executable, "-m", "annotator", *arguments], stdout=other, stderr=subprocess.DEVNULL
    ) as process:
        os.close(other)
        written = b""
        try:
            while data := os.read(own, 1 << 16):
                written += data
        except OSError:
            pass
        process.wait(30)
    os.close(own)
    assert "Rome" in written.decode()
    assert is_safe(written.decode().replace("\r\n", "\n"))
