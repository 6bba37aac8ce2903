"""Any verb after any other, on any small document: what must always hold of an editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from annotator.editing.acceptable_counts import acceptable
from annotator.editing.change import Change
from annotator.editing.editor import Editor
from annotator.editing.extents import is_sound
from annotator.editing.marks import State
from annotator.editing.overview import Overview
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Level, Span, Suggestion, overlaps, walking_order
from annotator.model.tokens import Tokens

LABELS = ["PER", "ORG"]
WORDS = [
    "Maduro",
    "Nicolás Maduro",
    "the State",
    "23 de Enero",
    "rai\u0301z",
    "said.",
    "It",
    "👍\U0001f3fd",
    "中国",
    "\n",
    ",",
]

texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
edges = st.sampled_from(["left", "right"])
directions = st.sampled_from(["out", "in"])
fractions = st.floats(0, 1)
proposals = st.lists(
    st.tuples(fractions, st.integers(1, 12), st.sampled_from(LABELS), st.sampled_from([None, 0.5, 0.9, 0.99]),
              st.sampled_from(["model", "memory"]), st.booleans()),
    max_size=8,
)  # fmt: skip


class Anything(RuleBasedStateMachine):
    """Drives one editor by every verb and move that there is."""

    @initialize(text=texts, nested=st.booleans(), proposals=proposals)
    def start(self, text: str, nested: bool, proposals: list[Any]) -> None:
        labels = replace(LabelSet.from_names("two", LABELS), nested=nested)
        annotations = AnnotationSet("doc", "me")
        clock = lambda: datetime(2026, 11, 22, 14, 2, tzinfo=UTC)  # noqa: E731
        self.editor = Editor(new_document(text, id="doc"), labels, annotations, clock=clock)
        self.overview = self.fresh_overview()
        self.suggest(proposals)

    def fresh_overview(self) -> Overview:
        """The overview as read from the board at once."""
        editor = self.editor
        return Overview(editor.suggestion_state, editor.document.text, editor.label_set)

    @property
    def length(self) -> int:
        return len(self.editor.document.text)

    def offset(self, fraction: float) -> int:
        return round(fraction * self.length)

    def state(self) -> tuple[Any, ...]:
        """What undo gives back."""
        annotations = self.editor.annotation_set
        spans = frozenset((each.uid, each.span, each.suggestion) for each in annotations.spans)
        return spans, frozenset(annotations.rejections), annotations.status

    def looks(self) -> list[set[Any]]:
        """What is to be seen on each character."""
        seen: list[set[Any]] = [set() for _ in range(self.length)]
        for mark in self.editor.suggestion_state.marks(0, self.length):
            for offset in range(mark.start, mark.end):
                seen[offset].add((mark.start, mark.end, mark.label, mark.state, mark.doubt))
        return seen

    def act(self, verb: Callable[[], Change], *, travels: bool = False) -> Change:
        """Do it, and check what holds of every verb."""
        suggestion_state = self.editor.suggestion_state
        was, looked, revision, status = (
            self.state(),
            self.looks(),
            self.editor.annotation_set.revision,
            self.editor.status,
        )
        stood = self.editor.cursor.offset, self.editor.focus
        hidden = {each.key for each in suggestion_state.suggestions} - {
            each.key for each in suggestion_state.open
        }
        change = verb()
        assert self.editor.annotation_set.revision == revision + len(change.decisions)
        self.overview.update(change.ranges)
        moved = (self.editor.cursor.offset, self.editor.focus) != stood
        assert bool(change) or change.message or self.editor.cursor.selection or moved
        if not change:
            assert self.state() == was
        if status is Status.DONE and not travels:
            assert self.state()[:2] == was[:2]
            assert [decision.verb for decision in change.decisions] in ([], [Verb.REOPEN])
        for decision in change.decisions:
            if decision.suggestion and decision.before is None and decision.verb is not Verb.UNDO:
                assert decision.suggestion.key not in hidden
        for offset, (before, after) in enumerate(zip(looked, self.looks(), strict=True)):
            if before != after:
                assert any(start <= offset < end for start, end in change.ranges)
        return change

    # Verbs

    @rule()
    def accept(self) -> None:
        focus = self.editor.focus
        change = self.act(self.editor.accept)
        is_open = focus is not None and focus.state is State.UNDECIDED
        assert bool(change) is (is_open and is_sound(self.editor.document.text, focus.start, focus.end))

    @rule(name=st.sampled_from(LABELS))
    def label(self, name: str) -> None:
        focus, place = self.editor.focus, self.editor.addition()
        change = self.act(lambda: self.editor.label(name))
        if change and change.decisions[-1].verb is not Verb.REOPEN:
            after = change.decisions[-1].after
            expected = (focus.start, focus.end) if focus else place
            assert after is not None
            assert (after.start, after.end) == expected
            assert after.label == name

    @rule()
    def reject(self) -> None:
        self.act(self.editor.reject)

    @rule(edge=edges, direction=directions)
    def resize(self, edge: str, direction: str) -> None:
        self.act(lambda: self.editor.resize(edge, direction))

    @rule(one=fractions, other=fractions)
    def resize_to(self, one: float, other: float) -> None:
        self.act(lambda: self.editor.resize_to(self.offset(one), self.offset(other)))

    @rule(fraction=fractions)
    def stretch(self, fraction: float) -> None:
        self.act(lambda: self.editor.stretch_to(self.offset(fraction)))

    @rule(one=fractions, other=fractions)
    def select(self, one: float, other: float) -> None:
        self.editor.select(self.offset(one), self.offset(other))

    @rule()
    def deselect(self) -> None:
        self.editor.deselect()
        assert self.editor.cursor.selection is None
        assert not self.editor.cursor.by_character

    @rule()
    def toggle_characters(self) -> None:
        self.act(self.editor.toggle_characters)

    @rule()
    def doubt(self) -> None:
        if self.act(self.editor.doubt) and self.editor.status is not Status.DONE and self.editor.focus:
            assert self.editor.focus.doubt or self.editor.annotation_set.decisions[-1].verb is Verb.REOPEN

    @rule(text=st.sampled_from(["", " unsure ", "who?"]))
    def note(self, text: str) -> None:
        self.act(lambda: self.editor.note(text))

    @rule()
    def correct_others(self) -> None:
        found = self.editor.correction()
        change = self.act(self.editor.correct_others)
        if found:
            assert len(change.decisions) == len(found[1])
            for decision in change.decisions:
                place = decision.after or decision.suggestion
                origin = found[0].place
                assert place is not None
                assert self.editor.text(place.start, place.end) == self.editor.text(origin.start, origin.end)

    @rule(fraction=fractions)
    def accept_confident(self, fraction: float) -> None:
        until = self.offset(fraction)
        change = self.act(lambda: self.editor.accept_confident(until))
        for decision in change.decisions:
            if decision.verb is Verb.ACCEPT:
                assert decision.suggestion is not None
                assert decision.suggestion.end <= until
                assert decision.suggestion.level is not Level.LOW

    @rule()
    def finish(self) -> None:
        taken, _ = self.editor.finishing()
        spans = len(self.editor.annotation_set.spans)
        if self.act(self.editor.finish):
            assert self.editor.status is Status.DONE
            assert len(self.editor.annotation_set.spans) == spans + taken

    @rule()
    def skip(self) -> None:
        self.act(self.editor.skip)

    @rule()
    def reopen(self) -> None:
        self.act(self.editor.reopen)

    @rule()
    def snap(self) -> None:
        self.act(self.editor.snap)

    @rule(count=st.integers(1, 3))
    def undo(self, count: int) -> None:
        """Undo and redo again: both are the identity together."""
        was = self.state()
        done = sum(bool(self.act(self.editor.undo, travels=True)) for _ in range(count))
        for _ in range(done):
            assert self.act(self.editor.redo, travels=True)
        assert self.state() == was
        if count > 1:
            self.act(self.editor.undo, travels=True)

    @rule()
    def redo(self) -> None:
        self.act(self.editor.redo, travels=True)

    # Moves, and what arrives

    @rule(name=st.sampled_from(["next_undecided", "next_doubtful", "next_here", "back", "to_first"]))
    def walk(self, name: str) -> None:
        getattr(self.editor.navigation, name)()

    @rule(direction=st.sampled_from([-1, 1]))
    def tab(self, direction: int) -> None:
        self.editor.navigation.tab(direction)
        focus = self.editor.navigation.focus
        assert not len(self.editor.suggestion_state.open) or (focus and focus.state is State.UNDECIDED)

    @rule(fraction=fractions)
    def go(self, fraction: float) -> None:
        self.editor.navigation.go(self.offset(fraction))

    @rule(count=st.integers(-3, 3), unit=st.sampled_from(["step", "step_sentence", "step_paragraph"]))
    def step(self, count: int, unit: str) -> None:
        before = self.editor.cursor.offset
        getattr(self.editor.navigation, unit)(count)
        moved = self.editor.cursor.offset - before
        assert moved * count >= 0 or (unit != "step" and count == 0)

    @rule(hides=st.booleans())
    def hide(self, hides: bool) -> None:
        self.editor.suggestion_state.hide_doubtful(hides)
        self.overview.rebuild()

    @rule(proposals=proposals)
    def suggest(self, proposals: list[Any]) -> None:
        found = []
        for fraction, length, label, score, source, snaps in proposals:
            start = self.offset(fraction)
            end = min(start + length, self.length + 1)
            if snaps:
                start, end = self.editor.tokens.snapped(start, end) or (start, end)
            found.append(Suggestion(start, end, label, source, score))
        decided = self.editor.focus if self.editor.focus and self.editor.focus.decided else None
        cursor = self.editor.cursor.offset
        self.editor.suggest(found)
        self.overview.rebuild()
        assert self.editor.cursor.offset == cursor
        if decided and decided in self.editor.navigation.here:
            assert len(self.editor.navigation.here) > 1 or self.editor.focus == decided

    @rule(gap=st.integers(1, 3))
    def retokenize(self, gap: int) -> None:
        text = self.editor.document.text
        places = [(start, min(start + gap, len(text))) for start in range(0, len(text), gap)]
        was = self.editor.cursor.offset, self.editor.cursor.selection
        words = [place for place in places if text[slice(*place)].strip()]
        self.editor.retokenize(Tokens(words, tokenizer=f"every {gap}"))
        assert (self.editor.cursor.offset, self.editor.cursor.selection) == was

    # What always holds

    @invariant()
    def spans_lie_in_the_text_and_apart(self) -> None:
        spans = [each.span for each in self.editor.annotation_set.spans]
        assert all(0 <= span.start < span.end <= self.length for span in spans)
        if self.editor.label_set.nested:
            assert len({(span.start, span.end, span.label) for span in spans}) == len(spans)
        else:
            assert not any(overlaps(a, b) for i, a in enumerate(spans) for b in spans[:i])

    @invariant()
    def the_set_is_the_fold_of_its_decisions(self) -> None:
        annotations = self.editor.annotation_set
        folded = AnnotationSet("doc", "me", annotations.decisions)
        assert list(folded.spans) == list(annotations.spans)
        assert list(folded.rejections) == list(annotations.rejections)
        assert folded.status is annotations.status

    def is_open(self, suggestion: Suggestion) -> bool:
        """The definition, over plain lists."""
        editor = self.editor
        spans = list(editor.annotation_set.spans)
        place = Span(suggestion.start, suggestion.end, suggestion.label)
        if editor.status is Status.DONE or (
            editor.suggestion_state.hides_doubtful and suggestion.level is Level.LOW
        ):
            return False
        if any(each.key == suggestion.key for each in editor.annotation_set.rejections):
            return False
        if any(each.suggestion and each.suggestion.key == suggestion.key for each in spans):
            return False
        if editor.label_set.nested:
            return not any(walking_order(each) == walking_order(place) for each in spans)
        return not any(overlaps(each, place) for each in spans)

    @invariant()
    def no_span_crosses_a_blank_line_or_has_white_space_at_an_edge(self) -> None:
        text = self.editor.document.text
        assert all(is_sound(text, span.start, span.end) for span in self.editor.annotation_set.spans)

    @invariant()
    def what_is_open_equals_its_definition(self) -> None:
        suggestion_state = self.editor.suggestion_state
        expected = [each for each in suggestion_state.suggestions if self.is_open(each)]
        assert sorted(suggestion_state.open, key=repr) == sorted(expected, key=repr)
        assert [suggestion_state.is_open(each) for each in suggestion_state.suggestions] == [
            each in expected for each in suggestion_state.suggestions
        ]
        assert len({each.key for each in suggestion_state.suggestions}) == len(suggestion_state.suggestions)

    @invariant()
    def counts_agree(self) -> None:
        suggestion_state, annotations = self.editor.suggestion_state, self.editor.annotation_set
        taken = list(
            acceptable(
                filter(suggestion_state.is_acceptable, suggestion_state.open),
                nested=self.editor.label_set.nested,
            )
        )
        assert self.editor.finishing() == (len(taken), sum(map(suggestion_state.is_doubtful, taken)))
        assert suggestion_state.decided == len(annotations.spans) + len(annotations.rejections)
        assert suggestion_state.total == suggestion_state.decided + len(suggestion_state.open)
        marks = suggestion_state.marks(0, self.length)
        assert all(1 <= suggestion_state.number(mark) <= suggestion_state.total for mark in marks)
        assert [suggestion_state.number(mark) for mark in marks] == sorted(
            suggestion_state.number(mark) for mark in marks
        )
        hides, suggestion_state.hides_doubtful = suggestion_state.hides_doubtful, False
        low = [
            each for each in suggestion_state.suggestions if each.level is Level.LOW and self.is_open(each)
        ]
        suggestion_state.hides_doubtful = hides
        assert suggestion_state.hidden == (len(low) if hides else 0)

    @invariant()
    def the_overview_kept_up_equals_one_made_afresh(self) -> None:
        fresh = self.fresh_overview()
        rows = [fresh.row(index) for index in range(len(fresh))]
        assert [self.overview.row(index) for index in range(len(self.overview))] == rows
        for index, row in enumerate(rows):
            if row.group:
                assert self.overview.index_of(row.label, row.group.text) == index

    @invariant()
    def the_focus_is_a_mark_at_the_cursor(self) -> None:
        cursor, focus = self.editor.cursor, self.editor.focus
        assert 0 <= cursor.offset <= self.length
        if cursor.selection:
            assert focus is None
            assert 0 <= cursor.selection[0] < cursor.selection[1] <= self.length
            return
        here = [
            mark
            for mark in self.editor.suggestion_state.marks(0, self.length)
            if mark.state is not State.REJECTED
        ]
        at = [mark for mark in here if mark.start <= cursor.offset < mark.end]
        at = at or [
            mark
            for mark in here
            if overlaps(mark, Span(*cursor.word, "")) and cursor.word[0] < cursor.word[1]
        ]
        assert (focus in at) if at else focus is None

    @invariant()
    def an_addition_is_offered_where_there_is_no_mark(self) -> None:
        place, selection = self.editor.addition(), self.editor.cursor.selection
        if selection or self.editor.focus is not None:
            assert place == selection
        elif place is not None and not self.editor.label_set.nested:
            spans = self.editor.annotation_set.spans
            assert not any(overlaps(Span(*place, ""), each) for each in spans)

    def teardown(self) -> None:
        """Undone to the end, the set is what it was in the beginning."""
        if hasattr(self, "editor"):
            while self.editor.undo():
                pass
            assert self.state() == (frozenset(), frozenset(), Status.TODO)


Anything.TestCase.settings = settings(
    max_examples=300, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnything = Anything.TestCase
