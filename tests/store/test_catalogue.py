"""The catalogue always says what the files say, and losing it loses nothing."""

from __future__ import annotations

import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.model.decisions import Decision, Status, Verb
from annotator.model.documents import new_document
from annotator.store import catalogue_keeper as scan
from annotator.store.cache import sealed_behind, unseal_before
from annotator.store.catalogue import Catalogue, DocumentEntry, SetEntry
from annotator.store.catalogue_keeper import catalogue_files
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot


@pytest.fixture
def scanned(monkeypatch):
    """The folders whose files were read again."""
    folders = []
    scan_folder = scan.CatalogueKeeper._scan
    monkeypatch.setattr(
        scan.CatalogueKeeper,
        "_scan",
        lambda self, folder: folders.append(folder) or scan_folder(self, folder),
    )
    return folders


@pytest.fixture
def listed():
    """Opens a store anew and gives all that its catalogue says."""

    def listed(store: Store, *, undecided: bool = False):
        catalogue = Store.open(store.path).catalogue
        rows = {
            name: [row if undecided else row._replace(undecided=None) for row in catalogue.rows(name)]
            for name in ("anna", "ben")
        }
        return [*catalogue], rows, catalogue.damaged

    return listed


@pytest.fixture
def rebuilt(listed):
    """What the catalogue says when it is made from the files alone."""

    def rebuilt(store: Store):
        bare = store.path.with_name("bare")
        shutil.copytree(store.path, bare, ignore=shutil.ignore_patterns(".cache"))
        try:
            return listed(Store.open(bare))
        finally:
            shutil.rmtree(bare)

    return rebuilt


def test_a_row_tells_what_a_list_shows(store, add_spans):
    annotation_set = add_spans(store.load_set("Zwei/2", "anna"), 5)
    annotation_set.apply(Decision(6, 6, Verb.FINISH, "anna", "2026-11-22T15:00:00Z", uid="f"))
    store.save(SetSnapshot.of(annotation_set, undecided=2))
    row = store.catalogue.row("Zwei/2", "anna")
    assert row.title.startswith("Ada Lovelace wrote")
    assert row.words == 120
    assert (row.status, row.spans, row.notes, row.doubts) == (Status.DONE, 5, 1, 1)
    assert row.updated == "2026-11-22T15:00:00Z"
    assert store.catalogue.row("one", "anna")[3:] == (Status.TODO, 0, None, 0, 0, "")
    assert store.catalogue.counts("anna") == {
        Status.TODO: 1,
        Status.STARTED: 0,
        Status.DONE: 1,
        Status.SKIPPED: 0,
    }
    assert store.catalogue.counts("ben")[Status.TODO] == 2
    with pytest.raises(KeyError):
        store.catalogue.row("nine", "anna")


def test_undecided_is_kept_between_sessions_and_unknown_without_the_cache(store, add_spans):
    store.catalogue  # noqa: B018  # loaded, so that it is kept up
    annotation_set = add_spans(store.load_set("one", "anna"))
    store.save(SetSnapshot.of(annotation_set, undecided=3))
    store.save(SetSnapshot.of(add_spans(annotation_set)))
    assert store.catalogue.row("one", "anna").undecided == 3
    assert Store.open(store.path).catalogue.row("one", "anna").undecided == 3
    shutil.rmtree(store.path / ".cache")
    assert Store.open(store.path).catalogue.row("one", "anna").undecided is None


def test_the_order_of_import_survives_a_rebuild_and_a_clock_that_goes_back(store, monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: 0)
    for number in range(20):
        store.add_document(new_document(f"text {number}", id=f"d{number}"))
    shutil.rmtree(store.path / ".cache")
    again = Store.open(store.path)
    assert again.catalogue.ids == ["one", "Zwei/2", *(f"d{number}" for number in range(20))]
    again.add_document(new_document("last", id="last"))
    assert Store.open(store.path).catalogue.ids[-1] == "last"


def test_nothing_is_read_again_when_nothing_changed(store, add_spans, scanned):
    store.catalogue  # noqa: B018
    annotation_set = store.load_set("one", "anna")
    for _ in range(5):
        store.save(SetSnapshot.of(add_spans(annotation_set)))
    scanned.clear()
    assert Store.open(store.path).catalogue.row("one", "anna").spans == 5  # by the log
    store.close()
    assert Store.open(store.path).catalogue.row("one", "anna").spans == 5  # by the whole
    assert scanned == []


def test_only_the_folder_that_changed_is_read_again(store, add_spans, scanned):
    store.add_documents(new_document(f"text {number}", id=f"d{number}") for number in range(30))
    store.save(SetSnapshot.of(add_spans(store.load_set("one", "anna"))))
    store.close()
    other = Store.open(store.path)
    scanned.clear()
    other.save(SetSnapshot.of(add_spans(other.load_set("one", "anna"))))
    assert Store.open(store.path).catalogue.row("one", "anna").spans == 2
    assert scanned == [next((store.path / "annotations").glob("anna/*")).relative_to(store.path).as_posix()]


def test_what_somebody_else_saved_in_between_is_not_covered_by_an_own_save(store, add_spans):
    # Two documents whose sets stand in the same folder.
    ids = [f"d{number}" for number in range(5000)]
    first = ids[0]
    second = next(id for id in ids[1:] if scan.shard(id) == scan.shard(first))
    for id in (first, second):
        store.add_document(new_document("text " * 40, id=id))
        store.save(SetSnapshot.of(add_spans(store.load_set(id, "anna"))))
    store.close()
    mine, theirs = Store.open(store.path), Store.open(store.path)
    assert len(mine.catalogue) == 4
    theirs.save(SetSnapshot.of(add_spans(theirs.load_set(second, "anna"), 2)))
    mine.save(SetSnapshot.of(add_spans(mine.load_set(first, "anna"), 3)))
    for closing in (False, True):
        if closing:
            mine.close()
        catalogue = Store.open(store.path).catalogue
        assert (catalogue.row(first, "anna").spans, catalogue.row(second, "anna").spans) == (4, 3)


def test_removed_files_leave_the_catalogue(store, add_spans):
    store.save(SetSnapshot.of(add_spans(store.load_set("one", "anna"))))
    store.close()
    shutil.rmtree(store.path / "annotations" / "anna")
    next((store.path / "documents").rglob("one.json")).unlink()
    catalogue = Store.open(store.path).catalogue
    assert catalogue.ids == ["Zwei/2"]
    assert catalogue.sets("anna") == {}


def test_a_damaged_file_is_told_and_counted_nowhere(store, add_spans):
    for document in ("one", "Zwei/2"):
        store.save(SetSnapshot.of(add_spans(store.load_set(document, "anna"))))
    path = next((store.path / "annotations").rglob("one.json"))
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:-9])
    for _ in range(2):
        catalogue = Store.open(store.path).catalogue
        assert list(catalogue.damaged) == [path.relative_to(store.path).as_posix()]
        assert "not JSON" in next(iter(catalogue.damaged.values()))
        assert catalogue.sets("anna").keys() == {"Zwei/2"}
    path.unlink()
    path.write_bytes(data)
    assert Store.open(store.path).catalogue.damaged == {}


def test_a_copied_document_is_told_as_damage(store):
    path = next((store.path / "documents").rglob("one.json"))
    shutil.copy(path, path.with_name("two.json"))
    catalogue = Store.open(store.path).catalogue
    assert list(catalogue.damaged) == [path.with_name("two.json").relative_to(store.path).as_posix()]
    assert catalogue.ids == ["one", "Zwei/2"]


@pytest.mark.parametrize("number", [0, 1], ids=["catalogue", "log"])
def test_any_damage_to_its_own_files_is_healed(store, add_spans, listed, rebuilt, number):
    store.catalogue  # noqa: B018
    store.close()
    for name in ("anna", "ben"):
        store.save(SetSnapshot.of(add_spans(store.load_set("one", name), 2)))
    cache = store.path / ".cache"
    whole = {path.name: path.read_bytes() for path in cache.glob("catalogue*")}
    assert whole.keys() == {path.name for path in catalogue_files(Files(store.path))}
    file = catalogue_files(Files(store.path))[number].name
    truth = rebuilt(store)
    data = whole[file]
    for offset in range(0, len(data), 7):
        for damaged in (data[:offset], data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :]):
            for name, content in whole.items():
                (cache / name).write_bytes(content)
            (cache / file).write_bytes(damaged)
            assert listed(store) == truth


def test_another_version_of_it_is_made_again(store, listed):
    truth = listed(store)
    path = catalogue_files(Files(store.path))[0]
    head = bytes(unseal_before(path.read_bytes())).partition(b"\n")[0]
    other = json.dumps({**json.loads(head), "version": 0}).encode()
    path.write_bytes(b"".join(sealed_behind([other, b"\n"])))
    assert listed(store) == truth


def test_where_it_cannot_be_kept_there_is_still_one(store):
    shutil.rmtree(store.path / ".cache", ignore_errors=True)
    (store.path / ".cache").write_text("in the way")
    assert Store.open(store.path).catalogue.ids == ["one", "Zwei/2"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["save", "save", "save", "add", "close", "reopen", "elsewhere", "drop log"]),
            st.sampled_from(["one", "Zwei/2"]),
            st.sampled_from(["anna", "ben"]),
        ),
        max_size=12,
    )
)
def test_whatever_happens_it_says_what_the_files_say(store, add_spans, listed, rebuilt, steps):
    current = Store.open(store.path)
    for step, document, annotator in steps:
        if step == "save":
            current.save(SetSnapshot.of(add_spans(current.load_set(document, annotator))))
        elif step == "add":
            current.add_document(new_document(f"text {len(current.catalogue)}"))
        elif step == "close":
            current.close()
        elif step == "reopen":
            current = Store.open(store.path)
            assert len(current.catalogue) >= 2
        elif step == "elsewhere":
            other = Store.open(store.path)
            other.save(SetSnapshot.of(add_spans(other.load_set(document, annotator))))
        else:
            catalogue_files(Files(store.path))[1].unlink(missing_ok=True)
    truth = rebuilt(store)
    assert listed(store) == truth
    assert listed(store) == truth


def test_closing_writes_the_whole_only_where_the_log_does_not_do(store, add_spans, disk, monkeypatch):
    path = catalogue_files(Files(store.path))[0]
    len(store.catalogue)
    annotation_set = store.load_set("one", "anna")
    store.save(SetSnapshot.of(add_spans(annotation_set)))
    before = path.read_bytes()
    store.close()
    assert path.read_bytes() == before
    monkeypatch.setattr(scan, "_LONG_LOG", 1)
    store.save(SetSnapshot.of(add_spans(annotation_set)))
    store.close()
    assert path.read_bytes() != before
    before = path.read_bytes()
    disk.fail_from_now()
    store.save(SetSnapshot.of(add_spans(annotation_set)))
    disk.fail_from_now(disk.calls.index("open_end"))
    store.save(SetSnapshot.of(add_spans(annotation_set)))
    disk.fail_from_now()
    monkeypatch.setattr(scan, "_LONG_LOG", 9)
    store.close()
    assert path.read_bytes() != before
    assert Store.open(store.path).catalogue.row("one", "anna").spans == 4


def test_the_statuses_are_those_of_the_rows_and_are_kept_up(store, add_spans):
    assert store.catalogue.statuses("anna") == {}
    annotation_set = store.load_set("one", "anna")
    store.save(SetSnapshot.of(add_spans(annotation_set)))
    first = store.catalogue.statuses("anna")
    assert first == {"one": Status.STARTED}
    annotation_set.apply(Decision(2, 2, Verb.FINISH, "anna", "2026-11-22T15:00:00Z", uid="f"))
    store.save(SetSnapshot.of(annotation_set))
    assert first == {"one": Status.STARTED}
    for catalogue in (store.catalogue, Store.open(store.path).catalogue):
        assert catalogue.statuses("anna") == {"one": Status.DONE}
        assert catalogue.statuses("ben") == {}
    store.catalogue.drop_sets("anna", {"one"})
    assert store.catalogue.statuses("anna") == {}


def test_sets_stand_by_the_place_of_their_document_also_when_places_change():
    catalogue = Catalogue()
    catalogue.put_documents([DocumentEntry(10 * n, f"d{n}", "", 1) for n in (1, 3)])
    entries = {
        name: SetEntry(status, n, None, 0, 0, "")
        for n, (name, status) in enumerate(zip(["d1", "d3", "gone"], Status, strict=False))
    }
    for name, entry in entries.items():
        catalogue.put_set(name, "anna", entry)
    for change in (
        lambda each: None,
        lambda each: each.put_documents([DocumentEntry(20, "d2", "", 1)]),
        lambda each: each.drop_documents({"d1"}),
    ):
        catalogue = _reloaded(catalogue)
        change(catalogue)
        assert catalogue.sets("anna") == entries
        assert _reloaded(catalogue).sets("anna") == entries
    assert catalogue.ids == ["d2", "d3"]


def _reloaded(catalogue):
    head, columns = catalogue.dump()
    return Catalogue.load(head, [memoryview(column) for column in columns])


def test_the_catalogue_of_another_machine_is_not_read(store, listed, tmp_path, monkeypatch):
    """Whoever sends a store cannot know what the catalogue of the one who opens it is called."""
    truth = listed(store)
    theirs = catalogue_files(Files(store.path))[0]
    theirs.write_bytes(b"".join(sealed_behind([b"[]\n"])))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    assert catalogue_files(Files(store.path))[0] != theirs
    assert listed(store) == truth


def test_without_a_place_for_the_secret_it_is_made_each_time(store, listed, tmp_path, monkeypatch):
    truth = listed(store)
    shutil.rmtree(store.path / ".cache")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert listed(store) == truth
    assert not list((store.path / ".cache").glob("catalogue*"))
