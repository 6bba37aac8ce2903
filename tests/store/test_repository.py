"""A store gives back what it was given, and says clearly what it does not take."""

from __future__ import annotations

import errno
import json
import os
import shutil
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB

from annotator.errors import DamageError, InputError, SaveError, StoreError, VersionError
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.store.tables import encode_record, encode_tables

any_text = st.text(st.characters(exclude_categories=()))
any_meta = st.dictionaries(
    any_text,
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | any_text,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)
documents = st.builds(
    new_document, any_text, id=any_text.filter(bool), title=any_text.filter(bool), meta=any_meta
)
suggestions = st.lists(
    st.builds(
        Suggestion,
        st.integers(0, 9),
        st.integers(10, 20),
        st.sampled_from(["PER", "ORG"]),
        st.sampled_from(["model", "pattern"]),
        st.none() | st.floats(0, 1),
        any_text,
        any_text,
    ),
    max_size=4,
)
slow_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def _has_a_pair(*values: object) -> bool:
    text = json.dumps(values, ensure_ascii=False, default=str)
    return any("\ud800" <= a <= "\udbff" and "\udc00" <= b <= "\udfff" for a, b in pairwise(text))


class TestDocuments:
    @slow_fixture
    @given(document=documents, suggested=suggestions)
    @example(
        document=new_document("e\u0301 😀 \x00\r\n\u2028 שלום", id="../a b/C", meta={"": [1.0, {}]}),
        suggested=[],
    )
    @example(document=new_document("\ud800", id="\udfff"), suggested=[])
    def test_documents_come_back(self, store, document, suggested):
        assume(
            not _has_a_pair(
                document.id, document.text, document.title, document.meta, [str(s) for s in suggested]
            )
        )
        assume(not store.has_document(document.id))
        assert store.add_document(document, suggestions=suggested)
        again = Store.open(store.path)
        assert again.document(document.id) == document
        assert again.imported_suggestions(document.id) == tuple(suggested)

    def test_tokens_and_sentences_of_the_source_come_back(self, store):
        text = "Ada wrote. Bab read."
        tokens = Tokens(stand_in_tokens(text), tokenizer="conll")
        store.add_document(new_document(text, id="t", tokens=tokens, sentences=(0, 11)))
        document = Store.open(store.path).document("t")
        assert document.tokens == tokens
        assert document.tokens.tokenizer == "conll"
        assert document.sentences == (0, 11)
        assert store.document("one").tokens is None
        assert store.document("one").sentences is None

    def test_ids_that_differ_in_capitals_alone_are_two_documents(self, store):
        for id in ("Doc", "doc", "DOC", "doc/", "doc "):
            assert store.add_document(new_document(f"text of {id}", id=id))
        assert [store.document(id).text for id in ("Doc", "doc", "DOC")] == [
            "text of Doc",
            "text of doc",
            "text of DOC",
        ]

    def test_the_same_document_is_added_once(self, store):
        one = store.document("one")
        assert not store.add_document(one)
        assert len(store.catalogue) == 2

    def test_another_text_under_the_same_id_is_refused_and_named(self, store):
        with pytest.raises(InputError, match="document one is there already, with another text") as told:
            store.add_document(new_document("other", id="one"))
        assert told.value.hint
        assert store.document("one").text.startswith("Hugo")

    @pytest.mark.parametrize(
        "meta", [{1: "a"}, {"a": (1, 2)}, {"a": {1: 2}}, {"a": float("nan")}, {"a": object()}]
    )
    def test_metadata_that_would_come_back_as_something_else_are_refused(self, store, meta):
        with pytest.raises(InputError, match="JSON"):
            store.add_document(new_document("text", id="m", meta=meta))
        assert not store.has_document("m")

    def test_halves_of_a_character_are_refused(self, store):
        with pytest.raises(InputError, match="halves"):
            store.add_document(new_document("a \ud83d" + "\ude00", id="m"))
        assert not store.has_document("m")

    def test_a_document_that_is_not_there_is_named(self, store):
        with pytest.raises(InputError, match="no document nine"):
            store.document("nine")
        with pytest.raises(InputError, match="no document nine"):
            store.load_set("nine", "anna")

    def test_many_are_added_in_order_and_again(self, store, disk):
        many = [new_document(f"text {number}", id=f"d{number}") for number in range(40)]
        disk.fail_from_now()
        assert store.add_documents(many) == (40, 0)
        folders = len(list((store.path / "documents").iterdir()))
        assert disk.calls.count("sync") <= 40 + folders + 2  # a file each, then each folder once
        assert store.add_documents([*many, new_document("new", id="new")]) == (1, 40)
        assert store.catalogue.ids == ["one", "Zwei/2", *(f"d{number}" for number in range(40)), "new"]

    def test_those_before_a_bad_one_stay(self, store):
        bad = Document("bad", "text", "title", meta={"a": object()})
        with pytest.raises(InputError, match="metadata of document bad"):
            store.add_documents([new_document("good", id="good"), bad, new_document("late", id="late")])
        again = Store.open(store.path)
        assert again.document("good").text == "good"
        assert again.catalogue.ids == ["one", "Zwei/2", "good"]


class TestSets:
    def test_a_set_comes_back_after_reopening(self, store, add_spans):
        annotation_set = add_spans(store.load_set("Zwei/2", "anna"), 7)
        store.save(SetSnapshot.of(annotation_set))
        loaded = Store.open(store.path).load_set("Zwei/2", "anna")
        assert loaded.decisions == annotation_set.decisions
        assert list(loaded.spans) == list(annotation_set.spans)

    def test_without_a_file_a_set_is_fresh(self, store):
        assert store.load_set("one", "anna").revision == 0
        assert store.load_set("one", "anna").status is Status.TODO
        assert store.annotators() == []

    def test_who_has_sets(self, store, add_spans):
        for document, name in [("one", "ben"), ("one", "anna"), ("Zwei/2", "ben"), ("one", "gold")]:
            store.save(SetSnapshot.of(add_spans(store.load_set(document, name, gold=True))))
        assert store.annotators() == ["anna", "ben"]
        assert store.annotators(gold=True) == ["anna", "ben", "gold"]
        assert store.sets_of("one") == ["anna", "ben"]
        assert store.sets_of("one", gold=True) == ["anna", "ben", "gold"]
        assert store.sets_of("Zwei/2") == ["ben"]

    def test_names_are_checked(self, store, add_spans):
        for name in ("gold", "../anna", ""):
            with pytest.raises(InputError):
                store.load_set("one", name)
        store.save(SetSnapshot.of(add_spans(store.load_set("one", "Anna"))))
        with pytest.raises(InputError, match="annotator Anna already"):
            store.load_set("one", "anna")

    def test_many_are_saved_with_one_sync_of_each_folder(self, store, add_spans, disk):
        snapshots = [SetSnapshot.of(add_spans(store.load_set("one", f"a{number}"))) for number in range(9)]
        store.catalogue  # noqa: B018  # loaded here, so that it is kept up
        disk.fail_from_now()
        with store.batch() as batch:
            for snapshot in snapshots:
                batch.save(snapshot)
        assert (
            disk.calls.count("sync") == 9 + 9 + 9 + 1 + 1
        )  # files, shards, annotators, annotations, the root
        assert [Store.open(store.path).load_set("one", s.annotator).revision for s in snapshots] == [1] * 9
        assert store.catalogue.set_entry("one", "a3").spans == 1

    @pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
    def test_a_failing_call_loses_nothing_that_was_saved(self, store, add_spans, disk, error):
        annotation_set = add_spans(store.load_set("one", "anna"), 3)
        store.save(SetSnapshot.of(annotation_set))
        store.catalogue  # noqa: B018
        disk.fail_from_now()
        store.save(SetSnapshot.of(annotation_set))
        number_of_calls = len(disk.calls)
        assert {"modified", "open_new", "write", "sync", "replace", "open_end"} <= set(disk.calls)
        for number in range(number_of_calls):
            saved = annotation_set.revision
            newer = SetSnapshot.of(add_spans(annotation_set))
            disk.fail_from_now(number, error=error)
            error_told = None
            try:
                store.save(newer)
                saved += 1
            except SaveError as told:
                error_told = told
            assert error_told is None or error_told.hint
            disk.fail_from_now()
            on_disk = Store.open(store.path).load_set("one", "anna")
            assert on_disk.revision in (saved, newer.revision)
            assert on_disk.decisions == list(newer.decisions[: on_disk.revision])
            store.save(newer)
            assert Store.open(store.path).load_set("one", "anna").decisions == list(newer.decisions)

    def test_death_at_any_call_leaves_the_old_set_or_the_new_one(self, store, add_spans, disk):
        class Killed(BaseException):
            pass

        annotation_set = add_spans(store.load_set("one", "anna"), 3)
        store.save(SetSnapshot.of(annotation_set))
        disk.fail_from_now()
        store.save(SetSnapshot.of(annotation_set))
        disk.death = Killed()
        for number in range(len(disk.calls)):
            before = annotation_set.revision
            newer = SetSnapshot.of(add_spans(annotation_set))
            disk.fail_from_now(number)
            with pytest.raises(Killed):
                store.save(newer)
            on_disk = Store.open(store.path).load_set("one", "anna")
            assert on_disk.revision in (before, newer.revision)
            assert on_disk.decisions == list(newer.decisions[: on_disk.revision])
            disk.fail_from_now()
            store.save(newer)

    def test_what_cannot_be_encoded_is_a_save_error(self, store, add_spans):
        annotation_set = add_spans(store.load_set("one", "anna"))
        annotation_set.effort.seconds = float("nan")
        with pytest.raises(SaveError, match="set of anna on one could not be saved"):
            store.save(SetSnapshot.of(annotation_set))

    def test_a_file_in_the_place_of_another_is_damage(self, store, add_spans):
        for document in ("one", "Zwei/2"):
            store.save(SetSnapshot.of(add_spans(store.load_set(document, "anna"))))
        first, second = (store.path / "annotations").rglob("*.json")
        shutil.copy(first, second)
        document = "one" if second.name == "one.json" else "Zwei/2"
        with pytest.raises(DamageError, match="is the set of anna on document"):
            store.load_set(document, "anna")

    def test_a_store_that_is_gone_is_not_an_empty_one(self, store, add_spans):
        annotation_set = add_spans(store.load_set("one", "anna"))
        store.path.rename(store.path.with_name("elsewhere"))
        with pytest.raises(StoreError, match="gone"):
            store.load_set("one", "anna")
        with pytest.raises(SaveError, match="gone"):
            store.save(SetSnapshot.of(annotation_set))
        assert not store.path.exists()
        store.path.with_name("elsewhere").rename(store.path)
        store.save(SetSnapshot.of(annotation_set))
        assert store.load_set("one", "anna").revision == 1


class TestTheStoreItself:
    def test_what_holds_for_it_comes_back(self, tmp_path):
        labels = LabelSet(
            name="n",
            labels=(Label(name="PER", key="P", description="people"), Label(name="ORG")),
            map={"X": None},
        )
        created = Store.create(tmp_path / "deep" / "store", label_set=labels, model="en_core_web_sm")
        info = Store.open(created.path).info
        assert info == created.info
        assert (info.label_set, info.model, info.tokenizer, info.schema_version) == (
            labels,
            "en_core_web_sm",
            None,
            1,
        )

    def test_it_can_be_changed(self, store):
        before = store.info
        labels = LabelSet.from_names("news", ["PER", "ORG", "LOC", "WORK"])
        store.change_info(label_set=labels, tokenizer="en 3.8.0")
        info = Store.open(store.path).info
        assert (info.label_set, info.tokenizer, info.model) == (labels, "en 3.8.0", None)
        assert (info.uid, info.created) == (before.uid, before.created)

    def test_stock_tinydb_opens_every_file(self, store, add_spans):
        store.save(SetSnapshot.of(add_spans(store.load_set("one", "anna"), 5)))
        store.close()
        opened = {}
        for path in store.path.rglob("*.json"):
            if ".cache" not in path.parts:
                with TinyDB(path, access_mode="r") as database:
                    opened[path.relative_to(store.path).parts[0]] = {
                        name: len(database.table(name)) for name in sorted(database.tables())
                    }
        assert opened == {
            "store.json": {"store": 1},
            "documents": {"document": 1, "suggestions": 0},
            "annotations": {"decisions": 5, "spans": 5, "status": 1},
        }

    def test_a_folder_with_anything_in_it_is_left_alone(self, tmp_path, label_set):
        (tmp_path / "thesis.txt").touch()
        with pytest.raises(InputError, match="not empty"):
            Store.create(tmp_path, label_set=label_set)
        with pytest.raises(InputError, match="is a file"):
            Store.create(tmp_path / "thesis.txt", label_set=label_set)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_a_store_is_not_made_twice(self, store, label_set):
        with pytest.raises(StoreError, match="is a store already"):
            Store.create(store.path, label_set=label_set)

    def test_making_one_can_be_tried_again_after_any_failure(self, tmp_path, label_set, disk):
        disk.fail_from_now()
        Store.create(tmp_path / "a" / "first", label_set=label_set, disk=disk)
        for number in range(len(disk.calls)):
            disk.fail_from_now(number)
            path = tmp_path / str(number) / "store"
            with pytest.raises(StoreError):
                Store.create(path, label_set=label_set, disk=disk)
            disk.fail_from_now()
            if not (path / "store.json").exists():
                Store.create(path, label_set=label_set, disk=disk)
            assert Store.open(path).info.label_set == label_set

    def test_what_is_not_a_store_is_named(self, tmp_path):
        for path, reason in [(tmp_path, "is not a store"), (tmp_path / "no", "is not there")]:
            with pytest.raises(StoreError, match=reason) as told:
                Store.open(path)
            assert "--store" in told.value.hint

    def test_a_newer_store_and_a_damaged_one_are_told_apart(self, store):
        path = store.path / "store.json"
        data = path.read_bytes()
        newer = encode_record("store", 1, {"uid": "u", "schema_version": 2, "novel": True})
        path.write_bytes(encode_tables({"store": [newer]}))
        with pytest.raises(VersionError, match="version 2") as told:
            Store.open(store.path)
        assert "newest" in told.value.hint
        path.write_bytes(data.replace(b"PER", b"PET"))
        with pytest.raises(DamageError, match=r"store\.json is damaged"):
            Store.open(store.path)

    def test_opening_sweeps_what_a_crash_left(self, store):
        left = store.path / ".tmp" / "left"
        left.touch()
        os.utime(left, (0, 0))
        Store.open(store.path)
        assert not left.exists()

    def test_nothing_is_written_to_find_out_that_one_cannot_write(self, store, disk, monkeypatch):
        assert Store.open(store.path).is_read_only is None
        before = {path: path.stat().st_mtime_ns for path in store.path.rglob("*")}
        denied = store.path / "documents"
        monkeypatch.setattr(os, "access", lambda path, mode: path != denied)
        disk.fail_from_now()
        opened = Store.open(store.path, disk=disk)
        assert opened.is_read_only == f"you may not write in {denied}"
        assert opened.document("one").id == "one"
        assert set(disk.calls) <= {"read", "names"}
        assert {path: path.stat().st_mtime_ns for path in store.path.rglob("*")} == before

    def test_a_read_only_disk_is_named(self, store, monkeypatch):
        class Mounted:
            f_flag = os.ST_RDONLY

        monkeypatch.setattr(os, "statvfs", lambda path: Mounted)
        assert "read-only disk" in (Store.open(store.path).is_read_only or "")

    def test_git_is_told_what_is_disposable(self, store):
        assert {".cache/", ".tmp/"} <= set((store.path / ".gitignore").read_text().splitlines())
