"""The pool of workers: every text answered once, whatever dies, and nothing left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import count, islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError, ModelError
from annotator.suggest.sources.resolution import ResolvedPipeline, resolve
from annotator.suggest.worker.answers import answer_from_record
from annotator.suggest.worker.pool import (
    AHEAD,
    DEATHS_AT_START,
    WAITING_REPLIES,
    Reply,
    SuggestionPool,
    processors,
)
from annotator.suggest.worker.pool_work import BATCH_CHARACTERS, BATCH_TEXTS, Batch, Outbox, Supply
from annotator.suggest.worker.service import Patience

FAKE_WORKER = Path(__file__).with_name("fake_worker.py")
FAKE = ResolvedPipeline(source="fake", name="fake-1.0", title="fake-1.0")

MakePool = Callable[..., SuggestionPool]


@pytest.fixture
def starts(tmp_path: Path) -> Path:
    """Where fake workers write their process ids."""
    return tmp_path / "starts"


@pytest.fixture
def pool(starts: Path) -> MakePool:
    """Makes pools of fake workers, which do as a text tells them."""

    def make(how: str = "", *, processes: int = 2, patience: Patience | None = None) -> SuggestionPool:
        command = [sys.executable, "-P", str(FAKE_WORKER), how, str(starts)]
        return SuggestionPool(FAKE, processes=processes, patience=patience, command=command)

    return make


def numbered(*texts: str) -> list[tuple[str, str]]:
    return [(str(index), text) for index, text in enumerate(texts)]


def pids(starts: Path) -> list[int]:
    return [int(line) for line in starts.read_text().split()]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def outcomes(replies: Iterable[Reply]) -> dict[str, str]:
    """The reason of each reply by document, "" for an answer; fails if one comes twice."""
    found: dict[str, str] = {}
    for reply in replies:
        assert reply.document_id not in found
        assert (reply.record is None) == bool(reply.reason)
        found[reply.document_id] = reply.reason
    return found


def test_every_text_is_answered_once_by_as_many_workers_as_asked_for(pool: MakePool, starts: Path) -> None:
    texts = numbered(*["fine"] * 100)
    assert outcomes(pool(processes=3).replies(texts)) == {document_id: "" for document_id, _ in texts}
    assert 1 <= len(set(pids(starts))) <= 3


def test_an_answer_is_the_pipelines() -> None:
    text = "Angela Merkel visited Paris."
    (reply,) = SuggestionPool(resolve(), processes=2).replies([("a", text)])
    assert reply.record is not None
    answer = answer_from_record(reply.record, text)
    assert answer is not None
    assert [(text[each.start : each.end], each.label) for each in answer.suggestions] == [
        ("Angela Merkel", "PERSON"),
        ("Paris", "GPE"),
    ]


def test_no_worker_is_started_for_no_texts(pool: MakePool, starts: Path) -> None:
    assert outcomes(pool().replies([])) == {}
    assert not starts.exists()


def test_a_text_that_kills_two_workers_is_named_and_the_others_are_answered(
    pool: MakePool, starts: Path
) -> None:
    texts = numbered(*["fine"] * 30)
    texts[3] = ("3", "die")
    found = outcomes(pool(processes=1).replies(texts))
    assert found.pop("3") == "the worker died: it ended with code 3: out of luck"
    assert set(found.values()) == {""}
    assert len(found) == 29
    assert len(pids(starts)) == 3  # the first, one for the text alone, and one for the rest


def test_a_text_that_kills_one_worker_is_tried_again_alone(pool: MakePool, tmp_path: Path) -> None:
    texts = numbered("fine", f"die-once {tmp_path / 'died'}", "fine")
    assert outcomes(pool(processes=1).replies(texts)) == {"0": "", "1": "", "2": ""}


def test_many_deadly_texts_do_not_take_the_others_with_them(pool: MakePool) -> None:
    texts = numbered(*["fine", "die", "fine", "die"] * 4)
    found = outcomes(pool(processes=2).replies(texts))
    assert {document_id for document_id, reason in found.items() if reason} == {
        document_id for document_id, text in texts if text == "die"
    }


def test_a_worker_killed_from_outside_costs_nothing(pool: MakePool, starts: Path) -> None:
    texts = numbered(*["fine"] * 10 * BATCH_TEXTS)
    found = {}
    with closing(pool(processes=1).replies(texts)) as replies:
        for reply in replies:
            found[reply.document_id] = reply.reason
            if len(found) == 40:
                os.kill(pids(starts)[-1], signal.SIGKILL)
    assert len(pids(starts)) == 2
    assert found == {document_id: "" for document_id, _ in texts}


def test_a_text_that_takes_too_long_is_given_up(pool: MakePool) -> None:
    patience = Patience(text=0.3, character=0.0)
    found = outcomes(pool(processes=1, patience=patience).replies(numbered("hang", "fine")))
    assert found == {"0": "the worker died: it took longer than 0.3 s", "1": ""}


def test_what_the_pipeline_refuses_is_told(pool: MakePool, starts: Path) -> None:
    assert outcomes(pool().replies(numbered("refuse", "fine"))) == {"0": "ValueError: no", "1": ""}
    assert len(pids(starts)) == 1


@pytest.mark.parametrize("verb", ["garbage", "odd", "other"])
def test_a_worker_that_says_what_it_must_not_counts_as_dead(pool: MakePool, verb: str) -> None:
    found = outcomes(pool(processes=1).replies(numbered("fine", verb)))
    assert found["0"] == ""
    assert found["1"].startswith("the worker died: it")


@pytest.mark.parametrize(
    ("how", "message", "tries"),
    [
        ("start-dying", "the workers keep dying: it ended with code 1: cannot start", DEATHS_AT_START),
        ("start-oddly", "the workers keep dying: it does not say that it is ready", DEATHS_AT_START),
        ("start-failing", "no such pipeline", 1),
    ],
)
def test_a_pipeline_that_does_not_start_is_one_error(
    pool: MakePool, starts: Path, how: str, message: str, tries: int
) -> None:
    with pytest.raises(ModelError) as caught:
        list(pool(how, processes=1).replies(numbered("fine", "fine")))
    assert caught.value.message == message
    assert caught.value.hint
    assert len(pids(starts)) == tries


def test_workers_that_die_of_any_text_are_one_error(
    pool: MakePool, starts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.suggest.worker.pool.DEATHS_IN_A_ROW", 4)
    with pytest.raises(ModelError, match="the workers keep dying: it ended with code 3: out of luck"):
        list(pool(processes=1).replies(numbered(*["die"] * 30)))
    assert len(pids(starts)) == 4


def test_a_command_that_is_not_there_is_one_error() -> None:
    pool = SuggestionPool(FAKE, processes=1, command=["/nowhere/python"])
    with pytest.raises(ModelError, match="it cannot be started: No such file or directory"):
        list(pool.replies(numbered("fine")))


def test_complaints_are_collected_once(pool: MakePool) -> None:
    made = pool("start-complaining", processes=2)
    outcomes(made.replies(numbered(*["fine"] * 2 * BATCH_TEXTS)))
    assert list(made.problems) == ["line 3: no"]


def test_closing_ends_the_workers_in_the_middle_of_a_text(
    pool: MakePool, starts: Path, tmp_path: Path
) -> None:
    texts = numbered(*["fine"] * BATCH_TEXTS, f"pid {tmp_path / 'pid'}")
    replies = pool(processes=1).replies(texts)
    assert len(list(islice(replies, BATCH_TEXTS))) == BATCH_TEXTS
    replies.close()
    assert not any(map(is_running, pids(starts)))


def test_texts_are_read_no_further_than_they_are_needed(pool: MakePool) -> None:
    read = 0

    def endless() -> Iterator[tuple[str, str]]:
        nonlocal read
        for read in count(1):
            yield str(read), "fine"

    with closing(pool(processes=2).replies(endless())) as replies:
        taken = len(list(islice(replies, 20)))
    assert taken <= read <= taken + WAITING_REPLIES + 2 * (AHEAD * BATCH_TEXTS + 2)


def test_an_error_from_the_texts_comes_through(pool: MakePool, starts: Path) -> None:
    def texts() -> Iterator[tuple[str, str]]:
        yield from numbered(*["fine"] * 3 * BATCH_TEXTS)
        raise InputError("the disk is gone")

    with pytest.raises(InputError, match="the disk is gone"):
        list(pool(processes=2).replies(texts()))
    assert not any(map(is_running, pids(starts)))


@given(st.lists(st.integers(0, BATCH_CHARACTERS + 10), max_size=40))
def test_batches_are_the_texts_in_order_and_small(lengths: list[int]) -> None:
    texts = [(str(index), "x" * length) for index, length in enumerate(lengths)]
    supply = Supply(texts)
    batches = list(iter(supply.take, None))
    assert [text for batch in batches for text in batch.waiting.items()] == texts
    for batch in batches:
        assert 1 <= len(batch.waiting) <= BATCH_TEXTS
        assert len(batch.waiting) == 1 or sum(map(len, batch.waiting.values())) <= BATCH_CHARACTERS


def test_what_is_given_back_comes_first_and_in_order() -> None:
    supply = Supply([("c", "")])
    retries = list(Batch({"a": "", "b": ""}).alone())
    supply.give_back([*retries, Batch({})])
    taken = list(iter(supply.take, None))
    assert [(list(batch.waiting), batch.is_retry) for batch in taken] == [
        (["a"], True),
        (["b"], True),
        (["c"], False),
    ]


def test_an_outbox_ends_when_its_producers_do_and_a_closed_one_holds_nobody_up() -> None:
    outbox: Outbox[int] = Outbox(producers=1, limit=1)
    outbox.put(1)
    outbox.done()
    assert [outbox.get(), outbox.get()] == [1, None]
    outbox.put(2)
    outbox.close()
    outbox.put(3)  # would wait for ever
    assert outbox.get() is None


def test_a_full_outbox_makes_its_producers_wait() -> None:
    outbox: Outbox[int] = Outbox(producers=1, limit=1)
    outbox.put(1)
    has_put = threading.Event()

    def put() -> None:
        outbox.put(2)
        has_put.set()

    producer = threading.Thread(target=put)
    producer.start()
    assert not has_put.wait(0.1)
    assert outbox.get() == 1
    assert has_put.wait(30)
    producer.join()
    assert outbox.get() == 2


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="affinity is for Linux")
def test_as_many_processors_as_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 5, 7})
    assert processors() == 3
