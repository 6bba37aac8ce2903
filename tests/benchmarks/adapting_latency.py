"""From a key to the end of the frame that shows its effect, while a copy of the model learns beside it and while none does.

python -m tests.benchmarks.adapting_latency GOLD [--format conll] [--labels conll] [--rounds 20] [--words 8000] [--json]

GOLD is what the copy learns from, over and over, in the process and with the priority that the program gives it; the
program itself runs on a pseudo-terminal, its worker stopped. Rounds with and without take turns.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.errors import ModelError
from annotator.formats.exchange import ReadOptions
from annotator.formats.registry import read
from annotator.model.resources import load_label_set
from annotator.suggest.adapting.process import LessonProcess
from annotator.suggest.adapting.selection import Finished, Lesson
from annotator.suggest.sources.resolution import resolve
from tests.benchmarks.figures import say_table, verdict
from tests.benchmarks.latency import FRAME, Opened, figures, opened

_WARM_UP = 2


@contextlib.contextmanager
def learning(lesson: Lesson, folder: Path) -> Iterator[None]:
    """Let copies learn, one after the other, within the block."""
    is_over = threading.Event()
    now: list[LessonProcess] = []

    def run() -> None:
        while not is_over.is_set():
            process = LessonProcess()
            now[:] = [process]
            with contextlib.suppress(ModelError):
                process.run(lesson, folder=folder / "copy", name="adapted")

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        for process in now:
            process.cancel()
        thread.join()


def measured(lesson: Lesson, *, words: int, rounds: int) -> Opened:
    """Press all keys in turn, alone and beside a copy that learns."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "settings.toml").write_text("ahead = 0\n", encoding="utf-8")
        with contextlib.closing(opened(home, words)) as found:
            for _ in range(_WARM_UP):
                found.press_all(defaultdict(list))
            # A few long blocks: a copy begins with seconds of loading, in which it would never come to learn.
            for block in range(4):
                with learning(lesson, home) if block % 2 else contextlib.nullcontext():
                    for _ in range(rounds // 2):
                        found.press_all(found.busy if block % 2 else found.idle)
            found.signal_worker(signal.SIGCONT)
            return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--format")
    parser.add_argument("--labels", default="conll")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--words", type=int, default=8000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    documents = list(read([options.gold], format=options.format, options=ReadOptions()))
    source = resolve().source
    lesson = Lesson(
        source=source,
        current=source,
        label_set=load_label_set(options.labels),
        finished=[
            Finished(
                each.document.id,
                each.document.text,
                tuple((span.start, span.end, span.label) for span in each.spans),
            )
            for each in documents
        ],
        others=[each.document.text for each in documents],
    )
    found = measured(lesson, words=options.words, rounds=options.rounds)
    idle, busy = figures(found.idle), figures(found.busy)
    if options.json:
        print(json.dumps({"idle": idle, "learning": busy}))
        return
    rows = [
        [
            kind,
            alone["median"],
            alone["p99"],
            busy[kind]["median"],
            busy[kind]["p99"],
            busy[kind]["p99"] - alone["p99"],
        ]
        for kind, alone in idle.items()
    ]
    say_table(["ms", "median", "p99", "learning median", "learning p99", "p99 growth"], rows)
    growth = busy["all"]["p99"] - idle["all"]["p99"]
    print(f"99th percentile, learning - idle: {growth:.1f} ms, {verdict(growth, round(FRAME, 1))}")


if __name__ == "__main__":
    main()
