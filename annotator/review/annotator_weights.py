"""Versions weighed by what a model of the annotators says about each token (`measure.dawid_skene`)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from annotator.measure.bio import bio_classes
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.review.conflicts import Conflict

_FLOOR = 1e-12
"""No probability is taken for zero: the model has smoothed its counts."""


def version_posteriors(
    tokens: Tokens, posteriors: Sequence[Sequence[float]], labels: Sequence[str]
) -> Callable[[Conflict], Sequence[float] | None]:
    """What `preselection.Weighted` asks for, from the posteriors of one document's tokens by BIO classes.

    `posteriors` has a row for each of `tokens` and a column for each class of `labels` (`measure.bio.bio_classes`). A
    version's probability is the product over the conflict's tokens of its classes there, as if tokens were independent
    given the annotators, which that model assumes; those of all versions sum to 1. Of spans that overlap the longest
    counts, and edges count by token: versions that differ in nothing else tie. None where the conflict touches no token
    or has a label that the model does not know.
    """
    column = {name: number for number, name in enumerate(bio_classes(labels))}

    def weigh(conflict: Conflict) -> Sequence[float] | None:
        here = tokens.within(conflict.start, conflict.end)
        if not here or any(label not in labels for _, _, label in conflict.keys):
            return None
        logs = []
        for version in conflict.versions:
            classes = _classes(version.spans, tokens, here)
            chances = (
                float(posteriors[token][column[name]]) for token, name in zip(here, classes, strict=True)
            )
            logs.append(sum(math.log(max(_FLOOR, chance)) for chance in chances))
        shares = [math.exp(value - max(logs)) for value in logs]
        return [share / sum(shares) for share in shares]

    return weigh


def _classes(spans: Sequence[Span], tokens: Tokens, here: range) -> list[str]:
    classes = ["O"] * len(here)
    for span in sorted(spans, key=lambda span: span.start - span.end):
        covered = [token - here.start for token in tokens.within(span.start, span.end)]
        if covered and all(classes[index] == "O" for index in covered):
            for index in covered:
                classes[index] = f"I-{span.label}"
            classes[covered[0]] = f"B-{span.label}"
    return classes
