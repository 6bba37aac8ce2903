"""Adapting beside the work: when it begins, what becomes of the copy, and that it leaves nothing behind."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.editing.editor import Editor
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.suggest.adapting.selection import Part, part_of
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.states import ServiceKind, ServiceState
from annotator.workspace import Adapted, Event, SuggesterChanged, Workspace
from annotator.workspace.adapting.adapting import Adapting
from annotator.workspace.adapting.finished_documents import finished_documents, other_texts

BETTER = {"base": [5, 10, 10], "before": [5, 10, 10], "after": [6, 10, 10]}
WORSE = {"base": [5, 10, 10], "before": [5, 10, 10], "after": [4, 10, 10]}

TRAINER = """
import json, os, pathlib, sys, time
scores = json.loads(sys.argv[1])
request = json.loads(sys.stdin.readline())
log = pathlib.Path(sys.argv[2])
with log.open("a") as file:
    file.write(json.dumps({**request, "pid": os.getpid()}) + "\\n")
if scores is None:
    sys.stderr.write("out of memory")
    sys.stderr.flush()
    os._exit(9)
folder = pathlib.Path(request["folder"])
folder.mkdir()
(folder / "meta.json").write_text("{}")
if scores == "hang":
    print(json.dumps({"round": 1, "score": [0, 0, 0]}), flush=True)
    time.sleep(600)
print(json.dumps({"done": {"scores": scores, "rounds": 3, "learnt_from": 9, "held_out": 3, "rehearsed": 2,
    "labels": ["PERSON", "MALADY"], "new_labels": ["MALADY"], "unteachable": 0}}))
"""

LABELS = LabelSet.from_names("mine", ["PERSON", "MALADY"])
TEXT = "Ada met Ben. " * 10


def finish(store: Store, document_id: str) -> None:
    """Mark every Ada in a document, and finish it."""
    editor = Editor(store.document(document_id), store.info.label_set, store.load_set(document_id, "me"))
    found = [Suggestion(start, start + 3, "PERSON") for start in range(0, len(TEXT), 13)]
    editor.retokenize(stand_in_tokens(editor.document.text))
    editor.suggestion_state.suggest(found)
    editor.suggestion_state.mark_seen(0, len(editor.document.text))
    editor.finish()
    store.save(SetSnapshot.of(editor.annotation_set))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Thirty documents, the first twelve finished."""
    store = Store.create(tmp_path / "store", label_set=LABELS)
    for number in range(30):
        store.add_document(new_document(f"{TEXT}{number}", id=f"d{number}"))
    for number in range(12):
        finish(store, f"d{number}")
    return store


class Bench:
    """Adapting with a trainer that does as it is told, and what it was asked."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.told: list[Adapted] = []
        self.log = folder / "asked"
        self._heard = threading.Condition()
        self._made: list[Adapting] = []

    def adapting(self, scores: object, *, every: int = 5, model: str | None = None) -> Adapting:
        made = Adapting(
            self.store,
            "me",
            resolve(model),
            every=every,
            whose="own",
            on_end=self._hear,
            command=[sys.executable, "-c", TRAINER, json.dumps(scores), str(self.log)],
        )
        self._made.append(made)
        return made

    def _hear(self, adapted: Adapted) -> None:
        with self._heard:
            self.told.append(adapted)
            self._heard.notify_all()

    def wait(self, count: int = 1) -> Adapted:
        with self._heard:
            assert self._heard.wait_for(lambda: len(self.told) >= count, timeout=60)
        return self.told[-1]

    @property
    def asked(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    @property
    def copies(self) -> list[str]:
        folder = self.store.path / "models" / "me"
        return [path.name for path in folder.iterdir() if path.is_dir()] if folder.exists() else []

    def close(self) -> None:
        for each in self._made:
            each.close()


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(store, tmp_path)
    yield bench
    bench.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _ in range(6000):
        if is_so():
            return
        waiting.wait(0.01)
    pytest.fail("it never came to that")


# What becomes of a copy


def test_a_better_copy_is_taken_and_kept(bench: Bench) -> None:
    adapting = bench.adapting(BETTER)
    adapting.begin()
    attempt = bench.wait().attempt
    assert attempt.is_taken
    assert (attempt.before_f1, attempt.after_f1) == (0.5, 0.6)
    assert (attempt.finished, attempt.learnt_from, attempt.new_labels) == (12, 9, ("MALADY",))
    assert adapting.pipeline.source == str(bench.store.path / "models" / "me" / attempt.folder)
    assert adapting.pipeline.cache_name != adapting.base.cache_name
    assert bench.adapting(BETTER).pipeline == adapting.pipeline
    assert bench.copies == [attempt.folder]


def test_a_worse_copy_is_not_taken_and_removed(bench: Bench) -> None:
    adapting = bench.adapting(WORSE)
    adapting.begin()
    attempt = bench.wait().attempt
    assert not attempt.is_taken
    assert attempt.after_f1 == 0.4
    assert adapting.pipeline == adapting.base
    assert adapting.copy_in_use is None
    assert adapting.last == attempt
    assert bench.copies == []


def test_a_worse_copy_leaves_the_one_before_in_use(bench: Bench) -> None:
    bench.adapting(BETTER).begin()
    first = bench.wait().attempt
    adapting = bench.adapting(WORSE)
    adapting.begin()
    bench.wait(2)
    assert adapting.copy_in_use == first
    assert bench.copies == [first.folder]
    assert str(bench.asked[1]["current"]).endswith(first.folder)
    assert bench.asked[1]["source"] == adapting.base.source


def test_a_newer_copy_replaces_an_older_one(bench: Bench) -> None:
    adapting = bench.adapting(BETTER)
    adapting.begin()
    bench.wait()
    adapting.begin()
    second = bench.wait(2).attempt
    adapting.close()
    assert bench.copies == [second.folder]


def test_going_back_is_kept_and_switches_it_off(bench: Bench) -> None:
    adapting = bench.adapting(BETTER)
    adapting.begin()
    bench.wait()
    adapting.roll_back()
    assert adapting.pipeline == adapting.base
    assert not adapting.is_on
    adapting.close()
    assert bench.copies == []
    again = bench.adapting(BETTER)
    assert again.pipeline == again.base
    assert not again.is_on
    again.consider(1000)
    assert not again.is_busy


def test_another_pipeline_does_not_use_a_copy_of_this_one(bench: Bench) -> None:
    bench.adapting(BETTER).begin()
    bench.wait()
    other = bench.adapting(BETTER, model="blank:en")
    assert other.pipeline == other.base
    assert other.last is None


def test_a_copy_is_not_used_when_its_labels_have_come_to_mean_something_else(bench: Bench) -> None:
    adapting = bench.adapting(BETTER)
    adapting.begin()
    bench.wait()
    labels = LabelSet.from_names("mine", ["PERSON", "ILLNESS"])
    bench.store.change_info(label_set=labels)
    assert adapting.pipeline == adapting.base
    bench.store.change_info(label_set=LabelSet.from_names("mine", ["PERSON", "MALADY", "OTHER"]))
    assert adapting.pipeline != adapting.base


def test_a_copy_whose_folder_is_gone_is_not_used(bench: Bench) -> None:
    adapting = bench.adapting(BETTER)
    adapting.begin()
    attempt = bench.wait().attempt
    (bench.store.path / "models" / "me" / attempt.folder / "meta.json").unlink()
    assert adapting.pipeline == adapting.base


def test_a_record_that_cannot_be_read_is_as_good_as_none(bench: Bench) -> None:
    folder = bench.store.path / "models" / "me"
    folder.mkdir(parents=True)
    for content in (
        "{",
        "[]",
        '{"format": 1}',
        '{"format": 2}',
        '{"format": 1, "is_on": true, "in_use": 3, "last": 3}',
    ):
        (folder / "adapting.json").write_text(content)
        assert bench.adapting(BETTER).pipeline == resolve()


# When it begins


def test_it_is_off_until_it_is_switched_on(bench: Bench) -> None:
    adapting = bench.adapting(BETTER, every=0)
    adapting.consider(1000)
    assert not adapting.is_busy
    adapting.switch(on=True)
    assert bench.adapting(BETTER, every=0).is_on
    adapting.consider(9)
    assert not adapting.is_busy
    adapting.consider(12)
    assert adapting.is_busy
    bench.wait()


def test_it_begins_again_only_after_so_many_more(bench: Bench) -> None:
    adapting = bench.adapting(WORSE, every=5)
    adapting.consider(12)
    bench.wait()
    adapting.consider(12)
    adapting.consider(16)
    assert not adapting.is_busy
    assert adapting.waits_for(16) == 1
    adapting.consider(17)
    assert adapting.is_busy
    bench.wait(2)


def test_a_process_that_dies_is_told_once_and_tried_again_only_when_it_is_due(bench: Bench) -> None:
    adapting = bench.adapting(None, every=5)
    adapting.consider(12)
    attempt = bench.wait().attempt
    assert "out of memory" in attempt.failed
    assert not attempt.is_taken
    for _ in range(3):
        adapting.consider(12)
    assert not adapting.is_busy
    assert len(bench.told) == 1
    assert adapting.pipeline == adapting.base


def test_with_too_little_finished_it_says_so_and_starts_no_process(bench: Bench) -> None:
    for number in range(12):
        document_id = f"d{number}"
        if part_of(document_id) is Part.HELD_OUT:
            editor = Editor(
                bench.store.document(document_id), LABELS, bench.store.load_set(document_id, "me")
            )
            editor.reopen()
            bench.store.save(SetSnapshot.of(editor.annotation_set))
    bench.adapting(BETTER).begin()
    assert "finished" in bench.wait().attempt.failed
    assert bench.asked == []


# Leaving


def test_leaving_while_a_copy_learns_leaves_nothing_behind(bench: Bench) -> None:
    adapting = bench.adapting("hang")
    adapting.begin()
    wait_until(lambda: bool(bench.asked) and bool(bench.copies))
    adapting.close()
    assert bench.copies == []
    assert bench.told == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(str(bench.asked[0]["pid"])), 0)


def test_what_a_killed_program_left_is_swept_by_the_next_attempt(bench: Bench) -> None:
    (bench.store.path / "models" / "me" / "20200101-000000-0").mkdir(parents=True)
    bench.adapting(WORSE).begin()
    bench.wait()
    assert bench.copies == []


def test_switching_off_ends_what_is_under_way(bench: Bench) -> None:
    adapting = bench.adapting("hang")
    adapting.begin()
    wait_until(lambda: bool(bench.copies))
    adapting.switch(on=False)
    assert not adapting.is_busy
    wait_until(lambda: not bench.copies)
    assert bench.told == []


# What is learnt from


def test_only_finished_documents_are_learnt_from(bench: Bench) -> None:
    bench.adapting(BETTER).begin()
    bench.wait()
    (asked,) = bench.asked
    finished = {document_id: spans for document_id, _, spans in asked["finished"]}  # type: ignore[attr-defined]
    assert set(finished) == {f"d{number}" for number in range(12)}
    assert finished["d3"] == [[start, start + 3, "PERSON"] for start in range(0, len(TEXT), 13)]
    others = asked["others"]
    assert isinstance(others, list)
    assert len(others) == 12
    assert not {f"{TEXT}{number}" for number in range(12)} & set(others)


def test_of_everybodys_documents_gold_goes_before_ones_own(store: Store) -> None:
    gold = Editor(store.document("d0"), LABELS, store.load_set("d0", "gold", gold=True))
    gold.finish()
    store.save(SetSnapshot.of(gold.annotation_set))
    spans = {each.document_id: each.spans for each in finished_documents(store, "me", whose="all")}
    assert spans["d0"] == ()
    assert len(spans["d1"]) == 10
    assert len(finished_documents(store, "you", whose="all")) == 12
    assert finished_documents(store, "you", whose="own") == []


def test_other_texts_are_of_documents_that_are_not_finished(store: Store) -> None:
    texts = other_texts(store, "me", most=100)
    assert sorted(texts) == sorted(f"{TEXT}{number}" for number in range(12, 30))
    assert other_texts(store, "me", most=3) == other_texts(store, "me", most=3)


# In a workspace


@pytest.fixture
def workspace(bench: Bench) -> Iterator[Workspace]:
    workspace = Workspace(bench.store, annotator="me", settings=Settings(adapt=5))
    workspace._adapting = bench.adapting(BETTER)
    yield workspace
    workspace.close()


def test_a_copy_that_was_taken_suggests_from_then_on(bench: Bench, workspace: Workspace) -> None:
    before = workspace._answers
    before.keep_record("d20", {})
    workspace.adapting.begin()
    workspace.take_adapted(bench.wait())
    assert "adapted" in workspace.suggester.pipeline
    assert before.has("d20")
    assert not workspace._answers.has("d20")
    workspace.roll_back()
    assert workspace._answers.has("d20")
    assert "adapted" not in workspace.suggester.pipeline


def test_a_copy_suggests_from_the_start_of_the_next_session(bench: Bench) -> None:
    adapting = bench.adapting(BETTER)
    adapting.begin()
    bench.wait()
    workspace = Workspace(bench.store, annotator="me", settings=Settings())
    assert workspace._pipeline == adapting.pipeline
    assert workspace.adapting.base == adapting.base
    workspace.close()


def test_a_copy_that_does_not_load_is_given_up(bench: Bench, workspace: Workspace) -> None:
    workspace.adapting.begin()
    workspace.take_adapted(bench.wait())
    heard: list[Event] = []
    workspace.listener = heard.append
    workspace._on_state(ServiceState(ServiceKind.FAILED, "adapted"))
    (changed, adapted) = heard
    assert isinstance(changed, SuggesterChanged)
    assert isinstance(adapted, Adapted)
    assert adapted.is_broken
    workspace.take_adapted(adapted)
    assert workspace._pipeline == workspace.adapting.base


def test_opening_documents_begins_it_when_it_is_due(bench: Bench, workspace: Workspace) -> None:
    workspace.want_suggestions("d13")
    assert bench.wait().attempt.is_taken


def test_where_nothing_was_switched_on_nothing_of_it_is_loaded(bench: Bench) -> None:
    workspace = Workspace(bench.store, annotator="me", settings=Settings())
    workspace.want_suggestions("d13")
    assert workspace._adapting is None
    workspace.close()
