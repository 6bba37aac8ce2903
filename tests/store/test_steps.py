"""A step over many documents is made once and whole, whatever happens, and taken back where it can be."""

from __future__ import annotations

import pytest

from annotator.errors import HeldError, InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.plans import Plan, Planned, plan_data, plan_of, planned_uid
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps

WHEN = "2026-11-22T14:02:11Z"
IDS = ["one", "Zwei/2", "three"]


@pytest.fixture
def full(store, add_spans) -> Store:
    """Three documents, annotated by anna with two spans each, and "one" by ben."""
    store.add_document(new_document("Third text. " * 20, id="three"))
    for document_id, annotator in [*((id, "anna") for id in IDS), ("one", "ben")]:
        store.save(SetSnapshot.of(add_spans(AnnotationSet(document_id, annotator), 2)))
    return store


def plan(store: Store, uid: str = "feed") -> Plan:
    """Relabel every span to ORG, add one for ben in a document without a set of his, and change the label set."""
    planned = []
    for annotator in store.annotators():
        for document_id in IDS:
            for each in store.load_set(document_id, annotator).spans:
                after = Span(each.start, each.end, "ORG", each.span.note, each.span.doubt)
                decision = Decision(
                    0,
                    0,
                    Verb.RELABEL,
                    "kim",
                    WHEN,
                    each.uid,
                    each.span,
                    after,
                    by=By.BULK,
                    uid=f"{uid}{len(planned)}",
                )
                planned.append(Planned(document_id, annotator, decision))
    added = Decision(0, 0, Verb.ADD, "kim", WHEN, "fresh", None, Span(0, 5, "ORG"), by=By.BULK, uid=f"{uid}x")
    planned.append(Planned("three", "ben", added))
    labels = store.info.label_set
    return Plan(uid, "all ORG", "kim", WHEN, tuple(planned), labels, LabelSet.from_names("news", ["ORG"]))


def state(store: Store):
    """Spans and status of every set, and the labels."""
    return (
        {
            (annotator, document_id): (
                [(each.uid, each.span) for each in store.load_set(document_id, annotator).spans],
                store.load_set(document_id, annotator).status,
            )
            for annotator in store.annotators()
            for document_id in IDS
        },
        store.info.label_set,
    )


def labels_of(store: Store) -> set[str]:
    return {
        each.label
        for annotator in store.annotators()
        for id in IDS
        for each in store.load_set(id, annotator).spans
    }


def test_a_plan_comes_back_from_its_file(full):
    planned = plan(full)
    assert plan_of(plan_data(planned), origin="x") == planned


def test_a_step_gives_every_set_ordinary_decisions(full):
    made = Steps(full).make(plan(full))
    assert made.left_out == ()
    assert labels_of(full) == {"ORG"}
    assert list(full.info.label_set.by_name) == ["ORG"]
    annotation_set = Store.open(full.path).load_set("one", "ben")
    assert [decision.step for decision in annotation_set.decisions] == [1, 2, 3, 3]
    assert [decision.seq for decision in annotation_set.decisions] == [1, 2, 3, 4]
    assert annotation_set.decisions[-1].who == "kim"
    assert list(check(Files(full.path))) == []
    assert len(full.catalogue.sets("anna")) == 3


def test_undo_takes_all_of_it_back(full):
    before = state(full)
    steps = Steps(full)
    steps.make(plan(full))
    undone = steps.undo(steps.last(), who="lee")
    assert undone.left_out == ()
    assert state(full) == before
    assert full.load_set("one", "anna").decisions[-1].who == "lee"
    assert steps.last() is None
    with pytest.raises(InputError, match="taken back already"):
        steps.undo(undone, who="lee")
    assert list(check(Files(full.path))) == []


def test_undo_skips_and_names_what_was_decided_on_since(full, add_spans):
    steps = Steps(full)
    steps.make(plan(full))
    annotation_set = full.load_set("one", "anna")
    full.save(SetSnapshot.of(add_spans(annotation_set)))
    undone = steps.undo(steps.last(), who="lee")
    assert [(each.document, each.annotator, each.reason) for each in undone.left_out] == [
        ("one", "anna", "decided on since")
    ]
    assert {each.label for each in full.load_set("one", "ben").spans} == {"PER"}
    assert {each.label for each in full.load_set("one", "anna").spans} == {"ORG", "PER"}
    assert set(full.info.label_set.by_name) == {"PER", "ORG", "LOC"}


def test_a_set_that_was_decided_on_since_the_plan_is_left_out(full):
    planned = plan(full)
    annotation_set = full.load_set("one", "anna")
    decided = annotation_set.spans[0]
    annotation_set.apply(
        Decision(3, 3, Verb.REMOVE, "anna", WHEN, decided.uid, decided.span, None, uid="gone")
    )
    full.save(SetSnapshot.of(annotation_set))
    before = full.load_set("one", "anna").decisions
    made = Steps(full).make(planned)
    assert [(each.document, each.annotator) for each in made.left_out] == [("one", "anna")]
    assert full.load_set("one", "anna").decisions == before
    assert "PER" in full.info.label_set
    undone = Steps(full).undo(Steps(full).last(), who="lee")
    assert undone.left_out == ()


def test_sets_that_another_program_holds_are_left_out_and_named(full):
    with Store.open(full.path).hold("anna"):
        made = Steps(full).make(plan(full))
    assert [each.document for each in made.left_out] == sorted(IDS)
    assert all("held by another program" in each.reason for each in made.left_out)
    assert labels_of(full) == {"PER", "ORG"}
    assert {each.label for each in full.load_set("one", "ben").spans} == {"ORG"}


class PowerCutError(BaseException):
    """Ends the work as a crash would."""


@pytest.mark.parametrize("undoes", [False, True])
def test_a_step_that_is_broken_off_anywhere_is_gone_on_with(full, disk, undoes, tmp_path, files_of):
    import shutil

    steps = Steps(full)
    if undoes:
        steps.make(plan(full))
    origin = tmp_path / "origin"
    full.close()
    shutil.copytree(full.path, origin)
    before = state(full)
    disk.fail_from_now()

    def work(store: Store) -> None:
        if undoes:
            Steps(store).undo(Steps(store).last(), who="lee")
        else:
            Steps(store).make(plan(store))

    work(full)
    calls = len(disk.calls)
    after = state(full)
    assert after != before
    seen = set()
    for number in range(0, calls, 3):
        path = tmp_path / f"copy{number}"
        shutil.copytree(origin, path)
        disk.fail_from_now()
        store = Store.open(path, disk=disk)
        disk.death = PowerCutError()
        disk.fail_from_now(number)
        try:
            work(store)
        except PowerCutError:
            seen.add("died")
        disk.death = None
        disk.fail_from_now()
        store._locks = None  # the process is gone, and its locks with it
        del store
        again = Store.open(path)
        assert state(again) in (before, after), number
        seen.add(state(again) == after)
        assert list(check(Files(path))) == []
        decisions = files_of(again)
        assert files_of(Store.open(path)) == decisions  # rolling forward twice is rolling forward once
        shutil.rmtree(path)
    assert seen == {"died", True, False}


def test_only_one_program_makes_a_step_at_a_time(full):
    steps = Steps(full)
    with Steps(Store.open(full.path))._alone():
        with pytest.raises(HeldError, match="another step"):
            steps.make(plan(full))
        assert steps.roll_forward() == []
    assert labels_of(full) == {"PER"}


def test_a_skipped_set_can_be_kept_skipped(full):
    annotation_set = full.load_set("one", "ben")
    annotation_set.apply(Decision(3, 3, Verb.SKIP, "ben", WHEN, uid="skip"))
    full.save(SetSnapshot.of(annotation_set))
    planned = plan(full)
    skip = Planned("one", "ben", Decision(0, 0, Verb.SKIP, "kim", WHEN, by=By.BULK, uid="again"))
    Steps(full).make(Plan(planned.uid, "x", "kim", WHEN, (*planned.planned, skip)))
    assert full.load_set("one", "ben").status is Status.SKIPPED


def test_a_set_tells_which_step_an_undo_would_take_back(full, add_spans):
    steps = Steps(full)
    made = steps.make(plan(full).with_own_uids())
    touched = full.load_set("one", "ben")
    assert steps.behind(touched) == made
    assert Steps(Store.open(full.path)).behind(full.load_set("Zwei/2", "anna")) == made
    assert steps.behind(AnnotationSet("one", "nobody")) is None
    assert steps.behind(add_spans(touched)) is None
    steps.undo(made, who="lee")
    assert steps.behind(full.load_set("one", "ben")) is None


def test_a_step_whose_file_is_damaged_is_behind_no_set(full):
    made = Steps(full).make(plan(full).with_own_uids())
    (full.path / "steps" / f"{made.uid}.json").write_text("{")
    assert Steps(full).behind(full.load_set("one", "ben")) is None


def test_the_uids_of_a_plan_number_the_decisions_of_each_set_from_zero():
    skip = Decision(0, 0, Verb.SKIP, "kim", WHEN, by=By.BULK, uid="")
    sets = [("one", "ben"), ("one", "ben"), ("two", "ben"), ("one", "ben"), ("one", "anna")]
    planned = tuple(Planned(document, annotator, skip) for document, annotator in sets)
    plan_of_several = Plan("p", "x", "kim", WHEN, planned).with_own_uids()
    assert [part.decision.uid for part in plan_of_several.planned] == [
        planned_uid("p", document, annotator, number)
        for (document, annotator), number in zip(sets, (0, 1, 0, 2, 0), strict=True)
    ]
