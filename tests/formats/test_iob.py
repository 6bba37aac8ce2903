"""One decoder reads every scheme of tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.choices import Tags
from annotator.formats.iob import Entity, Scheme, entities, split_tag, tags_of

_sentences = st.lists(st.tuples(st.sampled_from(["", "PER", "LOC"]), st.integers(1, 3)), max_size=6)


def _tags(sentence: list[tuple[str, int]], scheme: str) -> list[str]:
    tags: list[str] = []
    last = ""
    for label, length in sentence:
        if not label:
            tags += ["O"] * length
        elif scheme == "iob1":
            tags += ["B-" + label if last == label else "I-" + label, *["I-" + label] * (length - 1)]
        elif scheme == "iob2":
            tags += ["B-" + label, *["I-" + label] * (length - 1)]
        else:
            single, begin, inside, end = {"bioes": "SBIE", "biluo": "UBIL", "bmes": "SBME"}[scheme]
            many = [begin, *[inside] * (length - 2), end]
            tags += [f"{prefix}-{label}" for prefix in (many if length > 1 else [single])]
        last = label
    return tags


def _entities(sentence: list[tuple[str, int]]) -> list[Entity]:
    found, index = [], 0
    for label, length in sentence:
        if label:
            found.append(Entity(index, index + length, label))
        index += length
    return found


@pytest.mark.parametrize("scheme", ["iob1", "iob2", "bioes", "biluo", "bmes"])
@given(sentence=_sentences)
def test_every_scheme_spells_the_same_entities(scheme: str, sentence: list[tuple[str, int]]) -> None:
    tags = [split_tag(tag) for tag in _tags(sentence, scheme)]
    assert None not in tags
    seen = Scheme()
    assert entities([tag for tag in tags if tag], seen) == _entities(sentence)
    assert not seen.is_mixed


def _read(*tags: str) -> tuple[list[Entity], Scheme]:
    scheme = Scheme()
    return entities([split_tag(tag) or ("?", "") for tag in tags], scheme), scheme


def test_an_inner_tag_of_another_label_begins_an_entity() -> None:
    found, _ = _read("B-PER", "I-LOC", "I-LOC", "E-PER", "I-PER")
    assert found == [Entity(0, 1, "PER"), Entity(1, 3, "LOC"), Entity(3, 4, "PER"), Entity(4, 5, "PER")]


def test_a_file_that_begins_entities_in_both_ways_is_mixed() -> None:
    _, scheme = _read("B-PER", "O", "I-PER")
    assert scheme.is_mixed
    _, scheme = _read("I-PER", "B-PER", "I-PER", "O", "I-LOC")
    assert not scheme.is_mixed


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        ("O", ("O", "")),
        ("B-creative-work", ("B", "creative-work")),
        ("I-B-X", ("I", "B-X")),
        ("B-", None),
        ("-", None),
        ("PER", None),
        ("X-PER", None),
        ("b-PER", None),
        ("", None),
    ],
)
def test_a_tag_is_a_prefix_and_a_label(tag: str, parts: tuple[str, str] | None) -> None:
    assert split_tag(tag) == parts


@pytest.mark.parametrize("scheme", list(Tags))
@given(sentence=_sentences)
def test_entities_are_spelled_as_each_scheme_does(scheme: Tags, sentence: list[tuple[str, int]]) -> None:
    length = sum(size for _, size in sentence)
    assert tags_of(_entities(sentence), length, scheme) == _tags(sentence, scheme.value)


def test_a_beginning_is_marked_in_iob1_only_within_a_sentence() -> None:
    found = [Entity(0, 1, "PER"), Entity(1, 2, "PER")]
    assert tags_of(found, 2, Tags.IOB1) == ["I-PER", "B-PER"]
    assert tags_of(found, 2, Tags.IOB1, beginnings={1}) == ["I-PER", "I-PER"]
