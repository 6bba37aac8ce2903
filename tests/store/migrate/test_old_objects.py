"""Files from before they had tables are read as those of today, and are written with tables at the next change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from annotator.errors import DamageError
from annotator.model.adaptations import Adaptation, AdaptingState
from annotator.model.decisions import By
from annotator.model.labels import LabelSet
from annotator.model.memory_edits import (
    BlockedForm,
    ForgottenForm,
    MemoryEdits,
    Outcome,
    OutcomeCount,
    PinnedForm,
)
from annotator.store.adapting_file import AdaptingFile
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.layout import MEMORY_FILE, adapting_path
from annotator.store.memory_file import MemoryFile
from annotator.store.repository import Store

MEMORY = {
    "version": 1,
    "pinned": {"Acme": "ORG", "Zoë \udce9": "PER"},
    "blocked": ["Monday"],
    "forgotten": {"Lima": [["LOC", "accepted", "key", 2], ["PER", "rejected", "key", 1]]},
}
EDITS = MemoryEdits(
    (PinnedForm("Acme", "ORG"), PinnedForm("Zoë \udce9", "PER")),
    (BlockedForm("Monday"),),
    (
        ForgottenForm(
            "Lima",
            (
                OutcomeCount("LOC", Outcome.ACCEPTED, By.KEY, 2),
                OutcomeCount("PER", Outcome.REJECTED, By.KEY, 1),
            ),
        ),
    ),
)
ATTEMPT = {
    "when": "2026-11-22T14:02:11Z",
    "base": "en_core_web_sm-3.8.0",
    "finished": 12,
    "failed": "",
    "folder": "20261122-140211-000001",
    "learnt_from": 10,
    "rehearsed": 10,
    "held_out": 2,
    "base_f1": 0.5,
    "before_f1": None,
    "after_f1": 0.75,
    "new_labels": ["DISEASE"],
    "unteachable": 1,
    "seconds": 3.5,
    "meanings": {"DISEASE": "DISEASE", "GPE": None},
}
ADAPTING = {"format": 1, "is_on": True, "in_use": ATTEMPT, "last": None}
STATE = AdaptingState(is_on=True, in_use=Adaptation(**{**ATTEMPT, "new_labels": ("DISEASE",)}))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", label_set=LabelSet.from_names("x", ["PER"]))


def put(store: Store, path: str, content: object) -> Path:
    place = store.path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(content), encoding="utf-8")
    return place


def test_edits_of_memory_open_unchanged_and_get_tables_when_they_change(store: Store) -> None:
    path = put(store, MEMORY_FILE, MEMORY)
    before = path.read_bytes()
    file = MemoryFile(store)
    assert file.read() == EDITS
    assert list(check(Files(store.path))) == []
    assert path.read_bytes() == before
    file.write(file.read())
    with TinyDB(path, access_mode="r") as stock:
        assert stock.tables() == {"memory", "pinned", "blocked", "forgotten"}
        assert [row["surface"] for row in stock.table("pinned")] == ["Acme", "Zoë \udce9"]
    assert file.read() == EDITS
    assert list(check(Files(store.path))) == []


def test_a_record_of_adapting_opens_unchanged_and_gets_tables_when_it_changes(store: Store) -> None:
    path = put(store, adapting_path("ada"), ADAPTING)
    file = AdaptingFile(Files(store.path), "ada")
    assert file.read() == STATE
    file.write(file.read())
    with TinyDB(path, access_mode="r") as stock:
        assert stock.tables() == {"adapting", "in_use", "last"}
    assert file.read() == STATE


@pytest.mark.parametrize("state", [AdaptingState(), AdaptingState(False, None, STATE.in_use)])
def test_a_state_of_adapting_comes_back(store: Store, state: AdaptingState) -> None:
    file = AdaptingFile(Files(store.path), "ada")
    assert file.read() == AdaptingState()
    file.write(state)
    assert file.read() == state


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"version": None},
        {"pinned": {"a": 1}},
        {"pinned": {"": "PER"}},
        {"pinned": []},
        {"blocked": "all"},
        {"blocked": [""]},
        {"blocked": [None]},
        {"forgotten": {"a": [["PER", "praised", "key", 1]]}},
        {"forgotten": {"a": [["PER", "accepted", "key"]]}},
        {"forgotten": {"a": [["PER", "accepted", "key", -1]]}},
        {"forgotten": {"a": 3}},
        {"more": 1},
    ],
)
def test_what_is_not_as_it_was_written_is_damage(store: Store, changes: dict[str, Any]) -> None:
    path = put(store, MEMORY_FILE, {**MEMORY, **changes})
    with pytest.raises(DamageError, match=r"memory\.json"):
        MemoryFile(store).read()
    assert [finding.path for finding in check(Files(store.path))] == [MEMORY_FILE]
    assert json.loads(path.read_text(encoding="utf-8")) == {**MEMORY, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"is_on": "yes"},
        {"in_use": 3},
        {"in_use": {**ATTEMPT, "folder": "../../elsewhere"}},
        {"last": {**ATTEMPT, "seconds": -1}},
        {"last": {}},
    ],
)
def test_a_record_of_adapting_that_cannot_be_read_is_as_good_as_none(
    store: Store, changes: dict[str, Any]
) -> None:
    put(store, adapting_path("ada"), {**ADAPTING, **changes})
    assert AdaptingFile(Files(store.path), "ada").read() == AdaptingState()
