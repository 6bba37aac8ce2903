"""A step over many documents that is killed anywhere is made whole when the store is opened next, or was never begun."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.layout import PENDING
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps

CHILD = Path(__file__).with_name("child_that_steps.py")
DOCUMENTS = 60

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs kill -9")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents with two mentions each; every third has a set in which the first is decided otherwise."""
    store = Store.create(
        tmp_path_factory.mktemp("origin") / "store", label_set=LabelSet.from_names("news", ["PER", "ORG"])
    )
    for number in range(DOCUMENTS):
        store.add_document(new_document("Maduro met Maduro.", id=f"d{number}"))
        if number % 3 == 0:
            decision = Decision(
                1, 1, Verb.ADD, "anna", "2026-11-22T14:02:11Z", "a", None, Span(0, 6, "ORG"), uid="b"
            )
            store.save(SetSnapshot.of(AnnotationSet(f"d{number}", "anna", [decision])))
    store.close()
    return store.path


def state(store: Store) -> list[tuple[list[tuple[int, str]], Status]]:
    sets = (store.load_set(f"d{number}", "anna") for number in range(DOCUMENTS))
    return [([(each.start, each.label) for each in one.spans], one.status) for one in sets]


def killed(store: Path, seconds: float | None) -> tuple[list[str], float]:
    """What the child said until it was killed so long after it began, if at all; and how long it took."""
    with subprocess.Popen(
        [sys.executable, "-B", CHILD, store],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        assert child.stdout is not None
        heard = [child.stdout.readline().strip()]
        began = time.monotonic()
        if seconds is not None:
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                child.kill()
        heard += child.stdout.read().split()
        return heard, time.monotonic() - began


@pytest.mark.parametrize("rounds", [12, pytest.param(100, marks=pytest.mark.slow)])
def test_a_step_that_was_killed_is_whole_or_was_never_begun(
    origin: Path, tmp_path: Path, rounds: int
) -> None:
    before = state(Store.open(origin))
    whole = tmp_path / "whole"
    shutil.copytree(origin, whole)
    heard, takes = killed(whole, None)
    assert heard == ["begins", "made"]
    after = state(Store.open(whole))
    assert after[0] == ([(0, "ORG"), (11, "PER")], Status.STARTED)
    assert after[1] == ([(0, "PER"), (11, "PER")], Status.STARTED)
    chance = random.Random(20261122)
    broken_off = 0
    for number in range(rounds):
        path = tmp_path / f"store{number}"
        shutil.copytree(origin, path)
        heard, _ = killed(path, chance.uniform(0, takes))
        broken_off += any((path / PENDING).glob("*.json"))
        store = Store.open(path)
        found = state(store)
        assert found == after or (found == before and "made" not in heard)
        assert list(check(Files(path))) == []
        if (step := Steps(store).last()) is not None:
            assert Steps(store).undo(step, who="anna").left_out == ()
            assert state(store) == before
        shutil.rmtree(path)
    assert broken_off, "no kill came in the middle of a step"
