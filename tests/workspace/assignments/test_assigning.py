"""Documents dealt out: evenly, with the overlap that was asked for, and none moves later."""

from __future__ import annotations

import random
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
from annotator.workspace.assignments.balance import Hands
from annotator.workspace.assignments.dealing import NO_MOVE, AssignReport, Deal, Move, assign

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


def deal_out(
    store: Store,
    *names: str,
    overlap: float | None = None,
    when: str = FIRST,
    move: Move = NO_MOVE,
    is_dry: bool = False,
    **sizes: int,
) -> AssignReport:
    deal = Deal(names or NAMES, overlap=overlap, **sizes)
    return assign(store, deal, who=WHO, when=when, move=move, is_dry=is_dry)


def hands_after(words: dict[str, int], deal: Deal, before: Hands | None = None) -> Hands:
    """Who has which documents after a deal, on top of who had them `before`."""
    hands = Hands(words, seed=deal.seed, begun={})
    sizes = dict.fromkeys(words, 0)
    for document, holders in before.holders.items() if before is not None else ():
        sizes[document] = len(holders)
        for name in holders:
            hands.give(document, name)
    new = [document for document, size in sizes.items() if not size]
    sizes |= hands.drawn_sizes(new, sizes, overlap=deal.overlap or 0, per_overlap=deal.per_overlap)
    hands.fit(words, sizes, deal.annotators)
    return hands


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
def test_everything_is_dealt_with_the_overlap_asked_for(words: dict[str, int], deal: Deal) -> None:
    hands = hands_after(words, deal)
    counts = [len(set(holders)) for holders in hands.holders.values()]
    assert all(counts)
    assert counts == [len(holders) for holders in hands.holders.values()]
    shared = [count for count in counts if count > 1]
    assert len(shared) == round((deal.overlap or 0) * len(words))
    assert set(shared) <= {deal.per_overlap}


@given(documents, deals)
def test_words_are_level_but_for_two_of_the_longest_documents(words: dict[str, int], deal: Deal) -> None:
    hands = hands_after(words, deal)
    loads = [hands.words_of(name) for name in deal.annotators]
    assert max(loads) - min(loads) <= 2 * max(words.values(), default=0) + len(words)


@given(documents, deals, st.randoms())
def test_the_order_in_which_documents_came_does_not_matter(words, deal, random) -> None:
    shuffled = list(words.items())
    random.shuffle(shuffled)
    assert hands_after(words, deal).holders == hands_after(dict(shuffled), deal).holders


@given(documents, documents, deals, deals)
def test_documents_that_are_added_move_none_and_keep_the_share(old, more, first, later) -> None:
    before = hands_after(old, first)
    after = hands_after(more | old, later, before)
    assert all(after.holders[document] == holders for document, holders in before.holders.items())
    shared = sum(len(holders) > 1 for holders in after.holders.values())
    least = sum(len(holders) > 1 for holders in before.holders.values())
    new = len(after.holders) - len(before.holders)
    assert shared == min(max(least, round((later.overlap or 0) * len(after.holders))), least + new)


def lengths(count: int) -> dict[str, int]:
    """Documents as long as texts are: most of them short, some ten times as long as the median."""
    return {f"doc-{number}": int(random.Random(number).lognormvariate(5.5, 0.9)) for number in range(count)}


@pytest.mark.parametrize(
    ("count", "names", "overlap"), [(1000, "abcde", 1.0), (300, "abcd", 0.2), (60, "ab", 0)]
)
def test_words_are_balanced_within_five_percent(count: int, names: str, overlap: float) -> None:
    hands = hands_after(lengths(count), Deal(tuple(names), overlap=overlap))
    loads = [hands.words_of(name) for name in names]
    assert max(loads) <= 1.05 * min(loads)


@pytest.mark.parametrize("words", [lengths(120), {f"doc-{number}": 10 for number in range(120)}])
def test_pairs_share_about_alike(words: dict[str, int]) -> None:
    hands = hands_after(words, Deal(tuple("abcd"), overlap=1.0))
    common = [len(hands.documents(one) & hands.documents(other)) for one, other in combinations("abcd", 2)]
    assert sum(common) == 120
    assert max(common) - min(common) <= 6


def test_another_seed_deals_otherwise(store) -> None:
    one, other = (deal_out(store, seed=seed, is_dry=True).assigned for seed in (1, 2))
    assert one != other
    assert deal_out(store, seed=1, is_dry=True).assigned == one


def test_a_deal_is_in_the_files_and_told(store) -> None:
    report = deal_out(store, overlap=0.2)
    found = dealt(store)
    assert found == {name: set(documents) for name, documents in report.assigned.items()}
    assert max(report.words.values()) - min(report.words.values()) <= 40
    assert (report.shared, len(report.given), report.documents) == (4, 20, 20)
    assert sum(report.pairs.values()) == 4
    records = [each for name in NAMES for each in Assignments(store).read(name).assigned]
    assert {(each.who, each.when) for each in records} == {(WHO, FIRST)}
    assert Counter(each.shared for each in records) == {1: 16, 2: 8}


def test_a_dry_run_changes_nothing(store) -> None:
    report = deal_out(store, overlap=0.2, is_dry=True)
    assert sum(report.new.values()) == 24
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
    assert all(before[name] <= after[name] for name in before)
    assert max(report.words.values()) - min(report.words.values()) <= 60
    assert report.new["cleo"] > max(report.new["ada"], report.new["ben"])


def test_what_somebody_has_begun_goes_to_them_first(store) -> None:
    for number in range(12):
        begin(store, "cleo", f"doc-{number:02d}")
    begin(store, "imported", "doc-19")
    deal_out(store)
    found = dealt(store)
    assert found["cleo"] == {f"doc-{number:02d}" for number in range(12)}


def test_again_levels_words_out_and_moves_no_more_than_that(store) -> None:
    deal_out(store, "ada", "ben", overlap=0.5)
    before = dealt(store)
    begun = max(before["ada"])
    begin(store, "ada", begun)
    report = deal_out(store, "ada", "ben", "cleo", when=LATER, move=Move(balances=True))
    after = dealt(store)
    assert begun in after["ada"]
    assert after["ada"] < before["ada"]
    assert after["ben"] < before["ben"]
    assert sum(report.taken.values()) == report.new["cleo"] == len(after["cleo"])
    assert max(report.words.values()) - min(report.words.values()) <= 60
    assert Counter(report.given.values()) == {1: 10, 2: 10}
    assert {each.withdrawn for each in Assignments(store).read("ada").assigned} == {"", LATER}


def test_again_among_the_same_moves_nothing(store) -> None:
    deal_out(store, overlap=0.5)
    before = {path: path.read_bytes() for path in store.path.glob("assignments/*")}
    deal_out(store, when=LATER, move=Move(balances=True))
    assert {path: path.read_bytes() for path in store.path.glob("assignments/*")} == before


def test_again_takes_nothing_from_who_is_not_named(store) -> None:
    deal_out(store)
    before = dealt(store)
    deal_out(store, "ada", "ben", when=LATER, move=Move(balances=True))
    assert dealt(store)["cleo"] == before["cleo"]


def test_again_with_another_overlap_draws_it_anew(store) -> None:
    deal_out(store, overlap=0.2)
    shared = {document for document, count in deal_out(store).given.items() if count > 1}
    report = deal_out(store, overlap=0.4, when=LATER, move=Move(balances=True))
    assert report.shared == 8
    assert shared <= {document for document, count in report.given.items() if count > 1}


def test_again_with_less_overlap_is_kept_by_the_next_deal(store) -> None:
    deal_out(store, overlap=1.0)
    deal_out(store, overlap=0.0, when=LATER, move=Move(balances=True))
    assert sum(map(len, dealt(store).values())) == 20
    assert set(deal_out(store, overlap=0.0).new.values()) == {0}


def test_the_remainder_of_one_goes_to_the_others(store) -> None:
    deal_out(store, overlap=0.5)
    before = dealt(store)
    begun = min(before["cleo"])
    begin(store, "cleo", begun)
    report = deal_out(store, "ada", "ben", when=LATER, move=Move(taken_from=("cleo",)))
    after = dealt(store)
    assert after["cleo"] == {begun}
    assert before["ada"] <= after["ada"]
    assert before["ben"] <= after["ben"]
    assert not report.missing
    assert Counter(report.given.values()) == {1: 10, 2: 10}


def test_a_document_that_nobody_else_can_have_is_told(store) -> None:
    deal_out(store, "ada", "ben", overlap=1.0)
    report = deal_out(store, "ada", when=LATER, move=Move(taken_from=("ben",)))
    assert len(report.missing) == 20


def test_named_documents_move_or_go_to_one_more(store) -> None:
    deal_out(store, "ada")
    deal_out(store, "ben", when=LATER, move=Move(taken_from=("ada",), documents=("doc-03",)))
    assert dealt(store)["ben"] == {"doc-03"}
    assert "doc-03" not in dealt(store)["ada"]
    report = deal_out(store, "ben", "cleo", when=LATER, move=Move(documents=("doc-03", "doc-04")))
    assert dealt(store)["cleo"] == {"doc-03", "doc-04"}
    assert (report.given["doc-03"], report.given["doc-04"]) == (2, 3)
    assert Assignments(store).read("ada").shares["doc-04"] == 3


def test_taking_from_who_has_nothing_open_is_refused(store) -> None:
    deal_out(store, "ada")
    with pytest.raises(InputError, match="nothing is assigned to ben"):
        deal_out(store, "cleo", move=Move(taken_from=("ben",)))
    begin(store, "ada", "doc-03")
    with pytest.raises(InputError, match="ada's and not begun"):
        deal_out(store, "cleo", move=Move(taken_from=("ada",), documents=("doc-03",)))
    with pytest.raises(UsageError, match="nobody is named who gets"):
        deal_out(store, "ada", move=Move(taken_from=("ada",)))


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
