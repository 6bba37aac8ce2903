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
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator.child_processes.child_side import Parent
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
    options = json.loads(extras)
    parent = Parent(niceness=NICENESS if options.get("steps_back", True) else 0)
    try:
        rules = read_patterns(Path(patterns)).rules if patterns else ()
        pipeline = Pipeline(source, name=name, rules=rules)
        plugins = Plugins(
            options.get("plugins", ()), labels=options.get("labels", ()), mapped=options.get("mapped", ())
        )
    except (ModelError, InputError) as error:
        parent.send({"failed": error.message})
        return
    problems = [f"{patterns} {problem}" for problem in pipeline.problems]
    parent.send({"ready": True, "problems": problems} if problems else {"ready": True})
    while True:
        for reply in _replies(pipeline, plugins, parent.receive()["texts"]):
            if news := plugins.new_problems():
                reply["problems"] = news
            parent.send(reply)


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


if __name__ == "__main__":
    main(*sys.argv[1:])
