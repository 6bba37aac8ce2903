"""Annotation sets: always the fold of their decisions, whatever is decided, undone and redone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from annotator.errors import FoldError
from annotator.model.annotations import AnnotationSet, Effort
from annotator.model.decisions import By, Comment, Decision, Status, Verb, new_uid
from annotator.model.spans import Span, Suggestion

WHEN = "2026-11-22T14:02:11Z"
places = st.builds(lambda start, length: (start, start + length), st.integers(0, 20), st.integers(1, 6))
labels = st.sampled_from(["PER", "ORG"])
spans = st.builds(lambda place, label: Span(*place, label), places, labels)
suggestions = st.builds(lambda place, label: Suggestion(*place, label, score=0.9), places, labels)
comments = st.builds(
    lambda place, text, to: Comment(*place, text, to),
    places, st.sampled_from(["", "see 3.2", "which?"]), st.sampled_from([(), ("eva",)]),
)  # fmt: skip
State = tuple[frozenset[Any], frozenset[Any], Status, tuple[Comment, ...], tuple[Span, ...], frozenset[Any]]


def state(annotations: AnnotationSet) -> State:
    """What undo gives back: spans with their origin and last decision, rejections, status, comments, remarks, removals."""
    spans = frozenset((each.uid, each.span, each.suggestion, each.decision) for each in annotations.spans)
    removed = frozenset(
        (decision.before.start, decision.before.end)
        for decision in annotations.decisions
        if decision.verb is Verb.REMOVE and decision.before
        if annotations.is_turned_down(decision.before.start, decision.before.end)
    )
    rejections = frozenset(annotations.rejections)
    return spans, rejections, annotations.status, annotations.comments, annotations.remarks, removed


def decide(annotations: AnnotationSet, verb: Verb, step: int | None = None, **fields: Any) -> Decision:
    """The next decision, of a new step unless one is given."""
    number = annotations.last_step + 1 if step is None else step
    return Decision(annotations.revision + 1, number, verb, "me", WHEN, uid=new_uid(), **fields)


def added(annotations: AnnotationSet, span: Span, **fields: Any) -> str:
    """Add a span; its uid."""
    uid = new_uid()
    annotations.apply(decide(annotations, Verb.ADD, span=uid, after=span, **fields))
    return uid


class Fold(RuleBasedStateMachine):
    """Legal decisions in any order, against a list of the states before each step."""

    def __init__(self) -> None:
        super().__init__()
        self.set = AnnotationSet("doc", "me")
        self.before: list[State] = []
        self.after: list[State] = []

    def step(self, *decisions: tuple[Verb, dict[str, Any]]) -> None:
        """Several decisions as one new step."""
        self.before.append(state(self.set))
        self.after.clear()
        number = self.set.last_step + 1
        for verb, fields in decisions:
            self.set.apply(decide(self.set, verb, number, **fields))

    @rule(span=spans)
    def add(self, span: Span) -> None:
        self.step((Verb.ADD, {"span": new_uid(), "after": span}))

    @rule(suggestion=suggestions, label=labels)
    def take(self, suggestion: Suggestion, label: str) -> None:
        after = Span(suggestion.start, suggestion.end, label)
        self.step((Verb.ACCEPT, {"span": new_uid(), "after": after, "suggestion": suggestion}))

    @rule(suggestion=suggestions)
    def reject(self, suggestion: Suggestion) -> None:
        self.step((Verb.REJECT, {"suggestion": suggestion}))

    @precondition(lambda self: len(self.set.spans))
    @rule(
        data=st.data(), span=spans, verb=st.sampled_from([Verb.RELABEL, Verb.RESIZE, Verb.DOUBT, Verb.NOTE])
    )
    def change(self, data: st.DataObject, span: Span, verb: Verb) -> None:
        there = data.draw(st.sampled_from(list(self.set.spans)))
        fields = {"span": there.uid, "before": there.span, "after": span, "suggestion": there.suggestion}
        self.step((verb, fields))

    @precondition(lambda self: len(self.set.spans))
    @rule(data=st.data(), verb=st.sampled_from([Verb.REMOVE, Verb.REJECT]), span=spans)
    def replace(self, data: st.DataObject, verb: Verb, span: Span) -> None:
        there = data.draw(st.sampled_from(list(self.set.spans)))
        gone = {"span": there.uid, "before": there.span, "suggestion": there.suggestion}
        self.step((verb, gone), (Verb.ADD, {"span": new_uid(), "after": span}))

    @rule(suggestion=suggestions, note=st.sampled_from(["", "who?"]), doubt=st.booleans())
    def remark(self, suggestion: Suggestion, note: str, doubt: bool) -> None:
        remarked = Span(suggestion.start, suggestion.end, suggestion.label, note, doubt)
        self.step((Verb.NOTE if note else Verb.DOUBT, {"after": remarked, "suggestion": suggestion}))
        assert self.set.remark(suggestion) == (remarked if note or doubt else None)

    @rule(verb=st.sampled_from([Verb.FINISH, Verb.SKIP, Verb.REOPEN]), span=spans)
    def status(self, verb: Verb, span: Span) -> None:
        self.step((Verb.ADD, {"span": new_uid(), "after": span}), (verb, {"by": By.DOCUMENT}))

    @rule(comment=comments, suggestion=suggestions)
    def comment(self, comment: Comment, suggestion: Suggestion) -> None:
        self.step((Verb.REJECT, {"suggestion": suggestion}), (Verb.COMMENT, {"comment": comment}))

    @precondition(lambda self: len(self.set.rejections))
    @rule(data=st.data())
    def reopen(self, data: st.DataObject) -> None:
        rejected = data.draw(st.sampled_from(list(self.set.rejections)))
        self.step((Verb.REOPEN, {"suggestion": rejected}))
        assert not self.set.is_rejected(rejected)

    @precondition(lambda self: self.set.undo_step)
    @rule()
    def undo(self) -> None:
        self.after.append(state(self.set))
        assert self.set.undo_step
        self.set.apply(decide(self.set, Verb.UNDO, self.set.undo_step[0].step))
        assert state(self.set) == self.before.pop()

    @precondition(lambda self: self.set.redo_step)
    @rule()
    def redo(self) -> None:
        self.before.append(state(self.set))
        assert self.set.redo_step
        self.set.apply(decide(self.set, Verb.REDO, self.set.redo_step[0].step))
        assert state(self.set) == self.after.pop()

    @rule(
        data=st.data(),
        kind=st.sampled_from(
            [
                "seq",
                "before",
                "step",
                "empty",
                "nameless",
                "mute",
                "undo",
                "redo",
                "unremarked",
                "aimless",
                "aside",
            ]
        ),
    )
    def illegal(self, data: st.DataObject, kind: str) -> None:
        good = decide(self.set, Verb.ADD, span=new_uid(), after=Span(0, 2, "PER"))
        bad = {
            "seq": replace(good, seq=good.seq + data.draw(st.sampled_from([-1, 1]))),
            "before": replace(good, before=Span(0, 1, "PER")),
            "step": replace(good, step=self.set.last_step - 1 if self.set.last_step else 0),
            "empty": replace(good, after=Span(2, 2, "PER")),
            "nameless": replace(good, span=None),
            "mute": decide(self.set, Verb.COMMENT),
            "unremarked": decide(self.set, Verb.NOTE, suggestion=Suggestion(0, 2, "PER")),
            "aimless": decide(self.set, Verb.NOTE, after=Span(0, 2, "PER", "who?")),
            "aside": decide(
                self.set, Verb.DOUBT, after=Span(0, 3, "PER", doubt=True), suggestion=Suggestion(0, 2, "PER")
            ),
            "undo": decide(self.set, Verb.UNDO, self.set.last_step + 1),
            "redo": decide(self.set, Verb.REDO, self.set.last_step + 1),
        }[kind]
        was, history = state(self.set), list(self.set.decisions)
        undo, redo = self.set.undo_step, self.set.redo_step
        with pytest.raises(FoldError):
            self.set.apply(bad)
        assert state(self.set) == was
        assert self.set.decisions == history
        assert (self.set.undo_step, self.set.redo_step) == (undo, redo)

    @invariant()
    def is_the_fold_of_its_decisions(self) -> None:
        folded = AnnotationSet("doc", "me", self.set.decisions)
        assert state(folded) == state(self.set)
        assert folded.undo_step == self.set.undo_step
        assert folded.redo_step == self.set.redo_step
        assert folded.revision == self.set.revision == len(self.set.decisions)

    @invariant()
    def finds_what_it_holds(self) -> None:
        assert all(self.set.get(each.uid) is each for each in self.set.spans)
        assert all(self.set.is_rejected(each) for each in self.set.rejections)
        taken = {each.suggestion.key for each in self.set.spans if each.suggestion}
        for each in self.set.decisions:
            if each.suggestion:
                assert self.set.is_taken(each.suggestion) is (each.suggestion.key in taken)

    @invariant()
    def redo_lasts_until_a_new_step(self) -> None:
        assert bool(self.set.redo_step) is bool(self.after)
        assert bool(self.set.undo_step) is bool(self.before)


TestFold = Fold.TestCase


@pytest.fixture
def annotations() -> AnnotationSet:
    return AnnotationSet("doc", "me", effort=Effort(seconds=3.0, keys=7))


def test_a_set_is_to_do_then_started_then_done(annotations: AnnotationSet) -> None:
    assert annotations.status is Status.TODO
    added(annotations, Span(0, 2, "PER"))
    assert annotations.status is Status.STARTED
    for verb, status in [
        (Verb.SKIP, Status.SKIPPED),
        (Verb.FINISH, Status.DONE),
        (Verb.REOPEN, Status.STARTED),
    ]:
        annotations.apply(decide(annotations, verb))
        assert annotations.status is status


def test_a_decision_takes_a_skipped_document_up_again(annotations: AnnotationSet) -> None:
    annotations.apply(decide(annotations, Verb.SKIP))
    added(annotations, Span(0, 2, "PER"))
    assert annotations.status is Status.STARTED
    annotations.apply(decide(annotations, Verb.UNDO, annotations.last_step))
    assert annotations.status is Status.SKIPPED


def test_done_without_spans_is_an_answer(annotations: AnnotationSet) -> None:
    annotations.apply(decide(annotations, Verb.FINISH))
    assert annotations.status is Status.DONE
    assert not len(annotations.spans)


def test_accepting_a_rejected_suggestion_ends_the_rejection(annotations: AnnotationSet) -> None:
    suggestion = Suggestion(0, 4, "ORG")
    annotations.apply(decide(annotations, Verb.REJECT, suggestion=suggestion))
    assert annotations.is_rejected(suggestion)
    annotations.apply(
        decide(annotations, Verb.ACCEPT, span="u", after=Span(0, 4, "ORG"), suggestion=suggestion)
    )
    assert not annotations.is_rejected(suggestion)
    assert annotations.is_taken(suggestion)


def test_a_span_keeps_its_origin_wherever_it_goes(annotations: AnnotationSet) -> None:
    suggestion = Suggestion(0, 4, "ORG")
    uid = added(annotations, Span(0, 4, "ORG"), suggestion=suggestion)
    annotations.apply(
        decide(annotations, Verb.RESIZE, span=uid, before=Span(0, 4, "ORG"), after=Span(6, 9, "PER"))
    )
    there = annotations.get(uid)
    assert there is not None
    assert (there.start, there.end, there.label, there.suggestion) == (6, 9, "PER", suggestion)
    assert annotations.is_taken(suggestion)


def test_decisions_may_join_the_last_step_but_no_earlier_one(annotations: AnnotationSet) -> None:
    added(annotations, Span(0, 2, "PER"))
    annotations.apply(decide(annotations, Verb.ADD, 1, span="b", after=Span(3, 4, "PER")))
    assert annotations.undo_step is not None
    assert len(annotations.undo_step) == 2
    added(annotations, Span(5, 6, "PER"))
    with pytest.raises(FoldError, match="step 1, which is over"):
        annotations.apply(decide(annotations, Verb.ADD, 1, span="c", after=Span(7, 8, "PER")))
    annotations.apply(decide(annotations, Verb.UNDO, 2))
    with pytest.raises(FoldError, match="step 1, which is over"):
        annotations.apply(decide(annotations, Verb.ADD, 1, span="c", after=Span(7, 8, "PER")))


@given(st.lists(spans, min_size=1, max_size=8))
def test_effort_is_no_part_of_the_fold(drawn: list[Span]) -> None:
    annotations = AnnotationSet("doc", "me", effort=Effort(seconds=3.0, keys=7))
    for span in drawn:
        added(annotations, span)
    assert annotations.effort == Effort(3.0, 7)
    assert state(AnnotationSet("doc", "me", annotations.decisions)) == state(annotations)


def test_a_comment_replaces_the_one_for_the_same_people_at_the_same_place() -> None:
    annotations = AnnotationSet("doc", "gold")
    for comment in (
        Comment(4, 7, "second"),
        Comment(0, 3, "first"),
        Comment(4, 7, "for eva", ("eva",)),
        Comment(4, 7, "better"),
    ):
        annotations.apply(decide(annotations, Verb.COMMENT, comment=comment))
    assert [each.text for each in annotations.comments] == ["first", "better", "for eva"]
    assert [each.text for each in annotations.comments if each.is_for("ben")] == ["first", "better"]
    annotations.apply(decide(annotations, Verb.COMMENT, comment=Comment(4, 7, "")))
    assert [each.text for each in annotations.comments] == ["first", "for eva"]
