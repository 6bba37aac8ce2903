"""Cells as spreadsheets take them: content that they would run as a formula is written so that they do not.

Spreadsheets run a cell of a CSV file that begins with one of a few characters. An apostrophe before it stops them. The
rule has an inverse: one apostrophe is put before a cell that begins with such a character behind any number of
apostrophes, and taken away from a cell that begins with at least one apostrophe and such a character.
"""

from __future__ import annotations

import re

_STARTS_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_IS_PROTECTED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_APOSTROPHE = "'"


def protected(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet would run it as a formula."""
    return _APOSTROPHE + cell if _STARTS_FORMULA.match(cell) else cell


def unprotected(cell: str) -> str:
    """The cell as it was before `protected`."""
    return cell[1:] if _IS_PROTECTED.match(cell) else cell
