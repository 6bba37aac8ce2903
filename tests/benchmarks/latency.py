"""Latency: from pressing a key to the end of the frame that shows its effect, on a pseudo-terminal.

python -m tests.benchmarks.latency [--rounds 20] [--words 400 8000 80000] [--slate COMMAND] [--json] [--profile]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shlex
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.figures import median, quantile, say_table, verdict
from tests.benchmarks.texts import ANNOTATOR, generated, make_store, without_suggestions
from tests.benchmarks.timing import COLUMNS, ROWS, TimedTerminal
from tests.terminal.harness import environment_of

RATIO = 1.25
"""The budget of a median in the longest document, in medians of the shortest."""
FRAME = 1000 / 60
"""Milliseconds that the 99th percentile may grow by while the worker computes."""

KINDS = {
    "cursor": (["shift+up"], ["right", "right", "right", "left", "left", "left"]),
    "row": ([], ["down", "down", "up", "up"]),
    "tab": (["tab"], ["tab", "shift+tab"]),
    "decision": ([], ["enter", "u"]),
}
"""Keys by what they do: those that lead to a place where each has an effect, and those that are timed there.

A round ends where it began: in the middle of the text, at the first suggestion that is not decided.
"""

_QUIET = 0.06
"""Seconds without output after which a program has come to rest, a decision's saving included."""
_SLATE_KEYS = ";;;jjj"
"""Its default keys for a token to the right and to the left."""
_AHEAD, _AHEAD_WORDS = 16, 20_000
"""How many documents the worker has ahead of it, and how long they are."""
_WARM_UP = 2

Samples = dict[str, list[float]]
Figures = dict[str, dict[str, float]]


@dataclass
class Opened:
    """The program on a document of `words` words, half of which is decided; times in milliseconds by kind."""

    words: int
    terminal: TimedTerminal
    idle: Samples = field(default_factory=lambda: defaultdict(list))
    busy: Samples = field(default_factory=lambda: defaultdict(list))

    def press_all(self, into: Samples) -> None:
        """Press the keys of each kind once through."""
        for kind, (before, keys) in KINDS.items():
            for key in before:
                self.terminal.rest(_QUIET)
                self.terminal.press(key)
            for key in keys:
                self.terminal.rest(_QUIET)
                into[kind].append(self.terminal.time_key(key, look=self.look) * 1000)

    def look(self) -> int:
        """The cells of the text: a frame that only says "saved" is not what a key was pressed for."""
        return self.terminal.pixels(1, ROWS - 4, COLUMNS - 33)

    def signal_worker(self, number: signal.Signals) -> None:
        """Stop the worker process, or let it go on."""
        for path in Path(f"/proc/{self.terminal.pid}/task").glob("*/children"):
            for child in path.read_text(encoding="ascii").split():
                os.kill(int(child), number)

    @contextlib.contextmanager
    def computing(self) -> Iterator[None]:
        """Let the worker compute within the block only."""
        self.signal_worker(signal.SIGCONT)
        try:
            yield
        finally:
            self.signal_worker(signal.SIGSTOP)
            self.terminal.rest(0.1)

    def close(self) -> None:
        """End the program and its worker."""
        self.signal_worker(signal.SIGKILL)
        self.terminal.close()


def opened(home: Path, words: int) -> Opened:
    """Start the program on a new store; its worker is stopped as soon as it is there."""
    store = home / f"store-{words}"
    ahead = [without_suggestions(_AHEAD_WORDS, seed=seed) for seed in range(2, 2 + _AHEAD)]
    make_store(store, [generated(words), *ahead], half_done=True)
    command = [sys.executable, "-m", "annotator", "annotate", "--store", str(store), "--annotator", ANNOTATOR]
    environment = {**environment_of(home), "ANNOTATOR_SETTINGS": str(home / "settings.toml")}
    terminal = TimedTerminal(command, cwd=home, env=environment)
    terminal.wait_for(" decided")
    terminal.rest(1.0)
    found = Opened(words, terminal)
    found.signal_worker(signal.SIGSTOP)
    return found


def measured(words: Sequence[int], rounds: int) -> list[Opened]:
    """Press all keys in all documents in turn, with the worker stopped and with the worker computing."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        home = Path(folder)
        (home / "settings.toml").write_text(f"ahead = {_AHEAD}\n", encoding="utf-8")
        found = [stack.enter_context(contextlib.closing(opened(home, count))) for count in words]
        for each in found:
            for _ in range(_WARM_UP):
                each.press_all(defaultdict(list))
        for _ in range(rounds):
            for each in found:
                each.press_all(each.idle)
            for each in found:
                with each.computing():
                    each.press_all(each.busy)
        return found


def slate(command: str, words: Sequence[int], rounds: int) -> dict[int, list[float]]:
    """Cursor moves in SLATE on the same texts: milliseconds until it has come to rest, by words."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        home = Path(folder)
        running: dict[int, TimedTerminal] = {}
        for count in words:
            path = home / f"{count}.txt"
            path.write_text(generated(count).document.text, encoding="utf-8")
            environment = {**os.environ, **environment_of(home)}
            terminal = TimedTerminal([*shlex.split(command), str(path)], cwd=home, env=environment)
            running[count] = stack.enter_context(contextlib.closing(terminal))
            terminal.read(10.0)
            terminal.rest(1.0)
        times: dict[int, list[float]] = {count: [] for count in words}
        for _ in range(rounds):
            for count, terminal in running.items():
                for key in _SLATE_KEYS:
                    times[count].append(terminal.time_key_to_rest(key, quiet=_QUIET) * 1000)
        return times


def figures(samples: Samples) -> Figures:
    """The median and the 99th percentile of each kind of key, and of all of them."""
    everything = [value for values in samples.values() for value in values]
    return {
        kind: {"median": median(values), "p99": quantile(values, 0.99), "keys": len(values)}
        for kind, values in [*samples.items(), ("all", everything)]
    }


def main() -> None:
    """Measure, and say how long keys take."""
    parser = argparse.ArgumentParser(description="From a key to what it paints, in short and long documents.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--words", type=int, nargs="+", default=[400, 8_000, 80_000])
    parser.add_argument("--slate", metavar="COMMAND", help="how SLATE is started, to compare with")
    parser.add_argument("--json", action="store_true", help="print the figures for a program to read")
    parser.add_argument("--profile", action="store_true", help="say where a key's time goes, in one process")
    options = parser.parse_args()
    if options.profile:
        from tests.benchmarks.profile_keys import profile

        profile(max(options.words), KINDS, rounds=options.rounds)
        return
    found = measured(options.words, options.rounds)
    other = slate(options.slate, options.words, options.rounds) if options.slate else {}
    if options.json:
        content = {
            str(each.words): {"idle": figures(each.idle), "busy": figures(each.busy)} for each in found
        }
        print(
            json.dumps(
                {**content, "slate": {words: median(times) for words, times in other.items()}}, indent=2
            )
        )
    else:
        _say(found)
        for words, times in other.items():
            print(
                f"SLATE, cursor, {words:,} words: median {median(times):.2f} ms, p99 {quantile(times, 0.99):.2f}"
            )


def _say(found: Sequence[Opened]) -> None:
    rows: list[list[object]] = []
    for kind in [*KINDS, "all"]:
        for each in found:
            idle, busy = figures(each.idle)[kind], figures(each.busy)[kind]
            row = [f"{kind}, {each.words:,} words", idle["median"], idle["p99"], busy["median"], busy["p99"]]
            rows.append([*row, busy["p99"] - idle["p99"], int(idle["keys"])])
    say_table(["ms", "median", "p99", "busy median", "busy p99", "p99 growth", "keys"], rows)
    for kind in KINDS:
        ratio = figures(found[-1].idle)[kind]["median"] / figures(found[0].idle)[kind]["median"]
        print(
            f"{kind}: {found[-1].words:,} words / {found[0].words:,} words = {ratio:.2f}, {verdict(ratio, RATIO)}"
        )
    growth = max(figures(each.busy)["all"]["p99"] - figures(each.idle)["all"]["p99"] for each in found)
    print(f"99th percentile, busy - idle, at most: {growth:.1f} ms, {verdict(growth, round(FRAME, 1))}")


if __name__ == "__main__":
    main()
