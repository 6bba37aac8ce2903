"""Assignments as values: what is to do, what came back, and two copies made one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.assignments import Assigned, Assignment, Returned, united

FIRST, LATER, LAST = "2026-11-22T14:02:11Z", "2026-11-23T14:02:11Z", "2026-11-24T14:02:11Z"
assigned = st.builds(
    Assigned,
    uid=st.sampled_from("abcdef"),
    document=st.just("one"),
    who=st.just("lead"),
    when=st.just(FIRST),
    withdrawn=st.sampled_from(["", LATER, LAST]),
)
returned = st.builds(
    Returned,
    uid=st.sampled_from("uvwxyz"),
    document=st.just("one"),
    comment=st.just("look again"),
    who=st.just("lead"),
    when=st.just(LATER),
    withdrawn=st.sampled_from(["", LATER, LAST]),
)
assignments = st.builds(
    lambda given, back: Assignment("ada", tuple(given), tuple(back)),
    st.lists(assigned, unique_by=lambda each: each.uid),
    st.lists(returned, unique_by=lambda each: each.uid),
)


def test_a_withdrawn_document_is_not_to_do_until_it_is_given_again() -> None:
    both = Assignment("ada", (Assigned("a", "one", "lead", FIRST, 2), Assigned("b", "two", "lead", FIRST)))
    left = both.withdrawing(["one"], when=LATER)
    assert both.documents == ("one", "two")
    assert both.shares == {"one": 2, "two": 1}
    assert left.documents == ("two",)
    assert left.assigned[0].withdrawn == LATER
    assert left.withdrawing(["one"], when=LAST) == left
    again = Assignment("ada", (*left.assigned, Assigned("c", "one", "lead", LAST)))
    assert again.documents == ("two", "one")


def test_the_newest_return_of_a_document_counts() -> None:
    old, new = (Returned(when, "one", when, "lead", when) for when in (FIRST, LATER))
    assert Assignment("ada", returned=(new, old)).returns == {"one": new}


def test_a_return_that_was_taken_back_does_not_count() -> None:
    both = Assignment(
        "ada", returned=tuple(Returned(each, each, "", "lead", FIRST) for each in ("one", "two"))
    )
    left = both.taking_back(["one"], when=LATER)
    assert list(left.returns) == ["two"]
    assert [each.withdrawn for each in left.returned] == [LATER, ""]
    assert left.taking_back(["one"], when=LAST) == left
    again = Assignment("ada", returned=(*left.returned, Returned("r", "one", "again", "lead", LAST)))
    assert again.returns["one"].comment == "again"


@given(assignments, assignments)
def test_two_copies_are_united_alike_from_either_side(ours: Assignment, theirs: Assignment) -> None:
    one, other = united(ours, theirs), united(theirs, ours)
    assert one == other
    assert united(one, theirs) == one
    uids = {each.uid for each in (*ours.assigned, *theirs.assigned, *ours.returned, *theirs.returned)}
    assert {each.uid for each in (*one.assigned, *one.returned)} == uids


def test_what_either_copy_has_withdrawn_is_withdrawn() -> None:
    here = Assignment("ada", (Assigned("a", "one", "lead", FIRST),))
    assert united(here, here.withdrawing(["one"], when=LATER)).documents == ()
    back = Assignment("ada", returned=(Returned("a", "one", "", "lead", FIRST),))
    assert united(back, back.taking_back(["one"], when=LATER)).returns == {}
