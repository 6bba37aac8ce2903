"""A program that annotates and is killed: imports once, then forks a child for each order that it reads.

An order is a line `<store> <document> <seed>`; "pid <n>", "opened <revision>", "saved <revision>" and "dead" are
the answers, the first three from the child, each one write to the pipe.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from dataclasses import replace

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.spans import Span
from annotator.store.repository import Store
from annotator.store.writer import Acknowledged, Writer


def tell(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def decide(annotation_set: AnnotationSet) -> None:
    """The next decision of a history that is known beforehand: every fifth removes a span, which shrinks the table."""
    seq = annotation_set.revision + 1
    first = Decision(seq, seq, Verb.ADD, "anna", f"{seq}", uid=f"{seq:012x}")
    if seq % 5 == 0:
        decided = annotation_set.spans[0]
        annotation_set.apply(replace(first, verb=Verb.REMOVE, span=decided.uid, before=decided.span))
    else:
        annotation_set.apply(
            replace(first, span=f"s{seq}", after=Span(seq, seq + 3, "PER", "x" * (seq % 50)))
        )


def work(path: str, document_id: str, seed: int) -> None:
    """Decide for ever, waiting for the disk now and then."""
    chance = random.Random(seed)
    store = Store.open(path)
    len(store.catalogue)
    annotation_set = store.load_set(document_id, "anna")
    tell(f"opened {annotation_set.revision}")
    saved = threading.Semaphore(0)

    def on_saved(acknowledged: Acknowledged) -> None:
        tell(
            f"saved {acknowledged.revision}" if acknowledged.error is None else f"failed {acknowledged.error}"
        )
        saved.release()

    writer = Writer(store, on_saved=on_saved)
    while True:
        for _ in range(chance.randint(1, 4)):
            decide(annotation_set)
            writer.submit(annotation_set)
        saved.acquire()


def main() -> None:
    for line in sys.stdin:
        path, document_id, seed = line.split()
        child = os.fork()
        if child == 0:
            tell(f"pid {os.getpid()}")
            work(path, document_id, int(seed))
        os.waitpid(child, 0)
        tell("dead")


if __name__ == "__main__":
    main()
