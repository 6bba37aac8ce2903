"""Time and peak memory of `annotator import`: many rows of JSONL, and one large CoNLL file.

    python -m tests.benchmarks.importing [--rows 100000] [--megabytes 500]     0 leaves one out

Each file is imported by a process of its own into a new store, a hundredth of it first. Printed are seconds, the peak of
the process's memory, and the ratio of the two peaks, which is near 1 where memory does not grow with the file.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_SMALLER = 100
_SENTENCES = 20
_WORDS = "Ada Byron met Bo in San José and they talked about engines for hours .".split()
_TAGS = "B-PER I-PER O B-PER O B-LOC I-LOC O O O O O O O O".split()


@dataclass(frozen=True, slots=True)
class Cost:
    """What one import took: seconds, and the peak of its memory in MiB."""

    seconds: float
    mebibytes: float


def jsonl_rows(count: int) -> Iterator[str]:
    """Rows of Prodigy's JSONL with two spans each."""
    for number in range(count):
        text = f"Ada Byron met Bo in San José on day {number}, and they talked about engines for hours."
        spans = [{"start": 0, "end": 9, "label": "PER"}, {"start": 20, "end": 28, "label": "LOC"}]
        yield json.dumps({"text": text, "id": str(number), "spans": spans, "answer": "accept"}) + "\n"


def conll_sentences(size: int) -> Iterator[str]:
    """About `size` bytes of CoNLL, each sentence with a number of its own."""
    sentence = "".join(f"{word} {tag}\n" for word, tag in zip(_WORDS, _TAGS, strict=True))
    for number in range(size // (len(sentence.encode()) + 12)):
        yield f"{sentence}no{number} O\n\n"


def write_lines(path: Path, lines: Iterator[str]) -> Path:
    """Write lines into a file."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines)
    return path


def cost_of(path: Path, store: Path, *options: str) -> Cost:
    """What it takes to import a file into a new store, in a process of its own. RuntimeError if it fails."""
    command = [
        sys.executable,
        "-m",
        "annotator",
        "import",
        str(path),
        "--store",
        str(store),
        "--add-labels",
        *options,
    ]
    began = time.monotonic()
    process = os.posix_spawn(sys.executable, command, os.environ)
    _, status, usage = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"the import of {path} ended with {status}")
    return Cost(time.monotonic() - began, usage.ru_maxrss / 1024)


def measure(name: str, write: Callable[[Path, int], Path], size: int, *options: str) -> float:
    """Import a file of `size` and one of a hundredth of it; print both, and give the ratio of their peaks of memory."""
    with tempfile.TemporaryDirectory() as folder:
        costs = []
        for part in (max(1, size // _SMALLER), size):
            path = write(Path(folder), part)
            costs.append(cost_of(path, Path(folder) / f"store-{part}", *options))
            sys.stdout.write(
                f"{name}, {part:,}: {costs[-1].seconds:.1f} s, {costs[-1].mebibytes:.0f} MiB at most\n"
            )
    ratio = costs[1].mebibytes / costs[0].mebibytes
    sys.stdout.write(f"{name}: memory x {ratio:.2f} for {_SMALLER} times the input\n")
    return ratio


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description="Time and memory of annotator import.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=500)
    sizes = parser.parse_args()
    if sizes.rows:
        measure(
            "JSONL rows",
            lambda folder, size: write_lines(folder / f"{size}.jsonl", jsonl_rows(size)),
            sizes.rows,
        )
    if sizes.megabytes:
        measure(
            "CoNLL bytes",
            lambda folder, size: write_lines(folder / f"{size}.conll", conll_sentences(size)),
            sizes.megabytes * 1_000_000,
            "--group",
            str(_SENTENCES),
        )


if __name__ == "__main__":
    main()
