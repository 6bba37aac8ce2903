"""The training process: what it leaves, how it is stopped, and what becomes of its failures."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from annotator.errors import ModelError, OutputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from annotator.training.recipe import Base, Recipe, config_of
from annotator.training.runs import BEST, run_training


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration of four steps on eight short documents."""
    documents = [
        AnnotatedDocument(
            new_document(f"Ada votes {number}", tokens=stand_in_tokens(f"Ada votes {number}")),
            spans=(Span(0, 3, "PER"),),
            status=Status.DONE,
        )
        for number in range(8)
    ]
    for part in ("train", "dev"):
        write(documents, tmp_path / f"{part}.spacy")
    recipe = Recipe(base=Base("en"), labels=("PER",), known=("PER",), nested=False, max_steps=4, seed=0)
    made = config_of(recipe, train=tmp_path / "train.spacy", dev=tmp_path / "dev.spacy")
    made.to_disk(tmp_path / "config.cfg", interpolate=False)
    return tmp_path / "config.cfg"


def test_a_run_tells_its_evaluations_and_leaves_the_best_state(config, tmp_path):
    told = []
    run = run_training(config, tmp_path / "out", on_evaluation=told.append)
    assert [each.step for each in told] == [0, 1, 2, 3, 4]
    assert run.evaluations == tuple(told)
    assert not run.is_stopped
    assert all(each.labels.keys() <= {"PER"} for each in told)
    assert run.best.score == max(each.score for each in told)
    assert (tmp_path / "out" / BEST / "meta.json").is_file()


def test_what_is_saved_names_spacys_own_logger(config, tmp_path):
    """Else nobody could train by that configuration without this program."""
    run_training(config, tmp_path / "out")
    saved = (tmp_path / "out" / BEST / "config.cfg").read_text(encoding="utf-8")
    assert '@loggers = "spacy.ConsoleLogger' in saved
    assert "annotator" not in saved.replace(str(tmp_path), "")


def test_a_first_ctrl_c_stops_the_run_and_keeps_the_best(config, tmp_path):
    """Also when it comes while an evaluation is being shown."""
    text = config.read_text(encoding="utf-8").replace("max_steps = 4", "max_steps = 100000")
    config.write_text(text.replace("patience = 5", "patience = 0"), encoding="utf-8")

    def stop(evaluation):
        if evaluation.step == 3:
            signal.raise_signal(signal.SIGINT)

    run = run_training(config, tmp_path / "out", on_evaluation=stop)
    assert run.is_stopped
    assert run.evaluations[-1].step < 100000
    assert (tmp_path / "out" / BEST / "meta.json").is_file()


def test_a_disk_that_refuses_is_an_error_of_the_output(config, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        run_training(config, tmp_path / "file" / "out")


def test_a_disk_that_fills_up_is_told_as_such(config, tmp_path):
    """The child may write files of 20 kB only, and a saved pipeline has larger ones."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(OutputError, match="cannot be written: File too large"):
            run_training(config, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_spacy_says_no_to_is_told(config, tmp_path):
    config.write_text(config.read_text(encoding="utf-8").replace('"ner"\n', '"nonsense"\n'), encoding="utf-8")
    with pytest.raises(ModelError, match="spaCy cannot train"):
        run_training(config, tmp_path / "out")


def test_a_process_that_dies_is_told_with_its_last_words(config, tmp_path, monkeypatch):
    dying = [sys.executable, "-c", "import sys; sys.exit('no room for the model')"]
    monkeypatch.setattr("annotator.training.runs.python_command", lambda *_: dying)
    with pytest.raises(
        ModelError, match="ended before it was done: it ended with code 1: no room for the model"
    ):
        run_training(config, tmp_path / "out")


def test_a_gpu_that_is_not_there_is_told(config, tmp_path):
    with pytest.raises(ModelError, match="spaCy cannot train") as caught:
        run_training(config, tmp_path / "out", gpu=7)
    assert "without --gpu" in caught.value.hint
