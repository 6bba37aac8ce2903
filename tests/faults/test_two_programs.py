"""Two programs on one store at human pace, a thousand decisions each: none lost, none overwritten unseen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.store.repository import Store

DECISIONS = 1000
CHILD = Path(__file__).with_name("child_at_human_pace.py")

pytestmark = pytest.mark.slow


def _run(root: Path, *programs: tuple[str, str, str]) -> list[list[list[str]]]:
    """Run programs side by side, given annotator, document and "locks" or "no locks"; what each has said."""
    started = [
        subprocess.Popen(
            [sys.executable, CHILD, root, annotator, document_id, str(DECISIONS), locks],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for annotator, document_id, locks in programs
    ]
    opened = [process.stdout.readline() for process in started if process.stdout]
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in started]
    assert [process.returncode for process in started] == [0] * len(started)
    return [
        [line.split() for line in (first + rest).splitlines()]
        for first, rest in zip(opened, said, strict=True)
    ]


def test_two_annotators_on_the_same_documents(bench):
    root, _ = bench.store()
    said = _run(root, ("ben", "one", "locks"), ("carla", "one", "locks"), ("dora", "Zwei/2", "locks"))
    store = Store.open(root)
    for annotator, document_id, lines in zip(
        ("ben", "carla", "dora"), ("one", "one", "Zwei/2"), said, strict=True
    ):
        assert {what for what, _ in lines[1:]} == {"saved"}
        loaded = store.load_set(document_id, annotator)
        lost = loaded.revision != DECISIONS or [seq for _, seq in lines][-1] != str(DECISIONS)
        bench.tally("two programs, decisions", lost, tried=DECISIONS)
        assert not lost
        assert store.catalogue.row(document_id, annotator).spans == DECISIONS


def test_two_programs_on_one_set_without_locks(bench):
    root, _ = bench.store()
    said = _run(root, ("ben", "one", "no locks"), ("ben", "one", "no locks"))
    versions = Store.open(root).versions("one", "ben")
    kept = [[each.uid for each in version.annotation_set.decisions] for version in versions]
    for lines in said:
        mine = lines[0][1]
        own = [f"{mine}-{seq + 1}" for seq in range(DECISIONS)]
        lost = own not in kept
        bench.tally("two programs without locks, decisions", lost, tried=DECISIONS)
        assert not lost
        assert lines[-1][1] == str(DECISIONS)
    assert len(versions) == 2
    assert {lines[-1][0] for lines in said} == {"saved", "beside"}  # the one that came second was told
