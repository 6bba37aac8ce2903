"""Notices that are shown once on a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.state_folder import state_path
from annotator.tui.notices import is_first_showing


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return state_path("notices.json")


def test_a_notice_is_shown_once_and_another_one_too(state: Path) -> None:
    assert [is_first_showing(notice) for notice in ("one", "one", "two", "one")] == [True, False, True, False]
    assert "one" not in state.read_text()


@pytest.mark.parametrize("content", ["", "{", "{}", "[1, null]", "3"])
def test_a_file_that_is_no_list_is_no_hindrance(state: Path, content: str) -> None:
    state.parent.mkdir(parents=True)
    state.write_text(content)
    assert is_first_showing("one")
    assert not is_first_showing("one")


def test_where_nothing_can_be_remembered_it_is_shown_each_time(state: Path) -> None:
    state.parent.parent.mkdir(parents=True, exist_ok=True)
    state.parent.write_text("in the way")
    assert is_first_showing("one")
    assert is_first_showing("one")
