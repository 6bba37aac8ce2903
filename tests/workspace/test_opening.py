"""Opening a store: an own label set is kept, a missing store is made only where that is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError, LabelSetError, StoreError
from annotator.workspace.opening import open_store


def test_a_missing_store_is_made_only_if_that_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store in") as caught:
        open_store(tmp_path / "S", create=False)
    assert "--store" in caught.value.hint
    assert not (tmp_path / "S").exists()
    assert open_store(tmp_path / "S", create=True).info.label_set.name == "news"


def test_the_label_set_of_a_store_stays(tmp_path: Path) -> None:
    open_store(tmp_path / "S", labels="conll", create=True)
    assert open_store(tmp_path / "S", create=False).info.label_set.name == "conll"
    assert open_store(tmp_path / "S", labels="conll", create=True).info.label_set.name == "conll"
    with pytest.raises(LabelSetError, match="has the label set conll, not news"):
        open_store(tmp_path / "S", labels="news", create=True)


def test_an_unknown_label_set_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(LabelSetError, match="no label set nope"):
        open_store(tmp_path / "S", labels="nope", create=True)
    assert not (tmp_path / "S").exists()


def test_a_folder_with_something_else_in_it_is_no_place_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("Mine.")
    with pytest.raises(InputError, match="is not empty and not a store"):
        open_store(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
