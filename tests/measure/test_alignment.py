"""Cases between two annotators, and the matrix of their labels."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.measure.alignment import Kind, Matching, align, cases
from annotator.measure.confusion import Confusion, confusion_of, unordered
from annotator.measure.corpus import Corpus
from annotator.measure.matching import boundary_pairs, lenient_pairs, strict_pairs
from tests.measure.made import LABELS, corpus, document, spans

Triples = list[tuple[int, int, str]]

MIRRORED = {Kind.ONLY_A: Kind.ONLY_B, Kind.ONLY_B: Kind.ONLY_A}


def listed(a: Triples, b: Triples, *, matching: Matching = Matching.STRICT) -> list[tuple[str, str, str]]:
    """The cases as text: what a says, what b says, and the kind."""
    return [
        (
            *(f"{span.start}-{span.end} {span.label}" if span else "" for span in (case.a, case.b)),
            case.kind.value,
        )
        for case in cases(corpus({"a": a, "b": b}), "a", "b", matching=matching)
    ]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([(0, 5, "PER")], [(0, 5, "PER")], [("0-5 PER", "0-5 PER", "same")]),
        ([(0, 5, "PER")], [(0, 5, "ORG")], [("0-5 PER", "0-5 ORG", "label")]),
        ([(0, 5, "PER")], [(1, 5, "PER")], [("0-5 PER", "1-5 PER", "boundary")]),
        ([(0, 5, "PER")], [(1, 5, "ORG")], [("0-5 PER", "1-5 ORG", "both")]),
        ([(0, 5, "PER")], [(5, 9, "PER")], [("0-5 PER", "", "only a"), ("", "5-9 PER", "only b")]),
        (
            [(0, 9, "PER")],
            [(0, 3, "PER"), (4, 9, "ORG")],
            [("0-9 PER", "4-9 ORG", "both"), ("", "0-3 PER", "only b")],
        ),
        (
            [(0, 9, "PER"), (0, 5, "ORG")],
            [(0, 5, "PER")],
            [("0-5 ORG", "0-5 PER", "label"), ("0-9 PER", "", "only a")],
        ),
        (
            [(0, 6, "PER")],
            [(0, 3, "ORG"), (3, 6, "PER")],
            [("0-6 PER", "3-6 PER", "boundary"), ("", "0-3 ORG", "only b")],
        ),
    ],
    ids=[
        *("equal", "label", "boundary", "both", "touching", "largest overlap before the label"),
        *("equal offsets before the larger overlap", "of equal overlaps the same label"),
    ],
)
def test_kinds_of_cases(a: Triples, b: Triples, expected: list[tuple[str, str, str]]) -> None:
    assert listed(a, b) == expected


def test_the_lenient_figure_has_pairs_of_its_own() -> None:
    a, b = [(0, 5, "PER")], [(0, 5, "ORG"), (4, 9, "PER")]
    assert listed(a, b) == [("0-5 PER", "0-5 ORG", "label"), ("", "4-9 PER", "only b")]
    assert listed(a, b, matching=Matching.LENIENT) == [
        ("0-5 PER", "4-9 PER", "boundary"),
        ("", "0-5 ORG", "only b"),
    ]


def test_cases_come_in_the_order_of_the_text_with_their_documents() -> None:
    both = Corpus.of(
        [
            document({"a": [(5, 7, "PER")], "b": [(2, 3, "PER")]}, id="2"),
            document({"a": [(8, 9, "ORG")], "b": []}, id="1"),
            document({"a": [(1, 2, "ORG")]}, id="0"),
        ]
    )
    assert [(case.document, case.kind) for case in cases(both, "a", "b")] == [
        ("1", Kind.ONLY_A),
        ("2", Kind.ONLY_B),
        ("2", Kind.ONLY_A),
    ]


def test_an_unknown_annotator_is_refused() -> None:
    with pytest.raises(InputError, match="joe"):
        list(cases(corpus({"a": []}), "a", "joe"))


@given(a=spans(), b=spans(), matching=st.sampled_from(Matching))
def test_each_figure_counts_the_cases_that_agree(a: Triples, b: Triples, matching: Matching) -> None:
    found = corpus({"a": a, "b": b})
    pairs = {
        Matching.STRICT: strict_pairs,
        Matching.LENIENT: lenient_pairs,
        Matching.BOUNDARY: boundary_pairs,
    }[matching]
    kinds = [case.kind for case in cases(found, "a", "b", matching=matching)]
    assert sum(kind in matching.agreeing for kind in kinds) == len(pairs(*found.spans)[0])


@given(a=spans(), b=spans(), matching=st.sampled_from(Matching))
def test_every_span_is_in_one_case_and_kinds_are_what_they_say(
    a: Triples, b: Triples, matching: Matching
) -> None:
    found = list(cases(corpus({"a": a, "b": b}), "a", "b", matching=matching))
    for side, given_spans in (("a", a), ("b", b)):
        seen = [getattr(case, side) for case in found if getattr(case, side)]
        assert Counter((span.start, span.end, span.label) for span in seen) == Counter(set(given_spans))
    for case in found:
        if case.a is None or case.b is None:
            assert case.kind is (Kind.ONLY_B if case.a is None else Kind.ONLY_A)
            continue
        assert max(case.a.start, case.b.start) < min(case.a.end, case.b.end)
        equal = ((case.a.start, case.a.end) == (case.b.start, case.b.end), case.a.label == case.b.label)
        kinds = {(True, True): Kind.SAME, (True, False): Kind.LABEL, (False, True): Kind.BOUNDARY}
        assert case.kind is kinds.get(equal, Kind.BOTH)


@given(a=spans(), b=spans())
def test_sides_may_change_places(a: Triples, b: Triples) -> None:
    mirrored = [
        (left, right, MIRRORED.get(Kind(kind), Kind(kind)).value) for right, left, kind in listed(b, a)
    ]
    assert sorted(mirrored) == sorted(listed(a, b))


def confusion(found: Corpus) -> Confusion:
    return confusion_of(align(*found.spans), *found.spans, found.labels)


def test_the_matrix_has_a_row_and_a_column_for_none() -> None:
    found = corpus(
        {
            "a": [(0, 2, "PER"), (3, 5, "PER"), (6, 8, "ORG")],
            "b": [(0, 2, "PER"), (3, 4, "ORG"), (9, 10, "LOC")],
        }
    )
    matrix = confusion(found)
    assert matrix.labels == ("LOC", "ORG", "PER")
    assert matrix["PER", "PER"] == matrix["PER", "ORG"] == matrix["ORG", None] == matrix[None, "LOC"] == 1
    assert sum(map(sum, matrix.counts)) == 4
    assert matrix.as_json() == {
        "labels": ["LOC", "ORG", "PER", None],
        "counts": [[0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, 0]],
    }


@given(a=spans(), b=spans(), row=st.sampled_from([*LABELS, None]), column=st.sampled_from([*LABELS, None]))
def test_a_cell_lists_as_many_cases_as_it_counts(
    a: Triples, b: Triples, row: str | None, column: str | None
) -> None:
    found = corpus({"a": a, "b": b, "c": [(0, 1, label) for label in LABELS]})
    matrix = confusion_of(align(*found.spans[:2]), *found.spans[:2], found.labels)
    behind = [
        case
        for case in cases(found, "a", "b")
        if (case.a and case.a.label, case.b and case.b.label) == (row, column)
    ]
    assert len(behind) == matrix[row, column]
    assert matrix[None, None] == 0


def test_pairs_are_summed_up_without_order() -> None:
    one = Confusion(("A",), ((3, 1), (2, 0)))
    other = Confusion(("A",), ((1, 0), (5, 0)))
    assert unordered(iter([one, other]), ("A",)) == Confusion(("A",), ((4, 8), (8, 0)))
