"""From a decision to the last change of the text on the screen that follows from what memory has learnt by it.

python -m tests.benchmarks.latency_following [--rounds 20] [--words 400 8000 80000] [--json]

The annotator marks a name that nothing has suggested yet, whereupon its other mentions are suggested, and takes that
back. Documents are half done, and there is no model.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
import tempfile
from itertools import count
from pathlib import Path

from tests.benchmarks.figures import median, quantile, say_table, verdict
from tests.benchmarks.latency import Opened
from tests.benchmarks.texts import ANNOTATOR, Generated, generated, make_store
from tests.benchmarks.timing import TimedTerminal
from tests.terminal.harness import environment_of

BUDGET = 100.0
"""Milliseconds that the median may be."""

_TO_UNMARKED_NAME, _ADD, _UNDO = "c", "1", "u"
_QUIET = 0.3
"""Seconds without output after which nothing on the screen follows any more."""
_LITTLE = 0.1
"""Seconds of processor time that a program at rest takes in a second at most."""
_WARM_UP = 2
_NO_MODEL = ("--model", "blank:en")
_UNKNOWN = "Greta Falk"
_BELOW, _MENTIONS = 1_500, 4
"""So many code points are on the screen below the place where a document opens, and so many mentions among them."""
_MARKED = re.compile(rf"[^\s“]{_UNKNOWN}")


def with_unknown_name(words: int) -> Generated:
    """A text in which one of the names is not suggested, which stands several times behind the middle."""
    for seed in count(1):
        content = generated(words, seed=seed)
        text = content.document.text
        known = tuple(each for each in content.suggestions if text[each.start : each.end] != _UNKNOWN)
        middle = known[len(known) // 2].start
        if text.count(_UNKNOWN, middle, middle + _BELOW) >= _MENTIONS:
            return Generated(content.document, known)
    raise AssertionError("seeds do not end")


def opened(home: Path, words: int) -> Opened:
    """Start the program on a new store, and go to the name that is not suggested."""
    store = home / f"store-{words}"
    make_store(store, [with_unknown_name(words)], half_done=True)
    command = [
        sys.executable,
        "-m",
        "annotator",
        "annotate",
        "--store",
        str(store),
        "--annotator",
        ANNOTATOR,
        *_NO_MODEL,
    ]
    terminal = TimedTerminal(command, cwd=home, env=environment_of(home))
    terminal.wait_for(" decided")
    found = Opened(words, terminal)
    _come_to_rest(terminal)
    terminal.press(_TO_UNMARKED_NAME)
    terminal.rest(1.0)
    return found


def _marked(terminal: TimedTerminal) -> int:
    """How many mentions on the screen are marked in any way."""
    return len(_MARKED.findall(terminal.text))


def _come_to_rest(terminal: TimedTerminal) -> None:
    """Wait until suggestions follow memory everywhere, which is not always seen."""
    spent = -1.0
    while terminal.processor_time() - spent > _LITTLE:
        spent = terminal.processor_time()
        terminal.rest(1.0)


def followed(each: Opened) -> list[float]:
    """Add the name and take that back: milliseconds until the text on the screen has changed for the last time."""
    times, marked = [], []
    for key in (_ADD, _UNDO):
        marked.append(_marked(each.terminal))
        times.append(each.terminal.time_key_to_last_look(key, look=each.look, quiet=_QUIET) * 1000)
        _come_to_rest(each.terminal)
    if marked[1] < marked[0] + 2:
        raise RuntimeError(f"no other mention was suggested; on screen:\n{each.terminal.text}")
    return times


def main() -> None:
    """Measure, and say how long suggestions take to follow."""
    parser = argparse.ArgumentParser(
        description="From a decision to the suggestions on the screen that follow."
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--words", type=int, nargs="+", default=[400, 8_000, 80_000])
    parser.add_argument("--json", action="store_true", help="print the figures for a program to read")
    options = parser.parse_args()
    times: dict[int, list[float]] = {count: [] for count in options.words}
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        running = [stack.enter_context(contextlib.closing(opened(Path(folder), count))) for count in times]
        for number in range(_WARM_UP + options.rounds):
            for each in running:
                found = followed(each)
                if number >= _WARM_UP:
                    times[each.words] += found
    figures = {
        count: {"median": median(values), "p99": quantile(values, 0.99)} for count, values in times.items()
    }
    if options.json:
        print(json.dumps(figures, indent=2))
        return
    rows = [[f"{count:,} words", each["median"], each["p99"]] for count, each in figures.items()]
    say_table(["decision to next suggestions, ms", "median", "p99"], rows)
    worst = max(each["median"] for each in figures.values())
    print(f"median, at most: {worst:.1f} ms, {verdict(worst, BUDGET)}")


if __name__ == "__main__":
    main()
