"""Label sets: keys and colours dealt out, a model's labels mapped, and what a broken file is told."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import LabelSetError
from annotator.model.labels import COLOURS, LABEL_KEYS, Label, LabelSet

PER, ORG = {"name": "PER"}, {"name": "ORG"}


def read(**fields: Any) -> LabelSet:
    """A label set read from the JSON of these fields."""
    return LabelSet.from_json(json.dumps({"name": "mine", **fields}), origin="mine.json")


def test_the_smallest_file_gives_keys_and_colours() -> None:
    labels = read(labels=[PER, ORG])
    assert [(label.name, label.key, label.colour) for label in labels.by_name.values()] == [
        ("PER", "1", "blue"),
        ("ORG", "2", "green"),
    ]
    assert labels.by_key == {"1": "PER", "2": "ORG"}
    assert not labels.nested


def test_keys_that_were_asked_for_are_kept_and_the_rest_dealt_around_them() -> None:
    labels = read(labels=[{"name": "A"}, {"name": "B", "key": "1"}, {"name": "C"}, {"name": "D", "key": "X"}])
    assert labels.by_key == {"2": "A", "1": "B", "3": "C", "X": "D"}


@given(st.lists(st.sampled_from(LABEL_KEYS), unique=True, max_size=36), st.integers(1, 60))
def test_keys_are_never_given_twice(asked: list[str], more: int) -> None:
    wanted = [Label(name=f"L{key}", key=key) for key in asked]
    labels = LabelSet(name="many", labels=(*wanted, *(Label(name=f"M{i}") for i in range(more))))
    keys = [label.key for label in labels.by_name.values() if label.key]
    assert len(keys) == len(set(keys)) == min(36, len(asked) + more)
    assert all(labels.by_name[f"L{key}"].key == key for key in asked)
    assert {label.colour for label in labels.by_name.values()} <= set(COLOURS)


@pytest.mark.parametrize(
    ("fields", "place", "message"),
    [
        ({"labels": [PER, PER]}, "the file", "label PER stands twice"),
        ({"labels": [{"name": "A", "key": "a"}]}, "the file", "key 'a' is not a digit or a capital letter"),
        ({"labels": [{"name": "A", "key": "12"}]}, "the file", "key '12' is not"),
        ({"labels": [{"name": "A", "key": "1"}, {"name": "B", "key": "1"}]}, "the file", "key 1 stands for two labels"),
        ({"labels": [{"name": "A", "colour": "mauve"}]}, "the file", "colour 'mauve' is not one of blue"),
        ({"labels": [PER], "map": {"PERSON": "PRS"}}, "the file", "the map leads to 'PRS', which is not a label"),
        ({"labels": [PER], "map": {"PERSON": ""}}, "the file", "the map leads to '', which is not a label"),
        ({"labels": []}, "labels", "at least 1 item"),
        ({}, "labels", "it is missing"),
        ({"labels": [{"name": "two\tcells"}]}, "labels.0", "cannot be the name of a label"),
        ({"labels": [{"name": ""}]}, "labels.0.name", "at least 1 character"),
        ({"labels": [PER], "colour": "red"}, "colour", "there is no such field"),
    ],
)  # fmt: skip
def test_a_broken_file_is_told_where_and_why(fields: dict[str, Any], place: str, message: str) -> None:
    with pytest.raises(LabelSetError) as caught:
        read(**fields)
    assert caught.value.message.startswith(f"mine.json is not a label set: {place}: ")
    assert message in caught.value.message
    assert "Value error" not in caught.value.message
    assert '{"name": "PER"}' in caught.value.hint


def test_a_file_that_is_not_json_is_told_so() -> None:
    with pytest.raises(LabelSetError, match="the file: it is not JSON"):
        LabelSet.from_json("labels: PER", origin="mine.json")


def test_a_models_labels_are_mapped_dropped_or_kept() -> None:
    labels = read(labels=[PER, ORG], map={"PERSON": "PER", "NORP": None})
    assert [labels.mapped(name) for name in ("PERSON", "NORP", "ORG", "DATE")] == ["PER", None, "ORG", None]


def test_an_unknown_label_is_named_beside_the_known_ones() -> None:
    labels = LabelSet.from_names("conll", ["PER", "LOC", "PER"])
    assert labels.check("LOC") == "LOC"
    assert "PER" in labels
    with pytest.raises(LabelSetError) as caught:
        labels.check("FAC")
    assert caught.value.message == "the label set conll has no label FAC"
    assert caught.value.hint == "its labels are PER, LOC"


def test_reading_what_was_written_gives_the_same_set() -> None:
    labels = read(labels=[PER, {"name": "ORG", "examples": ["UN"]}], nested=True, map={"GPE": None})
    assert labels.by_key  # what was worked out is no part of what is written
    assert LabelSet.from_json(json.dumps(labels.content), origin="again") == labels


@pytest.mark.parametrize(
    "name", ["Person Name", "Job  Title", "Years of Experience", "PER-1/2", "a.b", "é è"]
)
def test_labels_may_hold_blanks_and_other_marks(name: str) -> None:
    text = json.dumps({"name": "mine", "labels": [{"name": name}]})
    assert LabelSet.from_json(text, origin="mine.json").labels[0].name == name


@pytest.mark.parametrize("name", [" PER", "PER ", "P\tR", "P\nR", "P\u202eR", "P\u00a0R"])
def test_a_name_that_no_label_can_have_is_named(name: str) -> None:
    text = json.dumps({"name": "mine", "labels": [{"name": name}]})
    with pytest.raises(LabelSetError, match=re.escape(repr(name))):
        LabelSet.from_json(text, origin="mine.json")
