"""The order of a review: what needs one, how far each document is, and what is next."""

from __future__ import annotations

import pytest

from annotator.model.decisions import Status
from annotator.review.conflict_state import Counts
from annotator.review.queue import ReviewQueue, Stage

FINISHED = {
    "a": {"ben", "anna"},
    "b": {"anna"},
    "d": {"anna", "ben"},
    "e": {"anna", "ben"},
    "f": {"ben", "anna"},
}
LEFT = {"a": Counts(2, 1), "d": Counts(0, 3), "e": Counts(0, 0), "f": Counts(1, 4)}


class Desk:
    """A queue over six documents that notes what it counts."""

    def __init__(self, *, minimum: int = 2) -> None:
        self.asked: list[str] = []
        self.queue = ReviewQueue(
            list("abcdef"), FINISHED, {"e": Status.DONE}, count=self.count, minimum=minimum
        )

    def count(self, document_id: str) -> Counts:
        self.asked.append(document_id)
        return LEFT.get(document_id, Counts())


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_stages(desk: Desk) -> None:
    assert [desk.queue.stage(each) for each in "abcdef"] == [
        Stage.OPEN,
        Stage.WAITING,
        Stage.NONE,
        Stage.READY,
        Stage.DONE,
        Stage.OPEN,
    ]
    assert desk.queue.finished("a") == ("anna", "ben")
    assert (desk.queue.reviewable, desk.queue.waiting) == (list("adef"), ["b"])


def test_a_done_document_whose_annotators_changed_is_open_and_a_skipped_one_is_not(desk: Desk) -> None:
    desk.queue.update("e", counts=Counts(1, 0), gold=Status.DONE)
    desk.queue.update("f", counts=Counts(1, 4), gold=Status.SKIPPED)
    assert (desk.queue.stage("e"), desk.queue.stage("f")) == (Stage.OPEN, Stage.SKIPPED)


def test_next_goes_round_and_counts_no_more_than_it_must(desk: Desk) -> None:
    assert desk.queue.next_open() == "a"
    assert desk.asked == ["a"]
    assert desk.queue.next_open("a") == "f"
    assert desk.queue.next_open("f") == "a"
    assert desk.asked == ["a", "d", "e", "f"]
    desk.queue.update("a", counts=Counts(0, 3), gold=Status.STARTED)
    assert desk.queue.next_open("f") is None
    assert desk.queue.next_unfinished("f") == "a"
    desk.queue.update("a", counts=Counts(0, 3), gold=Status.DONE)
    assert desk.queue.next_unfinished("f") == "d"


def test_neighbours_are_those_that_can_be_reviewed(desk: Desk) -> None:
    assert (desk.queue.neighbour("a", 1), desk.queue.neighbour("d", -1)) == ("d", "a")
    assert (desk.queue.neighbour("a", -1), desk.queue.neighbour("f", 1)) == (None, None)
    assert (desk.queue.position("d"), desk.queue.position("z")) == (4, 0)


def test_progress(desk: Desk) -> None:
    assert desk.queue.progress() == (Counts(3, 8), 1, 4)


@pytest.mark.parametrize(("minimum", "count"), [(0, 5), (1, 5), (3, 0)])
def test_the_minimum_can_be_set(minimum: int, count: int) -> None:
    desk = Desk(minimum=minimum)
    assert len(desk.queue.reviewable) == count
    assert len(desk.queue.waiting) == 5 - count
