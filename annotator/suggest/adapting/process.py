"""The process that adapts as its parent sees it: a lesson in, a report out, and an end at any time."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotator.child_processes.parent_side import ChildDiedError, ChildProcess, python_command
from annotator.errors import ModelError
from annotator.suggest.adapting.selection import Lesson, Score, Scores

_DEADLINE = 3600.0
"""Seconds after which a training counts as hung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonReport:
    """What came of a lesson whose copy is saved; the fields are those of `training.Outcome`."""

    scores: Scores
    rounds: int
    learnt_from: int
    held_out: int
    rehearsed: int
    labels: tuple[str, ...]
    new_labels: tuple[str, ...]
    unteachable: int


class LessonProcess:
    """One process for one lesson. `cancel` may be called from any thread, `run` once."""

    def __init__(self, *, command: Sequence[str] | None = None) -> None:
        """`command` starts another program than the own one; it must speak as `adapting/worker.py` does."""
        self._command = command or python_command("annotator.suggest.adapting.worker")
        self._child: ChildProcess | None = None
        self._lock = threading.Lock()
        self.is_cancelled = False

    def run(self, lesson: Lesson, *, folder: Path, name: str) -> LessonReport:
        """Train a copy and have it saved in `folder`, called `name`; takes seconds to minutes.

        ModelError if there is none in the end: it cannot be trained, the process died, or it was cancelled.
        """
        try:
            with ChildProcess(self._command) as child:
                with self._lock:
                    self._child = child
                    if self.is_cancelled:
                        raise ChildDiedError("it was cancelled")
                with child.deadline(_DEADLINE):
                    child.send(_request(lesson, folder=folder, name=name))
                    return _report(child)
        except ChildDiedError as error:
            raise ModelError(f"the process that adapts died: {error}") from error
        finally:
            with self._lock:
                self._child = None

    def cancel(self) -> None:
        """End it at once."""
        with self._lock:
            self.is_cancelled = True
            if self._child is not None:
                self._child.kill()


def _request(lesson: Lesson, *, folder: Path, name: str) -> dict[str, Any]:
    return {
        "source": lesson.source,
        "current": lesson.current,
        "labels": lesson.label_set.content,
        "finished": [[document.document_id, document.text, document.spans] for document in lesson.finished],
        "others": list(lesson.others),
        "seed": lesson.seed,
        "folder": str(folder),
        "name": name,
    }


def _report(child: ChildProcess) -> LessonReport:
    while True:
        message = child.receive()
        if "failed" in message:
            raise ModelError(str(message["failed"]))
        if "done" in message:
            return _read(message["done"])


def _read(done: Mapping[str, Any]) -> LessonReport:
    try:
        return LessonReport(
            scores=Scores(**{name: Score(*numbers) for name, numbers in done["scores"].items()}),
            **{
                name: done[name] for name in ("rounds", "learnt_from", "held_out", "rehearsed", "unteachable")
            },
            labels=tuple(done["labels"]),
            new_labels=tuple(done["new_labels"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ChildDiedError("it says something else than it was asked") from error
