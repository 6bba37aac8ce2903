"""All mentions of a corrected text in any document: what would be done to each, and why some are left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotator.editing.correction import Correction, correction_to_repeat
from annotator.editing.mentions import Left, all_mentions
from annotator.editing.recorder import Draft
from annotator.editing.suggestion_state import SuggestionState
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion

PER = Correction(None, Span(0, 3, "PER"), Verb.ADD, "Ana")
REJECTED = Correction(Suggestion(0, 3, "PER"), None, Verb.REJECT, "Ana", "Ana")


def outcomes(desk: Any, correction: Correction) -> list[tuple[int, Verb | Left]]:
    """Where a mention begins, and the verb or the reason."""
    editor = desk.editor
    found = all_mentions(editor.suggestion_state, editor.document.text, editor.tokens, correction)
    return [
        (each.start, each.outcome.verb if isinstance(each.outcome, Draft) else each.outcome) for each in found
    ]


def mark(desk: Any, words: str, nth: int, label: str) -> None:
    desk.editor.select(*desk.find(words, nth))
    desk.editor.label(label)


def test_a_mention_in_another_document_may_begin_where_the_correction_was_made(
    desk_of: Callable[..., Any],
) -> None:
    assert outcomes(desk_of("Ana left. Ana!"), PER) == [(0, Verb.ADD), (10, Verb.ADD)]


def test_only_whole_tokens_are_mentions(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Anabel, Ana-Lena, Ana; DAna.")
    assert outcomes(desk, PER) == [(8, Verb.ADD), (18, Verb.ADD)]
    mark(desk, "Anabel", 1, "PER")
    assert outcomes(desk, PER) == [(8, Verb.ADD), (18, Verb.ADD)]


def test_why_mentions_are_left_alone_is_told(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Ana. Ana. Ana Pérez. Ana. Lena Ana Bo.")
    mark(desk, "Ana", 1, "PER")
    mark(desk, "Ana", 2, "ORG")
    mark(desk, "Ana Pérez", 1, "LOC")
    reject = Suggestion(*desk.find("Ana", 4), "PER")
    desk.editor.suggest([reject, Suggestion(*desk.find("Lena Ana Bo"), "ORG")])
    desk.editor.navigation.go(reject.start)
    desk.editor.reject()
    assert [outcome for _, outcome in outcomes(desk, PER)] == [
        Left.ALIKE,
        Left.OTHERWISE,
        Left.INSIDE,
        Left.OTHERWISE,
        Left.SUGGESTED,
    ]


def test_a_mention_across_a_span_is_left_alone(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Ana Bo Cy")
    mark(desk, "Bo Cy", 1, "PER")
    correction = Correction(None, Span(0, 6, "PER"), Verb.ADD, "Ana Bo")
    assert outcomes(desk, correction) == [(0, Left.ACROSS)]


def test_suggestions_are_accepted_relabelled_and_resized(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Ana. Ana. the Ana. Ana.")
    first, second, third = (desk.find("Ana", nth) for nth in (1, 2, 3))
    desk.editor.suggest(
        [Suggestion(*first, "PER"), Suggestion(*second, "ORG"), Suggestion(*desk.find("the Ana"), "PER")]
    )
    was = Suggestion(0, 7, "PER")
    resized = Correction(was, Span(4, 7, "PER"), Verb.RESIZE, "Ana", "the Ana")
    assert [outcome for _, outcome in outcomes(desk, resized)] == [
        Verb.ACCEPT,
        Verb.RELABEL,
        Verb.RESIZE,
        Verb.ADD,
    ]
    accepted = Correction(Suggestion(0, 3, "PER"), Span(0, 3, "PER"), Verb.ACCEPT, "Ana", "Ana")
    assert outcomes(desk, accepted)[0] == (0, Verb.ACCEPT)
    assert outcomes(desk, accepted)[2] == (third[0], Left.SUGGESTED)


def test_a_rejection_rejects_what_is_suggested_so_and_nothing_that_was_decided(
    desk_of: Callable[..., Any],
) -> None:
    desk = desk_of("Ana. Ana. Ana. Ana.")
    desk.editor.suggest(
        Suggestion(*desk.find("Ana", nth), label) for nth, label in ((1, "PER"), (2, "PER"), (3, "ORG"))
    )
    desk.editor.navigation.to_first()
    desk.editor.accept()
    mark(desk, "Ana", 4, "PER")
    assert [outcome for _, outcome in outcomes(desk, REJECTED)] == [
        Left.OTHERWISE,
        Verb.REJECT,
        Left.NOT_SUGGESTED,
        Left.OTHERWISE,
    ]


def test_in_a_done_document_nothing_is_suggested_and_what_was_missed_is_added(
    desk_of: Callable[..., Any],
) -> None:
    desk = desk_of("Ana. Ana.")
    desk.editor.suggest([Suggestion(*desk.find("Ana", 1), "PER")])
    desk.editor.finish()
    assert [outcome for _, outcome in outcomes(desk, PER)] == [Left.ALIKE, Verb.ADD]
    assert [outcome for _, outcome in outcomes(desk, REJECTED)] == [Left.OTHERWISE, Left.NOT_SUGGESTED]


@pytest.mark.parametrize("repeats", [False, True])
def test_the_correction_to_repeat_is_the_last_one_or_what_repeated_it(
    desk_of: Callable[..., Any], repeats: bool
) -> None:
    desk = desk_of("Ana. Ana. Bo. Ana.")
    desk.editor.suggest(Suggestion(*desk.find("Ana", nth), "ORG") for nth in (1, 2, 4 - 1))
    assert correction_to_repeat(desk.editor.suggestion_state, desk.editor.document.text) is None
    desk.editor.navigation.to_first()
    desk.editor.label("PER")
    if repeats:
        assert {each.by for each in desk.editor.correct_others().decisions} == {By.BULK}
    found = correction_to_repeat(desk.editor.suggestion_state, desk.editor.document.text)
    assert found is not None
    assert (found.surface, found.summary(), found.was_surface) == ("Ana", "ORG→PER", "Ana")


def test_what_was_accepted_in_bulk_is_repeated_only_where_it_is_one_text(desk_of: Callable[..., Any]) -> None:
    desk = desk_of("Ana. Bo.")
    desk.editor.suggest(Suggestion(*desk.find(each), "PER", score=0.99) for each in ("Ana", "Bo"))
    desk.editor.accept_confident(9)
    assert correction_to_repeat(desk.editor.suggestion_state, desk.editor.document.text) is None
    desk.editor.undo()
    desk.editor.finish()
    assert correction_to_repeat(desk.editor.suggestion_state, desk.editor.document.text) is None


def test_a_correction_done_to_others_is_repeated_only_if_all_got_one_label() -> None:
    """A bulk step of two labels on one text is not one correction."""
    for labels, is_one in ((("PER", "PER"), True), (("PER", "ORG"), False), (("ORG", "PER"), False)):
        annotations = AnnotationSet("doc", "me")
        for number, label in enumerate(labels, 1):
            span = Span(5 * number - 5, 5 * number - 2, label)
            fields = {"span": str(number), "after": span, "by": By.BULK}
            annotations.apply(Decision(number, 1, Verb.ADD, "me", "", **fields))  # type: ignore[arg-type]
        state = SuggestionState(annotations, LabelSet.from_names("x", ["PER", "ORG"]), text="Ana. Ana.")
        assert (correction_to_repeat(state, "Ana. Ana.") is not None) is is_one


@pytest.mark.parametrize(
    ("suggested", "outcome"),
    [
        ("Ana", Verb.ACCEPT),
        ("na", Verb.RESIZE),
        ("An", Verb.RESIZE),
        ("Ana Bo", Left.SUGGESTED),
        ("Lena Ana", Left.SUGGESTED),
    ],
)
def test_what_lies_within_a_mention_gives_way_and_what_reaches_beyond_does_not(
    desk_of: Callable[..., Any], suggested: str, outcome: Verb | Left
) -> None:
    desk = desk_of("Lena Ana Bo.")
    start = "Lena Ana Bo.".index(suggested, 0 if suggested.startswith("L") else 5)
    desk.editor.suggest([Suggestion(start, start + len(suggested), "PER", score=0.9)])
    assert outcomes(desk, PER) == [(5, outcome)]
