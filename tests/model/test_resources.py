"""Files that come with the program: found by name in a checkout and in a wheel, and missed in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError, LabelSetError
from annotator.model import resources
from annotator.model.resources import corpora_path, label_set_names, load_label_set

SMALL = '{"name": "mine", "labels": [{"name": "PER"}]}'


def test_the_names_leave_out_the_json_schemas() -> None:
    assert label_set_names() == ("conll", "news", "wnut")


def test_a_label_set_is_read_by_name_or_by_path(tmp_path: Path) -> None:
    own = tmp_path / "mine.json"
    own.write_text("\ufeff" + SMALL, encoding="utf-8")
    assert load_label_set("conll").name == "conll"
    assert load_label_set(str(own)).name == load_label_set(own).name == "mine"


def test_a_file_called_like_a_label_set_does_not_hide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "news").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_label_set("news").name == "news"
    assert load_label_set("./news").name == "mine"


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(LabelSetError, match="no label set newz") as caught:
        load_label_set("newz")
    assert "conll, news, wnut" in caught.value.hint


def test_what_is_no_label_set_is_said_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"name": "bad", "labels": [{"nam": "PER"}]}', encoding="utf-8")
    with pytest.raises(LabelSetError, match=r"bad\.json is not a label set: labels\.0\.name"):
        load_label_set(path)
    path.write_bytes(b'{"name": "\xff"}')
    with pytest.raises(LabelSetError, match="not text in UTF-8"):
        load_label_set(path)
    with pytest.raises(LabelSetError, match="cannot be read: Is a directory"):
        load_label_set(tmp_path)


def test_a_wheel_carries_them_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "annotator" / "_data" / "schemas"
    inside.mkdir(parents=True)
    (inside / "mine.json").write_text(SMALL, encoding="utf-8")
    (tmp_path / "schemas").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "annotator")
    assert label_set_names() == ("mine",)
    assert load_label_set("mine").name == "mine"
    with pytest.raises(InputError, match="lacks the folder corpora"):
        corpora_path()


def test_the_sample_corpora_are_there() -> None:
    assert {path.name for path in corpora_path().iterdir()} >= {"README.md", "news"}
