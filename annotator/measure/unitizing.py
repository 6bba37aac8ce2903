"""Krippendorff's alpha for unitizing: agreement on where units begin and end in a continuum of characters.

Formulas: Krippendorff, K. (1995), On the reliability of unitizing contiguous data, Sociological Methodology 25; in the
form of Krippendorff, K. (2004), Content Analysis, 2nd edition, section 11.6. For each label, with m annotators and a
continuum of L characters,

    D_o = Σ over ordered pairs of annotators of δ² / (m (m - 1) L²)

where δ² of two overlapping units is the sum of the squared differences of their starts and of their ends, and that of a
unit which lies in a gap of the other annotator its squared length; and, over all N units of lengths l and the gaps g of
all annotators,

    D_e = 2/L Σ [ (N - 1)/3 (2 l³ - 3 l² + l) + l² Σ_{g >= l} (g - l + 1) ] / (m L (m L - 1) - Σ l (l - 1)).

Alpha is 1 - D_o / D_e; over labels, the sums of either. An annotator's units of one label may not overlap, so overlapping
spans of the same label count as one unit; spans of different labels never meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from annotator.measure.arrays import Bools, Floats, Ints
from annotator.measure.corpus import Corpus
from annotator.measure.matching import overlapping


@dataclass(frozen=True, slots=True)
class UnitizingAlpha:
    """Alpha of the corpus, of each label in it, and of each document; None where it is undefined.

    The corpus's is that of all documents with the same annotators laid end to end as one continuum. Where not all
    annotators finished all documents there are several such continua, and the squared differences that are observed
    and expected are summed over them.
    """

    corpus: float | None
    by_label: Mapping[str, float | None]
    by_document: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class _Units:
    """One annotator's units as columns, sorted by label and start; offsets count through all continua."""

    continuum: Ints
    label: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Continua:
    """Continua end to end: where each begins and the last ends, who unitized which, and each annotator's units."""

    base: Ints
    finished: Bools
    units: tuple[_Units, ...]


def unitizing_alpha(corpus: Corpus, annotators: Sequence[int]) -> UnitizingAlpha:
    """Alpha of these annotators, in characters; documents that fewer than two of them finished say nothing."""
    finished = corpus.finished[list(annotators)]
    units = tuple(_units(corpus, annotator) for annotator in annotators)
    documents = _Continua(corpus.base, finished, units)
    labels = len(corpus.labels)
    observed, expected = _disagreements(documents, labels)
    several = finished.sum(axis=0) >= 2
    by_document = [
        (id, _alpha(observed[number].sum(), expected[number].sum()))
        for number, id in enumerate(corpus.ids)
        if several[number]
    ]
    joined = _joined(documents)
    observed, expected = _disagreements(joined, labels)
    # Back from shares of the continuum to squared characters, which may be added up.
    squares = (joined.base[1:] - joined.base[:-1]).astype("float64")[:, None] ** 2
    observed, expected = (observed * squares).sum(axis=0), (expected * squares).sum(axis=0)
    return UnitizingAlpha(
        corpus=_alpha(observed.sum(), expected.sum()),
        by_label={label: _alpha(observed[code], expected[code]) for code, label in enumerate(corpus.labels)},
        by_document=dict(by_document),
    )


def _alpha(observed: float, expected: float) -> float | None:
    return float(1 - observed / expected) if expected else None


def _units(corpus: Corpus, annotator: int) -> _Units:
    """An annotator's spans as units: those of one label that overlap are one."""
    import numpy as np

    rows = corpus.spans[annotator]
    by_label = np.argsort(rows.label, kind="stable")
    label, start, end = rows.label[by_label], rows.start[by_label], rows.end[by_label]
    shift = label * int(corpus.base[-1])  # a line for each label, one behind the other
    reach = np.maximum.accumulate(end + shift)
    begins = np.ones(len(start), dtype=np.bool_)
    begins[1:] = (start + shift)[1:] >= reach[:-1]
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(start))[: len(first)] - 1
    return _Units(rows.document[by_label][first], label[first], start[first], (reach - shift)[last])


def _joined(documents: _Continua) -> _Continua:
    """All documents that the same annotators finished as one continuum."""
    import numpy as np

    patterns, group = np.unique(documents.finished, axis=1, return_inverse=True)
    group = group.reshape(-1)
    lengths = np.diff(documents.base)
    order = np.argsort(group, kind="stable")
    begins = np.empty_like(lengths)
    begins[order] = np.cumsum(lengths[order]) - lengths[order]
    shift = begins - documents.base[:-1]
    moved = []
    for units in documents.units:
        start, end = units.start + shift[units.continuum], units.end + shift[units.continuum]
        new = np.lexsort((start, units.label))
        moved.append(_Units(group[units.continuum][new], units.label[new], start[new], end[new]))
    sizes = np.bincount(group, weights=lengths, minlength=patterns.shape[1]).astype(np.int64)
    return _Continua(np.concatenate([[0], np.cumsum(sizes)]), patterns, tuple(moved))


def _disagreements(continua: _Continua, labels: int) -> tuple[Floats, Floats]:
    """D_o and D_e as matrices of continua by labels; zero where fewer than two annotators were."""
    import numpy as np

    length = np.diff(continua.base).astype(np.float64)[:, None]
    annotators = continua.finished.sum(axis=0).astype(np.float64)[:, None]
    compared = (annotators >= 2) & (length > 0)
    observed = 2 * _squared_differences(continua, labels)
    pairs = annotators * (annotators - 1) * length**2
    by_chance, in_units = _expected_sums(continua, labels)
    all_sections = annotators * length * (annotators * length - 1) - in_units
    nothing = np.zeros_like(observed)
    return (
        np.divide(observed, pairs, out=nothing.copy(), where=compared),
        np.divide(2 * by_chance / np.maximum(length, 1), all_sections, out=nothing, where=compared),
    )


def _squared_differences(continua: _Continua, labels: int) -> Floats:
    """Σ δ² over the unordered pairs of annotators."""
    import numpy as np

    size = len(continua.base) - 1
    total = np.zeros(size * labels)
    width = int(continua.base[-1])
    for a, b in combinations(range(len(continua.units)), 2):
        both = continua.finished[a] & continua.finished[b]
        one, other = (_of(continua.units[annotator], both) for annotator in (a, b))
        shift_one, shift_other = one.label * width, other.label * width
        left, right = overlapping(
            one.start + shift_one, one.end + shift_one, other.start + shift_other, other.end + shift_other
        )
        apart = (one.start[left] - other.start[right]) ** 2 + (one.end[left] - other.end[right]) ** 2
        total += np.bincount(_cells(one, labels)[left], weights=apart, minlength=len(total))
        for units, met in ((one, left), (other, right)):
            squares = ((units.end - units.start) ** 2).astype(np.float64)
            squares[met] = 0
            total += np.bincount(_cells(units, labels), weights=squares, minlength=len(total))
    return total.reshape(size, labels)


def _expected_sums(continua: _Continua, labels: int) -> tuple[Floats, Floats]:
    """For D_e: the sum in brackets, and Σ l (l - 1)."""
    import numpy as np

    size = len(continua.base) - 1
    nothing = np.empty(0, dtype=np.int64)
    cell = np.concatenate([nothing, *(_cells(units, labels) for units in continua.units)])
    length = np.concatenate([nothing, *(units.end - units.start for units in continua.units)])
    gap_cell, gap = _gaps(continua, labels)
    # The gaps of a cell that are at least as long as a unit are the last ones in the cell's sorted gaps.
    stride = 1 + max(int(gap.max(initial=0)), int(length.max(initial=0)))
    gap_key = np.sort(gap_cell * stride + gap)
    sums = np.concatenate([[0], np.cumsum(gap_key % stride)])
    first = np.searchsorted(gap_key, cell * stride + length, "left")
    last = np.searchsorted(gap_key, (cell + 1) * stride, "left")
    room = sums[last] - sums[first] - (last - first) * (length - 1)

    long = length.astype(np.float64)
    units = np.bincount(cell, minlength=size * labels)
    terms = (units[cell] - 1) / 3 * (2 * long**3 - 3 * long**2 + long) + long**2 * room
    by_chance, in_units = np.zeros(size * labels), np.zeros(size * labels)
    by_chance += np.bincount(cell, weights=terms, minlength=size * labels)
    in_units += np.bincount(cell, weights=long * (long - 1), minlength=size * labels)
    return by_chance.reshape(size, labels), in_units.reshape(size, labels)


def _gaps(continua: _Continua, labels: int) -> tuple[Ints, Ints]:
    """Cell and length of the gaps between units and at the ends of a continuum, of all annotators who unitized it."""
    import numpy as np

    cells: list[Ints] = []
    lengths: list[Ints] = []
    for row, units in enumerate(continua.units):
        continuum = np.repeat(np.flatnonzero(continua.finished[row]), labels)
        label = np.tile(np.arange(labels), len(continuum) // max(labels, 1))
        cell = np.concatenate([continuum * labels + label, _cells(units, labels)])
        start = np.concatenate([continua.base[continuum], units.end])
        end = np.concatenate([continua.base[continuum + 1], units.start])
        # In each cell the k-th gap begins at the k-th start and ends at the k-th end.
        lengths.append(end[np.lexsort((end, cell))] - start[np.lexsort((start, cell))])
        cells.append(np.sort(cell))
    nothing = np.empty(0, dtype=np.int64)
    cell, length = np.concatenate([nothing, *cells]), np.concatenate([nothing, *lengths])
    return cell[length > 0], length[length > 0]


def _of(units: _Units, continua: Bools) -> _Units:
    """The units in some of the continua."""
    if continua.all():
        return units
    kept = continua[units.continuum]
    return _Units(units.continuum[kept], units.label[kept], units.start[kept], units.end[kept])


def _cells(units: _Units, labels: int) -> Ints:
    """Continuum and label of each unit as one number."""
    return units.continuum * labels + units.label
