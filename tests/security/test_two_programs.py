"""Two programs at once on one store, and a store that goes away: nothing is overwritten, and both are told the truth."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from annotator.errors import InputError, SaveError, StoreError
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import Label, LabelSet
from annotator.model.spans import Span
from annotator.store.info_file import changed_labels
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from tests.security.conftest import Home

LABELS = LabelSet.from_names("x", ["A", "B"])


def with_labels(labels: LabelSet, *names: str) -> LabelSet:
    return replace(labels, labels=(*labels.labels, *(Label(name=name) for name in names)))


def test_labels_that_two_programs_add_are_all_kept(home: Home) -> None:
    one, two = Store.open(home.store), Store.open(home.store)
    one.change_info(label_set=with_labels(one.info.label_set, "ONE"))
    two.change_info(label_set=with_labels(two.info.label_set, "TWO"))
    assert list(Store.open(home.store).info.label_set.by_name) == ["PER", "LOC", "ONE", "TWO"]
    assert "ONE" in two.info.label_set


def test_changes_that_do_not_go_together_are_refused(home: Home) -> None:
    one, two = Store.open(home.store), Store.open(home.store)
    one.change_info(label_set=LabelSet.from_names("x", ["PERSON", "LOC"]))
    with pytest.raises(SaveError, match="has changed the label set meanwhile"):
        two.change_info(label_set=LabelSet.from_names("x", ["PER", "PLACE"]))
    assert list(Store.open(home.store).info.label_set.by_name) == ["PERSON", "LOC"]


def test_what_only_one_side_changed_is_taken() -> None:
    more = with_labels(LABELS, "C")
    assert changed_labels(LABELS, more, LABELS) == more
    assert changed_labels(LABELS, more, more) == more
    keyed = replace(LABELS, labels=(*LABELS.labels, Label(name="D", key="1")))
    current = replace(LABELS, labels=(*LABELS.labels, Label(name="E", key="1")))
    joint = changed_labels(LABELS, keyed, current)
    assert [label.name for label in joint.labels] == ["A", "B", "E", "D"]


def test_a_set_with_a_label_that_was_renamed_elsewhere_is_not_called_saved(home: Home) -> None:
    store = Store.open(home.store)
    annotation_set = store.load_set("one", "ada")
    Store.open(home.store).change_info(label_set=LabelSet.from_names("x", ["PERSON", "LOC"]))
    annotation_set.apply(
        Decision(3, 3, Verb.ADD, "ada", "2026-11-22T14:05:11Z", "s2", after=Span(8, 11, "LOC"), uid="new")
    )
    with pytest.raises(SaveError, match="the label PER is no longer in the label set"):
        store.save(SetSnapshot.of(annotation_set))
    assert list(store.info.label_set.by_name) == ["PERSON", "LOC"]


def test_the_second_of_two_programs_sees_the_documents_of_the_first(home: Home) -> None:
    one, two = Store.open(home.store), Store.open(home.store)
    assert one.add_document(new_document("First.", id="new"))
    with pytest.raises(InputError, match="with another text"):
        two.add_document(new_document("Second.", id="new"))
    assert Store.open(home.store).document("new").text == "First."


def test_a_store_that_is_gone_is_never_made_anew_by_a_save(home: Home) -> None:
    store = Store.open(home.store)
    annotation_set = store.load_set("one", "ada")
    away = home.folder / "away"
    home.store.rename(away)
    home.store.mkdir()
    with pytest.raises(SaveError, match="is gone"):
        store.save(SetSnapshot.of(annotation_set))
    assert list(home.store.iterdir()) == []
    home.store.rmdir()
    away.rename(home.store)
    store.save(SetSnapshot.of(annotation_set))


def test_another_store_in_its_place_is_not_written(home: Home) -> None:
    store = Store.open(home.store)
    annotation_set = store.load_set("one", "ada")
    shutil.rmtree(home.store)
    Store.create(home.store, label_set=LABELS).close()
    with pytest.raises(SaveError, match="another store lies"):
        store.save(SetSnapshot.of(annotation_set))
    with pytest.raises(StoreError, match="another store lies"):
        store.add_document(new_document("New.", id="new"))
    assert not list(home.store.rglob("*/one.json"))


@pytest.mark.slow
def test_two_imports_of_the_same_ids_never_overwrite_each_other(home: Home) -> None:
    """Each trial: two processes import 40 ids with texts of their own at once."""
    for trial in range(6):
        store = home.folder / f"trial-{trial}"
        Store.create(store, label_set=LABELS).close()
        processes = []
        for side in ("left", "right"):
            path = home.folder / f"{side}.jsonl"
            rows = [{"text": f"{side} {number}", "id": f"doc-{number}"} for number in range(40)]
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            command = [sys.executable, "-m", "annotator", "import", str(path), "--store", str(store)]
            processes.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=home.folder))
        said = [process.communicate(timeout=120)[1] for process in processes]
        codes = sorted(process.returncode for process in processes)
        assert codes == [0, 1], said
        opened = Store.open(store)
        texts = {opened.document(f"doc-{number}").text.split()[0] for number in range(40)}
        assert len(texts) == 1, "all of them are one program's"


def test_threads_of_one_program_share_the_right_to_add(home: Home) -> None:
    store = Store.open(home.store)
    failures: list[BaseException] = []

    def add(number: int) -> None:
        try:
            store.add_document(new_document(f"Text {number}.", id=f"t-{number}"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(store.has_document(f"t-{number}") for number in range(8))


def test_the_lock_on_adding_is_no_annotators(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "s", label_set=LABELS)
    for name in (".documents", ".store"):
        with pytest.raises(InputError, match="cannot be the name"):
            store.hold(name)
