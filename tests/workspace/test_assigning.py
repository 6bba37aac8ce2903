"""Documents dealt out: evenly, with the overlap that was asked for, and none moves later."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import HeldError, InputError, SaveError, UsageError
from annotator.model.annotations import AnnotationSet
from annotator.model.assignments import Assignment
from annotator.model.decisions import Decision, Verb
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.store.assignments import Assignments
from annotator.store.files import Files
from annotator.store.layout import assignment_path
from annotator.store.locks import Locks
from annotator.store.removal import remove_documents
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.workspace.assignments.dealing import Deal, assign, dealt_out

WHO, FIRST, LATER = "lead", "2026-11-22T14:02:11Z", "2026-11-23T14:02:11Z"
NAMES = ("ada", "ben", "cleo")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Twenty documents."""
    store = Store.create(tmp_path / "store", label_set=LabelSet.from_names("news", ["PER"]))
    add(store, range(20))
    return store


def add(store: Store, numbers: range) -> None:
    for number in numbers:
        store.add_document(new_document(f"Number {number}. " * (number + 1), id=f"doc-{number:02d}"))


def begin(store: Store, annotator: str, document_id: str) -> None:
    skip = Decision(1, 1, Verb.SKIP, annotator, FIRST)
    store.save(SetSnapshot.of(AnnotationSet(document_id, annotator, [skip])))


def dealt(store: Store) -> dict[str, set[str]]:
    """What each annotator's file says is to do."""
    return {name: set(each.documents) for name, each in Assignments(store).all().items()}


def deal_out(store: Store, *names: str, overlap: float = 0.0, when: str = FIRST, **options: object):
    sizes = {name: options.pop(name) for name in ("per_overlap", "seed") if name in options}
    deal = Deal(names or NAMES, overlap=overlap, **sizes)
    return assign(store, deal, who=WHO, when=when, **options)


documents = st.dictionaries(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=6), st.integers(0, 900), max_size=40
)
deals = st.integers(2, 6).flatmap(
    lambda count: st.builds(
        Deal,
        st.just(tuple("abcdef"[:count])),
        overlap=st.floats(0, 1),
        per_overlap=st.integers(2, count),
        seed=st.integers(0, 9),
    )
)


@given(documents, deals)
def test_everything_is_dealt_evenly_with_the_overlap_asked_for(words: dict[str, int], deal: Deal) -> None:
    found = dealt_out(words, deal, kept={}, shares={}, begun={})
    counts = Counter(document for documents in found.values() for document in documents)
    assert counts.keys() == words.keys()
    shared = [count for count in counts.values() if count > 1]
    assert len(shared) == round(deal.overlap * len(words))
    assert set(shared) <= {deal.per_overlap}
    loads = [len(set(documents)) for documents in found.values()]
    assert sum(loads) == counts.total()
    assert max(loads) - min(loads) <= 1


@given(documents, deals, st.randoms())
def test_the_order_in_which_documents_came_does_not_matter(words, deal, random) -> None:
    shuffled = list(words.items())
    random.shuffle(shuffled)
    one, other = (dealt_out(each, deal, kept={}, shares={}, begun={}) for each in (words, dict(shuffled)))
    assert one == other


@given(documents, documents, deals, deals)
def test_documents_that_are_added_move_none_and_keep_the_share(old, more, first, later) -> None:
    kept = dealt_out(old, first, kept={}, shares={}, begun={})
    shares = Counter(document for documents in kept.values() for document in documents)
    found = dealt_out(old | more, later, kept=kept, shares=shares, begun={})
    new = {document for documents in found.values() for document in documents}
    assert new == more.keys() - old.keys()
    total = shares + Counter(document for documents in found.values() for document in documents)
    shared = sum(count > 1 for count in total.values())
    least = sum(count > 1 for count in shares.values())
    assert shared == min(max(least, round(later.overlap * len(total))), least + len(new))


def test_pairs_share_about_alike() -> None:
    words = {f"doc-{number}": 10 for number in range(120)}
    found = dealt_out(words, Deal(tuple("abcd"), overlap=1.0), kept={}, shares={}, begun={})
    common = [len(set(found[one]) & set(found[other])) for one, other in combinations("abcd", 2)]
    assert sum(common) == 120
    assert max(common) - min(common) <= 4


def test_another_seed_deals_otherwise(store) -> None:
    one, other = (deal_out(store, seed=seed, is_dry=True).assigned for seed in (1, 2))
    assert one != other
    assert deal_out(store, seed=1, is_dry=True).assigned == one


def test_a_deal_is_in_the_files_and_told(store) -> None:
    report = deal_out(store, overlap=0.2)
    found = dealt(store)
    assert found == {name: set(documents) for name, documents in report.assigned.items()}
    assert sorted(map(len, found.values())) == [8, 8, 8]
    assert (report.shared, len(report.given), report.documents) == (4, 20, 20)
    assert sum(report.pairs.values()) == 4
    records = [each for name in NAMES for each in Assignments(store).read(name).assigned]
    assert {(each.who, each.when) for each in records} == {(WHO, FIRST)}
    assert Counter(each.shared for each in records) == {1: 16, 2: 8}


def test_a_dry_run_changes_nothing(store) -> None:
    report = deal_out(store, overlap=0.2, is_dry=True)
    assert report.new == {"ada": 8, "ben": 8, "cleo": 8}
    assert not (store.path / "assignments").exists()
    assert deal_out(store, overlap=0.2).assigned == report.assigned


def test_the_same_deal_again_adds_nothing(store) -> None:
    deal_out(store, overlap=0.2)
    before = {path: path.read_bytes() for path in store.path.glob("assignments/*")}
    assert set(deal_out(store, overlap=0.2).new.values()) == {0}
    assert {path: path.read_bytes() for path in store.path.glob("assignments/*")} == before


def test_documents_added_later_move_none_and_a_new_annotator_catches_up(store) -> None:
    deal_out(store, "ada", "ben")
    before = dealt(store)
    add(store, range(20, 30))
    report = deal_out(store, "ada", "ben", "cleo")
    after = dealt(store)
    assert all(before[name] == after[name] for name in before)
    assert after["cleo"] == {f"doc-{number}" for number in range(20, 30)}
    assert report.new == {"ada": 0, "ben": 0, "cleo": 10}


def test_what_somebody_has_begun_goes_to_them_first(store) -> None:
    for number in range(12):
        begin(store, "cleo", f"doc-{number:02d}")
    begin(store, "imported", "doc-19")
    deal_out(store)
    found = dealt(store)
    assert {f"doc-{number:02d}" for number in range(12)} <= found["cleo"]
    assert {name: len(documents) for name, documents in found.items()} == {"ada": 4, "ben": 4, "cleo": 12}


def test_again_deals_only_what_nobody_has_begun(store) -> None:
    deal_out(store, "ada", "ben", overlap=0.5, per_overlap=2)
    before = dealt(store)
    [shared, *_] = sorted(before["ada"] & before["ben"])
    begin(store, "ada", shared)
    report = deal_out(store, "cleo", "dan", when=LATER, again=True)
    after = dealt(store)
    assert (after["ada"], after["ben"]) == ({shared}, {shared})
    assert len(after["cleo"]) + len(after["dan"]) == 19
    assert not after["cleo"] & after["dan"]
    assert report.taken["ada"] == len(before["ada"]) - 1
    withdrawn = {each.withdrawn for each in Assignments(store).read("ada").assigned}
    assert withdrawn == {"", LATER}


def test_again_with_less_overlap_is_kept_by_the_next_deal(store) -> None:
    deal_out(store, overlap=1.0)
    deal_out(store, overlap=0.0, when=LATER, again=True)
    assert sum(map(len, dealt(store).values())) == 20
    assert set(deal_out(store, overlap=0.0).new.values()) == {0}


def test_a_deal_that_was_broken_off_is_completed(store, monkeypatch) -> None:
    whole = deal_out(store, overlap=0.5, is_dry=True)
    saved = Assignments._save

    def break_off(self: Assignments, assignment: Assignment, others: list[str]) -> None:
        if assignment.annotator == "cleo":
            raise SaveError("the disk is full")
        saved(self, assignment, others)

    monkeypatch.setattr(Assignments, "_save", break_off)
    with pytest.raises(SaveError):
        deal_out(store, overlap=0.5)
    monkeypatch.undo()
    assert dealt(store).keys() == {"ada", "ben"}
    report = deal_out(store, overlap=0.5)
    assert (report.shared, len(report.given)) == (whole.shared, 20)
    assert set(report.given.values()) == {1, 2}


def test_a_lost_file_is_dealt_out_again(store) -> None:
    deal_out(store, overlap=0.5)
    (store.path / assignment_path("ben")).unlink()
    report = deal_out(store, overlap=0.5)
    assert (report.shared, len(report.given)) == (10, 20)


def test_a_document_that_is_gone_counts_no_more(store) -> None:
    deal_out(store, "ada")
    remove_documents(store, ["doc-03"])
    assert "doc-03" not in deal_out(store, "ada").assigned["ada"]


@pytest.mark.parametrize(
    ("names", "options", "reason"),
    [
        ((), {}, "nobody is named"),
        (("ada", "ada"), {}, "ada stands twice"),
        (NAMES, {"overlap": 1.2}, "an overlap of 1.2"),
        (NAMES, {"overlap": -0.1}, "an overlap of -0.1"),
        (NAMES, {"overlap": float("nan")}, "an overlap of nan"),
        (("ada",), {"overlap": 0.2}, "to 2 of 1"),
        (NAMES, {"overlap": 0.2, "per_overlap": 4}, "to 4 of 3"),
        (NAMES, {"overlap": 0.2, "per_overlap": 1}, "to 1 of 3"),
    ],
)
def test_what_cannot_be_dealt_is_wrong_usage(names, options, reason) -> None:
    with pytest.raises(UsageError, match=reason) as told:
        Deal(names, **options)
    assert told.value.hint


@pytest.mark.parametrize("name", ["gold", "a b", "", "Ada"])
def test_a_name_that_no_annotator_can_have_is_refused(name) -> None:
    with pytest.raises(InputError):
        Deal(("ada", name))


def test_a_name_that_differs_in_capitals_from_one_in_the_store_is_refused(store) -> None:
    begin(store, "ada", "doc-00")
    with pytest.raises(InputError, match="annotator ada already"):
        deal_out(store, "Ada")


def test_a_store_without_documents_has_nothing_to_deal(tmp_path) -> None:
    empty = Store.create(tmp_path / "empty", label_set=LabelSet.from_names("news", ["PER"]))
    with pytest.raises(InputError, match="no documents"):
        deal_out(empty)


def test_two_programs_do_not_deal_at_once(store) -> None:
    with Locks(Files(store.path)).held(".assignments"), pytest.raises(HeldError):
        deal_out(store)
