"""All figures of agreement of a corpus, as one value."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from annotator.measure.bootstrap import SEED
from annotator.measure.confusion import Confusion, unordered
from annotator.measure.corpus import Corpus, CorpusBuilder, FinishedDocument
from annotator.measure.gold import AgainstGold, against_gold
from annotator.measure.matching import Counts
from annotator.measure.nominal import krippendorff_alpha
from annotator.measure.pairs import Pair, compare
from annotator.measure.tokens import OUTSIDE, token_labels
from annotator.measure.unitizing import UnitizingAlpha, unitizing_alpha

_NOTHING = Counts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: documents read, or comparisons done, of `total`, which is None where nobody knows."""

    what: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """One label: counts summed over all pairs of annotators, its spans, and its unitizing alpha.

    `support` is the number of distinct spans of the label in the documents that are compared, of all annotators.
    """

    label: str
    support: int
    strict: Counts
    lenient: Counts
    alpha_unitizing: float | None

    def as_json(self) -> dict[str, Any]:
        """The figures; null where undefined."""
        return {
            "label": self.label,
            "support": self.support,
            "strict_f1": self.strict.f1,
            "lenient_f1": self.lenient.f1,
            "alpha_unitizing": self.alpha_unitizing,
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """What `annotator agreement` says. A figure that is undefined is None.

    `documents` counts those that at least two annotators finished; each pair is over those that both did.
    `alpha_tokens` is Krippendorff's alpha on all their tokens, which unmarked ones raise; `alpha_tokens_marked` that on
    tokens anyone marked, which is pessimistic, since unmarked tokens that all agree on are left out. `confusion` sums up
    all pairs and is symmetric. `corpus` is what was measured, for looking up the cases behind a figure.
    """

    annotators: tuple[str, ...]
    documents: int
    pairs: tuple[Pair, ...]
    alpha_tokens: float | None
    alpha_tokens_marked: float | None
    alpha_unitizing: UnitizingAlpha
    per_label: tuple[LabelAgreement, ...]
    confusion: Confusion
    against_gold: tuple[AgainstGold, ...]
    corpus: Corpus = field(repr=False, compare=False)

    @property
    def strict(self) -> Counts:
        """Strict counts summed over all pairs, so that pairs weigh by their spans."""
        return sum((pair.strict for pair in self.pairs), _NOTHING)

    @property
    def lenient(self) -> Counts:
        """Lenient counts summed over all pairs."""
        return sum((pair.lenient for pair in self.pairs), _NOTHING)

    @property
    def boundary(self) -> Counts:
        """Boundary-only counts summed over all pairs."""
        return sum((pair.boundary for pair in self.pairs), _NOTHING)

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON, under the names of the fields."""
        return {
            "annotators": list(self.annotators),
            "documents": self.documents,
            "strict_f1": self.strict.f1,
            "lenient_f1": self.lenient.f1,
            "boundary_f1": self.boundary.f1,
            "pairs": [pair.as_json() for pair in self.pairs],
            "alpha_tokens": self.alpha_tokens,
            "alpha_tokens_marked": self.alpha_tokens_marked,
            "alpha_unitizing": self.alpha_unitizing.corpus,
            "alpha_unitizing_by_document": dict(self.alpha_unitizing.by_document),
            "per_label": [label.as_json() for label in self.per_label],
            "confusion": self.confusion.as_json(),
            "against_gold": [one.as_json() for one in self.against_gold],
        }


def agreement(documents: Iterable[FinishedDocument], *, gold: str | None = None) -> Agreement:
    """Measure how far annotators agree; `gold` names the sets to measure them by, which are nobody's in the pairs.

    InputError if a document comes twice, or if spans or tokens do not fit their text.
    """
    steps = agreement_steps(documents, gold=gold)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: Agreement = end.value
            return result


def agreement_steps(
    documents: Iterable[FinishedDocument], *, gold: str | None = None, seed: int = SEED
) -> Generator[Progress, None, Agreement]:
    """As `agreement`, step by step: whoever stops asking cancels. Documents are taken one a step, as they are read.

    Intervals are resampled from `seed`.
    """
    total = len(documents) if isinstance(documents, Sequence) else None
    builder = CorpusBuilder()
    for done, document in enumerate(documents, 1):
        builder.add(document)
        yield Progress("documents read", done, total)
    corpus = builder.build()
    people = [row for row, name in enumerate(corpus.annotators) if name != gold]
    to_compare = list(combinations(people, 2))
    measured_by = [row for row, name in enumerate(corpus.annotators) if name == gold]
    total = len(to_compare) + len(people) * len(measured_by) + 3
    steps = iter(range(1, total + 1))

    def step() -> Progress:
        return Progress("comparisons", next(steps), total)

    values = token_labels(corpus)
    yield step()
    pairs = []
    for a, b in to_compare:
        pairs.append(compare(corpus, values, a, b, seed=seed))
        yield step()
    said = values[people]
    alpha_tokens = krippendorff_alpha(said)
    alpha_tokens_marked = krippendorff_alpha(said[:, (said > OUTSIDE).any(axis=0)])
    yield step()
    unitizing = unitizing_alpha(corpus, people)
    yield step()
    by_gold = []
    for reference in measured_by:
        for annotator in people:
            by_gold.append(against_gold(corpus, annotator, reference))
            yield step()
    return Agreement(
        annotators=tuple(corpus.annotators[row] for row in people),
        documents=int((corpus.finished[people].sum(axis=0) >= 2).sum()),
        pairs=tuple(pairs),
        alpha_tokens=alpha_tokens,
        alpha_tokens_marked=alpha_tokens_marked,
        alpha_unitizing=unitizing,
        per_label=_per_label(corpus, people, pairs, unitizing),
        confusion=unordered((pair.confusion for pair in pairs), corpus.labels),
        against_gold=tuple(by_gold),
        corpus=corpus,
    )


def _per_label(
    corpus: Corpus, people: list[int], pairs: list[Pair], unitizing: UnitizingAlpha
) -> tuple[LabelAgreement, ...]:
    import numpy as np

    compared = corpus.finished[people].sum(axis=0) >= 2
    support = np.zeros(len(corpus.labels), dtype=np.int64)
    for row in people:
        support += np.bincount(corpus.rows(row, compared).label, minlength=len(corpus.labels))
    return tuple(
        LabelAgreement(
            label=label,
            support=int(support[code]),
            strict=sum((pair.by_label[label][0] for pair in pairs), _NOTHING),
            lenient=sum((pair.by_label[label][1] for pair in pairs), _NOTHING),
            alpha_unitizing=unitizing.by_label[label],
        )
        for code, label in enumerate(corpus.labels)
    )
