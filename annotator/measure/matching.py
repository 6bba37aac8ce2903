"""One-to-one matching of two annotators' spans, strict, lenient or by boundaries only.

Each function takes the rows of two annotators over the same documents and returns two arrays of equal length: the
positions in `a` and in `b` of the pairs, sorted by the former. All are symmetric in what they count.
"""

from __future__ import annotations

from dataclasses import dataclass

from annotator.measure.arrays import Bools, Ints, expanded
from annotator.measure.bipartite import maximum_matching
from annotator.measure.corpus import SpanRows


@dataclass(frozen=True, slots=True)
class Counts:
    """Pairs matched, and the spans of both sides; where one is the reference, it is `a`."""

    true_positives: int
    spans_a: int
    spans_b: int

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where neither side has a span."""
        spans = self.spans_a + self.spans_b
        return 2 * self.true_positives / spans if spans else None

    @property
    def precision(self) -> float | None:
        """The share of `b` that is matched; None where there is none."""
        return self.true_positives / self.spans_b if self.spans_b else None

    @property
    def recall(self) -> float | None:
        """The share of `a` that is matched; None where there is none."""
        return self.true_positives / self.spans_a if self.spans_a else None

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.true_positives + other.true_positives,
            self.spans_a + other.spans_a,
            self.spans_b + other.spans_b,
        )


def strict_pairs(a: SpanRows, b: SpanRows) -> tuple[Ints, Ints]:
    """Pairs with equal start, end and label."""
    return _equal(a.key, b.key)


def boundary_pairs(a: SpanRows, b: SpanRows) -> tuple[Ints, Ints]:
    """Pairs with equal offsets, whatever their labels; those with equal labels first."""
    import numpy as np

    same_a, same_b = strict_pairs(a, b)
    rest_a, rest_b = unmatched(len(a), same_a), unmatched(len(b), same_b)
    place_a, place_b = a.place[rest_a], b.place[rest_b]
    # The first of one side at a place goes with the first of the other, the second with the second.
    several = 1 + max(_ranks(place_a).max(initial=0), _ranks(place_b).max(initial=0))
    more_a, more_b = _equal(
        place_a * several + _ranks(place_a),
        place_b * several + _ranks(place_b),
    )
    return _sorted(np.concatenate([same_a, rest_a[more_a]]), np.concatenate([same_b, rest_b[more_b]]))


def lenient_pairs(a: SpanRows, b: SpanRows) -> tuple[Ints, Ints]:
    """As many pairs as there can be with equal labels and at least one character in common."""
    import numpy as np

    width = 1 + max(int(a.end.max(initial=0)), int(b.end.max(initial=0)))
    by_label_a, by_label_b = np.argsort(a.label, kind="stable"), np.argsort(b.label, kind="stable")
    # A line for each label, one behind the other, keeps labels apart.
    shift_a, shift_b = a.label[by_label_a] * width, b.label[by_label_b] * width
    left, right = overlapping(
        a.start[by_label_a] + shift_a,
        a.end[by_label_a] + shift_a,
        b.start[by_label_b] + shift_b,
        b.end[by_label_b] + shift_b,
    )
    lone = is_lone(left, right)
    pairs_a, pairs_b = left[lone], right[lone]
    left, right = left[~lone], right[~lone]
    if len(left):
        is_equal = a.place[by_label_a[left]] == b.place[by_label_b[right]]
        order = np.lexsort((right, left, ~is_equal))
        more = np.array(
            maximum_matching(zip(left[order].tolist(), right[order].tolist(), strict=True)), dtype=np.int64
        )
        pairs_a, pairs_b = np.concatenate([pairs_a, more[:, 0]]), np.concatenate([pairs_b, more[:, 1]])
    return _sorted(by_label_a[pairs_a], by_label_b[pairs_b])


def overlapping(a_start: Ints, a_end: Ints, b_start: Ints, b_end: Ints) -> tuple[Ints, Ints]:
    """All pairs of intervals that share a point, as positions in `a` and in `b`; both come sorted by start.

    Of two intervals that share a point, one begins within the other: `b` in `a` or at its start, or else `a` after
    the start of `b`. Both are ranges of sorted starts, so that the cost is that of the searches and of the pairs.
    """
    import numpy as np

    left, right = expanded(np.searchsorted(b_start, a_start, "left"), np.searchsorted(b_start, a_end, "left"))
    outer_b, inner_a = expanded(
        np.searchsorted(a_start, b_start, "right"), np.searchsorted(a_start, b_end, "left")
    )
    return np.concatenate([left, inner_a]), np.concatenate([right, outer_b])


def _equal(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Where two arrays of distinct numbers hold the same one, by rising number."""
    import numpy as np

    _, in_a, in_b = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    return in_a, in_b


def unmatched(size: int, taken: Ints) -> Ints:
    """The positions below `size` that are not taken."""
    import numpy as np

    free = np.ones(size, dtype=np.bool_)
    free[taken] = False
    return np.flatnonzero(free)


def _ranks(values: Ints) -> Ints:
    """How many equal values stand before each one; `values` are sorted."""
    import numpy as np

    ranks: Ints = np.arange(len(values)) - np.searchsorted(values, values, "left")
    return ranks


def is_lone(left: Ints, right: Ints) -> Bools:
    """Which edges share neither end with another one."""
    import numpy as np

    lone: Bools = (np.bincount(left)[left] == 1) & (np.bincount(right)[right] == 1)
    return lone


def _sorted(pairs_a: Ints, pairs_b: Ints) -> tuple[Ints, Ints]:
    import numpy as np

    order = np.argsort(pairs_a, kind="stable")
    return pairs_a[order], pairs_b[order]
