"""Starts the installed program on pseudo-terminals."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.terminal.harness import Terminal, environment_of


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a person without settings, at a terminal with true colour."""
    return environment_of(tmp_path)


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    """Start `annotator` with arguments on a terminal; all are ended with the test."""
    started: list[Terminal] = []

    def start_one(
        *arguments: object, columns: int = 120, rows: int = 40, env: Mapping[str, str] | None = None
    ) -> Terminal:
        command = [sys.executable, "-m", "annotator", *map(str, arguments)]
        terminal = Terminal(
            command, columns=columns, rows=rows, cwd=tmp_path, env={**environment, **(env or {})}
        )
        started.append(terminal)
        return terminal

    yield start_one
    for terminal in started:
        terminal.close()
