"""Removing documents: all of a document goes, and however far it comes, no set is left without its document."""

from __future__ import annotations

import shutil
from contextlib import suppress

import pytest

from annotator.errors import AnnotatorError
from annotator.model.removals import removed_texts, restoring
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.layout import REMOVED_FILE
from annotator.store.removal import remove_documents
from annotator.store.removals import Removals
from annotator.store.repair.repair import Repair
from annotator.store.repair.replay import Signature
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

ANNOTATORS = ("anna", "ben")


@pytest.fixture
def annotated(store, add_spans) -> Store:
    """Both annotators have annotated both documents."""
    for annotator in ANNOTATORS:
        for document_id in ("one", "Zwei/2"):
            store.save(SetSnapshot.of(add_spans(store.load_set(document_id, annotator))))
    return store


def test_a_document_goes_with_its_sets_and_no_other(annotated):
    removed = remove_documents(annotated, ["one"])
    assert (removed.documents, removed.sets) == (1, 2)
    reopened = Store.open(annotated.path)
    assert [row.id for row in reopened.catalogue.rows("anna")] == ["Zwei/2"]
    assert list(reopened.sets_of("one", gold=True)) == []
    assert set(reopened.sets_of("Zwei/2", gold=True)) == set(ANNOTATORS)


def test_no_set_is_ever_without_its_document(annotated, disk, tmp_path):
    """The removal is broken off at each of its calls to the file system in turn, each time in a store as it was."""
    as_it_was = shutil.copytree(annotated.path, tmp_path / "as it was")
    left: set[tuple[bool, int]] = set()
    call = 0
    while True:
        path = shutil.copytree(as_it_was, tmp_path / f"broken off at {call}")
        store = Store.open(path, disk=disk)
        disk.fail_from_now(call)
        with suppress(AnnotatorError, OSError):
            remove_documents(store, ["one"])
        has_ended = len(disk.calls) <= call
        disk.fail_from_now()
        assert list(check(Files(path))) == []
        reopened = Store.open(path)
        is_kept = "one" in [row.id for row in reopened.catalogue.rows("anna")]
        left.add((is_kept, len(list(reopened.sets_of("one", gold=True)))))
        if has_ended:
            break
        call += 1
    assert left == {(True, 2), (True, 1), (True, 0), (False, 0)}


def test_who_removed_a_document_is_kept(annotated):
    sha256 = annotated.document("one").sha256
    remove_documents(annotated, ["one"], who="lea", when="2026-11-22T14:02:11Z")
    [removal] = Removals(annotated).read()
    assert (removal.document, removal.sha256, removal.who) == ("one", sha256, "lea")
    assert removed_texts([removal]) == {("one", sha256): removal}
    [restored] = restoring([removal], {"one"}, when="2026-11-23T14:02:11Z")
    assert removed_texts([restored]) == {}
    assert restoring([restored], {"one"}, when="later") == (restored,)
    assert list(check(Files(annotated.path))) == []


def test_a_damaged_list_of_removed_documents_is_told_and_mended(annotated):
    remove_documents(annotated, ["one"], who="lea")
    path = annotated.path / REMOVED_FILE
    path.write_bytes(path.read_bytes().replace(b"lea", b"eve"))
    assert [finding.path for finding in check(Files(annotated.path))] == [REMOVED_FILE]
    list(Repair(Files(annotated.path), Signature("lea", "")).run())
    assert list(check(Files(annotated.path))) == []
