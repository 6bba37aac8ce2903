"""The suggestion service: keeps one worker process alive, and never makes the interface's thread wait."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.child_processes.parent_side import ChildDiedError, ChildProcess
from annotator.suggest.sources.resolution import ResolvedPipeline
from annotator.suggest.worker.answers import Answer, answer_from_record
from annotator.suggest.worker.commands import pipeline_command
from annotator.suggest.worker.requests import Requests
from annotator.suggest.worker.states import ServiceKind, ServiceState

DEATHS_OF_A_TEXT = 2
"""A text that this many workers died with is given up."""
DEATHS_IN_A_ROW = 3
"""After so many deaths without an answer in between, the pipeline itself is given up."""
_CLOSING = 1.0
"""Seconds that `close` waits for the service's thread."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a worker may take, in seconds, before it counts as hung and is ended.

    A slow laptop makes some 10 characters a millisecond; one a millisecond leaves room for a large pipeline.
    """

    start: float = 180.0
    text: float = 20.0
    character: float = 0.001

    def for_texts(self, texts: Sequence[str]) -> float:
        """Seconds for a batch."""
        return self.text + self.character * sum(map(len, texts))


class SuggestionService:
    """Answers requests for tokens and suggestions from a worker process of its own.

    A worker that dies or hangs is replaced and the request repeated. `on_answer` and `on_state` are called on the
    service's thread and must not wait for the interface's. After `close` returns no more calls begin.
    """

    def __init__(
        self,
        pipeline: ResolvedPipeline,
        *,
        on_answer: Callable[[Answer], None],
        on_state: Callable[[ServiceState], None],
        patience: Patience | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        """`command` starts another worker than the own one; it must speak as `worker` does."""
        self.pipeline = pipeline
        self._on_answer = on_answer
        self._on_state = on_state
        self._patience = patience or Patience()
        self._command = command or pipeline_command(pipeline)
        self._state = ServiceState(ServiceKind.STARTING, pipeline.title)
        self._requests = Requests()
        self._changed = threading.Condition()
        self._worker: ChildProcess | None = None
        self._is_closing = False
        self._deaths = 0
        self._thread = threading.Thread(target=self._run, name="suggestions", daemon=True)

    @property
    def state(self) -> ServiceState:
        """What the service is doing now; STARTING before `start` too."""
        return self._state

    def start(self) -> None:
        """Start the worker; returns at once."""
        self._thread.start()

    def request(self, document_id: str, text: str, *, urgent: bool) -> None:
        """Ask for an answer; before `start` too. The newest urgent request comes first, the others after it.

        Asking twice gives one answer. A text that was given up, or a service that failed, gives none.
        """
        with self._changed:
            if document_id not in self._state.given_up and self._state.kind is not ServiceKind.FAILED:
                self._requests.add(document_id, text, urgent=urgent)
                self._changed.notify()

    def forget(self, document_id: str) -> None:
        """Drop a request, and that a document was given up. An answer on its way may still come."""
        with self._changed:
            self._requests.forget(document_id)
            self._state = self._state._replace(given_up=self._state.given_up - {document_id})

    def close(self) -> None:
        """End the worker and the thread; returns within a second."""
        with self._changed:
            self._is_closing = True
            if self._worker is not None:
                self._worker.kill()
            self._changed.notify()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_CLOSING)

    # On the service's thread

    def _run(self) -> None:
        while not self._is_closing:
            try:
                with ChildProcess(self._command) as worker:
                    self._run_worker(worker)
            except ChildDiedError as error:
                self._on_worker_death(str(error))
            if self._state.kind is ServiceKind.FAILED:
                return

    def _run_worker(self, worker: ChildProcess) -> None:
        """Give a worker what there is to do, until the service closes or the pipeline proves not to load."""
        with self._changed:
            if self._is_closing:
                return
            self._worker = worker
        with worker.deadline(self._patience.start):
            greeting = worker.receive()
        if "failed" in greeting:
            self._enter(ServiceKind.FAILED, detail=str(greeting["failed"]))
            return
        if "ready" not in greeting:
            raise ChildDiedError("it does not say that it is ready")
        self._tell_problems(greeting)
        while self._wait_for_requests():
            if not worker.is_alive:
                raise worker.death()
            self._serve(worker)

    def _wait_for_requests(self) -> bool:
        """True as soon as there is something to do, False when the service closes."""
        if not self._requests and not self._is_closing:
            self._enter(ServiceKind.READY)
        with self._changed:
            self._changed.wait_for(lambda: self._requests or self._is_closing)
            return not self._is_closing

    def _serve(self, worker: ChildProcess) -> None:
        with self._changed:
            batch = self._requests.take()
        self._enter(ServiceKind.WORKING)
        with worker.deadline(self._patience.for_texts([request.text for request in batch])):
            worker.send({"texts": [[request.document_id, request.text] for request in batch]})
            for _ in batch:
                self._take(worker.receive())

    def _take(self, reply: dict[str, Any]) -> None:
        """Hand an answer on; give a text up that the pipeline refuses. What nobody wants any more is dropped."""
        record = reply.get("answer")
        document_id = record.get("document") if isinstance(record, dict) else reply.get("refused")
        if not isinstance(document_id, str):
            raise ChildDiedError("it answers something else than it was asked")
        with self._changed:
            request = self._requests.get_in_hand(document_id)
        if request is None:
            return
        answer = None if record is None else answer_from_record(record, request.text)
        if record is not None and answer is None:
            raise ChildDiedError(f"its answer for {document_id} is about another text")
        with self._changed:
            self._requests.forget(document_id)
        self._deaths = 0
        self._tell_problems(reply)
        if answer is None:
            self._give_up(document_id, str(reply.get("reason", "")))
        else:
            self._on_answer(answer)

    def _tell_problems(self, message: dict[str, Any]) -> None:
        if problems := message.get("problems"):
            self._enter(self._state.kind, detail="; ".join(map(str, problems)))

    def _on_worker_death(self, reason: str) -> None:
        """After a death: give up what caused it twice, or the pipeline after three in a row, else start over."""
        with self._changed:
            self._worker = None
            self._requests.give_back()
            hopeless = self._requests.drop_deadly(DEATHS_OF_A_TEXT)
        if self._is_closing:
            return
        self._deaths += 1
        for document_id in hopeless:
            self._give_up(document_id, reason)
        kind = ServiceKind.FAILED if self._deaths >= DEATHS_IN_A_ROW else ServiceKind.STARTING
        self._enter(kind, detail=f"the worker died: {reason}")

    def _give_up(self, document_id: str, reason: str) -> None:
        given_up = self._state.given_up | {document_id}
        self._enter(self._state.kind, detail=f"no suggestions for {document_id}: {reason}", given_up=given_up)

    def _enter(self, kind: ServiceKind, **changes: Any) -> None:
        if self.pipeline.is_blank and kind in (ServiceKind.READY, ServiceKind.WORKING):
            kind = ServiceKind.NO_MODEL
        with self._changed:
            state = self._state._replace(kind=kind, **changes)
            is_news = state != self._state and not self._is_closing
            self._state = state
        if is_news:
            self._on_state(state)
