"""A training run as its parent sees it: a bounded process that keeps the best state when it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Any

from annotator.errors import AnnotatorError, ModelError
from annotator.formats.targets import unwritable

BEST = "model-best"
"""The folder in a run's output in which spaCy keeps the best state."""
LAST = "model-last"
"""The folder with the state at the end."""

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How good the state after a step is on the dev part: F1 in all and by label; `seconds` since the start."""

    step: int
    epoch: int
    loss: float
    score: float
    labels: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has ended: its evaluations, of which `best` is the one that was kept, and whether it was stopped."""

    evaluations: tuple[Evaluation, ...]
    seconds: float
    is_stopped: bool

    @property
    def best(self) -> Evaluation:
        """The last of those with the highest score, which is the one that spaCy keeps."""
        return max(self.evaluations, key=lambda each: (each.score, each.step))


def run_training(
    config: Path,
    output: Path,
    *,
    gpu: int = -1,
    train: Path | None = None,
    on_evaluation: Callable[[Evaluation], None] | None = None,
) -> Run:
    """Train by a configuration in a process of its own; the best state is then in `output/model-best`.

    `train` is trained on instead of the configuration's own documents. Ctrl-C ends the run after the step it is in
    and keeps what is best so far; a second one ends it at once and comes through. AnnotatorError if it was stopped
    before there was anything to keep, OutputError if the disk refuses, ModelError if spaCy does.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(str(output), error) from error
    started = time.monotonic()
    found: list[Evaluation] = []
    ended: Mapping[str, Any] | None = None
    command = [sys.executable, "-P", "-m", "annotator.training.trainer", str(config), str(output), str(gpu)]
    with tempfile.TemporaryFile() as said:
        child = _process([*command, *([str(train)] if train else [])], said)
        with child as process, _stopped_by_ctrl_c(process):
            for message in _messages(process):
                if "evaluated" not in message:
                    ended = message
                    continue
                evaluation = _evaluation(message, time.monotonic() - started)
                found.append(evaluation)
                if on_evaluation is not None:
                    on_evaluation(evaluation)
        if ended is None:
            said.seek(0)
            raise ModelError(f"the training ended before it was done: {_last_line(said, process.returncode)}")
    if reason := ended.get("failed"):
        if ended.get("errno") is not None:
            number = int(ended["errno"])
            raise unwritable(str(output), OSError(number, os.strerror(number)))
        hint = "without --gpu it trains on the processor" if gpu >= 0 else ""
        raise ModelError(f"spaCy cannot train: {reason}", hint=hint)
    if not found or not (output / BEST).is_dir():
        raise AnnotatorError("stopped before there was anything to keep", hint="the same command starts anew")
    return Run(tuple(found), time.monotonic() - started, bool(ended.get("stopped")))


class _process:  # noqa: N801 - a context that reads as a function
    """A child that is gone when the block ends."""

    def __init__(self, command: list[str], said: IO[bytes]) -> None:
        path = os.pathsep.join(filter(None, sys.path))
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            env={**os.environ, **_ONE_THREAD, "PYTHONPATH": path},
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self._child

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        child = self._child
        if kind is not None:
            child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.wait()


@contextmanager
def _stopped_by_ctrl_c(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let the first Ctrl-C close the child's input, which stops it; the next one raises as it does elsewhere.

    A handler and not the exception, which could come in the middle of showing an evaluation.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        assert process.stdin is not None
        if process.stdin.closed:
            signal.default_int_handler(number, frame)
        process.stdin.close()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _messages(process: subprocess.Popen[bytes]) -> Iterator[Mapping[str, Any]]:
    """What the child says, until it ends."""
    assert process.stdout is not None
    for line in process.stdout:
        yield json.loads(line)


def _evaluation(message: Mapping[str, Any], seconds: float) -> Evaluation:
    return Evaluation(
        step=message["evaluated"],
        epoch=message["epoch"],
        loss=message["loss"],
        score=message["score"],
        labels=message["labels"],
        seconds=seconds,
    )


def _last_line(said: IO[bytes], code: int) -> str:
    lines = [line.strip() for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else f"it ended with code {code}"
