"""Every call to the filesystem fails, or the program dies before, during or after it: nothing acknowledged is lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable

import pytest

from annotator.errors import SaveError, StoreError
from annotator.model.annotations import AnnotationSet
from annotator.store.repository import Store
from annotator.store.sets import SetKey

ANNA = SetKey("one", "anna")


def save_again(bench, store, facts):
    store.save(bench.decided(store.load_set(*ANNA)))
    facts.sets[ANNA] = 4


def save_first(bench, store, facts):
    store.save(bench.decided(store.load_set("Zwei/2", "ben"), 2))
    facts.sets[SetKey("Zwei/2", "ben")] = 2


def save_while_holding(bench, store, facts):
    with store.hold("anna"):
        save_again(bench, store, facts)


def save_with_a_catalogue(bench, store, facts):
    len(store.catalogue)
    save_again(bench, store, facts)


def add_a_document(bench, store, facts):
    store.add_document(bench.document("new"))
    facts.documents.add("new")


def import_many(bench, store, facts):
    with store.batch() as batch:
        batch.add_document(bench.document("new"))
        for id in ("new", "Zwei/2"):
            batch.save(bench.decided(AnnotationSet(id, "ben"), 2))
    facts.documents.add("new")
    facts.sets |= {SetKey(id, "ben"): 2 for id in ("new", "Zwei/2")}


def change_the_labels(bench, store, facts):
    store.change_info(tokenizer="en 3.8.0")


def make_the_catalogue_anew(bench, store, facts):
    shutil.rmtree(store.path / ".cache")
    len(store.catalogue)
    store.close()


def choose_among_versions(bench, store, facts):
    other = Store.open(store.path)
    stranger = AnnotationSet(*ANNA)  # a shorter history, which must not go unseen
    bench.decided(stranger, 2)
    path = next((store.path / "annotations").rglob("one.json"))
    beside = path.with_name("one.conflict-elsewhere-1.json")
    beside.write_bytes(other.encoded(bench.decided(stranger, 2))[1])
    store.choose(*ANNA, beside.name)
    facts.sets[ANNA] = 4


WORK: list[Callable[..., None]] = [
    save_again,
    save_first,
    save_while_holding,
    save_with_a_catalogue,
    add_a_document,
    import_many,
    change_the_labels,
    make_the_catalogue_anew,
    choose_among_versions,
]


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_a_call_that_fails_or_a_death_at_it_loses_nothing(bench, work):
    root, facts = bench.store()
    kept = root.with_name("kept")
    root.rename(kept)

    def run(**fault):
        """What the work on a fresh copy raised, what it had acknowledged, and which calls it made."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(kept, root)
        acknowledged = facts.copy()
        disk = bench.FaultyDisk()
        opened = Store.open(root, disk=disk)
        disk.arm(**fault)
        raised = None
        try:
            work(bench, opened, acknowledged)
        except (StoreError, bench.Killed) as error:
            raised = error
        disk.bury()
        return raised, acknowledged, disk.calls

    raised, _, calls = run()
    assert raised is None
    assert {"open_new", "write", "replace"} <= set(calls)
    for number, name in enumerate(calls):
        for fault in bench.faults:
            raised, acknowledged, _ = run(at=number, **fault)
            if "error" not in fault:
                assert isinstance(raised, bench.Killed), (name, fault)
            losses = acknowledged.losses(root)
            bench.tally("a call fails" if "error" in fault else "death at a call", bool(losses))
            assert losses == [], (number, name, fault)
            again = Store.open(root)
            for key in facts.sets:
                again.save(bench.decided(again.load_set(*key)))  # and work goes on
            assert len(again.versions(*ANNA)) in (1, 2)


def test_a_program_that_goes_on_after_a_failure_saves_all_of_it(bench):
    root, _ = bench.store()
    disk = bench.FaultyDisk()
    store = Store.open(root, disk=disk)
    annotation_set = store.load_set(*ANNA)
    disk.arm()
    store.save(bench.decided(annotation_set))
    for number in range(len(disk.calls)):
        for fault in bench.faults:
            if "error" not in fault:
                continue
            disk.arm(number, **fault)
            snapshot = bench.decided(annotation_set)
            try:
                store.save(snapshot)
                is_saved = True
            except SaveError:
                is_saved = False
            disk.arm()
            on_disk = Store.open(root).load_set(*ANNA).revision
            lost = is_saved and on_disk != snapshot.revision
            bench.tally("a call fails, and is tried again", lost)
            assert not lost
            assert on_disk in (snapshot.revision, snapshot.revision - 1)
            store.save(snapshot)
            assert Store.open(root).load_set(*ANNA).decisions == list(snapshot.decisions)
            assert len(store.versions(*ANNA)) == 1


def test_dying_again_while_a_store_is_opened_after_a_death_loses_nothing(bench):
    root, facts = bench.store()
    kept = root.with_name("kept")
    root.rename(kept)
    left = ("open_new", "write", "sync", "replace", "open_folder", "open_end")

    def die(at: int) -> None:
        """Leave a store whose program died at call `at` of a save, its temporary files old enough to be swept."""
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(kept, root)
        disk = bench.FaultyDisk()
        store = Store.open(root, disk=disk)
        len(store.catalogue)
        disk.arm(at)
        with pytest.raises(bench.Killed):
            save_again(bench, store, facts.copy())
        disk.bury()
        for path in (root / ".tmp").iterdir():
            os.utime(path, (0, 0))

    disk = bench.FaultyDisk()
    shutil.copytree(kept, root)
    store = Store.open(root, disk=disk)
    len(store.catalogue)
    disk.arm()
    save_again(bench, store, facts.copy())
    deaths = [disk.calls.index(name) + 1 for name in left]
    for death in deaths:
        die(death)
        opening = bench.FaultyDisk()
        store = Store.open(root, disk=opening)
        len(store.catalogue)
        store.load_set(*ANNA)
        calls = len(opening.calls)
        for number in range(calls):
            for fault in bench.faults:
                die(death)
                failing = bench.FaultyDisk()
                failing.arm(number, **fault)
                try:
                    store = Store.open(root, disk=failing)
                    len(store.catalogue)
                    loaded = store.load_set(*ANNA)
                    assert loaded.revision in (3, 4)  # a failed read is never an empty set
                except (StoreError, bench.Killed):
                    pass
                failing.bury()
                losses = facts.losses(root)
                bench.tally("a fault while recovering", bool(losses))
                assert losses == [], (death, number, fault)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_for_good_leaves_the_old_store_whole(bench, error):
    root, facts = bench.store()
    for first in range(30):
        disk = bench.FaultyDisk()
        store = Store.open(root, disk=disk)
        annotation_set = store.load_set(*ANNA)
        disk.arm(first, error=error, lasting=True)
        try:
            store.save(bench.decided(annotation_set))
            facts.sets[ANNA] = annotation_set.revision
        except SaveError:
            pass
        disk.bury()
        losses = facts.losses(root)
        bench.tally("every call fails from one on", bool(losses))
        assert losses == []
