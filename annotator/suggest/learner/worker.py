"""The learner's process: `python -m annotator.suggest.learner.worker` learns finished documents and suggests on others.

It is a plain child process that reads and writes JSON in ASCII, one value a line:

    <- {"labels": the content of a label set, "seed": 0}
    -> {"ready": true}
    <- {"learn": a record of `SourceText`}       -> {"lessons": how many it has learnt}; with "is_weighed": false it does
                                                     not try itself on the document first
    <- {"forget": "document id"}                 -> {"lessons": ..}
    <- {"propose": a record of `SourceText`}     -> {"proposed": "document id", "lessons": .., "is_trusted": ..,
                                                     "spans": [[start, end, label, probability, [reasons]], ..]}

It ends as soon as its standard input does. It keeps nothing: what it was can be learnt again from the store.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.model.labels import LabelSet
from annotator.suggest.learner.course import Course
from annotator.suggest.learner.texts import lesson_of

NICENESS = 10
"""How far it steps back, so that a key press never waits for it."""
PROBABILITY_DIGITS = 4


def main() -> None:
    """Learn and suggest until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for reply in replies_to(sys.stdin.buffer):
        replies.write(json.dumps(reply, separators=(",", ":")).encode("ascii") + b"\n")
        replies.flush()


def replies_to(lines: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """The reply to each line."""
    requests = map(json.loads, lines)
    begin = next(requests, None)
    if begin is None:
        return
    course = Course(LabelSet.from_content(begin["labels"]), seed=begin["seed"])
    yield {"ready": True}
    for request in requests:
        if "learn" in request:
            lesson, _ = lesson_of(request["learn"])
            course.learn(lesson, is_weighed=request.get("is_weighed", True))
        elif "forget" in request:
            course.forget(request["forget"])
        else:
            yield _proposed(course, request["propose"])
            continue
        yield {"lessons": course.lessons}


def _proposed(course: Course, record: Mapping[str, Any]) -> Mapping[str, Any]:
    lesson, tokens = lesson_of(record)
    spans = course.propose(lesson.reading) if course.is_trusted else []
    return {
        "proposed": lesson.reading.document_id,
        "lessons": course.lessons,
        "is_trusted": course.is_trusted,
        "spans": [
            [
                tokens.starts[span.first],
                tokens.ends[span.last - 1],
                span.label,
                round(min(span.probability, 1.0), PROBABILITY_DIGITS),
                list(span.reasons),
            ]
            for span in spans
        ],
    }


if __name__ == "__main__":
    main()
