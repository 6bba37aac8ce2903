"""Two annotators compared over the documents that both finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.measure.alignment import align
from annotator.measure.arrays import Bools, Ints, Values
from annotator.measure.bootstrap import SEED, f1_interval
from annotator.measure.confusion import Confusion, confusion_of
from annotator.measure.corpus import Corpus, SpanRows
from annotator.measure.matching import Counts, boundary_pairs, lenient_pairs, strict_pairs
from annotator.measure.nominal import cohen_kappa


@dataclass(frozen=True, slots=True)
class Pair:
    """What two annotators have in common; `a` comes before `b` by name.

    `interval` is the 95 % interval of strict F1; `by_label` holds strict and lenient counts.
    """

    a: str
    b: str
    documents: int
    strict: Counts
    lenient: Counts
    boundary: Counts
    token_kappa: float | None
    interval: tuple[float, float] | None
    by_label: Mapping[str, tuple[Counts, Counts]]
    confusion: Confusion

    def as_json(self) -> dict[str, Any]:
        """The figures; null where undefined."""
        return {
            "a": self.a,
            "b": self.b,
            "documents": self.documents,
            "spans_a": self.strict.spans_a,
            "spans_b": self.strict.spans_b,
            "strict_f1": self.strict.f1,
            "strict_f1_interval": list(self.interval) if self.interval else None,
            "lenient_f1": self.lenient.f1,
            "boundary_f1": self.boundary.f1,
            "token_kappa": self.token_kappa,
            "confusion": self.confusion.as_json(),
        }


def strict_counts(corpus: Corpus, a: int, b: int) -> Counts:
    """Strict agreement of two annotators, given as rows of the corpus."""
    documents = corpus.shared(a, b)
    rows_a, rows_b = corpus.rows(a, documents), corpus.rows(b, documents)
    return Counts(len(strict_pairs(rows_a, rows_b)[0]), len(rows_a), len(rows_b))


def compare(corpus: Corpus, values: Values, a: int, b: int, *, seed: int = SEED) -> Pair:
    """All figures of two annotators, given as rows of the corpus; `values` are what `token_labels` says of it.

    The interval is resampled from `seed`.
    """
    documents = corpus.shared(a, b)
    rows_a, rows_b = corpus.rows(a, documents), corpus.rows(b, documents)
    strict, _ = strict_pairs(rows_a, rows_b)
    lenient, _ = lenient_pairs(rows_a, rows_b)
    boundary, _ = boundary_pairs(rows_a, rows_b)
    return Pair(
        a=corpus.annotators[a],
        b=corpus.annotators[b],
        documents=int(documents.sum()),
        strict=Counts(len(strict), len(rows_a), len(rows_b)),
        lenient=Counts(len(lenient), len(rows_a), len(rows_b)),
        boundary=Counts(len(boundary), len(rows_a), len(rows_b)),
        token_kappa=cohen_kappa(values[a], values[b]),
        interval=_interval(documents, strict, rows_a, rows_b, seed),
        by_label={
            label: (by_strict, by_lenient)
            for label, by_strict, by_lenient in zip(
                corpus.labels,
                counts_by_label(strict, rows_a, rows_b, len(corpus.labels)),
                counts_by_label(lenient, rows_a, rows_b, len(corpus.labels)),
                strict=True,
            )
        },
        confusion=confusion_of(align(rows_a, rows_b), rows_a, rows_b, corpus.labels),
    )


def counts_by_label(matched_a: Ints, a: SpanRows, b: SpanRows, labels: int) -> list[Counts]:
    """The counts of each label; `matched_a` are the positions in `a` that have a partner of the same label."""
    import numpy as np

    columns = (np.bincount(codes, minlength=labels) for codes in (a.label[matched_a], a.label, b.label))
    return [Counts(*counts) for counts in zip(*(column.tolist() for column in columns), strict=True)]


def _interval(
    documents: Bools, strict: Ints, rows_a: SpanRows, rows_b: SpanRows, seed: int
) -> tuple[float, float] | None:
    import numpy as np

    matched, spans_a, spans_b = (
        np.bincount(numbers, minlength=len(documents))[documents]
        for numbers in (rows_a.document[strict], rows_a.document, rows_b.document)
    )
    return f1_interval(matched, spans_a + spans_b, seed=seed)
