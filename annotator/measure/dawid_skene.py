"""Spans by weighted vote: the model of Dawid and Skene, fitted by expectation maximization.

Dawid, A. P. and Skene, A. M. (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm,
Applied Statistics 28. Items are tokens, classes their BIO labels; each annotator has a matrix of how often a true class
is called another one, by which the votes are weighted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from annotator.errors import InputError
from annotator.measure.arrays import Floats, Ints
from annotator.measure.bio import bio_classes, bio_of, chunks
from annotator.measure.corpus import Corpus
from annotator.measure.tokens import MISSING

FEWEST_ANNOTATORS = 3
"""With two, nothing says which of them is right where they differ."""
SMOOTHING = 0.01
ITERATIONS = 100
TOLERANCE = 1e-7
"""It has converged when an iteration adds less than this share of the objective's amount."""


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span, and the lowest posterior probability of its tokens' classes: what the model gives, not a promise."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """What was fitted.

    `classes` are O and the BIO labels; `prior` holds their probabilities; `confusion` a matrix of each annotator, with
    a row for each true class and a column for what the annotator says. `posteriors` are probabilities of tokens by
    classes, and `spans` what the most probable classes spell, both for each document that anyone finished.
    `objective` is the log posterior density after each iteration, which never falls.
    """

    classes: tuple[str, ...]
    prior: Floats
    confusion: Mapping[str, Floats]
    posteriors: Mapping[str, Floats]
    spans: Mapping[str, tuple[ScoredSpan, ...]]
    objective: tuple[float, ...]
    is_converged: bool


class _Fit(NamedTuple):
    prior: Floats
    confusion: Floats
    posterior: Floats
    objective: list[float]
    is_converged: bool


def fit_dawid_skene(
    corpus: Corpus,
    *,
    without: str | None = None,
    smoothing: float = SMOOTHING,
    iterations: int = ITERATIONS,
    tolerance: float = TOLERANCE,
) -> DawidSkene:
    """Fit the model to all annotators but `without`, which is for the gold, and spell out the spans.

    It starts from the proportions of votes, adds `smoothing` to each count, and draws nothing at random. Equally
    probable classes are decided for O first, then by label. InputError with fewer than three annotators.
    """
    import numpy as np

    people = [row for row, name in enumerate(corpus.annotators) if name != without]
    if len(people) < FEWEST_ANNOTATORS:
        raise InputError(
            f"weighing annotators needs at least {FEWEST_ANNOTATORS} of them, and here are {len(people)}",
            hint="take the majority, or settle the conflicts one by one",
        )
    classes = bio_classes(corpus.labels)
    said = np.stack([bio_of(corpus, corpus.spans[row]) for row in people])
    said[~corpus.finished[people][:, corpus.token_document]] = MISSING
    patterns, pattern_of, counts = _patterns(said, len(classes))
    fit = _fit(
        patterns, counts, len(classes), smoothing=smoothing, iterations=iterations, tolerance=tolerance
    )

    best = fit.posterior.argmax(axis=1)[pattern_of]
    posteriors: dict[str, Floats] = {}
    spans: dict[str, tuple[ScoredSpan, ...]] = {}
    bounds = np.searchsorted(corpus.token_document, np.arange(len(corpus.ids) + 1)).tolist()
    for number in np.flatnonzero(corpus.finished[people].any(axis=0)).tolist():
        tokens = slice(bounds[number], bounds[number + 1])
        posterior = fit.posterior[pattern_of[tokens]]
        base = int(corpus.base[number])
        posteriors[corpus.ids[number]] = posterior
        spans[corpus.ids[number]] = tuple(
            ScoredSpan(
                int(corpus.token_start[tokens][first]) - base,
                int(corpus.token_end[tokens][last - 1]) - base,
                corpus.labels[label],
                float(posterior[first:last].max(axis=1).min()),
            )
            for first, last, label in chunks(best[tokens].tolist())
        )
    return DawidSkene(
        classes=classes,
        prior=fit.prior,
        confusion={corpus.annotators[row]: fit.confusion[index] for index, row in enumerate(people)},
        posteriors=posteriors,
        spans=spans,
        objective=tuple(fit.objective),
        is_converged=fit.is_converged,
    )


def _patterns(said: Ints, classes: int) -> tuple[Ints, Ints, Ints]:
    """The distinct columns, which of them each column is, and how often it comes.

    Tokens with the same votes have the same posterior, and most have no mark at all, so that a corpus is a few
    thousand patterns. A column's number is made of its votes one by one and kept small on the way.
    """
    import numpy as np

    number = np.zeros(said.shape[1], dtype=np.int64)
    for votes in said:
        _, number = np.unique(number * (classes + 1) + votes - MISSING, return_inverse=True)
    _, first, pattern_of, counts = np.unique(
        number, return_index=True, return_inverse=True, return_counts=True
    )
    return said[:, first], pattern_of, counts


def _fit(
    said: Ints, counts: Ints, classes: int, *, smoothing: float, iterations: int, tolerance: float
) -> _Fit:
    """EM in log space over patterns of votes (annotators by patterns) that come so many times each."""
    import numpy as np

    votes = np.stack([said == code for code in range(classes)]).astype(np.float64)
    posterior = votes.sum(axis=1).T
    total = posterior.sum(axis=1, keepdims=True)
    posterior = np.divide(posterior, total, out=np.full_like(posterior, 1 / classes), where=total > 0)
    objective: list[float] = []
    is_converged = False
    while True:
        weighted = posterior * counts[:, None]
        prior = weighted.sum(axis=0) + smoothing
        prior /= prior.sum()
        # True class by class said, for each annotator: the votes times what the tokens probably are.
        confusion = np.einsum("pt,sap->ats", weighted, votes, optimize=True) + smoothing
        confusion /= confusion.sum(axis=2, keepdims=True)
        if is_converged or len(objective) == iterations:
            return _Fit(prior, confusion, posterior, objective, is_converged)

        log_prior, log_confusion = np.log(prior), np.log(confusion)
        joint = log_prior + np.einsum("sap,ats->pt", votes, log_confusion, optimize=True)
        peak = joint.max(axis=1, keepdims=True)
        evidence = peak + np.log(np.exp(joint - peak).sum(axis=1, keepdims=True))
        posterior = np.exp(joint - evidence)
        objective.append(float(counts @ evidence[:, 0] + smoothing * (log_prior.sum() + log_confusion.sum())))
        is_converged = len(objective) > 1 and objective[-1] - objective[-2] <= tolerance * abs(objective[-1])
