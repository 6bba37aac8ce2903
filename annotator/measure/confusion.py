"""How often one annotator says this label where another says that, with "none" for spans without a partner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotator.measure.alignment import Alignment
from annotator.measure.corpus import SpanRows


@dataclass(frozen=True, slots=True)
class Confusion:
    """A matrix of cases: rows are the labels of `a`, columns those of `b`, the last of each is none.

    The spans are aligned without regard to labels (`alignment.align`). Spans of one side without a partner stand
    under none; nothing can stand in the last cell.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __getitem__(self, cell: tuple[str | None, str | None]) -> int:
        row, column = (self._position(label) for label in cell)
        return self.counts[row][column]

    def _position(self, label: str | None) -> int:
        return len(self.labels) if label is None else self.labels.index(label)

    def as_json(self) -> dict[str, Any]:
        """Labels, with null for none at the end, and the rows."""
        return {"labels": [*self.labels, None], "counts": [list(row) for row in self.counts]}


def confusion_of(alignment: Alignment, a: SpanRows, b: SpanRows, labels: tuple[str, ...]) -> Confusion:
    """Count the pairs of labels in an alignment."""
    import numpy as np

    size = len(labels) + 1
    # Position -1 reads the appended last member, which is none.
    rows = np.append(a.label, size - 1)[alignment.a]
    columns = np.append(b.label, size - 1)[alignment.b]
    counts = np.bincount(rows * size + columns, minlength=size * size).reshape(size, size)
    return Confusion(labels, tuple(tuple(row) for row in counts.tolist()))


def unordered(confusions: Iterator[Confusion], labels: tuple[str, ...]) -> Confusion:
    """The sum over pairs of annotators, who come in no order: symmetric, each case once in its cell and its mirror's.

    The cell of two labels counts the cases where one annotator said the one and another the other.
    """
    import numpy as np

    size = len(labels) + 1
    total = np.zeros((size, size), dtype=np.int64)
    for confusion in confusions:
        total += np.array(confusion.counts, dtype=np.int64)
    both = total + total.T - np.diag(np.diag(total))
    return Confusion(labels, tuple(tuple(row) for row in both.tolist()))
