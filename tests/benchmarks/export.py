"""How long many documents take on their way to a DocBin, and what memory: `python -m tests.benchmarks.export`.

The same CoNLL file goes through `spacy convert`, through `annotator convert`, and through a store. The runs take turns;
times are the shortest ones, memory is the peak of the process that does the work. A tenth of the documents is done as
well: memory that does not grow with them is flat.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.figures import say_table, verdict

_LABELS = ("PER", "ORG", "LOC", "MISC")
_SENTENCES, _WORDS = 8, 14
_BUDGET = 1.0
"""Ours over spaCy's."""


def write_conll(path: Path, documents: int) -> None:
    """A file of documents of 112 tokens, none like another, with an entity in each sentence."""
    made = random.Random(7)
    words = ["".join(made.choices("abcdefghijklmnopqrstuvwxyz", k=made.randint(2, 9))) for _ in range(20_000)]
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            file.write("-DOCSTART- -X- O O\n\n")
            for _ in range(_SENTENCES):
                tokens = [f"d{number}", *made.choices(words, k=_WORDS - 2), "."]
                at = made.randrange(1, _WORDS - 3)
                label = made.choice(_LABELS)
                for index, token in enumerate(tokens):
                    tag = f"B-{label}" if index == at else f"I-{label}" if index == at + 1 else "O"
                    file.write(f"{token} -X- _ {tag}\n")
                file.write("\n")


def run(arguments: list[str], folder: Path) -> tuple[float, float]:
    """Seconds that a command takes, and the most memory that it holds, in MiB."""
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {said.decode()}")
    return took, usage.ru_maxrss / 1024


def measured(documents: int, rounds: int, *, with_store: bool) -> dict[str, tuple[float, float]]:
    """Each way's shortest time and smallest peak."""
    best: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_conll(folder / "in.conll", documents)
        (folder / "out").mkdir()
        ways = {
            "spacy convert": ["spacy", "convert", "in.conll", "out", "-c", "conll", "-n", "0"],
            "annotator convert": ["annotator", "convert", "in.conll", "ours.spacy"],
        }
        if with_store:
            run(["annotator", "import", "in.conll", "--store", "store", "--labels", "conll"], folder)
            ways["annotator export"] = ["annotator", "export", "theirs.spacy", "--store", "store"]
        for _ in range(rounds):
            for way, arguments in ways.items():
                took, peak = run(arguments, folder)
                before = best.get(way, (took, peak))
                best[way] = min(took, before[0]), min(peak, before[1])
    return best


def main() -> None:
    """Print a row for each way, and whether ours keeps to its budget."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--without-store", action="store_true", help="leave out the export of a store")
    parser.add_argument("--json", action="store_true", help="figures for a program to read")
    chosen = parser.parse_args()
    few = measured(chosen.documents // 10, 1, with_store=not chosen.without_store)
    many = measured(chosen.documents, chosen.rounds, with_store=not chosen.without_store)
    heads = ("way", "s", "documents/s", "MiB", f"MiB at {chosen.documents // 10:,}", "s / spaCy's")
    base = many["spacy convert"][0]
    if chosen.json:
        print(
            json.dumps(
                {
                    way: {"seconds": took, "mebibytes": peak, "mebibytes at a tenth": few[way][1]}
                    for way, (took, peak) in many.items()
                }
            )
        )
        return
    rows = [
        (way, took, round(chosen.documents / took), round(peak), round(few[way][1]), took / base)
        for way, (took, peak) in many.items()
    ]
    print(f"{chosen.documents:,} documents of {_SENTENCES * _WORDS} tokens, the best of {chosen.rounds}")
    say_table(heads, rows)
    for way, (took, _) in many.items():
        if way != "spacy convert":
            print(f"{way} against spacy convert: {took / base:.2f}, {verdict(took / base, _BUDGET)}")


if __name__ == "__main__":
    main()
