"""The commands for colleagues' work: what they say, as JSON too, and their exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from annotator.cli import annotate
from annotator.cli.main import run
from annotator.store.repository import Store

ROW = '{"text": "Ada met Bob in %s.", "id": "%s", "spans": [{"start": 0, "end": 3, "label": "PERSON"}], "answer": "accept"}\n'


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run the command line in a folder with the store `news`: the exit code and what was said on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_NAME", "lead")
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    Path("in.jsonl").write_text(ROW % ("Rome", "alpha") + ROW % ("Oslo", "beta"))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert call("import", "in.jsonl", "--annotator", "ada")[0] == 0
    return call


def test_a_merge_says_what_came_and_again_that_it_is_there(call):
    shutil.copytree("news", "laptop")
    call("import", "in.jsonl", "--annotator", "ben", "--store", "laptop")
    code, out, said = call("merge", "laptop", "--dry-run")
    assert (code, out) == (0, "")
    assert "nothing was changed" in said
    code, out, said = call("merge", "laptop", "--json")
    assert code == 0
    assert "ben: 2 new" in said
    assert json.loads(out)["annotators"]["ben"]["new"] == 2
    assert "ben: 2 there already" in call("merge", "laptop")[2]


def test_a_clash_is_named_and_the_exit_code_tells(call):
    call("import", "in.jsonl", "--annotator", "ada", "--store", "laptop")
    code, out, said = call("merge", "laptop", "--json")
    assert code == 1
    assert {each["document"] for each in json.loads(out)["clashes"]} == {"alpha", "beta"}
    assert "ada on alpha: two versions; theirs is alpha.conflict-laptop-1.json (Ada met Bob in Rome.)" in said
    assert json.loads(out)["clashes"][0]["title"].startswith("Ada met Bob in")
    assert "choose a version" in said


@pytest.mark.parametrize("other", ["nowhere", "in.jsonl", "news", "."])
def test_what_cannot_be_merged_is_told_with_a_hint(call, other):
    code, out, said = call("merge", other)
    assert (code, out) == (1, "")
    assert said.startswith("annotator: ")
    assert "\n  " in said


def test_an_assignment_is_shown_and_as_json(call):
    code, out, said = call("assign", "--annotators", "ben, cleo", "--overlap", "0.5", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["documents"], found["assigned"], found["shared"], found["overlap"]) == (2, 2, 1, 0.5)
    assert found["pairs"] == [{"a": "ben", "b": "cleo", "documents": 1}]
    code, out, said = call("assign", "--annotators", "ben,cleo", "--overlap", "0.5")
    assert out.splitlines()[0].split() == ["annotator", "documents", "words", "new", "taken", "back"]
    assert "2 of 2 documents assigned, 1 to several" in said
    assert call("check")[0] == 0


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--annotators", ","], 2),
        (["--annotators", "ben", "--overlap", "0.5"], 2),
        (["--annotators", "gold"], 1),
        (["--again"], 2),
        (["--overlap", "0"], 2),
        (["--annotators", "ben", "--open"], 2),
        (["--annotators", "ben", "--from", "ada"], 1),
        (["--annotators", "ben", "--again", "--from", "ada"], 2),
        (["--annotators", "ben", "--overlap", "0", "--document", "alpha"], 2),
    ],
)
def test_what_cannot_be_assigned_is_told(call, options, code):
    found = call("assign", *options)
    assert found[0] == code
    assert found[2]


def test_assign_alone_shows_who_has_what(call):
    code, out, said = call("assign")
    assert (code, out) == (0, "")
    assert "nothing is assigned to anybody" in said
    call("assign", "--annotators", "ada,ben", "--overlap", "1")
    code, out, said = call("assign")
    header, ada, ben = (line.split() for line in out.splitlines())
    assert header == ["annotator", "documents", "words", "begun", "done", "skipped", "sent", "back"]
    assert (ada, ben) == (["ada", "2", "10", "0", "2", "0", "0"], ["ben", "2", "10", "0", "0", "0", "0"])
    assert "annotators see only what is theirs" in said
    found = json.loads(call("assign", "--json")[1])
    assert found["access"] == "assigned"
    assert [(work["annotator"], work["done"], work["todo"]) for work in found["annotators"]] == [
        ("ada", 2, 0),
        ("ben", 0, 2),
    ]


def test_who_assigns_and_who_sends_back_can_be_named(call):
    call("assign", "--annotators", "ben", "--annotator", "lea")
    assert '"who":"lea"' in Path("news/assignments/ben.json").read_text().replace(" ", "")
    assert call("feedback", "ada", "--return", "alpha", "--comment", "again", "-n", "max")[0] == 0
    assert '"who":"max"' in Path("news/assignments/ada.json").read_text().replace(" ", "")


def test_a_project_is_assigned_by_dealing_and_opened_again(call):
    call("assign", "--annotators", "ada", "--dry-run")
    assert json.loads(call("assign", "--json")[1])["access"] == "open"
    call("assign", "--annotators", "ada")
    assert json.loads(call("assign", "--json")[1])["access"] == "assigned"
    assert "every annotator sees all documents" in call("assign", "--open")[2]
    assert json.loads(call("assign", "--json")[1])["access"] == "open"
    assert call("check")[0] == 0


def test_a_name_that_nobody_has_is_asked_about(call):
    code, _, said = call("annotate", "--annotator", "adda")
    assert code == 1
    assert "nobody is called adda" in said
    assert "did you mean ada?" in said
    assert "--new-annotator begins as adda" in said
    assert "needs a terminal" in call("annotate", "--annotator", "adda", "--new-annotator")[2]
    assert "needs a terminal" in call("annotate", "--annotator", "zoe")[2]


def test_a_name_to_whom_nothing_is_assigned_is_refused(call):
    call("assign", "--annotators", "ada,ben", "--overlap", "1")
    code, _, said = call("annotate", "--annotator", "zoe")
    assert code == 1
    assert "nothing is assigned to that name" in said
    assert "the annotators are ada, ben" in said


@pytest.mark.parametrize(("answer", "name"), [(True, "ada"), (False, "adda")])
def test_who_was_meant_is_asked_on_a_terminal(call, monkeypatch, answer, name):
    asked = []
    monkeypatch.setattr(annotate, "is_terminal", lambda stream: True)
    monkeypatch.setattr(annotate, "confirm", lambda question: asked.append(question) or answer)
    assert annotate.intended_annotator(Store.open("news"), "adda") == name
    assert len(asked) == 1
    assert annotate.intended_annotator(Store.open("news"), "ada") == "ada"
    assert len(asked) == 1


def test_a_merge_driver_that_finds_no_file_is_told(call):
    code, _, said = call("merge-driver", "a", "b", "c", "d.json")
    assert code == 1
    assert "cannot be read" in said


def test_a_removed_document_is_told_by_merge_and_import_until_it_is_restored(call):
    shutil.copytree("news", "laptop")
    assert call("remove", "alpha", "--yes", "--annotator", "lea")[0] == 0
    code, _, said = call("merge", "laptop")
    assert code == 0
    assert "1 document removed here, and so not taken: alpha; --restore-removed takes them" in said
    code, _, said = call("import", "in.jsonl", "--annotator", "ada")
    assert code == 1
    assert "it was removed here by lea on" in said
    assert call("import", "in.jsonl", "--annotator", "ada", "--restore-removed")[0] == 0
    assert call("import", "in.jsonl", "--annotator", "ada")[0] == 0


def test_an_id_that_clashes_on_import_is_an_error(call):
    Path("other.jsonl").write_text(ROW % ("Paris", "alpha"))
    code, _, said = call("import", "other.jsonl", "--annotator", "ben")
    assert code == 1
    assert "known document, alpha" in said


def test_a_label_that_was_renamed_here_and_used_in_another_clone_gets_its_new_name(call):
    shutil.copytree("news", "laptop")
    call("labels", "rename", "PERSON", "PER", "--yes")
    call("import", "in.jsonl", "--annotator", "ben", "--store", "laptop")
    shutil.copytree("laptop/annotations/ben", "news/annotations/ben")  # as git brings it
    code, out, said = call("check")
    assert code == 1
    assert "it is called PER here, annotator labels merge PERSON PER" in out + said
    code, out, said = call("check", "--repair")
    assert "annotator labels merge PERSON PER" in out + said
    assert "PERSON" not in Store.open("news").info.label_set
    assert call("labels", "merge", "PERSON", "PER", "--yes")[0] == 0
    assert call("check")[0] == 0
    assert [span.label for span in Store.open("news").load_set("alpha", "ben").spans] == ["PER"]


def test_a_label_that_no_span_has_cannot_be_merged(call):
    code, _, said = call("labels", "merge", "NOBODY", "PERSON", "--yes")
    assert code == 1
    assert "no label NOBODY" in said
