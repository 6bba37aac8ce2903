"""`annotator agreement` as a person or a program calls it: tables, JSON, CSV, the report, and what goes wrong."""

from __future__ import annotations

import csv
import json
import os
import re
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path

import pytest

from annotator.cli.main import run

DATA = os.environ.get("ANNOTATOR_EXTERNAL_DATA")

ROWS = [
    {
        "id": "one",
        "text": "<b>Ada</b> met\u202e Bob & Eve in Rome.",
        "annotators": {
            "ada": [[3, 6, "PERSON"], [16, 19, "PERSON"], [22, 25, "ORG"]],
            "ben": [[3, 6, "PERSON"], [16, 25, "PERSON"]],
            "cleo": [[3, 6, "ORG"], [16, 19, "PERSON"], [29, 33, "GPE"]],
        },
        "gold": [[3, 6, "PERSON"], [16, 19, "PERSON"], [22, 25, "PERSON"], [29, 33, "GPE"]],
    },
    {"id": "two", "text": "Quiet.", "annotators": {"ada": [], "ben": []}},
]


@pytest.fixture
def call(tmp_path, capsys, monkeypatch):
    """Run the command line in an empty folder: the exit code and what was said on both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANNOTATOR_STORE", "news")
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def store(call):
    """A store in which three have annotated two texts, one of which became gold."""
    Path("rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    assert call("import", "rows.jsonl")[0] == 0
    return Path("news")


def test_tables_say_all_figures_without_colour_in_a_pipe(call, store):
    code, out, err = call("agreement")
    assert code == 0
    assert "\x1b" not in out
    lines = {" ".join(line.split()) for line in out.splitlines()}
    assert "ada · .400 .333" in lines
    assert "ada, ben 2 3 2 .400 .400 to .400 .800 .400 .641" in lines
    assert "cleo 1 3 4 .667 .500 .571 .571 .857 1 0 1 0 0" in lines
    assert any(line.startswith("alpha (tokens, incl. O)") and "inflated" in line for line in lines)
    assert any(line.startswith("alpha (tokens anyone marked)") and "pessimistic" in line for line in lines)
    assert {"GPE 0 · · 2", "none 2 2 · ·"} <= lines
    assert re.search(r"^tokens: blank_en", err, re.MULTILINE)


def test_json_has_the_keys_that_programs_read(call, store):
    code, out, _ = call("agreement", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["annotators"], found["documents"]) == (["ada", "ben", "cleo"], 2)
    assert [
        (pair["a"], pair["b"], pair["documents"], pair["spans_a"], pair["spans_b"]) for pair in found["pairs"]
    ] == [
        ("ada", "ben", 2, 3, 2),
        ("ada", "cleo", 1, 3, 3),
        ("ben", "cleo", 1, 2, 3),
    ]
    assert found["pairs"][0]["strict_f1"] == pytest.approx(2 / 5)
    assert found.keys() >= {
        "alpha_tokens",
        "alpha_tokens_marked",
        "alpha_unitizing",
        "per_label",
        "confusion",
    }
    assert [each["annotator"] for each in found["against_gold"]] == ["ada", "ben", "cleo"]


def test_undefined_figures_are_null_and_said(call):
    Path("rows.jsonl").write_text(json.dumps(ROWS[1]) + "\n", encoding="utf-8")
    assert call("import", "rows.jsonl")[0] == 0
    code, out, err = call("agreement", "--json")
    found = json.loads(out)
    assert (code, found["pairs"][0]["strict_f1"], found["alpha_tokens"]) == (0, None, None)
    assert "nobody marked anything" in err
    assert "n/a" in call("agreement")[1]


def test_annotators_and_gold_can_be_left_out(call, store):
    found = json.loads(call("agreement", "--annotators", "ben, ada", "--no-gold", "--json")[1])
    assert (found["annotators"], found["against_gold"]) == (["ada", "ben"], [])


def test_the_seed_moves_intervals_alone(call, store):
    one, other, again = (
        json.loads(call("agreement", "--json", "--seed", seed)[1]) for seed in ("1", "2", "1")
    )
    assert one == again
    for found in (one, other):
        for pair in found["pairs"]:
            del pair["strict_f1_interval"]
    assert one == other


def test_the_csv_is_one_tidy_table_of_the_same_figures(call, store):
    assert call("agreement", "--csv", "figures.csv")[0] == 0
    found = json.loads(call("agreement", "--json")[1])
    with Path("figures.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pairs = {
        (row["a"], row["b"]): float(row["value"])
        for row in rows
        if (row["scope"], row["figure"], row["label"]) == ("pair", "strict_f1", "")
    }
    assert pairs == {(pair["a"], pair["b"]): pair["strict_f1"] for pair in found["pairs"]}
    recalls = [
        float(row["value"])
        for row in rows
        if (row["scope"], row["figure"], row["label"]) == ("gold", "recall", "")
    ]
    assert recalls == [each["recall"] for each in found["against_gold"]]
    assert sum(
        int(row["value"]) for row in rows if (row["scope"], row["figure"]) == ("corpus", "confusion")
    ) == sum(map(sum, found["confusion"]["counts"]))


class _Page(HTMLParser):
    """A page whose elements must close in their order; the texts of its cells, and whatever it asks others for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.asked: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.asked += [value for name, value in attrs if name in ("src", "href", "srcset", "action")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_the_report_stands_alone_and_is_escaped(call, store):
    assert call("agreement", "--html", "report.html")[0] == 0
    html = Path("report.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(html)
    page.close()
    assert page.open == []
    assert page.asked == []
    assert not page.tags & {"script", "link", "img", "iframe", "b"}
    assert not re.search(r"https?:|//|@import|url\(", html)
    assert "\u202e" not in html
    assert "<b>Ada</b> met" in page.text
    for said in ("ada and ben: 2 differences", "gold and cleo: 2 differences", "another label", "only ada"):
        assert said in page.text
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_the_report_lists_so_many_cases_and_says_how_many_more(call, store, monkeypatch):
    from annotator.workspace.agreement import html as agreement_html

    monkeypatch.setattr(agreement_html.report, "__kwdefaults__", {"cases": 1})
    assert call("agreement", "--html", "report.html")[0] == 0
    assert "and 1 more" in Path("report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--annotators", "ada"], "of these annotators only ada has finished"),
        (["--annotators", "ada,dora"], "dora has annotated nothing in"),
        (["--annotators", "gold,ada"], "gold is what annotators are measured by"),
        (["--annotators", "b/c"], "cannot be the name of an annotator"),
        (["--store", "nowhere"], "there is no store in nowhere"),
        (["--html", "no/such/folder.html"], "cannot be written"),
    ],
)
def test_bad_input_is_one_message_with_a_hint(call, store, arguments, message):
    code, out, err = call("agreement", "--no-gold", *arguments)
    assert (code, out) == (1, "")
    assert message in err
    assert len(err.splitlines()) == 2


def test_ctrl_c_is_told(call, store, monkeypatch):
    def interrupted(self, id):
        raise KeyboardInterrupt

    monkeypatch.setattr("annotator.store.repository.Store.document", interrupted)
    code, out, err = call("agreement", "--csv", "figures.csv")
    assert (code, out) == (1, "")
    assert "stopped before all was measured" in err
    assert not Path("figures.csv").exists()


needs_data = pytest.mark.skipif(DATA is None, reason="ANNOTATOR_EXTERNAL_DATA is not set")


def _external(name: str) -> Path:
    return Path(DATA or "") / name


def _strict_f1(rows: list[dict[str, object]], a: str, b: str) -> float:
    """By intersecting sets, over the documents that both have done."""
    matched = spans = 0
    for row in rows:
        one, other = ({tuple(span[:3]) for span in row["annotators"][name]} for name in (a, b))
        matched, spans = matched + len(one & other), spans + len(one) + len(other)
    return 2 * matched / spans


@needs_data
@pytest.mark.slow
def test_real_figures_are_those_of_other_libraries(call):
    """NeuroTrialNER's first round: figures as published, and as others compute them."""
    import krippendorff
    import spacy
    from sklearn.metrics import cohen_kappa_score

    assert call("import", str(_external("neurotrialner-r1.jsonl")), "--add-labels")[0] == 0
    found = json.loads(call("agreement", "--json")[1])
    lines = _external("neurotrialner-r1.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert (found["annotators"], found["documents"]) == (["A", "B", "C"], 488)
    tokenizer = spacy.blank("en")
    columns: dict[str, list[str]] = {name: [] for name in "ABC"}
    for row in rows:
        tokens = [(token.idx, token.idx + len(token)) for token in tokenizer(row["text"])]
        for name, spans in row["annotators"].items():
            # Overlapping spans put several labels on a token: together they are a value of its own.
            columns[name] += [
                "+".join(sorted({label for left, right, label in spans if left < end and start < right}))
                or "O"
                for start, end in tokens
            ]
    for pair in found["pairs"]:
        a, b = pair["a"], pair["b"]
        assert pair["strict_f1"] == pytest.approx(_strict_f1(rows, a, b), abs=1e-9)
        assert pair["token_kappa"] == pytest.approx(cohen_kappa_score(columns[a], columns[b]), abs=1e-9)
    assert [round(pair["token_kappa"], 4) for pair in found["pairs"]] == [0.7575, 0.7651, 0.7595]
    codes = {
        value: number
        for number, value in enumerate(sorted({each for column in columns.values() for each in column}))
    }
    said = [[codes[value] for value in column] for column in columns.values()]
    marked = [
        [column[token] for token in range(len(said[0])) if {each[token] for each in said} != {codes["O"]}]
        for column in said
    ]
    for name, data in (("alpha_tokens", said), ("alpha_tokens_marked", marked)):
        theirs = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        assert found[name] == pytest.approx(theirs, abs=1e-9)


@needs_data
@pytest.mark.slow
@pytest.mark.parametrize(("group", "published"), [("group1", 0.8229), ("group2", 0.7398)])
def test_real_figures_of_six_annotators(call, group, published):
    """NEMO's pilot in Hebrew: what is published is over the spans of all pairs."""
    lines = _external("nemo-pilot.jsonl").read_text(encoding="utf-8").splitlines()
    own = [line for line in lines if json.loads(line)["id"].startswith(f"{group}-")]
    Path("rows.jsonl").write_text("".join(f"{line}\n" for line in own), encoding="utf-8")
    assert call("import", "rows.jsonl", "--add-labels")[0] == 0
    found = json.loads(call("agreement", "--json")[1])
    assert (len(found["annotators"]), len(found["pairs"]), len(found["against_gold"])) == (6, 15, 6)
    assert found["strict_f1"] == pytest.approx(published, abs=0.00005)
    rows = [json.loads(line) for line in own]
    for a, b in combinations(found["annotators"], 2):
        [pair] = [each for each in found["pairs"] if (each["a"], each["b"]) == (a, b)]
        assert pair["strict_f1"] == pytest.approx(_strict_f1(rows, a, b), abs=1e-9)
