"""The store at any size: durable saves, the first document, listing and memory, beside stock TinyDB and SQLite.

python -m tests.benchmarks.store [--documents 100 10000 100000] [--saves 400] [--rounds 5] [--json]

Each figure is of a process of its own, which opens a store that is there already: `first document` is the time from the
call that opens it to text and annotations of the next unfinished document, as the screen gets them; `listing` that of all
rows of the list of documents; memory that of the process, without spaCy and the screen, at the first document and at its
peak, which listing and closing make. All contenders hold the same texts and the same spans, of which a save changes one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import Document, new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Span
from annotator.store.files import Disk
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from tests.benchmarks.figures import median, quantile, say_table, verdict

SAVE_RATIO = 1.5
"""A durable save at the largest size, in saves at the smallest."""
FIRST_RATIO = 2.0
"""The first document at the largest size, from the start of the process, in that of the smallest."""
MEMORY = 150.0
"""MiB of the process, before spaCy."""

ANNOTATOR = "me"
SPANS = 30
_REACH = 2400
"""Spans lie within so many characters, which all texts have."""
STOCK_LIMIT = 10_000
"""Documents that one file of stock TinyDB can bear: at ten times as many, opening and saving take many seconds each."""
_SENTENCES = [
    f"The {who} said on {day} that a new {what} near {place} would soon be built, although nobody from Ghent had asked for it, "
    f"and {number} reporters who had come by train wrote about it."
    for number, (who, day, what, place) in enumerate(
        itertools.product(("minister", "mayor"), ("Monday", "May 3"), ("road", "port"), ("Lisbon", "La Paz")),
        2,
    )
]


class UnsyncedDisk(Disk):
    """A disk for stores that may be lost: nothing is synced while they are built."""

    def sync(self, descriptor: int) -> None:
        pass


def text_of(number: int) -> Document:
    """The document of a number, about as long as a newspaper's article."""
    chance = random.Random(number)
    return new_document(
        " ".join([f"Article {number}.", *chance.choices(_SENTENCES, k=15)]), id=f"article-{number}"
    )


def next_decision(annotation_set: AnnotationSet, *, spans: int = 1) -> SetSnapshot:
    """The set with more spans, one decision each."""
    for _ in range(spans):
        seq = annotation_set.revision + 1
        start = (7 * seq) % _REACH
        annotation_set.apply(
            Decision(
                seq, seq, Verb.ADD, ANNOTATOR, "2026-11-22T14:02:11Z", f"{seq:012x}", None,
                Span(start, start + 6, "PERSON"), uid=f"{seq:012x}",
            )
        )  # fmt: skip
    return SetSnapshot.of(annotation_set)


def build(folder: Path, count: int, contenders: list[str]) -> None:
    """Stores of `count` documents of some 2,500 characters, each but the last tenth annotated with SPANS spans."""
    store = Store.create(folder / "annotator", label_set=load_label_set("news"), disk=UnsyncedDisk())
    template = next_decision(AnnotationSet("", ANNOTATOR), spans=SPANS)
    spans = [[each.start, each.end, each.label, each.uid] for each in template.spans]
    with store.batch() as batch, Others(folder, contenders) as others:
        for number in range(count):
            document = text_of(number)
            batch.add_document(document)
            if number < count * 9 // 10:
                batch.save(template._replace(document_id=document.id))
            others.add({"id": document.id, "spans": spans, "text": document.text})


class Others:
    """What the other contenders hold: the same texts and spans."""

    def __init__(self, folder: Path, contenders: list[str]) -> None:
        self._database = sqlite3.connect(folder / "sqlite.db")
        self._database.execute("pragma journal_mode = wal")
        self._database.execute("create table articles (id text primary key, content text)")
        self._tinydb = folder / "tinydb.json" if "tinydb" in contenders else None
        self._lines: list[str] = []

    def add(self, record: dict[str, Any]) -> None:
        content = json.dumps(record)
        self._database.execute("insert into articles values (?, ?)", (record["id"], content))
        if self._tinydb is not None:
            self._lines.append(f'"{len(self._lines) + 1}": {content}')

    def __enter__(self) -> Others:
        return self

    def __exit__(self, *error: object) -> None:
        self._database.commit()
        self._database.close()
        if self._tinydb is not None:
            table = ",\n".join(self._lines)
            self._tinydb.write_text(f'{{"_default": {{{table}}}}}', encoding="utf-8")


class OpenedAnnotator:
    """The store, by way of the workspace that the screen stands on."""

    def __init__(self, folder: Path) -> None:
        from annotator.settings import Settings
        from annotator.workspace import Workspace

        self._workspace = Workspace(
            Store.open(folder / "annotator"), annotator=ANNOTATOR, settings=Settings(ahead=0)
        )
        first = self._workspace.first()
        assert first is not None
        self.first = self._workspace.editor(first).document.text
        self._sets: dict[str, AnnotationSet] = {}

    def rows(self) -> int:
        return len(self._workspace.rows())

    def save(self, number: int) -> float:
        """Seconds that a durable save of one more decision takes; ten in turn are on one document."""
        store = self._workspace.store
        document_id = store.catalogue[number // 10 % len(store.catalogue)].id
        if document_id not in self._sets:
            self._sets[document_id] = store.load_set(document_id, ANNOTATOR)
        snapshot = next_decision(self._sets[document_id])
        start = time.perf_counter()
        store.save(snapshot)
        return time.perf_counter() - start

    def close(self) -> None:
        self._workspace.close()


class OpenedSqlite:
    """A row a document; a save writes the row anew."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "sqlite.db", isolation_level=None)
        self._database.execute("pragma synchronous = full")
        self.first = json.loads(self._row(0))["text"]

    def _row(self, number: int) -> str:
        query = "select content from articles where rowid = ?"
        return str(self._database.execute(query, (number + 1,)).fetchone()[0])

    def rows(self) -> int:
        query = "select id, json_array_length(content, '$.spans') from articles"
        return len(self._database.execute(query).fetchall())

    def save(self, number: int) -> float:
        content = json.loads(self._row(number // 10 % 100))
        content["spans"].append([1, 2, "PERSON", str(number)])
        start = time.perf_counter()
        self._database.execute(
            "update articles set content = ? where id = ?", (json.dumps(content), content["id"])
        )
        return time.perf_counter() - start

    def close(self) -> None:
        self._database.close()


class OpenedTinydb:
    """Stock TinyDB, all in one file, which is not durable against a power cut nor whole after a kill."""

    def __init__(self, folder: Path) -> None:
        from tinydb import TinyDB

        self._database = TinyDB(folder / "tinydb.json", encoding="utf-8")
        first = self._database.get(doc_id=1)
        assert first is not None
        assert not isinstance(first, list)
        self.first = first["text"]

    def rows(self) -> int:
        return len([(each["id"], len(each["spans"])) for each in self._database.all()])

    def save(self, number: int) -> float:
        document = self._database.get(doc_id=1 + number // 10 % 100)
        assert document is not None
        assert not isinstance(document, list)
        spans = [*document["spans"], [1, 2, "PERSON", str(number)]]
        start = time.perf_counter()
        self._database.update({"spans": spans}, doc_ids=[document.doc_id])
        return time.perf_counter() - start

    def close(self) -> None:
        self._database.close()


CONTENDERS = {"annotator": OpenedAnnotator, "sqlite": OpenedSqlite, "tinydb": OpenedTinydb}


def measure(name: str, folder: Path, saves: int) -> dict[str, float]:
    """What one process measures of one contender: seconds and MiB."""
    start = time.perf_counter()
    opened = CONTENDERS[name](folder)
    first = time.perf_counter() - start
    assert opened.first
    memory = _peak()
    print(flush=True)  # the parent's clock stops here
    start = time.perf_counter()
    opened.rows()
    listing = time.perf_counter() - start
    samples = [opened.save(number) for number in range(saves)]
    start = time.perf_counter()
    opened.close()
    return {
        "save_median": median(samples),
        "save_p99": quantile(samples, 0.99),
        "first_document": first,
        "listing": listing,
        "closing": time.perf_counter() - start,
        "memory_first": memory,
        "memory": _peak(),
    }


def _peak() -> float:
    """The most memory, in MiB, that this program has had; the system's other figure counts its parent's as well."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(name: str, folder: Path, saves: int) -> dict[str, float]:
    """What a new process measures, with the seconds from its start to the first document."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.store", "--measure", name, str(folder), str(saves)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    process.stdout.readline()
    from_start = time.perf_counter() - start
    figures = json.loads(process.communicate()[0])
    assert process.returncode == 0
    return {**figures, "from_start": from_start}


def compared(folder: Path, sizes: list[int], *, saves: int, rounds: int) -> list[dict[str, Any]]:
    """The medians of each contender at each size. Sizes take turns, so that a busy minute strikes all of them."""
    samples: dict[tuple[int, str], list[dict[str, float]]] = {}
    for count in sizes:
        contenders = [each for each in CONTENDERS if each != "tinydb" or count <= STOCK_LIMIT]
        start = time.perf_counter()
        (folder / str(count)).mkdir()
        build(folder / str(count), count, contenders)
        print(f"{count:,} documents built in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        samples |= {(count, contender): [] for contender in contenders}
    os.sync()
    for _ in range(rounds):
        for (count, contender), found in samples.items():
            few = contender == "tinydb" and count > 1000
            found.append(measured(contender, folder / str(count), 3 if few else saves))
    return [
        {
            "documents": count,
            "name": contender,
            **{figure: median([each[figure] for each in found]) for figure in found[0]},
        }
        for (count, contender), found in samples.items()
    ]


def main() -> None:
    """Build the stores, measure, and say how they compare."""
    parser = argparse.ArgumentParser(description="Stores of every size, beside stock TinyDB and SQLite.")
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 10_000, 100_000])
    parser.add_argument("--saves", type=int, default=400, help="by each process")
    parser.add_argument("--rounds", type=int, default=5, help="processes for each figure")
    parser.add_argument("--json", action="store_true", help="print the figures for a program to read")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        name, folder, saves = options.measure
        print(json.dumps(measure(name, Path(folder), int(saves))))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = compared(Path(folder), options.documents, saves=options.saves, rounds=options.rounds)
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        _say(found)


def _say(found: list[dict[str, Any]]) -> None:
    heads = [
        "documents",
        "",
        "save ms",
        "p99 ms",
        "first ms",
        "from start ms",
        "listing ms",
        "closing ms",
        "first MiB",
        "peak MiB",
    ]
    figures = ("save_median", "save_p99", "first_document", "from_start", "listing", "closing")
    say_table(
        heads,
        [
            [
                f"{each['documents']:,}",
                each["name"],
                *(each[name] * 1000 for name in figures),
                each["memory_first"],
                each["memory"],
            ]
            for each in found
        ],
    )
    own = [each for each in found if each["name"] == "annotator"]
    small, large = own[0], own[-1]
    for what, figure, budget in (
        ("durable save", "save_median", SAVE_RATIO),
        ("first document, from the start of the process", "from_start", FIRST_RATIO),
    ):
        ratio = large[figure] / small[figure]
        print(
            f"{what}, {large['documents']:,} to {small['documents']:,}: {ratio:.2f}: {verdict(ratio, budget)}"
        )
    memory = large["memory_first"]
    print(
        f"memory at the first document, before spaCy and the screen: {memory:.0f} MiB: {verdict(memory, MEMORY)}"
    )


if __name__ == "__main__":
    main()
