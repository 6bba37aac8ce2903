"""Search in all texts of a store: the first time, which makes the index, and then by words, by a pattern, and of one label.

python -m tests.benchmarks.find [--documents 10000] [--rounds 5] [--json]

Each figure is of the whole call, index opened and hits sorted; beside it stands reading all files of documents as JSON.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.store.repository import Store
from annotator.workspace.find.query import Query
from annotator.workspace.find.search import Search
from tests.benchmarks.figures import median, say_table, verdict
from tests.benchmarks.store import UnsyncedDisk
from tests.benchmarks.texts import generated

BUDGET = 0.3
"""Seconds for words in 10,000 documents, once the index is there."""

_WORDS = 300
_QUERIES = {
    "rare words": Query(words="needle of Valdora"),
    "a common word": Query(words="the", sort="left"),
    "a pattern": Query(pattern=r"needle\s+of\s+\w+"),
}


def main() -> None:
    """Build the store, search it, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = _store(Path(folder) / "store", arguments.documents)
        figures = {"making the index": _seconds(lambda: _found(store, _QUERIES["rare words"]))}
        for name, query in _QUERIES.items():
            figures[name] = median(
                [_seconds(lambda q=query: _found(store, q)) for _ in range(arguments.rounds)]
            )
        figures["reading all documents as JSON"] = _seconds(lambda: _read(store.path))
        hits = {name: _found(store, query) for name, query in _QUERIES.items()}
    if arguments.json:
        print(json.dumps({"seconds": figures, "hits": hits}))
        return
    rows = [
        (name, f"{seconds:.3f} s", f"{hits[name]:,}" if name in hits else "")
        for name, seconds in figures.items()
    ]
    say_table(("what", "seconds", "hits"), rows)
    print(f"rare words: {verdict(figures['rare words'], BUDGET)}")


def _store(path: Path, count: int) -> Store:
    store = Store.create(path, label_set=LabelSet.from_names("news", ["PER"]), disk=UnsyncedDisk())
    with store.batch() as batch:
        for number in range(count):
            text = generated(_WORDS, seed=number).document.text
            needle = " The needle of Valdora lay there." if number % 1000 == 7 else ""
            batch.add_document(new_document(f"{text}{needle}", id=f"d{number}"))
    store.close()
    return Store.open(path)


def _found(store: Store, query: Query) -> int:
    search = Search(store, "me")
    search.update()
    count = len(search.find(query).hits)
    search.close()
    return count


def _read(root: Path) -> None:
    for path in (root / "documents").rglob("*.json"):
        json.loads(path.read_bytes())


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
