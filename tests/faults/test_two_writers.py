"""Two programs write one set where locks do not work: neither overwrites the other unseen, at whatever step it comes."""

from __future__ import annotations

import shutil

import pytest

from annotator.errors import ConflictError, HeldError
from annotator.model.decisions import Decision, Verb
from annotator.store.files import Disk
from annotator.store.repository import Store
from annotator.store.sets import SetKey, SetSnapshot

ANNA = SetKey("one", "anna")


class LocklessDisk(Disk):
    """A disk on which everybody gets every lock, as on some network shares."""

    def lock(self, descriptor: int) -> bool:
        return True


class InterposedDisk(LocklessDisk):
    """Lets somebody else `act` just before the call numbered `at`, once."""

    at = -1

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.act = lambda: None

    def note(self, name: str) -> None:
        self.calls.append(name)
        if len(self.calls) - 1 == self.at:
            self.act()


def _noted(name: str):
    def call(self, *arguments):
        self.note(name)
        return getattr(LocklessDisk, name)(self, *arguments)

    return call


for _name in [name for name in vars(Disk) if not name.startswith("_")]:
    setattr(InterposedDisk, _name, _noted(_name))


@pytest.fixture
def contest(bench):
    """Saves a set while somebody else saves another one just before call `at`.

    Gives both sets' decisions, those of the versions that are there then, the calls, and who was told of a conflict.
    """
    root, _ = bench.store()
    kept = root.with_name("kept")
    root.rename(kept)

    def contest(at: int):
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(kept, root)
        disk = InterposedDisk()
        ours, theirs = Store.open(root, disk=disk), Store.open(root, disk=LocklessDisk())
        our_set, their_set = ours.load_set(*ANNA), theirs.load_set(*ANNA)
        their_set.apply(Decision(4, 4, Verb.SKIP, "anna", "then", uid="f" * 12))
        snapshot = bench.decided(our_set)

        told = []

        def save(store: Store, snapshot: SetSnapshot) -> None:
            try:
                store.save(snapshot)
            except ConflictError:
                told.append(store)

        disk.calls.clear()
        disk.at, disk.act = at, lambda: save(theirs, SetSnapshot.of(their_set))
        save(ours, snapshot)
        decisions = [
            version.annotation_set.decisions if version.annotation_set else None
            for version in Store.open(root).versions(*ANNA)
        ]
        names = ["ours" if store is ours else "theirs" for store in told]
        return our_set.decisions, their_set.decisions, decisions, disk.calls, names

    return contest


def _compare(calls: list[str]) -> int:
    """The number of the call that reads the file to compare it: the last before the rename."""
    replaced = calls.index("replace")
    return replaced - 1 - calls[:replaced][::-1].index("read")


def test_whoever_comes_before_the_comparison_is_seen(bench, contest):
    *_, calls, told = contest(-1)
    assert told == []
    compare = _compare(calls)
    assert compare >= 5
    for at in range(compare + 1):
        ours, theirs, versions, _, told = contest(at)
        lost = versions != [theirs, ours]
        bench.tally("two writers without locks", lost)
        assert told == ["ours"], calls[at]
        assert not lost, calls[at]


def test_whoever_comes_after_the_rename_sees_us(bench, contest):
    *_, calls, _ = contest(-1)
    for at in range(calls.index("replace") + 1, len(calls)):
        ours, theirs, versions, _, told = contest(at)
        lost = versions != [ours, theirs]
        bench.tally("two writers without locks", lost)
        assert told == ["theirs"], calls[at]
        assert not lost, calls[at]


def test_the_window_that_remains_is_the_rename_itself(contest):
    *_, calls, _ = contest(-1)
    assert _compare(calls) == calls.index("replace") - 1  # nothing stands between comparing and renaming
    ours, _, versions, _, told = contest(calls.index("replace"))
    assert told == []
    assert versions == [ours]  # theirs is lost: only a lock closes this


def test_without_the_comparison_somebody_is_overwritten(contest, monkeypatch):
    """The mutant: these tests would notice."""
    monkeypatch.setattr("annotator.store.versions._is_continued", lambda *known: True)
    ours, _, versions, _, told = contest(3)
    assert told == []
    assert versions == [ours]


def test_with_locks_the_second_is_refused_and_later_sees_what_has_changed(bench):
    root, _ = bench.store()
    ours, theirs = Store.open(root), Store.open(root)
    their_set = theirs.load_set(*ANNA)
    their_set.apply(Decision(4, 4, Verb.SKIP, "anna", "then", uid="f" * 12))
    with ours.hold("anna"):
        with pytest.raises(HeldError):
            theirs.save(SetSnapshot.of(their_set))
        ours.save(bench.decided(ours.load_set(*ANNA)))
    with pytest.raises(ConflictError):
        theirs.save(SetSnapshot.of(their_set))
    assert len(ours.versions(*ANNA)) == 2
