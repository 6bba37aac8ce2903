"""What memory was told, on disk: durable, read by stock TinyDB, checked and mended."""

from __future__ import annotations

import errno

import pytest
from tinydb import TinyDB

from annotator.errors import DamageError, HeldError, SaveError, VersionError
from annotator.model.decisions import By
from annotator.model.memory_edits import (
    BlockedForm,
    ForgottenForm,
    MemoryEdits,
    Outcome,
    OutcomeCount,
    PinnedForm,
)
from annotator.store.check import check
from annotator.store.damage import Damage
from annotator.store.files import Files
from annotator.store.layout import MEMORY_FILE
from annotator.store.memory_file import MemoryFile, memory_data
from annotator.store.merge.files import merge_files
from annotator.store.records import SCHEMA_VERSION
from annotator.store.repair.repair import Repair
from annotator.store.repair.replay import Signature
from annotator.store.repository import Store

ACME, ROME = PinnedForm("Acme", "ORG"), PinnedForm("Rome \udce9", "LOC")
MONDAY = BlockedForm("Monday")
LIMA = ForgottenForm("Lima", (OutcomeCount("LOC", Outcome.REJECTED, By.BULK, 2),))
EDITS = MemoryEdits((ACME, ROME), (MONDAY,), (LIMA, ForgottenForm("Oslo")))


@pytest.fixture
def memory(store: Store) -> MemoryFile:
    """That of a store in which memory was told things."""
    file = MemoryFile(store)
    file.write(EDITS)
    return file


def kinds(store: Store) -> list[tuple[str, Damage]]:
    return [(finding.path, finding.damage) for finding in check(Files(store.path))]


def repair(store: Store) -> str:
    [mended] = Repair(Files(store.path), Signature("kim", "2026-11-22T14:02:11Z")).run()
    return mended.done


def test_what_was_written_comes_back(store, memory):
    assert MemoryFile(Store.open(store.path)).read() == EDITS
    assert kinds(store) == []


def test_nothing_was_told_before_there_is_a_file(store):
    assert MemoryFile(store).read() == MemoryEdits()
    assert not (store.path / MEMORY_FILE).exists()


def test_stock_tinydb_reads_it_and_a_form_keeps_its_uid(store, memory):
    with TinyDB(store.path / MEMORY_FILE, access_mode="r") as stock:
        records = [record for table in stock.tables() for record in stock.table(table)]
        assert all({"uid", "checksum"} <= record.keys() for record in records)
        uids = {record["surface"]: record["uid"] for record in stock.table("pinned")}
        assert stock.table("forgotten").all()[0]["counts"] == [
            {"label": "LOC", "outcome": "rejected", "by": "bulk", "times": 2}
        ]
    memory.write(MemoryEdits((ROME,)))
    with TinyDB(store.path / MEMORY_FILE, access_mode="r") as stock:
        assert [record["uid"] for record in stock.table("pinned")] == [uids[ROME.surface]]


def test_two_programs_do_not_edit_it_at_once(store, memory):
    with memory.change(), pytest.raises(HeldError, match="being edited by"), MemoryFile(store).change():
        pass


def test_a_failed_save_is_told_and_leaves_the_file_as_it_was(store, memory, disk):
    before = (store.path / MEMORY_FILE).read_bytes()
    disk.fail_from_now(*range(100), error=errno.ENOSPC)
    with pytest.raises(SaveError, match="full"):
        memory.write(MemoryEdits())
    disk.fail_from_now()
    assert (store.path / MEMORY_FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (lambda data: data[:-20], Damage.BROKEN),
        (lambda data: data.replace(b'"label": "ORG"', b'"label": "LOC"'), Damage.CHANGED),
        (lambda data: data.replace(b'"blocked": {', b'"status": {'), Damage.SHAPE),
        (lambda data: b"<<<<<<< ours\n" + data + b"=======\n" + data + b">>>>>>> theirs\n", Damage.MARKERS),
        (
            lambda _: memory_data(MemoryEdits()).replace(b'"pinned": {}', b'"pinned": {}, "pinned": {}'),
            Damage.REPEATED_KEY,
        ),
    ],
    ids=["cut", "edited", "another table", "markers", "a table twice"],
)
def test_damage_is_told_and_never_read_as_nothing(store, memory, damage, kind):
    path = store.path / MEMORY_FILE
    path.write_bytes(damage(path.read_bytes()))
    assert kinds(store) == [(MEMORY_FILE, kind)]
    with pytest.raises(DamageError):
        memory.read()


def test_a_repair_keeps_every_whole_record(store, memory):
    path = store.path / MEMORY_FILE
    path.write_bytes(path.read_bytes().replace(b'"label": "ORG"', b'"label": "LOC"'))
    assert "4 records kept, 1 unreadable" in repair(store)
    assert memory.read() == MemoryEdits((ROME,), EDITS.blocked, EDITS.forgotten)
    assert kinds(store) == []


def test_a_repair_unites_what_version_control_could_not(store, memory):
    path = store.path / MEMORY_FILE
    ours, theirs = (memory_data(edits) for edits in (MemoryEdits((ACME,)), MemoryEdits((ROME,), (MONDAY,))))
    path.write_bytes(b"<<<<<<< ours\n" + ours + b"=======\n" + theirs + b">>>>>>> theirs\n")
    repair(store)
    assert memory.read() == MemoryEdits((ACME, ROME), (MONDAY,))
    assert kinds(store) == []


def test_a_repair_puts_aside_what_has_nothing_whole(store, memory):
    (store.path / MEMORY_FILE).write_bytes(b"nothing of it")
    assert "put aside" in repair(store)
    assert memory.read() == MemoryEdits()
    assert kinds(store) == []


def test_a_file_that_a_newer_program_wrote_is_not_read(store, memory, monkeypatch):
    monkeypatch.setattr("annotator.store.memory_file.SCHEMA_VERSION", SCHEMA_VERSION + 1)
    data = memory_data(EDITS)
    monkeypatch.undo()
    (store.path / MEMORY_FILE).write_bytes(data)
    assert kinds(store) == [(MEMORY_FILE, Damage.NEWER)]
    with pytest.raises(VersionError, match="version 2"):
        memory.read()


def test_an_empty_form_or_label_cannot_be_told():
    for form in (("", "PER"), ("Ada", "")):
        with pytest.raises(ValueError, match="it is empty"):
            PinnedForm(*form)
    with pytest.raises(ValueError, match="it is empty"):
        BlockedForm("")


FORGOTTEN_MORE = ForgottenForm("Lima", (OutcomeCount("LOC", Outcome.REJECTED, By.BULK, 3),))


@pytest.mark.parametrize(
    ("ours", "theirs", "united"),
    [
        (MemoryEdits((ROME,)), MemoryEdits((ACME,), (MONDAY,)), MemoryEdits((ACME, ROME), (MONDAY,))),
        (MemoryEdits((ACME,)), MemoryEdits((ACME,)), MemoryEdits((ACME,))),
        (
            MemoryEdits((), (), (LIMA,)),
            MemoryEdits((), (), (FORGOTTEN_MORE,)),
            MemoryEdits((), (), (FORGOTTEN_MORE,)),
        ),
        (MemoryEdits(), EDITS, EDITS),
    ],
)
def test_version_control_unites_what_both_have_told(store, ours, theirs, united):
    for one, other in ((ours, theirs), (theirs, ours)):
        merge = merge_files(memory_data(one), memory_data(other), store.path / MEMORY_FILE)
        assert merge.data is not None or one == other
        assert merge.data == memory_data(united)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (MemoryEdits((ACME,)), MemoryEdits((PinnedForm("Acme", "LOC"),))),
        (MemoryEdits((ACME,)), MemoryEdits((), (BlockedForm("Acme"),))),
        (MemoryEdits((), (BlockedForm("Lima"),)), MemoryEdits((), (), (LIMA,))),
    ],
)
def test_version_control_leaves_different_edits_of_a_form_to_a_person(store, ours, theirs):
    merge = merge_files(memory_data(ours), memory_data(theirs), store.path / MEMORY_FILE)
    assert merge.data is None
    assert "memory was told different things of" in merge.reason
    damaged = memory_data(ours).replace(b'"uid": "', b'"uid": "x', 1)
    assert merge_files(damaged, memory_data(theirs), store.path / MEMORY_FILE).reason.startswith(
        "ours is damaged"
    )


def test_version_control_unites_an_older_file_as_well(store):
    older = b'{"version": 1, "pinned": {"Acme": "ORG"}, "blocked": [], "forgotten": {}}'
    merge = merge_files(older, memory_data(MemoryEdits((ROME,))), store.path / MEMORY_FILE)
    assert merge.data == memory_data(MemoryEdits((ACME, ROME)))
