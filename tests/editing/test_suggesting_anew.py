"""Suggestions that are exchanged leave a board as if it had never seen the ones before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.editor import Editor
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Suggestion

TEXT = "ab " * 30
PLACES = st.tuples(st.integers(0, 28), st.integers(1, 4)).map(
    lambda each: (each[0] * 3, (each[0] + each[1]) * 3 - 1)
)
SUGGESTIONS = st.lists(
    st.builds(
        lambda place, label, score: Suggestion(*place, label, score=score),
        PLACES,
        st.sampled_from(["A", "B"]),
        st.sampled_from([0.5, 0.9, None]),
    ),
    max_size=90,
)


def board_of(*, nested: bool) -> SuggestionState:
    labels = LabelSet(name="two", labels=(Label(name="A"), Label(name="B")), nested=nested)
    return SuggestionState(AnnotationSet("d", "me"), labels, text="x" * 1000)


def look(suggestion_state: SuggestionState) -> object:
    return (
        list(suggestion_state.suggestions),
        list(suggestion_state.open),
        suggestion_state.finishing,
        suggestion_state.hidden,
        suggestion_state.total,
    )


@given(SUGGESTIONS, SUGGESTIONS, st.booleans(), st.booleans())
def test_a_second_answer_leaves_nothing_of_the_first(
    first: list[Suggestion], second: list[Suggestion], nested: bool, hides: bool
) -> None:
    suggestion_state, fresh = board_of(nested=nested), board_of(nested=nested)
    for each in (suggestion_state, fresh):
        each.hide_doubtful(hides)
    suggestion_state.suggest(first)
    changed = suggestion_state.suggest(second)
    fresh.suggest(second)
    assert look(suggestion_state) == look(fresh)
    before = {each.key: each for each in reversed(first)}
    after = {each.key: each for each in reversed(second)}
    differing = {key[:2] for key in {*before, *after} if before.get(key) != after.get(key)}
    assert set(changed) == differing


@given(SUGGESTIONS, SUGGESTIONS, st.integers(0, 80), st.integers(0, 80), st.booleans())
def test_a_part_is_exchanged_alone(
    first: list[Suggestion], second: list[Suggestion], one: int, other: int, nested: bool
) -> None:
    within = (min(one, other), max(one, other))
    inside = [each for each in second if within[0] <= each.start < within[1]]
    suggestion_state, fresh = board_of(nested=nested), board_of(nested=nested)
    suggestion_state.suggest(first)
    suggestion_state.suggest(inside, within=within)
    fresh.suggest([each for each in first if not within[0] <= each.start < within[1]] + inside)
    assert look(suggestion_state) == look(fresh)


def test_what_was_seen_stays_seen_and_what_is_new_is_not() -> None:
    suggestion_state = board_of(nested=False)
    suggestion_state.suggest([Suggestion(0, 2, "A"), Suggestion(3, 5, "A")])
    suggestion_state.mark_seen(0, 20)
    suggestion_state.suggest([Suggestion(0, 2, "A", score=0.9), Suggestion(6, 8, "A")])
    assert [each.start for each in suggestion_state.unseen()] == [6]
    suggestion_state.suggest([Suggestion(0, 2, "A"), Suggestion(3, 5, "A")])
    assert [each.start for each in suggestion_state.unseen()] == [3]


def test_a_verb_leads_to_what_is_suggested_on_its_decision() -> None:
    labels = LabelSet(name="two", labels=(Label(name="A"), Label(name="B")))
    editor = Editor(new_document(TEXT, id="d"), labels, AnnotationSet("d", "me"))
    editor.suggest([Suggestion(0, 2, "A"), Suggestion(3, 5, "A"), Suggestion(9, 11, "A")])

    editor.navigation.to_first()
    editor.reject()
    editor.suggest([Suggestion(9, 11, "B")])
    editor.navigation.choose_again()
    assert editor.focus is not None
    assert (editor.focus.start, editor.focus.label) == (9, "B")
