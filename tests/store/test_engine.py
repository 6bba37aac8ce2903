"""TinyDB is the engine of every table file, and pydantic the gate: calls are counted, and no second way is there."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.model import validation
from annotator.model.adaptations import Adaptation, AdaptingState
from annotator.model.assignments import Assigned, Assignment
from annotator.model.decisions import By, Decision, Verb
from annotator.model.dismissals import Dismissal, FindingKind
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.memory_edits import BlockedForm, MemoryEdits, PinnedForm
from annotator.model.spans import Span
from annotator.store import records
from annotator.store.adapting_file import AdaptingFile
from annotator.store.assignments import Assignments
from annotator.store.check import check
from annotator.store.dismissals import Dismissals
from annotator.store.files import Files
from annotator.store.layout import CACHE
from annotator.store.memory_file import MemoryFile
from annotator.store.merge.other_stores import other_store
from annotator.store.merge.stores import StoreMerge
from annotator.store.plans import Plan, Planned
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.steps import Steps
from annotator.store.storage import DurableStorage, StoreFile

STORE = Path(records.__file__).parent
WHEN = "2026-11-22T14:02:11Z"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often TinyDB's storage was read and written, and records were validated."""
    counts: Counter[str] = Counter()

    def counted(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            counts[name] += 1
            return function(*arguments, **options)

        return call

    monkeypatch.setattr(StoreFile, "__init__", counted("files", StoreFile.__init__))
    monkeypatch.setattr(DurableStorage, "read", counted("reads", DurableStorage.read))
    monkeypatch.setattr(DurableStorage, "write", counted("writes", DurableStorage.write))
    for name in ("read_record", "read_records"):
        monkeypatch.setattr(records, name, counted("validations", getattr(validation, name)))
    return counts


def decided(store: Store, annotator: str) -> SetSnapshot:
    annotation_set = store.load_set("one", annotator)
    annotation_set.apply(
        Decision(
            1, 1, Verb.ADD, annotator, "2026-11-22T14:02:11Z", "s", after=Span(0, 3, "PER"), uid=annotator
        )
    )
    return SetSnapshot.of(annotation_set)


def test_opening_deciding_saving_merging_and_checking_pass_through_both(
    tmp_path: Path, calls: Counter[str]
) -> None:
    labels = LabelSet.from_names("x", ["PER"])
    for name in ("ours", "theirs"):
        store = Store.create(tmp_path / name, label_set=labels)
        store.add_document(new_document("Ada met Bob.", id="one"))
        store.close()
    assert calls["writes"] > 0

    def step(work: Callable[[], object], *kinds: str) -> None:
        calls.clear()
        work()
        assert all(calls[kind] for kind in kinds), calls

    opened: list[Store] = []
    step(lambda: opened.append(Store.open(tmp_path / "ours")), "files", "reads", "validations")
    store = opened[0]
    step(lambda: store.document("one"), "files", "reads", "validations")
    snapshot = decided(store, "ada")
    step(lambda: store.save(snapshot), "reads", "writes")
    step(lambda: Store.open(tmp_path / "ours").load_set("one", "ada"), "files", "reads", "validations")
    theirs = Store.open(tmp_path / "theirs")
    theirs.save(decided(theirs, "ben"))
    theirs.close()

    def merge() -> None:
        with other_store(tmp_path / "theirs") as other:
            StoreMerge(store, other).run()

    step(merge, "files", "reads", "writes", "validations")
    assert store.sets_of("one") == ["ada", "ben"]
    step(lambda: list(check(Files(tmp_path / "ours"))), "files", "reads", "validations")


@pytest.fixture
def unowned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The JSON files, apart from disposable ones, whose written content did not come from TinyDB's storage."""
    encoded: set[bytes] = set()
    paths: list[str] = []
    content, write = DurableStorage.content, Files.write

    def content_of(storage: DurableStorage) -> bytes:
        data = content(storage)
        encoded.add(data)
        return data

    def write_to(files: Files, path: Path, data: bytes, **options: Any) -> None:
        if path.suffix == ".json" and CACHE not in path.parts and data not in encoded:
            paths.append(path.relative_to(files.root).as_posix())
        write(files, path, data, **options)

    monkeypatch.setattr(DurableStorage, "content", content_of)
    monkeypatch.setattr(Files, "write", write_to)
    return paths


def test_every_json_file_of_a_store_is_written_by_tinydb(tmp_path: Path, unowned: list[str]) -> None:
    labels = LabelSet.from_names("x", ["PER", "LOC"])
    store = Store.create(tmp_path / "store", label_set=labels)
    store.add_document(new_document("Ada met Bob.", id="one"))
    store.save(decided(store, "ada"))
    with Assignments(store).change() as assignments:
        assigned = Assigned("a", "one", "kim", WHEN)
        assignments["ada"] = Assignment("ada", (assigned,))
    MemoryFile(store).write(MemoryEdits((PinnedForm("Ada", "PER"),), (BlockedForm("Bob"),)))
    AdaptingFile(Files(store.path), "ada").write(AdaptingState(last=Adaptation(when=WHEN, base="x")))
    Dismissals(store).change(lambda _: (Dismissal("d", FindingKind.LABELS, "Ada", None, (), "kim", WHEN),))
    before, after = Span(0, 3, "PER"), Span(0, 3, "LOC")
    relabel = Decision(0, 0, Verb.RELABEL, "kim", WHEN, "s", before, after, by=By.BULK, uid="r")
    Steps(store).make(Plan("step", "relabel", "kim", WHEN, (Planned("one", "ada", relabel),)))
    store.close()
    files = {
        path.relative_to(store.path).parts[0]
        for path in store.path.rglob("*.json")
        if CACHE not in path.parts
    }
    assert files == {
        *("store.json", "documents", "annotations", "assignments", "memory.json", "models", "audit.json"),
        "steps",
    }
    assert unowned == []


def test_one_module_alone_encodes_and_decodes_table_files() -> None:
    """Whoever else imported these could read or write a file past TinyDB and past the checksums."""
    guarded = {"decode_object", "rows_of", "encode_tables", "encode_record"}
    users = {
        path.relative_to(STORE).as_posix()
        for path in STORE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and guarded & {alias.name for alias in node.names}
    }
    assert users == {"storage.py"}


def test_json_is_parsed_only_where_it_is_no_table_file() -> None:
    """Where it is: what may be deleted, who holds a lock, what lies outside of stores. (`tables.py` is the storage's own.)"""
    users = {
        path.relative_to(STORE).as_posix()
        for path in STORE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in ("loads", "load")
        and ast.unparse(node.value) == "json"
    }
    assert users == {
        "tables.py",
        "inspection.py",
        "cache.py",
        "catalogue_keeper.py",
        "column_table.py",
        "locks.py",
        "recent_stores.py",
    }
