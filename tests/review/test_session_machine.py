"""Any verb of a review after any other, over any annotators: what must always hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, overlaps
from annotator.review.conflict_navigation import Filter
from annotator.review.conflict_state import Counts, Outcome, count_conflicts
from annotator.review.conflicts import Kind, key_of
from annotator.review.provenance import Origin, provenance
from annotator.review.session import ReviewSession

TEXT = "Nicolás Maduro met Ada, Maduro met Ada. Then Maduro met the State Department."
LABELS = ["PER", "ORG"]
MENTIONS = [
    [(0, 14), (8, 14), (0, 7)],
    [(19, 22)],
    [(24, 30), (35, 38), (24, 38)],
    [(45, 51)],
    [(60, 76), (56, 76), (66, 76)],
]


def marks_of(places: list[tuple[int, int]]) -> st.SearchStrategy[list[Any]]:
    """What an annotator has where a mention is: mostly the same as everybody, or one or two others, or nothing."""
    others = st.lists(st.tuples(st.sampled_from(places), st.sampled_from(LABELS)), max_size=2)
    return st.just([(places[0], LABELS[0])]) | others


markings = st.tuples(*map(marks_of, MENTIONS)).map(lambda parts: [mark for part in parts for mark in part])
crowds = st.sampled_from(["a", "ab", "ab", "abc", "abcd"]).flatmap(
    lambda names: st.fixed_dictionaries(dict.fromkeys(names, markings))
)


class AnyReview(RuleBasedStateMachine):
    """Drives sessions over one gold set; annotators change their minds between them."""

    @initialize(crowd=crowds, nested=st.booleans(), share=st.sampled_from([0.0, 0.5]))
    def start(self, crowd: dict[str, Any], nested: bool, share: float) -> None:
        self.labels = replace(LabelSet.from_names("two", LABELS), nested=nested)
        self.gold = AnnotationSet("doc", "gold")
        self.share = share
        self.open_session(crowd)

    def open_session(self, crowd: dict[str, Any]) -> None:
        self.sets = {name: self.possible(marks) for name, marks in crowd.items()}
        self.session = ReviewSession(
            new_document(TEXT, id="doc"), self.labels, self.gold, self.sets, reviewer="lea",
            check_share=self.share, clock=lambda: datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        )  # fmt: skip

    def possible(self, marks: Any) -> list[Span]:
        """What an editor lets an annotator have."""
        kept: list[Span] = []
        for place, label in marks:
            span = Span(*place, label)
            if span not in kept and (self.labels.nested or not any(overlaps(span, each) for each in kept)):
                kept.append(span)
        return kept

    def state(self) -> tuple[Any, ...]:
        """What undo gives back."""
        gold = self.gold
        spans = frozenset((each.uid, each.span, each.suggestion) for each in gold.spans)
        return spans, frozenset(gold.rejections), gold.status, gold.comments

    def act(self, verb: Callable[[], Change]) -> Change:
        """Do it; what refuses changes nothing, what decides is one step that undo takes back whole."""
        was, revision, status = self.state(), self.gold.revision, self.gold.status
        change = verb()
        assert self.gold.revision == revision + len(change.decisions)
        if not change:
            assert self.state() == was
            return change
        assert len({decision.step for decision in change.decisions}) == 1
        if status is Status.DONE:
            assert {decision.verb for decision in change.decisions} <= {Verb.REOPEN, Verb.COMMENT}
        became = self.state()
        while not (back := self.session.undo()):
            assert "press again" in back.message
        assert self.state() == was
        assert self.session.redo()
        assert self.state() == became
        return change

    @rule(number=st.integers(1, 4))
    def take(self, number: int) -> None:
        current, versions = self.session.current, self.session.versions()
        is_done = self.gold.status is Status.DONE
        change = self.act(lambda: self.session.take(number))
        if current is None or is_done or not 1 <= number <= len(versions):
            return
        assert self.session.conflict_state.is_settled(current)
        stands = {key_of(each.span) for each in self.session.conflict_state.spans(current)}
        assert stands == versions[number - 1].keys
        if change:
            assert current.kind is Kind.CHECK or self.session.outcome(current) is not Outcome.OPEN

    @rule()
    def take_preselection(self) -> None:
        proposal = self.session.proposal()
        change = self.act(self.session.take_preselection)
        assert not change or (proposal is not None and proposal.version is not None)

    @rule()
    def no_entity(self) -> None:
        current, is_done = self.session.current, self.gold.status is Status.DONE
        self.act(self.session.no_entity)
        if current is not None and not is_done:
            assert self.session.outcome(current) is Outcome.NO_ENTITY

    @rule(name=st.sampled_from(LABELS))
    def label(self, name: str) -> None:
        self.act(lambda: self.session.label(name))

    @rule(edge=st.sampled_from(["left", "right"]), direction=st.sampled_from(["out", "in"]))
    def resize(self, edge: str, direction: str) -> None:
        self.act(lambda: self.session.resize(edge, direction))

    @rule(offset=st.integers(0, len(TEXT) - 1))
    def go(self, offset: int) -> None:
        self.session.editor.navigation.go(offset)
        self.session.go_to_cursor()

    @rule()
    def reject(self) -> None:
        self.act(self.session.reject)

    @rule()
    def accept(self) -> None:
        self.act(lambda: self.session.edit(Editor.accept, moves_on=True))

    @rule(text=st.sampled_from(["", "so?", "no"]))
    def note(self, text: str) -> None:
        self.act(lambda: self.session.note(text))

    @rule()
    def doubt(self) -> None:
        self.act(self.session.doubt)

    @rule(text=st.sampled_from(["", "see 3.2"]), to=st.sampled_from([[], ["a"]]))
    def comment(self, text: str, to: list[str]) -> None:
        self.act(lambda: self.session.comment(text, to=to))

    @rule()
    def reopen(self) -> None:
        current, is_done = self.session.current, self.gold.status is Status.DONE
        if self.act(self.session.reopen) and current is not None and not is_done:
            assert not self.session.conflict_state.is_settled(current)

    @rule(until=st.integers(0, len(TEXT)))
    def take_majorities(self, until: int) -> None:
        change = self.act(lambda: self.session.take_majorities(until))
        for decision in change.decisions:
            assert decision.verb is Verb.REOPEN or decision.by is By.BULK

    @rule()
    def settle_same_text(self) -> None:
        open_before = self.session.counts.open
        found, _ = self.session.same_text()
        if self.act(self.session.settle_same_text) and self.gold.status is not Status.DONE:
            assert self.session.counts.open == open_before - len(found)

    @rule()
    def finish(self) -> None:
        left, spans = self.session.counts.open, list(self.gold.spans)
        change = self.act(self.session.finish)
        assert list(self.gold.spans) == spans
        if change:
            assert left == 0
            assert self.gold.status is Status.DONE

    @rule(count=st.integers(1, 3))
    def undo(self, count: int) -> None:
        for _ in range(count):
            self.session.undo()

    @rule()
    def redo(self) -> None:
        self.session.redo()

    @rule(kind=st.none() | st.sampled_from(Kind))
    def filter(self, kind: Kind | None) -> None:
        self.session.filter = Filter(kind=kind)

    @rule()
    def move(self) -> None:
        if self.session.next_open(wraps=True):
            assert self.session.current in self.session.navigation.open

    @rule()
    def settle_all(self) -> None:
        """Taking versions settles everything, in as many keys as there are open conflicts."""
        if self.gold.status is Status.DONE:
            return
        self.session.filter = Filter()
        left = self.session.counts.open
        self.session.next_open(wraps=True)
        for _ in range(left):
            if self.session.counts.open:
                assert self.session.take(1)
        assert self.session.counts.open == 0

    @rule(crowd=crowds)
    def come_again(self, crowd: dict[str, Any]) -> None:
        """Only spans that nobody decided on, and those on which all agree no longer or only now, are shown."""
        marked = {key_of(span) for own in self.sets.values() for span in own}
        decided = marked if not self.session.counts.open else set()
        seen = {key_of(each.span) for each in self.gold.spans if each.decision.by is not By.AGREEMENT}
        stands = {key_of(each.span) for each in self.gold.spans}
        before = self.state()
        self.open_session(crowd)
        assert self.state() == before
        for conflict in self.session.navigation.all_open:
            keys = set(conflict.keys)
            if conflict.kind is not Kind.CHECK and keys <= decided:
                assert keys & stands - seen
        self.begin()

    @rule()
    def begin(self) -> None:
        taken_before = {
            each.suggestion.key for each in self.gold.decisions if each.by is By.AGREEMENT and each.suggestion
        }
        rejected = {each.key for each in self.gold.rejections}
        change = self.act(self.session.begin)
        for decision in change.decisions:
            assert decision.suggestion is not None
            key = decision.suggestion.key
            assert all(key in map(key_of, own) for own in self.sets.values())
            assert key not in taken_before | rejected

    # What always holds

    @invariant()
    def the_walk_kept_up_equals_one_made_afresh(self) -> None:
        conflict_state = self.session.conflict_state
        shown = [item for item in conflict_state.items if conflict_state.is_shown(item)]
        open_ones = [item for item in conflict_state.items if not conflict_state.is_settled(item)]
        assert list(self.session.navigation.all_open) == open_ones
        assert self.session.counts == Counts(len(open_ones), len(shown) - len(open_ones))
        fresh = count_conflicts(self.sets, self.gold, self.labels, check_share=self.share)
        untaken = {each.key for each in conflict_state.to_take()} - conflict_state.checked
        waiting = 0 if self.gold.status is Status.DONE else len(untaken)
        assert fresh == Counts(len(open_ones) - waiting, len(shown) - len(open_ones))

    @invariant()
    def an_open_conflict_has_something_undecided_and_a_settled_one_nothing(self) -> None:
        taken = {each.suggestion.key for each in self.gold.spans if each.suggestion}
        stands = {key_of(each.span): each for each in self.gold.spans}
        rejected = {each.key for each in self.gold.rejections}
        for item in self.session.conflict_state.items:
            if item.kind is Kind.CHECK:
                continue
            undecided = [
                key
                for key in item.keys
                if (key in stands and stands[key].decision.by is By.AGREEMENT)
                or not (key in stands or key in taken or key in rejected)
            ]
            assert (self.session.outcome(item) is Outcome.OPEN) is bool(undecided)

    @invariant()
    def spans_can_stand_together(self) -> None:
        spans = [each.span for each in self.gold.spans]
        if self.labels.nested:
            assert len({key_of(span) for span in spans}) == len(spans)
        else:
            assert not any(overlaps(a, b) for i, a in enumerate(spans) for b in spans[:i])

    @invariant()
    def the_gold_set_is_the_fold_of_its_decisions(self) -> None:
        folded = AnnotationSet("doc", "gold", self.gold.decisions)
        assert list(folded.spans) == list(self.gold.spans)
        assert folded.comments == self.gold.comments

    @invariant()
    def each_gold_span_tells_where_it_comes_from(self) -> None:
        for each in self.gold.spans:
            found = provenance(each)
            assert found.origin is not Origin.SUGGESTED
            assert (found.origin is Origin.ADDED) is (each.suggestion is None)
            assert (found.annotators == ()) is (each.suggestion is None)
            if found.origin is Origin.UNANIMOUS:
                assert each.suggestion is not None
                assert each.suggestion.source == "unanimous"

    @invariant()
    def at_most_one_version_stands_in_gold(self) -> None:
        for item in self.session.navigation.shown:
            versions = self.session.versions(item)
            assert sum(version.in_gold for version in versions) <= 1
            assert versions[: len(item.versions)] == tuple(
                replace(each, in_gold=mine.in_gold)
                for each, mine in zip(item.versions, versions, strict=False)
            )


AnyReview.TestCase.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyReview = AnyReview.TestCase
