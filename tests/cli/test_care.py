"""The commands for care of the store, as a person or a program calls them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.store.layout import document_path, set_path
from annotator.store.repository import Store

ROW = '{"text": "Ada met Bob in Rome.", "id": "%s", "title": "%s", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], "answer": "accept"}\n'


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run the command line in a folder with the store `news`: the exit code and what was said on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_NAME", "kim")
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    rows = [ROW % ("alpha", "Ada and Bob"), ROW % ("beta", "A \x1b[31mred title"), ROW % ("gamma", "Other")]
    Path("in.jsonl").write_text("".join(rows).replace("\x1b", "\\u001b"))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert call("import", "in.jsonl", "--annotator", "ada")[0] == 0
    return call


def _edit(path: str, old: str, new: str) -> None:
    file = Path("news") / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


SPAN = ('"label": "PERSON", "decision"', '"label": "ORG", "decision"')


def test_check_finds_nothing_in_a_whole_store(call):
    code, out, err = call("check")
    assert (code, out) == (0, "")
    assert "nothing is damaged" in err
    assert call("check", "--json")[:2] == (0, "[]\n")


def test_check_names_file_and_reason_and_fails(call):
    _edit(set_path("alpha", "ada"), *SPAN)
    code, out, err = call("check")
    assert code == 1
    assert out.startswith(f"{set_path('alpha', 'ada')}: changed outside: the checksum of record 1 of spans")
    assert "--accept FILE" in err
    [finding] = json.loads(call("check", "--json")[1])
    assert finding["file"] == set_path("alpha", "ada")
    assert finding["damage"] == "changed outside"


def test_repair_says_what_it_did_and_where_the_originals_are(call):
    _edit(set_path("alpha", "ada"), *SPAN)
    code, out, err = call("check", "--repair")
    assert code == 0
    assert "2 decisions kept" in out
    assert "you: the original is quarantine/" in out
    assert "before-repair.zip" in err
    assert call("check")[0] == 0
    assert "nothing is damaged" in call("check", "--repair")[2]


def test_accept_shows_asks_and_takes(call, monkeypatch):
    _edit(set_path("alpha", "ada"), *SPAN)
    code, out, _ = call("check", "--accept", "alpha")  # nobody answers
    assert code == 1
    assert "relabel PERSON 0–3 → ORG 0–3" in out
    assert call("check")[0] == 1
    assert call("check", "--accept", "alpha", "--yes")[0] == 0
    assert call("check")[0] == 0
    decision = Store.open("news").load_set("alpha", "ada").decisions[-1]
    assert (decision.who, decision.verb) == ("kim", "relabel")


def test_check_works_on_a_store_that_does_not_open(call):
    Path("news/store.json").write_text("{")
    assert call("log")[0] == 1
    assert call("check")[1].startswith("store.json: broken JSON")
    assert call("check", "--repair")[0] == 0
    assert call("log")[0] == 0


def test_log_shows_titles_as_glyphs_and_a_document_by_words(call):
    code, out, _ = call("log")
    assert code == 0
    assert "\x1b" not in out
    assert "␛[31mred" in out
    lines = call("log", "ada and")[1].splitlines()
    assert lines[0].split() == ["when", "(UTC)", "who", "by", "what", "on", "text"]
    assert lines[1].split()[2:] == ["ada", "import", "add", "PERSON", "Ada"]
    assert len(lines) == 3
    assert len(call("log", "--limit", "2")[1].splitlines()) == 3
    entries = json.loads(call("log", "alpha", "--json")[1])
    assert [(entry["verb"], entry["who"], entry["text"]) for entry in entries] == [
        ("add", "ada", "Ada"),
        ("finish", "ada", ""),
    ]


def test_backup_writes_lists_and_restores(call):
    code, out, _ = call("backup")
    assert code == 0
    archive = Path(out.strip())
    assert zipfile.ZipFile(archive).testzip() is None
    assert str(archive) in call("backup", "--list")[1]
    assert json.loads(call("backup", "--list", "--json")[1])[0]["reason"] == "manual"
    assert call("backup", "out.zip")[1] == "out.zip\n"
    assert call("backup", "out.zip")[0] == 1
    assert call("backup", "--restore", "out.zip", "again")[0] == 0
    assert call("check", "--store", "again")[0] == 0
    assert call("backup", "--restore", "out.zip", "again")[0] == 1
    assert call("backup", "--restore", "out.zip")[0] == 2


def test_remove_asks_and_leaves_a_backup(call):
    assert call("remove", "alpha")[0] == 1  # nobody answers
    assert Store.open("news").has_document("alpha")
    code, _, err = call("remove", "alpha", "other", "gamma", "--yes")
    assert code == 0
    assert "annotated by ada" in err
    assert "removed 2 documents and 2 annotation sets" in err
    store = Store.open("news")
    assert store.catalogue.ids == ["beta"]
    assert not store.has_document("alpha")
    assert list(store.catalogue.sets("ada")) == ["beta"]
    assert call("check")[0] == 0
    [archive] = Path("news/backups").glob("*-before-remove.zip")
    assert document_path("alpha") in zipfile.ZipFile(archive).namelist()
    assert call("remove", "alpha", "--yes")[0] == 1
    assert "it was removed here by" in call("import", "in.jsonl", "--annotator", "ada")[2]
    assert "2 annotated" in call("import", "in.jsonl", "--annotator", "ada", "--restore-removed")[2]
    assert Store.open("news").catalogue.row("alpha", "ada").spans == 1


def test_remove_takes_nothing_out_that_another_program_holds(call):
    with Store.open("news").hold("ada"):
        code, _, err = call("remove", "alpha", "--yes")
    assert code == 1
    assert "held by" in err
    assert Store.open("news").has_document("alpha")
    assert not Path("news/backups").exists()


def test_labels_shows_adds_renames_merges_and_takes_back(call):
    assert json.loads(call("labels", "--json")[1])["labels"][0]["name"] == "PERSON"
    assert call("labels")[1].splitlines()[1].split()[:3] == ["PERSON", "1", "blue"]
    assert call("labels", "add", "SHIP", "--key", "S", "--colour", "red", "--description", "Boats.")[0] == 0
    assert Store.open("news").info.label_set.by_name["SHIP"].key == "S"
    code, _, err = call("labels", "rename", "PERSON", "HUMAN")
    assert code == 1  # nobody answers
    assert "3 spans in 3 annotation sets" in err
    assert call("labels", "rename", "PERSON", "HUMAN", "--yes")[0] == 0
    assert call("labels", "merge", "HUMAN", "SHIP", "--yes")[0] == 0
    assert "SHIP         3" in call("labels", "check")[1]
    assert call("labels", "--undo")[0] == 0
    assert call("labels", "--undo")[0] == 0
    assert json.loads(call("labels", "check", "--json")[1])[0] == {
        "label": "PERSON",
        "spans": 3,
        "is_known": True,
    }
    assert call("labels", "--undo")[0] == 1
    assert call("check")[0] == 0


def test_labels_names_what_an_undo_left_out(call):
    call("labels", "rename", "PERSON", "HUMAN", "--yes")
    _edit(set_path("alpha", "ada"), '"status": "done"', '"status": "started"')
    call("check", "--accept", "alpha", "--yes")
    code, out, _ = call("labels", "--undo")
    assert code == 1
    assert out == "ada on alpha (Ada and Bob): decided on since\n"
    assert call("check")[0] == 0


@pytest.mark.parametrize(
    "words", [["rename", "PERSON"], ["add"], ["show", "x"], ["merge", "a", "b", "c"], ["add", "X", "--undo"]]
)
def test_labels_refuses_words_that_make_no_sense(call, words):
    code, _, err = call("labels", *words)
    assert code == 2
    assert "labels rename OLD NEW" in err


def test_an_unknown_label_is_told_by_labels_check(call):
    _edit("store.json", '"PERSON"', '"PARSON"')
    call("check", "--accept", "store.json", "--yes")
    code, out, _ = call("labels", "check")
    assert code == 1
    assert "not in the label set" in out


def test_schema_prints_one_or_all(call):
    everything = json.loads(call("schema")[1])
    assert set(everything) == {
        "annotations",
        "assignment",
        "audit",
        "document",
        "label-set",
        "memory",
        "removed",
    }
    assert json.loads(call("schema", "label-set")[1]) == everything["label-set"]
    assert call("schema", "nothing")[0] == 1


@pytest.mark.parametrize(
    "words", [["check"], ["backup"], ["log"], ["remove", "x"], ["labels"], ["backup", "--list"]]
)
def test_a_store_that_is_not_there_is_named(call, words):
    code, out, err = call(*words, "--store", "nowhere")
    assert (code, out) == (1, "")
    assert "nowhere" in err
    assert not Path("nowhere").exists()
