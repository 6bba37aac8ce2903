"""What holds for all tests: nothing is kept in the state folder of the person who runs them."""

from __future__ import annotations

import os
import tempfile

import pytest

_STATE = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the programs that tests start, and the tests themselves, a state folder of their own."""
    config.stash[_STATE] = tempfile.TemporaryDirectory(prefix="annotator-state-")
    os.environ["XDG_STATE_HOME"] = config.stash[_STATE].name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    config.stash[_STATE].cleanup()
