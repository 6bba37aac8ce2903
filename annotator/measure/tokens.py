"""What each annotator says of each token."""

from __future__ import annotations

from annotator.measure.arrays import Ints, Values, expanded
from annotator.measure.corpus import Corpus, SpanRows

MISSING = -1
"""The annotator has not finished the token's document."""
OUTSIDE = 0
"""No span of the annotator touches the token."""


def token_labels(corpus: Corpus) -> Values:
    """A number for each annotator (row) and token (column) of the corpus: MISSING, OUTSIDE or that of a label.

    A token that a span covers in part is marked. Where overlapping spans of one annotator put several labels on a
    token, their combination is a value of its own, so agreement needs the same combination.
    """
    import numpy as np

    labels = len(corpus.labels)
    values = np.where(corpus.finished[:, corpus.token_document], np.int32(OUTSIDE), np.int32(MISSING))
    combinations: dict[tuple[int, ...], int] = {}
    for row, spans in enumerate(corpus.spans):
        token, span = covered_tokens(corpus, spans)
        marks = np.unique(token * labels + spans.label[span])
        token, label = np.divmod(marks, max(labels, 1))
        values[row, token] = label + 1
        again = np.flatnonzero(token[1:] == token[:-1])
        several: dict[int, list[int]] = {}
        for here in np.union1d(again, again + 1).tolist():
            several.setdefault(int(token[here]), []).append(int(label[here]))
        for number, several_labels in several.items():
            values[row, number] = combinations.setdefault(
                tuple(several_labels), labels + 1 + len(combinations)
            )
    return values


def covered_tokens(corpus: Corpus, spans: SpanRows) -> tuple[Ints, Ints]:
    """Each token with each span that shares a character with it: positions of tokens and of rows, sorted by row."""
    span, token = expanded(*token_ranges(corpus, spans))
    return token, span


def token_ranges(corpus: Corpus, spans: SpanRows) -> tuple[Ints, Ints]:
    """The tokens that each span touches, from the first to before the last; empty for a span between tokens."""
    import numpy as np

    first = np.searchsorted(corpus.token_end, spans.start, "right")
    last = np.searchsorted(corpus.token_start, spans.end, "left")
    return first, np.maximum(last, first)
