"""The stores opened last, remembered on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.labels import LabelSet
from annotator.store import recent_stores
from annotator.store.recent_stores import remember_store
from annotator.store.repository import Store


def make(path: Path) -> Path:
    return Store.create(path, label_set=LabelSet.from_names("news", ["PER"])).path


def test_the_newest_comes_first_once_and_what_is_gone_is_left_out(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one"), make(tmp_path / "two")
    for path in (one, two, tmp_path / "gone", one):
        remember_store(path)
    assert recent_stores.recent_stores() == [one.absolute(), two.absolute()]


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[1, null]", '["relative"]'])
def test_a_file_that_is_no_list_of_paths_is_no_hindrance(tmp_path: Path, content: str) -> None:
    one = make(tmp_path / "one")
    remember_store(one)
    recent_stores._path().write_text(content)
    assert recent_stores.recent_stores() == []
    remember_store(one)
    assert recent_stores.recent_stores() == [one.absolute()]


def test_where_nothing_can_be_written_nothing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(recent_stores, "_path", lambda: blocked / "recent.json")
    remember_store(tmp_path)
    assert recent_stores.recent_stores() == []
