"""A trained pipeline on documents that it has not seen: figures for each label, and every error as a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from annotator.formats.exchange import AnnotatedDocument
from annotator.measure.alignment import Case, cases
from annotator.measure.bootstrap import f1_interval
from annotator.measure.corpus import Corpus, CorpusBuilder, FinishedDocument
from annotator.measure.gold import AgainstGold, against_gold
from annotator.measure.matching import strict_pairs
from annotator.model.spans import Labelled

if TYPE_CHECKING:
    from annotator.suggest.sources.pipeline import Pipeline

_GOLD, _MODEL = "gold", "model"
_AT_ONCE = 32
"""Documents that the pipeline gets at a time."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The pipeline against the annotations: `interval` is the 95 % interval of strict F1 over documents.

    `cases` are all spans of both sides, those on which they agree too; `a` is the annotations'.
    """

    figures: AgainstGold
    interval: tuple[float, float] | None
    cases: tuple[Case, ...]

    @property
    def f1(self) -> float | None:
        """Strict F1; None where there is no span on either side."""
        return self.figures.strict.f1

    def as_json(self) -> dict[str, Any]:
        """The figures; null where undefined."""
        interval = list(self.interval) if self.interval else None
        return {**self.figures.as_json(), "strict_f1_interval": interval}


def measure_held_out(documents: Iterable[AnnotatedDocument], pipeline: Pipeline) -> HeldOut:
    """Let the pipeline suggest on each document, and compare that with its spans.

    Texts are not kept. ModelError if the pipeline cannot do them.
    """
    builder = CorpusBuilder()
    for batch in _batches(documents):
        answers = pipeline.answers([(annotated.document.id, annotated.document.text) for annotated in batch])
        for annotated, answer in zip(batch, answers, strict=True):
            sets: dict[str, tuple[Labelled, ...]] = {_GOLD: annotated.spans, _MODEL: answer.suggestions}
            length = len(annotated.document.text)
            builder.add(FinishedDocument(annotated.document.id, length, answer.tokens, sets))
    corpus = builder.build()
    gold, model = corpus.position(_GOLD), corpus.position(_MODEL)
    return HeldOut(
        figures=against_gold(corpus, model, gold),
        interval=_interval(corpus, gold, model),
        cases=tuple(cases(corpus, _GOLD, _MODEL)),
    )


def _batches(documents: Iterable[AnnotatedDocument]) -> Iterator[list[AnnotatedDocument]]:
    iterator = iter(documents)
    while batch := list(islice(iterator, _AT_ONCE)):
        yield batch


def _interval(corpus: Corpus, gold: int, model: int) -> tuple[float, float] | None:
    import numpy as np

    true, own = corpus.spans[gold], corpus.spans[model]
    matched, _ = strict_pairs(true, own)
    count = len(corpus.ids)
    pairs, a, b = (
        np.bincount(rows, minlength=count) for rows in (true.document[matched], true.document, own.document)
    )
    return f1_interval(pairs, a + b)
