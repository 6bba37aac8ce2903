"""Orders of work, and which documents chance picks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.orders import Order, OrderKind, Outlook, is_blind, ordered, outlook_of
from annotator.errors import UsageError
from annotator.model.spans import Suggestion

MANY = [f"document-{number}" for number in range(2000)]


def outlook(*scores: float | None, forms: str = "") -> Outlook:
    return Outlook(scores, frozenset(forms.split()))


OUTLOOKS = {
    "sure": outlook(0.99, 0.98, forms="Rome Paris"),
    "torn": outlook(0.2, 0.9, 0.9, 0.9, forms="Oslo"),
    "unsure": outlook(0.6, 0.5, None, forms="Rome Paris Oslo Lima"),
    "bare": outlook(),
    "ruled": outlook(None, forms="Lima Bern Kyiv"),
}
IDS = ["late", *OUTLOOKS]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (OrderKind.IMPORTED, "late sure torn unsure bare ruled"),
        (OrderKind.UNCERTAIN, "unsure torn sure bare ruled late"),
        (OrderKind.LEAST, "torn unsure sure bare ruled late"),
        (OrderKind.NEW, "unsure ruled sure torn bare late"),
    ],
)
def test_orders(kind: OrderKind, expected: str) -> None:
    assert ordered(IDS, Order(kind), outlooks=OUTLOOKS) == expected.split()
    assert ordered(IDS, Order(kind)) == IDS


def test_forms_that_memory_knows_are_not_new() -> None:
    found = ordered(IDS, Order(OrderKind.NEW), outlooks=OUTLOOKS, known={"Oslo", "Lima", "Rome"})
    assert found == "ruled sure torn unsure bare late".split()


@given(
    st.lists(st.frozensets(st.sampled_from("abcdefgh")), max_size=8), st.frozensets(st.sampled_from("abcd"))
)
def test_each_document_has_the_most_new_forms_of_those_left(
    forms: list[frozenset[str]], known: frozenset[str]
) -> None:
    outlooks = {str(number): Outlook((), each) for number, each in enumerate(forms)}
    left = dict(outlooks)
    seen = set(known)
    for each in ordered(list(outlooks), Order(OrderKind.NEW), outlooks=outlooks, known=known):
        assert len(left[each].surfaces - seen) == max(len(other.surfaces - seen) for other in left.values())
        seen |= left.pop(each).surfaces


def test_an_outlook_is_of_scores_and_forms() -> None:
    text = "New\nYork, New York"
    found = outlook_of(text, [Suggestion(0, 8, "LOC", score=0.5), Suggestion(10, 18, "LOC")])
    assert found == Outlook((0.5, None), frozenset({"New York"}))


@pytest.mark.parametrize(
    ("order", "name"),
    [
        (Order(), "as imported"),
        (Order(OrderKind.UNCERTAIN), "most uncertain first"),
        (Order(OrderKind.UNCERTAIN, random_share=0.2), "most uncertain first, 20 % at random"),
        (Order(OrderKind.LEAST), "least confident first"),
        (Order(OrderKind.NEW), "most new names first"),
        (Order(OrderKind.RANDOM, seed=7, random_share=0.5), "random 7"),
    ],
)
def test_each_order_has_a_name_for_the_header(order: Order, name: str) -> None:
    assert order.name == name


@pytest.mark.parametrize("share", [-0.1, 1.5, float("nan")])
def test_a_share_lies_between_0_and_1(share: float) -> None:
    with pytest.raises(UsageError, match="no share of documents mixed in"):
        Order(random_share=share)
    with pytest.raises(UsageError, match="no share of documents shown blind"):
        is_blind("one", seed=0, share=share)


def test_a_random_order_goes_by_its_seed() -> None:
    one, other = (ordered(MANY, Order(OrderKind.RANDOM, seed=seed)) for seed in (1, 2))
    assert one != other
    assert sorted(one) == sorted(other) == sorted(MANY)
    assert one == ordered(MANY[::-1], Order(OrderKind.RANDOM, seed=1))
    assert abs(sum(place < 1000 for place, each in enumerate(one) if each in set(MANY[:1000])) - 500) < 100


def test_random_documents_are_spread_evenly() -> None:
    outlooks = {each: outlook(number / 2000) for number, each in enumerate(MANY)}
    order = Order(OrderKind.UNCERTAIN, seed=3, random_share=0.2)
    found = ordered(MANY, order, outlooks=outlooks)
    drawn = [place for place, each in enumerate(found) if order.is_random(each)]
    assert 330 < len(drawn) < 470
    for start in range(0, 2000, 200):
        assert abs(sum(start <= place < start + 200 for place in drawn) - len(drawn) / 10) <= 1
    others = [each for each in found if not order.is_random(each)]
    assert others == [each for each in MANY if not order.is_random(each)]


def test_what_is_blind_is_a_share_of_its_own() -> None:
    blind = {each for each in MANY if is_blind(each, seed=0, share=0.1)}
    assert 150 < len(blind) < 250
    assert blind < {each for each in MANY if is_blind(each, seed=0, share=0.3)}
    assert blind != {each for each in MANY if is_blind(each, seed=1, share=0.1)}
    drawn = {each for each in MANY if Order(seed=0, random_share=0.1).is_random(each)}
    assert len(blind & drawn) < 60
    assert not any(is_blind(each, seed=0, share=0.0) for each in MANY)
    assert all(is_blind(each, seed=0, share=1.0) for each in MANY)


def test_chance_is_the_same_everywhere() -> None:
    """Colleagues and later versions must agree on what is blind."""
    picked = [each for each in [*MANY[:40], "\udce9"] if is_blind(each, seed=5, share=0.1)]
    assert picked == [f"document-{number}" for number in (2, 3, 11, 26, 36, 37)]


@given(st.sets(st.text(max_size=5), max_size=12), st.sampled_from(OrderKind), st.integers(), st.floats(0, 1))
def test_documents_that_are_added_move_no_others(
    ids: set[str], kind: OrderKind, seed: int, share: float
) -> None:
    order = Order(kind, seed, share)
    before = sorted(ids)
    after = [*before, "added"] if "added" not in ids else before

    def kept(found: list[str], *, drawn: bool) -> list[str]:
        return [each for each in found if each in ids and order.is_random(each) is drawn]

    for drawn in (True, False):
        assert kept(ordered(before, order), drawn=drawn) == kept(ordered(after, order), drawn=drawn)
    assert sorted(ordered(after, order)) == sorted(after)
