"""A store from a stranger may hold links: none is followed, whatever command opens the store."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import LinkError, SaveError
from annotator.store.backups import backups
from annotator.store.check import check
from annotator.store.damage import Damage
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.trust import allow_link
from tests.security.conftest import Home

Command = Callable[..., tuple[int, str, str]]

FOLDERS = [
    *(".tmp", ".cache", ".cache/locks", "documents", "documents/3f", "annotations", "annotations/ada"),
    *(
        "annotations/gold",
        "assignments",
        "steps",
        "steps/pending",
        "backups",
        "quarantine",
        "models",
        "models/ada",
    ),
]
FILES = [
    *("store.json", "memory.json", "audit.json", "assignments/ada.json", ".cache/catalogue.json"),
    *(".cache/catalogue.log", ".cache/locks/ada.lock", "steps/one.json", "steps/pending/one.json"),
    *("documents/3f/one.json", "annotations/ada/3f/one.json"),
]
LINKS = [*((name, "") for name in FOLDERS), *((name, ".bashrc") for name in FILES)]
COMMANDS = [
    ("log",),
    ("stats",),
    ("check",),
    ("check", "--repair", "--yes"),
    ("backup",),
    ("memory",),
    ("audit",),
    ("agreement",),
    ("labels",),
    ("labels", "add", "NEW"),
    ("labels", "rename", "PER", "PERSON", "--yes"),
    ("assign", "--annotators", "ada,ben"),
    ("export", "out.jsonl", "--annotator", "ada"),
    ("import", "new.jsonl", "--annotator", "cleo"),
    ("remove", "one", "--yes"),
    ("merge", "other"),
]


@pytest.fixture
def material(home: Home) -> None:
    """What the commands read: a file to import, and a colleague's store."""
    row = {"text": "New in Rome.", "spans": [{"start": 7, "end": 11, "label": "LOC"}], "answer": "accept"}
    (home.folder / "new.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    other = Store.create(home.folder / "other", label_set=Store.open(home.store).info.label_set)
    other.close()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("place", "target"), LINKS, ids=[place for place, _ in LINKS])
def test_no_command_touches_what_a_link_leads_to(
    home: Home, material: None, command: Command, place: str, target: str, words: tuple[str, ...]
) -> None:
    before = home.content()
    home.link(place, home.private / target)
    code, _, said = command(*words)
    assert home.content() == before
    assert code in (0, 1, 2)
    assert "Traceback" not in said


@pytest.mark.parametrize(("place", "target"), LINKS, ids=[place for place, _ in LINKS])
def test_check_names_every_link(home: Home, place: str, target: str) -> None:
    home.link(place, home.private / target)
    found = list(check(Files(home.store)))
    assert [(finding.path, finding.damage) for finding in found] == [(place, Damage.LINK)]


def test_opening_removes_nothing_behind_a_link(home: Home) -> None:
    before = home.content()
    home.link(".tmp")
    Store.open(home.store).close()
    assert home.content() == before


def test_a_catalogue_log_that_is_a_link_is_not_written(home: Home) -> None:
    before = home.content()
    store = Store.open(home.store)
    assert store.catalogue.ids
    home.link(".cache/catalogue.log", home.private / ".bashrc")
    annotation_set = store.load_set("two", "ada")
    store.save(SetSnapshot.of(annotation_set))
    store.close()
    assert home.content() == before


@pytest.mark.parametrize("place", ["annotations", "annotations/ada", ".tmp"])
def test_a_save_through_a_link_is_refused_and_told(home: Home, place: str) -> None:
    store = Store.open(home.store)
    annotation_set = store.load_set("one", "ada")
    before = home.content()
    home.link(place)
    with pytest.raises((SaveError, LinkError), match="is a link"):
        store.save(SetSnapshot.of(annotation_set))
    assert home.content() == before


def test_a_backup_never_leaves_out_what_lies_behind_a_link(home: Home, command: Command) -> None:
    home.link("annotations/ada")
    code, _, said = command("backup")
    assert code == 1
    assert "is a link" in said
    assert backups(Files(home.store)) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("place", ["store.json", "documents/3f/pipe.json", "annotations/ada/3f/one.json"])
def test_a_pipe_in_a_store_is_never_waited_for(home: Home, command: Command, place: str) -> None:
    path = home.store / place
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    assert command("check")[0] == 1
    assert command("log")[0] in (0, 1)


@pytest.mark.parametrize("name", ["documents", "annotations"])
def test_the_owner_may_allow_that_a_folder_lies_elsewhere(home: Home, command: Command, name: str) -> None:
    elsewhere = home.folder / f"big-{name}"
    (home.store / name).rename(elsewhere)
    (home.store / name).symlink_to(elsewhere)
    assert command("log")[0] == 1
    code, _, said = command("trust", "--link", name)
    assert code == 0, said
    assert command("check")[0] == 0
    assert "PER" in command("log")[1]
    assert command("backup")[0] == 0
    [backup] = backups(Files(home.store))
    import zipfile

    with zipfile.ZipFile(backup.path) as archive:
        assert any(member.startswith(f"{name}/") for member in archive.namelist())
    (home.store / name).unlink()
    (home.store / name).symlink_to(home.private)
    assert command("log")[0] == 1, "what was allowed is this target, and no other"


def test_only_these_two_folders_may_lie_elsewhere(home: Home) -> None:
    home.link("models")
    from annotator.errors import InputError

    with pytest.raises(InputError, match="cannot lie elsewhere"):
        allow_link(home.store, "models")


@pytest.mark.parametrize("name", ["../../../private", "..", ".", "a/b", "/etc", "x\0y", "con/../.."])
def test_a_name_in_a_file_leads_nowhere(home: Home, command: Command, name: str) -> None:
    """A set and an assignment whose checksums fit and whose annotator is a path."""
    from annotator.store.storage import StoreFile, read_tables

    before = home.content()
    [path] = (home.store / "annotations" / "ada").rglob("*.json")
    tables = read_tables(path.read_bytes(), origin="")
    changed = {
        table: [(row.doc_id, {**row, "annotator": name} if table == "status" else dict(row)) for row in rows]
        for table, rows in tables.items()
    }
    path.write_bytes(StoreFile.of(changed).content())
    header = {"uid": "a", "schema_version": 1, "annotator": name}
    assignments = home.store / "assignments"
    assignments.mkdir()
    (assignments / "eve.json").write_bytes(
        StoreFile.of({"assignment": [(1, header)], "assigned": [], "returned": []}).content()
    )
    inside = {path for path in home.folder.rglob("*") if not path.is_relative_to(home.store)}
    code, out, said = command("check", "--repair", "--yes")
    assert "Traceback" not in said
    assert home.content() == before
    assert {path for path in home.folder.rglob("*") if not path.is_relative_to(home.store)} == inside
    assert code in (0, 1)
    assert path.name in out + said


def test_a_path_out_of_the_store_is_refused(tmp_path: Path) -> None:
    files = Files(tmp_path / "store")
    for path in (
        tmp_path / "x",
        tmp_path / "store" / ".." / "x",
        tmp_path / "store" / "a" / ".." / ".." / "x",
    ):
        with pytest.raises(LinkError):
            files.check(path)
