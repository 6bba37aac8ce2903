"""Agreement of five annotators on a thousand documents, beside nervaluate and seqeval in the same run.

python -m tests.benchmarks.agreement [--documents 1000] [--annotators 5] [--spans 26] [--rounds 3] [--json]

The corpus is made up: each annotator marks what is there in each document, misses some, moves some boundaries, takes some
labels for others, and adds some. `strict F1` is that of all pairs, from documents and spans as they come out of a store,
and so is `all figures`: strict, lenient and boundary-only F1, kappa and confusion of each pair, bootstrap intervals, alpha
on tokens twice, unitizing alpha of corpus, labels and documents, and one annotator more as the gold. The others compute
strict F1 alone; theirs is one pair's time, since they take long, on input in the shape that each wants, which is made
before the clock starts. All three must find the same value.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import time
from collections.abc import Callable
from itertools import combinations
from typing import Any

from annotator.measure.agreement import agreement
from annotator.measure.corpus import Corpus, FinishedDocument
from annotator.measure.dawid_skene import fit_dawid_skene
from annotator.measure.pairs import strict_counts
from annotator.measure.tokens import token_labels
from annotator.measure.unitizing import unitizing_alpha
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from tests.benchmarks.figures import median, say_table, verdict

ALL_FIGURES = 3.0
"""Seconds for all figures, at the sizes that are the defaults."""
STRICT = 0.2
"""Seconds for strict F1 of all pairs."""

GOLD = "gold"
LABELS = ("PER", "ORG", "LOC", "MISC")
TOKENS = 450
_LONGEST = 4
_GAP = 2
"""At least so many unmarked tokens between spans, so that a moved boundary runs into no other span."""


def document_of(number: int, *, annotators: int, spans: int) -> FinishedDocument:
    """A document of TOKENS words that so many annotators and the gold finished, without overlaps."""
    chance = random.Random(number)
    starts, length = [], 0
    for _ in range(TOKENS):
        starts.append(length)
        length += chance.randint(2, 9) + 1
    ends = [start - 1 for start in (*starts[1:], length)]
    stride = TOKENS // spans
    true = [
        (first, first + chance.randint(1, _LONGEST - 1), chance.choice(LABELS))
        for first in (slot * stride + chance.randint(1, stride - _LONGEST - _GAP) for slot in range(spans))
    ]

    def seen_by(errors: float) -> list[Span]:
        found = []
        for first, last, label in true:
            if chance.random() < errors:
                continue
            if chance.random() < errors:
                last += 1
            if chance.random() < errors:
                first -= 1
            if chance.random() < errors:
                label = chance.choice(LABELS)
            found.append(Span(starts[first], ends[last - 1], label))
        return found

    sets = {
        GOLD: seen_by(0.0),
        **{f"annotator{row}": seen_by(0.02 + 0.02 * row) for row in range(annotators)},
    }
    return FinishedDocument(
        f"document-{number}", length, Tokens(zip(starts, ends, strict=True), tokenizer="made up"), sets
    )


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that `work` took, and what it found."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def strict_of_all_pairs(documents: list[FinishedDocument]) -> dict[tuple[str, str], float | None]:
    """Strict F1 of each pair of annotators."""
    corpus = Corpus.of(documents)
    people = [row for row, name in enumerate(corpus.annotators) if name != GOLD]
    return {
        (corpus.annotators[a], corpus.annotators[b]): strict_counts(corpus, a, b).f1
        for a, b in combinations(people, 2)
    }


def others(documents: list[FinishedDocument], a: str, b: str) -> dict[str, Callable[[], float]]:
    """What else computes strict F1 and is installed, ready to run on one pair."""
    ready: dict[str, Callable[[], float]] = {}
    if importlib.util.find_spec("nervaluate"):
        from nervaluate import Evaluator

        # Its offsets are inclusive.
        true, predicted = (
            [
                [{"start": s.start, "end": s.end - 1, "label": s.label} for s in each.sets[name]]
                for each in documents
            ]
            for name in (a, b)
        )
        evaluator = Evaluator(true, predicted, tags=list(LABELS), loader="dict")
        ready["nervaluate"] = lambda: float(evaluator.evaluate()["overall"]["strict"].f1)
    if importlib.util.find_spec("seqeval"):
        from seqeval.metrics import f1_score

        tags_a, tags_b = ([_bio(each, name) for each in documents] for name in (a, b))
        ready["seqeval"] = lambda: float(f1_score(tags_a, tags_b))
    return ready


def _bio(document: FinishedDocument, name: str) -> list[str]:
    tokens = list(document.tokens)
    tags = ["O"] * len(tokens)
    position = {start: index for index, (start, _) in enumerate(tokens)}
    for span in document.sets[name]:
        index = position[span.start]
        tags[index] = f"B-{span.label}"
        while tokens[index][1] < span.end:
            index += 1
            tags[index] = f"I-{span.label}"
    return tags


def measure(documents: list[FinishedDocument], rounds: int) -> dict[str, float]:
    """Medians over rounds, in seconds, by what was measured."""
    corpus = Corpus.of(documents)
    people = [row for row, name in enumerate(corpus.annotators) if name != GOLD]
    a, b = (corpus.annotators[row] for row in people[:2])
    work: dict[str, Callable[[], Any]] = {
        "strict F1, all pairs": lambda: strict_of_all_pairs(documents),
        "all figures": lambda: agreement(documents, gold=GOLD),
        "of these: reading spans": lambda: Corpus.of(documents),
        "of these: labels of tokens": lambda: token_labels(corpus),
        "of these: unitizing alpha": lambda: unitizing_alpha(corpus, people),
        "Dawid-Skene": lambda: fit_dawid_skene(corpus, without=GOLD),
        **{f"{name}, one pair": run for name, run in others(documents, a, b).items()},
    }
    samples: dict[str, list[float]] = {name: [] for name in work}
    own = strict_of_all_pairs(documents)[a, b]
    assert own is not None
    for _ in range(rounds):
        for name, run in work.items():
            seconds, found = timed(run)
            samples[name].append(seconds)
            if name.endswith(", one pair") and abs(found - own) > 1e-9:
                raise SystemExit(f"{name}: strict F1 is {found}, and here {own}")
    return {name: median(seconds) for name, seconds in samples.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--annotators", type=int, default=5)
    parser.add_argument("--spans", type=int, default=26, help="of the gold, in each document; at most 50")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print figures for a program to read")
    chosen = parser.parse_args()
    documents = [
        document_of(number, annotators=chosen.annotators, spans=chosen.spans)
        for number in range(chosen.documents)
    ]
    figures = measure(documents, chosen.rounds)
    if chosen.json:
        print(json.dumps(figures))
        return
    pairs = chosen.annotators * (chosen.annotators - 1) // 2
    strict = figures["strict F1, all pairs"]
    budgets = {"strict F1, all pairs": STRICT, "all figures": ALL_FIGURES}
    print(
        f"{chosen.documents} documents, {chosen.annotators} annotators, {pairs} pairs; medians of {chosen.rounds} rounds\n"
    )
    say_table(
        ["what", "s", "budget", "in strict F1 of a pair"],
        [
            (
                name,
                f"{seconds:.3f}",
                verdict(seconds, budgets[name]) if name in budgets else "",
                f"{seconds / (strict / pairs):.0f} x" if name.endswith("one pair") else "",
            )
            for name, seconds in figures.items()
        ],
    )


if __name__ == "__main__":
    main()
