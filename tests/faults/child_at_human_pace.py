"""A program that annotates at a person's pace: so many decisions, one at a time, and says which are saved.

Arguments: store, annotator, document, number of decisions, "locks" or "no locks". It says "opened <its number>" and
waits for a line, then "saved <n>", or "beside <n>" for
what went to a version of its own since somebody else had changed the set, one line each.
"""

from __future__ import annotations

import os
import random
import sys
import threading

from annotator.errors import ConflictError
from annotator.model.decisions import Decision, Verb
from annotator.model.spans import Span
from annotator.store.files import Disk
from annotator.store.repository import Store
from annotator.store.writer import Acknowledged, Writer

PAUSES = (0.0, 0.01)
"""Seconds between two decisions, at least and at most: fast for a person, so that both programs meet often."""


class LocklessDisk(Disk):
    """A disk on which everybody gets every lock."""

    def lock(self, descriptor: int) -> bool:
        return True


def tell(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def main() -> None:
    path, annotator, document_id, count, has_locks = sys.argv[1:]
    chance = random.Random(os.getpid())
    store = Store.open(path, disk=Disk() if has_locks == "locks" else LocklessDisk())
    len(store.catalogue)
    annotation_set = store.load_set(document_id, annotator)
    mine = f"{os.getpid()}"

    def on_saved(acknowledged: Acknowledged) -> None:
        if acknowledged.error is None:
            tell(f"saved {acknowledged.revision}")
        elif isinstance(acknowledged.error, ConflictError):
            tell(f"beside {acknowledged.revision}")

    rest = threading.Event()
    with Writer(store, on_saved=on_saved) as writer:
        tell(f"opened {mine}")
        sys.stdin.readline()
        for _ in range(int(count)):
            seq = annotation_set.revision + 1
            annotation_set.apply(
                Decision(
                    seq,
                    seq,
                    Verb.ADD,
                    annotator,
                    f"{seq}",
                    f"{mine}{seq}",
                    None,
                    Span(seq, seq + 1, "PER"),
                    uid=f"{mine}-{seq}",
                )
            )
            writer.submit(annotation_set)
            rest.wait(chance.uniform(*PAUSES))
    store.close()


if __name__ == "__main__":
    main()
