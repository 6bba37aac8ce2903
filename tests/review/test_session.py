"""Stories of a review: what each key does, what it costs, and what becomes of the gold set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from annotator.editing.editor import Editor
from annotator.errors import InputError, LabelSetError
from annotator.model.decisions import By, Comment, Status, Verb
from annotator.model.spans import Span
from annotator.review.conflict_navigation import Filter
from annotator.review.conflict_state import Counts, Outcome, count_conflicts
from annotator.review.conflicts import Kind
from annotator.review.preselection import Majority, Weighted
from annotator.review.provenance import Origin, provenance
from annotator.review.session import ReviewSession

THREE = {
    "anna": [("Nicolás Maduro", "PER"), ("San Félix", "LOC"), ("Valdora", "LOC")],
    "ben": [("Nicolás Maduro", "PER"), ("San Félix", "LOC"), ("Valdora", "ORG")],
    "cem": [("Maduro", "PER"), ("Félix", "LOC"), ("Valdora", "PER")],
}
TWO_TOWNS = {"anna": [("San Félix", "LOC")], "ben": [("San Félix", "PER")]}
ALL = 10_000


# The common case


def test_a_session_begins_at_the_first_conflict_with_what_all_share_taken(room: Any) -> None:
    assert room.spans == [("Nicolás Maduro", "PER")]
    (decision,) = room.gold.decisions
    assert (decision.verb, decision.by, decision.who) == (Verb.ACCEPT, By.AGREEMENT, "lea")
    assert decision.suggestion is not None
    assert (decision.suggestion.source, decision.suggestion.name) == ("unanimous", "anna,ben")
    assert (room.current, room.focus) == ("San Félix", "San Félix")
    assert [each.kind for each in room.session.navigation.shown] == [
        Kind.LABEL,
        Kind.BOUNDARY,
        Kind.COMPLEX,
        Kind.ONE_SIDED,
    ]


def test_one_key_a_conflict_settles_and_moves_on_and_one_more_finishes(room: Any) -> None:
    session = room.session
    keys = [lambda: session.take(1), lambda: session.take(2), lambda: session.take(2), session.no_entity]
    for number, key in enumerate(keys, 1):
        assert session.counts == Counts(5 - number, number - 1)
        change = key()
        assert len({decision.step for decision in change.decisions}) == 1
    assert change.message == "all conflicts are settled"
    assert session.finish().message == "finished: 5 gold spans"
    assert room.spans == [
        ("Nicolás Maduro", "PER"),
        ("San Félix", "LOC"),
        ("State Department", "ORG"),
        ("University of Chicago", "ORG"),
        ("Press", "ORG"),
    ]
    assert room.rejected == [
        ("San Félix", "PER"),
        ("the State Department", "ORG"),
        ("University of Chicago Press", "ORG"),
        ("Valdora", "LOC"),
    ]
    assert room.gold.status is Status.DONE


def test_identical_versions_are_one(room_of: Callable[..., Any]) -> None:
    assert room_of(THREE).versions == [
        ([("Nicolás Maduro", "PER")], ("anna", "ben"), False),
        ([("Maduro", "PER")], ("cem",), False),
    ]


def test_enter_takes_the_majority_and_refuses_a_tie(room_of: Callable[..., Any]) -> None:
    room = room_of(THREE)
    assert room.session.take_preselection()
    assert provenance(room.gold.spans[0]).origin is Origin.MAJORITY
    assert room.session.take_preselection()
    assert room.current == "Valdora"
    change = room.session.take_preselection()
    assert not change
    assert change.message == "a tie of votes between 1, 2 and 3: choose a version"
    assert room.open == ["Valdora"]


def test_a_majority_of_those_who_marked_nothing_is_no_entity(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("Valdora", "LOC")], "ben": [], "cem": []})
    room.session.take_preselection()
    assert (room.spans, room.rejected) == ([], [("Valdora", "LOC")])
    assert room.session.outcome(room.session.navigation.shown[0]) is Outcome.NO_ENTITY


def test_a_version_of_several_spans_is_taken_whole(room: Any) -> None:
    for _ in range(2):
        room.session.next_open()
    assert room.versions[1][0] == [("University of Chicago", "ORG"), ("Press", "ORG")]
    change = room.session.take(2)
    assert [decision.verb for decision in change.decisions] == [Verb.REJECT, Verb.ACCEPT, Verb.ACCEPT]
    room.session.undo()
    assert room.current == "University of Chicago Press"
    assert room.spans == [("Nicolás Maduro", "PER")]


def test_there_is_no_version_nine(room: Any) -> None:
    assert room.session.take(9).message == "there is no version 9 here"
    assert room.session.take(0).message == "there is no version 0 here"


def test_a_document_without_conflicts_is_one_key_from_done(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("Valdora", "LOC")], "ben": [("Valdora", "LOC")]})
    assert room.current is None
    for verb in (room.session.take_preselection, room.session.no_entity, room.session.reopen):
        assert verb().message == "no conflict here"
    assert room.session.finish()
    assert room.spans == [("Valdora", "LOC")]
    empty = room_of({"anna": [], "ben": []})
    assert empty.session.finish()
    assert empty.gold.status is Status.DONE


# Editing


def test_a_label_key_settles_the_conflict(room: Any) -> None:
    change = room.session.label("ORG")
    assert room.spans[1] == ("San Félix", "ORG")
    assert room.rejected == [("San Félix", "PER")]
    assert len({decision.step for decision in change.decisions}) == 1
    assert str(provenance(room.gold.spans[1])) == "edited of anna"
    assert room.current == "the State Department"
    assert room.session.outcome(room.session.navigation.shown[0]) is Outcome.EDITED


def test_an_edit_that_makes_a_version_is_that_version(room: Any) -> None:
    room.session.label("PER")
    assert str(provenance(room.gold.spans[1])) == "version of ben"
    assert room.rejected == [("San Félix", "LOC")]
    assert room.session.resize("left", "in")
    assert room.spans[2] == ("State Department", "ORG")
    assert str(provenance(room.gold.spans[2])) == "version of ben"
    assert room.rejected[1:] == [("the State Department", "ORG")]


def test_a_resize_decides_but_stays(room: Any) -> None:
    room.session.next_open()
    room.session.resize("right", "in")
    assert room.current == "the State Department"
    assert room.spans[1] == ("the State", "ORG")
    assert room.session.counts == Counts(3, 1)
    room.session.resize("right", "out")
    assert room.spans[1] == ("the State Department", "ORG")
    assert str(provenance(room.gold.spans[1])) == "version of anna"
    room.session.next_open()
    assert room.current == "University of Chicago Press"


def test_an_edit_of_one_of_several_spans_leaves_the_others_to_be_decided(room: Any) -> None:
    session = room.session
    for _ in range(2):
        session.next_open()
    session.editor.navigation.go(room.span("Press", "").start)
    session.label("LOC")
    assert room.spans[1:] == [("Press", "LOC")]
    assert room.rejected == [("University of Chicago Press", "ORG")]
    assert (room.current, room.focus) == ("University of Chicago Press", "University of Chicago")
    session.label("ORG")
    assert room.spans[1:] == [("University of Chicago", "ORG"), ("Press", "LOC")]
    assert room.current == "Valdora"


@pytest.mark.parametrize("nested", [False, True])
def test_an_addition_elsewhere_leaves_the_conflict_open(room_of: Callable[..., Any], nested: bool) -> None:
    room = room_of(THREE, nested=nested)
    room.session.editor.navigation.go(room.span("State", "").start)
    room.session.label("ORG")
    assert ("State Department", "ORG") in room.spans
    assert room.session.counts.open == 3
    assert room.current == "Nicolás Maduro"
    added = next(each for each in room.gold.spans if each.label == "ORG")
    assert provenance(added).origin is Origin.ADDED


def test_a_selection_over_a_conflict_replaces_it(room: Any) -> None:
    span = room.span("in San Félix", "")
    room.session.editor.select(span.start, span.end)
    room.session.label("LOC")
    assert ("in San Félix", "LOC") in room.spans
    assert room.rejected == [("San Félix", "LOC"), ("San Félix", "PER")]
    assert room.current == "the State Department"


def test_in_a_nested_set_an_inner_span_is_a_mention_of_its_own(room_of: Callable[..., Any]) -> None:
    press = ("University of Chicago Press", "ORG")
    room = room_of({"anna": [press], "ben": []}, nested=True)
    inner = room.span("Chicago", "")
    room.session.editor.select(inner.start, inner.end)
    room.session.label("LOC")
    assert room.open == [press[0]]
    room.session.take(1)
    assert room.spans == [press, ("Chicago", "LOC")]
    room.session.reopen()
    assert room.spans == [("Chicago", "LOC")]


def test_in_a_nested_set_an_edit_leaves_what_the_same_annotator_marked_besides(
    room_of: Callable[..., Any],
) -> None:
    anna = [("University of Chicago Press", "ORG"), ("Chicago", "LOC")]
    room = room_of({"anna": anna, "ben": [("University of Chicago", "ORG")]}, nested=True)
    room.session.label("PER")
    assert room.spans == [("University of Chicago Press", "PER")]
    assert room.rejected == [("University of Chicago", "ORG")]
    assert (room.current, room.focus) == ("University of Chicago Press", "Chicago")
    room.session.edit(Editor.accept, moves_on=True)
    assert room.open == []


def test_note_and_doubt_take_the_span_in_focus(room: Any) -> None:
    room.session.note("the town")
    room.session.doubt()
    assert room.gold.spans[1].span == room.span("San Félix", "LOC", note="the town", doubt=True)
    assert str(provenance(room.gold.spans[1])) == "version of anna"
    assert room.current == "San Félix"
    assert room.session.counts.settled == 1


def test_rejecting_outside_the_conflict_is_about_the_span_there(room: Any) -> None:
    room.session.editor.navigation.go(0)
    room.session.reject()
    assert room.spans == []
    assert room.open[0] == "San Félix"
    assert room.session.counts.settled == 0
    room.session.next_open()
    room.session.reject()
    assert room.session.counts.settled == 1


def test_an_unknown_label_is_an_error(room: Any) -> None:
    with pytest.raises(LabelSetError):
        room.session.label("DATE")


# Moves


def test_next_conflict_ends_where_the_next_document_begins(room: Any) -> None:
    seen = [room.current]
    while room.session.next_open():
        seen.append(room.current)
    assert seen == ["San Félix", "the State Department", "University of Chicago Press", "Valdora"]
    assert room.session.next_open(wraps=True)
    assert room.current == "San Félix"
    assert not room.session.next_open(-1)
    room.session.take(1)
    assert room.session.next_conflict(-1)
    assert room.current == "San Félix"


def test_next_tie(room_of: Callable[..., Any]) -> None:
    room = room_of(THREE)
    assert room.session.next_tie()
    assert room.current == "Valdora"
    assert room.session.next_tie()
    room.session.take(2)
    assert not room.session.next_tie()


def test_majorities_are_taken_up_to_a_tie_in_one_step(room_of: Callable[..., Any]) -> None:
    room = room_of(THREE)
    change = room.session.take_majorities(ALL)
    assert change.message == "took 2 preselections"
    assert {decision.by for decision in change.decisions} == {By.BULK}
    assert (room.current, room.open) == ("Valdora", ["Valdora"])
    assert not room.session.take_majorities(ALL)
    room.session.undo()
    assert (room.spans, len(room.open)) == ([], 3)


def test_majorities_beyond_the_screen_are_left(room_of: Callable[..., Any]) -> None:
    room = room_of(THREE)
    room.session.take_majorities(room.span("San Félix", "").end - 1)
    assert room.spans == [("Nicolás Maduro", "PER")]


def test_in_bulk_checks_are_passed_by_and_earlier_decisions_left(room_of: Callable[..., Any]) -> None:
    shared = ("Nicolás Maduro", "PER")
    marks = {"anna": [shared, ("San Félix", "LOC")], "ben": [shared, ("San Félix", "LOC")], "cem": [shared]}
    room = room_of(marks, check_share=1.0)
    assert room.session.take_majorities(ALL).message == "took 1 preselection"
    assert room.open == ["Nicolás Maduro"]
    room.session.take(1)
    changed = {"anna": [shared, ("San Félix", "PER")], "ben": [shared, ("San Félix", "PER")], "cem": [shared]}
    later = room.again(changed)
    assert later.open == ["San Félix"]
    assert not later.session.take_majorities(ALL)
    assert later.spans == [shared, ("San Félix", "LOC")]


def test_an_edit_begins_with_what_is_preselected(room_of: Callable[..., Any]) -> None:
    second = Weighted(lambda conflict: [0.1, 0.9])
    room = room_of({"anna": [("Nicolás Maduro", "PER")], "ben": [("Maduro", "PER")]}, preselection=second)
    room.session.label("LOC")
    assert room.spans == [("Maduro", "LOC")]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Filter(kind=Kind.BOUNDARY), ["the State Department"]),
        (Filter(kind=Kind.ONE_SIDED), ["Valdora"]),
        (Filter(pair=("LOC", "PER")), ["San Félix"]),
        (Filter(pair=("", "LOC")), ["Valdora"]),
        (Filter(kind=Kind.LABEL, pair=("", "LOC")), []),
    ],
)
def test_a_filter_shows_a_kind_or_a_label_pair(room: Any, wanted: Filter, words: list[str]) -> None:
    room.session.filter = wanted
    assert [room.text[each.start : each.end] for each in room.session.navigation.shown] == words
    assert room.session.next_open(wraps=True) is bool(words)


def test_finishing_goes_to_an_open_conflict_that_the_filter_hides(room: Any) -> None:
    room.session.filter = Filter(kind=Kind.LABEL)
    assert room.session.take(1).message == "all settled but 3 conflicts that the filter hides"
    change = room.session.finish()
    assert (bool(change), change.message) == (False, "3 conflicts open")
    assert room.current == "the State Department"
    assert room.session.filter == Filter()
    assert room.gold.status is Status.STARTED


def test_marks_tell_where_conflicts_are_and_which_is_current(room: Any) -> None:
    room.session.take(1)
    marks = room.session.marks(0, ALL)
    assert [(mark.number, mark.outcome, mark.is_current) for mark in marks] == [
        (1, Outcome.VERSION, False),
        (2, Outcome.OPEN, True),
        (3, Outcome.OPEN, False),
        (4, Outcome.OPEN, False),
    ]
    room.session.editor.navigation.go(room.span("Valdora", "").start)
    assert room.session.go_to_cursor()
    assert room.current == "Valdora"


# Taking back


def test_reopening_a_conflict_makes_it_a_question_again(room: Any) -> None:
    room.session.take(2)
    room.session.next_conflict(-1)
    assert [version[2] for version in room.versions] == [False, True]
    room.session.reopen()
    assert (room.current, room.open[0]) == ("San Félix", "San Félix")
    assert (room.spans, room.rejected) == ([("Nicolás Maduro", "PER")], [])
    assert [version[2] for version in room.versions] == [False, False]
    assert room.session.reopen().message == "it is open"
    room.session.undo()
    assert room.spans[1:] == [("San Félix", "PER")]


def test_a_settled_conflict_may_be_settled_otherwise(room: Any) -> None:
    room.session.take(2)
    room.session.next_conflict(-1)
    assert room.session.take(2).message == "it stands so already"
    room.session.next_conflict(-1)
    room.session.take(1)
    assert room.spans[1:] == [("San Félix", "LOC")]
    assert room.rejected == [("San Félix", "PER")]
    room.session.next_conflict(-1)
    room.session.no_entity()
    assert len(room.rejected) == 2


def test_undo_pauses_before_what_all_share_and_then_opens_it(room: Any) -> None:
    room.session.take(1)
    assert room.session.undo()
    assert room.current == "San Félix"
    pause = room.session.undo()
    assert (bool(pause), pause.message) == (
        False,
        "the next undo opens the 1 span that all share: press again to go on",
    )
    assert room.session.undo()
    assert (room.spans, room.open[0]) == ([], "Nicolás Maduro")
    assert room.current == "Nicolás Maduro"
    later = room.again({"anna": [("Nicolás Maduro", "PER")], "ben": [("Nicolás Maduro", "PER")]})
    assert (later.spans, later.open) == ([], ["Nicolás Maduro"])
    later.session.take_preselection()
    assert str(provenance(later.gold.spans[0])) == "unanimous of anna, ben"
    assert later.open == []


def test_the_pause_comes_again_after_other_work(room: Any) -> None:
    assert not room.session.undo()
    room.session.take(1)
    room.session.undo()
    assert not room.session.undo()
    assert room.session.undo()


def test_undo_after_finishing_reopens(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("Valdora", "LOC")], "ben": []})
    room.session.take(1)
    room.session.finish()
    assert room.session.finish().message == "the document is done"
    room.session.undo()
    assert room.gold.status is Status.STARTED
    room.session.redo()
    assert room.gold.status is Status.DONE


def test_in_a_done_document_a_key_warns_and_the_same_again_reopens(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("Valdora", "LOC")], "ben": []})
    room.session.take(1)
    room.session.finish()
    for verb in (room.session.no_entity, room.session.reopen, lambda: room.session.label("ORG")):
        assert not verb()
        assert room.gold.status is Status.DONE
        assert verb().message == "reopened"
        assert room.spans == [("Valdora", "LOC")]
        room.session.finish()
    assert room.session.reopen_document()


def test_work_of_an_earlier_day_is_taken_back_after_a_pause(room: Any) -> None:
    room.session.take(1)
    later = room.again(TWO_TOWNS, begins=False, now=room.now + timedelta(days=2))
    assert not later.session.undo()
    assert later.session.undo()


# Comments


def test_a_comment_is_undone_like_anything_else(room: Any) -> None:
    place = (room.session.current.start, room.session.current.end)
    assert room.session.comment("  towns are LOC ", to=["ben"])
    assert room.gold.comments == (Comment(*place, "towns are LOC", ("ben",)),)
    assert room.session.comment("towns are LOC", to=["ben"]).message == "the comment is there already"
    room.session.comment("for all of you")
    room.session.comment("", to=["ben"])
    assert [each.text for each in room.gold.comments] == ["for all of you"]
    assert room.session.counts.settled == 0
    for _ in range(3):
        room.session.undo()
    assert room.gold.comments == ()
    assert room.session.comment(" ").message == "no comment given"
    assert room.session.comment("who?", to=["eva"]).message == "eva did not annotate this document"


def test_a_comment_is_about_the_selection_else_the_conflict_else_the_span_here(room: Any) -> None:
    room.session.editor.navigation.go(0)
    room.session.comment("here")
    span = room.span("spoke in", "")
    room.session.editor.select(span.start, span.end)
    room.session.comment("there")
    assert [room.text[each.start : each.end] for each in room.gold.comments] == ["Nicolás Maduro", "spoke in"]


def test_a_comment_leaves_a_done_document_done(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("Valdora", "LOC")], "ben": []})
    room.session.take(1)
    room.session.finish()
    assert room.session.comment("well seen", to=["anna"])
    assert room.gold.status is Status.DONE


# The same text


SAME = {
    "anna": [("the State Department", "ORG"), ("the State Department", "ORG", 2), ("Maduro", "PER", 2)],
    "ben": [("State Department", "ORG"), ("State Department", "ORG", 2), ("Maduro", "PER", 3)],
}


@pytest.mark.parametrize(
    ("verb", "result"),
    [
        (lambda session: session.take(2), ("State Department", "ORG")),
        (lambda session: session.label("LOC"), ("the State Department", "LOC")),
        (lambda session: session.resize("left", "in"), ("State Department", "ORG")),
        (lambda session: session.no_entity(), None),
    ],
)
def test_the_same_question_is_answered_alike(
    room_of: Callable[..., Any], verb: Callable[[ReviewSession], Any], result: tuple[str, str] | None
) -> None:
    room = room_of(SAME)
    room.session.go_to(room.session.navigation.shown[1])
    verb(room.session)
    found, _ = room.session.same_text()
    assert [room.text[each.start : each.end] for each in found] == ["the State Department"]
    change = room.session.settle_same_text()
    assert change.message == "settled 1 conflict alike · u takes all back"
    assert room.spans == ([result] * 2 if result else [])
    origins = {str(provenance(each)) for each in room.gold.spans}
    assert len(origins) == (1 if result else 0)
    assert room.open == ["Maduro", "Maduro"]
    room.session.undo()
    assert len(room.spans) == (1 if result else 0)


def test_the_same_text_with_other_versions_is_another_question(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("Maduro", "PER", 2), ("Maduro", "PER", 3)], "ben": [("Maduro", "ORG", 3)]})
    room.session.take(1)
    assert room.session.settle_same_text().message == "no other conflict with this text and these versions"


def test_a_settlement_serves_another_document(room_of: Callable[..., Any]) -> None:
    first, other = room_of(SAME), room_of(SAME, text="Well: the State Department, Maduro, Maduro, Maduro; and "
                                                     "the State Department.")  # fmt: skip
    first.session.go_to(first.session.navigation.shown[1])
    first.session.take(2)
    other.session.settle_same_text(first.session.settlement)
    assert other.spans == [("State Department", "ORG")] * 2
    assert str(provenance(other.gold.spans[0])) == "version of ben"


def test_an_answer_that_reaches_further_needs_the_same_text_there_and_room(
    room_of: Callable[..., Any],
) -> None:
    text = "the Press, a Press, the Press, the Press"
    marks = [("Press", "ORG", nth) for nth in (1, 2, 3, 4)]
    room = room_of({"anna": marks, "ben": []}, text=text)
    article = room.span("the", "", 3)
    room.session.editor.select(article.start, article.end)
    room.session.label("LOC")
    room.session.go_to(room.session.navigation.shown[0])
    room.session.resize("left", "out")
    found, _ = room.session.same_text()
    assert [each.start for each in found] == [room.span("Press", "", 3).start]


def test_answers_that_overlap_are_not_both_given(room_of: Callable[..., Any]) -> None:
    room = room_of(
        {"anna": [("Ada", "PER", nth) for nth in range(1, 6)], "ben": []}, text="Ada Ada Ada Ada Ada"
    )
    room.session.resize("right", "out")
    assert len(room.open) == 3
    assert room.session.settle_same_text().message == "settled 1 conflict alike · u takes all back"
    assert room.spans == [("Ada Ada", "PER")] * 2
    assert [each.start for each in room.session.navigation.all_open] == [16]


# Coming again


def test_no_entity_is_about_what_was_edited_as_well(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("San Félix", "LOC")], "ben": []})
    room.session.label("PER")
    later = room.again(TWO_TOWNS)
    assert later.open == []
    later.session.no_entity()
    assert (later.spans, later.open) == ([], [])
    assert later.rejected == [("San Félix", "LOC"), ("San Félix", "PER")]


def test_what_is_rejected_once_all_agree_is_not_asked_about_again(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("San Félix", "LOC")], "ben": []})
    room.session.take(1)
    later = room.again({"anna": [("San Félix", "LOC")], "ben": [("San Félix", "LOC")]})
    later.session.editor.navigation.go(later.span("San Félix", "").start)
    later.session.reject()
    assert (later.spans, later.open) == ([], [])


def test_re_review_shows_only_what_is_new(room: Any) -> None:
    session = room.session
    for verb in (
        lambda: session.take(1),
        lambda: session.take(2),
        lambda: session.take(1),
        session.no_entity,
    ):
        verb()
    changed = {
        "anna": [("Nicolás Maduro", "PER"), ("San Félix", "ORG")],
        "ben": [("Nicolás Maduro", "PER"), ("San Félix", "PER"), ("State Department", "ORG")],
    }
    later = room.again(changed)
    assert later.open == ["San Félix"]
    assert later.versions == [
        ([("San Félix", "ORG")], ("anna",), False),
        ([("San Félix", "PER")], ("ben",), False),
        ([("San Félix", "LOC")], (), True),
    ]
    later.session.take(3)
    assert ("San Félix", "LOC") in later.spans
    assert ("San Félix", "ORG") in later.rejected
    assert later.session.finish()


def test_a_new_version_may_replace_what_stands_in_gold(room: Any) -> None:
    room.session.take(1)
    later = room.again({"anna": [("San Félix", "LOC")], "ben": [("in San Félix", "LOC")]})
    assert later.focus == "San Félix"
    later.session.take(2)
    assert later.spans[1:] == [("in San Félix", "LOC")]
    assert later.open == []


def test_what_was_taken_for_all_agreed_is_shown_once_somebody_does_not(room: Any) -> None:
    later = room.again({"anna": [("Nicolás Maduro", "PER")], "ben": []})
    assert later.open == ["Nicolás Maduro"]
    assert later.versions == [([("Nicolás Maduro", "PER")], ("anna",), True), ([], ("ben",), False)]
    later.session.take(1)
    assert later.spans == [("Nicolás Maduro", "PER")]
    assert (later.gold.decisions[-1].by, later.open) == (By.KEY, [])


def test_what_was_rejected_before_all_agreed_is_shown_and_not_taken(room: Any) -> None:
    room.session.take(1)
    agreed = {"anna": [("San Félix", "PER")], "ben": [("San Félix", "PER")]}
    later = room.again(agreed)
    assert later.open == ["San Félix"]
    assert later.versions == [
        ([("San Félix", "PER")], ("anna", "ben"), False),
        ([("San Félix", "LOC")], (), True),
    ]
    later.session.take(2)
    assert later.open == []
    assert later.again(agreed).open == []
    later.session.undo()
    later.session.take(1)
    assert later.spans[1:] == [("San Félix", "PER")]
    assert str(provenance(later.gold.spans[1])) == "unanimous of anna, ben"


def test_a_done_document_is_not_touched_when_others_agree_later(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [], "ben": []})
    room.session.finish()
    both = {"anna": [("Valdora", "LOC")], "ben": [("Valdora", "LOC")]}
    later = room.again(both)
    assert (later.spans, later.open, later.gold.status) == ([], ["Valdora"], Status.DONE)
    sets = {name: [later.span(*mark) for mark in marks] for name, marks in both.items()}
    assert count_conflicts(sets, later.gold, later.labels) == Counts(1, 0)


# Checks, names, models


def test_a_share_of_the_unanimous_is_offered_for_a_check(room_of: Callable[..., Any]) -> None:
    both = [("Nicolás Maduro", "PER"), ("Valdora", "LOC")]
    room = room_of({"anna": both, "ben": both}, check_share=1.0)
    assert room.spans == both
    assert [mark.kind for mark in room.session.marks(0, ALL)] == [Kind.CHECK] * 2
    room.session.take_preselection()
    assert room.open == ["Valdora"]
    assert room.session.take_majorities(ALL).message == "nothing to take before the next tie"
    room.session.no_entity()
    assert room.session.counts == Counts(0, 2)
    assert str(provenance(room.gold.spans[0])) == "unanimous of anna, ben"
    again = room.again({"anna": both, "ben": both}, check_share=1.0)
    assert (again.open, again.spans) == ([], both[:1])


def test_the_draw_depends_on_the_seed_and_the_span_alone(room_of: Callable[..., Any]) -> None:
    words = [(chr(65 + i // 26) + chr(97 + i % 26) + "x", "PER") for i in range(400)]
    text = " ".join(word for word, _ in words)

    def drawn(seed: int, share: float, names: str) -> set[tuple[int, int, str]]:
        room = room_of(dict.fromkeys(names, words), text=text, check_share=share, seed=seed)
        return {each.keys[0] for each in room.session.navigation.all_open}

    assert 5 <= len(drawn(1, 0.05, "ab")) <= 40
    assert drawn(1, 0.05, "ab") == drawn(1, 0.05, "abc") < drawn(1, 0.3, "ab")
    assert drawn(1, 0.05, "ab") != drawn(2, 0.05, "ab")
    assert drawn(1, 0.0, "ab") == set()


def test_names_can_be_hidden(room: Any) -> None:
    assert room.session.name("anna") == "anna"
    room.session.is_blind = True
    assert {room.session.name(each) for each in ("anna", "ben")} == {"A", "B"}


def test_a_model_is_one_more_annotator(room_of: Callable[..., Any]) -> None:
    room = room_of({**THREE, "model": [("Valdora", "LOC"), ("Maduro", "PER")]})
    room.session.next_tie()
    assert room.versions == [([("Nicolás Maduro", "PER")], ("anna", "ben"), False),
                             ([("Maduro", "PER")], ("cem", "model"), False)]  # fmt: skip


def test_posteriors_make_another_preselection(room_of: Callable[..., Any]) -> None:
    room = room_of(THREE, preselection=Weighted(lambda conflict: [0.1, 0.9] if conflict.start == 0 else None))
    room.session.take_preselection()
    assert room.spans == [("Maduro", "PER")]
    assert str(provenance(room.gold.spans[0])) == "weighted of cem"
    assert room.session.take_preselection().message.startswith("nothing is known")


def test_thresholds_may_be_stricter(room_of: Callable[..., Any]) -> None:
    room = room_of(THREE, preselection=Majority(confidence=0.75))
    assert room.session.take_preselection().message == "the most is 2 votes of 3: choose a version"
    room.session.preselection = Majority(min_votes=3)
    assert not room.session.take_preselection()
    room.session.preselection = Majority()
    assert room.session.take_preselection()


# What is wrong


def test_a_set_made_on_another_text_is_refused(room: Any) -> None:
    short = type(room.session.editor.document)(id="doc", text="Text", title="")
    sets = {"anna": [Span(2, 9, "PER")], "ben": []}
    with pytest.raises(InputError, match=r"anna marked .* which has 4 characters") as caught:
        ReviewSession(short, room.labels, room.gold, sets, reviewer="lea")
    assert caught.value.hint


def test_spans_that_cannot_stand_together_in_a_flat_set_are_left_out(room_of: Callable[..., Any]) -> None:
    room = room_of({"anna": [("University of Chicago Press", "ORG"), ("Chicago", "LOC")], "ben": []})
    assert room.session.take(1).message == "left out 1 overlapping span: the label set is flat"
    assert room.spans == [("University of Chicago Press", "ORG")]
    assert room.open == []


def test_reopening_takes_back_a_span_that_got_another_conflicts_label(room_of: Callable[..., Any]) -> None:
    """Nested: what was made of one version stands under the label of another one, and is still its own."""
    sets = {"anna": [("Valdora", "LOC")], "ben": [("Valdora", "LOC"), ("Valdora", "ORG")]}
    room = room_of(sets, nested=True, check_share=1.0)
    of_place = next(
        conflict for conflict in room.session.conflict_state.items if conflict.keys[0][2] == "LOC"
    )
    room.session.go_to(of_place)
    room.session.label("ORG")
    room.session.go_to(of_place)
    assert room.session.conflict_state.is_settled(of_place)
    assert room.session.reopen()
    assert not room.session.conflict_state.is_settled(of_place)
