"""Each annotator's queue shows what is assigned to them, and what a lead has sent back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.editing.queue import ASSIGNED
from annotator.errors import DamageError, InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Assigned, Assignment
from annotator.model.decisions import Decision, Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.settings import Settings
from annotator.store.assignments import Assignments
from annotator.store.layout import assignment_path
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace import Workspace

FIRST, LATER, LAST = (f"2020-11-2{day}T14:02:11Z" for day in (2, 3, 4))
IDS = ["one", "two", "three", "four"]
Opener = Callable[[str], Workspace]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Four documents; "two" and "three" are ada's to do."""
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER"]))
    for id in IDS:
        store.add_document(new_document(f"{id} is a number.", id=id))
    with Assignments(store).change() as changed:
        changed["ada"] = Assignment(
            "ada", (Assigned("a", "three", "lead", FIRST), Assigned("b", "two", "lead", FIRST))
        )
    return store


@pytest.fixture
def opened(store: Store) -> Iterator[Opener]:
    """Opens the store as somebody."""
    found: list[Workspace] = []

    def workspace(annotator: str) -> Workspace:
        found.append(Workspace(Store.open(store.path), annotator=annotator, settings=Settings(backups=0)))
        return found[-1]

    yield workspace
    for each in found:
        each.close()


def finished(store: Store, document_id: str, *whens: str) -> None:
    """Save ada's set on a document, finished and opened again until the last time."""
    made = AnnotationSet(document_id, "ada")
    for number, when in enumerate(whens):
        if number:
            made.apply(Decision(made.revision + 1, made.revision + 1, Verb.REOPEN, "ada", when))
        made.apply(Decision(made.revision + 1, made.revision + 1, Verb.FINISH, "ada", when))
    store.save(SetSnapshot.of(made))


def send_back(store: Store, document_id: str, when: str) -> None:
    Assignments(store).send_back("ada", document_id, comment="look again", who="lead", when=when)


def test_who_has_documents_assigned_sees_only_those(store, opened):
    ada, ben = opened("ada"), opened("ben")
    assert (list(ada.queue.ids), ada.queue.order) == (["two", "three"], ASSIGNED)
    assert [row.id for row in ada.rows()] == ["two", "three"]
    assert list(ben.queue.ids) == ben.rows() == []
    assert (ada.first(), ada.following("two"), ada.following("three")) == ("two", "three", "two")


def test_a_returned_document_is_open_until_it_is_finished_again(store, opened):
    finished(store, "two", FIRST)
    finished(store, "three", FIRST)
    send_back(store, "three", LATER)
    ada = opened("ada")
    assert ada.statuses() == {"two": Status.DONE, "three": Status.DONE}
    assert ada.returned() == {"three"}
    assert ada.returns["three"].comment == "look again"
    assert ada.first() == "three"
    assert ada.following("two") == "three"
    editor = ada.editor("three")
    editor.reopen()
    assert ada.returned() == {"three"}
    editor.finish()
    assert ada.returned() == set()
    assert ada.following("two") is None


@pytest.mark.parametrize(
    ("whens", "is_open"), [((FIRST,), True), ((LATER,), True), ((FIRST, LAST), False), ((LAST,), False)]
)
def test_a_finish_counts_that_is_later_than_the_return(store, opened, whens, is_open):
    finished(store, "three", *whens)
    send_back(store, "three", LATER)
    assert opened("ada").returned() == ({"three"} if is_open else set())


def test_a_returned_document_joins_the_queue_though_it_is_not_assigned(store, opened):
    finished(store, "four", FIRST)
    send_back(store, "four", LATER)
    assert list(opened("ada").queue.ids) == ["two", "three", "four"]


def test_who_has_nothing_assigned_is_told_so(store, opened):
    with pytest.raises(InputError, match="nothing is assigned to ben") as told:
        opened("ben").first()
    assert "annotator assign" in told.value.hint


def test_an_open_project_shows_all_documents_also_to_who_has_some_assigned(store, opened):
    store.change_info(access="open")
    for name in ("ada", "ben"):
        workspace = opened(name)
        assert (list(workspace.queue.ids), workspace.queue.order) == (IDS, "as imported")


def test_an_assigned_project_without_assignments_shows_nothing(store, opened):
    (store.path / assignment_path("ada")).unlink()
    assert list(opened("ada").queue.ids) == IDS
    store.change_info(access="assigned")
    with pytest.raises(InputError, match="nothing is assigned to ada"):
        opened("ada").first()


def test_a_lead_who_looks_sees_all_documents(store):
    lead = Workspace(store, annotator="lead", settings=Settings(backups=0), sees_all=True)
    assert list(lead.queue.ids) == IDS
    lead.close()


def test_a_store_where_documents_were_only_sent_back_is_open(store, opened):
    (store.path / assignment_path("ada")).unlink()
    finished(store, "four", FIRST)
    send_back(store, "four", LATER)
    assert list(opened("ben").queue.ids) == IDS


def test_who_has_only_returned_documents_sees_these(store, opened):
    with Assignments(store).change() as changed:
        changed["ada"] = changed["ada"].withdrawing(["two", "three"], when=FIRST)
    finished(store, "four", FIRST)
    send_back(store, "four", LATER)
    ada = opened("ada")
    assert list(ada.queue.ids) == ["four"]
    assert ada.first() == "four"


def test_a_damaged_set_that_came_back_is_told_of_and_passed_over(store, opened):
    finished(store, "three", FIRST, LAST)
    send_back(store, "three", LATER)
    ada = opened("ada")
    [path] = store.path.glob("annotations/ada/*/three.json")
    path.write_bytes(b"{")
    assert ada.first() == "two"
    assert ada.following("two") == "three"
    with pytest.raises(DamageError):
        ada.editor("three")
    assert ada.following("two") is None


def test_a_damaged_assignment_never_looks_like_none(store, opened):
    (store.path / assignment_path("ada")).write_bytes(b"{")
    with pytest.raises(DamageError, match=r"assignments/ada\.json"):
        opened("ada")
    assert list(opened("ben").queue.ids) == []


def test_an_assignment_of_documents_that_are_gone_is_told(store, opened):
    with Assignments(store).change() as changed:
        changed["ada"] = Assignment("ada", (Assigned("a", "gone", "lead", FIRST),))
    with pytest.raises(InputError, match="assigned to ada"):
        opened("ada").first()
