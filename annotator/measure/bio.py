"""Spans as BIO labels of tokens, and back."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.measure.arrays import Ints, expanded
from annotator.measure.corpus import Corpus, SpanRows
from annotator.measure.tokens import token_ranges

OUTSIDE = 0


def bio_classes(labels: Sequence[str]) -> tuple[str, ...]:
    """The names of the classes: O, then B and I of each label in turn."""
    return ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


def bio_of(corpus: Corpus, spans: SpanRows) -> Ints:
    """The class of each token of the corpus by one annotator's spans.

    BIO holds one layer: of spans that share a token the longest counts, of equally long ones the first. A span that
    touches no token has no class.
    """
    import numpy as np

    classes = np.zeros(len(corpus.token_start), dtype=np.int64)
    first, last = token_ranges(corpus, spans)
    rows = np.flatnonzero(last > first)
    if (first[rows][1:] < np.maximum.accumulate(last[rows])[:-1]).any():
        rows = rows[_longest(first[rows], last[rows])]
    first, last, label = first[rows], last[rows], spans.label[rows]
    row, inside = expanded(first, last)
    classes[inside] = 2 * label[row] + 2
    classes[first] = 2 * label + 1
    return classes


def chunks(classes: Sequence[int]) -> list[tuple[int, int, int]]:
    """The spans that a document's classes spell: first token, the one after the last, and the label's position.

    An I that continues nothing of its label begins a span, as conlleval has it.
    """
    found: list[tuple[int, int, int]] = []
    begun, label = 0, -1
    for token, code in enumerate((*classes, OUTSIDE)):
        continues = code != OUTSIDE and code % 2 == 0 and (code - 1) // 2 == label
        if label >= 0 and not continues:
            found.append((begun, token, label))
            label = -1
        if code != OUTSIDE and not continues:
            begun, label = token, (code - 1) // 2
    return found


def _longest(first: Ints, last: Ints) -> Ints:
    """The positions of token ranges that share no token with a longer one that stays, in rising order."""
    import numpy as np

    taken: set[int] = set()
    kept: list[int] = []
    for position in np.lexsort((first, first - last)).tolist():
        tokens = range(int(first[position]), int(last[position]))
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append(position)
    return np.array(sorted(kept), dtype=np.int64)
