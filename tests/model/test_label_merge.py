"""Two label sets that come from one, made one again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from annotator.model.label_merge import MergeClashError, merged_label_sets
from annotator.model.labels import Label, LabelSet

PER, ORG, GPE = (Label(name=name) for name in ("PER", "ORG", "GPE"))
BASE = LabelSet(name="news", labels=(PER, ORG, GPE))


def with_labels(*labels: Label, **more: object) -> LabelSet:
    return replace(BASE, labels=labels, **more)  # type: ignore[arg-type]


def names(label_set: LabelSet) -> list[str]:
    return [label.name for label in label_set.labels]


def test_what_either_side_added_is_there_and_ours_keeps_its_key() -> None:
    ours = with_labels(*BASE.labels, Label(name="LAW", key="L"))
    theirs = with_labels(*BASE.labels, Label(name="LAKE", key="L", description="standing water"))
    merged = merged_label_sets(BASE, ours, theirs)
    assert [(label.name, label.key) for label in merged.labels[3:]] == [("LAW", "L"), ("LAKE", "")]
    assert merged.by_name["LAKE"].description == "standing water"


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_label_renamed_on_one_side_stays_renamed(is_ours: bool) -> None:
    renamed = with_labels(PER, ORG, Label(name="LOC"), map={"GPE": "LOC"})
    grown = with_labels(*BASE.labels, Label(name="LAW"))
    sides = (renamed, grown) if is_ours else (grown, renamed)
    merged = merged_label_sets(BASE, *sides)
    assert set(names(merged)) == {"PER", "ORG", "LOC", "LAW"}
    assert merged.map == {"GPE": "LOC"}


def test_changes_to_different_fields_of_one_label_both_hold() -> None:
    ours = with_labels(replace(PER, colour="red"), ORG, GPE, description="ours")
    theirs = with_labels(replace(PER, description="a person"), ORG, GPE)
    merged = merged_label_sets(BASE, ours, theirs)
    assert merged.labels[0] == Label(name="PER", colour="red", description="a person")
    assert merged.description == "ours"


@pytest.mark.parametrize(
    ("ours", "theirs", "named"),
    [
        (with_labels(replace(PER, colour="red")), with_labels(replace(PER, colour="blue")), "colour"),
        (with_labels(ORG, GPE), with_labels(replace(PER, colour="red"), ORG, GPE), "PER"),
        (with_labels(*BASE.labels, map={"X": "PER"}), with_labels(*BASE.labels, map={"X": "ORG"}), "X"),
        (replace(BASE, name="a"), replace(BASE, name="b"), "name of the label set"),
        (with_labels(PER), with_labels(ORG, GPE), "do not go together"),
    ],
    ids=["one field", "removed and changed", "one entry of the map", "the name", "nothing left"],
)
def test_different_changes_of_one_thing_clash_and_it_is_named(
    ours: LabelSet, theirs: LabelSet, named: str
) -> None:
    for sides in ((ours, theirs), (theirs, ours)):
        with pytest.raises(MergeClashError, match=named):
            merged_label_sets(BASE, *sides)


def test_without_what_both_began_with_all_labels_of_both_are_there() -> None:
    merged = merged_label_sets(None, with_labels(PER, ORG), with_labels(ORG, GPE))
    assert names(merged) == ["PER", "ORG", "GPE"]


def test_a_side_that_changed_nothing_gives_way() -> None:
    other = with_labels(PER, map={"GPE": None}, nested=True)
    assert merged_label_sets(BASE, BASE, other) == other
    assert merged_label_sets(BASE, other, BASE) == other
    assert merged_label_sets(BASE, other, other) == other
