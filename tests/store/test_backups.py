"""A backup holds the whole store, was read back, and comes back as the same store."""

from __future__ import annotations

import os
import threading
import zipfile

import pytest

from annotator.errors import InputError, SaveError, StoreError
from annotator.store import backups as module
from annotator.store.backups import (
    DAILY,
    Stopped,
    back_up,
    back_up_daily,
    backups,
    daily_failure,
    fingerprint,
    write_backup,
)
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.restore import restore


@pytest.fixture
def files(store, disk) -> Files:
    store.close()
    return Files(store.path, disk=disk)


def test_a_backup_comes_back_as_the_same_store(store, files, files_of, tmp_path):
    (store.path / "quarantine").mkdir()
    (store.path / "quarantine" / "x.json").write_text("aside")
    made = back_up(files, reason="manual")
    assert restore(made.path, tmp_path / "again").files == 4
    again = Store.open(tmp_path / "again")
    assert again.info == store.info
    kept = {
        name: data for name, data in files_of(store).items() if not name.startswith(("backups", "quarantine"))
    }
    assert files_of(again) == kept
    assert list(check(Files(again.path))) == []
    with zipfile.ZipFile(made.path) as archive:
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}


def test_backups_are_listed_newest_first_and_none_replaces_another(files):
    made = [back_up(files, reason="manual") for _ in range(3)]
    assert [each.path for each in backups(files)] == [each.path for each in reversed(made)]
    assert len({each.path for each in made}) == 3
    (files.root / "backups" / "notes.zip").write_text("?")
    assert len(backups(files)) == 3


def test_only_so_many_of_a_kind_are_kept(files):
    kept = back_up(files, reason="manual")
    made = [back_up(files, reason="before-repair", kept=2) for _ in range(4)]
    assert {each.path for each in backups(files)} == {kept.path, made[2].path, made[3].path}


def _of_yesterday(backup) -> None:
    backup.path.rename(backup.path.with_name(f"20200101T000000Z-{DAILY}.zip"))


def test_the_daily_one_is_made_once_a_day_and_only_after_a_change(store, files, add_spans):
    first = back_up_daily(files)
    assert first is not None
    assert back_up_daily(files) is None
    _of_yesterday(first)
    assert back_up_daily(files) is None  # nothing was changed since
    store.change_info(model="other")
    second = back_up_daily(files)
    assert second is not None
    with zipfile.ZipFile(second.path) as archive:
        assert b"other" in archive.read("store.json")
    assert back_up_daily(files, kept=0) is None


def test_a_change_changes_the_fingerprint_and_a_backup_does_not(store, files):
    before = fingerprint(files)
    back_up(files, reason="manual")
    assert fingerprint(files) == before
    path = store.path / "store.json"
    os.utime(path, ns=(1, 1))
    assert fingerprint(files) != before


def test_an_archive_that_does_not_read_back_is_no_backup(files, monkeypatch):
    real = module._pack

    def spoil(*arguments):
        archive = arguments[1]
        count = real(*arguments)
        archive.fp.flush()
        os.pwrite(archive.fp.fileno(), b"\xff", 200)
        return count

    monkeypatch.setattr(module, "_pack", spoil)
    with pytest.raises(SaveError, match="does not read back"):
        back_up(files, reason="manual")
    assert list((files.root / "backups").iterdir()) == []


@pytest.mark.parametrize("number", range(0, 60, 2))
def test_a_failing_call_leaves_no_half_backup(files, disk, number):
    disk.fail_from_now(number)
    try:
        made = back_up(files, reason="manual")
    except StoreError:
        made = None
    disk.fail_from_now()
    left = list((files.root / "backups").glob("*")) if (files.root / "backups").exists() else []
    whole = [path for path in left if zipfile.ZipFile(path).testzip() is None]
    assert left == whole
    assert made is None or left == [made.path]


def test_it_stops_when_it_is_told_to(files):
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        back_up(files, reason="manual", stop=stop)
    assert not list((files.root / "backups").glob("*")) if (files.root / "backups").exists() else True


def test_what_cannot_be_restored_is_named(files, tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        restore(tmp_path / "none.zip", tmp_path / "new")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(InputError, match="no backup of a store"):
        restore(tmp_path / "other.zip", tmp_path / "new")
    made = back_up(files, reason="manual")
    with pytest.raises(InputError, match="not empty"):
        restore(made.path, files.root)
    data = bytearray(made.path.read_bytes())
    data[data.index(b"Hugo")] ^= 1
    made.path.write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        restore(made.path, tmp_path / "new")


def test_it_can_be_written_anywhere(files, tmp_path):
    write_backup(files, tmp_path / "new" / "folder" / "out.zip")
    assert restore(tmp_path / "new" / "folder" / "out.zip", tmp_path / "again").files == 4
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["out.zip"]


def test_models_that_can_be_taught_again_are_left_out(store, tmp_path):
    (store.path / "models" / "anna").mkdir(parents=True)
    (store.path / "models" / "anna" / "weights").write_bytes(b"much")
    write_backup(Files(store.path), tmp_path / "b.zip")
    assert not [name for name in zipfile.ZipFile(tmp_path / "b.zip").namelist() if "models" in name]
    assert "models/" in (store.path / ".gitignore").read_text().splitlines()


HARD_NAMES = [
    *(
        b"x\xff.txt",
        b"annotations/a\xfb/00/z.json",
        b"new\nline",
        b"back\\slash",
        b"C:drive",
        b"\x1b]0;x\x07",
    ),
    *(
        b"README",
        b"readme",
        b"Documents",
        b"x%FF.txt",
        "\u00e9".encode(),
        "e\u0301".encode(),
        b"ADA/x",
        b"ada/x",
    ),
]


@pytest.mark.skipif(os.name == "nt", reason="names are not bytes there")
def test_a_backup_takes_files_of_any_name_tells_of_them_and_comes_back(files, tmp_path):
    for number, name in enumerate(HARD_NAMES):
        path = files.root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % number)
    made = back_up(files, reason="manual")
    assert len(made.renamed) == 10
    again = restore(made.path, tmp_path / "again")
    contents = {path.read_bytes() for path in (tmp_path / "again").rglob("*") if path.is_file()}
    assert {b"%d" % number for number in range(len(HARD_NAMES))} <= contents
    assert again.files == 4 + len(HARD_NAMES)


def test_a_daily_backup_that_failed_is_remembered_until_one_is_made(files, disk, capsys):
    from annotator.cli.main import run

    words = ["check", "--store", str(files.root)]
    assert daily_failure(files) is None

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    sync = disk.sync
    disk.sync = fail
    with pytest.raises(SaveError, match="the disk is full"):
        back_up_daily(files)
    disk.sync = sync
    assert "the disk is full" in daily_failure(files)
    assert run(words) == 0
    assert "the last daily backup could not be made" in capsys.readouterr().err
    assert back_up_daily(files) is not None
    assert daily_failure(files) is None
    assert run(words) == 0
    assert "daily backup" not in capsys.readouterr().err
