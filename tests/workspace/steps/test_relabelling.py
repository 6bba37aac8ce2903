"""Labels renamed and merged: what is planned, and what the store is afterwards."""

from __future__ import annotations

import pytest

from annotator.errors import LabelSetError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps
from annotator.suggest.combination.combine import combined
from annotator.workspace.steps.relabelling import add_label, label_counts, merge_label, rename_label

WHEN = "2026-11-22T14:02:11Z"
LABELS = LabelSet(
    name="news",
    labels=(Label(name="PER", key="P", colour="red"), Label(name="ORG", key="O"), Label(name="LOC")),
    map={"PERSON": "PER", "GPE": "LOC", "DATE": None},
)


def _decide(store: Store, annotator: str, *decisions: Decision) -> None:
    annotation_set = AnnotationSet("one", annotator)
    for decision in decisions:
        annotation_set.apply(decision)
    store.save(SetSnapshot.of(annotation_set))


def _add(seq: int, uid: str, start: int, label: str) -> Decision:
    return Decision(seq, seq, Verb.ADD, "x", WHEN, uid, None, Span(start, start + 3, label), uid=f"d{uid}")


@pytest.fixture
def store(tmp_path) -> Store:
    store = Store.create(tmp_path / "store", label_set=LABELS)
    store.add_document(new_document("Ada met Bob and Cy at Dot.", id="one"))
    rejected = Suggestion(8, 11, "PER")
    _decide(
        store,
        "anna",
        _add(1, "a", 0, "PER"),
        _add(2, "b", 4, "ORG"),
        Decision(3, 3, Verb.REJECT, "x", WHEN, suggestion=rejected, uid="r"),
        Decision(4, 4, Verb.FINISH, "x", WHEN, uid="f"),
    )
    _decide(store, "ben", _add(1, "c", 0, "PER"), Decision(2, 2, Verb.SKIP, "x", WHEN, uid="s"))
    return store


def test_a_rename_is_counted_first_and_changes_nothing_until_it_is_made(store):
    relabelling = rename_label(store, "PER", "HUMAN", who="kim")
    assert (relabelling.spans, relabelling.sets) == (2, 2)
    assert label_counts(store) == {"PER": 2, "ORG": 1}
    assert "PER" in store.info.label_set


def test_a_rename_keeps_status_key_colour_and_what_models_mean(store):
    Steps(store).make(rename_label(store, "PER", "HUMAN", who="kim").plan)
    assert label_counts(store) == {"HUMAN": 2, "ORG": 1}
    labels = store.info.label_set
    assert list(labels.by_name) == ["HUMAN", "ORG", "LOC"]
    assert (labels.by_name["HUMAN"].key, labels.by_name["HUMAN"].colour) == ("P", "red")
    assert labels.mapped("PERSON") == labels.mapped("PER") == "HUMAN"
    assert store.load_set("one", "anna").status is Status.DONE
    assert store.load_set("one", "ben").status is Status.SKIPPED
    assert list(check(Files(store.path))) == []


def test_what_was_rejected_under_the_old_name_is_not_offered_under_the_new_one(store):
    Steps(store).make(rename_label(store, "PER", "HUMAN", who="kim").plan)
    [offered] = combined([Suggestion(8, 11, "PER")], store.info.label_set)
    assert offered.label == "HUMAN"
    assert store.load_set("one", "anna").is_rejected(offered)


def test_a_merge_takes_the_label_away_and_its_undo_brings_it_back(store):
    before = store.info.label_set
    steps = Steps(store)
    steps.make(merge_label(store, "PER", "ORG", who="kim").plan)
    assert label_counts(store) == {"ORG": 3}
    assert list(store.info.label_set.by_name) == ["ORG", "LOC"]
    assert store.info.label_set.mapped("PERSON") == "ORG"
    steps.undo(steps.last(), who="kim")
    assert label_counts(store) == {"PER": 2, "ORG": 1}
    assert store.info.label_set == before


def test_a_merge_leaves_no_two_equal_spans(tmp_path):
    nested = LabelSet(name="n", labels=LABELS.labels, nested=True)
    store = Store.create(tmp_path / "nested", label_set=nested)
    store.add_document(new_document("Ada met Bob.", id="one"))
    _decide(store, "anna", _add(1, "a", 0, "PER"), _add(2, "b", 0, "ORG"), _add(3, "c", 4, "PER"))
    Steps(store).make(merge_label(store, "PER", "ORG", who="kim").plan)
    spans = store.load_set("one", "anna").spans
    assert [(each.uid, each.start, each.label) for each in spans] == [("b", 0, "ORG"), ("c", 4, "ORG")]


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (lambda store: rename_label(store, "GPE", "X", who="kim"), "no label GPE"),
        (lambda store: rename_label(store, "PER", "ORG", who="kim"), "a label ORG already"),
        (
            lambda store: rename_label(store, "PER", "two\tcells", who="kim"),
            "not a label set",
        ),
        (lambda store: merge_label(store, "PER", "PER", who="kim"), "into itself"),
        (lambda store: merge_label(store, "PER", "GPE", who="kim"), "no label GPE"),
        (lambda store: add_label(LABELS, Label(name="PER")), "stands twice"),
        (lambda store: add_label(LABELS, Label(name="NEW", key="P")), "key P stands for two"),
    ],
)
def test_what_makes_no_label_set_is_refused(store, plan, reason):
    with pytest.raises(LabelSetError, match=reason):
        plan(store)


def test_a_label_is_added_behind_the_others(store):
    labels = add_label(LABELS, Label(name="LAW", description="Acts."))
    assert list(labels.by_name) == ["PER", "ORG", "LOC", "LAW"]
    assert labels.by_name["LAW"].key == "2"
