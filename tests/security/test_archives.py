"""Archives that anybody may have packed, given to `backup --restore` and to `merge`."""

from __future__ import annotations

import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import textwrap
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.errors import InputError, SaveError, StoreError
from annotator.store.archives import LARGEST_FILE, Limits, opened_archive
from annotator.store.backups import back_up, backups, write_backup
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.layout import document_path
from annotator.store.repository import Store
from annotator.store.restore import restore
from tests.security.conftest import Home

ONE = document_path("one")
BOTH = [("backup", "--restore", "{archive}", "new"), ("merge", "{archive}", "--store", "mine")]
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


@pytest.fixture
def archive(home: Home) -> Path:
    """A backup of the store."""
    path = home.folder / "backup.zip"
    write_backup(Files(home.store), path)
    mine = Store.create(home.folder / "mine", label_set=Store.open(home.store).info.label_set)
    mine.close()
    return path


def repacked(archive: Path, change: Callable[[zipfile.ZipInfo, bytes, zipfile.ZipFile], None]) -> None:
    """Pack an archive anew, each member by `change`."""
    with zipfile.ZipFile(archive) as old:
        members = [(member, old.read(member)) for member in old.infolist()]
    with zipfile.ZipFile(archive, "w") as new:
        for member, data in members:
            change(member, data, new)


def with_more(archive: Path, name: str, data: bytes = b"x", *, attributes: int = 0o644 << 16) -> None:
    """Put another member into an archive, whatever it is called."""
    member = zipfile.ZipInfo(name)
    member.external_attr = attributes
    with warnings.catch_warnings(), zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as more:
        warnings.simplefilter("ignore", UserWarning)  # of names that are there already
        more.writestr(member, data)


def patched(archive: Path, name: str, offset: int, value: bytes, *, central: int) -> None:
    """Change a field of a member in both of its headers: at `offset` in the local, at `central` in the central one."""
    data = bytearray(archive.read_bytes())
    for magic, place, at in ((LOCAL, 30, offset), (CENTRAL, 46, central)):
        begin = -1
        while (begin := data.find(magic, begin + 1)) >= 0:
            if data[begin + place :].startswith(name.encode()):
                data[begin + at : begin + at + len(value)] = value
                break
        else:
            raise AssertionError(name)
    archive.write_bytes(data)


def encrypted(archive: Path) -> None:
    patched(archive, ONE, 6, struct.pack("<H", 1), central=8)


def of_another_method(archive: Path) -> None:
    patched(archive, ONE, 8, struct.pack("<H", 98), central=10)


def packed_by(method: int) -> Callable[[Path], None]:
    def change(archive: Path) -> None:
        repacked(archive, lambda member, data, new: new.writestr(member.filename, data, method))

    return change


def cut(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-200])


def spoilt(archive: Path) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data.replace(b"Ada met Bob", b"Eve met Bob", 1))


def another_method_is_said(archive: Path) -> None:
    """LZMA, whose data is none."""
    patched(archive, ONE, 8, struct.pack("<H", zipfile.ZIP_LZMA), central=10)


SPOILT = {
    "encrypted": (encrypted, "is encrypted"),
    "unknown method": (of_another_method, "number 98"),
    "LZMA": (packed_by(zipfile.ZIP_LZMA), "packed by LZMA"),
    "bzip2": (packed_by(zipfile.ZIP_BZIP2), "packed by bzip2"),
    "said to be LZMA": (another_method_is_said, "packed by LZMA"),
    "cut": (cut, "ZIP archive"),
    "spoilt": (spoilt, "Bad CRC"),
    "duplicate": (lambda archive: with_more(archive, "store.json", b"{}"), "twice"),
    "link": (
        lambda archive: repacked(archive, lambda member, data, new: new.writestr(_as_link(member), data)),
        "is a link",
    ),
}


def _as_link(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    if member.filename == ONE:
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


@pytest.mark.parametrize("words", BOTH, ids=["restore", "merge"])
@pytest.mark.parametrize("kind", SPOILT)
def test_a_broken_archive_is_told_and_nothing_is_left(
    home: Home, archive: Path, capsys: pytest.CaptureFixture[str], kind: str, words: tuple[str, ...]
) -> None:
    spoil, reason = SPOILT[kind]
    spoil(archive)
    before = sorted(home.folder.iterdir())
    code = run([word.format(archive=archive) for word in words])
    said = capsys.readouterr()
    assert code == 1
    assert reason in said.err + said.out
    assert sorted(home.folder.iterdir()) == before
    assert len(Store.open(home.folder / "mine").catalogue.ids) < 2, "not what is broken"


NAMES = {
    "../evil": "leads out",
    "documents/../../evil": "leads out",
    "./evil": "leads out",
    "a//evil": "leads out",
    "/evil": "root of the disk",
    "C:evil": "drive",
    "c:/evil": "drive",
    "..\\evil": "backslash",
    "documents\\evil": "backslash",
    "evil\x1b]0;x\x07": "control character",
    "evil\n": "control character",
    "Store.JSON": "cannot both be",
    "DOCUMENTS/3f": "cannot both be",
    "store.json/evil": "cannot both be",
    f"{ONE}/evil": "cannot both be",
}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_that_lead_elsewhere_are_not_unpacked(home: Home, archive: Path, name: str) -> None:
    if name == "DOCUMENTS/3f":
        name = ONE.upper()
        reason = "cannot both be"
    else:
        reason = NAMES[name]
    with_more(archive, name)
    before = sorted(home.folder.rglob("*"))
    with pytest.raises(InputError, match=reason):
        restore(archive, home.folder / "new")
    assert sorted(home.folder.rglob("*")) == before


def test_two_spellings_of_one_name_are_not_unpacked(home: Home, archive: Path) -> None:
    with_more(archive, "\u00e9.txt")
    with_more(archive, "e\u0301.txt")
    with pytest.raises(InputError, match="cannot both be"):
        restore(archive, home.folder / "new")


@pytest.mark.parametrize("name", [b"store.json\0.txt", b"\xff\xfe.json"])
def test_a_name_of_other_bytes_is_not_unpacked(home: Home, archive: Path, name: bytes) -> None:
    with_more(archive, "X" * len(name))
    data = archive.read_bytes()
    archive.write_bytes(data.replace(b"X" * len(name), name))
    with pytest.raises(InputError, match=r"control character|not said to be UTF-8"):
        restore(archive, home.folder / "new")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_nothing_but_files_is_unpacked(home: Home, archive: Path, kind: int) -> None:
    with_more(archive, "annotations/eve", b"../../private", attributes=(kind | 0o777) << 16)
    with pytest.raises(InputError, match=r"is a link|neither a file nor a folder"):
        restore(archive, home.folder / "new")
    assert not (home.folder / "new").exists()


def test_what_no_backup_holds_is_left_out_and_named(
    home: Home, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (".git/config", ".git/hooks/post-checkout", "documents/.envrc", "models/ada/code.py"):
        with_more(archive, name)
    assert run(["backup", "--restore", str(archive), "new"]) == 0
    said = capsys.readouterr().err
    assert said.count("left out") == 4
    assert "documents/.envrc" in said
    assert sorted(path.name for path in Path("new").iterdir()) == [
        ".gitignore",
        "annotations",
        "documents",
        "store.json",
    ]


def test_permissions_in_an_archive_are_not_taken(home: Home, archive: Path) -> None:
    with_more(archive, "program", attributes=0o4777 << 16)
    old = os.umask(0o077)
    try:
        restore(archive, home.folder / "new")
    finally:
        os.umask(old)
    assert stat.S_IMODE((home.folder / "new" / "program").stat().st_mode) == 0o600
    assert stat.S_IMODE((home.folder / "new").stat().st_mode) == 0o700


def bomb(archive: Path, *, members: int = 10, size: int = 200 << 20) -> None:
    """Members of blanks: two megabytes that unpack to two thousand."""
    blanks = b" " * (1 << 20)
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as more:
        for number in range(members):
            with more.open(f"annotations/eve/{number:02x}/bomb.json", "w") as file:
                for _ in range(size >> 20):
                    file.write(blanks)


@pytest.mark.parametrize("words", BOTH, ids=["restore", "merge"])
def test_a_bomb_is_refused_before_anything_is_unpacked(
    home: Home, archive: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    bomb(archive, members=1)
    tracemalloc.start()
    code = run([word.format(archive=archive) for word in words])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code == 1
    said = capsys.readouterr().err
    assert "unpacks to 201 MiB from 1 MiB" in said
    assert "--any-size" in said
    assert peak < 100 << 20
    assert not (home.folder / "new").exists()


def test_a_person_may_have_any_size_unpacked(home: Home, archive: Path) -> None:
    bomb(archive, members=1, size=20 << 20)
    with pytest.raises(InputError, match="unpacks to 21 MiB") as refused:
        restore(archive, home.folder / "new", limits=Limits())
    assert "--any-size" in refused.value.hint
    assert run(["backup", "--restore", str(archive), "new", "--any-size"]) == 1, "the blanks are no set"
    assert (home.folder / "new/annotations/eve/00/bomb.json").stat().st_size == 20 << 20


@pytest.mark.parametrize(
    ("limits", "reason"), [(Limits(size=100), "more than 1 MiB"), (Limits(files=3), "files, more than 3")]
)
def test_size_and_count_are_limited(home: Home, archive: Path, limits: Limits, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        restore(archive, home.folder / "new", limits=limits)
    assert restore(archive, home.folder / "new", limits=None).files > 3


def test_one_file_is_never_larger_than_any_of_a_store(home: Home, archive: Path) -> None:
    patched(archive, ONE, 22, struct.pack("<L", LARGEST_FILE + 1), central=24)
    with pytest.raises(InputError, match="larger than any file"):
        restore(archive, home.folder / "new", limits=None)


def test_files_that_overlap_in_an_archive_are_refused(home: Home, archive: Path) -> None:
    """Thousands of names for the same bytes, as in the bombs that need no nesting."""
    size = archive.stat().st_size
    patched(archive, ONE, 18, struct.pack("<L", size), central=20)
    with pytest.raises(InputError, match="overlap"):
        restore(archive, home.folder / "new")


def test_a_file_that_lies_about_its_size_is_not_unpacked_beyond_it(home: Home, archive: Path) -> None:
    with_more(archive, "annotations/eve/00/x.json", b" " * 5_000_000)
    patched(archive, "annotations/eve/00/x.json", 22, struct.pack("<L", 10), central=24)
    with opened_archive(archive, limits=Limits()) as opened, pytest.raises(StoreError, match="Bad CRC"):
        opened.read("annotations/eve/00/x.json")


def test_a_pipe_or_folder_is_no_archive(home: Home) -> None:
    os.mkfifo(home.folder / "pipe.zip")
    for path in (home.folder / "pipe.zip", home.private):
        with pytest.raises(InputError, match="is not a file"):
            restore(path, home.folder / "new")


def test_what_was_damaged_in_the_backup_is_told(
    home: Home, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A backup that a repair made before it began holds the damage, and must come back all the same."""
    repacked(
        archive,
        lambda member, data, new: new.writestr(
            member.filename, data.replace(b"Ada met", b"Eve met") if member.filename == ONE else data
        ),
    )
    assert run(["backup", "--restore", str(archive), "new"]) == 1
    assert "the backup holds damage (1 file)" in capsys.readouterr().err
    assert len(list(check(Files(home.folder / "new")))) == 1


def test_an_empty_folder_is_filled_and_stays_the_same_one(home: Home, archive: Path) -> None:
    folder = home.folder / "empty"
    folder.mkdir()
    number = folder.stat().st_ino
    restore(archive, folder)
    assert folder.stat().st_ino == number
    assert list(check(Files(folder))) == []
    assert sorted(path.name for path in folder.iterdir()) == [
        ".gitignore",
        "annotations",
        "documents",
        "store.json",
    ]


def test_a_full_disk_leaves_nothing(home: Home, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from annotator.store.files import Disk

    def write(self: Disk, descriptor: int, data: memoryview) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Disk, "write", write)
    before = sorted(home.folder.iterdir())
    with pytest.raises(SaveError, match="the disk is full"):
        restore(archive, home.folder / "new")
    assert sorted(home.folder.iterdir()) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from annotator.store.files import Disk
from annotator.store.restore import restore

left, replace = int(sys.argv[3]), Disk.replace

def dying(self, source, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(self, source, target)

Disk.replace = dying
restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("is_new", [True, False], ids=["new folder", "empty folder"])
def test_a_kill_at_any_rename_leaves_no_half_store(home: Home, archive: Path, is_new: bool) -> None:
    for number in range(40):
        target = home.folder / f"target-{number}"
        if not is_new:
            target.mkdir()
        words = [sys.executable, "-c", textwrap.dedent(KILLED), str(archive), str(target), str(number)]
        code = subprocess.run(words, check=False, timeout=60).returncode
        is_store = (target / "store.json").exists()
        assert is_store == (code == 0)
        if is_store:
            assert list(check(Files(target))) == []
            return
        shutil.rmtree(target, ignore_errors=True)
        assert run(["log", "--store", str(home.store)]) == 0, "the store that it came from"
    raise AssertionError("it never ended")


@pytest.mark.parametrize(
    "name",
    ["20269901T000000Z-daily.zip", "99991231T235959Z-daily.zip", "00000101T000000Z-daily.zip"],
)
def test_a_backups_name_may_say_anything(home: Home, name: str) -> None:
    files = Files(home.store)
    (home.store / "backups").mkdir()
    (home.store / "backups" / name).write_bytes(b"")
    assert backups(files) == []
    assert back_up(files, reason="manual", kept=1) in backups(files)


def test_a_backup_that_is_a_link_is_none(home: Home) -> None:
    folder = home.store / "backups"
    folder.mkdir()
    (folder / "20260101T000000Z-daily.zip").symlink_to("/dev/zero")
    assert backups(Files(home.store)) == []


def test_a_repair_trusts_no_backup(home: Home, archive: Path) -> None:
    """The backups of a store are as much a stranger's as the rest of it."""
    folder = home.store / "backups"
    folder.mkdir()
    bomb(archive, members=1, size=300 << 20)
    archive.rename(folder / "20260101T000000Z-daily.zip")
    (folder / "20260102T000000Z-daily.zip").write_bytes(b"PK\x05\x06" + b"\xff" * 18)
    (home.store / ONE).write_bytes(b"{")
    tracemalloc.start()
    assert run(["check", "--repair", "--store", str(home.store)]) == 0
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 << 20


@pytest.mark.slow
@pytest.mark.parametrize("words", BOTH, ids=["restore", "merge"])
def test_no_mutated_archive_makes_a_traceback(
    home: Home, archive: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    whole = archive.read_bytes()
    chance = random.Random(1)
    directory = whole.index(CENTRAL)
    codes = []
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            begin = directory if chance.random() < 0.7 else 0
            data[chance.randrange(begin, len(data))] = chance.choice(
                (0, 1, 0x7F, 0xFF, chance.randrange(256))
            )
        archive.write_bytes(data)
        codes.append(run([word.format(archive=archive) for word in words]))
        assert "Traceback" not in capsys.readouterr().err
        for name in ("new", "mine"):
            shutil.rmtree(home.folder / name, ignore_errors=True)
        Store.create(home.folder / "mine", label_set=Store.open(home.store).info.label_set).close()
    assert set(codes) <= {0, 1}
    assert codes.count(1) > 100
