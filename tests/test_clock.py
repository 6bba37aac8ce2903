"""No test depends on the clock of the wall: none sleeps, and only what ends a hopeless wait looks at the time."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BENCHMARKS = TESTS / "benchmarks"
LOOKING = {
    "faults/test_kill_steps.py": "kills a child at moments spread over how long it takes",
    "faults/test_kill.py": "the same",
    "security/races.py": "a program of its own, which says how long its trials took",
    "store/test_files.py": "makes a file old",
    "terminal/harness.py": "gives a wait up",
    "waiting.py": "gives a wait up",
}
"""The files that may look at the time, and what for."""
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "time", "time_ns"}


def looks_at_the_time(source: str) -> bool:
    """True if a source calls one of the clocks that go on while others use the processor."""
    return any(
        (
            isinstance(node, ast.ImportFrom)
            and node.module == "time"
            and CLOCKS & {alias.name for alias in node.names}
        )
        or (isinstance(node, ast.Attribute) and ast.unparse(node.value) == "time" and node.attr in CLOCKS)
        for node in ast.walk(ast.parse(source))
    )


def sleeps(source: str) -> bool:
    """True if a source waits for time to pass, and not for a condition."""
    return any(
        isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "sleep")
        for node in ast.walk(ast.parse(source))
    )


def sources() -> dict[str, str]:
    return {
        path.relative_to(TESTS).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TESTS.rglob("*.py"))
        if BENCHMARKS not in path.parents
    }


def test_only_named_files_look_at_the_time() -> None:
    assert {name for name, source in sources().items() if looks_at_the_time(source)} <= LOOKING.keys()


def test_no_test_sleeps() -> None:
    assert [name for name, source in sources().items() if sleeps(source)] == []


@pytest.mark.parametrize(
    ("source", "looks", "is_sleeping"),
    [
        ("from time import monotonic", True, False),
        ("import time\ntime.perf_counter() < 3", True, False),
        ("import time\ntime.process_time()", False, False),
        ("import time\ntime.sleep(1)", False, True),
        ("from time import sleep\nsleep(1)", False, True),
        ("import datetime\ndatetime.time(1)", False, False),
    ],
)
def test_both_are_seen(source: str, looks: bool, is_sleeping: bool) -> None:
    assert (looks_at_the_time(source), sleeps(source)) == (looks, is_sleeping)
