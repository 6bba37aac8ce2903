"""The learner's weights: a row a feature and a column a tag, and how they move (AdaGrad, Duchi et al. 2011).

Belongs to the learner's process, as numpy does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.suggest.learner.chain import Floats, Ints, Posterior, Scores, Sentences, constraints
from annotator.suggest.learner.features import guessed_label
from annotator.suggest.learner.tags import OUTSIDE, tag_names
from annotator.suggest.learner.texts import Reading

MOST_WEIGHTS = 4_000_000
"""So many numbers are learnt; features that are new beyond them are not, which bounds the memory to some 100 MB."""
_RATE, _DECAY, _BEGINNING = 0.1, 1e-2, 1e-2
"""AdaGrad's step, the pull towards 0, and the square that gradients are taken to have had before the first."""
_PRIOR = 3.0
"""The weight with which another source's label begins: enough to be followed until decisions say otherwise."""
_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as numbers: the features of all tokens in a row, where those of each token begin, and its sentences.

    `features` sorted are `distinct`, whose runs begin at `runs`, and `order` are the tokens in that order.
    """

    length: int
    features: Ints
    begins: Ints
    sentences: Sentences
    distinct: Ints
    runs: Ints
    order: Ints


@dataclass(frozen=True, slots=True)
class Answered:
    """An encoded text and the tag that each of its tokens has."""

    encoded: Encoded
    tags: Ints


class Moving:
    """Numbers that move against gradients."""

    def __init__(self, values: npt.NDArray[np.float32 | np.float64]) -> None:
        self.values = values
        self.squares = np.full_like(values, _BEGINNING)

    def resized(self, shape: tuple[int, ...]) -> Moving:
        """The same numbers with more of them, which are 0."""
        new = Moving(np.zeros(shape, self.values.dtype))
        inside = tuple(slice(size) for size in self.values.shape)
        new.values[inside], new.squares[inside] = self.values, self.squares
        return new

    def copy(self) -> Moving:
        """The numbers as they are now."""
        new = Moving(self.values.copy())
        new.squares = self.squares.copy()
        return new

    def step(self, gradient: Floats, at: Ints | slice = slice(None)) -> None:
        """Move the numbers at these rows."""
        values = self.values[at]
        gradient = gradient.astype(self.values.dtype) + _DECAY * values
        squares = self.squares[at] + gradient * gradient
        self.squares[at] = squares
        self.values[at] = values - _RATE * gradient / np.sqrt(squares)


class Weights:
    """All that is learnt of how features, tags and sequences of tags go together."""

    def __init__(
        self, labels: Sequence[str], mapped: Callable[[str], str | None], *, most: int = MOST_WEIGHTS
    ) -> None:
        """`labels` are those that it learns; `mapped` says which of them a source's label is, if any.

        There will be at most so many weights.
        """
        self.tags = tag_names(labels)
        self._numbers = {tag: number for number, tag in enumerate(self.tags)}
        self._mapped = mapped
        self._transition_mask, self._start_mask = constraints(self.tags)
        count = len(self.tags)
        self._most_features = max(most // count, _ROWS)
        self.vocabulary: dict[str, int] = {}
        self._emissions = Moving(np.zeros((_ROWS, count), np.float32))
        self._transitions = Moving(np.zeros((count, count)))
        self._starts = Moving(np.zeros(count))

    def copy(self) -> Weights:
        """The weights as they are now; what they learn later is their own."""
        new = Weights.__new__(Weights)
        new.__dict__.update(self.__dict__)
        new.vocabulary = dict(self.vocabulary)
        new._emissions, new._transitions, new._starts = (
            emission.copy() for emission in (self._emissions, self._transitions, self._starts)
        )
        return new

    # Encoding

    def encoded(self, reading: Reading, rows: Sequence[Sequence[str]], *, grows: bool) -> Encoded:
        """A text by the numbers of its features; what has no number yet gets one if it `grows`, else is left out."""
        numbers: list[int] = []
        begins: list[int] = []
        for row in rows:
            begins.append(len(numbers))
            numbers.extend(self._known(row, grows=grows))
        self._make_room()
        features = np.array(numbers, np.int64)
        tokens = np.repeat(np.arange(len(rows)), np.diff([*begins, len(numbers)]))
        order = np.argsort(features, kind="stable")
        distinct, runs = np.unique(features[order], return_index=True)
        return Encoded(
            length=len(rows),
            features=features,
            begins=np.array(begins, np.int64),
            sentences=Sentences.of(reading.sentences),
            distinct=distinct,
            runs=runs,
            order=tokens[order],
        )

    def _known(self, row: Sequence[str], *, grows: bool) -> list[int]:
        vocabulary = self.vocabulary
        numbers = []
        for feature in row:
            number = vocabulary.get(feature)
            if number is None:
                if not grows or len(vocabulary) >= self._most_features:
                    continue
                number = vocabulary[feature] = len(vocabulary)
                self._begin(feature, number)
            numbers.append(number)
        # Every token has one feature at least, that of all tokens, which is the first to be learnt.
        return numbers or [0]

    def _begin(self, feature: str, number: int) -> None:
        """Let a source's label be followed at first."""
        guess = guessed_label(feature)
        if guess is None:
            return
        place, _, label = guess.removesuffix("~").partition("-")
        meaning = self._mapped(label)
        tag = f"{'B' if place in 'UB' else 'I'}-{meaning}"
        if meaning is not None and tag in self._numbers:
            self._make_room()
            self._emissions.values[number, self._numbers[tag]] = _PRIOR

    def _make_room(self) -> None:
        rows = len(self._emissions.values)
        if len(self.vocabulary) > rows:
            size = max(len(self.vocabulary), 2 * rows)
            self._emissions = self._emissions.resized((size, len(self.tags)))

    def answered(self, encoded: Encoded, tags: Sequence[str]) -> Answered:
        """An encoded text with its tags; a tag of a label that is not learnt counts as OUTSIDE."""
        outside = self._numbers[OUTSIDE]
        return Answered(encoded, np.array([self._numbers.get(tag, outside) for tag in tags], np.int64))

    # Scores and steps

    def scores(self, encoded: Encoded) -> Scores:
        """What the weights say of a text."""
        emissions = np.add.reduceat(self._emissions.values[encoded.features], encoded.begins, axis=0)
        return Scores(
            emissions.astype(np.float64),
            self._transitions.values + self._transition_mask,
            self._starts.values + self._start_mask,
        )

    def step(self, answered: Answered) -> None:
        """Move towards the tags of a text, by the gradient of their log-likelihood."""
        encoded, tags = answered.encoded, answered.tags
        posterior = Posterior.of(encoded.sentences, self.scores(encoded))
        gradient = posterior.tag_probabilities
        gradient[np.arange(encoded.length), tags] -= 1
        transitions = posterior.transition_counts
        sentences = encoded.sentences
        pairs = sentences.tokens[:, 1:][sentences.is_token[:, 1:]]
        np.add.at(transitions, (tags[pairs - 1], tags[pairs]), -1)
        starts = gradient[sentences.tokens[:, 0]].sum(0)
        self._emissions.step(np.add.reduceat(gradient[encoded.order], encoded.runs, axis=0), encoded.distinct)
        self._transitions.step(transitions)
        self._starts.step(starts)

    def strongest(self, row: Sequence[str], tag: str, *, count: int) -> list[str]:
        """The features of a token that speak most for `tag` rather than for none, strongest first."""
        number, outside = self._numbers[tag], self._numbers[OUTSIDE]
        values = self._emissions.values
        known = {feature: self.vocabulary[feature] for feature in row if feature in self.vocabulary}
        gains = {feature: float(values[at, number] - values[at, outside]) for feature, at in known.items()}
        ranked = sorted(gains, key=lambda feature: (-gains[feature], feature))
        return [feature for feature in ranked if gains[feature] > 0][:count]
