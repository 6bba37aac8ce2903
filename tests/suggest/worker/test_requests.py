"""Requests: what waits, in which order it goes, and what a death does to it."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from annotator.suggest.worker.requests import BATCH_CHARACTERS, BATCH_TEXTS, Requests


def ids(requests: Requests) -> list[str]:
    """The ids of the next batch, which is taken and answered."""
    batch = [request.document_id for request in requests.take()]
    for document_id in batch:
        requests.forget(document_id)
    return batch


def ask(*names: str, urgent: str = "", length: int = 1) -> Requests:
    requests = Requests()
    for name in names:
        requests.add(name, "x" * length, urgent=name in urgent)
    return requests


@pytest.mark.parametrize(
    ("requests", "batches"),
    [
        (ask(*"abc"), [["a", "b", "c"]]),
        (ask(*"abc", urgent="b"), [["b"], ["a", "c"]]),
        (ask(*"abcd", urgent="bd"), [["d"], ["b"], ["a", "c"]]),
        (ask(*"abcdefghijkl"), [[*"abcdefgh"], [*"ijkl"]]),
        (ask(*"abc", length=BATCH_CHARACTERS // 2), [["a", "b"], ["c"]]),
        (ask(*"abc", length=BATCH_CHARACTERS * 2), [["a"], ["b"], ["c"]]),
        (ask(*"aa"), [["a"]]),
    ],
)
def test_the_order_of_going(requests: Requests, batches: list[list[str]]) -> None:
    assert [ids(requests) for _ in batches] == batches
    assert not requests
    assert requests.take() == ()


def test_asking_again_makes_a_request_urgent_and_the_newest() -> None:
    requests = ask(*"abc", urgent="c")
    requests.add("a", "x", urgent=True)
    requests.add("c", "x", urgent=False)
    assert [ids(requests) for _ in range(3)] == [["a"], ["c"], ["b"]]


def test_what_the_worker_has_is_not_asked_again() -> None:
    requests = ask("a")
    requests.take()
    requests.add("a", "x", urgent=True)
    assert not requests
    requests.add("a", "another text", urgent=False)
    assert requests.get_in_hand("a") is None
    assert [request.text for request in requests.take()] == ["another text"]


def test_after_a_death_each_goes_alone_and_the_second_death_drops_it() -> None:
    requests = ask(*"ab")
    requests.take()
    requests.add("c", "x", urgent=False)
    requests.add("d", "x", urgent=False)
    requests.give_back()
    assert requests.drop_deadly(2) == []
    assert [request.document_id for request in requests.take()] == ["a"]
    requests.give_back()
    assert requests.drop_deadly(2) == ["a"]
    assert [ids(requests) for _ in range(2)] == [["b"], ["c", "d"]]


class RequestsMachine(RuleBasedStateMachine):
    """Whatever happens, each document that is wanted is either waiting or in hand, and once only."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = Requests()
        self.wanted: dict[str, str] = {}
        self.in_hand: set[str] = set()

    names = st.sampled_from("abcdefghijklmnop")

    @rule(name=names, text=st.sampled_from(["", "short", "longer" * BATCH_CHARACTERS]), urgent=st.booleans())
    def add(self, name: str, text: str, urgent: bool) -> None:
        if self.wanted.get(name) != text:
            self.in_hand.discard(name)
        self.wanted[name] = text
        self.requests.add(name, text, urgent=urgent)

    @rule()
    def take(self) -> None:
        if self.in_hand:
            return
        batch = self.requests.take()
        assert bool(batch) == bool(self.wanted)
        assert len(batch) <= BATCH_TEXTS
        assert len(batch) == 1 or sum(len(one.text) for one in batch) <= BATCH_CHARACTERS
        assert len(batch) == 1 or not any(one.urgent or one.deaths for one in batch)
        assert all(self.wanted[one.document_id] == one.text for one in batch)
        self.in_hand = {one.document_id for one in batch}

    @rule(name=names)
    def forget(self, name: str) -> None:
        self.wanted.pop(name, None)
        self.in_hand.discard(name)
        self.requests.forget(name)

    @rule()
    def die(self) -> None:
        self.requests.give_back()
        self.in_hand.clear()
        for name in self.requests.drop_deadly(2):
            del self.wanted[name]

    @invariant()
    def nothing_is_lost(self) -> None:
        assert {name for name in "abcdefghijklmnop" if self.requests.get_in_hand(name)} == self.in_hand
        assert bool(self.requests) == bool(set(self.wanted) - self.in_hand)


TestRequestsMachine = RequestsMachine.TestCase
