"""The public API reads and writes as the screen does."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

import annotator
from annotator import open_store
from annotator.errors import HeldError, InputError, StoreError
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.store.repository import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "s", label_set=LabelSet.from_names("x", ["PER"]))
    store.add_documents([new_document("Ada met Bob.", id=name) for name in ("one", "two")])
    store.close()
    return store


def test_nothing_is_saved_if_the_block_raises(store: Store) -> None:
    project = open_store(store.path)
    with pytest.raises(KeyError), project.editing("one", "ada") as editor:  # noqa: PT012  # a block is the subject
        editor.select(0, 3)
        editor.label("PER")
        raise KeyError
    assert list(project.annotation_set("one", "ada").spans) == []


def test_another_programs_sets_are_not_written(store: Store) -> None:
    project = open_store(store.path)
    with Store.open(store.path).hold("ada"), pytest.raises(HeldError), project.editing("one", "ada"):  # type: ignore[union-attr]
        pass


def test_sets_by_status_and_what_is_read(store: Store) -> None:
    project = open_store(store.path)
    with project.editing("two", "ada") as editor:
        editor.select(8, 11)
        editor.label("PER")
        editor.finish()
    assert project.ids == ["one", "two"]
    assert project.annotators == ["ada"]
    assert [s.document_id for s in project.annotation_sets("ada", status=Status.DONE)] == ["two"]
    assert list(project.annotation_sets("ada", status=Status.STARTED)) == []
    assert list(project.gold("two").spans) == []
    doc = project.doc("two", "ada", spacy.blank("en"))
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Bob", "PER")]
    assert [span.text for span in doc.spans["sc"]] == ["Bob"]


def test_a_span_off_the_tokens_is_told(store: Store) -> None:
    project = open_store(store.path)
    with project.editing("one", "ada") as editor:
        editor.toggle_characters()
        editor.select(0, 2)
        editor.label("PER")
    with pytest.raises(InputError, match="off the edges of the pipeline's tokens"):
        project.doc("one", "ada", spacy.blank("en"))


def test_what_is_no_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_store(tmp_path / "none")
    with pytest.raises(AttributeError):
        _ = annotator.nothing
