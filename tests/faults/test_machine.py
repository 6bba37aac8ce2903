"""Whatever is done to a store, in whatever order, it holds what a plain dictionary holds.

Steps are decisions, saves that fail, deaths, hand edits, a second program, imports, a colleague's copy that is merged,
newer programs that migrate the store, and caches thrown away.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from annotator.errors import AnnotatorError, ConflictError, DamageError, HeldError, SaveError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Status, Verb, new_uid
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.locks import HeldBy
from annotator.store.merge.other_stores import other_store
from annotator.store.merge.stores import StoreMerge
from annotator.store.repository import Store
from annotator.store.sets import SetKey, SetSnapshot

_NEWEST = 4
"""The schema version that the newest program has; each migration costs a backup."""

keys = st.sampled_from([SetKey(id, name) for id in ("one", "Zwei/2") for name in ("anna", "ben")])


def machine(bench) -> type[RuleBasedStateMachine]:
    """The machine, with the tools of the fault tests."""

    class Session(RuleBasedStateMachine):
        """A program at work: `model` has the decisions of each set that it has acknowledged.

        `maybe` has those and more of which some may have come to the disk, since a save failed or died.
        """

        @initialize()
        def begin(self) -> None:
            self.root = Path(tempfile.mkdtemp(dir=bench.folder)) / "store"
            store = Store.create(self.root, label_set=bench.labels)
            store.add_documents(map(bench.document, ("one", "Zwei/2")))
            self.model: dict[SetKey, list[Decision]] = {}
            self.maybe: dict[SetKey, list[Decision]] = {}
            self.documents = {"one", "Zwei/2"}
            self.version = 1
            self.open()

        def open(self) -> None:
            self.disk = bench.FaultyDisk()
            self.store = Store.open(self.root, disk=self.disk)
            self.sets: dict[SetKey, AnnotationSet] = {}

        def set_of(self, key: SetKey) -> AnnotationSet:
            if key not in self.sets:
                self.sets[key] = self.store.load_set(*key)
                self.model[key] = self.sets[key].decisions.copy()  # with what came to be unacknowledged
                self.maybe.pop(key, None)
            return self.sets[key]

        def decide(self, annotation_set: AnnotationSet) -> SetSnapshot:
            """The next decision, under a uid of its own, for a set may come to differ from its known history."""
            first = bench.decision(annotation_set.annotator, annotation_set.revision + 1)
            step = annotation_set.last_step + 1
            annotation_set.apply(
                Decision(
                    first.seq, step, first.verb, first.who, first.when, first.span and new_uid(), None,
                    first.after, uid=new_uid(),
                )
            )  # fmt: skip
            return SetSnapshot.of(annotation_set)

        @rule(key=keys)
        def save(self, key: SetKey) -> None:
            snapshot = self.decide(self.set_of(key))
            self.store.save(snapshot)
            self.model[key] = list(snapshot.decisions)

        @rule(key=keys, forward=st.booleans())
        def undo_or_redo(self, key: SetKey, forward: bool) -> None:
            annotation_set = self.set_of(key)
            undone = annotation_set.redo_step if forward else annotation_set.undo_step
            if not undone:
                return
            verb, seq = Verb.REDO if forward else Verb.UNDO, annotation_set.revision + 1
            annotation_set.apply(Decision(seq, undone[0].step, verb, key.annotator, f"{seq}", uid=new_uid()))
            self.store.save(SetSnapshot.of(annotation_set))
            self.model[key] = list(annotation_set.decisions)

        @rule(key=keys, at=st.integers(0, 25), fault=st.sampled_from(bench.faults))
        def save_and_fail_or_die(self, key: SetKey, at: int, fault) -> None:
            snapshot = self.decide(self.set_of(key))
            self.disk.arm(at, **fault)
            try:
                self.store.save(snapshot)
            except SaveError:
                self.maybe[key] = list(snapshot.decisions)  # in memory, and saved with the next one
            except bench.Killed:
                self.maybe[key] = list(snapshot.decisions)
                self.disk.bury()
                self.open()
            else:
                self.model[key] = list(snapshot.decisions)
                self.maybe.pop(key, None)
            self.disk.arm()

        @rule()
        def add_a_document(self) -> None:
            self.store.add_document(bench.document("new"))
            self.documents.add("new")

        @rule(is_closed=st.booleans())
        def reopen(self, is_closed: bool) -> None:
            if is_closed:
                self.store.close()
            self.disk.bury()
            self.open()

        @rule()
        def throw_the_cache_away(self) -> None:
            shutil.rmtree(self.root / ".cache", ignore_errors=True)

        @rule()
        def list_documents(self) -> None:
            assert self.documents == set(self.store.catalogue.ids)

        @rule(key=keys, is_chosen=st.booleans())
        def edit_by_hand(self, key: SetKey, is_chosen: bool) -> None:
            """Somebody changes a label in the file: it is damage to read, a conflict to save, and a choice."""
            annotation_set = self.set_of(key)
            path = self.root / self.store.encoded(SetSnapshot.of(annotation_set))[0]
            if not path.exists() or b'"PER"' not in path.read_bytes():
                return
            path.write_bytes(path.read_bytes().replace(b'"PER"', b'"ORG"', 1))
            with pytest.raises(DamageError):
                Store.open(self.root).load_set(*key)
            snapshot = self.decide(annotation_set)
            with pytest.raises(ConflictError):
                self.store.save(snapshot)
            main, *others = self.store.versions(*key)
            assert main.annotation_set is None
            self.store.choose(*key, others[-1].name)
            self.model[key] = list(snapshot.decisions)
            self.maybe.pop(key, None)

        @rule(key=keys)
        def a_second_program(self, key: SetKey) -> None:
            """It is refused what we hold; what it does elsewhere is seen when the set is read again."""
            other = Store.open(self.root)
            with self.store.hold(key.annotator):
                assert isinstance(other.hold(key.annotator), HeldBy)
                theirs = other.load_set(*key)
                with pytest.raises(HeldError):
                    other.save(self.decide(theirs))
            theirs = other.load_set(*key)
            other.save(self.decide(theirs))
            self.model[key] = list(theirs.decisions)
            self.maybe.pop(key, None)
            self.sets.pop(key, None)

        @rule(key=keys, theirs=st.integers(1, 6), ours=st.integers(0, 2))
        def merge_a_colleagues_copy(self, key: SetKey, theirs: int, ours: int) -> None:
            """Whatever was decided here or in the copy is in the set, or in a version to choose from."""
            copy = Path(tempfile.mkdtemp(dir=bench.folder)) / "copy"
            shutil.copytree(self.root, copy)
            colleague = Store.open(copy)
            their_set = colleague.load_set(*key)
            for _ in range(theirs):
                colleague.save(self.decide(their_set))
            our_set = self.store.load_set(*key)
            for _ in range(ours):
                self.store.save(self.decide(our_set))
            with other_store(copy) as other:
                StoreMerge(self.store, other).run()
            shutil.rmtree(copy.parent)
            loaded = self.store.load_set(*key)
            versions = self.store.versions(*key)
            known = {each.uid for version in versions for each in version.annotation_set.decisions}
            assert known >= {each.uid for each in [*our_set.decisions, *their_set.decisions]}
            assert {each.uid for each in loaded.decisions} >= {each.uid for each in our_set.decisions}
            if len(versions) == 1:
                bench.tally("merges of a colleague's copy")
            else:
                bench.tally("merges that leave a choice")
                loaded = self.store.choose(*key, versions[theirs % len(versions)].name)
            self.model[key] = list(loaded.decisions)
            self.maybe.pop(key, None)
            self.sets.pop(key, None)

        @precondition(lambda self: self.version < _NEWEST)
        @rule(at=st.integers(0, 80), fault=st.none() | st.sampled_from(bench.faults))
        def a_newer_program(self, at: int, fault) -> None:
            """It migrates the store; where it fails or dies in that, the next one goes on."""
            self.version += 1
            self.disk.bury()
            bench.become(self.version)
            disk = bench.FaultyDisk()
            if fault is not None:
                disk.arm(at, **fault)
                with contextlib.suppress(AnnotatorError, bench.Killed):
                    Store.open(self.root, disk=disk)
                disk.bury()
            self.open()
            assert self.store.info.schema_version == self.version
            assert list(check(Files(self.root))) == []

        @invariant()
        def it_holds_what_the_model_holds(self) -> None:
            fresh = Store.open(self.root)
            for id in self.documents:
                assert fresh.document(id).text == bench.texts[id]
            for id in ("one", "Zwei/2"):
                for name in ("anna", "ben"):
                    key = SetKey(id, name)
                    loaded = fresh.load_set(*key)
                    known = self.model.get(key, [])
                    if loaded.decisions != known:
                        assert len(loaded.decisions) > len(known)
                        assert loaded.decisions == self.maybe.get(key, [])[: loaded.revision]
                    row = fresh.catalogue.row(id, name)
                    assert (row.status, row.spans) == (
                        loaded.status if loaded.revision else Status.TODO,
                        len(loaded.spans),
                    )
            bench.tally("steps of the state machine")

        def teardown(self) -> None:
            if hasattr(self, "disk"):
                self.disk.bury()
                bench.become(1)
                shutil.rmtree(self.root.parent)

    return Session


def _settings(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


@pytest.mark.parametrize(
    ("examples", "steps"), [(15, 15), pytest.param(100, 40, marks=pytest.mark.slow)]
)  # fmt: skip
def test_a_store_is_a_dictionary_whatever_happens(bench, examples, steps):
    run_state_machine_as_test(machine(bench), settings=_settings(examples, steps))
