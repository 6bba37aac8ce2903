"""A worker that does as a text tells it: speaks the protocol without a pipeline, so that tests can make it fail.

The first argument may say how it starts, the second names a file for the process ids of all starts. A text is a command and a word: "fine", "die", "die-once FILE", "hang",
"garbage", "odd", "other" (an answer about another text), "refuse", "pid FILE" (writes its process id, then hangs), "last" (answers, then ends).
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from annotator.model.documents import text_hash
from annotator.model.tokens import stand_in_tokens
from annotator.suggest.worker.answers import Answer, answer_to_record


def say_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say(message: object) -> None:
    say_line(json.dumps(message))


def obey(document_id: str, text: str) -> None:
    verb, _, word = text.partition(" ")
    if verb == "die" or (verb == "die-once" and not Path(word).exists()):
        if word:
            Path(word).touch()
        sys.stderr.write("out of luck\n")
        sys.stderr.flush()
        os._exit(3)
    if verb == "pid":
        Path(word).write_text(str(os.getpid()), encoding="utf-8")
    if verb in ("hang", "pid"):
        threading.Event().wait()
    if verb == "garbage":
        say_line("Loading model ...")
    elif verb == "odd":
        say({"answer": 42})
    elif verb == "refuse":
        say({"refused": document_id, "reason": "ValueError: no"})
    else:
        about = "another text" if verb == "other" else text
        answer = Answer(document_id, text_hash(about), stand_in_tokens(about), (), "fake-1.0")
        say({"answer": answer_to_record(answer)})
    if verb == "last":
        os._exit(0)


def main(how: str, starts: str) -> None:
    if starts:
        with Path(starts).open("a", encoding="utf-8") as log:
            log.write(f"{os.getpid()}\n")
    if how == "start-dying":
        sys.exit("cannot start")
    if how == "start-hanging":
        threading.Event().wait()
    if how == "start-failing":
        say({"failed": "no such pipeline"})
        return
    problems = {"problems": ["line 3: no"]} if how == "start-complaining" else {}
    say({"ready": True, **problems} if how != "start-oddly" else {"hello": 1})
    for line in sys.stdin:
        for document_id, text in json.loads(line)["texts"]:
            obey(document_id, text)


if __name__ == "__main__":
    main(*[*sys.argv[1:], "", ""][:2])
