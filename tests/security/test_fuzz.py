"""A store whose files hold anything: no command ends in a traceback, hangs, or writes outside of the store."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import traceback
from collections import Counter
from pathlib import Path

import pytest

from annotator.cli.main import run
from annotator.store.repository import Store
from tests.security.mutations import KINDS
from tests.security.watched import watched

SECONDS = 5
MUTATIONS = int(os.environ.get("ANNOTATOR_FUZZ", "2000"))
"""So many files are mutated; 10,000 take a processor about ten minutes, which is too long for each run of the suite."""
COMMANDS = [
    ("log",),
    ("log", "one"),
    ("stats", "--annotator", "ada"),
    ("stats", "--annotator", "ada", "--json"),
    ("memory", "--annotator", "ada", "--all"),
    ("audit", "--annotator", "ada", "--all"),
    ("audit", "--annotator", "ada", "--dismissed"),
    ("agreement",),
    ("feedback",),
    ("feedback", "ada", "--json"),
    ("labels",),
    ("labels", "check"),
    ("labels", "add", "NEW"),
    ("labels", "--undo"),
    ("check",),
    ("check", "--json"),
    ("check", "--repair"),
    ("check", "--accept", "one", "--yes"),
    ("backup", "--list"),
    ("assign", "--annotators", "ada,ben", "--again"),
    ("export", "../out.jsonl", "--annotator", "ada", "--allow-loss"),
    ("export", "../out.conll", "--annotator", "gold", "--allow-loss"),
    ("export", "../out.tinydb", "--annotator", "ada", "--allow-loss"),
    ("import", "../new.jsonl", "--annotator", "ada"),
    ("remove", "one", "--yes"),
    ("merge", "../other"),
    ("screen",),
]


@pytest.fixture(scope="module")
def rich_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with something in every kind of file, and what the commands read beside it."""
    folder = tmp_path_factory.mktemp("rich")
    rows = [
        {
            "text": "Ada met Bob in Rome. Ada left Rome.",
            "id": name,
            "meta": {"source": {"page": 1}},
            "tokens": [
                {"text": "Ada", "start": 0, "end": 3, "id": 0},
                {"text": "met", "start": 4, "end": 7, "id": 1},
            ],
            "spans": [
                {"start": 0, "end": 3, "label": "PER"},
                {"start": 15, "end": 19, "label": "LOC" if name == "one" else "ORG"},
                {"start": 30, "end": 34, "label": "LOC"},
            ],
            "answer": "accept",
        }
        for name in ("one", "two", "three")
    ]
    labels = {"name": "x", "labels": [{"name": name} for name in ("PER", "LOC", "ORG", "OLD")]}
    (folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    store = folder / "store"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder / "home"))
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        patch.setenv("ANNOTATOR_NAME", "lea")
        patch.chdir(folder)
        for annotator, chosen in (("ada", rows), ("ben", rows[:2]), ("cleo", rows[1:])):
            text = "".join(json.dumps(row) + "\n" for row in chosen)
            (folder / "in.jsonl").write_text(text, encoding="utf-8")
            words = ["import", "in.jsonl", "--store", "store", "--annotator", annotator]
            assert run([*words, "--labels", "labels.json"] if annotator == "ada" else words) == 0
        for words in (
            ["labels", "rename", "OLD", "NEWER", "--yes"],
            ["assign", "--annotators", "ada,ben", "--overlap", "0.5"],
            ["memory", "--annotator", "ada", "--pin", "Rome=LOC", "--block", "Bob", "--forget", "Ada"],
            ["audit", "--annotator", "ada", "--dismiss", "all", "--yes"],
            ["feedback", "ada", "--return", "one", "--comment", "again"],
            ["labels", "rename", "ORG", "GROUP", "--yes"],
            ["log"],
        ):
            assert run([*words, "--store", "store"]) == 0, words
    [gold] = (store / "annotations" / "ada").rglob("three.json")
    place = store / "annotations" / "gold" / gold.parent.name / "three.json"
    place.parent.mkdir(parents=True)
    opened = Store.open(store)
    from dataclasses import replace

    from annotator.model.annotations import AnnotationSet
    from annotator.model.decisions import Comment, Decision, Verb
    from annotator.store.sets import SetSnapshot

    reviewed = opened.load_set("three", "ada")
    annotation_set = AnnotationSet(
        "three", "gold", [replace(decision, uid=f"gold{decision.seq}") for decision in reviewed.decisions]
    )
    annotation_set.apply(
        Decision(
            annotation_set.revision + 1,
            annotation_set.last_step + 1,
            Verb.COMMENT,
            "lea",
            "2026-11-22T14:02:11Z",
            uid="comment",
            comment=Comment(0, 3, "look again", ("ada",)),
        )
    )
    opened.save(SetSnapshot.of(annotation_set))
    assert opened.catalogue.ids
    opened.close()
    [step, *_] = (store / "steps").glob("*.json")
    (store / "steps" / "pending").mkdir(exist_ok=True)
    shutil.copy(step, store / "steps" / "pending" / "again.json")
    (folder / "new.jsonl").write_text(json.dumps({**rows[0], "id": "four"}) + "\n", encoding="utf-8")
    Store.create(folder / "other", label_set=opened.info.label_set).close()
    return folder


def files_of(store: Path) -> list[str]:
    """Every file of the store by path, but archives."""
    return sorted(
        path.relative_to(store).as_posix()
        for path in store.rglob("*")
        if path.is_file() and path.suffix != ".zip" and path.name != ".gitignore"
    )


class HungError(Exception):
    """A command took too long."""


def open_screen(store: Path) -> int:
    """What opening the annotate screen reads, without a terminal; the exit code that there would be."""
    from annotator.errors import AnnotatorError
    from annotator.settings import Settings
    from annotator.workspace import Workspace

    try:
        workspace = Workspace(
            Store.open(store), annotator="ada", settings=Settings(backups=0), model="blank:en"
        )
        try:
            editor = workspace.editor(workspace.first())
            workspace.rows()
            workspace.returned()
            workspace.messages_for(editor.document.id)
            editor.finish()
            editor.finish()
            workspace.save(editor)
            workspace.flush()
            editor.undo()
        finally:
            workspace.close()
    except AnnotatorError:
        return 1
    return 0


def _ring(signum: int, frame: object) -> None:
    raise HungError


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_no_file_of_a_store_makes_a_traceback_a_hang_or_a_write_outside(
    rich_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seed: int,
) -> None:
    chance = random.Random(seed)
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    work = tmp_path / "work"
    shutil.copytree(rich_store, work)
    store = work / "store"
    (tmp_path / "private").write_text("mine", encoding="utf-8")
    places = files_of(rich_store / "store")
    assert {place.split("/")[0] for place in places} >= {
        *("store.json", "memory.json", "audit.json", "documents", "annotations", "assignments", "steps"),
        ".cache",
    }
    monkeypatch.chdir(store)
    failures: Counter[str] = Counter()
    first: dict[str, str] = {}
    codes: Counter[int] = Counter()
    signal.signal(signal.SIGALRM, _ring)
    for number in range(MUTATIONS // 4):
        _restore(rich_store, work)
        changed = []
        for _ in range(chance.choice((1, 1, 1, 2))):
            place, kind = chance.choice(places), chance.choice(list(KINDS))
            path = store / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(KINDS[kind]((rich_store / "store" / place).read_bytes(), chance))
            changed.append(f"{kind} {place}")
        if chance.random() < 0.6:
            shutil.rmtree(store / ".cache", ignore_errors=True)
        words = chance.choice(COMMANDS)
        problem = ""
        with watched(store, tmp_path / "xdg_state_home") as watch:  # what this machine keeps for itself
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                codes[
                    open_screen(store) if words == ("screen",) else run([*words, "--store", str(store)])
                ] += 1
            except HungError:
                problem = "hang"
            except Exception as error:
                last = traceback.extract_tb(error.__traceback__)[-1]
                problem = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
                first.setdefault(problem, traceback.format_exc())
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        said = capsys.readouterr()
        outside = [event for event in watch.outside if not _is_export(event, work)]
        outside += [
            event for event in watch.started if "'core.fsmonitor=false'" not in event
        ]  # how git is asked
        if outside:
            problem = problem or f"outside: {outside[0]}"
        if "Traceback" in said.err:
            problem = problem or "a traceback on standard error"
        if problem:
            failures[problem] += 1
            first.setdefault(problem, "")
            first[problem] += f"\n{number}: {changed} {' '.join(words)}" if failures[problem] < 3 else ""
    with capsys.disabled():
        sys.stdout.write(
            f"\nseed {seed}: {MUTATIONS // 4} mutations, exit codes {dict(codes)}, {sum(failures.values())} failures\n"
        )
    assert not failures, "\n\n".join(f"{count} x {name}: {first[name]}" for name, count in failures.items())
    assert codes[0] > MUTATIONS // 100
    assert codes[1] > MUTATIONS // 100


def _is_export(event: str, work: Path) -> bool:
    place = event.rpartition(" ")[2]
    return place.startswith((str(work / "out."), str(work / ".out.")))


def _restore(source: Path, work: Path) -> None:
    """Have the working copy as it was."""
    for exported in work.glob("out.*"):
        exported.unlink()
    for folder in ("store", "other"):
        shutil.rmtree(work / folder, ignore_errors=True)
        shutil.copytree(source / folder, work / folder)
