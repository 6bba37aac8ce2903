"""A training run as its parent sees it: a bounded process that keeps the best state when it is stopped."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from annotator.child_processes.parent_side import ChildDiedError, ChildProcess, python_command
from annotator.errors import AnnotatorError, ModelError
from annotator.formats.targets import unwritable

BEST = "model-best"
"""The folder in a run's output in which spaCy keeps the best state."""
LAST = "model-last"
"""The folder with the state at the end."""


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
        return max(self.evaluations, key=lambda evaluation: (evaluation.score, evaluation.step))


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
    evaluations: list[Evaluation] = []
    command = python_command("annotator.training.trainer", str(config), str(output), str(gpu))
    try:
        with ChildProcess([*command, *([str(train)] if train else [])]) as child, _stopped_by_ctrl_c(child):
            while "evaluated" in (message := child.receive()):
                evaluations.append(_evaluation(message, time.monotonic() - started))
                if on_evaluation is not None:
                    on_evaluation(evaluations[-1])
    except ChildDiedError as error:
        raise ModelError(f"the training ended before it was done: {error}") from error
    if reason := message.get("failed"):
        if message.get("errno") is not None:
            number = int(message["errno"])
            raise unwritable(str(output), OSError(number, os.strerror(number)))
        hint = "without --gpu it trains on the processor" if gpu >= 0 else ""
        raise ModelError(f"spaCy cannot train: {reason}", hint=hint)
    if not evaluations or not (output / BEST).is_dir():
        raise AnnotatorError("stopped before there was anything to keep", hint="the same command starts anew")
    return Run(tuple(evaluations), time.monotonic() - started, bool(message.get("stopped")))


@contextmanager
def _stopped_by_ctrl_c(child: ChildProcess) -> Iterator[None]:
    """Let the first Ctrl-C close the child's input, which stops it; the next one raises as it does elsewhere.

    A handler and not the exception, which could come in the middle of showing an evaluation.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        if not child.close_input():
            signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _evaluation(message: Mapping[str, Any], seconds: float) -> Evaluation:
    return Evaluation(
        step=message["evaluated"],
        epoch=message["epoch"],
        loss=message["loss"],
        score=message["score"],
        labels=message["labels"],
        seconds=seconds,
    )
