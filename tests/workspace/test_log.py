"""The log tells who decided what, when, and on which suggestion; documents are found by what one remembers."""

from __future__ import annotations

import pytest

from annotator.errors import InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Comment, Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.store.decision_log import DecisionLog
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace.document_lookup import find_document
from annotator.workspace.log import document_log, store_log


def _when(minute: int) -> str:
    return f"2026-11-22T14:{minute:02d}:00Z"


@pytest.fixture
def store(tmp_path) -> Store:
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER", "ORG"]))
    for number in range(20):
        store.add_document(
            new_document(f"Ada {number} wrote.", id=f"doc-{number:02d}", title=f"About Ada {number}")
        )
    suggestion = Suggestion(0, 3, "ORG", score=0.934, name="en_core")
    span = Span(0, 3, "PER")
    anna = AnnotationSet("doc-03", "anna")
    for decision in (
        Decision(1, 1, Verb.RELABEL, "anna", _when(1), "a", None, span, suggestion, uid="1"),
        Decision(2, 1, Verb.UNDO, "anna", _when(2), uid="2"),
        Decision(3, 1, Verb.REDO, "anna", _when(3), uid="3"),
        Decision(4, 2, Verb.REJECT, "anna", _when(4), suggestion=Suggestion(4, 5, "ORG", "memory"), uid="4"),
        Decision(5, 2, Verb.FINISH, "anna", _when(4), by=By.DOCUMENT, uid="5"),
        Decision(6, 2, Verb.UNDO, "anna", _when(5), uid="6"),
    ):
        anna.apply(decision)
    store.save(SetSnapshot.of(anna))
    for number in range(10, 20):
        ben = AnnotationSet(f"doc-{number}", "ben")
        ben.apply(Decision(1, 1, Verb.SKIP, "ben", _when(number), uid=f"b{number}"))
        store.save(SetSnapshot.of(ben))
    return store


def test_each_decision_is_told_with_its_suggestion(store):
    entries = document_log(store, "doc-03", limit=99)
    assert [(entry.what, entry.origin, entry.text) for entry in entries] == [
        ("relabel ORG → PER", "model en_core 0.93", "Ada"),
        ("undo of relabel", "", ""),
        ("redo of relabel", "", ""),
        ("reject ORG", "memory", "3"),
        ("finish", "", ""),
        ("undo of finish, with 1 accepted", "", ""),
    ]
    assert [entry.decision.by.value for entry in entries][-2:] == ["document", "key"]


def test_the_newest_of_the_store_come_from_all_sets_in_the_order_of_time(store):
    assert [entry.document for entry in store_log(store, limit=3)] == ["doc-17", "doc-18", "doc-19"]
    everything = store_log(store, limit=99)
    assert len(everything) == 16
    assert [entry.decision.when for entry in everything] == sorted(
        entry.decision.when for entry in everything
    )
    assert {entry.annotator for entry in store_log(store, annotator="anna", limit=99)} == {"anna"}
    assert store_log(store, annotator="nobody", limit=9) == []


def test_no_more_sets_are_read_than_can_hold_the_newest(store, monkeypatch):
    read = []
    newest = DecisionLog.newest
    monkeypatch.setattr(
        DecisionLog,
        "newest",
        lambda log, id, *rest, **more: read.append(id) or newest(log, id, *rest, **more),
    )
    store_log(store, limit=2)
    assert read == ["doc-19", "doc-18"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("doc-03", "doc-03"),
        ("doc-03 ", None),
        ("ada 17", "doc-17"),
        ("17 ABOUT", "doc-17"),
        ("doc-1", None),
        ("", None),
    ],
)
def test_documents_are_found_by_id_its_beginning_or_words(store, asked, found):
    if found is None:
        with pytest.raises(InputError) as told:
            find_document(store.catalogue, asked)
        assert told.value.hint
    else:
        assert find_document(store.catalogue, asked).id == found


def test_an_exact_id_goes_before_longer_ones(store):
    store.add_document(new_document("x", id="doc-0"))
    assert find_document(store.catalogue, "doc-0").id == "doc-0"
    store.add_document(new_document("y", id="unique-name", title="z"))
    assert find_document(store.catalogue, "uni").id == "unique-name"


def test_several_that_fit_are_named(store):
    with pytest.raises(InputError, match=r"fits 20 documents: doc-00 \(About Ada 0\).* and 15 more"):
        find_document(store.catalogue, "about")


def test_a_comment_is_told_with_the_text_that_it_is_about(store):
    gold = AnnotationSet("doc-04", "gold")
    comment = Comment(0, 3, "a first name is enough", ("anna",))
    gold.apply(Decision(1, 1, Verb.COMMENT, "lea", _when(1), uid="c", comment=comment))
    store.save(SetSnapshot.of(gold))
    (entry,) = document_log(store, "doc-04", limit=9)
    assert (entry.what, entry.text) == ("comment “a first name is enough”", "Ada")
    assert entry.decision.comment == comment
