"""Annotation sets come back as they were, whatever was decided, and cost little to save again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import DamageError, FoldError, InputError, StoreError, VersionError
from annotator.model.annotations import AnnotationSet, Effort
from annotator.model.decisions import By, Comment, Decision, Status, Verb
from annotator.model.spans import Span, Suggestion
from annotator.store import storage
from annotator.store.sets import SetFile, SetSnapshot
from annotator.store.tables import encode_record, encode_tables
from tests.table_files import decode_tables

SHA = "0" * 64
words = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
verbs = st.sampled_from(Verb)


@st.composite
def annotation_sets(draw) -> AnnotationSet:
    """A set with any history that folds: decisions that do not follow are left out."""
    annotation_set = AnnotationSet("Doc/1", "anna")
    for number in range(draw(st.integers(0, 25))):
        verb = draw(verbs)
        seq = annotation_set.revision + 1
        step = annotation_set.last_step + 1
        start = draw(st.integers(0, 50))
        span = Span(
            start, start + draw(st.integers(1, 9)), "PER", draw(words), draw(st.booleans()), draw(words)
        )
        suggestion = draw(
            st.none()
            | st.builds(
                Suggestion,
                start=st.just(span.start),
                end=st.just(span.end),
                label=st.just("ORG"),
                score=st.none() | st.floats(0, 1),
                name=words,
                source_label=words,
            )
        )
        uid = before = after = comment = None
        if verb is Verb.UNDO and annotation_set.undo_step:
            step, suggestion = annotation_set.undo_step[0].step, None
        elif verb is Verb.REDO and annotation_set.redo_step:
            step, suggestion = annotation_set.redo_step[0].step, None
        elif verb in (Verb.ACCEPT, Verb.ADD):
            uid, after = f"span{number}", span
        elif verb in (Verb.RELABEL, Verb.RESIZE, Verb.REMOVE, Verb.DOUBT, Verb.NOTE) and len(
            annotation_set.spans
        ):
            decided = annotation_set.spans[draw(st.integers(0, len(annotation_set.spans) - 1))]
            uid, before, after = decided.uid, decided.span, None if verb is Verb.REMOVE else span
        elif verb is Verb.COMMENT:
            comment = Comment(span.start, span.end, draw(words), tuple(draw(st.lists(words, max_size=2))))
        elif verb in (Verb.FINISH, Verb.SKIP, Verb.REOPEN):
            suggestion = None
        elif verb is not Verb.REJECT or suggestion is None:
            continue
        by = draw(st.sampled_from(By))
        decision = Decision(
            seq, step, verb, "anna", f"t{number}", uid, before, after, suggestion, by, f"u{number}", comment
        )
        try:
            annotation_set.apply(decision)
        except FoldError:
            continue
    annotation_set.effort.seconds = draw(st.integers(0, 99999)) / 10
    annotation_set.effort.keys = draw(st.integers(0, 9999))
    return annotation_set


def _data(annotation_set: AnnotationSet, *, file: SetFile | None = None) -> bytes:
    file = file or SetFile(annotation_set.document_id, annotation_set.annotator, SHA)
    return file.data(SetSnapshot.of(annotation_set))


def _load(data: bytes, *, key: tuple[str, str] = ("Doc/1", "anna"), sha: str = SHA) -> AnnotationSet:
    return SetFile(*key, sha).load(data, origin="x")


def _parts(annotation_set: AnnotationSet):
    return (
        annotation_set.decisions,
        list(annotation_set.spans),
        list(annotation_set.rejections),
        annotation_set.status,
        annotation_set.comments,
        annotation_set.effort,
        annotation_set.undo_step,
        annotation_set.redo_step,
    )


@given(annotation_sets())
def test_a_set_comes_back_with_its_history(annotation_set):
    loaded = _load(_data(annotation_set))
    assert _parts(loaded) == _parts(annotation_set)
    assert _parts(SetSnapshot.of(annotation_set).restored()) == _parts(annotation_set)


@given(annotation_sets(), st.data())
def test_saving_on_the_way_gives_the_same_bytes_as_saving_once(annotation_set, data):
    file = SetFile("Doc/1", "anna", SHA)
    growing = AnnotationSet("Doc/1", "anna", effort=annotation_set.effort)
    for decision in annotation_set.decisions:
        growing.apply(decision)
        if data.draw(st.booleans()):
            _data(growing, file=file)
    assert _data(growing, file=file) == _data(annotation_set)


@given(annotation_sets())
def test_a_loaded_set_is_saved_again_as_the_same_bytes(annotation_set):
    data = _data(annotation_set)
    file = SetFile("Doc/1", "anna", SHA)
    loaded = file.load(data, origin="x")
    assert _data(loaded, file=file) == data


def test_another_history_is_not_taken_for_a_longer_one(add_spans):
    file = SetFile("Doc/1", "anna", SHA)
    _data(add_spans(AnnotationSet("Doc/1", "anna"), 3), file=file)
    other = AnnotationSet("Doc/1", "anna")
    other.apply(Decision(1, 1, Verb.SKIP, "anna", "t", uid="u"))
    for count in (4, 1):
        add_spans(other, count)
        assert _parts(_load(_data(other, file=file))) == _parts(other)


def test_only_what_is_new_is_encoded(add_spans, monkeypatch):
    encoded = []
    monkeypatch.setattr(
        storage, "encode_record", lambda *record: encoded.append(record[:2]) or encode_record(*record)
    )
    file = SetFile("Doc/1", "anna", SHA)
    annotation_set = add_spans(AnnotationSet("Doc/1", "anna"), 50)
    _data(annotation_set, file=file)
    encoded.clear()
    _data(add_spans(annotation_set), file=file)
    assert encoded == [("status", 1), ("spans", 51), ("decisions", 51)]


def test_a_snapshot_does_not_change_with_the_set(add_spans):
    annotation_set = add_spans(AnnotationSet("Doc/1", "anna"), 3)
    snapshot = SetSnapshot.of(annotation_set, undecided=4)
    before = _data(annotation_set)
    add_spans(annotation_set, 3)
    annotation_set.effort.keys = 9
    assert SetFile("Doc/1", "anna", SHA).data(snapshot) == before
    assert (snapshot.revision, snapshot.undecided) == (3, 4)


def test_a_decision_without_uid_gets_one_that_stays():
    annotation_set = AnnotationSet("Doc/1", "anna")
    annotation_set.apply(Decision(1, 1, Verb.SKIP, "anna", "t"))
    first, second = (_load(_data(annotation_set)).decisions[0].uid for _ in range(2))
    assert first == second
    assert len(first) == 12


def test_a_note_that_no_file_can_hold_is_refused_and_what_follows_is_not():
    file = SetFile("Doc/1", "anna", SHA)
    annotation_set = AnnotationSet("Doc/1", "anna")
    annotation_set.apply(
        Decision(1, 1, Verb.ADD, "anna", "t", "s", None, Span(0, 1, "PER", "\ud800" + "\udc00"), uid="u")
    )
    with pytest.raises(InputError, match="halves"):
        _data(annotation_set, file=file)
    fine = AnnotationSet("Doc/1", "anna")
    fine.apply(Decision(1, 1, Verb.ADD, "anna", "t", "s", None, Span(0, 1, "PER", "\udc00"), uid="u"))
    assert _parts(_load(_data(fine, file=file))) == _parts(fine)


def _rewritten(data: bytes, change) -> bytes:
    """The file with its records changed and their checksums made anew, as a program that knows them would."""
    tables = {
        name: {row.id: row.record for row in rows} for name, rows in decode_tables(data, origin="x").items()
    }
    change(tables)
    return encode_tables(
        {
            name: [encode_record(name, id, record) for id, record in rows.items()]
            for name, rows in tables.items()
        }
    )


def test_any_changed_byte_is_damage_or_changes_nothing(add_spans):
    annotation_set = add_spans(AnnotationSet("Doc/1", "anna"), 3)
    data = _data(annotation_set)
    harmless = 0
    for offset in range(len(data)):
        for middle in (bytes([data[offset] ^ 1]), bytes([data[offset] ^ 0x20]), b""):
            try:
                loaded = _load(data[:offset] + middle + data[offset + 1 :])
            except StoreError:
                continue
            harmless += 1
            assert _parts(loaded) == _parts(annotation_set)
    assert harmless < len(data) / 5  # spaces and line feeds that were taken away


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda tables: tables["spans"].pop(2), "spans do not follow"),
        (lambda tables: tables["spans"][2].update(end=99), "spans do not follow"),
        (lambda tables: tables["spans"].update({9: tables["spans"].pop(2)}), "spans do not follow"),
        (lambda tables: tables["decisions"].pop(3), "tells of 3 decisions, but it has 2"),
        (lambda tables: tables["decisions"].pop(2), "decision 3 follows 1"),
        (lambda tables: tables["decisions"].update({9: tables["decisions"].pop(3)}), "decision 9 says"),
        (lambda tables: tables["decisions"][3].update(verb="guess"), "record 3: verb"),
        (lambda tables: tables["decisions"][3].update(mood="glad"), "record 3: mood"),
        (lambda tables: tables["decisions"][3]["after"].update(mood="glad"), "record 3: after.mood"),
        (lambda tables: tables["decisions"][3].pop("who"), "record 3: who"),
        (lambda tables: tables["status"][1].update(status="done"), "status"),
        (lambda tables: tables["status"][1].update(document="other"), "set of anna on document other"),
        (lambda tables: tables["status"][1].update(annotator="ben"), "set of ben"),
        (lambda tables: tables["status"][1].update(text_sha256="1" * 64), "another text"),
        (lambda tables: tables["status"][1].pop("keys"), "keys"),
        (lambda tables: tables["status"][1].pop("schema_version"), "which version"),
        (lambda tables: tables["status"].update({2: tables["status"][1]}), "does not have one record"),
        (lambda tables: tables.pop("status"), "tables are"),
        (lambda tables: tables.pop("spans"), "tables are"),
        (lambda tables: tables.update(comments={}), "tables are"),
    ],
)
def test_tables_that_do_not_belong_together_are_damage(add_spans, change, reason):
    data = _data(add_spans(AnnotationSet("Doc/1", "anna"), 3))
    with pytest.raises(DamageError, match=reason):
        _load(_rewritten(data, change))


def test_a_newer_file_is_told_from_a_damaged_one(add_spans):
    data = _data(add_spans(AnnotationSet("Doc/1", "anna")))
    with pytest.raises(VersionError, match="version 2; this program knows 1"):
        _load(_rewritten(data, lambda tables: tables["status"][1].update(schema_version=2, mood="glad")))


def test_records_are_readable_and_say_no_more_than_they_must(add_spans):
    annotation_set = add_spans(AnnotationSet("Doc/1", "anna"), 2)
    annotation_set.apply(Decision(3, 3, Verb.FINISH, "anna", "2026-11-22T15:00:00Z", by=By.DOCUMENT, uid="u"))
    content = json.loads(_data(annotation_set))
    for table in content.values():
        for record in table.values():
            assert next(iter(record)) == "uid"
            assert list(record)[-1] == "checksum"
            del record["checksum"]
    assert content["spans"]["2"] == {
        "uid": "000000000002",
        "start": 10,
        "end": 14,
        "label": "PER",
        "decision": 2,
    }
    assert content["decisions"]["1"] == {
        "uid": "000000001001",
        "seq": 1,
        "step": 1,
        "verb": "accept",
        "who": "anna",
        "when": "2026-11-22T14:02:11Z",
        "by": "key",
        "span": "000000000001",
        "after": {"start": 5, "end": 9, "label": "PER"},
        "suggestion": {"start": 5, "end": 9, "label": "PER", "source": "model", "score": 0.5},
    }
    status = content["status"]["1"]
    assert status["status"] == Status.DONE
    assert (status["revision"], status["updated"]) == (3, "2026-11-22T15:00:00Z")


def test_that_a_set_was_made_blind_is_kept():
    effort = Effort(seconds=2.5, keys=7, is_blind=True)
    snapshot = SetSnapshot.of(AnnotationSet("one", "anna", effort=effort))
    data = SetFile("one", "anna", SHA).data(snapshot)
    loaded = SetFile("one", "anna", SHA).load(data, origin="x")
    assert loaded.effort == effort == snapshot.restored().effort
    sighted = SetSnapshot.of(AnnotationSet("one", "anna", effort=Effort(keys=7)))
    assert b'"blind"' not in SetFile("one", "anna", SHA).data(sighted)
