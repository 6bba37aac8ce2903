"""A label set that another program changes while somebody annotates: the open sets follow, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.model.decisions import Status, Verb
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span
from annotator.settings import Settings
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.repository import Store
from annotator.store.steps import Steps
from annotator.workspace import Workspace
from annotator.workspace.steps.relabelling import merge_label, new_names, rename_label

LABELS = LabelSet.from_names("x", ["PER", "LOC", "ORG"])


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    store = Store.create(tmp_path / "store", label_set=LABELS, model="blank:en")
    store.add_documents([new_document("Ada met Bob in Rome.", id=name) for name in ("one", "two")])
    store.close()
    workspace = Workspace(Store.open(store.path), annotator="ada", settings=Settings(backups=0))
    yield workspace
    workspace.close()


def mark(workspace: Workspace, start: int, end: int, label: str) -> None:
    """Make a span in the document "one", and have it saved as far as that goes."""
    editor = workspace.editor("one")
    editor.select(start, end)
    assert editor.label(label).decisions
    workspace.save(editor)
    workspace.flush()


def change(workspace: Workspace, planned: object, *words: str) -> None:
    """What `annotator labels` does in another program."""
    other = Store.open(workspace.store.path)
    Steps(other).make(planned(other, *words, who="kim").plan)  # type: ignore[operator]
    other.close()


def spans(workspace: Workspace) -> list[Span]:
    return [decided.span for decided in Store.open(workspace.store.path).load_set("one", "ada").spans]


def test_a_rename_that_knew_nothing_of_a_set_is_followed(workspace: Workspace) -> None:
    """The set has nothing saved with the label yet, so that the rename leaves no old label behind."""
    workspace.editor("one")
    change(workspace, rename_label, "PER", "PERSON")
    mark(workspace, 0, 3, "PER")
    assert spans(workspace) == [], "a label that is not there is never saved"
    told = workspace.follow_labels()
    assert told == "label set changed elsewhere: PER is PERSON now; 1 span changed"
    assert workspace.flush() is None
    assert spans(workspace) == [Span(0, 3, "PERSON")]
    assert workspace.editor("one").label_set == workspace.store.info.label_set
    assert list(check(Files(workspace.store.path))) == []
    assert workspace.follow_labels() is None


def test_a_rename_that_left_the_open_set_out_is_followed_too(workspace: Workspace) -> None:
    mark(workspace, 0, 3, "PER")
    change(workspace, rename_label, "PER", "PERSON")
    mark(workspace, 8, 11, "PER")
    assert workspace.follow_labels() == "label set changed elsewhere: PER is PERSON now; 2 spans changed"
    assert workspace.flush() is None
    assert spans(workspace) == [Span(0, 3, "PERSON"), Span(8, 11, "PERSON")]
    last = workspace.editor("one").annotation_set.decisions[-1]
    assert (last.verb, last.who, last.by.value) == (Verb.RELABEL, "ada", "bulk")


def test_a_merge_and_what_was_rejected_are_followed(workspace: Workspace) -> None:
    mark(workspace, 0, 3, "ORG")
    change(workspace, merge_label, "ORG", "PER")
    mark(workspace, 15, 19, "LOC")
    assert workspace.follow_labels() is not None
    assert workspace.flush() is None
    assert spans(workspace) == [Span(0, 3, "PER"), Span(15, 19, "LOC")]


def test_a_done_set_stays_done(workspace: Workspace) -> None:
    mark(workspace, 0, 3, "PER")
    workspace.editor("one").finish()
    workspace.editor("one").finish()
    workspace.save(workspace.editor("one"))
    workspace.flush()
    status = workspace.editor("one").status
    change(workspace, rename_label, "PER", "PERSON")
    workspace.store.change_info(tokenizer="any")  # which reads what the other program wrote
    assert workspace.follow_labels() is not None
    assert workspace.editor("one").status is status is Status.DONE


def test_an_added_label_is_taken_and_changes_no_set(workspace: Workspace) -> None:
    mark(workspace, 0, 3, "PER")
    revision = workspace.editor("one").revision
    other = Store.open(workspace.store.path)
    other.change_info(label_set=LabelSet(name="x", labels=(*LABELS.labels, Label(name="NEW"))))
    mark(workspace, 8, 11, "PER")
    assert workspace.follow_labels() == "label set changed elsewhere: it is another one now"
    assert workspace.editor("one").revision == revision + 1
    workspace.editor("one").select(15, 19)
    assert workspace.editor("one").label("NEW").decisions


def test_what_is_read_only_is_followed_and_not_changed(workspace: Workspace) -> None:
    mark(workspace, 0, 3, "PER")
    reader = Workspace(Store.open(workspace.store.path), annotator="ada", settings=Settings(backups=0))
    assert reader.read_only is not None
    revision = reader.editor("one").revision
    change(workspace, rename_label, "PER", "PERSON")
    reader.store.change_info(tokenizer="any")
    assert reader.follow_labels() == "label set changed elsewhere: PER is PERSON now"
    assert reader.editor("one").revision == revision
    assert "PERSON" in reader.editor("one").label_set
    reader.close()


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (LABELS, LABELS, {}),
        (
            LABELS,
            LabelSet(
                name="x", labels=(Label(name="A"), Label(name="LOC"), Label(name="ORG")), map={"PER": "A"}
            ),
            {"PER": "A"},
        ),
        (
            LabelSet(name="x", labels=(Label(name="A"),), map={"PER": "A"}),
            LabelSet(name="x", labels=(Label(name="PER"),)),
            {"A": "PER"},
        ),
        (
            LabelSet(name="x", labels=(Label(name="PER"), Label(name="A")), map={"PER": "A"}),
            LabelSet(name="x", labels=(Label(name="PER"), Label(name="A")), map={"PER": "A", "LOC": "A"}),
            {},
        ),
        (LABELS, LabelSet.from_names("y", ["PER"]), {}),
    ],
    ids=["same", "rename", "rename taken back", "a model's label", "another set"],
)
def test_new_names_are_those_of_renames(before: LabelSet, after: LabelSet, names: dict[str, str]) -> None:
    assert new_names(before, after) == names
