"""The index of all texts: kept up with the store, made anew when it is damaged, and never trusted."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.store.removal import remove_documents
from annotator.store.repository import Store
from annotator.store.text_index import Folding, TextIndex, index_path


def fold(text: str) -> Folding:
    return Folding(text.lower(), is_aligned=True)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER"]))
    for name in ("one", "two"):
        store.add_document(new_document(f"Text {name} is here.", id=name))
    return store


@pytest.fixture
def index(store: Store) -> Iterator[TextIndex]:
    index = TextIndex(store, fold=fold)
    index.update()
    yield index
    index.close()


def path_of(store: Store) -> Path:
    return index_path(store)


def ids(index: TextIndex, words: str = "") -> list[str]:
    return [document_id for document_id, _, _ in index.containing(words)]


def anew(store: Store) -> list[str]:
    """What another index of the store, opened now, holds."""
    index = TextIndex(store, fold=fold)
    index.update()
    found = ids(index)
    assert ids(index, "TEXT") == found
    index.close()
    return found


def test_words_are_found_whole_one_behind_the_other_or_by_their_beginning(index: TextIndex) -> None:
    assert ids(index, "text two") == ["two"]
    assert ids(index, "two text") == []
    assert ids(index, "tw") == []
    assert ids(index, "tw*") == ["two"]
    assert ids(index, "...") == ["one", "two"]
    assert ids(index, 'two" OR "one') == []


def test_it_follows_the_store(store: Store, index: TextIndex) -> None:
    store.add_document(new_document("Text three", id="three"))
    assert anew(store) == ["one", "two", "three"]
    remove_documents(store, ["one"])
    assert anew(Store.open(store.path)) == ["two", "three"]


@pytest.mark.parametrize(
    "damage",
    [b"", b"no database", b"SQLite format 3\0" + bytes(4000)],
    ids=["empty", "another file", "a broken one"],
)
def test_a_damaged_file_is_made_anew(store: Store, index: TextIndex, damage: bytes) -> None:
    index.close()
    path_of(store).write_bytes(damage)
    assert anew(store) == ["one", "two"]


def test_a_file_cut_in_the_middle_is_made_anew(store: Store, index: TextIndex) -> None:
    index.close()
    data = path_of(store).read_bytes()
    for length in range(0, len(data), max(1, len(data) // 7)):
        path_of(store).write_bytes(data[:length])
        assert anew(store) == ["one", "two"]


def test_a_file_of_another_version_is_made_anew(store: Store, index: TextIndex) -> None:
    index.close()
    database = sqlite3.connect(path_of(store))
    database.execute("PRAGMA user_version = 99")
    database.execute("DELETE FROM documents")
    database.commit()
    database.close()
    assert anew(store) == ["one", "two"]


@pytest.mark.parametrize("side", ["", "-journal", "-wal"])
def test_a_link_in_its_place_is_not_followed(store: Store, tmp_path: Path, side: str) -> None:
    target = tmp_path / "precious"
    target.write_text("mine")
    path = path_of(store)
    path.parent.mkdir(exist_ok=True)
    path.with_name(path.name + side).symlink_to(target)
    assert anew(store) == ["one", "two"]
    assert target.read_text() == "mine"
    assert path.with_name(path.name + side).is_symlink()


def test_a_document_that_cannot_be_read_is_named(store: Store) -> None:
    [path] = store.path.glob("documents/*/two.json")
    path.write_text("{")
    index = TextIndex(store, fold=fold)
    index.update()
    assert ids(index) == ["one"]
    assert list(index.unreadable) == ["two"]
    index.close()


def hot_journal(database: Path, named: Path) -> bytes:
    """A journal that SQLite would play back when the database is opened, and then delete the file that it names."""
    page = database.read_bytes()[:4096]
    places = range(4096 - 200, 0, -200)
    record = struct.pack(">I", 1) + page + struct.pack(">I", sum(page[place] for place in places))
    pages = database.stat().st_size // 4096
    header = bytes.fromhex("d9d505f920a163d7") + struct.pack(">IIIII", 1, 0, pages, 512, 4096)
    name = bytes(named)
    end = struct.pack(">I", (1 << 30) // 4096 + 1) + name + struct.pack(">II", len(name), sum(name))
    return header.ljust(512, b"\0") + record + end + bytes.fromhex("d9d505f920a163d7")


def test_sqlite_deletes_what_a_journal_names(tmp_path: Path) -> None:
    """Why no journal is ever heeded: were this no longer so, the next test would hold for nothing."""
    precious = tmp_path / "precious"
    precious.write_text("mine")
    database = sqlite3.connect(tmp_path / "any.sqlite")
    database.execute("CREATE TABLE any (x)")
    database.close()
    (tmp_path / "any.sqlite-journal").write_bytes(hot_journal(tmp_path / "any.sqlite", precious))
    database = sqlite3.connect(tmp_path / "any.sqlite")
    database.execute("SELECT * FROM any").fetchall()
    database.close()
    assert not precious.exists()


def test_a_journal_beside_the_index_is_not_heeded(store: Store, index: TextIndex, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    index.close()
    path = path_of(store)
    path.with_name(f"{path.name}-journal").write_bytes(hot_journal(path, precious))
    assert anew(store) == ["one", "two"]
    assert precious.read_text() == "mine"


def test_the_index_of_another_machine_is_not_opened(
    store: Store, index: TextIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends a store cannot know what the index of the one who opens it is called."""
    index.close()
    theirs = path_of(store)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))
    assert path_of(store) != theirs
    before = theirs.read_bytes()
    assert anew(store) == ["one", "two"]
    assert theirs.read_bytes() == before


def test_nothing_is_written_beside_the_index(store: Store, index: TextIndex) -> None:
    names = {path.name for path in path_of(store).parent.iterdir() if path.name.startswith("texts")}
    assert names == {path_of(store).name}


def test_an_index_that_was_not_finished_is_made_anew(store: Store) -> None:
    class Killed(BaseException):
        pass

    def kill(text: str) -> Folding:
        if "two" in text:
            raise Killed
        return fold(text)

    index = TextIndex(store, fold=kill)
    with pytest.raises(Killed):
        index.update()
    index._database.execute("INSERT INTO documents VALUES (1, 'one', '', '', 1)")
    index._database.execute("UPDATE documents SET text = 'half'")
    index._database.commit()
    index.close()
    again = TextIndex(store, fold=fold)
    again.update()
    assert {indexed.text for indexed in again.all()} == {"Text one is here.", "Text two is here."}
    again.close()


def test_without_a_place_for_the_secret_it_lives_in_memory(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert anew(store) == ["one", "two"]
    assert not list((store.path / ".cache").glob("texts*"))
