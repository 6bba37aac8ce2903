"""`annotator audit`, as a person or a program calls it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.store.layout import GOLD
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

Call = Callable[..., tuple[int, str, str]]
TEXTS = [
    ("Rome fell.", [("Rome", "GPE")]),
    ("Rome rose.", [("Rome", "GPE")]),
    ("Rome won.", [("Rome", "ORG")]),
    ("In Rome again.", []),
    ("Oslo and others", [("Oslo", "GPE")]),
    ("Oslo lost", [("Oslo", "ORG")]),
    ("Lima is a \x1b[31mtrap", [("Lima", "GPE")]),
    ("in the Hague", [("the Hague", "GPE")]),
    ("at the Hague", [("the Hague", "GPE")]),
    ("of the Hague", [("Hague", "GPE")]),
]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run the command line in a folder with the store `news`: the exit code and what was said on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_NAME", "kim")
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    rows = []
    for number, (text, spans) in enumerate(TEXTS):
        found = [
            {"start": text.index(surface), "end": text.index(surface) + len(surface), "label": label}
            for surface, label in spans
        ]
        rows.append(json.dumps({"text": text, "id": f"d{number}", "spans": found, "answer": "accept"}))
    Path("in.jsonl").write_text("\n".join(rows))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert call("import", "in.jsonl", "--annotator", "kim")[0] == 0
    return call


def labels(document: str) -> list[tuple[int, int, str]]:
    return [(each.start, each.end, each.label) for each in Store.open("news").load_set(document, "kim").spans]


def test_findings_are_listed_with_counts_and_contexts(call: Call) -> None:
    code, out, err = call("audit")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split() == "1 Rome missed: GPE 3, not marked 1".split()
    assert lines[1].strip() == "In [Rome] again.  In Rome again."
    assert "the”: with 2, without 1" in out
    assert "[Hague GPE] (without)" in out
    assert "Oslo   labels: GPE 1, ORG 1, a tie" in out
    assert "4 findings in 10 annotation sets of kim" in err
    assert "3 more of them with --limit" in call("audit", "--limit", "1")[2]


def test_json_has_all_places(call: Call) -> None:
    code, out, _ = call("audit", "--json")
    found = json.loads(out)
    assert (code, found["annotator"], found["sets"], found["count"]) == (0, "kim", 10, 4)
    rome = next(each for each in found["findings"] if (each["text"], each["kind"]) == ("Rome", "labels"))
    assert rome["counts"] == [{"treatment": "GPE", "places": 2}, {"treatment": "ORG", "places": 1}]
    assert [(each["document"], each["label"], each["is_odd"]) for each in rome["places"]] == [
        ("d0", "GPE", False),
        ("d1", "GPE", False),
        ("d2", "ORG", True),
    ]
    edges = next(each for each in found["findings"] if each["kind"] == "edges")
    assert (edges["edge"], edges["majority"]) == ({"kind": "article", "word": "the"}, "with")


def test_all_that_is_no_tie_is_mended_and_taken_back(call: Call) -> None:
    code, _, err = call("audit", "--mend", "all", "--yes")
    assert code == 0
    assert "mend 3 findings: 3 spans in 3 annotation sets of kim" in err
    assert "1 tie left as they are" in err
    assert (labels("d2"), labels("d3"), labels("d9")) == ([(0, 4, "GPE")], [(3, 7, "GPE")], [(3, 12, "GPE")])
    assert "1 finding in" in call("audit")[2]
    assert "“mend 3 findings” was taken back" in call("audit", "--undo")[2]
    assert (labels("d2"), labels("d3"), labels("d9")) == ([(0, 4, "ORG")], [], [(7, 12, "GPE")])
    assert call("audit", "--undo")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "document", "expected"),
    [
        (["--mend", "Oslo", "--as", "ORG"], "d4", [(0, 4, "ORG")]),
        (["--mend", "1"], "d3", [(3, 7, "GPE")]),
        (["--mend", "Hague", "--as", "without"], "d7", [(7, 12, "GPE")]),
        (["--mend", "Rome", "--as", "PERSON"], "d0", [(0, 4, "PERSON")]),
    ],
)
def test_one_finding_is_mended_as_told(
    call: Call, arguments: list[str], document: str, expected: list[tuple[int, int, str]]
) -> None:
    assert call("audit", *arguments, "--yes")[0] == 0
    assert labels(document) == expected


def test_nothing_is_mended_without_consent(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, _, err = call("audit", "--mend", "1")
    assert (code, labels("d3")) == (1, [])
    assert "mend Rome: GPE: 1 span in 1 annotation set of kim" in err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--mend", "Paris"], 1, "there is no finding Paris"),
        (["--mend", "0"], 1, "there is no finding 0"),
        (["--mend", "Oslo"], 1, "Oslo is a tie"),
        (["--mend", "Oslo", "--as", "NIX"], 1, "no label NIX"),
        (["--mend", "Hague", "--as", "GPE"], 2, "an edge cannot be GPE"),
        (["--mend", "all", "--as", "GPE"], 2, "labels and edges at once"),
        (["--as", "GPE"], 2, "no sense together"),
        (["--undo", "--mend", "all"], 2, "no sense together"),
        (["--undo"], 1, "no mend to take back"),
        (["--dismiss", "Paris"], 1, "there is no finding Paris"),
        (["--dismiss", "1", "--mend", "1"], 2, "no sense together"),
        (["--dismiss", "1", "--json"], 2, "no sense together"),
        (["--dismissed", "--open"], 2, "no sense together"),
        (["--restore", "Rome"], 1, "no finding Rome was dismissed"),
        (["--annotator", "lee"], 1, "lee has no annotations"),
        (["--annotator", "a/b"], 1, "a/b"),
    ],
)
def test_what_cannot_be_done_is_said(call: Call, arguments: list[str], code: int, said: str) -> None:
    given, out, err = call("audit", *arguments)
    assert (given, out) == (code, "")
    assert said in err


def test_sets_held_elsewhere_are_named_and_fail(call: Call) -> None:
    with Store.open("news").hold("kim"):  # type: ignore[union-attr]
        code, out, err = call("audit", "--mend", "1", "--yes")
    assert code == 1
    assert "1 annotation set left out" in err
    assert out.startswith("kim on d3 (In Rome again.): held by another program")


def test_gold_is_mended_by_the_caller_where_there_is_any(call: Call) -> None:
    store = Store.open("news")
    gold = AnnotationSet("d3", GOLD)
    gold.apply(Decision(1, 1, Verb.FINISH, "lee", "2026-11-22T14:02:11Z", uid="f"))
    store.save(SetSnapshot.of(gold))
    store.close()
    assert "0 findings in 1 annotation set of gold" in call("audit")[2]
    assert "4 findings in 10 annotation sets of kim" in call("audit", "-n", "kim")[2]


def test_an_undo_of_labels_and_one_of_mends_do_not_meet(call: Call) -> None:
    assert call("labels", "rename", "PERSON", "HUMAN", "--yes")[0] == 0
    assert call("audit", "--mend", "1", "--yes")[0] == 0
    assert "“rename PERSON to HUMAN” was taken back" in call("labels", "--undo")[2]
    assert labels("d3") == [(3, 7, "GPE")]
    assert "“mend Rome: GPE” was taken back" in call("audit", "--undo")[2]


def test_a_damaged_set_is_left_out_and_named(call: Call) -> None:
    store = Store.open("news")
    path, _ = store.encoded(SetSnapshot.of(store.load_set("d2", "kim")))
    (store.path / path).write_bytes(b"{}")
    code, out, err = call("audit")
    assert code == 1
    assert "d2" in err
    assert "Rome" in out


def decide(document: str, text: str, surface: str, label: str) -> None:
    """A finished document of kim's in which `surface` has this label."""
    store = Store.open("news")
    store.add_document(new_document(text, id=document))
    start = text.index(surface)
    span = Span(start, start + len(surface), label)
    made = AnnotationSet(document, "kim")
    made.apply(Decision(1, 1, Verb.ADD, "kim", "2026-11-22T14:02:11Z", "s", None, span, uid="a"))
    made.apply(Decision(2, 2, Verb.FINISH, "kim", "2026-11-22T14:02:11Z", uid="f"))
    store.save(SetSnapshot.of(made))
    store.close()


def test_what_was_dismissed_is_told_no_more_until_something_joins_it(call: Call) -> None:
    code, out, err = call("audit", "--dismiss", "Rome")
    assert (code, out) == (0, "")
    assert "dismissed: Rome  missed: GPE 3, not marked 1\ndismissed: Rome  labels: GPE 2, ORG 1" in err
    code, out, err = call("audit")
    assert "Rome" not in out.replace("In Rome again", "")
    assert "2 findings in 10 annotation sets of kim, 2 dismissed ones with --dismissed" in err
    decide("more", "Rome again won.", "Rome", "GPE")
    assert "2 findings in 11" in call("audit")[2]
    decide("other", "Rome lost.", "Rome", "ORG")
    out = call("audit")[1]
    assert "Rome   labels: GPE 3, ORG 2  (new since dismissed by kim, " in out
    assert "Rome missed" not in out
    assert "1 dismissed finding in 12" in call("audit", "--dismissed")[2]


def test_dismissed_ones_are_listed_and_restored(call: Call) -> None:
    assert call("audit", "--dismiss", "2", "--dismiss", "Oslo")[0] == 0
    out = call("audit", "--dismissed")[1]
    assert "labels: GPE 1, ORG 1, a tie  (dismissed by kim, " in out
    found = json.loads(call("audit", "--dismissed", "--json")[1])
    assert (found["count"], found["dismissed"]) == (2, 2)
    assert [each["text"] for each in found["findings"]] == ["Hague", "Oslo"]
    assert {each["judged"]["who"] for each in found["findings"]} == {"kim"}
    assert [each["judged"] for each in json.loads(call("audit", "--json")[1])["findings"]] == [None, None]
    assert "restored: Hague" in call("audit", "--restore", "1")[2]
    assert "3 findings in 10" in call("audit")[2]
    assert "restored: Oslo" in call("audit", "--restore", "all")[2]
    assert "4 findings in 10 annotation sets of kim\n" in call("audit")[2]
    assert "0 dismissed findings" in call("audit", "--dismissed")[2]


def test_dismissed_ones_are_not_mended(call: Call) -> None:
    assert call("audit", "--dismiss", "Hague")[0] == 0
    code, _, err = call("audit", "--mend", "Hague", "--yes")
    assert (code, "Hague was dismissed" in err, "--restore" in err) == (1, True, True)
    assert "mend 2 findings: 2 spans" in call("audit", "--mend", "all", "--yes")[2]
    assert labels("d9") == [(7, 12, "GPE")]


def test_all_are_dismissed_only_with_consent(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert call("audit", "--dismiss", "all")[0] == 1
    assert not Path("news/audit.json").exists()
    assert call("audit", "--dismiss", "all", "--yes")[0] == 0
    assert "0 findings in 10 annotation sets of kim, 4 dismissed ones" in call("audit")[2]
    assert call("check")[0] == 0


def test_a_damaged_file_of_dismissed_ones_is_told_and_repaired(call: Call) -> None:
    assert call("audit", "--dismiss", "Oslo")[0] == 0
    path = Path("news/audit.json")
    path.write_bytes(path.read_bytes()[:-20])
    code, out, err = call("audit")
    assert (code, out) == (1, "")
    assert "audit.json is damaged" in err
    assert "--repair" in err
    assert call("check", "--repair", "--yes")[0] in (0, 1)
    assert call("audit")[0] == 0
