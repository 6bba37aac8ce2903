"""A program killed at random moments loses nothing that it said was saved."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tinydb import TinyDB

from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.store.repository import Store

CHILD = Path(__file__).with_name("child_that_saves.py")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")


class Killer:
    """Has the child program work on a store and kills it, by its number, at a random moment."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._server = subprocess.Popen(
            [sys.executable, "-B", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._rest = b""

    def round(self, store: Path, document_id: str, seed: int) -> list[tuple[str, int]]:
        """What the child said until it was dead: "opened" and "saved", each with a revision."""
        assert self._server.stdin
        self._server.stdin.write(f"{store} {document_id} {seed}\n".encode())
        name, pid = self._line().split()
        assert name == "pid"
        heard = [self._line() for _ in range(self._chance.randint(1, 12))]
        select.select([self._server.stdout], [], [], self._chance.uniform(0, 0.002))
        os.kill(int(pid), signal.SIGKILL)
        while (line := self._line()) != "dead":
            heard.append(line)
        return [(what, int(revision)) for what, revision in map(str.split, heard)]

    def close(self) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait(10)

    def _line(self) -> str:
        assert self._server.stdout
        while b"\n" not in self._rest:
            more = os.read(self._server.stdout.fileno(), 65536)
            assert more, "the child's server ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()


@pytest.fixture
def killer():
    killer = Killer(random.Random(20261122))
    yield killer
    killer.close()


@pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_that_was_acknowledged_is_missing_after_kill_9(bench, tmp_path, killer, rounds):
    path = tmp_path / "store"
    store = Store.create(path, label_set=LabelSet.from_names("news", ["PER"]))
    ids = ["one", "two", "three"]
    store.add_documents(new_document(f"text of {id} " * 9999, id=id) for id in ids)
    known = dict.fromkeys(ids, 0)
    acknowledged = 0
    for number in range(rounds):
        document_id = ids[number % 3]
        heard = killer.round(path, document_id, number)
        assert heard[0] == ("opened", known[document_id])
        assert {what for what, _ in heard[1:]} <= {"saved"}
        acknowledged += len(heard) - 1

        again = Store.open(path)
        loaded = again.load_set(document_id, "anna")
        lost = loaded.revision < max(revision for _, revision in heard)
        bench.tally("kill -9 at random", lost)
        assert not lost
        assert [decision.when for decision in loaded.decisions] == [
            str(seq + 1) for seq in range(loaded.revision)
        ]
        assert again.catalogue.damaged == {}
        for id in ids:
            assert again.catalogue.row(id, "anna").spans == len(again.load_set(id, "anna").spans)
        known[document_id] = loaded.revision
    assert acknowledged > rounds
    for file in (path / "annotations").rglob("*.json"):
        with TinyDB(file, access_mode="r") as stock:
            assert len(stock.table("decisions")) in known.values()
