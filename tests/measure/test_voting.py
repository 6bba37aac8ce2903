"""Votes on spans, and who is elected."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import UsageError
from annotator.measure.voting import Thresholds, elect, votes
from annotator.model.spans import Span, overlaps
from tests.measure.made import facts, spans

Triples = list[tuple[int, int, str]]

PER, ORG = (0, 5, "PER"), (0, 5, "ORG")


def sets(*annotators: Triples) -> dict[str, list[Span]]:
    return {f"annotator{number}": [Span(*span) for span in own] for number, own in enumerate(annotators)}


def elected(*annotators: Triples, flat: bool = False, **thresholds: Any) -> Triples:
    return facts(elect(sets(*annotators), thresholds=Thresholds(**thresholds), flat=flat))


def test_votes_tell_who_and_how_many_of_those_who_finished() -> None:
    (first, second) = votes({"eva": [Span(*PER)], "ana": [Span(*PER), Span(*ORG)], "joe": [], "ben": []})
    assert (first.label, first.voters, first.share) == ("ORG", ("ana",), 1 / 4)
    assert (second.label, second.voters, second.share) == ("PER", ("ana", "eva"), 2 / 4)
    assert second.span == Span(*PER)


@pytest.mark.parametrize(
    ("annotators", "expected"),
    [
        pytest.param([[PER], [PER], []], [PER], id="two of three"),
        pytest.param([[PER], [PER], [], []], [], id="half is no majority"),
        pytest.param([[PER], [PER], [ORG]], [PER], id="against another label"),
        pytest.param([[PER], [ORG], []], [], id="all differ"),
        pytest.param([[PER, PER], [], []], [], id="nobody votes twice"),
        pytest.param([[PER, ORG], [PER, ORG], [PER]], [PER], id="the most voted label at a place"),
        pytest.param([[PER, ORG], [PER, ORG], []], [], id="a tie of labels at a place"),
        pytest.param([], [], id="nobody"),
    ],
)
def test_the_majority(annotators: list[Triples], expected: Triples) -> None:
    assert elected(*annotators) == expected


@pytest.mark.parametrize(
    ("thresholds", "expected"),
    [
        pytest.param({"votes": 1}, [PER], id="one vote is enough: the best label"),
        pytest.param({"votes": 1, "best": None}, [ORG, PER], id="all labels with enough votes"),
        pytest.param({"votes": 1, "best": 2}, [ORG, PER], id="the best two"),
        pytest.param({"votes": 3}, [], id="more votes than there are"),
        pytest.param({"votes": 1, "share": 0.5}, [PER], id="half of who finished"),
        pytest.param({"votes": 1, "share": 0.6}, [], id="more than half of who finished"),
    ],
)
def test_thresholds(thresholds: dict[str, Any], expected: Triples) -> None:
    assert elected([PER], [PER], [ORG], [], **thresholds) == expected


def test_in_a_flat_layer_the_more_voted_of_overlapping_spans_stays() -> None:
    long, short = (0, 9, "PER"), (0, 4, "PER")
    assert elected([long], [long], [short], votes=1, flat=True) == [long]
    assert elected([long], [short], votes=1, flat=True) == []
    assert elected([long], [short], votes=1) == [long, short]


@pytest.mark.parametrize("wrong", [{"votes": 0}, {"share": 1.5}, {"share": -0.1}, {"best": 0}])
def test_thresholds_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refusal:
        Thresholds(**wrong)
    assert refusal.value.hint


@given(annotators=st.lists(spans(flat=True), max_size=5))
def test_the_majority_of_flat_sets_is_flat(annotators: list[Triples]) -> None:
    """Two overlapping spans cannot both be of more than half, since nobody marked both."""
    found = elect(sets(*annotators))
    assert not any(overlaps(one, other) for one in found for other in found if one is not other)
    assert found == elect(sets(*annotators), flat=True)


@given(annotators=st.lists(spans(), max_size=4), count=st.integers(1, 4))
def test_who_is_elected_has_the_votes(annotators: list[Triples], count: int) -> None:
    found = elect(sets(*annotators), thresholds=Thresholds(votes=count, best=None))
    enough = {
        span for own in annotators for span in own if sum(span in other for other in annotators) >= count
    }
    assert set(facts(found)) == enough
    flat = elect(sets(*annotators), thresholds=Thresholds(votes=count, best=None), flat=True)
    assert not any(overlaps(one, other) for one in flat for other in flat if one is not other)
