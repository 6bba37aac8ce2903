"""The process that adapts: `python -m annotator.suggest.adapting.worker` trains one copy of a pipeline and ends.

It reads one line of JSON, the lesson, and says in JSON, one value a line, on standard output:

    {"round": 3, "score": [right, suggested, spans]}, on the documents that decide when to stop
    {"done": {"scores": {"base": [..], "before": [..], "after": [..]}, "rounds": .., "learnt_from": .., "held_out": ..,
              "rehearsed": .., "labels": [..], "new_labels": [..], "unteachable": ..}}, the copy being saved, durably
    {"failed": "why"}

It ends as soon as its standard input does: a dead parent leaves no training behind. What was saved by then is removed
by whoever adapts next.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from annotator.child_processes.child_side import Parent
from annotator.errors import AnnotatorError
from annotator.model.labels import LabelSet
from annotator.suggest.adapting.selection import Finished, Lesson, Score
from annotator.suggest.adapting.training import adapt

NICENESS = 15
"""How far it steps back: behind the interface and behind the worker that suggests."""

_FAILURES = (
    *(
        ArithmeticError,
        AnnotatorError,
        AssertionError,
        AttributeError,
        LookupError,
        MemoryError,
        NotImplementedError,
    ),
    *(OSError, RuntimeError, TypeError, ValueError),
)
"""What spaCy raises about pipelines that cannot learn, and about machines that have no room for it."""


def main() -> None:
    """Read the lesson, train, save, and say how it went."""
    parent = Parent(niceness=NICENESS)
    request = parent.receive()
    try:
        outcome = adapt(
            lesson_of(request),
            on_round=lambda number, score: parent.send({"round": number, "score": _numbers(score)}),
        )
        outcome.copy.save(Path(request["folder"]), name=request["name"])
        _sync(Path(request["folder"]))
    except _FAILURES as error:
        reason = error.message if isinstance(error, AnnotatorError) else str(error).strip().partition("\n")[0]
        parent.send({"failed": reason or type(error).__name__})
        return
    scores = outcome.scores
    parent.send(
        {
            "done": {
                "scores": {name: _numbers(getattr(scores, name)) for name in ("base", "before", "after")},
                "rounds": outcome.rounds,
                "learnt_from": outcome.learnt_from,
                "held_out": outcome.held_out,
                "rehearsed": outcome.rehearsed,
                "labels": outcome.labels,
                "new_labels": outcome.new_labels,
                "unteachable": outcome.unteachable,
            }
        }
    )


def lesson_of(request: Mapping[str, Any]) -> Lesson:
    """What `LessonProcess` wrote."""
    return Lesson(
        source=request["source"],
        current=request["current"],
        label_set=LabelSet.from_content(request["labels"]),
        finished=[
            Finished(document_id, text, tuple((start, end, label) for start, end, label in spans))
            for document_id, text, spans in request["finished"]
        ],
        others=request["others"],
        seed=request["seed"],
    )


def _numbers(score: Score) -> list[int]:
    return [score.right, score.suggested, score.spans]


def _sync(folder: Path) -> None:
    """Make all files below a folder, and their names, durable."""
    for path in [*folder.rglob("*"), folder, folder.parent]:
        if path.is_dir() and os.name == "nt":
            continue
        descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


if __name__ == "__main__":
    main()
