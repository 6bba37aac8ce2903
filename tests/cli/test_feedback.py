"""`annotator feedback`: what it says, and what it refuses in one message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.store.assignments import Assignments
from annotator.store.repository import Store

TEXT = "Ada met Bob in Rome on Monday."
GOLD = [(0, 3, "PERSON"), (8, 11, "PERSON"), (15, 19, "GPE")]
MIRA = [(0, 7, "PERSON"), (15, 19, "ORG"), (23, 29, "DATE")]


def spans(found):
    return [{"start": start, "end": end, "label": label} for start, end, label in found]


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run the command line beside the store `news`: the exit code and what was said on both streams.

    Mira has finished "rome", which is reviewed, and "oslo", which is not; ben has an empty set that he has skipped.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_NAME", "lead")
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    versions = [{"answer": "accept", "sessions": ["mira"], "spans": spans(MIRA)}]
    row = {"id": "rome", "text": TEXT, "answer": "accept", "spans": spans(GOLD), "versions": versions}
    Path("gold.jsonl").write_text(json.dumps(row))
    Path("mira.jsonl").write_text(
        json.dumps({"id": "oslo", "text": "Oslo.", "spans": [], "answer": "accept"})
    )
    Path("ben.jsonl").write_text(json.dumps({"id": "bonn", "text": "Bonn.", "spans": [], "answer": "ignore"}))
    assert run(["import", "gold.jsonl"]) == 0
    assert run(["import", "mira.jsonl", "--annotator", "mira"]) == 0
    assert run(["import", "ben.jsonl", "--annotator", "ben"]) == 0
    capsys.readouterr()

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["feedback", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def table(said: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in said.splitlines()]


def test_totals_labels_and_findings_in_their_text(call):
    code, out, err = call("mira")
    assert (code, err) == (0, "mira: 1 finished document not reviewed yet\n")
    rows = table(out)
    assert ["correct", "0"] in rows
    assert ["boundary", "1"] in rows
    assert ["PERSON", "2", "0", "1", "0", "0", "1", "0"] in rows
    assert rows[-6:] == [
        [f"{TEXT}: 0 correct, 4 errors", "rome"],
        ["error", "mira", "gold", "in the text"],
        ["boundary", "Ada met PERSON", "Ada PERSON", "«Ada met» Bob in Rome on Monday."],
        ["missed", "Bob PERSON", "Ada met «Bob» in Rome on Monday."],
        ["label", "Rome ORG", "Rome GPE", "Ada met Bob in «Rome» on Monday."],
        ["spurious", "Monday DATE", "Ada met Bob in Rome on «Monday»."],
    ]


def test_json_has_the_same_with_offsets(call):
    code, out, _ = call("mira", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["annotator"], found["finished"], found["reviewed"], found["correct"]) == ("mira", 2, 1, 0)
    assert found["errors"] == {"missed": 1, "spurious": 1, "label": 1, "boundary": 1, "label and boundary": 0}
    [document] = found["documents"]
    assert [each["error"] for each in document["findings"]] == ["boundary", "missed", "label", "spurious"]
    assert document["findings"][1]["own"] is None
    assert document["findings"][0]["gold"] == {"start": 0, "end": 3, "label": "PERSON", "text": "Ada"}


def test_without_a_name_everybody_has_a_row(call):
    code, out, _ = call()
    assert code == 0
    assert table(out)[1:] == [["ben", *"000000000", "0"], ["mira", "2", "1", "0", *"11110", "0", "0"]]
    assert [each["annotator"] for each in json.loads(call("--json")[1])] == ["ben", "mira"]


def test_a_document_goes_back_with_a_comment_and_is_taken_back(call):
    assert call("mira", "--return", "ada met", "--return", "oslo", "--comment", "no weekdays") == (
        0,
        "",
        f"sent back to mira: {TEXT}\nsent back to mira: Oslo.\n",
    )
    returns = Assignments(Store.open("news")).read("mira").returns
    assert [(each.who, each.comment) for each in returns.values()] == [("lead", "no weekdays")] * 2
    assert "  sent back by lead: “no weekdays”" in call("mira")[1].splitlines()
    assert {each["document"] for each in json.loads(call("mira", "--json")[1])["returned"]} == {
        "rome",
        "oslo",
    }
    assert call("mira", "--take-back", "rome")[2] == f"taken back from mira: {TEXT}\n"
    assert [*Assignments(Store.open("news")).read("mira").returns] == ["oslo"]


def test_control_characters_of_a_comment_are_drawn_and_never_sent(call):
    call("mira", "--return", "rome", "--comment", "a\x1b[31mb")
    said = call("mira")[1]
    assert "\x1b" not in said
    assert "[31mb" in said


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["eve"], 1, "nobody is called eve"),
        (["gold"], 1, "gold is what reviews produce"),
        (["ben"], 1, "ben has finished no document yet"),
        (["mira", "--return", "nix", "--comment", "x"], 1, "no document is called nix"),
        (["mira", "--return", "bonn", "--comment", "x"], 1, "mira has not finished bonn"),
        (["eve", "--return", "rome", "--comment", "x"], 1, "nobody is called eve"),
        (["mira", "--take-back", "rome"], 1, "rome is not waiting"),
        (["mira", "--return", "rome"], 2, "--return needs a --comment"),
        (["mira", "--return", "rome", "--comment", " "], 2, "--return needs a --comment"),
        (["mira", "--comment", "x"], 2, "--comment goes with --return"),
        (["mira", "--return", "rome", "--take-back", "rome", "--comment", "x"], 2, "at once"),
        (["--return", "rome", "--comment", "x"], 2, "whose work"),
        (["--open"], 2, "whose work"),
        (["mira", "--open", "--json"], 2, "do not go together"),
        (["mira", "--open"], 1, "needs a terminal"),
        (["mira", "--store", "nowhere"], 1, "there is no store in nowhere"),
    ],
)
def test_bad_input_gets_one_message_and_changes_nothing(call, arguments, code, message):
    got, out, err = call(*arguments)
    assert (got, out) == (code, "")
    assert err.startswith("annotator: ")
    assert message in err.splitlines()[0]
    assert len(err.splitlines()) == 2
    assert Assignments(Store.open("news")).names() == []


def test_a_store_that_cannot_be_written_is_told(call, monkeypatch):
    monkeypatch.setattr(Store, "is_read_only", property(lambda self: "the disk is read-only"))
    code, _, err = call("mira", "--return", "rome", "--comment", "x")
    assert (code, err.splitlines()[0]) == (1, "annotator: nothing can be saved here: the disk is read-only")
    assert call("mira")[0] == 0
