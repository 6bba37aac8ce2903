"""Races of two programs on one store, each tried many times: `python -m tests.security.races --trials 50`.

A race is lost when something is gone that a program has said it did, or when a program says what is not so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from annotator.model.labels import LabelSet
from annotator.store.backups import backups
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.restore import restore

LABELS = LabelSet.from_names("x", ["A", "B"])


class Ended(NamedTuple):
    """How a program ended, and what it said."""

    code: int
    said: str


def at_once(folder: Path, *commands: list[str]) -> list[Ended]:
    """Run commands of annotator at once."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "annotator", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
        )
        for words in commands
    ]
    said = [process.communicate(timeout=120)[0] for process in running]
    return [Ended(process.returncode, text) for process, text in zip(running, said, strict=True)]


def new_store(folder: Path, name: str = "store") -> Path:
    path = folder / name
    Store.create(path, label_set=LABELS).close()
    return path


def write_rows(path: Path, texts: dict[str, str], *, label: str = "A") -> None:
    rows = [
        {"text": text, "id": id, "spans": [{"start": 0, "end": 1, "label": label}], "answer": "accept"}
        for id, text in texts.items()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def whole(store: Path) -> Store:
    """The store, after it was checked."""
    assert (found := list(check(Files(store)))) == [], found
    return Store.open(store)


def two_imports_of_one_id(folder: Path) -> None:
    """The same ids with different texts: one program has them all, and the other says that it has not."""
    store = new_store(folder)
    for side in ("left", "right"):
        write_rows(folder / f"{side}.jsonl", {f"d{number}": f"{side} {number}" for number in range(20)})
    ended = at_once(
        folder,
        *(
            ["import", f"{side}.jsonl", "--store", str(store), "--annotator", side]
            for side in ("left", "right")
        ),
    )
    assert sorted(program.code for program in ended) == [0, 1], ended
    opened = whole(store)
    winner = next(side for side, program in zip(("left", "right"), ended, strict=True) if program.code == 0)
    assert {opened.document(f"d{number}").text.split()[0] for number in range(20)} == {winner}
    assert opened.annotators() == [winner]


def two_imports_that_add_labels(folder: Path) -> None:
    """Each brings a label of its own: both labels, and all documents, are there."""
    store = new_store(folder)
    for side in ("LEFT", "RIGHT"):
        write_rows(
            folder / f"{side}.jsonl",
            {f"{side}{number}": f"{side} {number}" for number in range(5)},
            label=side,
        )
    ended = at_once(
        folder,
        *(
            ["import", f"{side}.jsonl", "--store", str(store), "--annotator", side.lower(), "--add-labels"]
            for side in ("LEFT", "RIGHT")
        ),
    )
    assert [program.code for program in ended] == [0, 0], ended
    opened = whole(store)
    assert {"A", "B", "LEFT", "RIGHT"} == set(opened.info.label_set.by_name)
    assert len(opened.catalogue.ids) == 10


def labels_added_during_an_import(folder: Path) -> None:
    """Whatever was said to be added is there."""
    store = new_store(folder)
    write_rows(folder / "in.jsonl", {f"d{number}": f"text {number}" for number in range(30)}, label="NEW")
    ended = at_once(
        folder,
        ["import", "in.jsonl", "--store", str(store), "--annotator", "ada", "--add-labels"],
        ["labels", "add", "MORE", "--store", str(store)],
        ["labels", "add", "OTHER", "--store", str(store)],
    )
    assert [program.code for program in ended] == [0, 0, 0], ended
    opened = whole(store)
    assert {"A", "B", "NEW", "MORE", "OTHER"} == set(opened.info.label_set.by_name)


def two_merges(folder: Path) -> None:
    """Two colleagues' stores, merged at once: what a merge says came in is in; who held a set is named."""
    store = new_store(folder)
    for name in ("ada", "ben"):
        other = new_store(folder, name)
        write_rows(folder / f"{name}.jsonl", {f"{name}{number}": f"{name} {number}" for number in range(5)})
        assert (
            at_once(folder, ["import", f"{name}.jsonl", "--store", str(other), "--annotator", name])[0].code
            == 0
        )
    ended = at_once(folder, *(["merge", name, "--store", str(store)] for name in ("ada", "ben")))
    opened = whole(store)
    assert [program.code for program in ended] == [0, 0], ended
    for name in ("ada", "ben"):
        assert len(opened.catalogue.sets(name)) == 5, ended


def a_backup_during_saves(folder: Path) -> None:
    """The archive holds a whole store as it was at some moment: every file of it is one that was saved."""
    store = new_store(folder)
    write_rows(folder / "first.jsonl", {"one": "text"})
    assert (
        at_once(folder, ["import", "first.jsonl", "--store", str(store), "--annotator", "ada"])[0].code == 0
    )
    write_rows(folder / "in.jsonl", {f"d{number}": f"text {number}" for number in range(60)})
    ended = at_once(
        folder,
        ["backup", "--store", str(store)],
        ["import", "in.jsonl", "--store", str(store), "--annotator", "ada"],
    )
    assert [program.code for program in ended] == [0, 0], ended
    [made] = backups(Files(store))
    restored = restore(made.path, folder / "again")
    assert restored.damage == (), restored.damage
    assert "one" in Store.open(folder / "again").catalogue.ids
    assert len(whole(store).catalogue.ids) == 61


def two_versions_of_one_set(folder: Path) -> None:
    """Programs whose locks do not work, and a third version in the place: each keeps its own beside it."""
    from annotator.model.documents import new_document

    store = new_store(folder)
    opened = Store.open(store)
    opened.add_document(new_document("Some text for all.", id="one"))
    program = (
        "import sys\n"
        "from annotator.errors import ConflictError\n"
        "from annotator.model.decisions import Decision, Verb\n"
        "from annotator.model.spans import Span\n"
        "from annotator.store.files import Disk\n"
        "from annotator.store.repository import Store\n"
        "from annotator.store.sets import SetSnapshot\n"
        "Disk.lock = lambda self, descriptor: True\n"
        "store = Store.open(sys.argv[1])\n"
        "mine = store.load_set('one', 'ada')\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "mine.apply(Decision(1, 1, Verb.ADD, 'ada', '2026-11-22T14:02:11Z', sys.argv[2],\n"
        "    after=Span(0, 4, 'A'), uid='u' + sys.argv[2]))\n"
        "try:\n"
        "    store.save(SetSnapshot.of(mine))\n"
        "except ConflictError:\n"
        "    print('beside', flush=True)\n"
        "else:\n"
        "    print('saved', flush=True)\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(store), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("x", "y", "z")
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    theirs = opened.load_set("one", "ada")
    from annotator.model.decisions import Decision, Verb
    from annotator.store.sets import SetSnapshot

    theirs.apply(Decision(1, 1, Verb.SKIP, "ada", "2026-11-22T14:02:11Z", uid="first"))
    opened.save(SetSnapshot.of(theirs))
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in running] == ["beside\n"] * 3
    sets = [version.annotation_set for version in opened.versions("one", "ada")]
    assert {known.decisions[-1].uid for known in sets if known is not None} == {"first", "ux", "uy", "uz"}


RACES: tuple[Callable[[Path], None], ...] = (
    two_imports_of_one_id,
    two_imports_that_add_labels,
    labels_added_during_an_import,
    two_merges,
    a_backup_during_saves,
    two_versions_of_one_set,
)


def lost(race: Callable[[Path], None], *, trials: int) -> list[str]:
    """What went wrong, a line for each trial in which something did."""
    wrong = []
    for _ in range(trials):
        with tempfile.TemporaryDirectory() as folder:
            try:
                race(Path(folder))
            except AssertionError as error:
                wrong.append(" ".join(str(error).split())[:1000])
    return wrong


def main() -> int:
    """Run every race, and print how many of its trials were lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    any_lost = False
    for race in RACES:
        if options.only not in race.__name__:
            continue
        began = time.monotonic()
        wrong = lost(race, trials=options.trials)
        any_lost |= bool(wrong)
        took = time.monotonic() - began
        sys.stdout.write(f"{race.__name__}: {len(wrong)} of {options.trials} lost, in {took:.0f} s\n")
        sys.stdout.writelines(f"  {line}\n" for line in wrong[:3])
        sys.stdout.flush()
    return int(any_lost)


if __name__ == "__main__":
    sys.exit(main())
