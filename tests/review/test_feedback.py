"""What a review tells an annotator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.review.feedback import Error, Reviewed, feedback, in_context


@pytest.fixture
def reviewed(room: Any) -> Reviewed:
    """Of "San Félix" PER, "the State Department" less an article, and two spans for a publisher, by ben."""
    session = room.session
    session.comment("towns are LOC", to=["ben"])
    session.comment("anna has it", to=["anna"])
    session.take(1)
    session.take(1)
    session.comment("one name", to=["ben"])
    session.take(1)
    session.take(1)
    session.editor.navigation.go(0)
    session.editor.select(0, 14)
    session.navigation.current = None
    session.comment("well seen")
    session.finish()
    own = tuple(room.span(*mark) for mark in (
        ("Nicolás Maduro", "PER"), ("San Félix", "PER"), ("State Department", "ORG"), ("University of Chicago", "LOC"),
        ("Press", "ORG"),
    ))  # fmt: skip
    return Reviewed(session.editor.document, own, room.gold)


def test_errors_by_kind_with_the_comments_on_them(reviewed: Reviewed) -> None:
    found = feedback("ben", [reviewed])
    (document,) = found.documents
    text = document.document.text
    assert [
        (finding.error, text[finding.start : finding.end], [each.text for each in finding.comments])
        for finding in document.findings
    ] == [
        (Error.LABEL, "San Félix", ["towns are LOC"]),
        (Error.BOUNDARY, "the State Department", []),
        (Error.BOTH, "University of Chicago Press", ["one name"]),
        (Error.SPURIOUS, "Press", ["one name"]),
        (Error.MISSED, "Valdora", []),
    ]
    assert [each.text for each in document.remarks] == ["well seen"]
    assert (found.correct, found.comments) == (1, 3)
    assert found.totals == dict.fromkeys(Error, 1)


def test_labels_tell_what_became_of_golds_spans(reviewed: Reviewed) -> None:
    told = {
        each.label: (each.gold, each.correct, {error for error, count in each.errors.items() if count})
        for each in feedback("ben", [reviewed]).labels
    }
    assert told == {
        "LOC": (2, 0, {Error.LABEL, Error.MISSED}),
        "ORG": (2, 0, {Error.BOUNDARY, Error.BOTH, Error.SPURIOUS}),
        "PER": (1, 1, set()),
    }


def test_a_finding_holds_both_spans(reviewed: Reviewed) -> None:
    label, *_, missed = feedback("ben", [reviewed]).documents[0].findings
    assert label.own is not None
    assert label.gold is not None
    assert (label.own.label, label.gold.label) == ("PER", "LOC")
    assert missed.own is None
    assert str(missed.gold and missed.gold.suggestion and missed.gold.suggestion.name) == "anna"


def test_documents_stay_in_order_and_may_be_empty(room_of: Callable[..., Any]) -> None:
    documents = [new_document("Ada.", id=name) for name in "zab"]
    found = feedback(
        "ben",
        [
            Reviewed(each, (Span(0, 3, "PER"),) * (each.id == "a"), AnnotationSet(each.id, "gold"))
            for each in documents
        ],
    )
    assert [each.document.id for each in found.documents] == ["z", "a", "b"]
    assert [len(each.findings) for each in found.documents] == [0, 1, 0]
    assert found.totals[Error.SPURIOUS] == 1
    assert feedback("ben", []).totals == dict.fromkeys(Error, 0)


def test_a_span_outside_the_text_is_refused() -> None:
    document = new_document("Ada.", id="a")
    with pytest.raises(InputError):
        feedback("ben", [Reviewed(document, (Span(0, 30, "PER"),), AnnotationSet("a", "gold"))])


@pytest.mark.parametrize(
    ("place", "around", "context"),
    [
        ((4, 7), 40, ("Ada ", "met", " Bob in Rome.")),
        ((4, 7), 4, ("Ada ", "met", " Bob…")),
        ((8, 11), 3, ("…et ", "Bob", " in…")),
        ((8, 11), 0, ("", "Bob", "")),
        ((0, 20), 5, ("", "Ada met Bob in Rome.", "")),
    ],
)
def test_a_place_in_its_context(place: tuple[int, int], around: int, context: tuple[str, str, str]) -> None:
    assert in_context("Ada met Bob in Rome.", *place, around=around) == context
