"""The process that adapts, driven over its pipes."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from annotator.errors import ModelError
from annotator.model.labels import LabelSet
from annotator.model.resources import load_label_set
from annotator.suggest.adapting.process import LessonProcess
from annotator.suggest.adapting.selection import Finished, Lesson
from annotator.suggest.adapting.worker import lesson_of

_spec = importlib.util.spec_from_file_location(
    "adapting_pipelines", Path(__file__).with_name("adapting_pipelines.py")
)
assert _spec is not None
assert _spec.loader is not None
made = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(made)


def lesson_with(source: str) -> Lesson:
    labels = LabelSet.from_names("mine", ["PERSON", "GPE", "PER", "LOC", "DISEASE"])
    finished = made.documents(9)
    return Lesson(source=source, current=source, label_set=labels, finished=finished, others=["Nobody came."])


def fake(body: str) -> LessonProcess:
    return LessonProcess(command=[sys.executable, "-c", f"import json, os, sys, time\n{body}"])


def test_a_lesson_comes_back_as_a_copy_that_loads(tmp_path: Path) -> None:
    import spacy

    source = made.save_pipeline(tmp_path / "pipeline")
    report = LessonProcess().run(lesson_with(source), folder=tmp_path / "copy", name="adapted")
    assert report.new_labels == ("DISEASE", "LOC", "PER")
    assert report.rehearsed == 1
    assert spacy.load(tmp_path / "copy").meta["name"] == "adapted"


def test_a_pipeline_that_cannot_learn_is_told() -> None:
    with pytest.raises(ModelError, match="no entity recognizer"):
        LessonProcess().run(lesson_with("blank:en"), folder=Path("nowhere"), name="adapted")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "sys.stdin.readline(); sys.stderr.write('out of memory'); os._exit(3)",
            "died.*code 3: out of memory",
        ),
        ("os._exit(0)", "died"),
        ("sys.stdin.readline(); print('hello')", "which is no answer"),
        ("sys.stdin.readline(); print(json.dumps({'done': {'scores': 1}}))", "something else"),
        ("sys.stdin.readline(); print(json.dumps({'failed': 'no room'}))", "^no room$"),
    ],
)
def test_a_process_that_fails_gives_one_error(body: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        fake(body).run(lesson_with("blank:en"), folder=Path("nowhere"), name="adapted")


def test_cancelling_ends_it_at_once(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    process = fake(
        f"open({str(told)!r}, 'w').write(str(os.getpid())); print('{{}}', flush=True); time.sleep(600)"
    )
    errors: list[ModelError] = []

    def run() -> None:
        try:
            process.run(lesson_with("blank:en"), folder=tmp_path / "copy", name="adapted")
        except ModelError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    waiting = threading.Event()
    while not (told.exists() and told.read_text()):
        waiting.wait(0.01)
    process.cancel()
    thread.join(10)
    assert not thread.is_alive()
    assert len(errors) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


def test_cancelled_before_it_began_it_does_not_begin(tmp_path: Path) -> None:
    process = fake("sys.stdin.readline(); print(json.dumps({'failed': 'it began'}))")
    process.cancel()
    with pytest.raises(ModelError, match="cancelled"):
        process.run(lesson_with("blank:en"), folder=tmp_path / "copy", name="adapted")


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    request = {
        "source": made.save_pipeline(tmp_path / "pipeline"),
        "current": "nowhere",
        "labels": load_label_set("news").content,
        "others": [],
        "finished": [],
        "seed": 0,
        "folder": str(tmp_path / "copy"),
        "name": "adapted",
    }
    done = subprocess.run(
        [sys.executable, "-m", "annotator.suggest.adapting.worker"],
        input=json.dumps(request).encode() + b"\n",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert not (tmp_path / "copy").exists()


def test_a_lesson_survives_the_pipe() -> None:
    labels = load_label_set("conll")
    lesson = Lesson(
        source="a",
        current="b",
        label_set=labels,
        finished=[Finished("é\ud83d", "Zoë 👍\ud83d", ((0, 3, "PER"),))],
        others=["x"],
        seed=3,
    )
    from annotator.suggest.adapting.process import _request

    request = json.loads(json.dumps(_request(lesson, folder=Path("f"), name="n")))
    assert lesson_of(request) == lesson
