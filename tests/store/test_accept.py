"""What was changed by hand is shown, and becomes ordinary decisions once somebody says so."""

from __future__ import annotations

import re

import pytest

from annotator.errors import HeldError, InputError
from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import By, Status, Verb
from annotator.store.backups import backups
from annotator.store.check import check
from annotator.store.files import Files
from annotator.store.hand_edits import accept, hand_edits
from annotator.store.layout import document_path, set_path
from annotator.store.repair.replay import Signature
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot

BY = Signature("kim", "2026-11-23T00:00:00Z")
ONE = set_path("one", "anna")


@pytest.fixture
def full(store, add_spans) -> Store:
    store.save(SetSnapshot.of(add_spans(AnnotationSet("one", "anna"), 6)))
    store.close()
    return store


def edit(store: Store, path: str, pattern: str, new: str) -> None:
    file = store.path / path
    text, count = re.subn(pattern, new, file.read_text(encoding="utf-8"), count=1)
    assert count
    file.write_text(text, encoding="utf-8")


def take(store: Store, asked: str):
    files = Files(store.path)
    edits = hand_edits(files, asked, by=BY)
    accept(files, edits)
    assert list(check(files)) == []
    return edits


def test_an_edited_span_becomes_a_decision(full):
    before = (full.path / ONE).read_bytes()
    edit(full, ONE, r'"label": "PER", "decision": 2', '"label": "LOC", "decision": 2')
    [edited] = hand_edits(Files(full.path), "one", by=BY)
    assert edited.meaning == ("relabel PER 10–14 → LOC 10–14",)
    assert (full.path / ONE).read_bytes() != before
    assert [finding.path for finding in check(Files(full.path))] == [ONE]  # shown, and not taken yet
    take(full, "one")
    annotation_set = Store.open(full.path).load_set("one", "anna")
    decision = annotation_set.decisions[-1]
    assert (decision.verb, decision.who, decision.by, decision.seq) == (Verb.RELABEL, "kim", By.BULK, 7)
    assert annotation_set.get("000000000002").label == "LOC"
    assert [backup.reason for backup in backups(Files(full.path))] == ["before-accept"]


def test_a_span_taken_out_and_one_put_in_by_hand(full):
    edit(full, ONE, r'"2": \{"uid": "000000000002", "start"[^}]*\},\n', "")
    edit(
        full,
        ONE,
        r'"spans": \{\n',
        '"spans": {\n"99": {"uid": "mine", "start": 100, "end": 103, "label": "ORG", "note": "by hand", '
        '"decision": 99, "checksum": "0000000000000000"},\n',
    )
    [edited] = take(full, ONE)
    assert edited.meaning == ("remove PER 10–14", "add ORG 100–103 note “by hand”")
    annotation_set = Store.open(full.path).load_set("one", "anna")
    assert annotation_set.get("mine").span.note == "by hand"
    assert annotation_set.get("000000000002") is None


def test_an_edited_status_becomes_a_decision(full):
    edit(full, ONE, '"status": "started"', '"status": "done"')
    [edited] = take(full, str(full.path / ONE))
    assert edited.meaning == ("finish",)
    assert Store.open(full.path).load_set("one", "anna").status is Status.DONE


def test_an_edited_decision_changes_what_follows_from_it(full):
    edit(full, ONE, '(?<="step": 2, "verb": "add", "who": ")anna', "otto")
    [edited] = take(full, "one")
    assert "as they stand there" in edited.meaning[0]
    assert Store.open(full.path).load_set("one", "anna").decisions[1].who == "otto"


def test_an_edited_title_and_label_set_are_taken(full):
    edit(full, document_path("one"), '"title": "[^"]*"', '"title": "Another title"')
    edit(full, "store.json", '"name": "LOC"', '"name": "PLACE"')
    take_nothing = hand_edits(Files(full.path), "one", by=BY)
    assert take_nothing[0].meaning[0] == "title: Another title"
    files = Files(full.path)
    accept(files, [*take_nothing, *hand_edits(files, "store.json", by=BY)])
    assert list(check(files)) == []
    again = Store.open(full.path)
    assert again.document("one").title == "Another title"
    assert "PLACE" in again.info.label_set


@pytest.mark.parametrize(
    ("path", "pattern", "new", "reason"),
    [
        (ONE, r'"label": "PER", "decision": 2', '"label": "XYZ", "decision": 2', "no label XYZ"),
        (
            ONE,
            r'"end": 14, "label": "PER", "decision"',
            '"end": 99999, "label": "PER", "decision"',
            "outside",
        ),
        (
            ONE,
            r'"end": 14, "label": "PER", "decision"',
            '"end": 10, "label": "PER", "decision"',
            "no characters",
        ),
        (
            ONE,
            r'"label": "PER", "decision": 2',
            '"label": 3, "decision": 2',
            "label: it should be a valid string, not 3",
        ),
        (ONE, '"verb": "accept"', '"verb": "guess"', "guess"),
        (ONE, '"seq": 3, "step": 3', '"seq": 4, "step": 3', "do not follow"),
        (ONE, '"keys": 0', '"keys": ', "not JSON"),
        (document_path("one"), '"text": "Hugo', '"text": "Hago', "text is not the one"),
        (set_path("one", "nobody"), None, None, "nothing was changed"),
        ("one", None, None, "nothing was changed"),
        ("../../etc/passwd", None, None, "nothing was changed"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(full, files_of, path, pattern, new, reason):
    if pattern is not None:
        edit(full, path, pattern, new)
    before = files_of(full)
    with pytest.raises(InputError, match=reason) as told:
        hand_edits(Files(full.path), path, by=BY)
    assert told.value.hint
    assert files_of(full) == before


def test_sets_that_another_program_holds_are_not_touched(full):
    edit(full, ONE, r'"label": "PER", "decision": 2', '"label": "LOC", "decision": 2')
    files = Files(full.path)
    edits = hand_edits(files, "one", by=BY)
    data = (full.path / ONE).read_bytes()
    with Store.open(full.path).hold("anna"), pytest.raises(HeldError):
        accept(files, edits)
    assert (full.path / ONE).read_bytes() == data
