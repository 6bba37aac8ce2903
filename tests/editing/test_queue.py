"""The queue: which document is next, and which one is beside this one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.editing.queue import ASSIGNED, OPEN, Queue, last_finished, queue_of, still_returned
from annotator.model.decisions import Decision, Status, Verb

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


@given(st.sampled_from([None, *IDS]), statuses, st.frozensets(st.sampled_from(IDS)))
def test_what_came_back_is_open_whatever_its_status(
    after: str | None, known: dict[str, Status], returned: frozenset[str]
) -> None:
    opened = known | dict.fromkeys(returned, Status.STARTED)
    queue = Queue(IDS)
    assert queue.next_open(after, known, returned=returned) == queue.next_open(after, opened)


@given(st.none() | st.frozensets(st.sampled_from(IDS)))
def test_a_queue_has_what_is_the_annotators_own_or_all(own: frozenset[str] | None) -> None:
    queue = queue_of(IDS, own=own)
    assert list(queue.ids) == [document_id for document_id in IDS if own is None or document_id in own]
    assert (queue.order == ASSIGNED) is (own is not None)


def test_an_assigned_document_that_is_not_there_is_passed_over() -> None:
    assert queue_of(IDS, own=["c", "gone"]).ids == ["c"]


def test_a_document_was_finished_when_it_was_finished_last() -> None:
    times = {Verb.FINISH: "3", Verb.REOPEN: "4", Verb.UNDO: "5"}
    decisions = [Decision(1, 1, Verb.FINISH, "ada", "2")]
    decisions += [Decision(2, 2, verb, "ada", when) for verb, when in times.items()]
    assert last_finished(decisions) == "3"
    assert last_finished(decisions[2:]) == ""


def test_a_returned_document_stays_so_until_it_is_finished_later() -> None:
    returned = dict.fromkeys("abc", "2026-11-22T14:02:11Z")
    finished = {"a": "2026-11-22T14:02:11Z", "b": "2026-11-22T14:02:12Z"}
    assert still_returned(returned, finished) == {"a", "c"}
