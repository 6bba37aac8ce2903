"""The figures of agreement as grids of cells, each with the cases behind it: what terminal, report and screen show."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from annotator.measure.agreement import Agreement, LabelAgreement
from annotator.measure.alignment import Kind, Matching
from annotator.measure.gold import AgainstGold
from annotator.measure.matching import Counts
from annotator.measure.pairs import Pair
from annotator.store.layout import GOLD
from annotator.workspace.agreement.cases import Behind

NONE = "none"
"""What stands for "no span" beside labels."""
UNDEFINED = "n/a"
EMPTY = "·"
"""A cell in which nothing can be, or is."""


class Figure(enum.Enum):
    """What a matrix of pairs can show, with its name and what it says in a line."""

    STRICT = ("strict F1", "two spans agree when start, end and label are equal")
    LENIENT = ("lenient F1", "two spans agree when labels are equal and a character is in common")
    BOUNDARY = ("boundary-only F1", "two spans agree when start and end are equal, whatever the labels")
    KAPPA = ("token kappa", "Cohen's, on all tokens; those that nobody marked raise it")

    def __init__(self, title: str, meaning: str) -> None:
        self.title_ = title
        self.meaning = meaning

    def of(self, pair: Pair) -> float | None:
        """The figure of a pair; None where it is undefined."""
        return pair.token_kappa if self is Figure.KAPPA else self.counts(pair).f1

    def counts(self, pair: Pair) -> Counts:
        """What of a pair's spans the figure counts; the strict ones for the kappa, which counts tokens."""
        return {Figure.LENIENT: pair.lenient, Figure.BOUNDARY: pair.boundary}.get(self, pair.strict)

    @property
    def matching(self) -> Matching:
        """How the spans behind it are aligned."""
        return {Figure.LENIENT: Matching.LENIENT, Figure.BOUNDARY: Matching.BOUNDARY}.get(
            self, Matching.STRICT
        )


class Tone(enum.Enum):
    """What a strong cell of a heat map means."""

    AGREEMENT = "agreement"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text, and how strongly it is coloured, from 0 to 1; None for a cell without colour."""

    text: str
    heat: float | None = None
    tone: Tone = Tone.AGREEMENT
    behind: Behind | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Named rows of cells below their headings. `note` says in a sentence how to read it."""

    title: str
    note: str
    corner: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def figure_text(value: float | None, *, digits: int = 3) -> str:
    """A figure for reading, such as ".823", "1.000", "-.050" or "n/a"."""
    if value is None:
        return UNDEFINED
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if abs(float(text)) < 1 else text


def matrix(agreement: Agreement, figure: Figure = Figure.STRICT) -> Grid:
    """Each annotator with each other: a heat map of one figure, symmetric, without a diagonal."""
    by_names = {frozenset((pair.a, pair.b)): pair for pair in agreement.pairs}

    def cell(a: str, b: str) -> Cell:
        if a == b:
            return Cell(EMPTY)
        pair = by_names[frozenset((a, b))]
        behind = Behind(f"{a} and {b}", ((a, b),), figure.matching)
        return Cell(figure_text(figure.of(pair)), _strength(figure.of(pair)), behind=behind)

    names = agreement.annotators
    rows = tuple((a, tuple(cell(a, b) for b in names)) for a in names)
    return Grid(f"Pairs: {figure.title_}", figure.meaning, "", names, rows)


def pairs(agreement: Agreement) -> Grid:
    """Each pair in a row, with all its figures."""
    headings = ("docs", "spans a", "spans b", "strict", "95 %", "lenient", "boundary", "kappa")
    rows = []
    for pair in agreement.pairs:
        both = f"{pair.a} and {pair.b}"
        cells = [
            Cell(f"{pair.documents:,}"),
            Cell(f"{pair.strict.spans_a:,}"),
            Cell(f"{pair.strict.spans_b:,}"),
        ]
        for figure in Figure:
            value = figure.of(pair)
            behind = Behind(f"{both}, {figure.title_}", ((pair.a, pair.b),), figure.matching)
            cells.append(Cell(figure_text(value), _strength(value), behind=behind))
            if figure is Figure.STRICT:
                cells.append(Cell(_interval(pair)))
        rows.append((f"{pair.a}, {pair.b}", tuple(cells)))
    note = "F1 of spans: equal; overlapping with equal labels; equal places; and kappa of tokens, which unmarked ones raise."
    return Grid("Pairs of annotators", note, "a, b", headings, tuple(rows))


def labels(agreement: Agreement, *, by_pair: bool = True) -> Grid:
    """Each label over all pairs and, with `by_pair`, its strict F1 for each of several pairs."""
    everyone = tuple((pair.a, pair.b) for pair in agreement.pairs)
    several = by_pair and len(agreement.pairs) > 1
    headings = ["spans", "strict", "lenient", "alpha u"]
    headings += [f"{pair.a}, {pair.b}" for pair in agreement.pairs] if several else []
    rows = []
    for figures in agreement.per_label:
        if not figures.support:
            continue
        cells = list(_label_cells(figures, everyone))
        for pair in agreement.pairs if several else ():
            value = pair.by_label[figures.label][0].f1
            behind = Behind(
                f"{figures.label}: {pair.a} and {pair.b}", ((pair.a, pair.b),), label=figures.label
            )
            cells.append(Cell(figure_text(value), _strength(value), behind=behind))
        rows.append((figures.label, tuple(cells)))
    note = "Strict and lenient F1 over all pairs; alpha u: Krippendorff's unitizing alpha on places alone."
    return Grid("Labels", note, "label", tuple(headings), tuple(rows))


def _label_cells(label_agreement: LabelAgreement, everyone: tuple[tuple[str, str], ...]) -> Iterator[Cell]:
    yield Cell(f"{label_agreement.support:,}")
    for name, matching, value in (
        ("strict F1", Matching.STRICT, label_agreement.strict.f1),
        ("lenient F1", Matching.LENIENT, label_agreement.lenient.f1),
    ):
        behind = Behind(f"{label_agreement.label}, {name}", everyone, matching, label=label_agreement.label)
        yield Cell(figure_text(value), _strength(value), behind=behind)
    yield Cell(figure_text(label_agreement.alpha_unitizing), _strength(label_agreement.alpha_unitizing))


def confusion(agreement: Agreement, pair: Pair | None = None) -> Grid:
    """Which label stands where the other has which: of one pair, or of all, where it is symmetric.

    Agreement is coloured by its share of a row, all else by its share of the most frequent confusion.
    """
    table = agreement.confusion if pair is None else pair.confusion
    between = tuple((figures.a, figures.b) for figures in (agreement.pairs if pair is None else (pair,)))
    used = [
        number
        for number, label in enumerate((*table.labels, None))
        if label is None or any(table.counts[number]) or any(row[number] for row in table.counts)
    ]
    names = [*table.labels, NONE]
    most = max((table.counts[r][c] for r in used for c in used if r != c), default=0)

    def cell(r: int, c: int) -> Cell:
        count = table.counts[r][c]
        if r == c == len(table.labels):
            return Cell(EMPTY)
        labels = (names[r] if r < len(table.labels) else None, names[c] if c < len(table.labels) else None)
        title = f"{names[r]} against {names[c]}" if r != c else f"both say {names[r]}"
        behind = Behind(title, between, cell=labels, both_ways=pair is None) if count else None
        if r == c:
            return Cell(f"{count:,}", count / (sum(table.counts[r]) or 1), behind=behind)
        return Cell(f"{count:,}" if count else EMPTY, count / most if most else 0.0, Tone.TROUBLE, behind)

    rows = tuple((names[r], tuple(cell(r, c) for c in used)) for r in used)
    if pair is None:
        title, corner = "Confusion of labels, all pairs", "one says"
        note = f"How often one says this where another says that; {NONE}: the other has no span there."
    else:
        title, corner = f"Confusion of labels, {pair.a} and {pair.b}", f"{pair.a} says"
        note = f"Rows: {pair.a}, columns: {pair.b}; {NONE}: no span there."
    return Grid(title, note, corner, tuple(names[c] for c in used), rows)


def against_gold(agreement: Agreement) -> Grid:
    """Each annotator measured by the gold, with the kinds of errors."""
    headings = ("docs", "spans", "gold", "prec.", "recall", "strict", "lenient", "boundary", *_ERROR_HEADINGS)
    most = max((max(_errors(comparison).values()) for comparison in agreement.against_gold), default=0)
    rows = []
    for comparison in agreement.against_gold:
        between = ((GOLD, comparison.annotator),)
        cells = [
            Cell(f"{comparison.documents:,}"),
            Cell(f"{comparison.strict.spans_b:,}"),
            Cell(f"{comparison.strict.spans_a:,}"),
        ]
        for name, value, matching in (
            ("precision", comparison.strict.precision, Matching.STRICT),
            ("recall", comparison.strict.recall, Matching.STRICT),
            ("strict F1", comparison.strict.f1, Matching.STRICT),
            ("lenient F1", comparison.lenient.f1, Matching.LENIENT),
            ("boundary-only F1", comparison.boundary.f1, Matching.BOUNDARY),
        ):
            behind = Behind(f"{comparison.annotator} and gold, {name}", between, matching)
            cells.append(Cell(figure_text(value), _strength(value), behind=behind))
        for kind, count in _errors(comparison).items():
            behind = Behind(
                f"{comparison.annotator} and gold, {ERRORS[kind]}", between, kinds=frozenset({kind})
            )
            heat = count / most if most else 0.0
            cells.append(Cell(f"{count:,}", heat, Tone.TROUBLE, behind if count else None))
        rows.append((comparison.annotator, tuple(cells)))
    note = "Precision, recall and F1 of each annotator's spans by those of the gold, and the kinds of errors."
    return Grid("Against gold", note, "annotator", headings, tuple(rows))


ERRORS = {
    Kind.ONLY_A: "missed",
    Kind.ONLY_B: "spurious",
    Kind.LABEL: "another label",
    Kind.BOUNDARY: "other boundaries",
    Kind.BOTH: "both differ",
}
"""The kinds of errors where `a` is the gold, by name."""
_ERROR_HEADINGS = ("missed", "spurious", "label", "bounds", "both")


def _errors(against_gold: AgainstGold) -> dict[Kind, int]:
    errors = against_gold.errors
    counts = (errors.missed, errors.spurious, errors.label, errors.boundary, errors.both)
    return dict(zip(ERRORS, counts, strict=True))


def alphas(agreement: Agreement) -> tuple[tuple[str, float | None, str], ...]:
    """The figures over all annotators: name, value, and what it says in a line."""
    return (
        ("strict F1, all pairs", agreement.strict.f1, "spans summed over pairs"),
        ("lenient F1, all pairs", agreement.lenient.f1, "labels equal, a character in common"),
        ("boundary-only F1, all pairs", agreement.boundary.f1, "whatever the labels"),
        ("alpha (tokens, incl. O)", agreement.alpha_tokens, "inflated: most tokens are marked by nobody"),
        (
            "alpha (tokens anyone marked)",
            agreement.alpha_tokens_marked,
            "pessimistic: what all left unmarked is left out",
        ),
        ("alpha (unitizing)", agreement.alpha_unitizing.corpus, "where spans begin and end, in characters"),
    )


def documents(agreement: Agreement, title_of: Callable[[str], str]) -> Grid:
    """Each document's unitizing alpha, the lowest first; undefined ones last. `title_of` names a document."""
    everyone = tuple((pair.a, pair.b) for pair in agreement.pairs)
    alphas_by_document = agreement.alpha_unitizing.by_document
    ordered = sorted(
        alphas_by_document, key=lambda id: (alphas_by_document[id] is None, alphas_by_document[id] or 0.0, id)
    )
    rows = []
    for id in ordered:
        behind = Behind(title_of(id), everyone, document=id)
        rows.append(
            (
                title_of(id),
                (
                    Cell(
                        figure_text(alphas_by_document[id]), _strength(alphas_by_document[id]), behind=behind
                    ),
                ),
            )
        )
    return Grid(
        "Documents",
        "Krippendorff's unitizing alpha of each document, the lowest first.",
        "document",
        ("alpha u",),
        tuple(rows),
    )


def _interval(pair: Pair) -> str:
    if pair.interval is None:
        return UNDEFINED
    low, high = pair.interval
    return f"{figure_text(low)} to {figure_text(high)}"


def _strength(value: float | None) -> float | None:
    """How strongly a figure is coloured: squared, since most lie high and small differences among them matter."""
    return None if value is None else min(max(value, 0.0), 1.0) ** 2
