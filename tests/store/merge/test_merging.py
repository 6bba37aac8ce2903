"""Two histories of one set: which one is longer, and when two tails go together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Status, Verb
from annotator.model.spans import Span, Suggestion
from annotator.store.merge.histories import Relation, common_length, merged, relation

WHEN = "2026-11-22T14:02:11Z"
Act = Callable[[AnnotationSet, str], None]


def apply(made: AnnotationSet, verb: Verb, uid: str, *, step: int | None = None, **fields: object) -> None:
    made.apply(
        Decision(
            made.revision + 1,
            step or made.last_step + 1,
            verb,
            "ada",
            WHEN,
            uid=uid,
            by=By.KEY,
            **fields,  # type: ignore[arg-type]
        )
    )


def adding(start: int, length: int = 3, label: str = "PER") -> Act:
    def act(made: AnnotationSet, uid: str) -> None:
        apply(made, Verb.ADD, uid, span=f"s{uid}", after=Span(start, start + length, label))

    return act


def changing(index: int, label: str) -> Act:
    def act(made: AnnotationSet, uid: str) -> None:
        there = made.spans[index]
        after = Span(there.start, there.end, label)
        apply(made, Verb.RELABEL, uid, span=there.uid, before=there.span, after=after)

    return act


def removing(index: int) -> Act:
    def act(made: AnnotationSet, uid: str) -> None:
        there = made.spans[index]
        apply(made, Verb.REMOVE, uid, span=there.uid, before=there.span)

    return act


def rejecting(made: AnnotationSet, uid: str) -> None:
    apply(made, Verb.REJECT, uid, suggestion=Suggestion(90, 95, "ORG"))


def accepting(made: AnnotationSet, uid: str) -> None:
    suggestion = Suggestion(90, 95, "ORG")
    apply(made, Verb.ACCEPT, uid, span=f"s{uid}", after=Span(90, 95, "ORG"), suggestion=suggestion)


def undoing(made: AnnotationSet, uid: str) -> None:
    assert made.undo_step
    apply(made, Verb.UNDO, uid, step=made.undo_step[0].step)


def redoing(made: AnnotationSet, uid: str) -> None:
    assert made.redo_step
    apply(made, Verb.REDO, uid, step=made.redo_step[0].step)


def deciding(verb: Verb) -> Act:
    return lambda made, uid: apply(made, verb, uid)


finishing, skipping, reopening = map(deciding, (Verb.FINISH, Verb.SKIP, Verb.REOPEN))


def history(*acts: Act, on: AnnotationSet | None = None, name: str = "c") -> AnnotationSet:
    """A set with what `acts` decide after what is in `on`."""
    made = AnnotationSet("one", "ada", on.decisions if on else ())
    for number, act in enumerate(acts):
        act(made, f"{name}{number}")
    return made


COMMON = history(adding(0), adding(10), adding(20))


def ours(*acts: Act) -> AnnotationSet:
    return history(*acts, on=COMMON, name="o")


def theirs(*acts: Act) -> AnnotationSet:
    return history(*acts, on=COMMON, name="t")


def state(made: AnnotationSet) -> object:
    return {each.span for each in made.spans}, {each.key for each in made.rejections}, made.status


def test_one_history_goes_on_from_another() -> None:
    longer = ours(adding(30))
    assert relation(COMMON.decisions, longer.decisions) is Relation.LONGER
    assert relation(longer.decisions, COMMON.decisions) is Relation.SAME
    assert relation(longer.decisions, longer.decisions) is Relation.SAME
    assert relation([], COMMON.decisions) is Relation.LONGER
    assert relation([], []) is Relation.SAME
    assert relation(longer.decisions, theirs(adding(40)).decisions) is Relation.APART


def test_tails_on_different_spans_are_one_behind_the_other_and_numbered_anew() -> None:
    one, other = (
        ours(adding(30), undoing, redoing),
        theirs(changing(1, "ORG"), adding(40), undoing, finishing),
    )
    joint = merged(one, other, nested=False)
    assert joint is not None
    assert [each.uid for each in joint.decisions] == [
        *("c0", "c1", "c2"),
        *("o0", "o1", "o2"),
        *("t0", "t1", "t2", "t3"),
    ]
    assert [each.seq for each in joint.decisions] == list(range(1, 11))
    assert [each.step for each in joint.decisions] == [1, 2, 3, 4, 4, 4, 5, 6, 6, 7]
    assert {(each.start, each.label) for each in joint.spans} == {
        (0, "PER"),
        (10, "ORG"),
        (20, "PER"),
        (30, "PER"),
    }
    assert joint.status is Status.DONE
    assert one.revision == 6, "the sets that are merged stay as they are"


def test_what_a_merge_has_brought_is_known_ever_after() -> None:
    one, other = ours(adding(30)), theirs(adding(40))
    here, there = merged(one, other, nested=False), merged(other, one, nested=False)
    assert here is not None
    assert there is not None
    assert relation(here.decisions, other.decisions) is Relation.SAME
    assert relation(here.decisions, there.decisions) is Relation.SAME
    more = history(adding(50), on=there, name="m")
    assert relation(here.decisions, more.decisions) is Relation.APART
    last = merged(here, more, nested=False)
    assert last is not None
    assert [each.uid for each in last.decisions[3:]] == ["o0", "t0", "m0"]


def test_the_larger_effort_stands() -> None:
    one, other = ours(adding(30)), theirs(adding(40))
    one.effort.keys, other.effort.keys, other.effort.seconds = 5, 9, 2.5
    joint = merged(one, other, nested=False)
    assert joint is not None
    assert (joint.effort.keys, joint.effort.seconds) == (9, 2.5)
    joint.effort.keys += 1
    assert other.effort.keys == 9


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ([adding(30)], [adding(31)]),
        ([adding(30)], [adding(30)]),
        ([changing(0, "ORG")], [changing(0, "LOC")]),
        ([changing(0, "ORG")], [removing(0)]),
        ([undoing, adding(30)], [undoing]),
        ([rejecting], [accepting]),
        ([finishing], [skipping]),
        ([skipping], [adding(30)]),
        ([finishing, reopening], [finishing]),
    ],
    ids=[
        "overlap",
        "the same added twice",
        "two labels",
        "relabelled and removed",
        "both undo what both began with",
        "rejected and accepted",
        "finished and skipped",
        "skipped and worked on",
        "opened again and finished",
    ],
)
def test_tails_that_clash(here: list[Act], there: list[Act]) -> None:
    assert merged(ours(*here), theirs(*there), nested=False) is None
    assert merged(theirs(*there), ours(*here), nested=False) is None


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ([adding(30)], [finishing]),
        ([rejecting], [rejecting]),
        ([removing(0)], [removing(1), adding(50)]),
        ([adding(30), undoing], [adding(30)]),
    ],
    ids=["finished there", "both rejected", "different ones removed", "taken back here"],
)
def test_tails_that_go_together(here: list[Act], there: list[Act]) -> None:
    one = merged(ours(*here), theirs(*there), nested=False)
    other = merged(theirs(*there), ours(*here), nested=False)
    assert one is not None
    assert other is not None
    assert state(one) == state(other)


def test_an_undo_here_of_what_both_began_with_goes_with_work_elsewhere_there() -> None:
    joint = merged(ours(undoing), theirs(adding(30)), nested=False)
    assert joint is not None
    assert [each.start for each in joint.spans] == [0, 10, 30]
    assert merged(ours(adding(30)), theirs(undoing), nested=False) is None, "it would reach across our tail"


def test_overlaps_are_in_the_way_in_a_flat_label_set_only() -> None:
    one, other = ours(adding(30, 9)), theirs(adding(32))
    assert merged(one, other, nested=False) is None
    assert merged(one, other, nested=True) is not None
    assert merged(one, theirs(adding(30, 9)), nested=True) is None, "twice the same"


def test_an_overlap_that_was_there_is_nobodys_clash() -> None:
    common = history(adding(0, 9), adding(3))
    one = history(adding(30), on=common, name="o")
    other = history(adding(40), on=common, name="t")
    assert merged(one, other, nested=False) is not None
    without = history(removing(0), on=common, name="o")
    assert merged(without, history(adding(5), on=common, name="t"), nested=False) is not None
    assert merged(history(removing(0), adding(5), on=common, name="o"), other, nested=False) is not None


def test_histories_that_were_begun_apart_are_not_mixed() -> None:
    """They may be two people's who have one name."""
    assert merged(history(adding(0), name="o"), history(adding(50), name="t"), nested=False) is None


def test_one_uid_with_two_contents_is_a_clash() -> None:
    one, other = ours(adding(30)), history(adding(60), on=COMMON, name="o")
    assert common_length(one.decisions, other.decisions) == 3
    assert relation(one.decisions, other.decisions) is Relation.APART
    assert merged(one, other, nested=False) is None


acts = st.lists(
    st.one_of(
        st.builds(adding, st.integers(0, 60), st.integers(1, 4), st.sampled_from(["PER", "ORG"])),
        st.just(rejecting),
        st.just(accepting),
        st.just(finishing),
        st.just(skipping),
        st.just(reopening),
        st.just(undoing),
        st.just(redoing),
        st.builds(changing, st.integers(0, 3), st.sampled_from(["ORG", "LOC"])),
        st.builds(removing, st.integers(0, 3)),
    ),
    max_size=6,
)


def tried(made: AnnotationSet, tail: list[Act], name: str) -> AnnotationSet:
    """The set with what of a tail can be done."""
    for number, act in enumerate(tail):
        try:
            act(made, f"{name}{number}")
        except (AssertionError, IndexError):
            continue
    return made


@given(acts, acts, acts, st.booleans())
def test_a_merge_holds_every_decision_once_and_does_not_depend_on_the_side(
    begin: list[Act], here: list[Act], there: list[Act], nested: bool
) -> None:
    common = tried(history(adding(100)), begin, "c+")
    one = tried(history(on=common), here, "o")
    other = tried(history(on=common), there, "t")
    joint, turned = merged(one, other, nested=nested), merged(other, one, nested=nested)
    if joint is None:
        return
    assert joint.decisions[: one.revision] == one.decisions
    tail = other.decisions[common_length(one.decisions, other.decisions) :]
    assert [each.uid for each in joint.decisions[one.revision :]] == [each.uid for each in tail]
    assert state(AnnotationSet("one", "ada", joint.decisions)) == state(joint)
    assert relation(joint.decisions, other.decisions) is Relation.SAME
    if turned is not None:
        assert state(turned) == state(joint)
    if not tail:
        assert state(joint) == state(one)
