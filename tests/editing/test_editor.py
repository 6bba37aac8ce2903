"""Stories of the keys: what each verb does, what it costs, and where the cursor is afterwards."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from annotator.editing.editor import Editor
from annotator.editing.marks import State
from annotator.errors import LabelSetError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Status, Verb
from annotator.model.spans import Level, Suggestion
from annotator.model.tokens import Tokens

KEYS: dict[str, Callable[[Editor], Any]] = {
    "Enter": Editor.accept,
    "x": Editor.reject,
    "s": lambda editor: editor.resize("left", "out"),
    "d": lambda editor: editor.resize("left", "in"),
    "k": lambda editor: editor.resize("right", "in"),
    "l": lambda editor: editor.resize("right", "out"),
    "1": lambda editor: editor.label("PER"),
    "2": lambda editor: editor.label("LOC"),
    "3": lambda editor: editor.label("ORG"),
    "m": Editor.correct_others,
    "a": lambda editor: editor.accept_confident(len(editor.document.text)),
    "Space": Editor.finish,
    "z": Editor.skip,
    "y": Editor.doubt,
    "u": Editor.undo,
    "r": Editor.redo,
    "Tab": lambda editor: editor.navigation.tab(1),
    "S-Tab": lambda editor: editor.navigation.tab(-1),
    "g": lambda editor: editor.navigation.next_doubtful(),
    "b": lambda editor: editor.navigation.back(),
    "w": lambda editor: editor.navigation.next_here(),
    "left": lambda editor: editor.navigation.step(-1),
    "right": lambda editor: editor.navigation.step(1),
}


def press(desk: Any, keys: str) -> Any:
    """Press the keys, given with blanks between them; what the last one returned."""
    result = None
    for key in keys.split():
        result = KEYS[key](desk.editor)
    return result


@pytest.fixture
def suggested(desk: Any) -> Any:
    """The article with a pipeline's suggestions, the cursor on the first."""
    desk.suggest(
        ("Valdora", "LOC"),
        ("Nicolás Maduro", "PER", 0.97),
        ("Hugo Chávez", "LOC", 0.41),
        ("San Félix", "LOC"),
        ("Mike Pence", "PER"),
        ("the State Department", "ORG"),
        ("remarks", "ORG", 0.6),
        ("USA", "LOC"),
    )
    desk.editor.navigation.to_first()
    return desk


# What a decision costs (DESIGN 4)


@pytest.mark.parametrize(
    ("at", "keys", "expected", "focus"),
    [
        ("Nicolás Maduro", "Enter", ("Nicolás Maduro", "PER"), "Hugo Chávez"),
        ("Hugo Chávez", "1", ("Hugo Chávez", "PER"), "San Félix"),
        ("the State", "d", ("State Department", "ORG"), "State Department"),
        ("Mike Pence", "s s", ("Vice President Mike Pence", "PER"), "Vice President Mike Pence"),
        ("San Félix", "k", ("San", "LOC"), "San"),
    ],
)
def test_a_suggestion_is_settled_by_few_keys(
    suggested: Any, at: str, keys: str, expected: tuple[str, str], focus: str
) -> None:
    suggested.go(at)
    press(suggested, keys)
    assert suggested.spans == [expected]
    assert suggested.focus == focus


def test_a_spurious_suggestion_goes_by_one_key(suggested: Any) -> None:
    suggested.go("remarks")
    press(suggested, "x")
    assert "remarks" not in suggested.open
    assert suggested.spans == []
    assert suggested.focus == "USA"
    suggested.go("remarks")
    assert suggested.editor.focus is None
    assert suggested.editor.navigation.rejected_here().state is State.REJECTED


def test_a_missed_name_is_added_by_its_first_word_and_a_label(suggested: Any) -> None:
    press(suggested, "Tab Tab")
    left = suggested.focus
    suggested.go("23 de")
    assert suggested.editor.text(*suggested.editor.addition()) == "23 de Enero"
    press(suggested, "2")
    assert suggested.spans == [("23 de Enero", "LOC")]
    assert suggested.focus == left == "Hugo Chávez"


def test_all_right_but_one_doubtful(suggested: Any) -> None:
    press(suggested, "g")
    assert suggested.focus == "Hugo Chávez"
    press(suggested, "1 Space")
    assert suggested.editor.status is Status.DONE
    assert ("Hugo Chávez", "PER") in suggested.spans
    assert len(suggested.spans) == 8


def test_accepting_all_by_enter_walks_to_the_end_and_no_further(suggested: Any) -> None:
    press(suggested, "Enter " * 8)
    assert len(suggested.spans) == 8
    assert suggested.focus == "USA"
    before = suggested.editor.revision
    assert press(suggested, "Enter Enter").message == "no more undecided"
    assert suggested.editor.revision == before


def test_enter_says_what_was_passed_by(suggested: Any) -> None:
    suggested.go("USA")
    assert press(suggested, "Enter Enter").message == "7 undecided further up: tab goes there"
    assert press(suggested, "Tab") == "from the top"
    assert suggested.focus == "Valdora"
    assert press(suggested, "S-Tab") == "from the end"
    assert suggested.focus == "remarks"


# Stray keys


@pytest.mark.parametrize("key", ["Enter", "x", "y", "m", "r", "u"])
def test_on_plain_text_most_keys_decide_nothing(desk: Any, key: str) -> None:
    desk.go("gathered")
    change = press(desk, key)
    assert not change
    assert change.message
    assert desk.set.revision == 0


def test_decision_verbs_never_toggle(suggested: Any) -> None:
    suggested.go("Nicolás")
    press(suggested, "1")
    suggested.go("Nicolás")
    revision = suggested.editor.revision
    assert press(suggested, "1").message == "it is PER already"
    assert suggested.editor.revision == revision
    press(suggested, "y")
    assert press(suggested, "y").message == "the doubt is there already"
    assert suggested.editor.focus.doubt
    press(suggested, "1")
    assert not suggested.editor.focus.doubt
    assert suggested.focus == "Nicolás Maduro"


def test_a_label_that_is_not_in_the_set_is_an_error(desk: Any) -> None:
    desk.go("Petrel")
    with pytest.raises(LabelSetError):
        desk.editor.label("FAC")
    assert desk.set.revision == 0
    assert desk.editor.last_label is None


@pytest.mark.parametrize("text", ["", " \n\t"])
@pytest.mark.parametrize(
    "keys", ["1", "l 1", "k 2", "x", "Enter", "g", "b", "w", "Tab", "left right", "Space u"]
)
def test_a_text_without_words_takes_every_key(desk_of: Callable[..., Any], text: str, keys: str) -> None:
    desk = desk_of(text)
    press(desk, keys)
    assert desk.spans == []
    assert desk.editor.cursor.selection is None


def test_a_selection_of_white_space_is_not_added(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("one   two")
    desk.editor.toggle_characters()
    desk.editor.select(3, 6)
    assert press(desk, "1").message == "no word here to mark"
    assert desk.spans == []


def test_an_empty_note_decides_nothing(suggested: Any) -> None:
    assert not suggested.editor.note("  ")
    assert suggested.spans == []
    suggested.editor.accept()
    press(suggested, "b")
    suggested.editor.note(" which one? ")
    assert suggested.editor.focus.decided.span.note == "which one?"
    assert suggested.editor.note("")
    assert suggested.editor.focus.decided.span.note == ""


@pytest.mark.parametrize("verb", [Editor.doubt, lambda editor: editor.note("which one?")])
def test_a_doubt_or_note_leaves_a_suggestion_undecided(suggested: Any, verb: Callable[[Editor], Any]) -> None:
    editor = suggested.editor
    before, focus = len(editor.suggestion_state.open), suggested.focus
    change = verb(editor)
    assert [(each.span, each.suggestion) for each in change.decisions] == [(None, editor.focus.suggestion)]
    assert "still undecided" in change.message
    assert suggested.spans == []
    assert (len(editor.suggestion_state.open), suggested.focus) == (before, focus)
    assert editor.focus.remark is not None
    again = AnnotationSet(editor.document.id, "me", editor.annotation_set.decisions)
    assert again.remark(editor.focus.suggestion) == editor.focus.remark
    editor.undo()
    assert editor.focus.remark is None
    editor.redo()
    assert editor.focus.remark is not None


def test_accepting_keeps_what_was_remarked_and_a_label_key_clears_the_doubt(suggested: Any) -> None:
    editor = suggested.editor
    editor.note("which one?")
    editor.doubt()
    suggestion = editor.focus.suggestion
    editor.accept()
    (decided,) = editor.annotation_set.spans
    assert (decided.span.note, decided.span.doubt) == ("which one?", True)
    editor.undo()
    editor.navigation.to_suggestion(suggestion)
    editor.label(suggestion.label)
    (decided,) = editor.annotation_set.spans
    assert (decided.span.note, decided.span.doubt) == ("which one?", False)


def test_a_remarked_suggestion_is_accepted_by_no_run_and_is_announced_as_doubtful(suggested: Any) -> None:
    editor = suggested.editor
    _, doubtful = editor.finishing()
    editor.navigation.to_first()
    is_low = editor.focus.level is Level.LOW
    editor.doubt()
    assert editor.finishing()[1] == doubtful + (not is_low)
    editor.accept_confident(len(editor.document.text))
    assert suggested.spans == []
    editor.navigation.go(len(editor.document.text) - 1)
    editor.navigation.next_doubtful()
    assert editor.focus.remark is not None


def test_a_remark_that_is_taken_away_leaves_nothing(suggested: Any) -> None:
    editor = suggested.editor
    editor.note("which one?")
    assert editor.note("")
    assert editor.focus.remark is None
    assert not editor.note("")


# Where the cursor is afterwards


def test_relabelling_a_decided_span_stays(suggested: Any) -> None:
    press(suggested, "Enter Enter")
    press(suggested, "b")
    assert suggested.focus == "Nicolás Maduro"
    press(suggested, "3")
    assert suggested.focus == "Nicolás Maduro"
    assert ("Nicolás Maduro", "ORG") in suggested.spans
    press(suggested, "Enter")
    assert suggested.focus == "Hugo Chávez"


def test_removing_a_decided_span_stays(suggested: Any) -> None:
    suggested.go("Petrel")
    press(suggested, "2")
    suggested.go("Petrel")
    press(suggested, "x")
    assert suggested.word == "Petrel"
    assert suggested.editor.focus is None
    assert suggested.set.decisions[-1].verb is Verb.REMOVE


def test_rejecting_an_accepted_suggestion_takes_it_out_and_keeps_it_away(suggested: Any) -> None:
    suggested.go("Hugo")
    press(suggested, "1")
    suggested.go("Hugo")
    press(suggested, "l x")
    assert suggested.spans == []
    assert "Hugo Chávez" not in suggested.open
    assert [each.label for each in suggested.set.rejections] == ["LOC"]
    assert suggested.set.decisions[-1].verb is Verb.REJECT
    assert suggested.word == "Hugo"
    press(suggested, "u")
    assert suggested.spans == [("Hugo Chávez fell", "PER")]


def test_an_addition_returns_past_a_suggestion_that_it_covers(suggested: Any) -> None:
    press(suggested, "Tab")
    assert suggested.focus == "Nicolás Maduro"
    press(suggested, "left")
    suggested.editor.select(*suggested.find("President Nicolás Maduro"))
    press(suggested, "1")
    assert suggested.spans == [("President Nicolás Maduro", "PER")]
    assert suggested.focus == "Hugo Chávez"


def test_an_addition_returns_also_after_a_look_at_a_decided_span(suggested: Any) -> None:
    press(suggested, "Enter Tab")
    assert suggested.focus == "Hugo Chávez"
    valdora = suggested.editor.suggestion_state.marks(*suggested.find("Valdora"))[0]
    suggested.editor.navigation.to_mark(valdora)
    suggested.go("Petrel")
    press(suggested, "2")
    assert suggested.focus == "Hugo Chávez"


def test_an_addition_from_nowhere_stays(desk: Any) -> None:
    desk.go("Petrel")
    press(desk, "2")
    assert desk.focus == "Petrel"


def test_back_goes_through_what_was_decided_last_to_first(suggested: Any) -> None:
    press(suggested, "Enter x 1")
    press(suggested, "b")
    assert suggested.focus == "Hugo Chávez"
    press(suggested, "b")
    assert suggested.word == "Nicolás"
    assert suggested.editor.focus is None
    press(suggested, "b")
    assert suggested.focus == "Valdora"
    assert press(suggested, "b") == "nothing decided before that"


def test_back_passes_over_what_was_undone(suggested: Any) -> None:
    press(suggested, "Enter Enter u Tab b")
    assert suggested.focus == "Valdora"


def test_back_meets_each_span_once_however_often_it_was_decided(suggested: Any) -> None:
    press(suggested, "Enter Enter")
    suggested.go("Valdora")
    press(suggested, "3 b")
    assert suggested.focus == "Nicolás Maduro"
    assert press(suggested, "b") == "nothing decided before that"


def test_an_addition_returns_to_the_first_suggestion_that_was_left(suggested: Any) -> None:
    press(suggested, "Tab")
    for words in ("Hugo", "fell"):
        suggested.go(words)
    press(suggested, "3")
    assert suggested.focus == "Nicolás Maduro"


def test_undo_goes_where_it_was_done_and_redo_where_it_changed(suggested: Any) -> None:
    press(suggested, "Enter")
    suggested.go("Petrel")
    press(suggested, "2 Tab Tab Tab u")
    assert suggested.word == "Petrel"
    assert suggested.editor.focus is None
    press(suggested, "u")
    assert suggested.focus == "Valdora"
    assert suggested.open[0] == "Valdora"
    press(suggested, "r r")
    assert suggested.focus == "Petrel"
    assert press(suggested, "r").message == "nothing to redo"


# Flat and nested


def test_a_flat_set_replaces_what_a_span_grows_over_in_one_step(suggested: Any) -> None:
    for words in ("Petrel", "districts"):
        suggested.go(words)
        press(suggested, "2")
    suggested.go("Petrel")
    change = press(suggested, "l")
    assert change.message == "replaced LOC"
    assert suggested.spans == [("Petrel districts", "LOC")]
    press(suggested, "u")
    assert suggested.spans == [("Petrel", "LOC"), ("districts", "LOC")]


def test_a_flat_set_replaces_what_a_selection_covers(desk: Any) -> None:
    desk.go("23 de")
    press(desk, "2")
    desk.editor.select(*desk.find("the 23 de Enero and Petrel districts"))
    change = press(desk, "3")
    assert change.message == "replaced LOC"
    assert [decision.verb for decision in change.decisions] == [Verb.REMOVE, Verb.ADD]
    assert desk.spans == [("the 23 de Enero and Petrel districts", "ORG")]


def test_a_nested_set_keeps_both(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("The University of Caracas opened.", nested=True)
    desk.editor.select(*desk.find("University of Caracas"))
    press(desk, "3")
    desk.editor.select(*desk.find("Caracas"))
    press(desk, "2")
    assert desk.spans == [("University of Caracas", "ORG"), ("Caracas", "LOC")]
    assert desk.focus == "Caracas"
    press(desk, "w")
    assert desk.focus == "University of Caracas"
    press(desk, "w")
    assert desk.focus == "Caracas"


def test_the_focus_is_the_shortest_undecided_one_else_the_shortest(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("the University of Caracas opened", nested=True)
    desk.suggest(("University of Caracas", "ORG"), ("the University of Caracas", "ORG"), ("Caracas", "LOC"))
    found = []
    for _ in range(3):
        desk.go("Caracas")
        found.append(desk.focus)
        press(desk, "Enter")
    assert found == ["Caracas", "University of Caracas", "the University of Caracas"]
    desk.go("Caracas")
    assert desk.focus == "Caracas"


def test_a_nested_set_holds_no_span_twice(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Caracas today", nested=True)
    for key in ("2", "3"):
        desk.editor.select(0, 7)
        press(desk, key)
    assert press(desk, "2").message == "another LOC stands here already"
    desk.editor.select(0, 13)
    press(desk, "3")
    assert press(desk, "k").message == "another ORG stands there already"
    assert desk.spans == [("Caracas today", "ORG"), ("Caracas", "LOC"), ("Caracas", "ORG")]


def test_every_suggestion_at_one_place_is_walked(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Caracas is near Petrel", nested=True)
    desk.suggest(("Caracas", "LOC"), ("Caracas", "ORG"), ("Petrel", "LOC"))
    desk.editor.navigation.to_first()
    seen = []
    for _ in range(3):
        seen.append((desk.focus, desk.editor.focus.label))
        press(desk, "Tab")
    assert seen == [("Caracas", "LOC"), ("Caracas", "ORG"), ("Petrel", "LOC")]
    press(desk, "S-Tab S-Tab")
    assert (desk.focus, desk.editor.focus.label) == ("Caracas", "ORG")


def test_undo_focuses_what_was_undone_among_several(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("University of Caracas opened", nested=True)
    desk.suggest(("University of Caracas", "ORG"), ("University", "ORG"))
    desk.editor.navigation.to_first()
    assert desk.focus == "University of Caracas"
    press(desk, "Enter u")
    assert desk.focus == "University of Caracas"


def test_growth_stops_at_a_decided_span_in_a_flat_set_only(desk_of: Callable[..., Any]) -> None:
    for nested, expected in ((False, "Vice President"), (True, "Vice President Mike Pence")):
        desk = desk_of("Now Vice President Mike Pence spoke", nested=nested)
        desk.editor.select(*desk.find("Mike Pence"))
        press(desk, "1")
        desk.go("Vice")
        assert desk.editor.text(*desk.editor.addition()) == expected


# Edges


def test_edges_by_character_until_the_cursor_leaves(suggested: Any) -> None:
    suggested.go("USA")
    suggested.editor.toggle_characters()
    press(suggested, "k d")
    assert suggested.spans == [("S", "LOC")]
    assert press(suggested, "k").message == "the span cannot get smaller"
    press(suggested, "left")
    assert not suggested.editor.cursor.by_character


def test_a_selection_starts_at_the_word_and_grows(desk: Any) -> None:
    desk.go("town")
    press(desk, "k")
    assert desk.editor.text(*desk.editor.cursor.selection) == "town"
    press(desk, "l s s")
    assert desk.editor.text(*desk.editor.cursor.selection) == "in the town of"
    assert desk.editor.focus is None
    press(desk, "d")
    assert desk.editor.deselect()
    assert not desk.editor.deselect()
    assert desk.set.revision == 0


def test_stretching_reaches_for_a_token_either_way(suggested: Any) -> None:
    suggested.go("Mike")
    suggested.editor.stretch_to(suggested.find("Vice")[0])
    assert suggested.spans == [("Vice President Mike Pence", "PER")]
    suggested.editor.stretch_to(suggested.find("spoke")[0] + 2)
    assert suggested.spans == [("Vice President Mike Pence spoke", "PER")]
    suggested.go("town")
    suggested.editor.stretch_to(suggested.find("fell")[0])
    assert suggested.editor.text(*suggested.editor.cursor.selection) == "fell in the town"


def test_a_span_cannot_leave_the_text(desk: Any) -> None:
    desk.go("Marches")
    press(desk, "1")
    assert press(desk, "s").message == "the text ends here"
    assert desk.editor.resize_to(0, 10**6).message == "no characters there"


# The other mentions


def test_a_correction_reaches_other_mentions_but_none_inside_another_span(desk: Any) -> None:
    desk.suggest(("Nicolás Maduro", "PER"), ("Nicolas Maduro", "PER"))
    desk.go("Maduro called")
    press(desk, "1")
    correction, drafts = desk.editor.correction()
    assert correction.summary() == "PER"
    assert [desk.editor.text(each.after.start - 5, each.after.end) for each in drafts] == ["that Maduro"]
    change = press(desk, "m")
    assert change.message == "PER: 1 more · u takes all back"
    assert [decision.by for decision in change.decisions] == [By.BULK]
    assert desk.spans == [("Maduro", "PER"), ("Maduro", "PER")]
    assert desk.open == ["Nicolás Maduro", "Nicolas Maduro"]
    press(desk, "Tab u")
    assert desk.spans == [("Maduro", "PER")]
    assert desk.editor.cursor.offset == desk.find("Maduro called")[0]
    assert press(desk, "r m").message == "no other mention to correct"


def test_a_relabelling_reaches_suggestions_of_the_same_text(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Ana met Bo. Ana left Anabel. Ana slept; ana too. Ana!")
    desk.editor.suggest(Suggestion(*desk.find("Ana", nth), "ORG", score=0.9) for nth in (1, 2, 5))
    desk.editor.navigation.to_first()
    press(desk, "1")
    correction, drafts = desk.editor.correction()
    assert correction.summary() == "ORG→PER"
    assert [draft.verb for draft in drafts] == [Verb.RELABEL, Verb.ADD, Verb.RELABEL]
    press(desk, "m")
    assert desk.spans == [("Ana", "PER")] * 4
    assert desk.open == []


def test_a_resize_reaches_suggestions_with_the_same_mistake(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("At the Crown we met. At the Crown we parted. A big Crown fell.")
    desk.editor.suggest(Suggestion(*desk.find("the Crown", nth), "LOC", score=0.9) for nth in (1, 2))
    desk.editor.navigation.to_first()
    press(desk, "d m")
    assert desk.spans == [("Crown", "LOC")] * 3
    assert desk.open == []


def test_a_rejection_reaches_the_same_text_and_label(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("May came. May went. May stayed.")
    places = [desk.find("May", nth) for nth in (1, 2, 3)]
    desk.editor.suggest(
        Suggestion(*place, label, score=0.9)
        for place, label in zip(places, ["PER", "PER", "LOC"], strict=True)
    )
    desk.editor.navigation.to_first()
    press(desk, "x")
    assert desk.editor.correction()[0].summary() == "reject PER"
    press(desk, "m")
    assert len(desk.set.rejections) == 2
    assert desk.open == ["May"]


@pytest.mark.parametrize("nested", [False, True])
def test_a_mention_that_was_decided_on_or_lies_in_a_span_is_left_alone(
    desk_of: Callable[..., Any], nested: bool
) -> None:
    desk = desk_of("Ana. Ana Pérez. Ana. Ana.", nested=nested)
    desk.editor.select(*desk.find("Ana Pérez"))
    press(desk, "3")
    desk.go("Ana", 3)
    press(desk, "2")
    desk.editor.navigation.go(0)
    press(desk, "1 m")
    assert desk.spans == [("Ana", "PER"), ("Ana Pérez", "ORG"), ("Ana", "LOC"), ("Ana", "PER")]


def test_after_a_plain_accept_what_is_suggested_just_so_already_is_left(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Ana. Ana. Ana.")
    desk.editor.suggest(Suggestion(*desk.find("Ana", nth), "PER", score=0.9) for nth in (1, 2))
    desk.editor.navigation.to_first()
    press(desk, "Enter")
    assert [draft.verb for draft in desk.editor.correction()[1]] == [Verb.ADD]


def test_a_rejected_mention_is_left_alone(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Ana. Ana. Ana.")
    desk.editor.suggest([Suggestion(*desk.find("Ana", 2), "PER", score=0.9)])
    desk.editor.navigation.to_first()
    press(desk, "x")
    desk.editor.navigation.go(0)
    press(desk, "1 m")
    assert desk.spans == [("Ana", "PER")] * 2
    assert [each.start for each in desk.set.spans] == [0, 10]


# Many at once


def test_confident_ones_up_to_the_first_doubtful(suggested: Any) -> None:
    change = press(suggested, "a")
    assert change.message == "accepted 2"
    assert [decision.by for decision in change.decisions] == [By.BULK, By.BULK]
    assert suggested.focus == "Hugo Chávez"
    assert press(suggested, "a").message == "none to accept before the next doubtful one"
    press(suggested, "u")
    assert suggested.spans == []
    assert suggested.focus == "Valdora"


def test_confident_ones_stop_at_the_end_of_the_screen(suggested: Any) -> None:
    suggested.go("San")
    end = suggested.find("Mike Pence")[1]
    assert suggested.editor.accept_confident(end - 1).message == "accepted 1"
    assert suggested.focus == "Mike Pence"


def test_a_doubtful_one_under_a_confident_one_is_passed_by(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Bank of Caracas and Petrel")
    desk.suggest(("Bank of Caracas", "ORG", 0.99), ("Caracas", "LOC", 0.3), ("Petrel", "LOC", 0.3))
    desk.editor.navigation.to_first()
    assert desk.editor.finishing() == (2, 1)
    assert press(desk, "a").message == "accepted 1"
    assert desk.focus == "Petrel"
    assert desk.open == ["Petrel"]


@pytest.mark.parametrize(
    ("source", "score", "taken"),
    [
        ("model", None, 0),
        ("plugged", None, 0),
        ("plugged", 0.8, 1),
        ("model", 0.79, 0),
        ("model", 0.8, 1),
        ("memory", None, 1),
        ("pattern", None, 1),
    ],
)
def test_who_is_confident(desk_of: Callable[..., Any], source: str, score: float | None, taken: int) -> None:
    desk = desk_of("Caracas")
    desk.editor.suggest([Suggestion(0, 7, "LOC", source=source, score=score)])
    press(desk, "a")
    assert len(desk.spans) == taken


def test_finishing_takes_what_is_open_and_announces_it(suggested: Any) -> None:
    press(suggested, "Enter x")
    assert suggested.editor.finishing() == (6, 2)
    change = press(suggested, "Space")
    assert [decision.by for decision in change.decisions] == [By.DOCUMENT] * 7
    assert len(suggested.spans) == 7
    assert suggested.editor.status is Status.DONE
    assert (
        suggested.editor.suggestion_state.open[:] == []
        if isinstance(suggested.editor.suggestion_state.open, list)
        else not suggested.open
    )
    press(suggested, "u")
    assert suggested.editor.status is Status.STARTED
    assert suggested.spans == [("Valdora", "LOC")]


def test_hidden_ones_are_never_accepted(suggested: Any) -> None:
    suggested.editor.suggestion_state.hide_doubtful(True)
    assert suggested.editor.suggestion_state.hidden == 2
    assert suggested.editor.finishing() == (6, 0)
    press(suggested, "Space")
    assert "Hugo Chávez" not in dict(suggested.spans)
    assert len(suggested.spans) == 6
    press(suggested, "u")
    suggested.editor.suggestion_state.hide_doubtful(False)
    assert "Hugo Chávez" in suggested.open


def test_two_labels_at_one_place_are_not_both_accepted_by_finishing(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Caracas", nested=True)
    desk.suggest(("Caracas", "LOC"), ("Caracas", "ORG", 0.3))
    assert desk.editor.finishing() == (1, 0)
    press(desk, "Space")
    assert desk.spans == [("Caracas", "LOC")]


def test_overlapping_ones_are_all_accepted_in_a_nested_set(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("University of Caracas", nested=True)
    desk.suggest(("University of Caracas", "ORG"), ("Caracas", "LOC"))
    assert desk.editor.finishing() == (2, 0)
    press(desk, "Space")
    assert len(desk.spans) == 2


def test_what_an_undo_reopens_stays_hidden_if_it_is_doubtful(suggested: Any) -> None:
    suggested.go("remarks")
    press(suggested, "x")
    suggested.editor.suggestion_state.hide_doubtful(True)
    assert suggested.editor.suggestion_state.hidden == 1
    press(suggested, "u")
    assert suggested.editor.suggestion_state.hidden == 2
    assert "remarks" not in suggested.open


def test_a_decided_span_hides_the_rejection_under_it(suggested: Any) -> None:
    suggested.go("Hugo")
    press(suggested, "x")
    place = suggested.find("Hugo Chávez")
    suggested.editor.select(*place)
    press(suggested, "1")
    assert [mark.state for mark in suggested.editor.suggestion_state.marks(*place)] == [State.DECIDED]
    assert len(suggested.set.rejections) == 1


def test_what_was_painted_in_parts_is_seen_and_stays_so(suggested: Any) -> None:
    suggestion_state = suggested.editor.suggestion_state
    start, end = suggested.find("Nicolás Maduro")
    suggestion_state.mark_seen(0, start + 3)
    assert "Nicolás Maduro" in [
        suggested.editor.text(each.start, each.end) for each in suggestion_state.unseen()
    ]
    suggestion_state.mark_seen(start + 3, end)
    assert len(suggestion_state.unseen()) == 6
    suggested.editor.suggest([*suggestion_state.suggestions, Suggestion(*suggested.find("Amnesty"), "ORG")])
    assert len(suggestion_state.unseen()) == 7


@pytest.mark.parametrize("is_start_first", [True, False])
def test_a_suggestion_is_seen_once_both_its_ends_were_painted(suggested: Any, is_start_first: bool) -> None:
    suggestion_state = suggested.editor.suggestion_state
    start, end = suggested.find("Nicolás Maduro")
    [suggestion] = [each for each in suggestion_state.suggestions if (each.start, each.end) == (start, end)]
    parts = [(start, start + 3), (start + 3, end)]
    assert not suggestion_state.is_seen(suggestion)
    suggestion_state.mark_seen(*parts[0 if is_start_first else 1])
    assert not suggestion_state.is_seen(suggestion)
    suggestion_state.mark_seen(*parts[1 if is_start_first else 0])
    assert suggestion_state.is_seen(suggestion)


# Done, skipped, reopened


@pytest.mark.parametrize("key", ["1", "x", "d", "l", "y", "m", "a", "z"])
def test_in_a_done_document_a_key_warns_and_the_same_again_reopens(suggested: Any, key: str) -> None:
    press(suggested, "Enter Space")
    suggested.go("Valdora")
    spans = suggested.spans
    change = press(suggested, key)
    assert not change
    assert change.message == "done: the same key again reopens it"
    assert suggested.editor.status is Status.DONE
    other = "x" if key != "x" else "y"
    assert not press(suggested, other)
    assert not press(suggested, key)
    assert press(suggested, key).message == "reopened"
    assert suggested.editor.status is Status.STARTED
    assert suggested.spans == spans
    press(suggested, "u")
    assert suggested.editor.status is Status.DONE


def test_a_warning_is_about_its_place(suggested: Any) -> None:
    press(suggested, "Space")
    for words in ("Valdora", "USA"):
        suggested.go(words)
        assert not press(suggested, "x")
    assert suggested.editor.status is Status.DONE


def test_late_suggestions_do_not_enter_a_done_set(suggested: Any) -> None:
    press(suggested, "Space")
    suggested.suggest(("Amnesty", "ORG"))
    assert suggested.open == []
    assert press(suggested, "Space").message == "the document is done"
    assert "Amnesty" not in dict(suggested.spans)
    press(suggested, "Tab Enter")
    assert suggested.editor.status is Status.DONE


def test_skipping_accepts_nothing_and_any_decision_takes_it_up_again(suggested: Any) -> None:
    press(suggested, "z")
    assert suggested.editor.status is Status.SKIPPED
    assert press(suggested, "z").message == "the document is skipped already"
    press(suggested, "Enter")
    assert suggested.editor.status is Status.STARTED
    assert suggested.editor.reopen().message == "the document is open"


def test_undo_pauses_once_before_an_earlier_days_work(suggested: Any, desk_of: Callable[..., Any]) -> None:
    press(suggested, "Enter Enter")
    annotations = AnnotationSet("doc", "me", suggested.set.decisions)
    desk = desk_of(suggested.editor.document.text, annotations=annotations)
    desk.now += timedelta(days=1)
    desk.editor = Editor(desk.editor.document, desk.editor.label_set, annotations, clock=desk.clock)
    desk.suggest(("Nicolás Maduro", "PER"), ("USA", "LOC"))
    desk.go("USA")
    press(desk, "Enter u")
    assert len(desk.spans) == 2
    assert press(desk, "u").message == "press again to undo work of 2026-11-22"
    assert len(desk.spans) == 2
    press(desk, "u")
    assert desk.spans == [("Valdora", "LOC")]
    press(desk, "u")
    assert desk.spans == []
    assert press(desk, "u").message == "nothing to undo in this document"


def test_undo_and_redo_pause_before_an_import_whatever_they_have_paused_for(
    suggested: Any, desk_of: Callable[..., Any]
) -> None:
    press(suggested, "Enter")
    first, *_ = suggested.set.decisions
    imported = AnnotationSet("doc", "me", [replace(first, by=By.IMPORT)])
    desk = desk_of(suggested.editor.document.text, annotations=imported)
    desk.suggest(("USA", "LOC"))
    desk.go("USA")
    press(desk, "Enter u")
    assert press(desk, "u").message == "press again to undo the import of 0"
    assert len(desk.spans) == 1
    press(desk, "u")
    assert desk.spans == []
    press(desk, "r")
    assert len(desk.spans) == 1


# What arrives later


def test_cursor_focus_and_selection_stay_when_suggestions_and_tokens_arrive(suggested: Any) -> None:
    press(suggested, "Enter b")
    suggested.editor.retokenize(Tokens([(0, 7), (8, 12)], tokenizer="coarse"))
    suggested.suggest(("Valdora", "LOC"), ("USA", "LOC"))
    assert suggested.focus == "Valdora"
    assert suggested.editor.is_suggested
    suggested.editor.cursor.selection = (8, 12)
    suggested.editor.retokenize(Tokens([(0, 4)], tokenizer="coarser"))
    assert suggested.editor.cursor.selection == (8, 12)


def test_an_addition_does_not_return_to_a_suggestion_that_is_gone(suggested: Any) -> None:
    press(suggested, "Tab")
    suggested.go("Petrel")
    suggested.suggest(("USA", "LOC"))
    press(suggested, "2")
    assert suggested.focus == "USA"


def test_suggestions_outside_the_text_and_repeated_ones_are_dropped(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Caracas")
    places = [(0, 7), (0, 7), (-1, 3), (3, 3), (5, 8)]
    desk.editor.suggest(Suggestion(*place, "LOC", score=index / 10) for index, place in enumerate(places))
    assert [(each.start, each.end, each.score) for each in desk.editor.suggestion_state.open] == [(0, 7, 0.0)]


def test_snapping_moves_spans_to_the_tokenizers_edges_when_asked(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("anti-Maduro U.S.A. ok")
    for words in ("Maduro", "U", "ok"):
        desk.editor.select(*desk.find(words))
        press(desk, "1")
    desk.editor.retokenize(Tokens([(0, 11), (12, 18), (19, 21)], tokenizer="words"))
    assert len(desk.editor.misaligned()) == 2
    assert desk.spans == [("Maduro", "PER"), ("U", "PER"), ("ok", "PER")]
    assert desk.editor.snap().message == "snapped 2 to tokens"
    assert desk.spans == [("anti-Maduro", "PER"), ("U.S.A.", "PER"), ("ok", "PER")]
    assert desk.editor.snap().message == "nothing to snap"


@pytest.mark.parametrize("nested", [False, True])
def test_snapping_never_puts_two_spans_into_one_place(desk_of: Callable[..., Any], nested: bool) -> None:
    desk = desk_of("anti-Maduro", nested=nested)
    for words in ("anti", "Maduro"):
        desk.editor.select(*desk.find(words))
        press(desk, "1")
    desk.editor.retokenize(Tokens([(0, 11)], tokenizer="words"))
    desk.editor.snap()
    assert len(set(desk.spans)) == len(desk.spans) == 2


def test_spans_that_share_a_token_are_not_snapped_onto_each_other(
    desk_of: Callable[..., Any],
) -> None:
    desk = desk_of("anti-Maduro pro-Pence")
    for words in ("anti", "Maduro", "pro", "Pence"):
        desk.editor.select(*desk.find(words))
        press(desk, "1")
    desk.editor.retokenize(Tokens([(0, 11), (12, 21)], tokenizer="words"))
    desk.editor.snap()
    starts_and_ends = [(span.start, span.end) for span in desk.set.spans]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(starts_and_ends))
    assert len(starts_and_ends) == 4


def test_a_change_tells_which_text_looks_different(suggested: Any) -> None:
    change = press(suggested, "Enter")
    assert set(change.ranges) == {suggested.find("Valdora")}
    suggested.editor.select(*suggested.find("Hugo Chávez fell"))
    assert set(press(suggested, "1").ranges) == {
        suggested.find("Hugo Chávez fell"),
        suggested.find("Hugo Chávez"),
    }


def test_decisions_carry_who_when_and_the_whole_suggestion(suggested: Any) -> None:
    suggested.go("Hugo")
    (decision,) = press(suggested, "1").decisions
    assert (decision.who, decision.when[:11], decision.when[-1]) == ("me", "2026-11-22T", "Z")
    assert decision.suggestion.score == 0.41
    assert (decision.verb, decision.by, decision.seq, decision.step) == (Verb.RELABEL, By.KEY, 1, 1)
