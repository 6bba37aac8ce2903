"""The audit of a store: documents a second, memory, and a mend of all that is found with its undo.

python -m tests.benchmarks.audit [--documents 2000] [--words 400] [--json]

The store is made up: texts with a name in eight words, each marked, of which one in a hundred has another label and one in
a hundred is not marked. `reading` is to read every document and set once and do nothing with them. `memory` is what the
audit adds at its peak to what Python's objects take. Mending and undo write each document that they change durably, so
their pace is the disk's.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from annotator.measure.consistency import Finding
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Decision, Verb
from annotator.model.resources import load_label_set
from annotator.model.spans import Span
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps
from annotator.workspace.audit.harmonise import plan_mends
from annotator.workspace.audit.search import audit_store
from tests.benchmarks.figures import say_table
from tests.benchmarks.texts import ANNOTATOR, generated

_WHEN = "2026-11-22T14:02:11Z"
_ODD = 0.01


def made(path: Path, *, documents: int, words: int) -> Store:
    """A store of finished documents."""
    label_set = load_label_set("news")
    labels = [label.name for label in label_set.labels]
    store = Store.create(path, label_set=label_set)
    chance = random.Random(1)
    with store.batch() as batch:
        for number in range(documents):
            document, suggestions = (each := generated(words, seed=number)).document, each.suggestions
            batch.add_document(document)
            annotation_set = AnnotationSet(document.id, ANNOTATOR)
            for suggestion in suggestions:
                if chance.random() < _ODD:
                    continue
                label = chance.choice(labels) if chance.random() < _ODD else suggestion.label
                seq = annotation_set.revision + 1
                span = Span(suggestion.start, suggestion.end, label)
                annotation_set.apply(
                    Decision(
                        seq, 1, Verb.ADD, ANNOTATOR, _WHEN, f"s{seq}", None, span, by=By.BULK, uid=f"d{seq}"
                    )
                )
            seq = annotation_set.revision + 1
            annotation_set.apply(Decision(seq, 2, Verb.FINISH, ANNOTATOR, _WHEN, uid=f"d{seq}"))
            batch.save(SetSnapshot.of(annotation_set))
    return store


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that `work` took, and what it gave."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def read_all(store: Store) -> None:
    """Read each document and set as an audit does, one at a time."""
    for document_id in store.catalogue.sets(ANNOTATOR):
        store.document(document_id)
        store.load_set(document_id, ANNOTATOR)


def measure(documents: int, words: int) -> dict[str, float]:
    """Seconds, MiB and counts, by what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        store = made(Path(folder) / "store", documents=documents, words=words)
        before = time.process_time()
        seconds, found = timed(lambda: audit_store(store, ANNOTATOR))
        processor = time.process_time() - before
        reading, _ = timed(lambda: read_all(Store.open(store.path)))
        findings: list[Finding] = found.findings
        mends = [mend for finding in findings for mend in finding.mends()]
        planning, mending = timed(lambda: plan_mends(store, mends, title="all", who=ANNOTATOR))
        steps = Steps(store)
        making, plan = timed(lambda: steps.make(mending.plan))
        undoing, _ = timed(lambda: steps.undo(plan, who=ANNOTATOR))
        tracemalloc.start()
        audit_store(store, ANNOTATOR)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return {
        "findings": len(findings),
        "places to mend": len(mends),
        "audit, s": seconds,
        "reading, s": reading,
        "audit, documents/s": documents / seconds,
        "audit, documents/s of processor time": documents / processor,
        "audit, memory, MiB": peak / 2**20,
        "planning, s": planning,
        "mending, s": making,
        "mended documents": mending.sets,
        "undo, s": undoing,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--words", type=int, default=400, help="of each document")
    parser.add_argument("--json", action="store_true", help="print figures for a program to read")
    chosen = parser.parse_args()
    figures = measure(chosen.documents, chosen.words)
    if chosen.json:
        print(json.dumps(figures))
        return
    print(f"{chosen.documents} documents of {chosen.words} words\n")
    say_table(
        ["what", "figure"],
        [
            (name, f"{figure:,.2f}" if isinstance(figure, float) else f"{figure:,}")
            for name, figure in figures.items()
        ],
    )


if __name__ == "__main__":
    main()
