"""A power cut at any moment loses nothing acknowledged, and the test that says so notices what would."""

from __future__ import annotations

import random
import shutil

import pytest

from annotator.errors import SaveError
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.sets import SetKey
from tests.faults import power

STATES = 64
"""How many ways to lose names are tried at each moment, at most."""


def _work(bench, disk) -> None:
    """A session that makes a store, imports, saves, fails, chooses and closes; `disk` hears what is acknowledged."""
    facts = bench.Facts(is_made=False)

    def say(**changes) -> None:
        for name, value in changes.items():
            setattr(facts, name, value)
        disk.says(facts.copy())

    def saved(snapshot) -> None:
        facts.sets[snapshot.key] = snapshot.revision
        disk.says(facts.copy())

    store = Store.create(disk.root, label_set=bench.labels, disk=disk)
    say(is_made=True)
    store.add_document(bench.document("one"))
    say(documents={"one"})
    anna = store.load_set("one", "anna")
    for _ in range(3):
        snapshot = bench.decided(anna)
        store.save(snapshot)
        saved(snapshot)
    ben = store.load_set("one", "ben")
    with store.batch() as batch:
        batch.add_document(bench.document("Zwei/2"))
        batch.add_document(bench.document("new"))
        snapshots = [bench.decided(ben), bench.decided(store.load_set("Zwei/2", "ben"))]
        for snapshot in snapshots:
            batch.save(snapshot)
    facts.documents |= {"Zwei/2", "new"}
    for snapshot in snapshots:
        saved(snapshot)
    store.change_info(tokenizer="en 3.8.0")
    store.close()
    store = Store.open(disk.root, disk=disk)
    with store.hold("anna"):
        for key in (SetKey("one", "anna"), SetKey("new", "anna")):
            snapshot = bench.decided(store.load_set(*key), 2)
            store.save(snapshot)
            saved(snapshot)


def _cut_everywhere(bench, disk, kind: str) -> tuple[int, list[str]]:
    """Every state after a cut at every moment: how many there are, and what is lost in them.

    It ends at the first loss: a mutant has been noticed then.
    """
    chance = random.Random(20261122)
    remains = power.Remains(disk.root, names={disk.root: power.FOLDER})
    facts = bench.Facts(is_made=False)
    seen: set[int] = set()
    after = disk.root.with_name("after")
    for event in [power.Event("start"), *disk.events]:
        remains.take(event)
        if event.what == "says":
            facts = event.subject
        for found in remains.after_a_cut(chance, at_most=STATES):
            state = hash((frozenset(found.items()), repr(facts)))
            if state in seen:
                continue
            seen.add(state)
            shutil.rmtree(after, ignore_errors=True)
            power.put_back(found, disk.root, after)
            lost = facts.losses(after)
            bench.tally(kind, bool(lost))
            if lost:
                return len(seen), lost
    return len(seen), []


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "store"
    root.mkdir()
    return root


def test_a_power_cut_at_any_moment_loses_nothing(bench, root):
    disk = power.RecordingDisk(root)
    _work(bench, disk)
    states, losses = _cut_everywhere(bench, disk, "power cut")
    assert losses == []
    assert states > 1000


@pytest.mark.parametrize("place", [".", "documents", "annotations", "annotations/anna"])
def test_syncs_of_folders_left_out_are_noticed(bench, root, place):
    disk = power.RecordingDisk(root)
    _work(bench, disk)
    disk.events = [
        event
        for event in disk.events
        if not (event.what == "sync folder" and event.subject.is_relative_to(root / place))
    ]
    bench.counts = {"mutant": [0, 0]}
    assert _cut_everywhere(bench, disk, "mutant")[1]


def test_syncs_of_files_left_out_are_noticed(bench, root):
    disk = power.RecordingDisk(root)
    _work(bench, disk)
    disk.events = [event for event in disk.events if event.what != "sync file"]
    bench.counts = {"mutant": [0, 0]}
    assert _cut_everywhere(bench, disk, "mutant")[1]


@pytest.mark.slow
def test_each_single_sync_of_a_file_left_out_is_noticed(bench, root):
    disk = power.RecordingDisk(root)
    _work(bench, disk)
    events = list(disk.events)
    bench.counts = {"mutant": [0, 0]}
    syncs = [number for number, event in enumerate(events) if event.what == "sync file"]
    for number in syncs[1:]:  # the first one is that of .gitignore, which is nobody's work
        disk.events = events[:number] + events[number + 1 :]
        assert _cut_everywhere(bench, disk, "mutant")[1], number


def test_saying_saved_too_early_is_noticed(bench, root, monkeypatch):
    disk = power.RecordingDisk(root)
    write = Files.write

    def early(self, path, data, **options):
        if path.parts[-4:-3] == ("annotations",):
            disk.says(_one_more(disk, path))
        write(self, path, data, **options)

    monkeypatch.setattr(Files, "write", early)
    _work(bench, disk)
    bench.counts = {"mutant": [0, 0]}
    assert _cut_everywhere(bench, disk, "mutant")[1]


def _one_more(disk, path):
    """What was acknowledged last, and the decision that is being saved."""
    facts = next(event.subject for event in reversed(disk.events) if event.what == "says").copy()
    if path.name == "one.json":
        key = SetKey("one", path.parts[-3])
        facts.sets[key] = facts.sets.get(key, 0) + 1
    return facts


def test_renaming_before_the_sync_is_noticed(bench, root, monkeypatch):
    disk = power.RecordingDisk(root)
    replace = Files._replace

    def hasty(self, path, data, *, sync, check=None):
        replace(self, path, data, sync=False, check=check)

    monkeypatch.setattr(Files, "_replace", hasty)
    _work(bench, disk)
    bench.counts = {"mutant": [0, 0]}
    assert _cut_everywhere(bench, disk, "mutant")[1]


def test_a_failed_save_before_a_cut_loses_nothing_either(bench, root):
    class Failing(power.RecordingDisk):
        wrong = -1
        count = 0

        def sync(self, descriptor):
            self.count += 1
            if self.count == self.wrong:
                raise OSError(5, "Input/output error")
            super().sync(descriptor)

    for wrong in range(1, 4):
        shutil.rmtree(root)
        root.mkdir()
        disk = Failing(root)
        store = Store.create(root, label_set=bench.labels, disk=disk)
        store.add_document(bench.document("one"))
        facts = bench.Facts(documents={"one"})
        disk.says(facts.copy())
        anna = store.load_set("one", "anna")
        for number in range(4):
            snapshot = bench.decided(anna)
            disk.count, disk.wrong = 0, wrong if number == 2 else -1
            try:
                store.save(snapshot)
            except SaveError:
                continue
            facts.sets[snapshot.key] = snapshot.revision
            disk.says(facts.copy())
        created = next(i for i, event in enumerate(disk.events) if event.what == "says")
        disk.events[created:created] = [power.Event("says", bench.Facts(documents=set()))]
        _, losses = _cut_everywhere(bench, disk, "power cut after a failed save")
        assert losses == []
