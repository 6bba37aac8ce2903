"""Removing a document takes its own files and nobody else's, whatever the ids are."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.store.layout import (
    ASSIGNMENTS,
    AUDIT_FILE,
    MEMORY_FILE,
    STORE_FILE,
    assignment_path,
    document_path,
    set_path,
    version_name,
    versions_beside,
)
from annotator.store.removal import remove_documents
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

PARTS = [
    *("report", "report.177", ".", "..", "a/b", "\0", "con", "store", "documents", "quarantine", "conflict-"),
    *(".conflict-x-1", ".json", "REPORT", "é", "x" * 120, "-", "+", "7"),
]
ids = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map("".join)


def test_a_version_of_another_document_stays(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("x", ["PER"]))
    store.add_documents([new_document("Ada.", id=name) for name in ("report", "report.177")])
    for name in ("report", "report.177"):
        annotation_set = store.load_set(name, "ada")
        annotation_set.apply(Decision(1, 1, Verb.ADD, "ada", "t", "s", after=Span(0, 3, "PER"), uid=name))
        store.save(SetSnapshot.of(annotation_set))
    [kept] = (store.path / "annotations").rglob("report.177.json")
    path = store.path / set_path("report", "ada")
    other = path.with_name(version_name("report.177.json", "laptop", 1))
    own = path.with_name(version_name("report.json", "laptop", 1))
    for version in (other, own):
        version.write_bytes(kept.read_bytes())
    remove_documents(store, ["report"])
    assert other.exists()
    assert not own.exists()
    assert kept.exists()


@given(
    st.lists(ids, min_size=2, max_size=6, unique=True), st.sampled_from(["laptop", "conflict-1", "", "é/.."])
)
def test_no_two_documents_share_a_file_or_a_version(names: list[str], host: str) -> None:
    files = [document_path(name) for name in names]
    assert len({file.lower() for file in files}) == len(names)
    for file in files:
        assert ".." not in file.split("/")
        assert len(file.split("/")[-1].encode()) <= 255
    stems = [file.rpartition("/")[2] for file in files]
    versions = {stem: version_name(stem, host, 1) for stem in stems}
    for stem in stems:
        assert versions_beside(stem, [*versions.values(), *stems]) == [versions[stem]]
    assert not {*files} & {STORE_FILE, MEMORY_FILE, AUDIT_FILE, assignment_path("ada"), ASSIGNMENTS}


@given(st.lists(ids, min_size=2, max_size=4, unique=True))
@settings(max_examples=15, deadline=None)
def test_what_is_removed_is_gone_and_the_rest_is_there(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.create(Path(folder) / "store", label_set=LabelSet.from_names("x", ["PER"]))
        store.add_documents([new_document(f"Text of {name!r}.", id=name) for name in names])
        remove_documents(store, names[:1])
        assert not store.has_document(names[0])
        for name in names[1:]:
            assert store.document(name).text == f"Text of {name!r}."
