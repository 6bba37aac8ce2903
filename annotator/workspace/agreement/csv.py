"""All figures of agreement as one tidy table: a row a figure, what it is about in columns of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from annotator.formats.tables.cells import protected
from annotator.measure.agreement import Agreement
from annotator.measure.confusion import Confusion
from annotator.measure.matching import Counts
from annotator.store.layout import GOLD


class Row(NamedTuple):
    """One figure. What it is not about is empty, and so is the value of one that is undefined.

    `scope` is "corpus", "pair", "gold", "label" or "document". In a row of the figure "confusion", `label` is what
    `a` says and `other_label` what `b` says, "none" being no span; over all pairs neither of two comes first.
    """

    scope: str
    figure: str
    value: float | int | None
    a: str = ""
    b: str = ""
    label: str = ""
    other_label: str = ""
    document: str = ""


def rows(found: Agreement) -> Iterator[Row]:
    """Every figure, in the order of the scopes."""
    yield Row("corpus", "documents", found.documents)
    for name, counts in (("strict", found.strict), ("lenient", found.lenient), ("boundary", found.boundary)):
        yield Row("corpus", f"{name}_f1", counts.f1)
    yield Row("corpus", "alpha_tokens", found.alpha_tokens)
    yield Row("corpus", "alpha_tokens_marked", found.alpha_tokens_marked)
    yield Row("corpus", "alpha_unitizing", found.alpha_unitizing.corpus)
    yield from _confusion(found.confusion, "corpus", "", "")
    for pair in found.pairs:
        low, high = pair.interval or (None, None)
        for figure, value in (
            ("documents", pair.documents),
            *_counts(pair.strict, pair.lenient, pair.boundary),
            ("strict_f1_low", low),
            ("strict_f1_high", high),
            ("token_kappa", pair.token_kappa),
        ):
            yield Row("pair", figure, value, pair.a, pair.b)
        for label, (strict, lenient) in pair.by_label.items():
            yield Row("pair", "strict_f1", strict.f1, pair.a, pair.b, label)
            yield Row("pair", "lenient_f1", lenient.f1, pair.a, pair.b, label)
        yield from _confusion(pair.confusion, "pair", pair.a, pair.b)
    for comparison in found.against_gold:
        for figure, value in (
            ("documents", comparison.documents),
            *_counts(comparison.strict, comparison.lenient, comparison.boundary),
            ("precision", comparison.strict.precision),
            ("recall", comparison.strict.recall),
            ("missed", comparison.errors.missed),
            ("spurious", comparison.errors.spurious),
            ("label_errors", comparison.errors.label),
            ("boundary_errors", comparison.errors.boundary),
            ("both_errors", comparison.errors.both),
        ):
            yield Row("gold", figure, value, GOLD, comparison.annotator)
        for label, counts in comparison.by_label.items():
            for figure, value in (
                ("precision", counts.precision),
                ("recall", counts.recall),
                ("strict_f1", counts.f1),
            ):
                yield Row("gold", figure, value, GOLD, comparison.annotator, label)
        yield from _confusion(comparison.confusion, "gold", GOLD, comparison.annotator)
    for one in found.per_label:
        for figure, value in (
            ("support", one.support),
            ("strict_f1", one.strict.f1),
            ("lenient_f1", one.lenient.f1),
            ("alpha_unitizing", one.alpha_unitizing),
        ):
            yield Row("label", figure, value, label=one.label)
    for document, alpha in found.alpha_unitizing.by_document.items():
        yield Row("document", "alpha_unitizing", alpha, document=document)


def table(found: Agreement) -> Iterator[str]:
    """The rows as CSV (RFC 4180), line by line, after a line of headings. No cell is a formula to a spreadsheet."""
    yield _line(Row._fields)
    yield from map(_line, rows(found))


def _counts(strict: Counts, lenient: Counts, boundary: Counts) -> Iterator[tuple[str, float | int | None]]:
    yield "spans_a", strict.spans_a
    yield "spans_b", strict.spans_b
    for name, counts in (("strict", strict), ("lenient", lenient), ("boundary", boundary)):
        yield f"{name}_matched", counts.true_positives
        yield f"{name}_f1", counts.f1


def _confusion(table: Confusion, scope: str, a: str, b: str) -> Iterator[Row]:
    names = [*table.labels, "none"]
    for row, counts in zip(names, table.counts, strict=True):
        for column, count in zip(names, counts, strict=True):
            if count:
                yield Row(scope, "confusion", count, a, b, row, column)


def _line(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(protected(value) if isinstance(value, str) else value for value in values)
    return line.getvalue()
