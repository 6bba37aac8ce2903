"""Somebody else's store is found in folders and archives, and read without trusting them."""

from __future__ import annotations

import os
import random
import shutil
import zipfile
from pathlib import Path

import pytest

from annotator.errors import InputError, StoreError
from annotator.store import archives
from annotator.store.backups import write_backup
from annotator.store.files import Files
from annotator.store.layout import document_path
from annotator.store.merge import other_stores
from annotator.store.merge.other_stores import other_store

ONE = document_path("one")


def packed(target: Path, root: Path, *, below: str = "") -> Path:
    """An archive of a folder, its names below `below`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob("*")):
            archive.write(path, f"{below}{path.relative_to(root).as_posix()}")
    return target


@pytest.fixture
def places(store, tmp_path):
    """The same store in every place where one is found."""
    project = tmp_path / "project"
    shutil.copytree(store.path, project / "annotations")
    (project / "README.md").write_text("x")
    backup = tmp_path / "backup.zip"
    write_backup(Files(store.path), backup)
    return {
        "folder": store.path,
        "checkout": project,
        "backup": backup,
        "zip": packed(tmp_path / "zip.zip", store.path),
        "zip of a folder": packed(tmp_path / "below.zip", store.path, below="Ada's store/"),
        "zip of a checkout": packed(tmp_path / "project.zip", project, below="project/"),
    }


@pytest.mark.parametrize(
    "kind", ["folder", "checkout", "backup", "zip", "zip of a folder", "zip of a checkout"]
)
def test_a_store_is_found(store, places, kind):
    with other_store(places[kind]) as other:
        assert other.read("store.json") == (store.path / "store.json").read_bytes()
        assert other.read(ONE) == (store.path / ONE).read_bytes()
        assert other.read("documents/00/none.json") is None
        assert other.names("documents") == sorted(path.name for path in (store.path / "documents").iterdir())
        assert other.names(ONE.rpartition("/")[0]) == ["one.json"]
        assert other.names("annotations") == []
        assert other.names("documents/00") == []
        assert other.name


@pytest.mark.parametrize("kind", ["folder", "zip", "zip of a folder"])
def test_a_store_whose_own_file_is_gone_is_found_by_the_others(places, kind, tmp_path):
    folder = tmp_path / "less"
    if kind == "folder":
        shutil.copytree(places[kind], folder)
        (folder / "store.json").unlink()
    else:
        with zipfile.ZipFile(places[kind]) as archive:
            archive.extractall(tmp_path / "unpacked")
        [root] = (tmp_path / "unpacked").glob("**/store.json")
        root.unlink()
        folder = packed(tmp_path / "less.zip", tmp_path / "unpacked")
    with other_store(folder) as other:
        assert other.read("store.json") is None
        assert other.read(ONE)


def test_what_a_repair_has_put_aside_is_no_store(store, tmp_path):
    aside = store.path / "quarantine" / "20260101T000000Z"
    aside.mkdir(parents=True)
    shutil.copy(store.path / "store.json", aside)
    with other_store(packed(tmp_path / "a.zip", store.path, below="a/b/")) as other:
        assert other.read(ONE)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "no store in"),
        (lambda path: path.write_bytes(b"not a zip"), "neither a folder nor a ZIP"),
        (lambda path: path.write_bytes(b""), "neither a folder nor a ZIP"),
        (lambda path: zipfile.ZipFile(path, "w").close(), "no store in"),
    ],
    ids=["missing", "empty folder", "no archive", "empty file", "empty archive"],
)
def test_what_is_no_store_is_told(tmp_path, make, reason):
    path = tmp_path / "other"
    make(path)
    with pytest.raises(InputError, match=reason) as told, other_store(path):
        pass
    assert told.value.hint


def test_an_archive_of_two_stores_is_told(store, tmp_path):
    folder = tmp_path / "both"
    shutil.copytree(store.path, folder / "a")
    shutil.copytree(store.path, folder / "b")
    with (
        pytest.raises(InputError, match="several stores: a/, b/"),
        other_store(packed(tmp_path / "x.zip", folder)),
    ):
        pass


@pytest.mark.parametrize(
    "name", ["../../evil.json", "/etc/evil.json", "documents/../../evil.json", "a\\b.json"]
)
def test_names_that_lead_out_of_an_archive_lead_nowhere(store, tmp_path, name):
    path = packed(tmp_path / "x.zip", store.path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "{}")
    before = sorted(tmp_path.rglob("*"))
    with other_store(path) as other:
        folders = ["", "documents", "..", "/", "/etc", "../.."]
        assert not {"..", "", "evil.json"} & {name for folder in folders for name in other.names(folder)}
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_is_not_unpacked(store, tmp_path):
    path = packed(tmp_path / "x.zip", store.path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("annotations/eve/00/bomb.json", b" " * (20 << 20))
        archive.writestr("annotations/eve/00/noise.json", random.Random(1).randbytes(1 << 20))
    with other_store(path) as other, pytest.raises(StoreError, match="packed too tightly"):
        other.read("annotations/eve/00/bomb.json")


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_file_that_is_larger_than_any_is_not_read(store, tmp_path, monkeypatch, is_packed):
    monkeypatch.setattr(archives if is_packed else other_stores, "LARGEST_FILE", 50)
    path = packed(tmp_path / "x.zip", store.path) if is_packed else store.path
    with other_store(path) as other, pytest.raises(StoreError, match="larger than any"):
        other.read("store.json")


def test_a_damaged_member_is_told_and_the_others_are_read(store, tmp_path):
    path = tmp_path / "x.zip"
    write_backup(Files(store.path), path)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Hugo", b"Ugho", 1))
    with other_store(path) as other:
        with pytest.raises(StoreError, match="cannot be read from the archive"):
            other.read(ONE)
        assert other.read("store.json")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_a_folder_is_not_waited_for(store):
    place = store.path / "documents" / "00" / "pipe.json"
    place.parent.mkdir(exist_ok=True)
    os.mkfifo(place)
    with other_store(store.path) as other, pytest.raises(StoreError, match="neither a file nor a folder"):
        other.read("documents/00/pipe.json")
