"""Assignments on disk: durable, read by stock TinyDB, checked and mended."""

from __future__ import annotations

import errno

import pytest
from tinydb import TinyDB

from annotator.errors import DamageError, HeldError, InputError, SaveError, VersionError
from annotator.model.assignments import Assigned, Assignment, Returned
from annotator.store.assignments import Assignments, assignment_data
from annotator.store.check import check
from annotator.store.damage import Damage
from annotator.store.files import Files
from annotator.store.layout import assignment_path
from annotator.store.locks import Locks
from annotator.store.records import SCHEMA_VERSION
from annotator.store.repair.repair import Repair
from annotator.store.repair.replay import Signature
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

WHEN = "2026-11-22T14:02:11Z"
ADA = Assignment(
    "ada",
    (Assigned("a", "one", "lead", WHEN, 2), Assigned("b", "Zwei/2", "lead", WHEN, withdrawn=WHEN)),
    (Returned("r", "one", "titles too?", "lead", WHEN),),
)


@pytest.fixture
def assignments(store: Store) -> Assignments:
    """Those of a store in which ada and ben have some."""
    found = Assignments(store)
    with found.change() as changed:
        changed["ada"] = ADA
        changed["ben"] = Assignment("ben", (Assigned("c", "one", "lead", WHEN, 2),))
    return found


def path_of(store: Store, name: str = "ada"):
    return store.path / assignment_path(name)


def kinds(store: Store) -> list[tuple[str, Damage]]:
    return [(finding.path, finding.damage) for finding in check(Files(store.path))]


def mend(store: Store):
    return list(Repair(Files(store.path), Signature("kim", WHEN)).run())


def test_what_was_written_comes_back(store, assignments):
    again = Assignments(Store.open(store.path))
    assert again.names() == ["ada", "ben"]
    assert again.read("ada") == ADA
    assert again.all() == {"ada": ADA, "ben": again.read("ben")}
    assert again.read("eve") == Assignment("eve")
    assert kinds(store) == []


def test_stock_tinydb_reads_it_and_each_record_has_uid_and_checksum(store, assignments):
    with TinyDB(path_of(store), access_mode="r") as stock:
        rows = {name: stock.table(name).all() for name in stock.tables()}
    assert {name: len(found) for name, found in rows.items()} == {
        "assignment": 1,
        "assigned": 2,
        "returned": 1,
    }
    assert all(row["uid"] and row["checksum"] for found in rows.values() for row in found)


def test_only_what_differs_is_written(store, assignments, disk):
    disk.fail_from_now()
    with assignments.change() as changed:
        changed["ben"] = changed["ben"].withdrawing(["one"], when=WHEN)
    assert disk.calls.count("replace") == 1
    assert assignments.read("ben").documents == ()


def test_two_programs_do_not_change_them_at_once(store, assignments):
    with (
        Locks(Files(store.path)).held(".assignments"),
        pytest.raises(HeldError, match="assignments are being"),
        Assignments(store).change(),
    ):
        pass


def test_a_failed_save_is_told_and_leaves_the_file_as_it_was(store, assignments, disk):
    before = path_of(store).read_bytes()

    def change():
        with assignments.change() as changed:
            changed["ada"] = Assignment("ada")
            disk.fail_from_now(*range(100), error=errno.ENOSPC)

    with pytest.raises(SaveError, match="full"):
        change()
    disk.fail_from_now()
    assert path_of(store).read_bytes() == before


@pytest.mark.parametrize("name", ["gold", "Ada", "a b", "../x"])
def test_nobody_gets_an_assignment_under_a_name_that_no_annotator_can_have(store, assignments, name):
    with pytest.raises(InputError), assignments.change() as changed:
        changed[name] = Assignment(name)
    assert assignments.names() == ["ada", "ben"]


def test_a_document_is_sent_back_with_a_comment(store, assignments, add_spans):
    store.save(SetSnapshot.of(add_spans(store.load_set("one", "eve"))))
    back = assignments.send_back("eve", "one", comment="“titles” 😀", who="lead", when=WHEN)
    assert Assignments(store).read("eve").returns == {"one": back}
    assert back.comment == "“titles” 😀"


@pytest.mark.parametrize(
    ("document", "reason"), [("one", "has done nothing on one"), ("nix", "no document nix")]
)
def test_only_a_document_that_somebody_has_done_is_sent_back(assignments, document, reason):
    with pytest.raises(InputError, match=reason):
        assignments.send_back("eve", document, comment="", who="lead", when=WHEN)


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda data: data[:-20], Damage.BROKEN),
        (lambda data: data.replace(b'"who": "lead"', b'"who": "evil"', 1), Damage.CHANGED),
        (lambda data: assignment_data(Assignment("eve")), Damage.PLACE),
        (lambda data: b"<<<<<<< ours\n" + data + b"=======\n" + data + b">>>>>>> theirs\n", Damage.MARKERS),
    ],
    ids=["cut", "edited", "another's", "markers"],
)
def test_damage_is_told_and_never_read_as_nothing(store, assignments, damage, kind):
    path = path_of(store)
    data = damage(path.read_bytes())
    path.write_bytes(data)
    assert kinds(store) == [(assignment_path("ada"), kind)]
    with pytest.raises(DamageError):
        assignments.read("ada")


def test_a_repair_keeps_every_whole_record(store, assignments):
    path = path_of(store)
    path.write_bytes(path.read_bytes().replace(b'"document": "Zwei/2"', b'"document": "Drei/3"'))
    [told] = mend(store)
    assert "2 records kept, 1 unreadable" in told.done
    assert "annotator assign" in told.todo
    assert assignments.read("ada") == Assignment("ada", ADA.assigned[:1], ADA.returned)
    assert kinds(store) == []


def test_a_repair_unites_what_version_control_could_not(store, assignments):
    path = path_of(store)
    more = Assignment("ada", (*ADA.assigned, Assigned("d", "new", "lead", WHEN)), ADA.returned)
    ours, theirs = path.read_bytes(), assignment_data(more)
    path.write_bytes(b"<<<<<<< ours\n" + ours + b"=======\n" + theirs + b">>>>>>> theirs\n")
    mend(store)
    assert set(assignments.read("ada").assigned) == set(more.assigned)
    assert kinds(store) == []


def test_a_repair_brings_an_assignment_to_its_place(store, assignments):
    path_of(store).rename(path_of(store, "eve"))
    assert kinds(store) == [(assignment_path("eve"), Damage.PLACE)]
    [told] = mend(store)
    assert told.done == "moved to assignments/ada.json"
    assert assignments.all()["ada"] == ADA


def test_a_stray_file_is_told(store, assignments):
    (store.path / "assignments" / "notes.txt").write_text("x")
    assert kinds(store) == [("assignments/notes.txt", Damage.STRAY)]


def test_a_file_that_a_newer_program_wrote_is_not_read(store, assignments, monkeypatch):
    monkeypatch.setattr("annotator.store.assignments.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    data = assignment_data(ADA)
    monkeypatch.undo()
    path_of(store).write_bytes(data)
    assert kinds(store) == [(assignment_path("ada"), Damage.NEWER)]
    with pytest.raises(VersionError, match="version 2"):
        assignments.read("ada")
