"""The sums over all tag sequences, against counting them one by one."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from annotator.suggest.learner.chain import Posterior, Scores, Sentences, constraints, likeliest
from annotator.suggest.learner.tags import may_follow, spans_of, tag_names

TAGS = tag_names(["A", "B"])
RANGES = [(0, 3), (3, 4), (4, 8)]


def some_scores(seed: int) -> Scores:
    random = np.random.default_rng(seed)
    transitions, starts = constraints(TAGS)
    size = len(TAGS)
    return Scores(
        random.normal(size=(8, size)) * 2,
        transitions + random.normal(size=(size, size)),
        starts + random.normal(size=size),
    )


def weight(scores: Scores, first: int, sequence: tuple[int, ...]) -> float:
    """The unnormalized probability of one sequence of tags that begins at a token."""
    total, before = 0.0, -1
    for place, tag in enumerate(sequence):
        if not may_follow(TAGS[before] if before >= 0 else "O", TAGS[tag]):
            return 0.0
        total += float(scores.emissions[first + place, tag])
        total += float(scores.transitions[before, tag] if before >= 0 else scores.starts[tag])
        before = tag
    return math.exp(total)


def sequences(scores: Scores, first: int, last: int) -> dict[tuple[int, ...], float]:
    """Every sequence with its probability."""
    weights = {
        each: weight(scores, first, each) for each in itertools.product(range(len(TAGS)), repeat=last - first)
    }
    total = sum(weights.values())
    return {each: value / total for each, value in weights.items() if value}


@pytest.mark.parametrize("seed", range(3))
def test_probabilities_of_tags_transitions_and_spans_are_those_of_counting(seed: int) -> None:
    scores = some_scores(seed)
    posterior = Posterior.of(Sentences.of(RANGES), scores)
    transitions = np.zeros_like(scores.transitions)
    for row, (first, last) in enumerate(RANGES):
        counted = sequences(scores, first, last)
        for place in range(last - first):
            for tag in range(len(TAGS)):
                expected = sum(share for each, share in counted.items() if each[place] == tag)
                assert posterior.tag_probabilities[first + place, tag] == pytest.approx(expected, abs=1e-9)
        for each, share in counted.items():
            for before, tag in itertools.pairwise(each):
                transitions[before, tag] += share
        spans = {span for each in counted for span in spans_of([TAGS[tag] for tag in each])}
        for begin, end, label in spans:
            expected = sum(
                share
                for each, share in counted.items()
                if (begin, end, label) in spans_of([TAGS[tag] for tag in each])
            )
            numbers = TAGS.index(f"B-{label}"), TAGS.index(f"I-{label}")
            assert posterior.span_probability(row, begin, end, *numbers) == pytest.approx(expected, abs=1e-9)
    assert posterior.transition_counts == pytest.approx(transitions, abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_likeliest_sequence_is_that_of_counting(seed: int) -> None:
    scores = some_scores(seed)
    tags = likeliest(Sentences.of(RANGES), scores)
    for first, last in RANGES:
        counted = sequences(scores, first, last)
        assert tuple(tags[first:last]) == max(counted, key=lambda each: counted[each])


def test_samples_are_drawn_as_often_as_they_are_likely() -> None:
    scores = some_scores(0)
    posterior = Posterior.of(Sentences.of(RANGES), scores)
    drawn = posterior.samples(4000, np.random.default_rng(1))
    for first, last in RANGES:
        counted = sequences(scores, first, last)
        for each, share in counted.items():
            drawn_share = float((drawn[:, first:last] == np.array(each)).all(1).mean())
            assert drawn_share == pytest.approx(share, abs=4 * math.sqrt(share / 4000) + 1e-3)
