"""`annotator train` and `annotator export --split` as a person gives them: what is told, what is left, what goes wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.model.decisions import Status
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve

ROOT = Path(__file__).parents[2]
PLACES = ("Rome", "Lagos", "Puno", "Malta")


def _rows(count: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number in range(count):
        place = PLACES[number % 4]
        text = f"Ada went to {place} on day {number} ."
        start = text.index(place)
        spans = [
            {"start": 0, "end": 3, "label": "PERSON"},
            {"start": start, "end": start + len(place), "label": "GPE"},
        ]
        rows.append({"id": f"d{number}", "text": text, "spans": spans, "answer": "accept"})
    return rows


def _store(rows: list[dict[str, object]], *more: str) -> None:
    Path("in.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    assert run(["import", "in.jsonl", "--store", "S", *more]) == 0


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in, and no settings."""
    for name in [name for name in os.environ if name.startswith("ANNOTATOR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("ANNOTATOR_NAME", "ada")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_model_is_trained_measured_and_found_by_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    _store(_rows(20))
    words = ["train", "--store", "S", "--output", "M", "--base", "blank:en", "--max-steps", "3", "--json"]
    assert run(words) == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert {path.name for path in Path("M").iterdir()} == {
        *("train.spacy", "dev.spacy", "test.spacy", "config.cfg", "model-best", "report.json", "errors")
    }
    assert json.loads(Path("M/report.json").read_text()) == report
    assert [(each["part"], each["documents"]) for each in report["parts"]] == [
        ("train", 16),
        ("dev", 2),
        ("test", 2),
    ]
    assert report["steps"] == 3
    assert report["held_out"]["documents"] == 2
    assert "step 3  epoch 1  loss" in said.err
    assert "PERSON" in said.err

    pipeline = resolve("M")
    assert pipeline.title == "en_M-0.0.0"
    assert Path(pipeline.source) == Path("M/model-best").resolve()


def test_the_errors_open_as_a_store_in_which_each_is_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    _store(_rows(20))
    assert run(["train", "--store", "S", "-o", "M", "--base", "blank:en", "--max-steps", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    errors = Store.open("M/errors")
    assert errors.info.model == "blank:en"
    counted = {kind: count for kind, count in report["held_out"]["errors"].items() if count}
    suggestions = [each for id in errors.catalogue.ids for each in errors.imported_suggestions(id)]
    assert len(suggestions) == sum(counted.values()) > 0
    assert {each.source for each in suggestions} <= {
        "missed",
        "spurious",
        "mislabelled",
        "other edges",
        "mistaken",
    }
    for id in errors.catalogue.ids:
        assert errors.load_set(id, "ada").status in (Status.TODO, Status.STARTED)
    assert run(["check", "--store", "M/errors"]) == 0


def test_overlapping_labels_train_a_span_categorizer(capsys: pytest.CaptureFixture[str]) -> None:
    Path("nested.json").write_text(
        '{"name": "n", "nested": true, "labels": [{"name": "PERSON"}, {"name": "GPE"}]}'
    )
    _store(_rows(12), "--labels", "nested.json")
    assert run(["train", "--store", "S", "-o", "M", "--base", "blank:en", "--max-steps", "2"]) == 0
    said = capsys.readouterr()
    assert "a new span categorizer" in said.err
    assert json.loads(Path("M/model-best/meta.json").read_text())["pipeline"] == ["tok2vec", "spancat"]


@pytest.mark.parametrize(("steps", "is_told"), [("2", True), ("60", False)])
def test_a_training_that_was_too_short_is_told(
    steps: str, is_told: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sixty steps on so few and so simple sentences are enough well before the end."""
    _store(_rows(20))
    assert (
        run(["train", "--store", "S", "-o", "M", "--base", "blank:en", "--max-steps", steps, "--seed", "1"])
        == 0
    )
    assert ("it was still getting better" in capsys.readouterr().err) is is_told


def test_a_curve_has_four_points(capsys: pytest.CaptureFixture[str]) -> None:
    _store(_rows(20))
    words = ["train", "--store", "S", "-o", "M", "--base", "blank:en", "--max-steps", "1", "--curve"]
    assert run(words) == 0
    out = capsys.readouterr().out
    assert [line.split()[:3] for line in out.splitlines() if "%" in line] == [
        *(["25%", "4", "8"], ["50%", "8", "16"], ["75%", "12", "24"], ["100%", "16", "32"])
    ]
    assert "┤" in out
    assert "●" in out
    assert len(json.loads(Path("M/report.json").read_text())["curve"]) == 4
    assert not Path("M/.curve").exists()


def _no_spans() -> list[dict[str, object]]:
    return [{**row, "spans": []} for row in _rows(12)]


@pytest.mark.parametrize(
    ("rows", "words", "code", "message"),
    [
        (_rows(2), [], 1, "2 documents in 2 groups cannot be split into train and dev and test"),
        (_no_spans(), [], 1, "nothing to learn: none of the 12 finished documents has a span"),
        ([{**_rows(1)[0], "answer": None}], [], 1, "no annotation set is finished"),
        (_rows(12), ["--base", "no_such_model"], 1, "there is no spaCy pipeline no_such_model"),
        (_rows(12), ["--base", "S"], 1, "is no saved spaCy pipeline"),
        (_rows(12), ["--output", "S"], 1, "S is there already"),
        (_rows(12), ["--output", "no/where"], 1, "no/where cannot be written: No such file or directory"),
        (_rows(12), ["--output", "M.spacy"], 1, "M.spacy is to be a folder"),
        (_rows(12), ["--annotator", "bob"], 1, "bob has annotated nothing"),
        (_rows(12), ["--split", "80"], 2, "'80' is no split"),
        (_rows(12), ["--group", "source"], 1, "no document has the metadata field source"),
        (_rows(12), ["--gpu", "9", "--base", "blank:en"], 1, "spaCy cannot train"),
    ],
    ids=lambda value: None if isinstance(value, list) else str(value)[:30],
)
def test_what_cannot_be_trained_is_told_and_leaves_nothing(
    rows: list[dict[str, object]],
    words: list[str],
    code: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _store([{key: value for key, value in row.items() if value is not None} for row in rows])
    before = set(Path().iterdir())
    assert run(["train", "--store", "S", "--output", "M", "--max-steps", "2", *words]) == code
    said = capsys.readouterr()
    assert message in said.err
    assert "Traceback" not in said.err
    assert set(Path().iterdir()) == before


def test_labels_that_the_map_would_misread_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    content = {"name": "m", "labels": [{"name": "PERSON"}, {"name": "GPE"}], "map": {"GPE": "PERSON"}}
    Path("m.json").write_text(json.dumps(content))
    _store(_rows(12), "--labels", "m.json")
    assert run(["train", "--store", "S", "--output", "M"]) == 1
    assert "the label set reads a model's GPE as PERSON" in capsys.readouterr().err


def test_ctrl_c_stops_and_keeps_the_best_so_far(place: Path) -> None:
    _store(_rows(20))
    words = ["train", "--store", "S", "-o", "M", "--base", "blank:en", "--max-steps", "100000"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "annotator", *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment,
    ) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line.decode())
            if line.startswith(b"step 0"):
                process.send_signal(signal.SIGINT)
    assert process.returncode == 0, said
    assert any("stopped" in line for line in said)
    assert resolve("M").title == "en_M-0.0.0"
    assert json.loads(Path("M/report.json").read_text())["stopped"] is True


def test_an_export_in_parts_says_what_they_hold(capsys: pytest.CaptureFixture[str]) -> None:
    _store(_rows(20))
    capsys.readouterr()
    assert run(["export", "gold.jsonl", "--store", "S", "--split", "80/10/10", "--split-by", "labels"]) == 0
    lines = [line.split() for line in capsys.readouterr().err.splitlines()]
    assert lines[:5] == [
        ["train", "dev", "test"],
        ["documents", "16", "2", "2"],
        ["spans", "32", "4", "4"],
        ["GPE", "16", "2", "2"],
        ["PERSON", "16", "2", "2"],
    ]
    assert Path("gold-dev.jsonl").read_text().count("\n") == 2


def test_a_group_without_a_split_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    _store(_rows(2))
    assert run(["export", "gold.jsonl", "--store", "S", "--group", "source"]) == 2
    assert "--group and --split-by are about a split" in capsys.readouterr().err


def _python(*words: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=280,
    )
    assert "Traceback" not in ended.stdout, ended.stdout
    return ended.stdout


@pytest.mark.slow
def test_the_samples_end_in_two_models_that_annotate_takes(place: Path) -> None:
    """Exported and trained on by spaCy's own commands, from elsewhere than the folder, and by ours."""
    _python("annotator", "import", str(ROOT / "corpora" / "news" / "gold.jsonl"), "--store", "S")
    said = _python("annotator", "export", "parts", "--format", "spacy", "--store", "S", "--split", "80/10/10")
    assert "parts/train.spacy, parts/dev.spacy, parts/test.spacy: 14 documents, 1,325 spans" in said

    said = _python("spacy", "debug", "data", "parts/config.cfg")
    assert "Corpus is loadable" in said
    assert "10 training docs" in said
    steps = ("--training.max_steps", "40", "--training.eval_frequency", "20")
    assert "Saved pipeline" in _python("spacy", "train", "parts/config.cfg", "--output", "theirs", *steps)
    said = _python("spacy", "benchmark", "accuracy", "theirs/model-best", "parts/test.spacy")
    theirs = float(said.partition("NER F")[2].split()[0])

    said = _python("annotator", "train", "--store", "S", "-o", "ours", "--max-steps", "40", "--json")
    report = json.loads(Path("ours/report.json").read_text())
    assert report["continues"] is True
    said = _python("spacy", "benchmark", "accuracy", "ours/model-best", "ours/test.spacy")
    ours = float(said.partition("NER F")[2].split()[0])
    assert ours == pytest.approx(100 * report["held_out"]["strict_f1"], abs=0.01)
    assert ours > 60
    assert theirs > 60

    for folder in ("theirs", "ours"):
        assert resolve(folder).source.endswith("model-best")
        said = _python("annotator", "annotate", "--store", "S", "--model", folder)
        assert "the screen needs a terminal" in said
        _python("annotator", "export", f"{folder}.conll", "--store", "S", "--model", folder)
        assert Path(f"{folder}.conll").stat().st_size > 1000
