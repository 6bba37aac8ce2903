"""What reviews found in an annotator's work, and documents sent back for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import HeldError, InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Assigned, Assignment
from annotator.model.decisions import Comment, Decision, Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.review.feedback import Error
from annotator.settings import Settings
from annotator.store.assignments import Assignments
from annotator.store.files import Files
from annotator.store.locks import Locks
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace import Workspace
from annotator.workspace.assignments.messages import messages_for
from annotator.workspace.assignments.send_back import send_back, take_back
from annotator.workspace.review.feedback import feedback_report, feedback_reports
from annotator.workspace.viewing import ViewedWorkspace

FIRST, LATER, LAST = (f"2020-11-2{day}T14:02:11Z" for day in (2, 3, 4))
TEXT = "Ada met Bob in Rome."
ADA, BOB, ROME = Span(0, 3, "PER"), Span(8, 11, "PER"), Span(15, 19, "LOC")
NOTE = Comment(15, 19, "towns are LOC", ("ada",))

Saver = Callable[..., AnnotationSet]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three documents with the same text."""
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER", "LOC"]))
    for id in ("one", "two", "three"):
        store.add_document(new_document(TEXT, id=id))
    return store


@pytest.fixture
def save(store: Store) -> Saver:
    """Saves a set with these spans and comments; finished at `when` unless that is empty."""

    def save(
        document_id: str, annotator: str, *spans: Span, when: str = FIRST, comments: tuple[Comment, ...] = ()
    ) -> AnnotationSet:
        made = store.load_set(document_id, annotator, gold=True)
        verbs = [{"verb": Verb.ADD, "span": f"u{each.start}", "after": each} for each in spans]
        verbs += [{"verb": Verb.COMMENT, "comment": each} for each in comments]
        verbs += [{"verb": Verb.FINISH}] if when else []
        for each in verbs:
            number = made.revision + 1
            made.apply(Decision(number, number, who=annotator, when=when or FIRST, **each))
        store.save(SetSnapshot.of(made))
        return made

    return save


@pytest.fixture
def reviewed(store: Store, save: Saver) -> Store:
    """Ada has finished "one" and "two", and begun "three"; "one" is reviewed, with a comment for her."""
    save("one", "ada", ADA, Span(15, 19, "PER"))
    save("two", "ada", ADA)
    save("three", "ada", ADA, when="")
    save("one", "gold", ADA, BOB, ROME, comments=(NOTE, Comment(0, 3, "for ben", ("ben",))))
    save("two", "gold", ADA, when="")
    return store


def back(store: Store, *documents: str, comment: str = "look again", when: str = LATER):
    return send_back(store, "ada", documents, comment=comment, who="lead", when=when)


def test_only_finished_documents_with_a_finished_review_are_told_of(reviewed):
    report = feedback_report(reviewed, "ada")
    assert [each.document.id for each in report.documents] == ["one"]
    assert (report.finished, report.waiting, report.left_out, report.returned) == (2, 1, (), {})
    assert {error for error, count in report.feedback.totals.items() if count} == {Error.MISSED, Error.LABEL}
    [missed, label] = report.documents[0].findings
    assert (missed.error, label.error, label.comments) == (Error.MISSED, Error.LABEL, (NOTE,))


def test_everybody_is_told_of_though_nothing_is_reviewed(reviewed, save):
    save("one", "ben", ADA)
    save("two", "cleo", when="")
    told_of = {
        each.annotator: (each.finished, len(each.documents), each.feedback.correct)
        for each in feedback_reports(reviewed)
    }
    assert told_of == {"ada": (2, 1, 1), "ben": (1, 1, 1), "cleo": (0, 0, 0)}


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("eve", "nobody is called eve", "the annotators are ada, ben, cleo"),
        ("gold", "gold is what reviews produce", "ada, ben, cleo"),
        ("ben", "ben has finished no document yet", "finished documents"),
        ("cleo", "no document that cleo has finished is reviewed", "1 finished document"),
    ],
)
def test_where_there_is_nothing_to_tell_one_message_says_why(reviewed, save, name, message, hint):
    with Assignments(reviewed).change() as changed:
        changed["ben"] = Assignment("ben", (Assigned("a", "one", "lead", FIRST),))
    save("three", "cleo", ADA)
    with pytest.raises(InputError, match=message) as raised:
        feedback_report(reviewed, name)
    assert hint in raised.value.hint


def test_a_store_in_which_nobody_has_annotated_is_told(store):
    with pytest.raises(InputError, match="nobody has annotated anything"):
        feedback_reports(store)
    with pytest.raises(InputError, match="nobody is called ada") as raised:
        feedback_report(store, "ada")
    assert "nobody has annotated" in raised.value.hint


def test_a_set_that_cannot_be_read_is_left_out_and_told(reviewed, save):
    save("two", "gold")
    assert len(feedback_report(reviewed, "ada").documents) == 2
    [path] = reviewed.path.glob("annotations/gold/*/two.json")
    path.write_bytes(b"{")
    report = feedback_report(reviewed, "ada")
    assert [each.document.id for each in report.documents] == ["one"]
    assert len(report.left_out) == 1
    assert "two.json" in report.left_out[0]


def test_a_span_outside_its_text_is_left_out_and_told(reviewed, save):
    save("two", "ben", Span(15, 99, "LOC"))
    save("two", "gold")
    report = feedback_report(reviewed, "ben")
    assert (report.documents, report.left_out) == ((), ("a span of ben lies outside the text of two",))


# Sending back


def test_documents_are_sent_back_while_their_annotator_works_and_taken_back(reviewed):
    ada = Workspace(Store.open(reviewed.path), annotator="ada", settings=Settings(backups=0))
    try:
        back(reviewed, "one", "two")
        assert {*feedback_report(reviewed, "ada").returned} == {"one", "two"}
        take_back(reviewed, "ada", ["two"], when=LAST)
        assert feedback_report(reviewed, "ada").returned["one"].comment == "look again"
    finally:
        ada.close()
    again = Workspace(Store.open(reviewed.path), annotator="ada", settings=Settings(backups=0))
    assert again.returned() == {"one"}
    again.close()


def test_a_document_sent_back_again_has_the_newer_comment_and_finishing_answers_it(reviewed, save):
    back(reviewed, "one")
    back(reviewed, "one", comment=" towns ")
    assert feedback_report(reviewed, "ada").returned["one"].comment == "towns"
    made = reviewed.load_set("one", "ada")
    number = made.revision + 1
    made.apply(Decision(number, number, Verb.REOPEN, "ada", LATER))
    reviewed.save(SetSnapshot.of(made))
    back(reviewed, "one", comment="still")  # reopened, and still to be looked at
    save("one", "ada", when=LAST)
    assert feedback_report(reviewed, "ada").returned == {}
    with pytest.raises(InputError, match="one is not waiting"):
        take_back(reviewed, "ada", ["one"], when=LAST)


def test_a_clock_that_is_behind_sends_back_all_the_same(reviewed, save):
    save("three", "ada", when=LAST)
    [sent] = back(reviewed, "three", when=FIRST)
    assert sent.when == LAST
    assert "three" in feedback_report(reviewed, "ada").returned


@pytest.mark.parametrize(
    ("documents", "comment", "message"),
    [
        (["two", "three"], "x", "ada has not finished three"),
        (["two", "nix"], "x", "no document nix"),
        (["two"], " ", "no comment"),
    ],
)
def test_what_cannot_be_sent_back_leaves_all_as_it_is(reviewed, documents, comment, message):
    with pytest.raises(InputError, match=message):
        back(reviewed, *documents, comment=comment)
    assert Assignments(reviewed).names() == []


def test_nobody_unknown_gets_anything_back(reviewed):
    with pytest.raises(InputError, match="nobody is called eve"):
        send_back(reviewed, "eve", ["one"], comment="x", who="lead", when=LATER)
    with pytest.raises(InputError, match="no document nix"):
        take_back(reviewed, "ada", ["nix"], when=LATER)


def test_two_leads_do_not_overwrite_each_other(reviewed):
    with Locks(Files(reviewed.path)).held(".assignments"), pytest.raises(HeldError):
        back(reviewed, "one")
    assert Assignments(reviewed).names() == []


# What the annotator and the lead see


def test_an_annotator_is_told_what_was_said_once_reviewed_or_sent_back(reviewed, save):
    save("two", "gold", comments=(Comment(0, 3, "well seen"),), when="")
    assert messages_for(reviewed, "ada", "one", None).comments == (NOTE,)
    assert messages_for(reviewed, "ada", "two", None).comments == ()
    [sent] = back(reviewed, "two")
    found = messages_for(reviewed, "ada", "two", sent)
    assert [each.text for each in found.comments] == ["well seen"]
    assert found.on(2, 3) == found.comments
    assert found.on(3, 9) == ()


def test_what_was_said_is_known_though_gold_cannot_be_read(reviewed):
    [sent] = back(reviewed, "one")
    [path] = reviewed.path.glob("annotations/gold/*/one.json")
    path.write_bytes(b"{")
    found = messages_for(reviewed, "ada", "one", sent)
    assert (found.returned, found.comments) == (sent, ())


def test_anothers_work_is_seen_and_never_held_or_changed(reviewed):
    lead = ViewedWorkspace(
        Store.open(reviewed.path), annotator="ada", seen_by="lead", settings=Settings(backups=0)
    )
    ada = Workspace(Store.open(reviewed.path), annotator="ada", settings=Settings(backups=0))
    try:
        assert (ada.read_only, lead.read_only) == (None, "the work of ada, seen by lead")
        assert not lead.try_writing()
        editor = lead.editor("one")
        assert editor.status is Status.DONE
        editor.reopen()
        lead.save(editor)
    finally:
        lead.close()
        ada.close()
    assert Store.open(reviewed.path).load_set("one", "ada").status is Status.DONE
