"""What a model that adapts adds to suggestions, as a careful annotator works through gold data.

python -m tests.benchmarks.adapting GOLD [--format conll] [--labels conll] [--group 20] [--model NAME] [--every 10] [--json]

Documents come in their order, and none is known before it is finished: after every tenth one a copy of the model learns
from those finished so far by the rule of `annotator.suggest.adapting.selection`, others being texts not reached yet, and suggests on
those that follow if it is no worse on what is held out. The figures are those of `suggestions`: precision, recall and F1
are strict and of what is shown when a document of the second half opens. Below them stands every attempt.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from annotator.formats.exchange import AnnotatedDocument, ReadOptions
from annotator.formats.registry import read
from annotator.model.labels import LabelSet
from annotator.model.resources import load_label_set
from annotator.suggest.adapting.selection import Finished, Lesson, obstacle
from annotator.suggest.adapting.training import adapt
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.resolution import resolve
from tests.benchmarks.figures import say_table
from tests.benchmarks.suggestions import Run, Task, tasks_of


@dataclass(frozen=True)
class Attempt:
    """A copy that learnt from the documents finished by then; F1 is None where nothing was tried."""

    finished: int
    learnt_from: int = 0
    held_out: int = 0
    before: float | None = None
    after: float | None = None
    is_taken: bool = False
    seconds: float = 0.0
    obstacle: str = ""


def adapted_tasks(
    annotated: Sequence[AnnotatedDocument],
    label_set: LabelSet,
    *,
    model: str | None,
    every: int,
    folder: Path,
) -> tuple[list[Task], list[Attempt]]:
    """The documents with the answers of the model that is in use when each is opened, and how each attempt went."""
    resolved = resolve(model)
    source = current = resolved.source
    pipeline = Pipeline(source, name=resolved.name)
    tasks: list[Task] = []
    attempts: list[Attempt] = []
    finished: list[Finished] = []
    for number, each in enumerate(annotated):
        if number and number % every == 0:
            others = [one.document.text for one in annotated[number:]]
            lesson = Lesson(
                source=source, current=current, label_set=label_set, finished=finished, others=others
            )
            attempt, place = _attempt(lesson, folder / str(number))
            attempts.append(attempt)
            if attempt.is_taken:
                current = str(place)
                pipeline = Pipeline(current, name=f"adapted-{number}")
        gold = frozenset((span.start, span.end, span.label) for span in each.spans)
        tasks.append(Task(each.document, pipeline.answers([(each.document.id, each.document.text)])[0], gold))
        finished.append(Finished(each.document.id, each.document.text, tuple(sorted(gold))))
    return tasks, attempts


def _attempt(lesson: Lesson, place: Path) -> tuple[Attempt, Path]:
    if reason := obstacle(lesson.finished):
        return Attempt(len(lesson.finished), obstacle=reason), place
    start = time.perf_counter()
    outcome = adapt(lesson)
    outcome.copy.save(place, name="adapted")
    attempt = Attempt(
        finished=len(lesson.finished),
        learnt_from=outcome.learnt_from,
        held_out=outcome.held_out,
        before=outcome.scores.before.f1,
        after=outcome.scores.after.f1,
        is_taken=outcome.scores.is_no_worse,
        seconds=time.perf_counter() - start,
    )
    return attempt, place


def main() -> None:
    """Run the benchmark and print two tables, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--format")
    parser.add_argument("--labels", default="conll")
    parser.add_argument("--group", type=int, default=0, help="blocks of a CoNLL file that make a document")
    parser.add_argument("--model")
    parser.add_argument("--every", type=int, default=10, help="finished documents between two attempts")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    label_set = load_label_set(options.labels)
    annotated = list(read([options.gold], format=options.format, options=ReadOptions(group=options.group)))
    plain = tasks_of(annotated, options.model)
    with tempfile.TemporaryDirectory() as folder:
        adapted, attempts = adapted_tasks(
            annotated, label_set, model=options.model, every=options.every, folder=Path(folder)
        )
    results = {}
    for name, tasks, remembers in (
        ("pipeline", plain, False),
        ("with memory", plain, True),
        ("adapting", adapted, False),
        ("adapting, with memory", adapted, True),
    ):
        run = Run(label_set, remembers=remembers)
        for task in tasks:
            run.do(task)
        results[name] = run.figures()
    if options.json:
        print(json.dumps({**results, "attempts": [asdict(each) for each in attempts]}))
        return
    heads = list(next(iter(results.values())))
    say_table(["", *heads], [[name, *figures.values()] for name, figures in results.items()])
    print()
    rows = [asdict(each) for each in attempts]
    say_table(
        list(rows[0]) if rows else ["attempts"],
        [["" if value is None else value for value in row.values()] for row in rows],
    )


if __name__ == "__main__":
    main()
