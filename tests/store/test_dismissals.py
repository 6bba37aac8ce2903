"""Dismissed findings on disk: durable, read by stock TinyDB, united with others', checked and mended."""

from __future__ import annotations

import errno
import shutil
import zipfile

import pytest
from tinydb import TinyDB

from annotator.errors import DamageError, HeldError, SaveError, VersionError
from annotator.model.dismissals import Dismissal, FindingKind, JudgedPlace, withdrawing
from annotator.model.edges import EdgeKind
from annotator.store.backups import back_up
from annotator.store.check import check
from annotator.store.damage import Damage
from annotator.store.dismissals import DISMISSED, Dismissals
from annotator.store.files import Files
from annotator.store.layout import AUDIT_FILE
from annotator.store.locks import Locks
from annotator.store.merge.files import merge_files
from annotator.store.merge.other_stores import other_store
from annotator.store.merge.stores import StoreMerge
from annotator.store.records import SCHEMA_VERSION
from annotator.store.repair.repair import Repair
from annotator.store.repair.replay import Signature
from annotator.store.repository import Store

WHEN, LATER = "2026-11-22T14:02:11Z", "2026-11-23T09:00:00Z"
ROME = Dismissal(
    "a", FindingKind.LABELS, "Rome", "LOC", (JudgedPlace("one", 0, 4, "ORG"),), "kim", WHEN, withdrawn=LATER
)
HAGUE = Dismissal(
    "b",
    FindingKind.EDGES,
    "“Hague” 😀",
    None,
    (JudgedPlace("one", 0, 9, "with"), JudgedPlace("Zwei/2", 4, 9, "without")),
    "eva",
    LATER,
    EdgeKind.ARTICLE,
    "the",
)


@pytest.fixture
def dismissals(store: Store) -> Dismissals:
    """Those of a store in which something was dismissed."""
    found = Dismissals(store)
    found.change(lambda known: (*known, ROME, HAGUE))
    return found


def kinds(store: Store) -> list[tuple[str, Damage]]:
    return [(finding.path, finding.damage) for finding in check(Files(store.path))]


def test_what_was_written_comes_back(store, dismissals):
    assert Dismissals(Store.open(store.path)).read() == (ROME, HAGUE)
    assert kinds(store) == []


def test_nothing_was_dismissed_before_there_is_a_file(store):
    assert Dismissals(store).read() == ()
    assert not (store.path / AUDIT_FILE).exists()


def test_stock_tinydb_reads_it_and_each_record_has_uid_and_checksum(store, dismissals):
    with TinyDB(store.path / AUDIT_FILE, access_mode="r") as db:
        assert {table: len(db.table(table)) for table in db.tables()} == {"audit": 1, "dismissed": 2}
        records = [record for table in db.tables() for record in db.table(table).all()]
        assert all({"uid", "checksum"} <= record.keys() for record in records)
        assert db.table("dismissed").all()[0]["places"] == [
            {"document": "one", "start": 0, "end": 4, "treatment": "ORG"}
        ]
    assert len((store.path / AUDIT_FILE).read_text(encoding="utf-8").splitlines()) == 9


def test_nothing_is_written_where_nothing_changes(store, dismissals, disk):
    disk.calls.clear()
    dismissals.change(lambda known: known)
    assert "replace" not in disk.calls
    dismissals.change(lambda known: withdrawing(known, {HAGUE.key}, when=WHEN))
    assert disk.calls.count("replace") == 1
    assert [each.withdrawn for each in dismissals.read()] == [LATER, WHEN]


def test_two_programs_do_not_change_it_at_once(store, dismissals):
    with (
        Locks(Files(store.path)).held(".audit"),
        pytest.raises(HeldError, match=r"audit\.json is being changed by"),
    ):
        dismissals.change(lambda known: ())


def test_a_failed_save_is_told_and_leaves_the_file_as_it_was(store, dismissals, disk):
    before = (store.path / AUDIT_FILE).read_bytes()

    def altered(known):
        disk.fail_from_now(*range(100), error=errno.ENOSPC)
        return ()

    with pytest.raises(SaveError, match="full"):
        dismissals.change(altered)
    disk.fail_from_now()
    assert (store.path / AUDIT_FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda data: data[:-20], Damage.BROKEN),
        (lambda data: data.replace(b'"who": "kim"', b'"who": "evil"'), Damage.CHANGED),
        (lambda data: data.replace(b'"dismissed": {', b'"status": {'), Damage.SHAPE),
        (lambda data: b"<<<<<<< ours\n" + data + b"=======\n" + data + b">>>>>>> theirs\n", Damage.MARKERS),
    ],
    ids=["cut", "edited", "another table", "markers"],
)
def test_damage_is_told_and_never_read_as_nothing(store, dismissals, damage, kind):
    path = store.path / AUDIT_FILE
    path.write_bytes(damage(path.read_bytes()))
    assert kinds(store)[0] == (AUDIT_FILE, kind)
    with pytest.raises(DamageError):
        dismissals.read()


def test_a_repair_keeps_every_whole_record(store, dismissals):
    path = store.path / AUDIT_FILE
    path.write_bytes(path.read_bytes().replace(b'"who": "kim"', b'"who": "evil"'))
    [told] = Repair(Files(store.path), Signature("kim", WHEN)).run()
    assert "1 record kept, 1 unreadable" in told.done
    assert "--dismiss" in told.todo
    assert dismissals.read() == (HAGUE,)
    assert kinds(store) == []


def test_a_repair_unites_what_version_control_could_not(store, dismissals):
    path = store.path / AUDIT_FILE
    theirs = DISMISSED.data([ROME])
    path.write_bytes(
        b"<<<<<<< ours\n" + DISMISSED.data([HAGUE]) + b"=======\n" + theirs + b">>>>>>> theirs\n"
    )
    list(Repair(Files(store.path), Signature("kim", WHEN)).run())
    assert dismissals.read() == (ROME, HAGUE)
    assert kinds(store) == []


def test_a_file_that_a_newer_program_wrote_is_not_read(store, dismissals, monkeypatch):
    monkeypatch.setattr("annotator.store.record_list.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    data = DISMISSED.data([ROME])
    monkeypatch.undo()
    (store.path / AUDIT_FILE).write_bytes(data)
    assert kinds(store) == [(AUDIT_FILE, Damage.NEWER)]
    with pytest.raises(VersionError, match="version 2"):
        dismissals.read()


def test_a_backup_holds_it(store, dismissals):
    with zipfile.ZipFile(back_up(Files(store.path), reason="manual").path) as archive:
        assert archive.read(AUDIT_FILE) == DISMISSED.data([ROME, HAGUE])


def test_a_colleagues_are_united_with_ours(store, dismissals, tmp_path):
    shutil.copytree(store.path, tmp_path / "theirs")
    theirs = Store.open(tmp_path / "theirs")
    oslo = Dismissal("c", FindingKind.MISSED, "Oslo", "LOC", (), "eva", LATER)
    Dismissals(theirs).change(lambda known: (*withdrawing(known, {HAGUE.key}, when=LATER), oslo))

    def merged(*, is_dry: bool) -> int:
        with other_store(theirs.path) as other:
            return StoreMerge(store, other, is_dry=is_dry).run().dismissals

    assert merged(is_dry=True) == 2
    assert dismissals.read() == (ROME, HAGUE)
    assert merged(is_dry=False) == 2
    assert [(each.uid, each.withdrawn) for each in dismissals.read()] == [
        ("a", LATER),
        ("b", LATER),
        ("c", ""),
    ]
    assert merged(is_dry=False) == 0
    (theirs.path / AUDIT_FILE).write_bytes(b"{")
    with other_store(theirs.path) as other:
        [left_out] = StoreMerge(store, other).run().not_taken
    assert left_out.path == AUDIT_FILE


def test_version_control_unites_them(store, dismissals):
    path = store.path / AUDIT_FILE
    assert merge_files(DISMISSED.data([ROME]), DISMISSED.data([HAGUE]), path).data == path.read_bytes()
    assert "ours is damaged" in merge_files(b"{", DISMISSED.data([HAGUE]), path).reason
