"""Intervals by resampling documents."""

from __future__ import annotations

import numpy as np
import pytest

from annotator.measure import bootstrap
from annotator.measure.bootstrap import f1_interval


def corpus_of(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Matches and spans of documents of which half agree fully and half not at all."""
    return np.tile([4, 0], size // 2), np.full(size, 8)


def test_the_interval_of_a_proportion() -> None:
    """F1 is then the share of agreeing documents, whose standard error is known: 1.96 sqrt(.25 / 400)."""
    low, high = f1_interval(*corpus_of(400), resamples=4000) or (0.0, 0.0)
    assert low == pytest.approx(0.5 - 0.049, abs=0.005)
    assert high == pytest.approx(0.5 + 0.049, abs=0.005)


def test_more_documents_are_surer() -> None:
    few, many = (f1_interval(*corpus_of(size)) or (0.0, 0.0) for size in (20, 2000))
    assert many[1] - many[0] < (few[1] - few[0]) / 5


def test_a_narrower_share_is_a_narrower_interval() -> None:
    wide, narrow = (f1_interval(*corpus_of(100), share=share) or (0.0, 0.0) for share in (0.95, 0.5))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_it_repeats_and_the_seed_matters() -> None:
    matches, spans = np.arange(50), np.arange(50, 150, 2)
    assert f1_interval(matches, spans) == f1_interval(matches, spans)
    assert f1_interval(matches, spans, seed=2) != f1_interval(matches, spans, seed=3)


def test_draws_in_blocks_are_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    matches, spans = np.arange(50), np.arange(50, 150, 2)
    whole = f1_interval(matches, spans)
    monkeypatch.setattr(bootstrap, "_AT_ONCE", 8 * 50)
    assert f1_interval(matches, spans) == whole


@pytest.mark.parametrize(
    ("matches", "spans"),
    [([], []), ([2], [5]), ([0, 0, 0], [0, 0, 0])],
    ids=["none", "one document", "no spans"],
)
def test_too_little_has_no_interval(matches: list[int], spans: list[int]) -> None:
    assert f1_interval(np.array(matches, dtype=np.int64), np.array(spans, dtype=np.int64)) is None


def test_resamples_without_spans_are_left_out() -> None:
    """One document of three has spans, and it agrees: F1 is 1 wherever there is one."""
    assert f1_interval(np.array([2, 0, 0]), np.array([4, 0, 0])) == (1.0, 1.0)
