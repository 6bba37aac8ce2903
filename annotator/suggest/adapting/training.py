"""Training a copy of a pipeline's entity recognizer on finished documents; belongs to the process that adapts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.suggest.adapting.examples import Examples
from annotator.suggest.adapting.learner import Learner
from annotator.suggest.adapting.selection import Lesson, Part, Score, Scores

ROUNDS = 10
"""Rounds over the documents, at most."""
PATIENCE = 4
"""Rounds without a better score on the deciding part, after which it ends."""
_BATCH = 4
_DROP = 0.2

OnRound = Callable[[int, Score], None]
"""Called with the number of a round, from 1, and the score on the deciding part."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trained copy, not saved yet, and what there is to tell of it.

    `learnt_from` and `rehearsed` count documents; of its own `labels`, `new_labels` are what the pipeline did not know before, `unteachable`
    spans whose label it cannot be taught.
    """

    copy: Learner
    scores: Scores
    rounds: int
    learnt_from: int
    held_out: int
    rehearsed: int
    labels: tuple[str, ...]
    new_labels: tuple[str, ...]
    unteachable: int


Train = Callable[[Learner, Sequence[Any], Callable[[], Score], int, OnRound], int]
"""Trains a learner on examples, by a score to ask for after each round; how many rounds made what it is then."""


def train(
    learner: Learner, examples: Sequence[Any], measure: Callable[[], Score], seed: int, on_round: OnRound
) -> int:
    """Train for at most ROUNDS rounds, and leave the learner as it was after the one that measured best."""
    from thinc.api import fix_random_seed

    fix_random_seed(seed)
    order = random.Random(seed)
    pieces = list(examples)
    best, best_f1, best_state = 0, -1.0, b""
    with learner.nlp.select_pipes(enable=[learner.name]):
        optimizer = learner.nlp.resume_training()
        for number in range(1, ROUNDS + 1):
            order.shuffle(pieces)
            for start in range(0, len(pieces), _BATCH):
                learner.nlp.update(pieces[start : start + _BATCH], sgd=optimizer, drop=_DROP)
            measured = measure()
            on_round(number, measured)
            if (f1 := measured.f1 or 0.0) > best_f1:
                best, best_f1, best_state = number, f1, learner.recognizer.model.to_bytes()
            elif number - best >= PATIENCE:
                break
    learner.recognizer.model.from_bytes(best_state)
    return best


def adapt(lesson: Lesson, *, on_round: OnRound = lambda number, score: None, train: Train = train) -> Outcome:
    """Train a copy of `lesson.source` and measure it on what is held out.

    Learnt from are the finished documents of the learning part, mixed with as many others on which the truth is what the
    pipeline as it came is sure of (pseudo-rehearsal). ModelError if it has no entity recognizer that learns.
    """
    base, copy = Learner(lesson.source), Learner(lesson.source)
    learning, deciding, held_out = (lesson.part(part) for part in Part)
    others = random.Random(lesson.seed).sample(lesson.others, min(len(learning), len(lesson.others)))
    examples = Examples(base, copy, lesson.label_set)
    examples.add_finished(learning)
    for text in others:
        examples.add_rehearsal(text)
    for label in sorted(examples.new_labels):
        copy.recognizer.add_label(label)
    judges = deciding or learning
    rounds = train(
        copy, examples.examples, lambda: copy.measured(judges, lesson.label_set), lesson.seed, on_round
    )
    base_score = base.measured(held_out, lesson.label_set)
    is_first = lesson.current == lesson.source
    return Outcome(
        copy=copy,
        scores=Scores(
            base=base_score,
            before=base_score if is_first else Learner(lesson.current).measured(held_out, lesson.label_set),
            after=copy.measured(held_out, lesson.label_set),
        ),
        rounds=rounds,
        learnt_from=len(learning) + len(deciding),
        held_out=len(held_out),
        rehearsed=len(others),
        labels=tuple(sorted(base.labels | examples.new_labels)),
        new_labels=tuple(sorted(examples.new_labels)),
        unteachable=examples.unteachable,
    )
