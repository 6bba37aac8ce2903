"""A set's file that somebody else has changed is never overwritten: both versions stay, and a person chooses."""

from __future__ import annotations

import contextlib
import shutil

import pytest
from tinydb import TinyDB

from annotator.errors import ConflictError, InputError, SaveError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.store.layout import is_version
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot


@pytest.fixture
def other(store) -> Store:
    """Another program's view of the store; its saves and those of `store` do not exclude each other for long."""
    return Store.open(store.path)


@pytest.fixture
def save(add_spans):
    """Adds spans to a set and saves it."""

    def save(store: Store, annotation_set: AnnotationSet, count: int = 1) -> None:
        store.save(SetSnapshot.of(add_spans(annotation_set, count)))

    return save


@pytest.fixture
def conflict(store, other, save):
    """A conflict on document "one": theirs, which skips, is in its place, ours with three spans beside it."""
    ours = store.load_set("one", "anna")
    save(store, ours)
    theirs = other.load_set("one", "anna")
    theirs.apply(Decision(2, 2, Verb.SKIP, "anna", "2026-11-22T15:00:00Z", uid="f" * 12))
    other.save(SetSnapshot.of(theirs))
    with pytest.raises(ConflictError) as told:
        save(store, ours, 2)
    return ours, theirs, told.value


def _set_path(store: Store):
    return next(path for path in (store.path / "annotations").rglob("one.json"))


def test_neither_version_is_overwritten_and_the_person_is_told(store, conflict):
    ours, theirs, told = conflict
    assert Store.open(store.path).load_set("one", "anna").decisions == theirs.decisions
    main, beside = store.versions("one", "anna")
    assert main.is_main
    assert main.annotation_set.decisions == theirs.decisions
    assert beside.annotation_set.decisions == ours.decisions
    assert beside.name in told.message
    assert beside.name.startswith("one.conflict-")
    assert is_version(beside.name)
    assert told.hint


def test_what_is_decided_on_goes_to_the_own_version(store, save, conflict):
    ours, theirs, _ = conflict
    for _ in range(2):
        with pytest.raises(ConflictError):
            save(store, ours)
    main, beside = store.versions("one", "anna")
    assert main.annotation_set.decisions == theirs.decisions
    assert beside.annotation_set.decisions == ours.decisions


def test_another_session_never_writes_over_a_version(store, other, save, conflict):
    ours, theirs, _ = conflict
    again = Store.open(store.path)
    mine = again.load_set("one", "anna")
    save(other, theirs)
    with pytest.raises(ConflictError):
        save(again, mine, 3)
    assert [each.annotation_set.revision for each in store.versions("one", "anna")] == [3, 3, 5]
    assert [each.annotation_set.decisions for each in store.versions("one", "anna")[1:]] == [
        ours.decisions,
        mine.decisions,
    ]


def test_versions_are_stock_tinydb_and_in_no_list(store, conflict):
    beside = _set_path(store).with_name(store.versions("one", "anna")[1].name)
    with TinyDB(beside, access_mode="r") as database:
        assert len(database.table("spans")) == 3
    shutil.rmtree(store.path / ".cache")
    catalogue = Store.open(store.path).catalogue
    assert catalogue.damaged == {}
    assert catalogue.row("one", "anna").status == "skipped"
    assert store.versions("Zwei/2", "anna") == []


@pytest.mark.parametrize("number", [0, 1])
def test_the_chosen_one_holds_and_the_other_is_kept_aside(store, save, conflict, number):
    ours, theirs, _ = conflict
    chosen, left = ((theirs, ours), (ours, theirs))[number]
    version = store.versions("one", "anna")[number]
    assert store.choose("one", "anna", version.name).decisions == chosen.decisions
    again = Store.open(store.path)
    loaded = again.load_set("one", "anna")
    assert loaded.decisions == chosen.decisions
    assert len(again.versions("one", "anna")) == 1
    assert again.catalogue.row("one", "anna").spans == len(chosen.spans)
    (kept,) = (store.path / "quarantine").rglob("*.json")
    shutil.copy(kept, _set_path(store))
    assert Store.open(store.path).load_set("one", "anna").decisions == left.decisions
    shutil.copy(kept, _set_path(store).with_name("one.json"))
    store.choose("one", "anna", "one.json")
    save(store, store.load_set("one", "anna"))  # and work goes on


def test_a_choice_that_dies_anywhere_loses_neither(store, disk, conflict):
    class Killed(BaseException):
        pass

    ours, theirs, _ = conflict
    whole = store.path.with_name("whole")
    shutil.copytree(store.path, whole)
    name = store.versions("one", "anna")[1].name
    disk.fail_from_now()
    store.choose("one", "anna", name)
    calls = len(disk.calls)
    disk.death = Killed()
    for number in range(calls):
        shutil.rmtree(store.path)
        shutil.copytree(whole, store.path)
        disk.fail_from_now()
        dying = Store.open(store.path, disk=disk)
        disk.fail_from_now(number)
        with pytest.raises(Killed):
            dying.choose("one", "anna", name)
        kept = [
            *_set_path(store).parent.glob("one*.json"),
            *(store.path / "quarantine").rglob("*.json"),
        ]
        contents = {path.read_bytes() for path in kept}
        assert {path.read_bytes() for path in _set_path_in(whole).parent.glob("one*.json")} <= contents, (
            number
        )
        survivor = Store.open(store.path).versions("one", "anna")
        assert survivor[0].annotation_set.decisions in (ours.decisions, theirs.decisions)


def _set_path_in(root):
    return next((root / "annotations").rglob("one.json"))


def test_a_damaged_file_is_a_version_that_cannot_be_chosen(store, save):
    ours = store.load_set("one", "anna")
    save(store, ours)
    path = _set_path(store)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ConflictError):
        save(store, ours)
    main, beside = store.versions("one", "anna")
    assert main.annotation_set is None
    assert "damaged" in main.problem
    with pytest.raises(InputError, match="damaged"):
        store.choose("one", "anna", main.name)
    with pytest.raises(InputError, match="no version"):
        store.choose("one", "anna", "two.json")
    assert store.choose("one", "anna", beside.name).decisions == ours.decisions


def test_a_hand_edit_is_kept(store, save):
    ours = store.load_set("one", "anna")
    save(store, ours)
    path = _set_path(store)
    edited = path.read_bytes().replace(b'"PER"', b'"ORG"')
    path.write_bytes(edited)
    with pytest.raises(ConflictError):
        save(store, ours)
    assert path.read_bytes() == edited


def test_an_older_version_put_back_under_our_hands_is_kept(store, save):
    ours = store.load_set("one", "anna")
    save(store, ours)
    path = _set_path(store)
    older = path.read_bytes()
    for _ in range(2):
        save(store, ours)
    path.write_bytes(older)
    with pytest.raises(ConflictError):
        save(store, ours)
    assert path.read_bytes() == older


def test_reading_again_what_somebody_else_wrote_does_not_give_leave_to_overwrite_it(store, save, conflict):
    ours, theirs, _ = conflict
    assert store.load_set("one", "anna").decisions == theirs.decisions
    with pytest.raises(ConflictError):
        save(store, ours)
    assert store.load_set("one", "anna").decisions == theirs.decisions


def test_once_the_file_is_as_it_was_the_own_version_takes_its_place(store, other, save):
    ours = store.load_set("one", "anna")
    save(store, ours)
    path = _set_path(store)
    before = path.read_bytes()
    theirs = other.load_set("one", "anna")
    theirs.apply(Decision(2, 2, Verb.SKIP, "anna", "t", uid="f" * 12))
    other.save(SetSnapshot.of(theirs))
    with pytest.raises(ConflictError):
        save(store, ours)
    path.write_bytes(before)
    save(store, ours)
    (only,) = store.versions("one", "anna")
    assert only.annotation_set.decisions == ours.decisions


def test_a_set_that_was_never_read_is_compared_by_its_decisions(store, other, save):
    first = other.load_set("one", "anna")
    save(other, first)
    longer = AnnotationSet("one", "anna", first.decisions)
    save(store, longer)  # begins with what is there
    fresh = Store.open(store.path)
    with pytest.raises(ConflictError):
        fresh.save(SetSnapshot.of(AnnotationSet("one", "anna", first.decisions)))  # lacks one
    with pytest.raises(ConflictError):
        Store.open(store.path).save(SetSnapshot.of(AnnotationSet("one", "anna")))
    assert store.load_set("one", "anna").decisions == longer.decisions


def test_a_file_that_cannot_be_compared_is_not_replaced(store, disk, save):
    ours = store.load_set("one", "anna")
    save(store, ours)
    disk.fail_from_now()
    save(store, ours)
    before = _set_path(store).read_bytes()
    disk.fail_from_now(disk.calls.index("read"))
    with pytest.raises(SaveError) as told:
        save(store, ours)
    assert not isinstance(told.value, ConflictError)
    assert _set_path(store).read_bytes() == before
    disk.fail_from_now()
    save(store, ours)
    assert len(store.versions("one", "anna")) == 1


def test_after_a_failure_the_outcome_of_which_is_unknown_saving_goes_on(store, disk, save):
    ours = store.load_set("one", "anna")
    save(store, ours)
    disk.fail_from_now()
    save(store, ours)
    for number in range(len(disk.calls)):
        disk.fail_from_now(number)
        with contextlib.suppress(SaveError):
            save(store, ours)
        assert len(store.versions("one", "anna")) == 1
        disk.fail_from_now()
    save(store, ours)
    assert len(store.versions("one", "anna")) == 1
    assert Store.open(store.path).load_set("one", "anna").decisions == ours.decisions
