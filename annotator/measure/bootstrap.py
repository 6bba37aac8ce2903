"""Intervals for a figure of the corpus, by resampling its documents."""

from __future__ import annotations

from annotator.measure.arrays import Ints

RESAMPLES = 1000
SEED = 1
_AT_ONCE = 1 << 21
"""Draws held in memory at a time."""


def f1_interval(
    true_positives: Ints, spans: Ints, *, share: float = 0.95, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float] | None:
    """The middle `share` of F1 by the percentile bootstrap over documents (Efron 1979).

    Given are, for each document, the pairs matched and the spans of both sides together. A resample draws as many
    documents, with replacement; those without any span are left out. None for fewer than two documents, or where no
    resample has a span. The draws depend on the seed and the number of documents alone, so that figures repeat.
    """
    import numpy as np

    documents = len(spans)
    if documents < 2:
        return None
    rng = np.random.default_rng(seed)
    matched, both = np.empty(resamples, dtype=np.int64), np.empty(resamples, dtype=np.int64)
    block = max(1, _AT_ONCE // documents)
    for first in range(0, resamples, block):
        drawn = rng.integers(0, documents, (min(block, resamples - first), documents), dtype=np.int32)
        matched[first : first + block] = true_positives.take(drawn).sum(axis=1)
        both[first : first + block] = spans.take(drawn).sum(axis=1)
    has_spans = both > 0
    if not has_spans.any():
        return None
    tail = (1 - share) / 2
    low, high = np.quantile(2 * matched[has_spans] / both[has_spans], [tail, 1 - tail])
    return float(low), float(high)
