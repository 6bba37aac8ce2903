"""Kappa and alpha: against published tables, against scikit-learn and krippendorff, and where they are undefined."""

from __future__ import annotations

from typing import Any

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from annotator.measure.nominal import cohen_kappa, krippendorff_alpha

Units = list[list[Any]]
"""The values of each unit, by annotator; None is missing."""


def table(*rows: tuple[int, Any, Any]) -> Units:
    """Units of two annotators from how often each pair of values comes."""
    return [[a, b] for count, a, b in rows for _ in range(count)]


def coders(*lines: str) -> Units:
    """Units from a line of values for each annotator, `*` being missing."""
    return [
        [None if value == "*" else value for value in unit]
        for unit in zip(*map(str.split, lines), strict=True)
    ]


def counted(*rows: str) -> Units:
    """Units from how many annotators gave each of the values."""
    return [[value for value, count in enumerate(row.split()) for _ in range(int(count))] for row in rows]


ARTSTEIN_POESIO_1 = table((20, "s", "s"), (20, "i", "s"), (10, "s", "i"), (50, "i", "i"))
ARTSTEIN_POESIO_2 = table((46, "s", "s"), (6, "i", "s"), (32, "i", "i"), (6, "i", "c"), (10, "c", "c"))
COHEN_1 = table(
    (25, 1, 1), (12, 1, 2), (3, 1, 3), (13, 2, 1), (2, 2, 2), (15, 2, 3), (12, 3, 1), (16, 3, 2), (2, 3, 3)
)
COHEN_2 = table(
    (88, 1, 1), (14, 1, 2), (18, 1, 3), (10, 2, 1), (40, 2, 2), (10, 2, 3), (2, 3, 1), (6, 3, 2), (12, 3, 3)
)
KRIPPENDORFF_BINARY = coders("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
KRIPPENDORFF_NOMINAL = coders("a a b b d c c c e d d a", "b a b b b c c c e d d d")
KRIPPENDORFF_2004_MULTI = coders("a a b b b b b c c c c c", "a b b b b b c c c c c c")
KRIPPENDORFF_MISSING = coders(
    "B L P P L B C B L * * *",
    "B L P P L L C B L F * *",
    "* P P P L P C L L F B P",
    "B L P P L C C B L F B *",
)
FLEISS_1971 = [
    [int(value) for value in unit]
    for unit in (
        "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445 "
        "333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"
    ).split()
]
FLEISS_14_RATERS = counted(
    *("0 0 0 0 14", "0 2 6 4 2", "0 0 3 5 6", "0 3 9 2 0", "2 2 8 1 1"),
    *("7 7 0 0 0", "3 2 6 3 0", "2 5 3 2 2", "6 5 2 1 0", "0 2 2 3 7"),
)
THREE_CODERS = coders(
    "* * * * * 3 4 1 2 1 1 3 3 * 3", "1 * 2 1 3 3 4 3 * * * * * * *", "* * 2 1 3 4 4 * 2 1 1 3 3 * 4"
)
HAYES_KRIPPENDORFF = [
    [None if value == "*" else value for value in unit]
    for unit in (
        "112*2 1101* 2333* *00*0 000*0 000*0 102*1 1*20* 222*2 2111* *100* 0000* 1222* 33223 111*1 111*1 212*2 1233* "
        "1101* 000*0 0011* 00*00 2333* 0000* 12*22 0111* 00010 1212* 1122* 112*2 110*0 2121* 22*22 3222* 222*2 223*2 "
        "222*2 22*12 2222* 111*1"
    ).split()
]
BERTHA_AND_BILL = coders(
    " ".join("001111111100001111110000"),
    " ".join("000011110000000110000000"),
)
GERRET_AND_GILL = coders(
    " ".join("001111110011001111001100"),
    " ".join("110011110011110011001100"),
)


def coded(units: Units) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Annotators by units, as numbers, -1 being missing."""
    values = sorted({value for unit in units for value in unit if value is not None}, key=str)
    return np.array([[-1 if value is None else values.index(value) for value in unit] for unit in units]).T


def chance_free_of_sample_size(alpha: float, units: Units) -> float:
    """Fleiss' kappa (for two annotators Scott's pi) from alpha: all that differs is alpha's correction for n values."""
    values = sum(len(unit) for unit in units)
    return 1 - (1 - alpha) * values / (values - 1)


@pytest.mark.parametrize(
    ("units", "published", "digits"),
    [
        pytest.param(ARTSTEIN_POESIO_1, 0.348, 3, id="Artstein and Poesio 2008, table 1"),
        pytest.param(ARTSTEIN_POESIO_2, 0.8013, 4, id="Artstein and Poesio 2008, table 2"),
        pytest.param(COHEN_1, -0.092308, 6, id="Cohen 1960, example 1, computed by scikit-learn"),
        pytest.param(COHEN_2, 0.492, 3, id="Cohen 1960, example 2"),
        pytest.param(KRIPPENDORFF_BINARY, 0.090909, 6, id="Krippendorff, computed by scikit-learn"),
        pytest.param(KRIPPENDORFF_2004_MULTI, 0.724138, 6, id="Krippendorff, several, by scikit-learn"),
        pytest.param(BERTHA_AND_BILL, 0.385, 3, id="Krippendorff 1995, A"),
        pytest.param(GERRET_AND_GILL, 0.314, 3, id="Krippendorff 1995, C"),
    ],
)
def test_kappa_of_published_tables(units: Units, published: float, digits: int) -> None:
    a, b = coded(units)
    assert cohen_kappa(a, b) == pytest.approx(published, abs=0.5 * 10**-digits)
    assert cohen_kappa(a, b) == cohen_kappa(b, a)


@pytest.mark.parametrize(
    ("units", "published", "digits"),
    [
        pytest.param(ARTSTEIN_POESIO_1, 0.343956, 6, id="Artstein and Poesio 2008, table 1, by krippendorff"),
        pytest.param(ARTSTEIN_POESIO_2, 0.8005, 4, id="Artstein and Poesio 2008, table 2"),
        pytest.param(COHEN_1, -0.095271, 6, id="Cohen 1960, example 1, by krippendorff"),
        pytest.param(COHEN_2, 0.488462, 6, id="Cohen 1960, example 2, by krippendorff"),
        pytest.param(KRIPPENDORFF_BINARY, 0.095, 3, id="Krippendorff 2011, A"),
        pytest.param(KRIPPENDORFF_NOMINAL, 0.692, 3, id="Krippendorff 2011, B"),
        pytest.param(KRIPPENDORFF_2004_MULTI, 0.734, 3, id="Krippendorff 2004, several values"),
        pytest.param(KRIPPENDORFF_MISSING, 0.743, 3, id="Krippendorff 2011, C, missing data"),
        pytest.param(FLEISS_1971, 0.43341, 5, id="Fleiss 1971, by krippendorff"),
        pytest.param(THREE_CODERS, 0.691, 3, id="three coders, missing data"),
        pytest.param(HAYES_KRIPPENDORFF, 0.47651, 5, id="Hayes and Krippendorff 2007, by krippendorff"),
        pytest.param(BERTHA_AND_BILL, 0.329, 3, id="Krippendorff 1995, A"),
    ],
)
def test_alpha_of_published_tables(units: Units, published: float, digits: int) -> None:
    assert krippendorff_alpha(coded(units)) == pytest.approx(published, abs=0.5 * 10**-digits)


@pytest.mark.parametrize(
    ("units", "published", "digits"),
    [
        pytest.param(FLEISS_1971, 0.430, 3, id="Fleiss 1971"),
        pytest.param(FLEISS_14_RATERS, 0.210, 3, id="fourteen raters"),
        pytest.param(ARTSTEIN_POESIO_1, 0.341, 3, id="Scott's pi, Artstein and Poesio 2008, table 1"),
        pytest.param(ARTSTEIN_POESIO_2, 0.7995, 4, id="Scott's pi, Artstein and Poesio 2008, table 2"),
        pytest.param(COHEN_1, -0.100775, 6, id="Scott's pi, Cohen 1960, example 1"),
        pytest.param(COHEN_2, 0.487179, 6, id="Scott's pi, Cohen 1960, example 2"),
        pytest.param(KRIPPENDORFF_BINARY, 0.047619, 6, id="Scott's pi, Krippendorff 2011, A"),
        pytest.param(KRIPPENDORFF_2004_MULTI, 0.722543, 6, id="Scott's pi, Krippendorff 2004"),
        pytest.param(BERTHA_AND_BILL, 0.314, 3, id="Scott's pi, Krippendorff 1995, A"),
        pytest.param(GERRET_AND_GILL, 0.314, 3, id="Scott's pi, Krippendorff 1995, C"),
    ],
)
def test_alpha_is_fleiss_kappa_but_for_the_size_of_the_sample(
    units: Units, published: float, digits: int
) -> None:
    alpha = krippendorff_alpha(coded(units))
    assert alpha is not None
    assert chance_free_of_sample_size(alpha, units) == pytest.approx(published, abs=0.5 * 10**-digits)


matrices = st.integers(2, 5).flatmap(
    lambda annotators: st.lists(
        st.lists(st.integers(-1, 3), min_size=annotators, max_size=annotators), min_size=1, max_size=12
    )
)


@given(units=matrices)
def test_alpha_is_that_of_krippendorff(units: Units) -> None:
    values = np.array(units).T
    ours = krippendorff_alpha(values)
    counts = np.stack([(values == value).sum(axis=0) for value in range(4)], axis=1)
    pairable = counts[counts.sum(axis=1) >= 2]
    if (pairable.sum(axis=0) > 0).sum() < 2:
        assert ours is None
        return
    theirs = krippendorff.alpha(value_counts=pairable, level_of_measurement="nominal")
    assert ours == pytest.approx(theirs, abs=1e-12)


@given(units=matrices)
def test_kappa_is_that_of_scikit_learn(units: Units) -> None:
    a, b = np.array(units).T[:2]
    both = (a >= 0) & (b >= 0)
    if len(set(a[both]) | set(b[both])) < 2:
        assert cohen_kappa(a, b) is None
    else:
        theirs = cohen_kappa_score(a[both], b[both])
        assert cohen_kappa(a, b) == pytest.approx(theirs, abs=1e-12)


@given(units=matrices, data=st.data())
def test_neither_order_nor_names_of_values_matter_to_alpha(units: Units, data: st.DataObject) -> None:
    values = np.array(units).T
    alpha = krippendorff_alpha(values)
    names = np.array([*data.draw(st.permutations(range(4))), -1])
    annotators = data.draw(st.permutations(range(len(values))))
    positions = data.draw(st.permutations(range(values.shape[1])))
    again = krippendorff_alpha(names[values][annotators][:, positions])
    assert again == (alpha if alpha is None else pytest.approx(alpha, abs=1e-12))


def test_kappa_and_alpha_meet_when_both_annotators_use_the_values_alike() -> None:
    """With equal margins kappa is pi, and alpha nears it as there are more units."""
    units = table((30, 0, 0), (10, 0, 1), (10, 1, 0), (50, 1, 1)) * 1000
    a, b = coded(units)
    alpha = krippendorff_alpha(np.stack([a, b]))
    assert cohen_kappa(a, b) == pytest.approx(alpha, abs=1e-5)


@pytest.mark.parametrize(
    "units",
    [
        pytest.param([["x", "x"], ["x", "x"]], id="one value everywhere"),
        pytest.param([["x", None], [None, "y"]], id="no unit that two valued"),
        pytest.param([[None, None]], id="nothing at all"),
    ],
)
def test_what_cannot_be_told_from_chance_is_undefined(units: Units) -> None:
    a, b = coded(units)
    assert cohen_kappa(a, b) is None
    assert krippendorff_alpha(np.stack([a, b])) is None
