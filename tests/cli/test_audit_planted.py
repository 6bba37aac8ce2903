"""Ten planted inconsistencies, found, mended in bulk and brought back by one undo, all on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.main import run
from annotator.store.repository import Store
from tests.planted import FOUND, planted_store, state


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = planted_store(tmp_path).path
    monkeypatch.setenv("ANNOTATOR_NAME", "anna")
    monkeypatch.setenv("ANNOTATOR_STORE", str(path))
    monkeypatch.setenv("ANNOTATOR_SETTINGS", str(tmp_path / "none.toml"))
    return path


def test_the_ten_are_found_mended_at_once_and_brought_back_by_one_undo(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def findings() -> list[dict[str, Any]]:
        capsys.readouterr()
        assert run(["audit", "--json"]) == 0
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
        return found

    before = state(Store.open(path))
    first = findings()
    assert sorted((each["kind"], each["text"]) for each in first) == FOUND
    odd = {place["document"] for each in first for place in each["places"] if place["is_odd"]}
    assert odd == {f"d{number:03}" for number in range(40, 50)}

    assert run(["audit", "--mend", "all", "--yes"]) == 0
    assert findings() == []
    mended = state(Store.open(path))
    assert {document for (name, document), there in mended.items() if there != before[name, document]} == odd

    assert run(["audit", "--undo"]) == 0
    assert findings() == first
    assert state(Store.open(path)) == before
    assert run(["check"]) == 0
    assert run(["audit", "--undo"]) == 1, "there was one step"
