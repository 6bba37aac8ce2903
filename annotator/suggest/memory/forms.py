"""Forms: how often a text was marked under each label, and how sure that makes memory of the next time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.model.decisions import By
from annotator.model.memory_edits import Outcome
from annotator.suggest.memory.facts import FormFact

IN_PASSING = frozenset({By.BULK, By.DOCUMENT})
"""Accepted with many others, or because it was on the screen when the document was finished."""
WEIGHT_IN_PASSING = 0.5
"""What such an acceptance counts: half, since people let wrong suggestions stand more easily than they make them
(Berzak et al. 2016). One by a key for this very span, by an import of finished work or by a review counts one. So does
whatever is against: nobody rejects or corrects in passing."""

KEYS_FOR_COMMON = 3
"""A single word in small letters, or nothing but function words, is offered only once it was marked so often by key."""

_FUNCTION_WORDS = frozenset(
    "a about after all also an and any are as at be been but by can could did do does for from had has have he her "
    "here hers him his how i if in into is it its me more most my no nor not of off on one or our out over she so "
    "some such than that the their them then there these they this those to too under up us very was we were what "
    "when where which while who whom whose why will with would you your".split()
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What memory makes of a form: the label it would get and how sure that is.

    `score` is the smoothed acceptance, (accepted + 1) / (accepted + against + 2): the mean of the Beta(1, 1)
    posterior. `accepted` counts spans with this label, `marked` those with any, `against` rejections, other edges
    and the times that a single word stood unmarked. All three are numbers of times, the score is weighted.
    """

    surface: str
    label: str
    score: float
    accepted: int
    marked: int
    rejected: int
    against: int


class FormCounts:
    """The counts of one form."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: Counter[FormFact] = Counter()

    def add(self, fact: FormFact, times: int) -> None:
        """Count a fact so many times more, or less."""
        self._counts[fact] += times
        if not self._counts[fact]:
            del self._counts[fact]

    def __bool__(self) -> bool:
        return bool(self._counts)

    def facts(self) -> Iterator[tuple[FormFact, int]]:
        """What is counted, and how often."""
        return iter(self._counts.items())

    def total(self, outcome: Outcome, label: str | None = None) -> int:
        """How often there was this outcome, for one label or for all."""
        return sum(
            times
            for fact, times in self._counts.items()
            if fact.outcome is outcome and label in (None, fact.label)
        )

    def labels(self) -> Counter[str]:
        """How often it was marked under each label."""
        labels: Counter[str] = Counter()
        for fact, times in self._counts.items():
            if fact.outcome is Outcome.ACCEPTED:
                labels[fact.label] += times
        return labels

    def opinion(self, surface: str, plain: int) -> Opinion | None:
        """The label with the greatest weight, None if there never was one; equal ones by count, then by name."""
        labels = self.labels()
        if not labels:
            return None
        weights = dict.fromkeys(labels, 0.0)
        for fact, times in self._counts.items():
            if fact.outcome is Outcome.ACCEPTED:
                weights[fact.label] += times * (WEIGHT_IN_PASSING if fact.by in IN_PASSING else 1)
        label = min(labels, key=lambda name: (-weights[name], -labels[name], name))
        rejected = self.total(Outcome.REJECTED)
        against = rejected + self.total(Outcome.RESIZED) + plain
        return Opinion(
            surface=surface,
            label=label,
            score=(weights[label] + 1) / (sum(weights.values()) + against + 2),
            accepted=labels[label],
            marked=labels.total(),
            rejected=rejected,
            against=against,
        )

    @property
    def by_hand(self) -> int:
        """How often somebody marked it for its own sake."""
        return sum(
            times
            for fact, times in self._counts.items()
            if fact.outcome is Outcome.ACCEPTED and fact.by not in IN_PASSING
        )


def is_common(words: tuple[str, ...], surface: str) -> bool:
    """True if a form looks like no name: one word in small letters or without letters, or function words alone."""
    if len(words) == 1:
        return surface.islower() or words[0] in _FUNCTION_WORDS or not any(map(str.isalpha, surface))
    return all(word in _FUNCTION_WORDS for word in words)
