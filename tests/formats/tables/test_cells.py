"""Cells that a spreadsheet would run as a formula are written so that it does not, and come back as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.tables.cells import protected, unprotected

DANGEROUS = "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("first", DANGEROUS)
def test_what_would_be_run_begins_with_an_apostrophe(first: str) -> None:
    assert protected(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("cell", ["", "Ana", "1-2", "'", "'Ana", "a=b", " =1"])
def test_what_is_not_run_stays(cell: str) -> None:
    assert protected(cell) == cell


@given(st.text(alphabet=f"{DANGEROUS}'a", max_size=6))
def test_every_cell_comes_back(cell: str) -> None:
    assert unprotected(protected(cell)) == cell
    assert protected(cell)[:1] not in (*DANGEROUS,) or not cell
