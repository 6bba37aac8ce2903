"""The index of all texts: kept up with the store, made anew when it is damaged, and never trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.store.layout import CACHE, TEXT_INDEX
from annotator.store.removal import remove_documents
from annotator.store.repository import Store
from annotator.store.text_index import Folding, TextIndex


def fold(text: str) -> Folding:
    return Folding(text.lower(), is_aligned=True)


@pytest.fixture
def store(tmp_path: Path) -> Store:
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
    return store.path / CACHE / TEXT_INDEX


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
