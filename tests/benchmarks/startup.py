"""Start-up: from starting the program to text on the terminal, against the barest Textual app.

python -m tests.benchmarks.startup [--rounds 15] [--documents 10000] [--json]
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.figures import median, say_table, verdict
from tests.benchmarks.texts import ANNOTATOR, MARKER, make_store, without_suggestions
from tests.benchmarks.timing import TimedTerminal
from tests.terminal.harness import environment_of

RATIO = 2.0
"""The budget of a start-up, in start-ups of the bare app."""
MEMORY = 150.0
"""MiB that the interface's process may take."""

_WORDS = 400
_FOUND = re.compile("0 of [1-9][0-9]* decided")


@dataclass
class Contender:
    """A program to start, and what was measured of it: seconds and MiB. `store` is None for the bare app."""

    name: str
    command: list[str]
    store: Path | None = None
    text: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    suggestions: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    memory_after: list[float] = field(default_factory=list)

    def start(self, home: Path) -> None:
        """Start it once, measure, and end it. What was suggested the last time is forgotten first."""
        if self.store is not None:
            for kept in self.store.glob(".cache/suggestions-*"):
                shutil.rmtree(kept)
        terminal = TimedTerminal(self.command, cwd=home, env=environment_of(home))
        try:
            self.text.append(terminal.time_to(MARKER.encode()))
            self.processor.append(terminal.processor_time())
            self.memory.append(terminal.memory())
            if self.store is not None:
                terminal.wait(lambda: _FOUND.search(terminal.text), "suggestions")
                self.suggestions.append(terminal.age)
                terminal.rest(0.2)
                self.memory_after.append(terminal.memory())
        finally:
            terminal.close()

    def forget(self) -> None:
        """Measure anew."""
        for samples in (self.text, self.processor, self.suggestions, self.memory, self.memory_after):
            samples.clear()

    def figures(self, base: Contender) -> dict[str, float | str | None]:
        """The medians, compared with those of the bare app."""
        return {
            "name": self.name,
            "text_seconds": median(self.text),
            "ratio": median(self.text) / median(base.text),
            "processor_seconds": median(self.processor),
            "processor_ratio": median(self.processor) / (median(base.processor) or 1.0),
            "suggestions_seconds": median(self.suggestions) if self.suggestions else None,
            "memory_mib": median(self.memory),
            "memory_after_mib": median(self.memory_after) if self.memory_after else None,
        }


def contenders(home: Path, documents: int) -> list[Contender]:
    """The bare app, and the program on a small and on a large store, which are made in `home`."""
    hello = Path(__file__).with_name("hello.py")
    found = [Contender("bare Textual app", [sys.executable, str(hello), MARKER])]
    for count in (1, documents):
        store = home / f"store-{count}"
        make_store(store, [without_suggestions(_WORDS, seed=seed) for seed in range(count)])
        command = [sys.executable, "-m", "annotator", "annotate", "--store", str(store)]
        name = f"annotator, {count:,} document{'s' * (count > 1)}"
        found.append(Contender(name, [*command, "--annotator", ANNOTATOR], store))
    return found


def main() -> None:
    """Measure, and say how the programs compare."""
    parser = argparse.ArgumentParser(description="Start-up against a bare Textual app.")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--documents", type=int, default=10_000, help="in the large store")
    parser.add_argument("--json", action="store_true", help="print the figures for a program to read")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        found = contenders(home, options.documents)
        for each in found:
            each.start(home)  # fills the caches of Python and of the system
            each.forget()
        for _ in range(options.rounds):
            for each in found:
                each.start(home)
    figures = [each.figures(found[0]) for each in found]
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        _say(figures)


def _say(figures: list[dict[str, float | str | None]]) -> None:
    units = {"seconds": ("ms", 1000.0), "ratio": ("", 1.0), "mib": ("MiB", 1.0)}
    rows = []
    for name in list(figures[0])[1:]:
        unit, factor = units[name.rpartition("_")[2]]
        values = [each[name] for each in figures]
        cells = [f"{value * factor:.2f}" if isinstance(value, float) else "" for value in values]
        rows.append([f"{name.rpartition('_')[0] or name} {unit}".replace("_", " "), *cells])
    say_table(["medians", *(str(each["name"]) for each in figures)], rows)
    worst = max(float(each["ratio"] or 0.0) for each in figures)
    memory = max(float(each["memory_after_mib"] or 0.0) for each in figures)
    print(f"start-up ratio {worst:.2f}: {verdict(worst, RATIO)}")
    print(f"memory {memory:.0f} MiB: {verdict(memory, MEMORY)}")


if __name__ == "__main__":
    main()
