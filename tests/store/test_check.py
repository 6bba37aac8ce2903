"""Every kind of damage is found, and mended with nothing lost that was whole."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from annotator.model.annotations import AnnotationSet
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Span, Suggestion
from annotator.store.backups import back_up
from annotator.store.check import check
from annotator.store.damage import Damage, Finding
from annotator.store.files import Files
from annotator.store.layout import document_path, set_path
from annotator.store.plans import Plan, plan_data
from annotator.store.repair.repair import Repair
from annotator.store.repair.replay import Signature
from annotator.store.repository import Store
from annotator.store.sets import SetFile, SetSnapshot
from annotator.store.tables import encode_record, encode_tables
from tests.table_files import decode_tables

WHEN = "2026-11-22T14:02:11Z"
BY = Signature("kim", WHEN)
TEXT = "Hugo Chávez spoke in Caracas. 😀 " * 40
ONE = set_path("one", "anna")


@pytest.fixture
def full(store, add_spans) -> Store:
    """The store with sets of anna and ben, of twelve decisions each."""
    for document_id in ("one", "Zwei/2"):
        for annotator in ("anna", "ben"):
            annotation_set = add_spans(AnnotationSet(document_id, annotator), 12)
            store.save(SetSnapshot.of(annotation_set))
    store.close()
    return store


def found(store: Store) -> list[Finding]:
    return list(check(Files(store.path)))


def kinds(store: Store) -> list[tuple[str, Damage]]:
    return [(finding.path, finding.damage) for finding in found(store)]


def mend(store: Store):
    return list(Repair(Files(store.path), BY).run())


def uids(store: Store) -> set[str]:
    """The uids of all decisions that stand in their places."""
    again = Store.open(store.path)
    return {
        f"{annotator} {document_id} {decision.uid}"
        for annotator in again.annotators(gold=True)
        for document_id in again.catalogue.sets(annotator)
        for decision in again.load_set(document_id, annotator, gold=True).decisions
    }


def rewrite(path, change) -> None:
    """Change the records of a file and make their checksums anew, as a program that knows them would."""
    tables = {
        name: {row.id: row.record for row in rows}
        for name, rows in decode_tables(path.read_bytes(), origin="x").items()
    }
    change(tables)
    path.write_bytes(
        encode_tables(
            {
                name: [encode_record(name, id, record) for id, record in rows.items()]
                for name, rows in tables.items()
            }
        )
    )


def edit(path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _cut(store):
    path = store.path / ONE
    path.write_bytes(path.read_bytes()[:-200])


def _flip(store):
    path = store.path / ONE
    data = bytearray(path.read_bytes())
    data[data.index(b'"decisions"') + 300] ^= 0x40
    path.write_bytes(data)


def _repeat_key(store):
    edit(store.path / ONE, '"start": 5,', '"start": 5, "start": 5,')


def _drop_field(store):
    rewrite(store.path / ONE, lambda tables: tables["decisions"][12].pop("who"))


def _hand_edit(store):
    edit(store.path / ONE, '"label": "PER", "decision": 1', '"label": "LOC", "decision": 1')


def _hand_edit_history(store):
    edit(
        store.path / ONE,
        '"seq": 4, "step": 4, "verb": "add", "who": "anna"',
        '"seq": 4, "step": 4, "verb": "add", "who": "otto"',
    )


def _other_text(store):
    path = store.path / document_path("one")
    rewrite(path, lambda tables: tables["document"][1].update(text="Something else."))


def _drop_decision(store):
    rewrite(store.path / ONE, lambda tables: tables["decisions"].pop(5))


def _drop_span(store):
    rewrite(store.path / ONE, lambda tables: tables["spans"].pop(5))


def _repeat_uid(store):
    rewrite(store.path / ONE, lambda tables: tables["decisions"][7].update(uid=tables["decisions"][6]["uid"]))


def _markers(store):
    path = store.path / ONE
    lines = path.read_text(encoding="utf-8").splitlines()
    begun = next(index for index, line in enumerate(lines) if line.startswith('"12": {') and '"seq"' in line)
    lines[begun:begun] = ["<<<<<<< HEAD"]
    lines[begun + 2 : begun + 2] = ["=======", lines[begun + 1], ">>>>>>> theirs"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _misplace_set(store):
    target = store.path / set_path("one", "anna").replace("one.json", "uno.json")
    (store.path / ONE).rename(target)


def _copy_set(store):
    shutil.copy(store.path / ONE, store.path / ONE.replace("one.json", "uno.json"))


def _copy_document(store):
    path = store.path / document_path("one")
    shutil.copy(path, path.with_name("uno.json"))


def _misplace_document(store):
    path = store.path / document_path("one")
    path.rename(path.with_name("uno.json"))


def _orphan(store):
    (store.path / document_path("one")).unlink()


def _unknown_label(store):
    labels = LabelSet.from_names("news", ["ORG", "LOC"])
    Store.open(store.path).change_info(label_set=labels)


def _outside(store):
    again = Store.open(store.path)
    annotation_set = again.load_set("one", "anna")
    annotation_set.apply(
        Decision(13, 13, Verb.ADD, "anna", WHEN, "far", None, Span(0, 99999, "ORG"), uid="far")
    )
    again.save(SetSnapshot.of(annotation_set))


def _left_over(store):
    path = store.path / ".tmp" / "feed"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (1, 1))


def _young_temporary(store):
    path = store.path / ".tmp" / "feed"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"half")


def _version(store):
    annotation_set = Store.open(store.path).load_set("one", "anna")
    annotation_set.apply(Decision(13, 13, Verb.SKIP, "anna", WHEN, uid="later"))
    data = SetFile("one", "anna", store.document("one").sha256).data(SetSnapshot.of(annotation_set))
    (store.path / ONE.replace(".json", ".conflict-pluto-1.json")).write_bytes(data)


def _stray(store):
    (store.path / "documents" / "notes.txt").write_text("?")


def _stray_in_shard(store):
    (store.path / ONE).with_suffix(".bak").write_text("?")


def _broken_step(store):
    path = store.path / "steps" / "feed.json"
    path.parent.mkdir()
    path.write_text("{")


def _unfinished(store):
    path = store.path / "steps" / "pending" / "feed.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(plan_data(Plan("feed", "nothing", "kim", WHEN, ())))


def _no_info(store):
    (store.path / "store.json").write_text('{"store": ')


def _edited_info(store):
    edit(store.path / "store.json", '"name": "news"', '"name": "olds"')


def _text_of_other_set(store):
    rewrite(store.path / ONE, lambda tables: tables["status"][1].update(text_sha256="0" * 64))


DAMAGES = {
    "truncated": (_cut, ONE, Damage.BROKEN),
    "flipped bit": (_flip, ONE, None),
    "repeated key": (_repeat_key, ONE, Damage.REPEATED_KEY),
    "missing field": (_drop_field, ONE, Damage.SHAPE),
    "edited by hand": (_hand_edit, ONE, Damage.CHANGED),
    "history edited by hand": (_hand_edit_history, ONE, Damage.CHANGED),
    "other text": (_other_text, document_path("one"), Damage.TEXT),
    "lost decision": (_drop_decision, ONE, Damage.HISTORY),
    "lost span": (_drop_span, ONE, Damage.HISTORY),
    "repeated uid": (_repeat_uid, ONE, Damage.REPEATED_ID),
    "conflict markers": (_markers, ONE, Damage.MARKERS),
    "misplaced set": (_misplace_set, ONE.replace("one.json", "uno.json"), Damage.PLACE),
    "set in two files": (_copy_set, ONE.replace("one.json", "uno.json"), Damage.REPEATED_ID),
    "document in two files": (
        _copy_document,
        document_path("one").replace("one.json", "uno.json"),
        Damage.REPEATED_ID,
    ),
    "misplaced document": (
        _misplace_document,
        document_path("one").replace("one.json", "uno.json"),
        Damage.PLACE,
    ),
    "orphan": (_orphan, ONE, Damage.ORPHAN),
    "set on another text": (_text_of_other_set, ONE, Damage.TEXT),
    "unknown label": (_unknown_label, ONE, Damage.LABEL),
    "outside the text": (_outside, ONE, Damage.OFFSETS),
    "left over": (_left_over, ".tmp/feed", Damage.LEFT_OVER),
    "two versions": (_version, ONE.replace(".json", ".conflict-pluto-1.json"), Damage.TWO_VERSIONS),
    "stray": (_stray, "documents/notes.txt", Damage.STRAY),
    "stray among sets": (_stray_in_shard, ONE.replace(".json", ".bak"), Damage.STRAY),
    "broken step": (_broken_step, "steps/feed.json", Damage.BROKEN),
    "unfinished step": (_unfinished, "steps/pending/feed.json", Damage.UNFINISHED),
    "broken store file": (_no_info, "store.json", Damage.BROKEN),
    "edited store file": (_edited_info, "store.json", Damage.CHANGED),
}
LOST_DECISIONS = {
    "truncated": 2,
    "flipped bit": 1,
    "missing field": 1,
    "history edited by hand": 1,
    "lost decision": 1,
    "repeated uid": 1,
}
"""How many decisions the damage itself destroys."""
PUT_ASIDE = {"orphan", "set on another text", "other text"}
"""Sets that can be told of only, as long as their documents are gone."""


def test_nothing_is_found_in_a_whole_store(full):
    assert found(full) == []
    assert mend(full) == []
    assert not (full.path / "backups").exists()


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_found_with_its_file_and_reason(full, name):
    damage, path, kind = DAMAGES[name]
    damage(full)
    [*findings] = [finding for finding in found(full) if finding.path == path]
    assert findings, found(full)
    if kind is not None:
        assert findings[0].damage is kind
    assert findings[0].reason
    assert str(findings[0]).startswith(f"{path}: ")
    assert found(full) == found(full)


@pytest.mark.parametrize("name", DAMAGES)
def test_a_repair_leaves_nothing_to_find_and_every_whole_decision(full, name, files_of):
    before = uids(full)
    full = Store.open(full.path)
    damage, path, _ = DAMAGES[name]
    damage(full)
    damaged = files_of(full).get(path)
    told = mend(full)
    assert found(full) == []
    assert told
    assert told[0].done
    after = uids(full)
    gone = before - after
    if name in PUT_ASIDE:
        assert all(each.split()[1] == "one" for each in gone)
        aside = {each.relative_to(full.path).parts[2:] for each in full.path.glob("quarantine/**/*.json")}
        assert tuple(ONE.split("/")) in aside
    else:
        assert len(gone) <= LOST_DECISIONS.get(name, 0), gone
        spans = {
            (document_id, each.uid, each.span)
            for document_id in ("one", "Zwei/2")
            for each in Store.open(full.path).load_set(document_id, "anna").spans
        }
        assert len(spans) == 24
    archives = list((full.path / "backups").glob("*.zip"))
    assert len(archives) == 1
    if damaged is not None and path.endswith(".json") and not path.startswith((".tmp", "steps/pending")):
        import zipfile

        with zipfile.ZipFile(archives[0]) as archive:
            assert archive.read(path) == damaged


def test_a_file_in_the_making_is_no_damage(full):
    _young_temporary(full)
    assert found(full) == []


def test_all_damages_at_once(full):
    for number, (damage, _, kind) in enumerate(DAMAGES.values()):
        other = full.path.parent / f"copy{number}"
        shutil.copytree(full.path, other)
        store = Store.open(other)
        damage(store)
        if kind is not Damage.UNFINISHED:
            assert found(store)
    for damage in (_cut, _left_over, _stray, _broken_step, _no_info, _copy_document):
        damage(full)
    assert len({damage for _, damage in kinds(full)}) == 4
    mend(full)
    assert found(full) == []


def test_the_labels_come_back_from_a_backup(full):
    back_up(Files(full.path), reason="manual")
    _no_info(full)
    [told] = mend(full)
    assert "last whole" in told.done
    assert Store.open(full.path).info == full.info


def test_a_document_comes_back_from_a_backup_and_its_sets_stay(full):
    back_up(Files(full.path), reason="manual")
    before = uids(full)
    _other_text(full)
    [told] = mend(full)
    assert told.done == "brought back from a backup"
    assert uids(full) == before


def test_a_document_that_is_gone_comes_back_from_a_backup(full):
    back_up(Files(full.path), reason="manual")
    before = uids(full)
    _orphan(full)
    assert "brought back" in mend(full)[0].done
    assert found(full) == []
    assert uids(full) == before


def test_a_hand_edit_is_put_aside_and_the_decisions_hold(full):
    _hand_edit(full)
    [told] = mend(full)
    assert Store.open(full.path).load_set("one", "anna").get("000000000001").label == "PER"
    place = told.todo.removeprefix("the original is ")
    assert '"label": "LOC", "decision": 1' in (full.path / place).read_text()
    assert "changed outside" in (full.path / f"{place}.why.txt").read_text()


def test_what_follows_a_lost_decision_is_kept(full):
    again = Store.open(full.path)
    annotation_set = again.load_set("one", "anna")
    first = annotation_set.get("000000000002")
    renamed = Span(first.start, first.end, "LOC")
    moved = Span(first.start, first.end + 1, "LOC")
    for seq, verb, before, after in (
        (13, Verb.RELABEL, first.span, renamed),
        (14, Verb.RESIZE, renamed, moved),
    ):
        annotation_set.apply(Decision(seq, seq, verb, "anna", WHEN, first.uid, before, after, uid=f"u{seq}"))
    annotation_set.apply(Decision(15, 15, Verb.FINISH, "anna", WHEN, uid="u15"))
    annotation_set.apply(Decision(16, 15, Verb.UNDO, "anna", WHEN, uid="u16"))
    again.save(SetSnapshot.of(annotation_set))
    edit(
        full.path / ONE,
        '"seq": 13, "step": 13, "verb": "relabel"',
        '"seq": 13, "step": 13, "verb": "relabeX"',
    )
    mend(full)
    mended = Store.open(full.path).load_set("one", "anna")
    assert mended.get(first.uid).span == moved
    assert mended.status is annotation_set.status
    assert {"u14", "u15", "u16"} <= {decision.uid for decision in mended.decisions}
    bridge = mended.decisions[12]
    assert (bridge.who, bridge.verb, bridge.before, bridge.after) == (
        "kim",
        Verb.RELABEL,
        first.span,
        renamed,
    )


def _diverged(store, mine, theirs):
    """The set of anna on "one" as git leaves it after both sides added decisions."""
    sha = store.document("one").sha256
    sides = []
    for more in (mine, theirs):
        annotation_set = Store.open(store.path).load_set("one", "anna")
        for decision in more:
            annotation_set.apply(decision)
        sides.append(SetFile("one", "anna", sha).data(SetSnapshot.of(annotation_set)))
    (store.path / ONE).write_bytes(b"<<<<<<< HEAD\n%b=======\n%b>>>>>>> theirs\n" % tuple(sides))


def _added(uid: str, start: int) -> Decision:
    return Decision(13, 13, Verb.ADD, "anna", WHEN, uid, None, Span(start, start + 3, "LOC"), uid=f"d{uid}")


def test_two_sides_that_go_together_are_merged_by_uid(full):
    suggestion = Suggestion(120, 123, "ORG")
    rejected = Decision(14, 14, Verb.REJECT, "anna", WHEN, suggestion=suggestion, uid="rejected")
    _diverged(full, [_added("mine", 100)], [_added("theirs", 110), rejected])
    assert kinds(full) == [(ONE, Damage.MARKERS)]
    [told] = mend(full)
    assert told.done == "merged into 15 decisions"
    merged = Store.open(full.path).load_set("one", "anna")
    assert [decision.uid for decision in merged.decisions[12:]] == ["dmine", "dtheirs", "rejected"]
    assert [decision.step for decision in merged.decisions[12:]] == [13, 14, 15]
    assert merged.get("mine")
    assert merged.get("theirs")
    assert merged.is_rejected(suggestion)


@pytest.mark.parametrize(
    "theirs",
    [
        [_added("theirs", 101)],  # overlaps
        [Decision(13, 12, Verb.UNDO, "anna", WHEN, uid="undo")],  # of what both began with
        [Decision(13, 13, Verb.SKIP, "anna", WHEN, uid="skip")],
    ],
    ids=["overlap", "undo", "skipped here, done there"],
)
def test_two_sides_that_do_not_go_together_are_both_kept(full, theirs):
    done = Decision(14, 13, Verb.FINISH, "anna", WHEN, uid="done")
    _diverged(full, [_added("mine", 100), done], theirs)
    before = (full.path / ONE).read_bytes()
    told = mend(full)[0]
    assert told.done == "yours stays, theirs is one.conflict-theirs-1.json beside it"
    store = Store.open(full.path)
    assert store.load_set("one", "anna").get("mine")
    [ours, other] = store.versions("one", "anna")
    assert [decision.uid for decision in other.annotation_set.decisions[12:]] == [each.uid for each in theirs]
    [aside] = full.path.glob("quarantine/*/annotations/anna/*/one.json")
    assert aside.read_bytes() == before
    store.choose("one", "anna", ours.name)
    assert found(full) == []


def test_a_version_that_goes_another_way_stays_for_a_person_to_choose(full):
    sha = full.document("one").sha256
    add = Decision(1, 1, Verb.ADD, "anna", WHEN, "other", None, Span(6, 20, "LOC"), uid="other")
    other = AnnotationSet("one", "anna", [add])
    path = full.path / ONE.replace(".json", ".conflict-pluto-1.json")
    path.write_bytes(SetFile("one", "anna", sha).data(SetSnapshot.of(other)))
    before = (full.path / ONE).read_bytes()
    data = path.read_bytes()
    [told] = mend(full)
    assert (full.path / ONE).read_bytes() == before
    assert (told.is_mended, "choose a version" in told.todo) == (False, True)
    assert path.read_bytes() == data
    assert kinds(full) == [(path.relative_to(full.path).as_posix(), Damage.TWO_VERSIONS)]


@pytest.mark.parametrize("damage", [None, b"nothing of it"])
def test_a_version_takes_the_place_of_a_set_that_is_gone_but_not_of_one_that_is_damaged(full, damage):
    path = full.path / ONE.replace(".json", ".conflict-pluto-1.json")
    data = (full.path / ONE).read_bytes()
    path.write_bytes(data)
    if damage is None:
        (full.path / ONE).unlink()
    else:
        (full.path / ONE).write_bytes(damage)
    told = mend(full)
    assert not path.exists()
    said = next(each.done for each in told if each.finding.path == path.relative_to(full.path).as_posix())
    assert said.startswith("put aside")
    if damage is None:
        assert (full.path / ONE).read_bytes() == data
        assert found(full) == []


def test_names_that_differ_in_capitals_alone_are_brought_together(full):
    if (full.path / "annotations" / "ANNA").exists():
        pytest.skip("this disk does not tell capitals")
    sha = full.document("one").sha256
    other = AnnotationSet("one", "Ben", [Decision(1, 1, Verb.SKIP, "Ben", WHEN, uid="other")])
    path = full.path / set_path("one", "Ben")
    path.parent.mkdir(parents=True)
    path.write_bytes(SetFile("one", "Ben", sha).data(SetSnapshot.of(other)))
    assert ("annotations/ben", Damage.REPEATED_ID) in kinds(full)
    mend(full)
    assert found(full) == []
    assert len(list((full.path / "annotations").iterdir())) == 2


def test_a_newer_file_is_told_of_and_left_alone(full):
    rewrite(full.path / ONE, lambda tables: tables["status"][1].update(schema_version=99))
    before = (full.path / ONE).read_bytes()
    [finding] = found(full)
    assert finding.damage is Damage.NEWER
    assert "version 99" in finding.reason
    [told] = mend(full)
    assert not told.is_mended
    assert "newest annotator" in told.todo
    assert (full.path / ONE).read_bytes() == before


def test_sets_that_another_program_holds_are_left_alone(full):
    _hand_edit(full)
    with Store.open(full.path).hold("anna"):
        [told] = mend(full)
        assert not told.is_mended
        assert "held by" in told.done
        assert kinds(full) == [(ONE, Damage.CHANGED)]
    assert mend(full)[0].is_mended


@pytest.mark.parametrize("offset", range(0, 6000, 97))
def test_a_file_cut_anywhere_is_mended(full, offset):
    path = full.path / ONE
    data = path.read_bytes()
    if offset >= len(data) - 3:
        return
    path.write_bytes(data[:offset])
    whole = {
        json.loads(line.rstrip(b",")[line.index(b"{") :])["uid"]
        for line in data[:offset].rpartition(b"\n")[0].splitlines()
        if b'"seq"' in line
    }
    assert found(full)
    mend(full)
    assert found(full) == []
    again = Store.open(full.path).load_set("one", "anna")
    assert whole <= {decision.uid for decision in again.decisions}


def test_a_document_whose_suggestions_are_cut_keeps_its_text(full):
    again = Store.open(full.path)
    document = new_document("Ada wrote.", id="s")
    again.add_document(document, suggestions=[Suggestion(0, 3, "PER"), Suggestion(4, 9, "PER")])
    path = full.path / document_path("s")
    path.write_bytes(path.read_bytes()[:-40])
    [told] = mend(full)
    assert "text is whole; 1 of its suggestions" in told.done
    assert Store.open(full.path).document("s") == document
    assert Store.open(full.path).imported_suggestions("s") == (Suggestion(0, 3, "PER"),)


def test_checking_reads_and_changes_nothing(full, files_of):
    for damage in (_cut, _stray, _left_over):
        damage(full)
    before = files_of(full)
    found(full)
    assert files_of(full) == before
