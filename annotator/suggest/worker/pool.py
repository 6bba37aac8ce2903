"""The pool: many texts through several worker processes at once, for whole stores."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.child_processes.parent_side import ChildDiedError, ChildProcess
from annotator.errors import AnnotatorError, ModelError
from annotator.model.documents import text_hash
from annotator.suggest.sources.resolution import ResolvedPipeline
from annotator.suggest.worker.answers import RECORD_FORMAT
from annotator.suggest.worker.commands import pipeline_command
from annotator.suggest.worker.pool_work import Batch, Outbox, Supply, Text
from annotator.suggest.worker.service import Patience

AHEAD = 2
"""So many batches a worker is given, that it never waits for its parent: the one it is at and those to follow."""
DEATHS_AT_START = 3
"""After so many workers in a row that died before they were ready, there is no hope for the pipeline."""
DEATHS_IN_A_ROW = 20
"""After so many deaths without an answer in between neither: it is not the texts."""
WAITING_REPLIES = 64
"""So many replies wait to be taken; then workers wait."""
_GRACE = 5.0
"""Seconds that a thread may take to end once its worker was killed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a text: the record of its answer, as `answers` writes it, else the reason why there is none."""

    document_id: str
    record: dict[str, Any] | None
    reason: str = ""


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class SuggestionPool:
    """Worker processes that answer a stream of texts; one thread attends to each.

    A worker that dies or hangs is replaced. What it had in hand is given to workers one by one, and a text with which
    a second one dies is given up. Memory does not grow with the texts: they are read as they are needed, and workers
    wait while nobody takes their replies.
    """

    def __init__(
        self,
        pipeline: ResolvedPipeline,
        *,
        processes: int,
        patience: Patience | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        """`command` starts other workers than the own ones; they must speak as `worker` does."""
        self.problems: dict[str, None] = {}
        """What the workers complained of, in the order of complaining; complete when there are no more replies."""
        self._processes = processes
        self._patience = patience or Patience()
        self._command = command or pipeline_command(pipeline, steps_back=False)
        self._lock = threading.Lock()
        self._workers: set[ChildProcess] = set()
        self._is_stopping = False
        self._deaths_at_start = 0
        self._deaths = 0

    def replies(self, texts: Iterable[Text]) -> Generator[Reply, None, None]:
        """A reply for each text, in the order in which they come; closing the iterator ends the workers. Only once.

        `texts` is read on the pool's threads, one at a time. ModelError if the pipeline does not load or its workers
        keep dying; an AnnotatorError that `texts` raises comes through.
        """
        supply = Supply(texts)
        outbox: Outbox[Reply | AnnotatorError] = Outbox(producers=self._processes, limit=WAITING_REPLIES)
        threads = [
            threading.Thread(target=self._attend, args=(supply, outbox), name=f"pool-{index}", daemon=True)
            for index in range(self._processes)
        ]
        try:
            for thread in threads:
                thread.start()
            while (item := outbox.get()) is not None:
                if isinstance(item, AnnotatorError):
                    raise item
                yield item
        finally:
            self._stop()
            outbox.close()
            for thread in threads:
                if thread.is_alive():
                    thread.join(_GRACE)

    def _stop(self) -> None:
        with self._lock:
            self._is_stopping = True
            for worker in self._workers:
                worker.kill()

    # On the pool's threads

    def _attend(self, supply: Supply, outbox: Outbox[Reply | AnnotatorError]) -> None:
        """Keep one worker busy until there are no more texts. A worker is started only if there are any."""
        try:
            while not self._is_stopping and (batch := supply.take()) is not None:
                in_hand = deque([batch])
                try:
                    with self._started_worker() as worker:
                        self._run_worker(worker, in_hand, supply, outbox)
                except ChildDiedError as error:
                    self._on_worker_death(error, in_hand, supply, outbox)
        except AnnotatorError as error:
            outbox.put(error)
        finally:
            outbox.done()

    def _run_worker(
        self,
        worker: ChildProcess,
        in_hand: deque[Batch],
        supply: Supply,
        outbox: Outbox[Reply | AnnotatorError],
    ) -> None:
        with self._lock:
            self._workers.add(worker)
            if self._is_stopping:
                worker.kill()
        try:
            self._await_ready(worker)
            _send(worker, in_hand[0])
            while in_hand:
                while len(in_hand) < AHEAD and not self._is_stopping:
                    batch = supply.take()
                    if batch is None:
                        break
                    in_hand.append(batch)
                    _send(worker, batch)
                waiting = in_hand[0].waiting
                with worker.deadline(self._patience.for_texts(list(waiting.values()))):
                    while waiting:
                        outbox.put(self._take(worker.receive(), waiting))
                in_hand.popleft()
        finally:
            with self._lock:
                self._workers.discard(worker)

    def _started_worker(self) -> ChildProcess:
        try:
            return ChildProcess(self._command)
        except ChildDiedError as error:
            raise _DiedAtStartError(str(error)) from error

    def _await_ready(self, worker: ChildProcess) -> None:
        try:
            with worker.deadline(self._patience.start):
                greeting = worker.receive()
        except ChildDiedError as error:
            raise _DiedAtStartError(str(error)) from error
        if "failed" in greeting:
            raise ModelError(str(greeting["failed"]), hint="--model names another one")
        if "ready" not in greeting:
            raise _DiedAtStartError("it does not say that it is ready")
        with self._lock:
            self._deaths_at_start = 0
        self._note_problems(greeting)

    def _take(self, message: dict[str, Any], waiting: dict[str, str]) -> Reply:
        record = message.get("answer")
        document_id = record.get("document") if isinstance(record, dict) else message.get("refused")
        text = waiting.get(document_id) if isinstance(document_id, str) else None
        if document_id is None or text is None:
            raise ChildDiedError("it answers something else than it was asked")
        if record is not None and not _is_about(record, text):
            raise ChildDiedError(f"its answer for {document_id} is about another text")
        self._note_problems(message)
        with self._lock:
            self._deaths = 0
        del waiting[document_id]
        return Reply(document_id, record, str(message.get("reason", "")))

    def _note_problems(self, message: dict[str, Any]) -> None:
        with self._lock:
            self.problems.update(dict.fromkeys(map(str, message.get("problems", ()))))

    def _on_worker_death(
        self,
        error: ChildDiedError,
        in_hand: deque[Batch],
        supply: Supply,
        outbox: Outbox[Reply | AnnotatorError],
    ) -> None:
        """After a death: only the batch at hand can be the cause; what was to follow it just goes to another worker."""
        is_at_start = isinstance(error, _DiedAtStartError)
        with self._lock:
            if self._is_stopping:
                return
            self._deaths += 1
            self._deaths_at_start += is_at_start
            if self._deaths_at_start >= DEATHS_AT_START or self._deaths >= DEATHS_IN_A_ROW:
                raise ModelError(
                    f"the workers keep dying: {error}",
                    hint="fewer --processes need less memory; --model names another pipeline",
                ) from error
        suspect = in_hand[0]
        if is_at_start:
            supply.give_back(in_hand)
        elif suspect.is_retry:
            in_hand.popleft()
            supply.give_back(in_hand)
            for document_id in suspect.waiting:
                outbox.put(Reply(document_id, None, f"the worker died: {error}"))
        else:
            in_hand.popleft()
            supply.give_back([*suspect.alone(), *in_hand])


class _DiedAtStartError(ChildDiedError):
    """The worker ended before it had seen a text, so that no text can be the cause."""


def _send(worker: ChildProcess, batch: Batch) -> None:
    worker.send({"texts": list(batch.waiting.items())})


def _is_about(record: dict[str, Any], text: str) -> bool:
    return record.get("format") == RECORD_FORMAT and record.get("sha256") == text_hash(text)
