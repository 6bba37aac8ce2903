"""What spans say of tokens, and BIO classes there and back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given

from annotator.measure.bio import bio_classes, bio_of, chunks
from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.measure.tokens import MISSING, OUTSIDE, token_labels
from tests.measure.made import corpus, document, documents, spans, words

TEXT = "Ana of York met Ben"
"""Tokens at 0, 4, 7, 12 and 16."""


def said(*spans: tuple[int, int, str]) -> list[int]:
    """What one annotator says of each word of TEXT, where another used all labels."""
    used = [(0, 1, "LOC"), (0, 1, "ORG"), (0, 1, "PER")]
    sets = {"a": spans, "b": used}
    return token_labels(Corpus.of([document(sets, length=len(TEXT), tokens=words(TEXT))]))[0].tolist()


LOC, ORG, PER = 1, 2, 3


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([(0, 3, "PER")], [PER, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE], id="a word"),
        pytest.param([(0, 11, "PER")], [PER, PER, PER, OUTSIDE, OUTSIDE], id="several words"),
        pytest.param([(1, 2, "PER")], [PER, OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE], id="a part of a word"),
        pytest.param([(2, 8, "LOC")], [LOC, LOC, LOC, OUTSIDE, OUTSIDE], id="parts at both ends"),
        pytest.param([(3, 4, "PER")], [OUTSIDE] * 5, id="only a blank"),
        pytest.param(
            [(0, 5, "PER"), (5, 6, "PER")], [PER, PER, OUTSIDE, OUTSIDE, OUTSIDE], id="one token twice"
        ),
    ],
)
def test_a_token_is_marked_if_a_span_covers_some_of_it(
    spans: Sequence[tuple[int, int, str]], expected: list[int]
) -> None:
    assert said(*spans) == expected


def test_several_labels_on_a_token_are_a_value_of_their_own() -> None:
    values = said((0, 11, "PER"), (7, 11, "LOC"))
    assert values[:2] == [PER, PER]
    assert values[2] not in (OUTSIDE, LOC, ORG, PER)


def test_equal_combinations_are_equal_values_for_all_annotators() -> None:
    sets = {
        "a": [(0, 3, "PER"), (0, 3, "LOC"), (7, 11, "ORG"), (7, 11, "LOC")],
        "b": [(0, 11, "LOC"), (0, 3, "PER"), (7, 11, "ORG")],
    }
    values = token_labels(Corpus.of([document(sets, length=len(TEXT), tokens=words(TEXT))]))
    assert values[0, [0, 2]].tolist() == values[1, [0, 2]].tolist()
    assert len({*values[0, [0, 2]].tolist(), OUTSIDE, LOC, ORG, PER}) == 6


def test_documents_that_an_annotator_has_not_finished_are_missing() -> None:
    found = [
        document({"a": [], "b": []}, id="1", length=2),
        document({"b": [(0, 1, "PER")]}, id="2", length=2),
    ]
    values = token_labels(Corpus.of(found))
    assert values.tolist() == [[OUTSIDE, OUTSIDE, MISSING, MISSING], [OUTSIDE, OUTSIDE, 1, OUTSIDE]]


@given(found=documents())
def test_values_equal_a_naive_count(found: list[FinishedDocument]) -> None:
    """Two tokens have one value just if the same labels touch both."""
    corpus = Corpus.of(found)
    values = token_labels(corpus)
    by_value: dict[int, frozenset[str]] = {}
    for row, annotator in enumerate(corpus.annotators):
        column = 0
        for each in found:
            for start, end in each.tokens:
                value = int(values[row, column])
                column += 1
                if annotator not in each.sets:
                    assert value == MISSING
                    continue
                touching = frozenset(
                    span.label for span in each.sets[annotator] if span.start < end and start < span.end
                )
                assert by_value.setdefault(value, touching) == touching
                assert (value == OUTSIDE) == (not touching)
    assert len(set(by_value.values())) == len(by_value)


def test_bio_classes_begin_and_continue() -> None:
    found = Corpus.of(
        [
            document(
                {"a": [(0, 11, "PER"), (12, 15, "PER"), (16, 19, "LOC")]},
                length=len(TEXT),
                tokens=words(TEXT),
            )
        ]
    )
    names = bio_classes(found.labels)
    assert names == ("O", "B-LOC", "I-LOC", "B-PER", "I-PER")
    assert [names[code] for code in bio_of(found, found.spans[0])] == [
        *("B-PER", "I-PER", "I-PER", "B-PER", "B-LOC")
    ]


def test_of_spans_that_share_a_token_the_longest_counts() -> None:
    found = corpus({"a": [(0, 2, "PER"), (1, 6, "ORG"), (5, 8, "LOC"), (8, 9, "LOC")]}, length=9)
    assert chunks(bio_of(found, found.spans[0]).tolist()) == [(1, 6, 1), (8, 9, 0)]


def test_an_inside_that_continues_nothing_begins_a_span() -> None:
    begin, inside, other = 1, 2, 4
    assert chunks([inside, inside, 0, begin, other, other, begin]) == [
        (0, 2, 0),
        (3, 4, 0),
        (4, 6, 1),
        (6, 7, 0),
    ]


@given(a=spans(flat=True))
def test_flat_spans_come_back_from_their_classes(a: list[tuple[int, int, str]]) -> None:
    found = corpus({"a": a})
    spelled = chunks(bio_of(found, found.spans[0]).tolist())
    assert [(start, end, found.labels[label]) for start, end, label in spelled] == sorted(a)
