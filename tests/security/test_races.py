"""The races of `races.py`, a few trials each; the script does as many as are wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.security.races import RACES, lost


@pytest.mark.slow
@pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)
def test_neither_program_loses_or_says_what_is_not_so(race: Callable[[Path], None]) -> None:
    assert lost(race, trials=3) == []
