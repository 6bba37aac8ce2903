"""`annotator find`, as a person or a program calls it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.model.decisions import Status
from annotator.store.repository import Store

Call = Callable[..., tuple[int, str, str]]
TEXTS = [
    ("In Chávez' time the State Department wrote.", [("State Department", "ORG")]),
    ("The STATE\nDEPARTMENT said: no. A start-up state.", []),
    ("States' departments, and the state department of Córdoba.", []),
    ("Nothing here \x1b[31m.", []),
]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run the command line in a folder with the store `news`: the exit code and what was said on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_NAME", "kim")
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    monkeypatch.setenv("COLUMNS", "100")
    rows = []
    for number, (text, spans) in enumerate(TEXTS):
        marked = [
            {"start": text.index(surface), "end": text.index(surface) + len(surface), "label": label}
            for surface, label in spans
        ]
        rows.append(json.dumps({"text": text, "id": f"d{number}", "spans": marked, "answer": "accept"}))
    Path("in.jsonl").write_text("\n".join(rows))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    assert call("import", "in.jsonl", "--annotator", "kim")[0] == 0
    return call


def hits(call: Call, *arguments: str) -> list[tuple[str, str]]:
    """The documents and texts of what is found."""
    code, out, _ = call("find", *arguments, "--json")
    assert code == 0
    return [(hit["document"], hit["text"]) for hit in json.loads(out)["hits"]]


def spans() -> dict[str, list[tuple[str, str]]]:
    """The words and labels of kim's spans."""
    store = Store.open("news")
    found = {}
    for document_id in store.catalogue.ids:
        text = store.document(document_id).text
        annotation_set = store.load_set(document_id, "kim")
        found[document_id] = [(text[span.start : span.end], span.label) for span in annotation_set.spans]
    return found


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (
            ("state", "department"),
            [("d0", "State Department"), ("d2", "state department")],
        ),
        (("chavez",), [("d0", "Chávez")]),
        (("cordoba",), [("d2", "Córdoba")]),
        (("start",), [("d1", "start")]),
        (("tat",), []),
        (("stat*",), [("d0", "State"), ("d1", "STATE"), ("d1", "state"), ("d2", "States"), ("d2", "state")]),
        (("--regex", r"(?i)state\s+department\b"), [("d0", "State Department"), ("d1", "STATE\nDEPARTMENT"), ("d2", "state department")]),
        (("state department", "--unmarked"), [("d2", "state department")]),
        (("--label", "ORG"), [("d0", "State Department")]),
        (("state", "--label", "ORG"), [("d0", "State")]),
        (("--doubt",), []),
        (("start-up",), [("d1", "start-up")]),
        (("'",), [("d0", "'"), ("d2", "'")]),
    ],
)  # fmt: skip
def test_what_is_found(call: Call, arguments: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    assert hits(call, *arguments) == found


def test_hits_stand_below_one_another_with_their_contexts(call: Call) -> None:
    code, out, said = call("find", "state*", "--sort", "right")
    assert code == 0
    assert "5 hits in 3 documents" in said
    columns = {line.index("[") for line in out.splitlines()}
    assert len(columns) == 1
    assert "[State" in out
    assert "(in ORG)" in out
    assert max(map(len, out.splitlines())) <= 100
    behind = [line.partition("[")[2] for line in out.splitlines()]
    assert behind[0].startswith("States]")  # an apostrophe comes before letters
    assert "1 more of them" in call("find", "state*", "--limit", "4")[2]


def test_control_characters_of_a_text_are_drawn(call: Call) -> None:
    _, out, _ = call("find", "nothing")
    assert "\x1b" not in out


def test_all_hits_are_marked_in_one_step_and_taken_back(call: Call) -> None:
    before = spans()
    code, _, said = call("find", "-e", r"(?i)\bstate\s+department\b", "--mark", "ORG", "--yes")
    assert code == 0
    assert "1 hit left as they are: so already" in said
    assert "2 hits as ORG, in 2 documents of kim" in said
    after = spans()
    assert after["d1"] == [("STATE\nDEPARTMENT", "ORG")]
    assert after["d2"] == [("state department", "ORG")]
    store = Store.open("news")
    assert store.load_set("d1", "kim").status is Status.DONE
    assert len({decision.step for decision in store.load_set("d1", "kim").decisions[-1:]}) == 1
    code, _, said = call("find", "--undo")
    assert (code, spans()) == (0, before)
    assert "taken back: find" in said
    assert call("find", "--undo")[0] == 1


def test_spans_that_are_found_are_relabelled_or_taken_out(call: Call) -> None:
    assert call("find", "--label", "ORG", "--mark", "LAW", "--yes")[0] == 0
    assert spans()["d0"] == [("State Department", "LAW")]
    assert call("find", "--label", "LAW", "--reject", "--yes")[0] == 0
    assert spans()["d0"] == []


def test_a_hit_within_a_token_or_across_a_span_is_left_and_told(call: Call) -> None:
    code, _, said = call("find", "-e", "epart", "--mark", "ORG", "--yes")
    assert code == 0
    assert "it begins or ends within a token" in said
    assert "stands there with other edges" in said
    assert "0 hits as ORG" in said
    code, _, said = call("find", "the state department", "--mark", "ORG", "--yes")
    assert "1 hit left as they are: ORG stands there with other edges" in said


def test_a_question_that_is_not_answered_changes_nothing(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    before = spans()
    assert call("find", "state department", "--mark", "ORG")[0] == 1
    assert spans() == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "nothing is sought"),
        (("a", "--regex", "b"), 2, "cannot be combined"),
        (("a", "--unmarked", "--label", "ORG"), 2, "places without a span"),
        (("--regex", "("), 2, "is no regular expression"),
        (("--regex", "(a|aa)+$x", "--mark", "NONE"), 1, "NONE"),
        (("a", "--label", "NONE"), 1, "NONE"),
        (("a", "--mark", "ORG", "--reject"), 2, "cannot be combined"),
        (("a", "--mark", "ORG", "--annotator", "ben"), 2, "your own annotations"),
        (("a", "--store", "nowhere"), 1, "there is no store"),
    ],
)
def test_wrong_usage_is_told(call: Call, arguments: tuple[str, ...], code: int, said: str) -> None:
    ended, out, message = call("find", *arguments)
    assert (ended, out) == (code, "")
    assert said in message
    assert "Traceback" not in message
