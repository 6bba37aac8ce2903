"""A colleague's store brought in: what comes, what was there, what clashes; nothing here is ever overwritten."""

from __future__ import annotations

import errno
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import SaveError, VersionError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Assigned, Assignment, Returned
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.removals import removed_texts
from annotator.model.spans import Span, Suggestion
from annotator.store import plans, records, repository, sets
from annotator.store.assignments import Assignments
from annotator.store.backups import backups, write_backup
from annotator.store.check import check
from annotator.store.files import Disk, Files
from annotator.store.layout import assignment_path, document_path, set_path
from annotator.store.locks import Hold
from annotator.store.merge.other_stores import other_store
from annotator.store.merge.report import Fate
from annotator.store.merge.stores import StoreMerge
from annotator.store.migrate import migrations
from annotator.store.removal import remove_documents
from annotator.store.removals import Removals
from annotator.store.repository import Store
from annotator.store.restore import restore
from annotator.store.sets import SetSnapshot
from annotator.store.tables import encode_record, encode_tables
from tests.table_files import decode_tables

WHEN = "2026-11-22T14:02:11Z"
ONE = "one"


@pytest.fixture
def theirs(store, tmp_path) -> Store:
    """A colleague's copy of the store, as it was given to them."""
    shutil.copytree(store.path, tmp_path / "laptop")
    return Store.open(tmp_path / "laptop")


def decided(
    store: Store, annotator: str, *starts: int, document: str = ONE, label: str = "PER"
) -> AnnotationSet:
    """Go on with a set: a span of three characters at each of `starts`."""
    made = store.load_set(document, annotator, gold=True)
    for start in starts:
        seq = made.revision + 1
        span = Span(start, start + 3, label)
        uid = f"{store.path.name}{seq}"
        made.apply(
            Decision(seq, made.last_step + 1, Verb.ADD, annotator, WHEN, f"s{uid}", None, span, uid=uid)
        )
    store.save(SetSnapshot.of(made))
    return made


def merge(store: Store, other: Path | Store, **options: bool):
    with other_store(other.path if isinstance(other, Store) else other) as found:
        return StoreMerge(store, found, **options).run()


def reasons(report) -> dict[str, str]:
    return {each.path: each.reason for each in report.not_taken}


def sound(store: Store) -> list[str]:
    return [str(finding) for finding in check(Files(store.path))]


def both_begin(store: Store, tmp_path: Path) -> Store:
    """A copy of the store in which ada has the first two decisions that she has here."""
    decided(store, "ada", 0, 10)
    shutil.copytree(store.path, tmp_path / "laptop")
    return Store.open(tmp_path / "laptop")


def test_missing_documents_and_other_annotators_sets_come_in(store, theirs, files_of):
    document = new_document("Neu. 😀", id="neu", meta={"source": "them"})
    theirs.add_document(document, suggestions=[Suggestion(0, 3, "ORG", score=0.5)])
    made = decided(theirs, "ben", 0, 10)
    decided(theirs, "ben", 0, document="neu")
    decided(theirs, "gold", 20)
    before, sent = files_of(store), files_of(theirs)
    report = merge(store, theirs)
    assert (report.documents, report.known_documents) == (1, 2)
    assert report.annotators == {"ben": {Fate.NEW: 2}, "gold": {Fate.NEW: 1}}
    assert not report.not_taken
    assert store.document("neu") == document
    assert store.imported_suggestions("neu") == theirs.imported_suggestions("neu")
    assert store.load_set(ONE, "ben").decisions == made.decisions
    assert store.load_set(ONE, "gold", gold=True).revision == 1
    assert store.catalogue.row("neu", "ben").spans == 1
    assert {name: files_of(store)[name] for name in before} == before
    assert files_of(theirs) == sent
    assert sound(store) == []


def test_the_same_merge_again_finds_all_there(store, theirs, files_of):
    theirs.add_document(new_document("Neu.", id="neu"))
    decided(theirs, "ben", 0)
    merge(store, theirs)
    before = files_of(store)
    report = merge(store, theirs)
    assert (report.documents, report.known_documents) == (0, 3)
    assert report.annotators == {"ben": {Fate.THERE: 1}}
    assert files_of(store) == before


def test_theirs_that_goes_on_from_ours_takes_its_place(store, tmp_path):
    theirs = both_begin(store, tmp_path)
    made = decided(theirs, "ada", 20, 30)
    assert merge(store, theirs).annotators == {"ada": {Fate.CONTINUED: 1}}
    assert store.load_set(ONE, "ada").decisions == made.decisions
    assert merge(theirs, store).annotators == {"ada": {Fate.THERE: 1}}


def test_an_older_copy_changes_nothing(store, tmp_path, files_of):
    theirs = both_begin(store, tmp_path)
    decided(store, "ada", 20)
    before = files_of(store)
    assert merge(store, theirs).annotators == {"ada": {Fate.THERE: 1}}
    assert files_of(store) == before


def test_two_copies_that_both_went_on_become_one(store, tmp_path):
    theirs = both_begin(store, tmp_path)
    decided(store, "ada", 20)
    decided(theirs, "ada", 30)
    assert merge(store, theirs).annotators == {"ada": {Fate.MERGED: 1}}
    assert [each.start for each in store.load_set(ONE, "ada").spans] == [0, 10, 20, 30]
    assert merge(store, theirs).annotators == {"ada": {Fate.THERE: 1}}
    assert merge(theirs, store).annotators == {"ada": {Fate.MERGED: 1}}
    assert [each.start for each in theirs.load_set(ONE, "ada").spans] == [0, 10, 20, 30]
    assert merge(store, theirs).annotators == {"ada": {Fate.THERE: 1}}
    assert sound(store) == []


@pytest.fixture
def clashing(store, tmp_path) -> Store:
    """A copy in which ada went on otherwise than here."""
    theirs = both_begin(store, tmp_path)
    decided(store, "ada", 20)
    decided(theirs, "ada", 21)
    return theirs


def test_what_clashes_stands_beside_ours_for_a_person_to_choose(store, clashing):
    ours, other = store.load_set(ONE, "ada"), clashing.load_set(ONE, "ada")
    report = merge(store, clashing)
    assert report.annotators == {"ada": {Fate.CLASHING: 1}}
    [clash] = report.clashes
    assert (clash.document, clash.annotator) == (ONE, "ada")
    assert clash.version == "one.conflict-laptop-1.json"
    assert store.load_set(ONE, "ada").decisions == ours.decisions
    assert store.has_versions(ONE, "ada")
    assert store.choose(ONE, "ada", clash.version).decisions == other.decisions
    assert merge(store, clashing).annotators == {"ada": {Fate.THERE: 1}}


def test_a_clash_is_kept_once_told_each_time_and_a_longer_version_takes_its_place(store, clashing):
    [first] = merge(store, clashing).clashes
    again = merge(store, clashing)
    assert (again.annotators, again.clashes) == ({"ada": {Fate.CLASHING: 1}}, [first])
    made = decided(clashing, "ada", 40)
    [clash] = merge(store, clashing).clashes
    assert clash.version == "one.conflict-laptop-1.json"
    found = store.versions(ONE, "ada")
    assert [each.name for each in found] == ["one.json", clash.version]
    assert found[1].annotation_set.decisions == made.decisions


def test_what_somebody_has_decided_against_does_not_come_back(store, clashing):
    merge(store, clashing)
    ours = store.choose(ONE, "ada", "one.json")
    assert merge(store, clashing).annotators == {"ada": {Fate.THERE: 1}}
    assert not store.has_versions(ONE, "ada")
    assert store.load_set(ONE, "ada").decisions == ours.decisions


def test_somebody_else_with_my_name_is_not_mixed_with_me(store, theirs):
    decided(store, "user", 0)
    made = decided(theirs, "user", 40)
    report = merge(store, theirs)
    assert report.annotators == {"user": {Fate.CLASHING: 1}}
    assert store.versions(ONE, "user")[1].annotation_set.decisions == made.decisions


def test_a_dry_run_tells_the_same_and_writes_nothing(store, clashing, files_of):
    clashing.add_document(new_document("Neu.", id="neu"))
    decided(clashing, "ben", 0, document="neu")
    decided(clashing, "ben", 0, label="MISC")
    before = files_of(store)
    dry = merge(store, clashing, is_dry=True)
    assert files_of(store) == before
    assert merge(store, clashing) == dry
    assert merge(store, clashing, is_dry=True).annotators["ada"] == {Fate.CLASHING: 1}


def test_a_text_that_differs_is_told_and_its_sets_are_not_taken(store, tmp_path, label_set, files_of):
    other = Store.create(tmp_path / "laptop", label_set=label_set)
    other.add_document(new_document("Another text altogether.", id=ONE))
    decided(other, "ben", 0)
    before = files_of(store)
    report = merge(store, other)
    assert reasons(report) == {
        document_path(ONE): "the document one has another text here",
        set_path(ONE, "ben"): "it was made on another text than the document one has here",
    }
    assert files_of(store) == before


def test_a_set_without_a_document_is_told(store, theirs):
    decided(theirs, "ben", 0)
    for root in (store.path, theirs.path):
        (root / document_path(ONE)).unlink()
    report = merge(Store.open(store.path), theirs)
    assert "no whole document one here" in reasons(report)[set_path(ONE, "ben")]


def test_a_set_comes_on_the_document_here_where_theirs_is_gone(store, theirs):
    """As in an archive of sets that could not be saved in their store."""
    made = decided(theirs, "ben", 0)
    shutil.rmtree(theirs.path / "documents")
    (theirs.path / "store.json").unlink()
    assert merge(store, theirs.path).annotators == {"ben": {Fate.NEW: 1}}
    assert store.load_set(ONE, "ben").decisions == made.decisions


def test_unknown_labels_are_counted_and_their_sets_wait(store, theirs):
    decided(theirs, "ben", 0, 10, label="MISC")
    decided(theirs, "eve", 0, label="PER")
    report = merge(store, theirs)
    assert report.unknown_labels == {"MISC": 2}
    assert reasons(report) == {set_path(ONE, "ben"): "the label set here has no MISC"}
    assert report.annotators == {"ben": {Fate.LEFT_OUT: 1}, "eve": {Fate.NEW: 1}}
    assert store.sets_of(ONE) == ["eve"]


def test_labels_are_added_on_request_as_they_are_described_there(store, theirs):
    labels = theirs.info.label_set
    misc = Label(name="MISC", key="1", description="Whatever else.")
    theirs.change_info(label_set=replace(labels, labels=(misc, *labels.labels[1:])))
    decided(theirs, "ben", 0, 10, label="MISC")
    decided(theirs, "eve", 0, label="OTHER")
    report = merge(store, theirs, adds_labels=True)
    assert report.unknown_labels == {"MISC": 2, "OTHER": 1}
    assert report.annotators == {"ben": {Fate.NEW: 1}, "eve": {Fate.NEW: 1}}
    found = Store.open(store.path).info.label_set
    assert list(found.by_name) == ["PER", "ORG", "LOC", "MISC", "OTHER"]
    assert found.by_name["MISC"].description == "Whatever else."
    assert sound(store) == []


def test_what_can_be_no_label_is_not_added(store, theirs):
    decided(theirs, "ben", 0, label="two\tcells")
    report = merge(store, theirs, adds_labels=True)
    assert "cannot be the name of a label" in reasons(report)[set_path(ONE, "ben")]
    assert "two\tcells" not in store.info.label_set


def test_other_label_sets_and_tokenizers_are_named(store, theirs):
    theirs.change_info(
        label_set=replace(LabelSet.from_names("wide", ["PER"]), nested=True), tokenizer="blank/en 3.8"
    )
    store.change_info(tokenizer="core 3.8")
    told = " ".join(merge(store, theirs).notes)
    assert "blank/en 3.8, these to core 3.8" in told
    assert "label set wide" in told
    assert "theirs is nested, this one flat" in told


def test_damaged_files_of_theirs_are_told_and_the_rest_comes(store, theirs):
    for number in range(3):
        theirs.add_document(new_document(f"Text {number}.", id=f"doc-{number}"))
        decided(theirs, "ben", 0, document=f"doc-{number}")
    broken, edited = document_path("doc-0"), set_path("doc-1", "ben")
    (theirs.path / broken).write_bytes(b"{")
    path = theirs.path / edited
    path.write_bytes(path.read_bytes().replace(b'"label": "PER"', b'"label": "ORG"'))
    (theirs.path / "store.json").write_bytes(b"\xff")
    report = merge(store, theirs.path)
    told = reasons(report)
    assert told.keys() == {"store.json", broken, set_path("doc-0", "ben"), edited}
    assert told[broken].startswith("broken JSON")
    assert told[edited].startswith("changed outside")
    assert report.documents == 2
    assert store.sets_of("doc-2") == ["ben"]
    assert sound(store) == []


def test_a_damaged_set_of_ours_is_left_alone_and_told(store, clashing):
    path = store.path / set_path(ONE, "ada")
    path.write_bytes(b"{")
    report = merge(store, clashing)
    assert "the set here cannot be read" in reasons(report)[set_path(ONE, "ada")]
    assert path.read_bytes() == b"{"


def test_a_damaged_document_of_ours_keeps_its_sets_out(store, theirs):
    decided(theirs, "ben", 0)
    path = store.path / document_path(ONE)
    path.write_bytes(b"{")
    report = merge(Store.open(store.path), theirs)
    assert "damaged" in reasons(report)[document_path(ONE)]
    assert set_path(ONE, "ben") in reasons(report)
    assert path.read_bytes() == b"{"


def test_files_in_another_place_are_told(store, theirs):
    decided(theirs, "ben", 0)
    shutil.copytree(theirs.path / "annotations" / "ben", theirs.path / "annotations" / "eve")
    name = document_path(ONE).replace("one.json", "uno.json")
    shutil.copy(theirs.path / document_path(ONE), theirs.path / name)
    report = merge(store, theirs)
    assert reasons(report) == {
        name: "it holds the document one, which has another place",
        set_path(ONE, "eve"): "it holds the set of ben on one",
    }


def test_a_version_that_waits_for_a_choice_there_is_told(store, theirs):
    decided(theirs, "ben", 0)
    path = theirs.path / set_path(ONE, "ben")
    version = path.with_name("one.conflict-pluto-1.json")
    shutil.copy(path, version)
    report = merge(store, theirs)
    assert "choose" in reasons(report)[version.relative_to(theirs.path).as_posix()]
    assert report.annotators == {"ben": {Fate.NEW: 1, Fate.LEFT_OUT: 1}}
    assert not store.has_versions(ONE, "ben")


@pytest.mark.parametrize("name", ["a b", "GOLD", "Ada"])
def test_an_annotator_that_cannot_be_called_so_here_is_told(store, theirs, name):
    decided(store, "ada", 0)
    decided(theirs, "ben", 0)
    (theirs.path / "annotations" / "ben").rename(theirs.path / "annotations" / name)
    report = merge(store, theirs)
    assert list(reasons(report)) == [f"annotations/{name}"]
    assert store.annotators(gold=True) == ["ada"]


def test_sets_that_another_program_holds_are_skipped_and_named(store, theirs):
    decided(theirs, "ben", 0)
    decided(theirs, "eve", 0)
    hold = Store.open(store.path).hold("ben")
    assert isinstance(hold, Hold)
    with hold:
        report = merge(store, theirs)
    assert list(report.held) == ["ben"]
    assert "process" in report.held["ben"]
    assert store.annotators() == ["eve"]
    assert merge(store, theirs).annotators["ben"] == {Fate.NEW: 1}


def test_assignments_are_united(store, theirs):
    given, back = Assigned("a", ONE, "lead", WHEN), Returned("r", ONE, "look", "lead", WHEN)
    with Assignments(store).change() as changed:
        changed["ada"] = Assignment("ada", (given,))
    with Assignments(theirs).change() as changed:
        changed["ada"] = Assignment("ada", (), (back,))
        changed["ben"] = Assignment("ben", (Assigned("b", "Zwei/2", "lead", WHEN),))
    (theirs.path / assignment_path("eve")).write_bytes(b"{")
    (theirs.path / assignment_path("dan")).write_bytes((theirs.path / assignment_path("ben")).read_bytes())
    report = merge(store, theirs)
    assert report.assignments == ["ada", "ben"]
    assert reasons(report).keys() == {assignment_path("eve"), assignment_path("dan")}
    assert Assignments(store).read("ada") == Assignment("ada", (given,), (back,))
    assert Assignments(store).read("ben").documents == ("Zwei/2",)
    assert merge(store, theirs).assignments == []


def test_a_store_of_a_newer_program_is_refused_before_anything_comes(store, theirs, monkeypatch):
    decided(theirs, "ben", 0)
    monkeypatch.setattr(records, "SCHEMA_VERSION", records.SCHEMA_VERSION + 1)
    monkeypatch.setattr(migrations, "SCHEMA_VERSION", records.SCHEMA_VERSION)
    theirs.change_info(tokenizer="newer")
    path = theirs.path / "store.json"
    rewrite(path, "store", records.SCHEMA_VERSION)
    monkeypatch.undo()
    with pytest.raises(VersionError, match="version 2") as told:
        merge(store, theirs)
    assert "newest annotator" in told.value.hint
    assert store.annotators() == []


def rewrite(path: Path, table: str, version: int) -> None:
    """Give a file another version, with checksums that fit."""
    tables = decode_tables(path.read_bytes(), origin="")
    tables[table][0].record["schema_version"] = version
    path.write_bytes(
        encode_tables(
            {name: [encode_record(name, row.id, row.record) for row in rows] for name, rows in tables.items()}
        )
    )


def test_one_newer_file_is_told_and_the_rest_comes(store, theirs):
    decided(theirs, "ben", 0)
    decided(theirs, "eve", 0)
    rewrite(theirs.path / set_path(ONE, "ben"), "status", 99)
    report = merge(store, theirs)
    assert reasons(report)[set_path(ONE, "ben")].startswith("newer version")
    assert store.annotators() == ["eve"]


def test_older_files_are_migrated_in_passing_and_theirs_stay(store, theirs, monkeypatch, files_of):
    decided(theirs, "ben", 0)
    sent = files_of(theirs)

    def migrate(kind, tables):
        if kind != "status":
            return tables
        return {**tables, "status": {"1": {**tables["status"]["1"], "keys": 77}}}

    for module in (records, repository, sets, plans, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrations, "MIGRATIONS", {1: migrate})
    assert merge(store, theirs).annotators == {"ben": {Fate.NEW: 1}}
    assert store.load_set(ONE, "ben").effort.keys == 77
    assert files_of(theirs) == sent


def test_a_merge_can_be_taken_back_by_its_backup(store, theirs, tmp_path, files_of):
    before = files_of(store)
    merge(store, theirs)
    assert backups(Files(store.path)) == [], "nothing was changed"
    theirs.add_document(new_document("Neu.", id="neu"))
    decided(theirs, "ben", 0)
    merge(store, theirs)
    [backup] = backups(Files(store.path))
    assert backup.reason == "before-merge"
    restore(backup.path, tmp_path / "restored")
    assert files_of(Store.open(tmp_path / "restored")) == before


def test_a_full_disk_is_told_and_the_merge_goes_on_later(store, theirs, disk, monkeypatch):
    for number in range(6):
        theirs.add_document(new_document(f"Text {number}.", id=f"doc-{number}"))
        decided(theirs, "ben", 0, document=f"doc-{number}")
    written = []

    def write(descriptor: int, data: memoryview) -> int:
        written.append(data)
        if len(written) > 5:
            raise OSError(errno.ENOSPC, "full")
        return Disk.write(disk, descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(disk, "write", write)
        with pytest.raises(SaveError, match="full"):
            merge(store, theirs)
    there = len(Store.open(store.path).catalogue)
    assert 2 < there < 8
    report = merge(Store.open(store.path), theirs)
    assert (report.documents, report.known_documents) == (8 - there, there)
    assert sound(store) == []


def test_a_backup_of_their_store_is_merged_like_the_store(store, theirs, tmp_path):
    theirs.add_document(new_document("Neu.", id="neu"))
    decided(theirs, "ben", 0)
    write_backup(Files(theirs.path), tmp_path / "theirs.zip")
    report = merge(store, tmp_path / "theirs.zip")
    assert (report.documents, report.annotators) == (1, {"ben": {Fate.NEW: 1}})
    assert merge(store, theirs).annotators == {"ben": {Fate.THERE: 1}}


def test_progress_is_told_to_the_end(store, theirs):
    told = []
    with other_store(theirs.path) as found:
        StoreMerge(store, found).run(progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)


def test_a_set_that_somebody_changes_meanwhile_is_not_lost(store, tmp_path):
    """As on a share without locks: the file is another one when the merged set is about to replace it."""
    theirs = both_begin(store, tmp_path)
    decided(theirs, "ada", 20)
    path = store.path / set_path(ONE, "ada")

    class Meddling(Disk):
        meddled = False

        def sync(self, descriptor: int) -> None:
            super().sync(descriptor)
            if not self.meddled and backups(Files(store.path)):
                self.meddled = True
                decided(Store.open(store.path), "ada", 40)

    opened = Store.open(store.path, disk=Meddling())
    opened._locks.hold = lambda annotator: Hold(opened._locks, "ada")  # type: ignore[method-assign]
    opened._locks.give_back = lambda annotator: None  # type: ignore[method-assign]
    report = merge(opened, theirs)
    assert report.annotators == {"ada": {Fate.CLASHING: 1}}
    found = Store.open(store.path).versions(ONE, "ada")
    assert [[span.start for span in each.annotation_set.spans] for each in found] == [
        [0, 10, 40],
        [0, 10, 20],
    ]
    assert path.exists()


def test_a_removed_document_stays_removed_unless_it_is_restored(store, theirs, files_of):
    decided(theirs, "ben", 0)
    remove_documents(store, [ONE], who="lea")
    before = files_of(store)
    report = merge(store, theirs)
    assert (report.removed, report.documents) == ([ONE], 0)
    assert report.annotators == {"ben": {Fate.REMOVED: 1}}
    assert not report.not_taken
    assert files_of(store) == before
    assert merge(store, theirs, restores_removed=True, is_dry=True).documents == 1
    report = merge(store, theirs, restores_removed=True)
    assert (report.removed, report.documents) == ([], 1)
    assert store.load_set(ONE, "ben").revision == 1
    assert removed_texts(Removals(store).read()) == {}
    assert sound(store) == []


def test_what_they_removed_stays_here_is_told_and_does_not_come_from_a_third(store, theirs, tmp_path):
    shutil.copytree(store.path, tmp_path / "third")
    theirs.add_document(new_document("Neu.", id="neu"))
    shutil.copytree(theirs.path, tmp_path / "fourth")
    remove_documents(theirs, [ONE, "neu"], who="ben")
    report = merge(store, theirs)
    assert report.notes == ["they removed 1 document still here: one"]
    assert store.has_document(ONE)
    report = merge(store, Store.open(tmp_path / "fourth"))
    assert (report.documents, report.removed) == (0, ["neu"])


def test_another_text_under_the_id_of_a_removed_document_comes_in(store, theirs):
    remove_documents(store, [ONE])
    remove_documents(theirs, [ONE])
    theirs.add_document(new_document("Another text.", id=ONE))
    assert merge(store, theirs).documents == 1
    assert store.document(ONE).text == "Another text."
    assert removed_texts(Removals(store).read())
