"""The daily backup is made in the background, holds nobody up, and tells when it fails."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from annotator.errors import StoreError
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.settings import Settings
from annotator.store import backups
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.workspace.transfer.daily_backup import DailyBackup


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("n", ["PER"]))
    store.add_document(new_document("Ada.", id="one"))
    return store


def _made(store: Store) -> list[str]:
    return [each.reason for each in backups.backups(Files(store.path))]


def _fail(error: StoreError) -> None:
    raise AssertionError(error)


def test_it_is_made_on_a_thread_of_its_own(store):
    backup = DailyBackup(store, kept=Settings().backups, on_failure=_fail, after=0)
    backup.start()
    backup.wait()
    assert _made(store) == ["daily"]
    again = DailyBackup(store, kept=7, on_failure=_fail, after=0)
    again.start()
    again.wait()
    assert _made(store) == ["daily"]


def test_none_is_made_where_none_is_kept_or_the_program_ends_first(store):
    off = DailyBackup(store, kept=0, on_failure=_fail, after=0)
    off.start()
    off.wait()
    early = DailyBackup(store, kept=7, on_failure=_fail, after=3600)
    early.start()
    early.close()
    assert _made(store) == []


def test_leaving_ends_one_that_is_being_made_and_nothing_of_it_is_left(store, monkeypatch):
    begun, going_on = threading.Event(), threading.Event()
    read = Files.read

    def slow(files: Files, path: Path) -> bytes | None:
        begun.set()
        going_on.wait(10)
        return read(files, path)

    monkeypatch.setattr(Files, "read", slow)
    backup = DailyBackup(store, kept=7, on_failure=_fail, after=0)
    backup.start()
    assert begun.wait(10)
    backup._stop.set()
    going_on.set()
    backup.close()
    assert list((store.path / "backups").iterdir()) == []


def test_a_failure_is_told(store):
    (store.path / "backups").write_text("in the way")
    told: list[StoreError] = []
    backup = DailyBackup(store, kept=7, on_failure=told.append, after=0)
    backup.start()
    backup.wait()
    [error] = told
    assert "backups" in error.message
