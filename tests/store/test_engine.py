"""TinyDB is the engine of every table file, and pydantic the gate: calls are counted, and no second way is there."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model import validation
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.store import records
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.merge.other_stores import other_store
from annotator.store.merge.stores import StoreMerge
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.storage import DurableStorage, StoreFile

STORE = Path(records.__file__).parent


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


def test_one_module_alone_encodes_and_decodes_table_files() -> None:
    """Whoever else imported these could read or write a file past TinyDB and past the checksums."""
    guarded = {"decode_tables", "encode_tables", "encode_record"}
    users = {
        path.relative_to(STORE).as_posix()
        for path in STORE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and guarded & {alias.name for alias in node.names}
    }
    assert users == {"storage.py"}


def test_json_is_parsed_only_where_it_is_no_table_file() -> None:
    """What may be deleted, what says who holds a lock, and `memory.json`, which is one object."""
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
        "memory_file.py",
    }
