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

from collections.abc import Mapping
from typing import Any

from annotator.child_processes.child_side import Parent
from annotator.model.labels import LabelSet
from annotator.suggest.learner.course import Course
from annotator.suggest.learner.texts import lesson_of

NICENESS = 10
"""How far it steps back, so that a key press never waits for it."""
PROBABILITY_DIGITS = 4


def main() -> None:
    """Learn and suggest until the parent is gone."""
    parent = Parent(niceness=NICENESS)
    begin = parent.receive()
    course = Course(LabelSet.from_content(begin["labels"]), seed=begin["seed"])
    parent.send({"ready": True})
    while True:
        parent.send(reply_to(parent.receive(), course))


def reply_to(request: Mapping[str, Any], course: Course) -> Mapping[str, Any]:
    """Do what a request asks of a course, and say what came of it."""
    if "propose" in request:
        return _proposed(course, request["propose"])
    if "learn" in request:
        lesson, _ = lesson_of(request["learn"])
        course.learn(lesson, is_weighed=request.get("is_weighed", True))
    else:
        course.forget(request["forget"])
    return {"lessons": course.lessons}


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
