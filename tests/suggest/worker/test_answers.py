"""Answers as records: they come back as they were, and stale or damaged ones do not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.documents import text_hash
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.suggest.worker.answers import (
    Answer,
    answer_from_record,
    answer_to_record,
    model_suggestion,
)

SCORES = st.one_of(st.none(), st.floats(0, 1))


@st.composite
def texts_and_answers(draw: st.DrawFn) -> tuple[str, Answer]:
    text = draw(st.text(st.characters(exclude_categories=[]), min_size=1))
    name = draw(st.sampled_from(["core-1.0", "blank_xx-3.8"]))
    tokens = Tokens(stand_in_tokens(text), tokenizer=name)
    starts = draw(st.lists(st.integers(0, len(text) - 1), max_size=5))
    suggestions = tuple(
        model_suggestion(
            start,
            draw(st.integers(start + 1, len(text))),
            draw(st.text(min_size=1)),
            score=draw(SCORES),
            pipeline=name,
        )
        for start in starts
    )
    return text, Answer(draw(st.text(min_size=1)), text_hash(text), tokens, suggestions, name)


@given(texts_and_answers())
def test_an_answer_comes_back_from_json_as_it_was(made: tuple[str, Answer]) -> None:
    text, answer = made
    record = json.loads(json.dumps(answer_to_record(answer)))
    read = answer_from_record(record, text)
    assert read == answer
    assert read is not None
    assert read.tokens.tokenizer == answer.pipeline


TEXT = "Ada met Bob."


@pytest.fixture
def record() -> dict[str, Any]:
    tokens = Tokens([(0, 3), (4, 7), (8, 11), (11, 12)], tokenizer="core-1.0")
    suggestion = model_suggestion(0, 3, "PERSON", score=0.5, pipeline="core-1.0")
    return answer_to_record(Answer("a", text_hash(TEXT), tokens, (suggestion,), "core-1.0"))


def test_the_form_of_a_record(record: dict[str, Any]) -> None:
    """A change of this is a new RECORD_FORMAT: caches are read by later versions."""
    assert record == {
        "format": 2,
        "document": "a",
        "sha256": text_hash(TEXT),
        "pipeline": "core-1.0",
        "tokens": [0, 3, 1, 3, 1, 3, 0, 1],
        "suggestions": [[0, 3, "PERSON", 0.5]],
    }


@pytest.mark.parametrize(
    "change",
    [
        {"format": 1},
        {"sha256": text_hash("Ada met Eve.")},
        {"tokens": [0, 3, 1]},
        {"tokens": [0, 0]},
        {"tokens": [0, 13]},
        {"tokens": [-1, 3]},
        {"tokens": [0, 2**40]},
        {"tokens": ["0", "3"]},
        {"tokens": None},
        {"suggestions": [[0, 3, "PERSON"]]},
        {"suggestions": [[3, 3, "PERSON", 0.5]]},
        {"suggestions": [[-1, 3, "PERSON", 0.5]]},
        {"suggestions": [[0, 13, "PERSON", 0.5]]},
        {"suggestions": [[0, "3", "PERSON", 0.5]]},
    ],
)
def test_a_stale_or_damaged_record_is_none(record: dict[str, Any], change: dict[str, Any]) -> None:
    assert answer_from_record(record, TEXT) is not None
    assert answer_from_record({**record, **change}, TEXT) is None


def test_an_empty_record_is_none() -> None:
    assert answer_from_record({}, "") is None
