"""What `annotator memory` shows of what was learnt, and what people tell it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tinydb import TinyDB

from annotator.cli.main import run

ROWS = [
    {"text": "Ada met Bob in Rome.", "id": "alpha", "answer": "accept"},
    {"text": "Ada left Rome. Bob wept.", "id": "beta", "answer": "accept"},
]


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run the command line beside a store in which ada has marked names: the exit code and both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    for row in ROWS:
        text = row["text"]
        names = [(name, label) for name, label in (("Ada", "PERSON"), ("Rome", "GPE")) if name in text]
        row["spans"] = [
            {"start": text.index(name), "end": text.index(name) + len(name), "label": label}
            for name, label in names
        ]
    Path("in.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert call("import", "in.jsonl", "--annotator", "ada")[0] == 0
    return call


def forms(call) -> dict[str, dict]:
    code, out, _ = call("memory", "--json")
    assert code == 0
    return {row["surface"]: row for row in json.loads(out)["forms"]}


def test_it_shows_forms_with_counts_and_reasons(call):
    code, out, _ = call("memory")
    assert code == 0
    assert "Ada" in out
    assert "accepted 2 of 2 times as PERSON" in out
    assert forms(call)["Rome"]["accepted"] == 2


def test_only_own_decisions_count_unless_all_shall(call):
    code, out, err = call("memory", "--annotator", "kim")
    assert (code, out) == (0, "")
    assert "nothing was learnt yet from kim" in err
    assert "Rome" in call("memory", "--annotator", "kim", "--all")[1]


def test_words_choose_forms(call):
    out = call("memory", "rom")[1]
    assert "Rome" in out
    assert "Ada" not in out


def test_what_is_told_is_kept_and_taken_back(call):
    assert call("memory", "--pin", "Bob=PERSON", "--block", "Rome", "--forget", "Ada")[0] == 0
    found = forms(call)
    assert (found["Bob"]["label"], found["Bob"]["edit"]) == ("PERSON", "pinned")
    assert (found["Rome"]["label"], found["Rome"]["edit"]) == (None, "blocked")
    assert (found["Ada"]["label"], found["Ada"]["accepted"]) == (None, 0)
    with TinyDB("news/memory.json", access_mode="r") as stock:
        assert [row["surface"] for row in stock.table("blocked")] == ["Rome"]
    assert call("memory", "--release", "Bob", "--release", "Rome", "--release", "Ada")[0] == 0
    found = forms(call)
    assert "Bob" not in found
    assert {found[name]["label"] for name in ("Ada", "Rome")} == {"PERSON", "GPE"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--pin", "Bob"], 2, "names no form and label"),
        (["--pin", "Bob=CITY"], 1, "has no label CITY"),
        (["--forget", "Zoë"], 1, "memory knows nothing of 'Zoë'"),
        (["--release", "Rome"], 1, "nobody told memory anything about 'Rome'"),
    ],
)
def test_what_cannot_be_told_changes_nothing(call, arguments, code, said):
    found = call("memory", *arguments)
    assert found[0] == code
    assert said in found[2]
    assert not Path("news/memory.json").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"version": 1',
        b"[1]",
        b'{"version": 1, "version": 1}',
        b'{"version": 2, "pinned": {}, "blocked": [], "forgotten": {}}',
        b"\xff",
    ],
)
def test_a_damaged_file_is_one_message_and_is_left_alone(call, content):
    Path("news/memory.json").write_bytes(content)
    for arguments in ([], ["--block", "Rome"]):
        code, _, err = call("memory", *arguments)
        assert code == 1
        assert "memory.json" in err
        assert "annotator check" in err
    assert Path("news/memory.json").read_bytes() == content


def test_check_finds_a_damaged_file_and_a_repair_puts_it_aside(call):
    assert call("memory", "--block", "Rome")[0] == 0
    assert call("check")[0] == 0
    Path("news/memory.json").write_text('{"version": 1', encoding="utf-8")
    code, out, _ = call("check")
    assert code == 1
    assert out.startswith("memory.json: ")
    call("check", "--repair")
    assert not Path("news/memory.json").exists()
    assert call("check")[0] == 0
    assert list(Path("news/quarantine").rglob("memory.json"))
    assert forms(call)["Rome"]["label"] == "GPE"
