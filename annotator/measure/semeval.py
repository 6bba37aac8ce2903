"""The four figures of SemEval-2013 task 9.1: strict, exact, partial and type.

Segura-Bedmar, I., Martínez, P. and Herrero-Zazo, M. (2013), SemEval-2013 Task 9, section 4. Offsets are half-open here:
spans that only touch have nothing in common.
"""

from __future__ import annotations

from dataclasses import dataclass

from annotator.measure.alignment import Kind, align
from annotator.measure.corpus import Corpus


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many spans are correct, incorrect, partly correct, missed and spurious by one of the figures."""

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int

    @property
    def possible(self) -> int:
        """Spans of the gold."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def actual(self) -> int:
        """Spans that are judged."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def precision(self) -> float | None:
        """The share of the judged that is right, partial ones by half; None where there is none."""
        return (self.correct + self.partial / 2) / self.actual if self.actual else None

    @property
    def recall(self) -> float | None:
        """The share of the gold that was found, partial ones by half; None where there is none."""
        return (self.correct + self.partial / 2) / self.possible if self.possible else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where there is no span at all."""
        spans = self.possible + self.actual
        return 2 * (self.correct + self.partial / 2) / spans if spans else None


@dataclass(frozen=True, slots=True)
class SemEval:
    """One alignment judged in four ways: by offsets and label, by offsets, by offsets with half a point for an
    overlap, and by label where there is an overlap."""

    strict: Judgement
    exact: Judgement
    partial: Judgement
    type: Judgement


def semeval(corpus: Corpus, gold: str, annotator: str) -> SemEval:
    """Judge an annotator by the gold over the documents that both finished. InputError for an unknown name."""
    row_gold, row = corpus.position(gold), corpus.position(annotator)
    documents = corpus.shared(row_gold, row)
    kinds = align(corpus.rows(row_gold, documents), corpus.rows(row, documents)).counts()
    same, label, boundary, both = (kinds[kind] for kind in (Kind.SAME, Kind.LABEL, Kind.BOUNDARY, Kind.BOTH))
    missed, spurious = kinds[Kind.ONLY_A], kinds[Kind.ONLY_B]
    return SemEval(
        strict=Judgement(same, label + boundary + both, 0, missed, spurious),
        exact=Judgement(same + label, boundary + both, 0, missed, spurious),
        partial=Judgement(same + label, 0, boundary + both, missed, spurious),
        type=Judgement(same + boundary, label + both, 0, missed, spurious),
    )
