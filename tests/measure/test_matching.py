"""Matching: what agrees strictly, leniently and by boundaries, against brute force, and whatever the order."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.measure.bipartite import maximum_matching
from annotator.measure.corpus import Corpus
from annotator.measure.matching import Counts, boundary_pairs, lenient_pairs, strict_pairs
from tests.measure.made import LABELS, LENGTH, corpus, document, facts, spans

Triples = list[tuple[int, int, str]]


def matched(a: Triples, b: Triples) -> tuple[int, int, int]:
    """Strict, lenient and boundary-only true positives."""
    rows = corpus({"a": a, "b": b}).spans
    return len(strict_pairs(*rows)[0]), len(lenient_pairs(*rows)[0]), len(boundary_pairs(*rows)[0])


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param([(0, 5, "PER")], [(0, 5, "PER")], (1, 1, 1), id="equal"),
        pytest.param([(0, 5, "PER")], [(0, 5, "ORG")], (0, 0, 1), id="another label"),
        pytest.param([(0, 5, "PER")], [(0, 4, "PER")], (0, 1, 0), id="another boundary"),
        pytest.param([(0, 5, "PER")], [(4, 9, "PER")], (0, 1, 0), id="one character in common"),
        pytest.param([(0, 5, "PER")], [(5, 9, "PER")], (0, 0, 0), id="touching only"),
        pytest.param([(0, 5, "PER")], [(4, 9, "ORG")], (0, 0, 0), id="both differ"),
        pytest.param([(0, 9, "PER")], [(0, 4, "PER"), (5, 9, "PER")], (0, 1, 0), id="one to one"),
        pytest.param(
            [(0, 6, "PER"), (5, 9, "PER")],
            [(5, 6, "PER"), (0, 1, "PER")],
            (0, 2, 0),
            id="the greedy choice would leave one out",
        ),
        pytest.param(
            [(0, 5, "PER"), (0, 5, "ORG")],
            [(0, 5, "LOC"), (0, 5, "PER")],
            (1, 1, 2),
            id="two labels at a place",
        ),
        pytest.param([(0, 5, "PER")] * 3, [(0, 5, "PER")] * 2, (1, 1, 1), id="duplicates are one"),
        pytest.param(
            [(0, 5, "A")], [(0, 3, "B"), (0, 5, "A")], (1, 1, 1), id="nervaluate finds none of these"
        ),
        pytest.param([(0, 9, "PER"), (2, 4, "PER")], [(2, 4, "PER"), (0, 9, "PER")], (2, 2, 2), id="nested"),
        pytest.param([], [], (0, 0, 0), id="nothing"),
    ],
)
def test_what_counts_as_agreement(a: Triples, b: Triples, expected: tuple[int, int, int]) -> None:
    assert matched(a, b) == expected
    assert matched(b, a) == expected


def largest_matching(a: Triples, b: Triples) -> int:
    """The lenient true positives by trying all."""
    edges = [
        (i, j)
        for i, (start, end, label) in enumerate(a)
        for j, (other_start, other_end, other_label) in enumerate(b)
        if label == other_label and start < other_end and other_start < end
    ]
    return _largest(edges)


def _largest(edges: list[tuple[int, int]]) -> int:
    if not edges:
        return 0
    (left, right), rest = edges[0], edges[1:]
    taken = [edge for edge in rest if edge[0] != left and edge[1] != right]
    return max(1 + _largest(taken), _largest(rest))


@given(a=spans(), b=spans())
def test_matching_equals_brute_force(a: Triples, b: Triples) -> None:
    a, b = sorted(set(a)), sorted(set(b))
    strict, lenient, boundary = matched(a, b)
    assert strict == len(set(a) & set(b))
    assert lenient == largest_matching(a, b)
    places_a, places_b = [span[:2] for span in a], [span[:2] for span in b]
    assert boundary == sum(min(places_a.count(place), places_b.count(place)) for place in set(places_a))
    assert strict <= min(lenient, boundary)


@given(a=spans(), b=spans(), data=st.data())
def test_neither_sides_nor_order_nor_duplicates_nor_names_matter(
    a: Triples, b: Triples, data: st.DataObject
) -> None:
    counts = matched(a, b)
    assert matched(b, a) == counts
    assert matched(data.draw(st.permutations(a * 2)), data.draw(st.permutations(b))) == counts
    renamed = dict(zip(LABELS, data.draw(st.permutations(LABELS)), strict=True))
    one, other = ([(start, end, renamed[label]) for start, end, label in side] for side in (a, b))
    assert matched(one, other) == counts


@given(a=spans(), b=spans())
def test_pairs_are_one_to_one_and_what_they_say(a: Triples, b: Triples) -> None:
    rows_a, rows_b = corpus({"a": a, "b": b}).spans
    for pairs, is_right in (
        (strict_pairs, lambda one, other: one == other),
        (boundary_pairs, lambda one, other: one[:2] == other[:2]),
        (
            lenient_pairs,
            lambda one, other: one[2] == other[2] and max(one[0], other[0]) < min(one[1], other[1]),
        ),
    ):
        in_a, in_b = pairs(rows_a, rows_b)
        assert sorted(set(in_a.tolist())) == in_a.tolist()
        assert len(set(in_b.tolist())) == len(in_b)
        for one, other in zip(in_a, in_b, strict=True):
            assert is_right(
                (rows_a.start[one], rows_a.end[one], rows_a.label[one]),
                (rows_b.start[other], rows_b.end[other], rows_b.label[other]),
            )


@given(edges=st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=9))
def test_maximum_matching_of_any_graph(edges: set[tuple[int, int]]) -> None:
    chosen = maximum_matching(sorted(edges))
    assert set(chosen) <= edges
    assert len(chosen) == _largest(sorted(edges))
    assert all(one[0] != other[0] and one[1] != other[1] for one, other in combinations(chosen, 2))


def test_a_long_chain_that_must_be_moved_as_a_whole() -> None:
    """Each left member first takes what the next one needs; only an augmenting path of full length frees the last."""
    size = 3000
    edges = [edge for left in range(size) for edge in ((left, left + 1), (left, left))]
    edges.append((size, size))
    assert len(maximum_matching(edges)) == size + 1


def test_documents_do_not_touch_one_another() -> None:
    """The end of one document and the beginning of the next are no common place."""
    both = Corpus.of(
        [
            document({"a": [(LENGTH - 2, LENGTH, "PER")], "b": []}, id="1"),
            document({"a": [], "b": [(0, 2, "PER")]}, id="2"),
        ]
    )
    assert len(lenient_pairs(*both.spans)[0]) == 0


def test_figures_of_counts() -> None:
    counts = Counts(3, 4, 6) + Counts(1, 1, 0)
    assert (counts.recall, counts.precision, counts.f1) == (4 / 5, 4 / 6, 8 / 11)
    nothing = Counts(0, 0, 0)
    assert (nothing.recall, nothing.precision, nothing.f1) == (None, None, None)
    assert Counts(0, 0, 2).f1 == 0.0


def test_the_first_of_equal_spans_is_kept_as_it_came_in() -> None:
    found = Corpus.of([document({"a": [(3, 5, "PER"), (0, 2, "ORG"), (3, 5, "PER")]})])
    kept = [found.items[0][item] for item in found.spans[0].item.tolist()]
    assert facts(kept) == [(0, 2, "ORG"), (3, 5, "PER")]
