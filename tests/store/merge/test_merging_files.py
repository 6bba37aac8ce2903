"""The merge driver: two versions of one file, by itself and in a real git repository."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Assigned, Assignment
from annotator.model.decisions import Decision, Verb
from annotator.model.dismissals import Dismissal, FindingKind
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span
from annotator.store.assignments import Assignments, assignment_data
from annotator.store.check import check
from annotator.store.dismissals import Dismissals
from annotator.store.files import Files
from annotator.store.layout import assignment_path, document_path, set_path
from annotator.store.merge.files import merge_files
from annotator.store.records import document_data
from annotator.store.repository import Store
from annotator.store.sets import SetFile, SetSnapshot

WHEN = "2026-11-22T14:02:11Z"
ONE = set_path("one", "ada")
LABELS = LabelSet.from_names("news", ["PER", "ORG"])
TEXT = "Ada wrote to Charles. " * 9


def history(*starts: int, annotator: str = "ada", name: str = "d") -> AnnotationSet:
    """A span of three characters at each of `starts`; decisions with the same start are the same one."""
    made = AnnotationSet("one", annotator)
    for seq, start in enumerate(starts, 1):
        uid = f"{name}{start}"
        span = Span(start, start + 3, "PER")
        made.apply(Decision(seq, seq, Verb.ADD, annotator, WHEN, f"s{uid}", None, span, uid=uid))
    return made


def data_of(made: AnnotationSet, text: str = TEXT) -> bytes:
    file = SetFile(made.document_id, made.annotator, new_document(text).sha256)
    return file.data(SetSnapshot.of(made))


def starts_in(data: bytes | None) -> list[int]:
    from annotator.store.inspection import inspect_set

    assert data is not None
    _, found, problems = inspect_set(data, origin="merged")
    assert problems == []
    return [each.start for each in found.spans]


@pytest.fixture
def place(tmp_path) -> Path:
    """Where ada's set stands in a store."""
    store = Store.create(tmp_path / "news", label_set=LABELS)
    store.add_document(new_document(TEXT, id="one"))
    return store.path / ONE


@pytest.mark.parametrize(
    ("ours", "theirs", "result"),
    [
        ((0, 10), (0, 10), [0, 10]),
        ((0,), (0, 10), [0, 10]),
        ((0, 10), (0,), [0, 10]),
        ((0, 10), (0, 20), [0, 10, 20]),
    ],
)
def test_histories_that_go_together_become_one(place, ours, theirs, result):
    found = merge_files(data_of(history(*ours)), data_of(history(*theirs)), place)
    assert starts_in(found.data) == result


@pytest.mark.parametrize("theirs", [history(0, 11), history(40, name="e")], ids=["overlap", "begun apart"])
def test_a_clash_keeps_theirs_beside(place, theirs):
    found = merge_files(data_of(history(0, 10)), data_of(theirs), place)
    assert (found.data, found.kept) == (None, "one.conflict-theirs-1.json")
    assert "go together" in found.reason
    assert (place.parent / found.kept).read_bytes() == data_of(theirs)


def test_a_nested_label_set_allows_overlaps(place):
    store = Store.open(place.parents[3])
    store.change_info(label_set=LabelSet(name="nested", labels=LABELS.labels, nested=True))
    assert starts_in(merge_files(data_of(history(0, 10)), data_of(history(0, 11)), place).data) == [0, 10, 11]


def test_outside_of_a_store_a_clash_is_told_and_nothing_written(tmp_path):
    found = merge_files(data_of(history(0, 10)), data_of(history(0, 11)), tmp_path / "x.json")
    assert (found.data, found.kept) == (None, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "reason", "is_kept"),
    [
        (b"{", data_of(history(0)), "ours is damaged", True),
        (data_of(history(0)), b"{", "theirs is damaged", False),
        (data_of(history(0)), b"", "theirs is damaged", False),
        (data_of(history(0)), b"{}", "neither a set", False),
        (data_of(history(0)), data_of(history(0, annotator="ben")), "different annotators", False),
        (data_of(history(0)), data_of(history(0), "Another text."), "different texts", False),
        (data_of(history(0)), data_of(history(0)).replace(b'"end": 3', b'"end": 4'), "checksum", False),
    ],
    ids=["ours cut", "theirs cut", "theirs empty", "no tables", "another's", "another text", "edited"],
)
def test_what_cannot_be_merged_is_told(place, ours, theirs, reason, is_kept):
    found = merge_files(ours, theirs, place)
    assert found.data is None
    assert reason in found.reason
    assert bool(found.kept) is is_kept


def test_two_copies_of_a_document_that_came_at_different_times_are_one(place):
    document = new_document(TEXT, id="one", meta={"a": 1})
    one, other = (document_data(document, [], order=order) for order in (5, 3))
    where = place.parents[3] / document_path("one")
    assert merge_files(one, other, where).data == other
    assert merge_files(other, one, where).data == other
    changed = document_data(new_document(TEXT, id="one", meta={"a": 2}), [], order=5)
    assert "different documents" in merge_files(one, changed, where).reason
    for wrong in (b"{}", b'{"document": {}}', data_of(history(0))):
        assert "ours is no document" in merge_files(wrong, one, where).reason


def test_assignments_are_united(place):
    both = [Assignment("ada", (Assigned(uid, uid, "lead", WHEN),)) for uid in ("one", "two")]
    data = merge_files(assignment_data(both[0]), assignment_data(both[1]), place).data
    assert data == assignment_data(Assignment("ada", (*both[0].assigned, *both[1].assigned)))
    other = assignment_data(Assignment("ben"))
    assert "different annotators" in merge_files(other, assignment_data(both[0]), place).reason
    assert "ours is damaged" in merge_files(b"{", assignment_data(both[0]), place).reason


@pytest.fixture
def shared(git, tmp_path) -> Store:
    """A store below a repository, committed, with a branch `laptop` that is where `main` is, and the driver set up."""
    for name, value in {
        "merge.annotator.name": "annotator",
        "merge.annotator.driver": f"{shlex.quote(sys.executable)} -m annotator merge-driver %O %A %B %P",
        "merge.annotator.recursive": "binary",
    }.items():
        git("config", name, value)
    store = Store.create(tmp_path / "my news", label_set=LABELS)
    store.add_document(new_document(TEXT, id="one"))
    store.save(SetSnapshot.of(history(0)))
    (store.path / ".gitattributes").write_text(
        "annotations/** merge=annotator\nassignments/** merge=annotator\n"
        "audit.json merge=annotator\ndocuments/** merge=annotator\n"
    )
    git("add", ".")
    git("commit", "-qm", "Begin")
    git("branch", "laptop")
    return store


def commit(git, store: Store, *, branch: str, starts: tuple[int, ...], assigned: str) -> None:
    git("checkout", "-q", branch)
    opened = Store.open(store.path)
    opened.load_set("one", "ada")
    opened.save(SetSnapshot.of(history(*starts)))
    with Assignments(opened).change() as changed:
        known = changed.get("ada", Assignment("ada"))
        changed["ada"] = Assignment("ada", (*known.assigned, Assigned(assigned, assigned, "lead", WHEN)))
    dismissal = Dismissal(assigned, FindingKind.LABELS, assigned, None, (), "lead", WHEN)
    Dismissals(opened).change(lambda known: (*known, dismissal))
    git("add", ".")
    git("commit", "-qm", f"Work on {branch}")


def sound(store: Store) -> list[str]:
    return [str(finding) for finding in check(Files(store.path))]


def test_git_merges_by_it(git, shared):
    commit(git, shared, branch="laptop", starts=(0, 20, 30), assigned="two")
    commit(git, shared, branch="main", starts=(0, 10), assigned="one")
    git("merge", "-q", "--no-edit", "laptop")
    assert git("status", "--porcelain") == ""
    store = Store.open(shared.path)
    assert [each.start for each in store.load_set("one", "ada").spans] == [0, 10, 20, 30]
    assert set(Assignments(store).read("ada").documents) == {"one", "two"}
    assert {each.surface for each in Dismissals(store).read()} == {"one", "two"}
    assert sound(store) == []


def test_git_leaves_a_clash_to_a_person(git, shared):
    commit(git, shared, branch="laptop", starts=(0, 11), assigned="two")
    commit(git, shared, branch="main", starts=(0, 10), assigned="one")
    said = git("merge", "--no-edit", "laptop", code=1)
    assert f"my news/{ONE}: their decisions do not go together" in said
    assert "choose a version" in said
    store = Store.open(shared.path)
    assert [each.start for each in store.load_set("one", "ada").spans] == [0, 10]
    [_, version] = store.versions("one", "ada")
    assert [each.start for each in version.annotation_set.spans] == [0, 11]
    assert (store.path / assignment_path("ada")).read_bytes().count(b'"document"') == 2
    store.choose("one", "ada", version.name)
    git("add", ".")
    git("commit", "-qm", "Merge the laptop's work")
    assert [each.start for each in Store.open(shared.path).load_set("one", "ada").spans] == [0, 11]
    assert sound(store) == []
