"""A step over many documents that was broken off, and a disk that does not take the rest of it: what is there can be read."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from annotator.model.decisions import By, Decision, Verb
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.settings import Settings
from annotator.store.check import check
from annotator.store.files import Disk, Files
from annotator.store.plans import Plan, Planned, plan_data
from annotator.store.repository import Store
from annotator.workspace import Workspace
from tests.security.conftest import Home

Command = Callable[..., tuple[int, str, str]]

READING = [
    ("log",),
    ("log", "one"),
    ("stats", "--annotator", "ada"),
    ("memory",),
    ("audit", "--annotator", "ada"),
    ("agreement",),
    ("labels",),
    ("feedback",),
    ("export", "-", "--format", "jsonl", "--annotator", "ada"),
    ("assign", "--annotators", "ada,ben", "--dry-run"),
    ("merge", "other", "--dry-run"),
]
CALLS = ("open_new", "write", "sync", "replace", "make_folder", "open_lock", "open_end", "remove")
FAILURES = {
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "you may not write there",
    errno.EIO: "the disk reports an error",
}


@pytest.fixture
def broken_off(home: Home) -> Home:
    """A renaming of PER that was planned, and of which nothing else has happened."""
    store = Store.open(home.store)
    Store.create(home.folder / "other", label_set=store.info.label_set).close()
    planned = []
    for annotator in ("ada", "ben"):
        [decided] = store.load_set("one", annotator).spans
        decision = Decision(
            0,
            0,
            Verb.RELABEL,
            "kim",
            "2026-11-22T15:02:11Z",
            decided.uid,
            decided.span,
            replace(decided.span, label="PERSON"),
            by=By.BULK,
            uid=f"to-{annotator}",
        )
        planned.append(Planned("one", annotator, decision))
    labels = LabelSet.from_names("x", ["PERSON", "LOC"])
    plan = Plan("feed", "rename", "kim", "2026-11-22T15:02:11Z", tuple(planned), store.info.label_set, labels)
    Files(home.store).write(home.store / "steps/pending/feed.json", plan_data(plan.with_own_uids()))
    return home


def fail_all_writes(
    monkeypatch: pytest.MonkeyPatch, number: int, *, after: int = 0, count: int = 1 << 30
) -> None:
    """Have `count` calls that change something fail, after so many that do not."""
    calls = 0

    def failing(name: str) -> Callable[..., object]:
        real = getattr(Disk, name)

        def call(self: Disk, *arguments: object) -> object:
            nonlocal calls
            calls += 1
            if not after < calls <= after + count:
                return real(self, *arguments)
            raise OSError(number, os.strerror(number))

        return call

    for name in CALLS:
        monkeypatch.setattr(Disk, name, failing(name))


@pytest.mark.parametrize("number", FAILURES, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_reading_commands_read_and_say_once_what_waits(
    broken_off: Home, command: Command, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], number: int
) -> None:
    fail_all_writes(monkeypatch, number)
    code, _, said = command(*words)
    assert code == 0, said
    assert said.count("was broken off, and cannot go on now") == 1
    assert FAILURES[number] in said


@pytest.mark.parametrize("count", [2, 1 << 30], ids=["for a moment", "for good"])
@pytest.mark.parametrize("after", range(0, 60, 3))
def test_a_disk_that_fills_up_in_the_middle_leaves_nothing_out(
    broken_off: Home, command: Command, monkeypatch: pytest.MonkeyPatch, after: int, count: int
) -> None:
    """The sets that the disk did not take are not left out of the step: it goes on when there is room."""
    with monkeypatch.context() as full:
        fail_all_writes(full, errno.ENOSPC, after=after, count=count)
        assert command("log")[0] == 0
    code, _, said = command("log")
    assert (code, "broken off" in said) == (0, False)
    store = Store.open(broken_off.store)
    assert [store.load_set("one", name).spans[0].span for name in ("ada", "ben")] == [
        Span(0, 3, "PERSON")
    ] * 2
    assert list(store.info.label_set.by_name) == ["PERSON", "LOC"]
    assert list(check(Files(broken_off.store))) == []


def test_the_screen_says_it_too(broken_off: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_all_writes(monkeypatch, errno.ENOSPC)
    workspace = Workspace(Store.open(broken_off.store), annotator="ada", settings=Settings())
    assert workspace.damage is not None
    assert "was broken off" in workspace.damage.message
    workspace.close()
