"""Unitizing alpha: Krippendorff's own examples, his formulas written down naively, and corpora of several documents."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given

from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.measure.unitizing import UnitizingAlpha, unitizing_alpha
from tests.measure.made import LABELS, document, documents

Span = tuple[int, int, str]


def alpha_of(sets: dict[str, list[Span]], *, length: int) -> UnitizingAlpha:
    return alpha_of_documents([document(sets, length=length, tokens=())])


def alpha_of_documents(found: list[FinishedDocument]) -> UnitizingAlpha:
    corpus = Corpus.of(found)
    return unitizing_alpha(corpus, range(len(corpus.annotators)))


KRIPPENDORFF_2004 = {
    "i": [(75, 145, "c"), (220, 250, "c"), (30, 90, "k"), (150, 200, "k")],
    "j": [(70, 150, "c"), (205, 225, "c"), (250, 270, "c"), (30, 90, "k"), (150, 200, "k")],
}
"""Page 254; the continuum from 150 to 450 begins at 0 here."""

KRIPPENDORFF_1995 = {
    "A": ([(2, 10), (14, 20)], [(4, 8), (15, 17)]),
    "B": ([(0, 18)], [(0, 2), (2, 3), (3, 4), (4, 5), (5, 6), (6, 9), (9, 10)]),
    "C": ([(2, 8), (10, 12), (14, 18), (20, 22)], [(0, 2), (4, 8), (10, 14), (16, 18), (20, 22)]),
    "D": ([(0, 2), (2, 10), (10, 14), (14, 20), (20, 24)], [(0, 4), (4, 8), (8, 15), (15, 17), (17, 24)]),
}
"""Page 57, in a continuum of 24 to be stretched."""


def krippendorff_1995(example: str, *, length: int) -> float | None:
    sets = {
        str(number): [(start * length // 24, end * length // 24, example) for start, end in units]
        for number, units in enumerate(KRIPPENDORFF_1995[example])
    }
    return alpha_of(sets, length=length).by_label[example]


def test_the_example_of_2004() -> None:
    alpha = alpha_of(KRIPPENDORFF_2004, length=300)
    assert alpha.corpus == pytest.approx(0.8591, abs=0.0005)
    assert alpha.by_label["c"] == pytest.approx(0.7286, abs=0.0001)
    assert alpha.by_label["k"] == 1.0
    assert alpha.by_document == {"d": pytest.approx(alpha.corpus)}


@pytest.mark.parametrize(("example", "published"), [("A", 0.553), ("B", -0.926), ("C", 0.679), ("D", 0.066)])
def test_the_examples_of_1995_in_a_long_continuum(example: str, published: float) -> None:
    assert krippendorff_1995(example, length=1_200_000) == pytest.approx(published, abs=0.02)


@pytest.mark.parametrize(
    ("length", "published"), [(12, 0.494), (120, 0.663), (1200, 0.677), (12_000, 0.678), (120_000, 0.679)]
)
def test_the_third_example_of_1995_in_continua_of_all_lengths(length: int, published: float) -> None:
    assert krippendorff_1995("C", length=length) == pytest.approx(published, abs=0.02)


def test_a_unit_against_many_small_ones() -> None:
    """An example of DKPro Statistics: worse than chance."""
    alpha = alpha_of({"a": [(1, 9, "A")], "b": [(2, 3, "A"), (4, 5, "A"), (6, 7, "A")]}, length=10)
    assert alpha.corpus == pytest.approx(-0.7003, abs=0.0001)


def test_one_unit_of_one_annotator_is_as_good_as_chance() -> None:
    alpha = alpha_of({"a": [(0, 1, "X")], "b": [], "c": []}, length=20)
    assert alpha.corpus == pytest.approx(0.0, abs=1e-12)


def test_nothing_marked_is_undefined() -> None:
    alpha = alpha_of({"a": [], "b": []}, length=20)
    assert alpha.corpus is None
    assert alpha.by_document == {"d": None}


def test_what_only_one_finished_says_nothing() -> None:
    alpha = alpha_of_documents([document({"a": [(0, 2, "X")]}, id="1"), document({"a": [], "b": []}, id="2")])
    assert alpha.corpus is None
    assert alpha.by_document == {"2": None}


def test_overlapping_spans_of_one_label_are_one_unit() -> None:
    overlapping = alpha_of({"a": [(1, 5, "X"), (3, 8, "X"), (4, 6, "X")], "b": [(2, 8, "X")]}, length=20)
    assert overlapping == alpha_of({"a": [(1, 8, "X")], "b": [(2, 8, "X")]}, length=20)


def test_touching_spans_of_one_label_are_two_units() -> None:
    touching = alpha_of({"a": [(1, 5, "X"), (5, 8, "X")], "b": [(1, 8, "X")]}, length=20)
    assert touching.corpus is not None
    assert touching.corpus < 1.0


def naive_disagreements(found: FinishedDocument, label: str) -> tuple[float, float]:
    """D_o and D_e of one document as Krippendorff writes them, by loops over all sections."""
    length, m = found.length, len(found.sets)
    sections = []
    for spans in found.sets.values():
        units: list[list[int]] = []
        for start, end in sorted((span.start, span.end) for span in spans if span.label == label):
            if units and start < units[-1][1]:
                units[-1][1] = max(end, units[-1][1])
            else:
                units.append([start, end])
        edges = [0, *(edge for unit in units for edge in unit), length]
        gaps = [gap for gap in list(pairwise(edges))[::2] if gap[0] < gap[1]]
        sections.append(([(start, end) for start, end in units], gaps))

    observed = 0
    for (units, gaps), (others, other_gaps) in permutations(sections, 2):
        for start, end in units:
            for other_start, other_end in others:
                if start < other_end and other_start < end:
                    observed += (start - other_start) ** 2 + (end - other_end) ** 2
            observed += sum((end - start) ** 2 for gap in other_gaps if gap[0] <= start and end <= gap[1])
        for start, end in others:
            observed += sum((end - start) ** 2 for gap in gaps if gap[0] <= start and end <= gap[1])

    all_units = [end - start for units, _ in sections for start, end in units]
    all_gaps = [end - start for _, gaps in sections for start, end in gaps]
    expected = sum(
        (len(all_units) - 1) / 3 * (2 * unit**3 - 3 * unit**2 + unit)
        + unit**2 * sum(gap - unit + 1 for gap in all_gaps if gap >= unit)
        for unit in all_units
    )
    expected *= 2 / length / (m * length * (m * length - 1) - sum(unit * (unit - 1) for unit in all_units))
    return observed / (m * (m - 1) * length**2), expected


@given(found=documents())
def test_each_document_is_what_the_formulas_say(found: list[FinishedDocument]) -> None:
    by_document = alpha_of_documents(found).by_document
    compared = [each for each in found if len(each.sets) >= 2]
    assert by_document.keys() == {each.id for each in compared}
    for each in compared:
        observed, expected = (
            sum(column)
            for column in zip(*(naive_disagreements(each, label) for label in LABELS), strict=True)
        )
        wanted = pytest.approx(1 - observed / expected, abs=1e-9) if expected else None
        assert by_document[each.id] == wanted


@given(found=documents(complete=True))
def test_the_corpus_is_the_documents_laid_end_to_end(found: list[FinishedDocument]) -> None:
    laid: dict[str, list[Span]] = {}
    length = 0
    for each in found:
        for annotator, spans in each.sets.items():
            laid.setdefault(annotator, []).extend(
                (span.start + length, span.end + length, span.label) for span in spans
            )
        length += each.length
    together = alpha_of(laid, length=length)
    alpha = alpha_of_documents(found)
    assert alpha.corpus == (together.corpus and pytest.approx(together.corpus, abs=1e-9))
    assert alpha.by_label == {
        label: value and pytest.approx(value, abs=1e-9) for label, value in together.by_label.items()
    }


def test_continua_of_different_annotators_are_summed_up_by_squared_characters() -> None:
    """Two documents with annotators of their own: the longer one's disagreement weighs more."""
    short = document({"a": [(0, 3, "X")], "b": [(0, 2, "X")]}, id="short", length=10)
    long = document({"c": [(0, 30, "X")], "d": [(10, 30, "X")]}, id="long", length=100)
    sums = [0.0, 0.0]
    for each in (short, long):
        observed, expected = naive_disagreements(each, "X")
        sums[0] += observed * each.length**2
        sums[1] += expected * each.length**2
    assert alpha_of_documents([short, long]).corpus == pytest.approx(1 - sums[0] / sums[1])
