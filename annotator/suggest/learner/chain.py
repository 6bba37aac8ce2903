"""A linear-chain conditional random field over a batch of sentences: what its scores make likely.

Sutton and McCallum, An Introduction to Conditional Random Fields, 2012. All sums are over logarithms. Belongs to the
learner's process, as numpy does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from annotator.suggest.learner.tags import may_follow

FORBIDDEN = -1e9
_LEAST = 1e-300

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences of one text as rows of a table, filled up to the longest.

    `tokens[row, column]` is the token, 0 where there is none, and `is_token` says which of them are.
    """

    tokens: Ints
    is_token: Flags

    @classmethod
    def of(cls, ranges: Sequence[tuple[int, int]]) -> Sentences:
        """The table of these ranges of tokens."""
        shape = len(ranges), max((last - first for first, last in ranges), default=0)
        tokens, is_token = np.zeros(shape, np.int64), np.zeros(shape, np.bool_)
        for row, (first, last) in enumerate(ranges):
            tokens[row, : last - first] = np.arange(first, last)
            is_token[row, : last - first] = True
        return cls(tokens, is_token)


@dataclass(frozen=True, slots=True)
class Scores:
    """Logarithmic scores of one text: of each tag at each token, behind another tag, and at a sentence's beginning."""

    emissions: Floats
    """Tokens by tags."""
    transitions: Floats
    """Tags by tags that follow."""
    starts: Floats
    """Tags."""


def constraints(tags: Sequence[str]) -> tuple[Floats, Floats]:
    """What to add to transitions and starts so that no tag stands where it cannot."""
    transitions = [[0.0 if may_follow(before, tag) else FORBIDDEN for tag in tags] for before in tags]
    starts = [0.0 if may_follow(tags[0], tag) else FORBIDDEN for tag in tags]
    return np.array(transitions).reshape(len(tags), len(tags)), np.array(starts)


@dataclass(frozen=True, slots=True)
class Posterior:
    """The forward and backward sums of the sentences of one text.

    `forward[column, row, tag]` sums over what leads there, `backward` over what follows, `total[row]` over everything.
    """

    sentences: Sentences
    scores: Scores
    forward: Floats
    backward: Floats
    total: Floats

    @classmethod
    def of(cls, sentences: Sentences, scores: Scores) -> Posterior:
        """Sum forwards and backwards."""
        columns = scores.emissions[sentences.tokens]
        rows, length = sentences.tokens.shape
        weights = _weights(scores.transitions)
        forward = np.empty((length, rows, len(scores.starts)))
        forward[0] = scores.starts + columns[:, 0]
        for column in range(1, length):
            reached = _log_product(forward[column - 1], weights) + columns[:, column]
            forward[column] = np.where(sentences.is_token[:, column, None], reached, forward[column - 1])
        backward = np.zeros_like(forward)
        for column in range(length - 2, -1, -1):
            following = _log_product(backward[column + 1] + columns[:, column + 1], weights.T)
            backward[column] = np.where(sentences.is_token[:, column + 1, None], following, 0.0)
        return cls(sentences, scores, forward, backward, _log_sum(forward[-1]))

    @property
    def tag_probabilities(self) -> Floats:
        """The probability of each tag at each token: tokens by tags."""
        logs = self.forward + self.backward - self.total[None, :, None]
        probabilities = np.exp(np.minimum(logs, 0.0)).transpose(1, 0, 2)
        found = np.empty_like(self.scores.emissions)
        found[self.sentences.tokens[self.sentences.is_token]] = probabilities[self.sentences.is_token]
        return found

    @property
    def transition_counts(self) -> Floats:
        """How often each tag is expected behind each: tags by tags that follow, over all sentences."""
        weights = _weights(self.scores.transitions)
        columns = self.scores.emissions[self.sentences.tokens]
        counts = np.zeros_like(weights)
        for column in range(1, columns.shape[1]):
            rows = self.sentences.is_token[:, column]
            if not rows.any():
                break
            before = self.forward[column - 1][rows]
            behind = self.backward[column][rows] + columns[rows, column]
            most_before, most_behind = before.max(1), behind.max(1)
            share = np.exp(most_before + most_behind - self.total[rows])
            left = np.exp(before - most_before[:, None]) * share[:, None]
            counts += left.T @ np.exp(behind - most_behind[:, None])
        return counts * weights

    def span_probability(self, row: int, first: int, last: int, begin: int, inside: int) -> float:
        """The probability of a span over the columns `[first, last)` of a sentence, by its B and I tags, ending there."""
        emissions = self.scores.emissions[self.sentences.tokens[row]]
        transitions = self.scores.transitions
        log = self.forward[first, row, begin]
        before = begin
        for column in range(first + 1, last):
            log += transitions[before, inside] + emissions[column, inside]
            before = inside
        if last < int(self.sentences.is_token[row].sum()):
            following = transitions[before] + emissions[last] + self.backward[last, row]
            log += float(_log_sum(np.delete(following, inside)[None])[0])
        return float(np.exp(min(log - self.total[row], 0.0)))

    def samples(self, count: int, random: np.random.Generator) -> Ints:
        """Sequences of tags drawn from the posterior: samples by tokens."""
        sentences, transitions = self.sentences, self.scores.transitions
        rows, length = sentences.tokens.shape
        drawn = np.zeros((count, len(self.scores.emissions)), np.int64)
        chosen: Ints = np.zeros((count, rows), np.int64)
        for column in range(length - 1, -1, -1):
            is_token = sentences.is_token[:, column]
            logs = np.broadcast_to(self.forward[column], (count, *self.forward[column].shape)).copy()
            if column + 1 < length:
                leads_on = sentences.is_token[:, column + 1]
                logs[:, leads_on] += transitions[:, chosen[:, leads_on]].transpose(1, 2, 0)
            picked = (logs + random.gumbel(size=logs.shape)).argmax(2)
            chosen = np.where(is_token[None], picked, chosen)
            drawn[:, sentences.tokens[is_token, column]] = picked[:, is_token]
        return drawn


def likeliest(sentences: Sentences, scores: Scores) -> Ints:
    """The likeliest tag sequence of each sentence: a tag a token (Viterbi)."""
    columns = scores.emissions[sentences.tokens]
    rows, length = sentences.tokens.shape
    tags = np.arange(len(scores.starts))
    best = scores.starts + columns[:, 0]
    before = np.zeros((length, rows, len(tags)), np.int64)
    for column in range(1, length):
        reached = best[:, :, None] + scores.transitions[None]
        is_token = sentences.is_token[:, column, None]
        before[column] = np.where(is_token, reached.argmax(1), tags)
        best = np.where(is_token, reached.max(1) + columns[:, column], best)
    found = np.zeros(len(scores.emissions), np.int64)
    chosen = best.argmax(1)
    for column in range(length - 1, -1, -1):
        is_token = sentences.is_token[:, column]
        found[sentences.tokens[is_token, column]] = chosen[is_token]
        chosen = before[column][np.arange(rows), chosen]
    return found


def _weights(transitions: Floats) -> Floats:
    weights: Floats = np.where(transitions > FORBIDDEN / 2, np.exp(np.clip(transitions, -60, 60)), 0.0)
    return weights


def _log_product(logs: Floats, weights: Floats) -> Floats:
    """Logarithms of the rows' products with a matrix."""
    most = logs.max(1, keepdims=True)
    product: Floats = np.log(np.maximum(np.exp(logs - most) @ weights, _LEAST)) + most
    return product


def _log_sum(logs: Floats) -> Floats:
    """The logarithm of each row's sum."""
    most = logs.max(1, keepdims=True)
    total: Floats = (np.log(np.exp(logs - most).sum(1, keepdims=True)) + most)[:, 0]
    return total
