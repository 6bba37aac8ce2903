"""The worker process: `python -m annotator.suggest.worker.worker SOURCE NAME [PATTERNS [EXTRAS]]` answers texts.

It is a plain child process, not one of multiprocessing's: `spawn` fails inside a running Textual app, whose standard
streams have no file descriptors (Textual issue 3593), and imports the caller's main module again.

It reads and writes JSON in ASCII, one value a line:

    -> {"ready": true}, with "problems": ["why", ...] if rules are left out, or {"failed": "why"}
    <- {"texts": [["document id", "text"], ...]}
    -> {"answer": a record of `answers`} or {"refused": "document id", "reason": "why"}, one line a text; either with
       "problems" if a plug-in has given cause for complaint since

EXTRAS is a JSON object: the names of "plugins", the "labels" that they are to look for, and those "mapped" to one of
them; "steps_back": false where no interface runs beside it.

It ends as soon as its standard input does, also in the middle of a text: a dead parent leaves no worker behind.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from annotator.errors import AnnotatorError, InputError, ModelError
from annotator.suggest.sources.patterns import read_patterns
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.plugin_calls import Plugins
from annotator.suggest.worker.answers import answer_to_record

NICENESS = 10
"""How far the worker steps back, so that a key press never waits for it."""

_FAILURES = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, ModelError),
    *(OSError, RuntimeError, TypeError, ValueError),
)
"""What a component may raise about a text that it cannot do. Anything else ends the worker, which is noticed too."""

Texts = Sequence[tuple[str, str]]


def main(source: str, name: str, patterns: str = "", extras: str = "{}") -> None:
    """Load a pipeline, the rules among the patterns of a file, and plug-ins; answer until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    options = json.loads(extras)
    if options.get("steps_back", True) and hasattr(os, "nice"):
        os.nice(NICENESS)
    requests, replies = _take_standard_streams()
    incoming: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests, incoming), daemon=True).start()
    try:
        rules = read_patterns(Path(patterns)).rules if patterns else ()
        pipeline = Pipeline(source, name=name, rules=rules)
        plugins = Plugins(
            options.get("plugins", ()), labels=options.get("labels", ()), mapped=options.get("mapped", ())
        )
    except (ModelError, InputError) as error:
        _write(replies, {"failed": error.message})
        return
    problems = [f"{patterns} {problem}" for problem in pipeline.problems]
    _write(replies, {"ready": True, "problems": problems} if problems else {"ready": True})
    while True:
        for reply in _replies(pipeline, plugins, json.loads(incoming.get())["texts"]):
            if news := plugins.new_problems():
                reply["problems"] = news
            _write(replies, reply)


def _replies(pipeline: Pipeline, plugins: Plugins, texts: Texts) -> Iterator[dict[str, Any]]:
    """Answer all texts at once; if a component fails on that, one by one, so that only the cause is refused."""
    try:
        answers = plugins.added_to(pipeline.answers(texts), [text for _, text in texts])
    except _FAILURES as error:
        if len(texts) == 1:
            reason = str(error) if isinstance(error, AnnotatorError) else f"{type(error).__name__}: {error}"
            yield {"refused": texts[0][0], "reason": reason.partition("\n")[0]}
            return
        for text in texts:
            yield from _replies(pipeline, plugins, [text])
        return
    for answer in answers:
        yield {"answer": answer_to_record(answer)}


def _take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes to the parent; leave to everybody else an empty input, and standard error for what they print."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return requests, replies


def _read(requests: BinaryIO, incoming: queue.SimpleQueue[bytes]) -> None:
    for line in requests:
        incoming.put(line)
    os._exit(0)


def _write(replies: BinaryIO, message: dict[str, Any]) -> None:
    replies.write(json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n")
    replies.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
