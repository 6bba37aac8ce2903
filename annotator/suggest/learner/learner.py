"""The learner: lessons in, spans to suggest out. Belongs to its own process, as numpy does.

What it is depends on the lessons, their order and the seed alone, so it can be rebuilt from the store at any time.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from annotator.suggest.learner.chain import Posterior, likeliest
from annotator.suggest.learner.choosing import Choice, cheapest
from annotator.suggest.learner.features import features_of
from annotator.suggest.learner.forms import Forms
from annotator.suggest.learner.tags import TokenSpan, spans_of, tags_of
from annotator.suggest.learner.texts import Lesson, Reading
from annotator.suggest.learner.weights import MOST_WEIGHTS, Answered, Encoded, Weights

_REPEATED = 12
"""So many earlier lessons are gone through again with each new one."""
_SAMPLES = 64
_REASONS = 3


@dataclass(frozen=True, slots=True)
class LearnedSpan:
    """A span that the learner suggests, how likely it is, and the features that speak most for it."""

    first: int
    last: int
    label: str
    probability: float
    reasons: tuple[str, ...]


class Layer:
    """One chain over flat spans: of all labels, or of one label of a nested set."""

    def __init__(
        self, labels: Sequence[str], mapped: Callable[[str], str | None], *, seed: int, most_weights: int
    ) -> None:
        self._labels = frozenset(labels)
        self._weights = Weights(labels, mapped, most=most_weights)
        self._forms = Forms()
        self._lessons: list[Answered] = []
        self._seed = seed

    def copy(self) -> Layer:
        """The layer as it is now; what it learns later is its own."""
        new = Layer.__new__(Layer)
        new.__dict__.update(self.__dict__)
        new._weights, new._forms = self._weights.copy(), self._forms.copy()
        new._lessons = list(self._lessons)
        return new

    def learn(self, lesson: Lesson) -> None:
        """Learn a finished document, and go through some of the earlier ones again."""
        spans = tuple(span for span in lesson.spans if span[2] in self._labels)
        if not lesson.reading.words:
            return
        encoded = self._encoded(lesson.reading, grows=True)[0]
        answered = self._weights.answered(encoded, tags_of(spans, len(lesson.reading.words)))
        earlier = list(self._lessons)
        self._lessons.append(answered)
        order = random.Random(f"{self._seed} {len(earlier)}")
        repeated = order.sample(earlier, min(_REPEATED, len(earlier)))
        for each in (answered, answered, *repeated, answered):
            self._weights.step(each)
        self._forms.add(Lesson(lesson.reading, spans))

    def propose(self, reading: Reading) -> list[LearnedSpan]:
        """The spans to suggest on a text, in its order."""
        if not reading.words or not self._lessons:
            return []
        encoded, rows = self._encoded(reading, grows=False)
        scores = self._weights.scores(encoded)
        posterior = Posterior.of(encoded.sentences, scores)
        tags = self._weights.tags
        digest = hashlib.sha256(f"{self._seed} {reading.document_id}".encode("utf-8", "surrogatepass"))
        draws = posterior.samples(_SAMPLES, np.random.default_rng(int.from_bytes(digest.digest()[:8])))
        likely = likeliest(encoded.sentences, scores)
        spans: list[LearnedSpan] = []
        for row, (start, end) in enumerate(reading.sentences):
            samples = [_choice(tags, draw) for draw in draws[:, start:end].tolist()]
            for first, last, label in sorted(cheapest(samples, _choice(tags, likely[start:end].tolist()))):
                begin, inside = (tags.index(f"{prefix}-{label}") for prefix in "BI")
                spans.append(
                    LearnedSpan(
                        start + first,
                        start + last,
                        label,
                        posterior.span_probability(row, first, last, begin, inside),
                        tuple(self._weights.strongest(rows[start + first], f"B-{label}", count=_REASONS)),
                    )
                )
        return spans

    def _encoded(self, reading: Reading, *, grows: bool) -> tuple[Encoded, list[list[str]]]:
        rows = features_of(reading, self._forms)
        return self._weights.encoded(reading, rows, grows=grows), rows


class Learner:
    """A chain over all labels of a flat label set, or one a label of a nested set, whose spans may overlap."""

    def __init__(
        self, labels: Sequence[str], mapped: Callable[[str], str | None], *, nested: bool, seed: int = 0
    ) -> None:
        groups = [[label] for label in labels] if nested else [list(labels)]
        most = MOST_WEIGHTS // max(len(groups), 1)
        self._layers = [Layer(group, mapped, seed=seed, most_weights=most) for group in groups]

    def copy(self) -> Learner:
        """The learner as it is now; what it learns later is its own."""
        new = Learner.__new__(Learner)
        new._layers = [layer.copy() for layer in self._layers]
        return new

    def learn(self, lesson: Lesson) -> None:
        """Learn a finished document."""
        for layer in self._layers:
            layer.learn(lesson)

    def propose(self, reading: Reading) -> list[LearnedSpan]:
        """The spans to suggest on a text, in walking order; none before the first lesson."""
        spans = [span for layer in self._layers for span in layer.propose(reading)]
        return sorted(spans, key=lambda span: (span.first, -span.last, span.label))


def _choice(tags: Sequence[str], numbers: Sequence[int]) -> Choice:
    return frozenset(spans_of([tags[number] for number in numbers]))


def spans_by_place(spans: Sequence[LearnedSpan]) -> Iterator[TokenSpan]:
    """The spans without what is known of them."""
    return ((span.first, span.last, span.label) for span in spans)
