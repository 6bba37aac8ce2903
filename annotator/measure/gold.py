"""An annotator against the gold: what was found, and the kinds of errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotator.measure.alignment import Kind, align
from annotator.measure.confusion import Confusion, confusion_of
from annotator.measure.corpus import Corpus
from annotator.measure.matching import Counts, boundary_pairs, lenient_pairs, strict_pairs
from annotator.measure.pairs import counts_by_label


@dataclass(frozen=True, slots=True)
class Errors:
    """Spans of the gold that were missed, spurious ones, and aligned ones with another label, boundary, or both."""

    missed: int
    spurious: int
    label: int
    boundary: int
    both: int


@dataclass(frozen=True, slots=True)
class AgainstGold:
    """One annotator's spans measured by the gold's, over the documents that the annotator and the gold finished.

    In all counts the gold is `a`, and so it is the rows of the confusion. `by_label` holds strict counts.
    """

    annotator: str
    documents: int
    strict: Counts
    lenient: Counts
    boundary: Counts
    by_label: Mapping[str, Counts]
    errors: Errors
    confusion: Confusion

    def as_json(self) -> dict[str, Any]:
        """The figures; null where undefined."""
        errors = self.errors
        return {
            "annotator": self.annotator,
            "documents": self.documents,
            "spans": self.strict.spans_b,
            "spans_gold": self.strict.spans_a,
            "precision": self.strict.precision,
            "recall": self.strict.recall,
            "strict_f1": self.strict.f1,
            "lenient_f1": self.lenient.f1,
            "boundary_f1": self.boundary.f1,
            "errors": {
                "missed": errors.missed,
                "spurious": errors.spurious,
                "label": errors.label,
                "boundary": errors.boundary,
                "both": errors.both,
            },
            "per_label": [
                {
                    "label": label,
                    "precision": counts.precision,
                    "recall": counts.recall,
                    "f1": counts.f1,
                    "support": counts.spans_a,
                }
                for label, counts in self.by_label.items()
            ],
            "confusion": self.confusion.as_json(),
        }


def against_gold(corpus: Corpus, annotator: int, gold: int) -> AgainstGold:
    """Measure an annotator by the gold, both given as rows of the corpus."""
    documents = corpus.shared(annotator, gold)
    true, own = corpus.rows(gold, documents), corpus.rows(annotator, documents)
    strict, _ = strict_pairs(true, own)
    alignment = align(true, own)
    kinds = alignment.counts()
    labels = corpus.labels
    return AgainstGold(
        annotator=corpus.annotators[annotator],
        documents=int(documents.sum()),
        strict=Counts(len(strict), len(true), len(own)),
        lenient=Counts(len(lenient_pairs(true, own)[0]), len(true), len(own)),
        boundary=Counts(len(boundary_pairs(true, own)[0]), len(true), len(own)),
        by_label=dict(zip(labels, counts_by_label(strict, true, own, len(labels)), strict=True)),
        errors=Errors(
            missed=kinds[Kind.ONLY_A],
            spurious=kinds[Kind.ONLY_B],
            label=kinds[Kind.LABEL],
            boundary=kinds[Kind.BOUNDARY],
            both=kinds[Kind.BOTH],
        ),
        confusion=confusion_of(alignment, true, own, labels),
    )
