"""Learning curves: nested subsets, what twice the data promises, and the picture."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.training.curve import Point, expected, figure, plot, subsets, verdict


def _points(*values: float) -> list[Point]:
    shares = (0.25, 0.5, 0.75, 1.0)
    return [
        Point(share, int(share * 8), int(share * 1000), value)
        for share, value in zip(shares, values, strict=True)
    ]


@given(
    st.dictionaries(st.text("abc", min_size=1), st.integers(0, 9), min_size=1).filter(
        lambda spans: sum(spans.values())
    ),
    st.integers(0, 5),
)
def test_each_subset_is_within_the_next_and_the_last_is_all(spans, seed):
    chosen = [set(ids) for _, ids in subsets(spans, seed=seed)]
    assert all(small <= large for small, large in pairwise(chosen))
    assert chosen[-1] == spans.keys()
    assert all(sum(spans[id] for id in ids) for ids in chosen)


def test_shares_are_of_spans_and_not_of_documents():
    """One long document among many short ones is not a share of its own."""
    spans = {"long": 100, **{f"short{number}": 1 for number in range(100)}}
    for seed in range(5):
        for share, ids in subsets(spans, seed=seed):
            held = sum(spans[id] for id in ids)
            assert abs(held - share * 200) <= 50, (seed, share)


def test_a_power_law_is_found_and_followed():
    points = [Point(n / 400, n, n, 1 - 2.0 * n**-0.4) for n in (100, 200, 300, 400)]
    assert expected(points, 800) == pytest.approx(1 - 2.0 * 800**-0.4)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0.3, 0.45, 0.55, 0.62), "More data would help."),
        ((0.70, 0.71, 0.70, 0.71), "More of the same would help little."),
        ((0.8, 0.7, 0.6, 0.5), "More of the same would help little."),
        ((0.0, 0.0, 0.2, 0.3), "There are too few different points"),
    ],
)
def test_the_verdict(values, said):
    assert verdict(_points(*values)).startswith(said)


def test_what_is_promised_is_never_less_than_what_is_there():
    points = _points(0.8, 0.7, 0.6, 0.5)
    assert expected(points, 2000) == 0.5


def test_the_plot_has_each_point_at_its_place():
    lines = plot(_points(0.30, 0.45, 0.55, 0.62))
    assert lines == [
        " .75 ┤",
        "     │                                                   ○",
        "     │                         ·●",
        "     │                    ·····",
        " .52 ┤                ···●",
        "     │             ●··",
        "     │          ···",
        "     │        ··",
        " .30 ┤      ●·",
        "     └──────┬──────┬─────┬──────┬────────────────────────┬",
        "           250    500   750   1,000                  2,000  spans",
    ]


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_every_curve_can_be_drawn(values):
    lines = plot(_points(*values))
    assert sum(line.count("●") for line in lines) in range(1, 5)
    assert len(lines) == 11


def test_figures_of_three_digits():
    assert [figure(value) for value in (0.5, 1.0, 0.0, None)] == [".500", "1.000", ".000", "n/a"]
