"""Decisions looked up by queries: which, in which order, and what is damaged."""

from __future__ import annotations

import pytest

from annotator.errors import DamageError, InputError, VersionError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.records import SCHEMA_VERSION
from annotator.model.spans import Span
from annotator.store import decision_log
from annotator.store.decision_log import DecisionLog
from annotator.store.layout import set_path
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.storage import as_written, sealed

PERSON = Span(0, 3, "PER")


def when(minute: int) -> str:
    return f"2026-11-22T14:{minute:02d}:00Z"


@pytest.fixture
def log(store: Store) -> DecisionLog:
    """That of a store in which anna added, doubted, undid both, and did one again."""
    store.add_document(new_document("Ada met Bob.", id="a"))
    anna = AnnotationSet("a", "anna")
    doubtful = Span(0, 3, "PER", doubt=True)
    for decision in (
        Decision(1, 1, Verb.ADD, "anna", when(1), "s", None, PERSON, uid="1"),
        Decision(2, 2, Verb.DOUBT, "anna", when(2), "s", PERSON, doubtful, uid="2"),
        Decision(3, 2, Verb.UNDO, "anna", when(3), uid="3"),
        Decision(4, 1, Verb.UNDO, "anna", when(3), uid="4"),
        Decision(5, 1, Verb.REDO, "anna", when(4), uid="5"),
    ):
        anna.apply(decision)
    store.save(SetSnapshot.of(anna))
    return DecisionLog(store)


def edit(store: Store, **changes: object) -> None:
    """Change fields of the second decision, checksums made anew, as a program of a stranger could."""
    path = store.path / set_path("a", "anna")
    tables = as_written(path.read_bytes(), origin="x")
    tables["decisions"][1].update(changes)
    path.write_bytes(sealed(tables))


def test_the_newest_come_last_and_undos_with_the_step_that_they_took_back(log: DecisionLog) -> None:
    found = log.newest("a", "anna", limit=9)
    assert [logged.decision.seq for logged in found] == [1, 2, 3, 4, 5]
    assert [[decision.seq for decision in logged.step] for logged in found] == [[], [], [2], [1], [1]]


@pytest.mark.parametrize(("limit", "seqs"), [(1, [5]), (2, [4, 5]), (4, [2, 3, 4, 5])])
def test_no_more_than_the_limit(log: DecisionLog, limit: int, seqs: list[int]) -> None:
    found = log.newest("a", "anna", limit=limit)
    assert [logged.decision.seq for logged in found] == seqs
    assert [decision.seq for decision in found[-1].step] == [1]


@pytest.mark.parametrize(("minute", "seqs"), [(0, [1, 2, 3, 4, 5]), (3, [3, 4, 5]), (4, [5]), (5, [])])
def test_from_a_time_on(log: DecisionLog, minute: int, seqs: list[int]) -> None:
    found = log.newest("a", "anna", limit=9, since=when(minute))
    assert [logged.decision.seq for logged in found] == seqs


def test_the_order_is_that_of_time(store: Store, log: DecisionLog) -> None:
    edit(store, when=when(9))
    assert [logged.decision.seq for logged in log.newest("a", "anna", limit=2)] == [5, 2]


def test_only_what_is_asked_for_is_read_as_models(log: DecisionLog, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    decisions_of = decision_log.decisions_of
    monkeypatch.setattr(
        decision_log,
        "decisions_of",
        lambda rows, **more: read.append(len(rows)) or decisions_of(rows, **more),
    )
    log.newest("a", "anna", limit=1)
    assert read == [1, 1]


def test_without_a_set_there_is_nothing(log: DecisionLog) -> None:
    assert log.newest("a", "ben", limit=9) == []
    with pytest.raises(InputError):
        log.newest("a", "../ben", limit=9)


@pytest.mark.parametrize("changes", [{"when": 5}, {"verb": "praise"}, {"step": [1]}, {"more": 1}])
def test_a_record_that_is_no_decision_is_damage(
    store: Store, log: DecisionLog, changes: dict[str, object]
) -> None:
    edit(store, **changes)
    with pytest.raises(DamageError, match="is damaged"):
        log.newest("a", "anna", limit=9, since=when(2))


def test_the_set_of_another_is_damage(store: Store, log: DecisionLog) -> None:
    path = store.path / set_path("a", "ben")
    path.parent.mkdir(parents=True)
    path.write_bytes((store.path / set_path("a", "anna")).read_bytes())
    with pytest.raises(DamageError, match="it is the set of anna on document a"):
        log.newest("a", "ben", limit=9)


def test_a_set_that_a_newer_program_wrote_is_refused_in_a_store_of_today(
    store: Store, log: DecisionLog
) -> None:
    path = store.path / set_path("a", "anna")
    tables = as_written(path.read_bytes(), origin="x")
    tables["status"][0]["schema_version"] = SCHEMA_VERSION + 1
    path.write_bytes(sealed(tables))
    with pytest.raises(VersionError, match="version 2"):
        log.newest("a", "anna", limit=9)
