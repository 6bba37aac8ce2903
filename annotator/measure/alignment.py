"""Aligning two annotators' spans one to one, so that each difference between them is a case with a kind."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from annotator.measure.arrays import Ints
from annotator.measure.corpus import Corpus, SpanRows
from annotator.measure.matching import boundary_pairs, is_lone, lenient_pairs, overlapping, unmatched
from annotator.model.spans import Labelled


class Kind(enum.Enum):
    """How the spans of two annotators differ where they meet."""

    SAME = "same"
    LABEL = "label"
    """Equal offsets, another label."""
    BOUNDARY = "boundary"
    """The same label, other offsets."""
    BOTH = "both"
    """Overlapping, and neither offsets nor label are equal."""
    ONLY_A = "only a"
    ONLY_B = "only b"


class Matching(enum.Enum):
    """What counts as agreement on a span."""

    STRICT = "strict"
    LENIENT = "lenient"
    BOUNDARY = "boundary"

    @property
    def agreeing(self) -> frozenset[Kind]:
        """The kinds of case that are true positives."""
        return _AGREEING[self]


_AGREEING = {
    Matching.STRICT: frozenset({Kind.SAME}),
    Matching.LENIENT: frozenset({Kind.SAME, Kind.BOUNDARY}),
    Matching.BOUNDARY: frozenset({Kind.SAME, Kind.LABEL}),
}
KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Case:
    """Two spans that were aligned, or one without a partner, in a document."""

    document: str
    a: Labelled | None
    b: Labelled | None
    kind: Kind


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Every span of both sides, once: positions in the rows of `a` and `b`, -1 for none, and the kind as its
    position in KINDS."""

    a: Ints
    b: Ints
    kind: Ints

    def counts(self) -> dict[Kind, int]:
        """How many cases there are of each kind."""
        import numpy as np

        counts = np.bincount(self.kind, minlength=len(KINDS)).tolist()
        return dict(zip(KINDS, counts, strict=True))


def align(a: SpanRows, b: SpanRows, *, matching: Matching = Matching.STRICT) -> Alignment:
    """Align one to one: equal offsets first, of these equal labels first, then by largest overlap.

    For LENIENT the pairs that `lenient_pairs` found come before. In each case as many pairs agree as the figure
    counts true positives. Both are rows over the same documents.
    """
    import numpy as np

    if matching is Matching.LENIENT:
        pairs_a, pairs_b = lenient_pairs(a, b)
        free_a, free_b = unmatched(len(a), pairs_a), unmatched(len(b), pairs_b)
        equal_a, equal_b = boundary_pairs(a.take(free_a), b.take(free_b))
        pairs_a, pairs_b = np.append(pairs_a, free_a[equal_a]), np.append(pairs_b, free_b[equal_b])
    else:
        pairs_a, pairs_b = boundary_pairs(a, b)
    free_a, free_b = unmatched(len(a), pairs_a), unmatched(len(b), pairs_b)
    near_a, near_b = _by_overlap(a.take(free_a), b.take(free_b))
    pairs_a, pairs_b = np.append(pairs_a, free_a[near_a]), np.append(pairs_b, free_b[near_b])
    only_a, only_b = unmatched(len(a), pairs_a), unmatched(len(b), pairs_b)

    is_same_place = a.place[pairs_a] == b.place[pairs_b]
    is_same_label = a.label[pairs_a] == b.label[pairs_b]
    kind = np.select(
        [is_same_place & is_same_label, is_same_place, is_same_label],
        [KINDS.index(Kind.SAME), KINDS.index(Kind.LABEL), KINDS.index(Kind.BOUNDARY)],
        KINDS.index(Kind.BOTH),
    )
    left = np.concatenate([pairs_a, only_a, np.full(len(only_b), -1)])
    right = np.concatenate([pairs_b, np.full(len(only_a), -1), only_b])
    kinds = np.concatenate(
        [
            kind,
            np.full(len(only_a), KINDS.index(Kind.ONLY_A)),
            np.full(len(only_b), KINDS.index(Kind.ONLY_B)),
        ]
    )
    return Alignment(left, right, kinds)


def cases(corpus: Corpus, a: str, b: str, *, matching: Matching = Matching.STRICT) -> Iterator[Case]:
    """The cases between two annotators over the documents that both finished, in the order of the text.

    A figure's true positives are the cases whose kind is in `matching.agreeing`. InputError for an unknown name.
    """
    import numpy as np

    row_a, row_b = corpus.position(a), corpus.position(b)
    documents = corpus.shared(row_a, row_b)
    rows_a, rows_b = corpus.rows(row_a, documents), corpus.rows(row_b, documents)
    aligned = align(rows_a, rows_b, matching=matching)
    only_b = aligned.a < 0
    start, document = np.empty_like(aligned.a), np.empty_like(aligned.a)
    for rows, own, mask in ((rows_a, aligned.a, ~only_b), (rows_b, aligned.b, only_b)):
        start[mask], document[mask] = rows.start[own[mask]], rows.document[own[mask]]
    items_a, items_b = corpus.items[row_a], corpus.items[row_b]
    for case in np.lexsort((aligned.kind, start)).tolist():
        left, right = int(aligned.a[case]), int(aligned.b[case])
        yield Case(
            corpus.ids[int(document[case])],
            items_a[int(rows_a.item[left])] if left >= 0 else None,
            items_b[int(rows_b.item[right])] if right >= 0 else None,
            KINDS[int(aligned.kind[case])],
        )


def _by_overlap(a: SpanRows, b: SpanRows) -> tuple[Ints, Ints]:
    """Pairs by largest overlap, one to one; of equal overlaps the one with equal labels, then the first in the text."""
    import numpy as np

    left, right = overlapping(a.start, a.end, b.start, b.end)
    lone = is_lone(left, right)
    pairs_a, pairs_b = left[lone], right[lone]
    left, right = left[~lone], right[~lone]
    places, labels = (a.place[left], b.place[right]), (a.label[left], b.label[right])
    common = np.minimum(a.end[left], b.end[right]) - np.maximum(a.start[left], b.start[right])
    # The lower and the higher of both sides, and not a's and b's, so that a and b can change sides.
    order = np.lexsort(
        (
            np.maximum(*labels),
            np.minimum(*labels),
            np.maximum(*places),
            np.minimum(*places),
            labels[0] != labels[1],
            -common,
        )
    )
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    more: list[tuple[int, int]] = []
    for one, other in zip(left[order].tolist(), right[order].tolist(), strict=True):
        if one not in taken_a and other not in taken_b:
            taken_a.add(one)
            taken_b.add(other)
            more.append((one, other))
    chosen = np.array(more, dtype=np.int64).reshape(-1, 2)
    return np.concatenate([pairs_a, chosen[:, 0]]), np.concatenate([pairs_b, chosen[:, 1]])
