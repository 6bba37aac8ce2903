"""The label sets that come with the program: complete, described, and fed by the model's labels."""

from __future__ import annotations

import pytest

from annotator.model.resources import label_set_names, load_label_set

ONTONOTES = (
    "PERSON GPE ORG LOC NORP DATE FAC EVENT CARDINAL MONEY "
    "TIME PERCENT QUANTITY ORDINAL WORK_OF_ART PRODUCT LAW LANGUAGE"
).split()
TIMES_AND_NUMBERS = {"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL", "CARDINAL"}


@pytest.mark.parametrize("name", label_set_names())
def test_every_label_says_what_it_is_for(name: str) -> None:
    labels = load_label_set(name)
    assert labels.name == name
    assert labels.description
    for label in labels.labels:
        assert label.key
        assert label.colour
        assert label.description.endswith(".")
        assert label.description.count(". ") <= 1
        assert 2 <= len(label.examples) <= 4


def test_news_has_the_ontonotes_types_under_digits_and_their_initials() -> None:
    labels = load_label_set("news")
    assert [label.name for label in labels.labels] == ONTONOTES
    assert "".join(label.key for label in labels.labels) == "1234567890TPQOWRLG"
    assert [labels.by_name[name].colour for name in ONTONOTES[:6]] == [
        *("blue", "green", "orange", "teal", "pink", "violet"),
    ]
    assert [labels.mapped(name) for name in ONTONOTES] == ONTONOTES


@pytest.mark.parametrize("name", ["conll", "wnut"])
def test_the_map_decides_about_every_label_of_the_english_model(name: str) -> None:
    labels = load_label_set(name)
    assert set(labels.map) == set(ONTONOTES)
    assert all(labels.mapped(label) is None for label in TIMES_AND_NUMBERS)


def test_conll_takes_names_of_other_kinds_as_misc() -> None:
    labels = load_label_set("conll")
    assert {name: labels.mapped(name) for name in ("PERSON", "GPE", "LOC", "FAC", "ORG")} == {
        "PERSON": "PER",
        "GPE": "LOC",
        "LOC": "LOC",
        "FAC": "LOC",
        "ORG": "ORG",
    }
    others = set(ONTONOTES) - TIMES_AND_NUMBERS - {"PERSON", "GPE", "LOC", "FAC", "ORG"}
    assert {labels.mapped(name) for name in others} == {"MISC"}


def test_wnut_has_the_six_types_of_the_task() -> None:
    labels = load_label_set("wnut")
    assert list(labels.by_name) == [
        *("person", "location", "corporation", "product", "creative-work", "group"),
    ]
    assert labels.mapped("WORK_OF_ART") == "creative-work"
    assert labels.mapped("EVENT") is None
