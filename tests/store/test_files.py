"""Files are replaced whole or not at all, and whoever wrote one is told the truth."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
from itertools import count
from pathlib import Path

import pytest

from annotator.errors import SaveError, StoreError
from annotator.store.files import STALE_AFTER, Files
from annotator.store.layout import TEMPORARY


@pytest.fixture
def files(tmp_path, disk):
    return Files(tmp_path, disk=disk)


def _calls_of(write, disk) -> list[str]:
    disk.fail_from_now()
    write()
    return list(disk.calls)


def test_a_first_write_syncs_the_file_before_the_rename_and_every_new_name_after(files, disk, tmp_path):
    calls = _calls_of(lambda: files.write(tmp_path / "a" / "b" / "c.json", b"new"), disk)
    assert calls.index("sync", calls.index("write")) < calls.index("replace")
    assert calls[calls.index("replace") + 1 :] == ["open_folder", "sync", "close"]
    assert calls.count("sync") == 4  # the root, for a; a, for b; the file; b, for the file


def test_a_later_write_syncs_the_file_and_its_folder_alone(files, disk, tmp_path):
    files.write(tmp_path / "a" / "c.json", b"old")
    calls = _calls_of(lambda: files.write(tmp_path / "a" / "c.json", b"new"), disk)
    assert calls == ["open_new", "write", "sync", "close", "replace", "open_folder", "sync", "close"]
    assert (tmp_path / "a" / "c.json").read_bytes() == b"new"


def test_short_writes_are_continued(files, disk, tmp_path):
    disk.piece = 3
    files.write(tmp_path / "c.json", b"0123456789")
    assert (tmp_path / "c.json").read_bytes() == b"0123456789"


@pytest.mark.parametrize(
    "error", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO]
)
def test_a_call_that_fails_leaves_the_old_file_or_the_new_one_and_no_other(files, disk, tmp_path, error):
    path = tmp_path / "a" / "c.json"
    files.write(path, b"old")
    calls = _calls_of(lambda: files.write(path, b"old"), disk)
    for number, name in enumerate(calls):
        files.write(path, b"old")
        disk.fail_from_now(number, error=error)
        with pytest.raises(SaveError) as told:
            files.write(path, b"new")
        assert str(path) in told.value.message
        assert told.value.hint
        assert path.read_bytes() == (b"old" if number <= calls.index("replace") else b"new"), name
        assert not list((tmp_path / TEMPORARY).iterdir()), name
        disk.fail_from_now()
        files.write(path, b"newer")
        assert path.read_bytes() == b"newer"


def test_after_a_failure_folders_are_synced_again(files, disk, tmp_path):
    path = tmp_path / "a" / "c.json"
    first = _calls_of(lambda: files.write(path, b"old"), disk)
    disk.fail_from_now(2)
    with pytest.raises(SaveError):
        files.write(path, b"new")
    again = _calls_of(lambda: files.write(path, b"new"), disk)
    assert again.count("sync") == first.count("sync")


def test_a_failed_sync_is_never_tried_again_on_the_same_descriptor(files, disk, tmp_path, monkeypatch):
    path = tmp_path / "c.json"
    synced: list[str] = []
    sync = type(disk).sync

    def noted(self, descriptor):
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(self, descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("tells descriptors apart by /proc")
    monkeypatch.setattr(type(disk), "sync", noted)
    files.write(path, b"old")
    disk.fail_from_now(2)
    with pytest.raises(SaveError):
        files.write(path, b"new")
    files.write(path, b"new")
    aside = [name for name in synced if TEMPORARY in name]
    assert len(aside) == len(set(aside)) == 3


def test_a_filesystem_that_cannot_sync_folders_is_borne(files, disk, tmp_path):
    files.write(tmp_path / "c.json", b"old")
    disk.fail_from_now(6, error=errno.EINVAL)
    files.write(tmp_path / "c.json", b"new")
    assert disk.calls[6] == "sync"
    assert (tmp_path / "c.json").read_bytes() == b"new"


def test_many_writes_sync_each_folder_once_at_the_end(files, disk, tmp_path):
    disk.fail_from_now()
    later: set[Path] = set()
    for number in range(30):
        files.write(tmp_path / "a" / f"{number % 3}" / f"{number}.json", b"x", later=later)
    assert disk.calls.count("sync") == 30
    files.settle(later)
    assert disk.calls.count("sync") == 30 + 5  # the root, a, and the three in it


def test_settling_that_fails_says_so(files, disk, tmp_path):
    later: set[Path] = set()
    files.write(tmp_path / "a" / "c.json", b"x", later=later)
    disk.fail_from_now(1)
    with pytest.raises(SaveError):
        files.settle(later)


def test_sweeping_removes_what_was_left_and_spares_what_is_under_way(files, tmp_path):
    files.write(tmp_path / "c.json", b"x")
    left, under_way = tmp_path / TEMPORARY / "left", tmp_path / TEMPORARY / "under-way"
    left.touch()
    under_way.touch()
    past = time.time() - STALE_AFTER - 1
    os.utime(left, (past, past))
    files.sweep()
    assert not left.exists()
    assert under_way.exists()


def test_a_save_whose_temporary_file_was_swept_away_fails_and_keeps_the_old_file(
    files, disk, tmp_path, monkeypatch
):
    path = tmp_path / "c.json"
    files.write(path, b"old")
    monkeypatch.setattr(
        type(disk),
        "sync",
        lambda self, descriptor: [each.unlink() for each in (tmp_path / TEMPORARY).iterdir()],
    )
    with pytest.raises(SaveError):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_failed_read_is_no_missing_file(files, disk, tmp_path):
    files.write(tmp_path / "c.json", b"x")
    assert files.read(tmp_path / "d.json") is None
    disk.fail_from_now(0)
    with pytest.raises(StoreError, match=r"c\.json cannot be read"):
        files.read(tmp_path / "c.json")


def test_disposable_files_are_whole_and_fail_in_silence(files, disk, tmp_path):
    path = tmp_path / "cache" / "x"
    assert files.write_disposable(path, [b"o", b"ld"])
    calls = _calls_of(lambda: files.write_disposable(path, [b"o", b"ld"]), disk)
    assert "sync" not in calls
    for number, name in enumerate(calls):
        disk.fail_from_now(number)
        written = files.write_disposable(path, [b"n", b"ew"])
        assert path.read_bytes() == (b"new" if written else b"old"), name
        disk.fail_from_now()
        files.write_disposable(path, [b"o", b"ld"])
    assert not files.write_disposable(tmp_path / "cache" / "x" / "y", [b"under a file"])


def test_appending_what_is_disposable(files, disk, tmp_path):
    assert files.append_disposable(tmp_path / "log", b"one\n")
    disk.fail_from_now(1)
    assert not files.append_disposable(tmp_path / "log", b"two\n")
    assert files.append_disposable(tmp_path / "log", b"three\n")
    assert (tmp_path / "log").read_bytes() == b"one\nthree\n"


def test_of_many_that_create_one_name_one_gets_it(tmp_path):
    """Each content stands whole under the name that its writer was given, and none is overwritten."""
    files = Files(tmp_path)
    start = threading.Barrier(8)
    names: dict[int, list[str]] = {}

    def create(writer: int) -> None:
        start.wait()
        names[writer] = [
            next(
                f"n{number}"
                for number in count()
                if files.create(tmp_path / "folder" / f"n{number}", b"%d-%d" % (writer, turn))
            )
            for turn in range(10)
        ]

    threads = [threading.Thread(target=create, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(map(len, names.values())) == 80
    for writer, created in names.items():
        for turn, name in enumerate(created):
            assert (tmp_path / "folder" / name).read_bytes() == b"%d-%d" % (writer, turn)
    assert list((tmp_path / ".tmp").iterdir()) == []


def test_a_name_is_taken_without_second_names_too(tmp_path, disk, monkeypatch):
    files = Files(tmp_path, disk=disk)

    def link(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(disk, "link", link)
    assert files.create(tmp_path / "x", b"one")
    assert not files.create(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"one"
    assert list((tmp_path / ".tmp").iterdir()) == []


@pytest.mark.parametrize("number", range(14))
def test_a_failing_call_creates_nothing_or_all(tmp_path, disk, number):
    files = Files(tmp_path, disk=disk)
    disk.fail_from_now(number)
    with contextlib.suppress(SaveError):
        files.create(tmp_path / "a" / "x", b"whole")
    place = tmp_path / "a" / "x"
    assert not place.exists() or place.read_bytes() == b"whole"


@pytest.mark.parametrize("put", ["write", "create"])
def test_a_file_is_synced_before_it_takes_its_place_and_its_folder_after(tmp_path, disk, put):
    files = Files(tmp_path, disk=disk)
    disk.calls.clear()
    getattr(files, put)(tmp_path / "x", b"whole")
    syncs = [index for index, call in enumerate(disk.calls) if call == "sync"]
    placed = next(index for index, call in enumerate(disk.calls) if call in ("replace", "link"))
    assert syncs[0] < placed < syncs[-1]
