"""The queue: which document is next, and which one is beside this one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.queue import OPEN, Queue
from annotator.model.decisions import Status

IDS = list("abcde")
statuses = st.dictionaries(st.sampled_from(IDS), st.sampled_from(Status))


def test_positions_count_from_one() -> None:
    queue = Queue(IDS, order="most doubtful first")
    assert [queue.position(each) for each in [*IDS, "z"]] == [1, 2, 3, 4, 5, 0]
    assert queue.order == "most doubtful first"


@pytest.mark.parametrize(
    ("here", "step", "there"),
    [
        ("a", 1, "b"),
        ("e", 1, None),
        ("a", -1, None),
        ("c", -1, "b"),
        ("c", 2, "e"),
        ("z", 1, "a"),
        ("z", -1, None),
    ],
)
def test_neighbours_do_not_go_round(here: str, step: int, there: str | None) -> None:
    assert Queue(IDS).neighbour(here, step) == there


@given(st.sampled_from([None, *IDS, "z"]), statuses)
def test_the_next_open_one_is_sought_behind_and_then_from_the_top(
    after: str | None, known: dict[str, Status]
) -> None:
    start = IDS.index(after) + 1 if after in IDS else 0
    around = [each for each in IDS[start:] + IDS[:start] if each != after]
    expected = next((each for each in around if known.get(each, Status.TODO) in OPEN), None)
    assert Queue(IDS).next_open(after, known) == expected


def test_an_empty_queue_has_nothing() -> None:
    queue = Queue([])
    assert queue.next_open(None, {}) is None
    assert queue.neighbour("a", 1) is None
