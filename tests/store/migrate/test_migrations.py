"""Stores of every version there was open and hold what they held; newer ones are read and never written."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest
from tinydb import TinyDB

from annotator.errors import SaveError, VersionError
from annotator.model.documents import new_document
from annotator.store import plans, records, repository, sets
from annotator.store.backups import backups
from annotator.store.check import check
from annotator.store.damage import Damage
from annotator.store.files import Files
from annotator.store.migrate import migrations
from annotator.store.migrate import store as migrating
from annotator.store.migrate.migrations import migrated
from annotator.store.repository import Store
from annotator.store.restore import restore
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps
from annotator.store.tables import encode_record, encode_tables
from tests.table_files import decode_tables

KEPT = Path(__file__).parents[1] / "versions"
VERSIONS = sorted(path.name for path in KEPT.iterdir() if path.is_dir() and path.name.startswith("v"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What `write.py` writes today."""
    spec = importlib.util.spec_from_file_location("versions_write", KEPT / "write.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.write(tmp_path_factory.mktemp("today") / "store")


def _copy(tmp_path: Path, name: str) -> Path:
    return shutil.copytree(KEPT / name, tmp_path / "store")


def _content(store: Store):
    """Everything in a store that is not a time or a random name."""
    step = Steps(store).last()
    return (
        store.info.label_set,
        store.info.model,
        [store.document(id) for id in store.catalogue.ids],
        [store.document(id).tokens for id in store.catalogue.ids],
        [store.imported_suggestions(id) for id in store.catalogue.ids],
        {
            (id, name): (
                store.load_set(id, name, gold=True).decisions,
                list(store.load_set(id, name, gold=True).spans),
                list(store.load_set(id, name, gold=True).rejections),
                store.load_set(id, name, gold=True).status,
                store.load_set(id, name, gold=True).effort,
            )
            for id in store.catalogue.ids
            for name in store.sets_of(id, gold=True)
        },
        (step.title, step.planned, step.left_out),
    )


def test_a_store_of_this_version_is_kept():
    assert f"v{records.SCHEMA_VERSION}" in VERSIONS


@pytest.mark.parametrize("name", VERSIONS)
def test_a_store_of_each_version_opens_with_all_it_held(tmp_path, written, name):
    path = _copy(tmp_path, name)
    store = Store.open(path)
    assert _content(store) == _content(written)
    assert list(check(Files(path))) == []
    assert store.is_read_only is None


@pytest.mark.parametrize("name", VERSIONS)
def test_stock_tinydb_opens_every_file(name):
    files = [*(KEPT / name).rglob("*.json")]
    assert len(files) == 6
    for path in files:
        with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
            assert stock.tables()
            for table in stock.tables():
                for row in stock.table(table):
                    assert row["uid"]
                    assert row["checksum"]
            first = next(iter(json.loads(path.read_text(encoding="utf-8"))))
            assert stock.table(first).get(doc_id=1)["schema_version"] == int(name[1:])


def _to_two(kind: str, tables):
    """The migration of a made-up second version: every document has a mood."""
    if kind == "document":
        [record] = tables["document"].values()
        tables["document"] = {"1": {**record, "title": record["title"].upper()}}
    return tables


@pytest.fixture
def at_two(monkeypatch):
    """This program as one of version 2."""
    for module in (records, repository, sets, plans, migrations):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(migrations, "MIGRATIONS", {1: _to_two})


def test_an_older_store_is_migrated_after_a_backup(tmp_path, at_two):
    path = _copy(tmp_path, "v1")
    before = {each.relative_to(path): each.read_bytes() for each in path.rglob("*.json")}
    store = Store.open(path)
    assert store.info.schema_version == 2
    assert store.document("Zwei/2").title == "ZWEITER TEXT."
    assert store.load_set("one", "anna").revision == 7
    assert list(check(Files(path))) == []
    [backup] = backups(Files(path))
    assert backup.reason == "before-migration"
    restore(backup.path, tmp_path / "old")
    assert {name: (tmp_path / "old" / name).read_bytes() for name in before} == before
    store.save(SetSnapshot.of(store.load_set("one", "anna")))
    Store.open(path)
    assert len(backups(Files(path))) == 1


def test_a_migration_that_is_broken_off_is_gone_on_with(tmp_path, at_two, monkeypatch):
    path = _copy(tmp_path, "v1")
    real, done = migrating._migrate_file, []

    def die(files, name):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(name)
        return real(files, name)

    monkeypatch.setattr(migrating, "_migrate_file", die)
    with pytest.raises(KeyboardInterrupt):
        Store.open(path)
    monkeypatch.setattr(migrating, "_migrate_file", real)
    store = Store.open(path)
    assert store.document("Zwei/2").title == "ZWEITER TEXT."
    assert list(check(Files(path))) == []


def test_an_older_file_that_comes_into_a_newer_store_is_read_as_the_newer_version_has_it(tmp_path, at_two):
    path = _copy(tmp_path, "v1")
    brought = {each: each.read_bytes() for each in (path / "documents").rglob("*.json")}
    brought |= {each: each.read_bytes() for each in (path / "annotations").rglob("*.json")}
    known = Store.open(path).load_set("one", "anna")
    for file, data in brought.items():
        file.write_bytes(data)
    store = Store.open(path)
    assert len(backups(Files(path))) == 1
    assert store.document("Zwei/2").title == "ZWEITER TEXT."
    assert {entry.title for entry in store.catalogue} >= {"ZWEITER TEXT."}
    loaded = store.load_set("one", "anna")
    assert loaded.decisions == known.decisions
    assert list(check(Files(path))) == []
    store.save(SetSnapshot.of(loaded))
    [saved] = [each for each in brought if "anna" in each.parts and b'"document": "one"' in each.read_bytes()]
    assert b'"schema_version": 2' in saved.read_bytes()


def test_migrations_are_chained_and_leave_newer_files_alone():
    chain = {
        1: lambda kind, tables: {**tables, "a": {}},
        2: lambda kind, tables: {**tables, "b": {}} if "a" in tables else tables,
    }
    at_one = {"store": {"1": {"schema_version": 1}}}
    assert migrated(at_one, migrations=chain, to=3) == {
        "store": {"1": {"schema_version": 3}},
        "a": {},
        "b": {},
    }
    newer = {"store": {"1": {"schema_version": 9}}}
    assert migrated(newer, migrations=chain, to=3) == {"store": {"1": {"schema_version": 9}}}


@pytest.fixture
def newer(tmp_path) -> Path:
    """A store of version 9, which has a field more in every record and a table more in every file."""
    path = _copy(tmp_path, "v1")
    for file in path.rglob("*.json"):
        tables = {
            name: {row.id: {**row.record, "mood": "glad"} for row in rows}
            for name, rows in decode_tables(file.read_bytes(), origin="x").items()
        }
        tables[next(iter(tables))][1]["schema_version"] = 9
        for decision in tables.get("decisions", {}).values():
            for value in ("before", "after", "suggestion"):
                if value in decision:
                    decision[value]["mood"] = "glad"
        tables["moods"] = {1: {"uid": "m"}}
        file.write_bytes(
            encode_tables(
                {
                    name: [encode_record(name, id, record) for id, record in rows.items()]
                    for name, rows in tables.items()
                }
            )
        )
    return path


def test_a_newer_store_can_be_read(newer, written):
    store = Store.open(newer)
    assert store.info.label_set == written.info.label_set
    assert store.load_set("one", "anna").decisions == written.load_set("one", "anna").decisions
    assert [store.document(id) for id in store.catalogue.ids] == [
        written.document(id) for id in written.catalogue.ids
    ]
    assert store.imported_suggestions("one") == written.imported_suggestions("one")
    assert store.catalogue.damaged == {}
    assert "newer annotator" in store.is_read_only


def test_a_newer_store_is_never_written(newer, files_of):
    store = Store.open(newer)
    before = files_of(store)
    with pytest.raises(VersionError, match="version 9; this program knows 1"):
        store.add_document(new_document("new", id="new"))
    with pytest.raises(VersionError):
        store.change_info(model="x")
    with pytest.raises(SaveError, match="version 9"):
        store.save(SetSnapshot.of(store.load_set("one", "anna")))
    findings = list(check(Files(newer)))
    assert {finding.damage for finding in findings} == {Damage.NEWER}
    assert files_of(Store.open(newer)) == before
