"""Records are read as dataclasses, or what is wrong with them is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import TypeAdapter

from annotator.model.decisions import By, Decision, Verb
from annotator.model.spans import Span, Suggestion
from annotator.store.shapes import made

RECORD = {
    "seq": 2,
    "step": 1,
    "verb": "relabel",
    "who": "eva",
    "when": "2026-11-22T14:02:11Z",
    "span": "a1",
    "after": {"start": 0, "end": 3, "label": "PER", "doubt": True},
    "suggestion": {"start": 0, "end": 3, "label": "ORG", "score": 1},
    "by": "bulk",
}


@dataclass(frozen=True)
class Shelf:
    """One field of each other shape."""

    numbers: list[int]
    names: tuple[str, ...] = ()
    weight: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()


def test_a_record_is_read_with_what_is_within_it() -> None:
    after = Span(0, 3, "PER", doubt=True)
    suggestion = Suggestion(0, 3, "ORG", score=1)
    assert made(Decision, RECORD) == Decision(
        2, 1, Verb.RELABEL, "eva", RECORD["when"], "a1", None, after, suggestion, By.BULK
    )


def test_pydantic_reads_it_likewise() -> None:
    assert made(Decision, RECORD) == TypeAdapter(Decision).validate_python(RECORD)


def test_numbers_texts_and_defaults() -> None:
    assert made(Shelf, {"numbers": [1, 2], "weight": 3}) == Shelf([1, 2], (), 3)
    assert made(Shelf, {"numbers": [], "names": ["eva", "ben"]}) == Shelf([], ("eva", "ben"))
    span = {"start": 0, "end": 3, "label": "PER"}
    assert made(Shelf, {"numbers": [], "spans": [span, span]}).spans == (Span(0, 3, "PER"),) * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seq": "2"}, "seq: it must not be '2'"),
        ({"seq": True}, "seq: it must not be True"),
        ({"span": 7}, "span: it must not be 7"),
        ({"who": None}, "who: it must not be None"),
        ({"verb": "guess"}, "verb: 'guess' is not a valid Verb"),
        ({"mood": "glad"}, "mood: there is no such field"),
        ({"after": [0, 3, "PER"]}, r"after: it must not be \[0, 3, 'PER'\]"),
        ({"after": {"start": 0, "end": 3}}, "after: label: it is missing"),
    ],
)
def test_another_shape_is_an_error(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        made(Decision, RECORD | change)


def test_a_missing_field_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^numbers: it is missing"):
        made(Shelf, {})


@pytest.mark.parametrize("numbers", [[1, "2"], [1.0], [True], "12"])
def test_a_list_of_numbers_holds_nothing_else(numbers: object) -> None:
    with pytest.raises(ValueError, match=r"^numbers: "):
        made(Shelf, {"numbers": numbers})


@pytest.mark.parametrize("names", [["eva", 2], [None], "eva"])
def test_a_list_of_texts_holds_nothing_else(names: object) -> None:
    with pytest.raises(ValueError, match=r"^names: "):
        made(Shelf, {"numbers": [], "names": names})


@pytest.mark.parametrize("spans", [[7], [{"start": 0}], {}, [{"start": 0, "end": 3, "label": "PER", "x": 1}]])
def test_a_list_of_records_holds_nothing_else(spans: object) -> None:
    with pytest.raises(ValueError, match=r"^spans: "):
        made(Shelf, {"numbers": [], "spans": spans})
