"""The worker process, driven over its pipes as the service drives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

import pytest

from annotator.child_processes.parent_side import ChildProcess
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.commands import worker_command

BLANK = worker_command("blank:en", "blank_en")


@pytest.fixture
def blank() -> Iterator[ChildProcess]:
    """A worker that only makes tokens, and has said that it is ready."""
    with ChildProcess(BLANK) as worker, worker.deadline(60):
        assert worker.receive() == {"ready": True}
        yield worker


def pid_of(worker: ChildProcess) -> int:
    return worker._process.pid


def ask(worker: ChildProcess, *texts: str) -> list[dict[str, Any]]:
    worker.send({"texts": [[str(index), text] for index, text in enumerate(texts)]})
    return [worker.receive() for _ in texts]


def program(body: str) -> list[str]:
    """A command that runs `body` with the worker's module as `worker`, its pipeline to be replaced."""
    return [sys.executable, "-c", "from annotator.suggest.worker import worker\n" + textwrap.dedent(body)]


def test_one_line_a_text_comes_back_in_order(blank: ChildProcess) -> None:
    replies = ask(blank, "One two", "", "Zoë \ud83d 👍")
    assert [reply["answer"]["document"] for reply in replies] == ["0", "1", "2"]
    assert [reply["answer"]["tokens"] for reply in replies] == [[0, 3, 1, 3], [], [0, 3, 1, 1, 1, 1]]
    assert {reply["answer"]["pipeline"] for reply in replies} == {"blank_en"}


@pytest.mark.skipif(os.name != "posix", reason="priorities of processes are POSIX")
def test_it_steps_back_behind_the_interface(blank: ChildProcess) -> None:
    assert os.getpriority(os.PRIO_PROCESS, pid_of(blank)) >= min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)


def test_an_interrupt_from_the_keyboard_is_not_for_it(blank: ChildProcess) -> None:
    os.kill(pid_of(blank), signal.SIGINT)
    (reply,) = ask(blank, "still here")
    assert reply["answer"]["tokens"] == [0, 5, 1, 4]


def test_it_ends_with_its_parent_even_in_the_middle_of_a_text() -> None:
    """The long text alone would take it minutes."""
    found = resolve()
    process = subprocess.Popen(
        worker_command(found.source, found.name), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        assert json.loads(process.stdout.readline()) == {"ready": True}
        process.stdin.write(
            json.dumps({"texts": [["long", "Ada met Bob in Paris. " * 150_000]]}).encode() + b"\n"
        )
        process.stdin.close()
        try:
            assert process.wait(30) == 0
        finally:
            process.kill()
        assert process.stdout.read() == b""


def test_what_a_component_prints_or_reads_stays_out_of_the_protocol() -> None:
    command = program(
        """
        import os, subprocess, sys
        class Pipeline(worker.Pipeline):
            def answers(self, texts):
                print("printed")
                os.write(1, b"written")
                subprocess.run(["echo", "from a child"], check=True)
                assert sys.stdin.read() == ""
                return super().answers(texts)
        worker.Pipeline = Pipeline
        worker.main("blank:en", "blank_en")
        """
    )
    with ChildProcess(command) as worker, worker.deadline(60):
        assert worker.receive() == {"ready": True}
        assert [reply["answer"]["document"] for reply in ask(worker, "a", "b")] == ["0", "1"]


def test_a_text_that_a_component_fails_on_is_refused_and_the_others_are_answered() -> None:
    command = program(
        """
        class Pipeline(worker.Pipeline):
            def answers(self, texts):
                if any("bad" in text for _, text in texts):
                    raise ValueError("cannot do this\\nat all")
                return super().answers(texts)
        worker.Pipeline = Pipeline
        worker.main("blank:en", "blank_en")
        """
    )
    with ChildProcess(command) as worker, worker.deadline(60):
        worker.receive()
        first, second, third = ask(worker, "good", "bad", "fine")
        assert first["answer"]["document"] == "0"
        assert second == {"refused": "1", "reason": "ValueError: cannot do this"}
        assert third["answer"]["document"] == "2"


def test_a_pipeline_that_does_not_load_is_said_and_is_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.child_processes.parent_side._GRACE", 60.0)
    with ChildProcess(worker_command("/nowhere/model", "model-1")) as worker, worker.deadline(60):
        reply = worker.receive()
        assert reply["failed"].startswith("/nowhere/model does not load: ")
        assert "ended with code 0" in str(worker.death())
