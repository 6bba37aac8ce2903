"""What memory adds to a pipeline's suggestions, as a careful annotator works through gold data.

python -m tests.benchmarks.suggestions GOLD [--format conll] [--labels conll] [--group 20] [--model NAME] [--json]

Documents come in their order, none is known before it is reached. Precision, recall and F1 are strict (offsets and label)
and of what is shown when a document of the second half opens. Keys an entity are the least that the suggestions allow, by
the design's costs and without moving about (see `careful`): a lower bound for comparing, not what the screen costs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotator.formats.exchange import AnnotatedDocument, ReadOptions
from annotator.formats.registry import read
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import Document
from annotator.model.labels import LabelSet
from annotator.model.lookup import Words
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion
from annotator.suggest.combination.combine import combined, proposals
from annotator.suggest.memory.follower import Follower
from annotator.suggest.memory.memory import Memory
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from tests.benchmarks.careful import CarefulAnnotator, Key
from tests.benchmarks.figures import median, say_table

CASES = ("label", "edge", "spurious", "missed", "finish")


@dataclass(frozen=True)
class Task:
    """A document, what the pipeline says about it, and the gold."""

    document: Document
    answer: Answer
    gold: frozenset[Key]


def tasks_of(annotated: Sequence[AnnotatedDocument], model: str | None) -> list[Task]:
    """The documents with the pipeline's answers."""
    resolved = resolve(model)
    pipeline = Pipeline(resolved.source, name=resolved.name)
    return [
        Task(
            each.document,
            pipeline.answers([(each.document.id, each.document.text)])[0],
            frozenset((span.start, span.end, span.label) for span in each.spans),
        )
        for each in annotated
    ]


class Run:
    """One annotator's way through the tasks, with memory or without."""

    def __init__(self, label_set: LabelSet, *, remembers: bool) -> None:
        self._label_set = label_set
        self._memory = Memory() if remembers else None
        self.shown: list[tuple[int, int, int]] = []
        self.entities: list[int] = []
        self.keys: list[Counter[str]] = []
        self.milliseconds: list[float] = []

    def do(self, task: Task) -> None:
        """Work on one document, and note what was shown at first and what it cost."""
        document = task.document
        tokens = document.tokens or task.answer.tokens
        annotator = CarefulAnnotator(document.id, tokens, task.gold)
        memory, words = self._memory, Words(document.text, tokens)
        follower = None if memory is None else Follower(memory, document.text, annotator.set, is_learnt=False)

        def propose(annotations: AnnotationSet) -> Sequence[Suggestion]:
            if memory is None:
                return combined(task.answer.suggestions, self._label_set)
            found = proposals(
                task.answer.suggestions,
                self._label_set,
                memory=memory,
                words=words,
                decided=list(annotations.spans),
            )
            return [one.suggestion for one in found]

        start = time.perf_counter()
        first = {one.key for one in propose(annotator.set)}
        self.milliseconds.append(1000 * (time.perf_counter() - start))
        annotator.work(propose, follower.follow if follower else _learn_nothing)
        made = {(one.start, one.end, one.label) for one in annotator.set.spans}
        assert made == task.gold, document.id
        self.shown.append((len(first & task.gold), len(first), len(task.gold)))
        self.entities.append(len(task.gold))
        self.keys.append(annotator.keys)

    def figures(self) -> dict[str, float]:
        """Quality in the second half, keys an entity in each half and by case in the second."""
        half = len(self.entities) // 2
        right, shown, gold = (sum(column) for column in zip(*self.shown[half:], strict=True))
        total = sum(self.keys[half:], Counter())
        return {
            "precision": right / max(shown, 1),
            "recall": right / max(gold, 1),
            "f1": 2 * right / max(shown + gold, 1),
            "first_half": self._keys_per_entity(slice(None, half)),
            "second_half": self._keys_per_entity(slice(half, None)),
            **{case: total[case] / max(gold, 1) for case in CASES},
            "milliseconds": median(self.milliseconds),
        }

    def _keys_per_entity(self, part: slice) -> float:
        return sum(keys.total() for keys in self.keys[part]) / max(sum(self.entities[part]), 1)


def _learn_nothing(decisions: Sequence[object]) -> None:
    """Without memory."""


def main() -> None:
    """Run the benchmark and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--format")
    parser.add_argument("--labels", default="conll")
    parser.add_argument("--group", type=int, default=0, help="blocks of a CoNLL file that make a document")
    parser.add_argument("--model")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    label_set = load_label_set(options.labels)
    annotated = list(read([options.gold], format=options.format, options=ReadOptions(group=options.group)))
    tasks = tasks_of(annotated, options.model)
    results = {}
    for name, remembers in (("pipeline", False), ("with memory", True)):
        run = Run(label_set, remembers=remembers)
        for task in tasks:
            run.do(task)
        results[name] = run.figures()
    if options.json:
        print(json.dumps(results))
        return
    heads = list(next(iter(results.values())))
    say_table(["", *heads], [[name, *figures.values()] for name, figures in results.items()])


if __name__ == "__main__":
    main()
