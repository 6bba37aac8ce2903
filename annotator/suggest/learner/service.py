"""The learner as the interface sees it: a process of its own, which learns and suggests while nobody waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.child_processes.parent_side import ChildDiedError, ChildProcess, python_command
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.suggest.learner.texts import WEIGHED, SourceText

SOURCE = "learner"
"""What its suggestions say they are from."""
DEATHS_IN_A_ROW = 3
_START, _TEXT, _CHARACTER = 60.0, 20.0, 0.002
"""Seconds for the process to start, for a text, and for each of its characters."""
_CLOSING = 1.0
_REASONS = 3


@dataclass(frozen=True, slots=True)
class LearnedSuggestions:
    """What the learner suggests on one text after so many lessons, in the place of other sources' guesses if it is trusted.

    `reasons` has the features that speak most for each, by the suggestion's key.
    """

    document_id: str
    suggestions: tuple[Suggestion, ...]
    reasons: Mapping[tuple[int, int, str], Sequence[str]]
    lessons: int
    is_trusted: bool


class LearnerService:
    """Keeps one learner up with the finished documents of a store, and asks it about others.

    `on_suggested` and `on_failure` are called on the service's thread. The process starts with the first lesson there
    is. When it dies it is started again and learns again, and a text that it died with is tried once more; after
    DEATHS_IN_A_ROW it stays away.
    """

    def __init__(
        self,
        label_set: LabelSet,
        *,
        lessons: Callable[[], Iterable[SourceText]],
        on_suggested: Callable[[LearnedSuggestions], None],
        on_failure: Callable[[str], None],
        command: Sequence[str] | None = None,
    ) -> None:
        """`lessons` reads the finished documents of the store, in the order in which they were finished.

        `command` starts another program than the own one; it must speak as `learner.worker` does.
        """
        self._label_set = label_set
        self._lessons = lessons
        self._on_suggested = on_suggested
        self._on_failure = on_failure
        self._command = command or python_command("annotator.suggest.learner.worker")
        self._changed = threading.Condition()
        self._changes: dict[str, SourceText | None] = {}
        self._waiting: deque[str] = deque()
        """The documents of `_changes` that the process has not been told of."""
        self._wanted: dict[str, SourceText] = {}
        self._is_reading = True
        self._is_at_work = False
        self._is_closing = False
        self._has_failed = False
        self._worker: ChildProcess | None = None
        self._deaths = 0
        self._in_hand: SourceText | None = None
        self._deadly: set[str] = set()
        """The documents that a process died with."""
        self._thread = threading.Thread(target=self._run, name="learner", daemon=True)

    # On the interface's thread

    @property
    def is_busy(self) -> bool:
        """True while it learns, or owes suggestions."""
        with self._changed:
            is_owing = self._is_reading or self._is_at_work or bool(self._waiting)
            return not self._has_failed and (is_owing or (self._worker is not None and bool(self._wanted)))

    def start(self) -> None:
        """Begin to read the store; returns at once."""
        self._thread.start()

    def learn(self, text: SourceText) -> None:
        """Learn a document that was finished just now."""
        self._change(text.document_id, text)

    def forget(self, document_id: str) -> None:
        """Forget a document: it is finished no more."""
        self._change(document_id, None)

    def want(self, text: SourceText) -> None:
        """Ask for suggestions, which come as soon as all lessons are learnt; the last text of a document counts."""
        with self._changed:
            self._wanted.pop(text.document_id, None)
            self._wanted[text.document_id] = text
            self._changed.notify_all()

    def close(self) -> None:
        """End the process and the thread; returns within a second."""
        with self._changed:
            self._is_closing = True
            if self._worker is not None:
                self._worker.kill()
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(_CLOSING)

    def _change(self, document_id: str, text: SourceText | None) -> None:
        with self._changed:
            self._changes.pop(document_id, None)
            self._changes[document_id] = text
            if document_id in self._waiting:
                self._waiting.remove(document_id)
            self._waiting.append(document_id)
            self._changed.notify_all()

    # On the service's thread

    def _run(self) -> None:
        while not self._is_closing and not self._has_failed:
            try:
                self._work_with(self._first_lessons())
            except ChildDiedError as error:
                self._take_death(str(error))

    def _first_lessons(self) -> deque[SourceText]:
        """The store's lessons but for those that changed since; waits for a first one where there is none."""
        with self._changed:
            self._is_reading = True
        texts: deque[SourceText] = deque()
        for text in self._lessons():
            if self._is_closing:
                return deque()
            if text.document_id not in self._changes:
                texts.append(text)
        with self._changed:
            self._waiting = deque(self._changes)
            self._is_reading = bool(texts)
            self._changed.wait_for(lambda: texts or self._waiting or self._is_closing)
        return texts

    def _work_with(self, lessons: deque[SourceText]) -> None:
        if self._is_closing:
            return
        with ChildProcess(self._command) as worker:
            with self._changed:
                self._worker = worker
                if self._is_closing:
                    return
            self._ask(worker, {"labels": self._label_set.content, "seed": 0}, seconds=_START)
            while lessons:
                self._teach(worker, lessons.popleft(), is_weighed=len(lessons) < WEIGHED)
            with self._changed:
                self._is_reading = False
            while self._wait_for_work():
                self._do_next(worker)

    def _wait_for_work(self) -> bool:
        with self._changed:
            self._is_at_work = False
            self._changed.wait_for(lambda: self._waiting or self._wanted or self._is_closing)
            self._is_at_work = not self._is_closing
            return self._is_at_work

    def _do_next(self, worker: ChildProcess) -> None:
        """Tell the process of a change; when there is none, ask it about the text that was wanted last."""
        with self._changed:
            document_id = self._waiting[0] if self._waiting else None
            change = self._changes[document_id] if document_id is not None else None
            text = None if document_id is not None else self._wanted.pop(next(reversed(self._wanted)))
        if text is not None:
            self._in_hand = text
            reply = self._ask(worker, {"propose": text.record}, seconds=_seconds(text))
            self._on_suggested(_suggestions(reply, text))
            self._in_hand = None
        elif change is not None:
            self._teach(worker, change)
        else:
            self._ask(worker, {"forget": document_id}, seconds=_START * 10)
        self._deaths = 0
        with self._changed:
            is_told = document_id is not None and self._changes[document_id] is change
            if is_told and self._waiting and self._waiting[0] == document_id:
                self._waiting.popleft()

    def _teach(self, worker: ChildProcess, text: SourceText, *, is_weighed: bool = True) -> None:
        if not self._is_closing:
            request = {"learn": text.record, "is_weighed": is_weighed}
            self._ask(worker, request, seconds=_START * 10 + _seconds(text))

    def _ask(self, worker: ChildProcess, request: Mapping[str, Any], *, seconds: float) -> Mapping[str, Any]:
        with worker.deadline(seconds):
            worker.send(dict(request))
            return worker.receive()

    def _take_death(self, reason: str) -> None:
        with self._changed:
            self._worker = None
            if self._is_closing:
                return
            self._deaths += 1
            text, self._in_hand = self._in_hand, None
            if text is not None and text.document_id not in self._deadly:
                self._deadly.add(text.document_id)
                self._wanted.setdefault(text.document_id, text)
            self._has_failed = self._deaths >= DEATHS_IN_A_ROW
        if self._has_failed:
            self._on_failure(reason)


def _seconds(text: SourceText) -> float:
    return _TEXT + _CHARACTER * len(text.text)


def _suggestions(reply: Mapping[str, Any], text: SourceText) -> LearnedSuggestions:
    """What the process said about a text; ChildDiedError if that is nothing that can be read."""
    try:
        if reply["proposed"] != text.document_id:
            raise ChildDiedError("it answers something else than it was asked")
        suggestions, reasons = [], {}
        for start, end, label, probability, features in reply["spans"]:
            suggestion = Suggestion(start, end, label, source=SOURCE, score=probability)
            if not 0 <= start < end <= len(text.text):
                raise ChildDiedError("it suggests something outside the text")
            suggestions.append(suggestion)
            reasons[suggestion.key] = tuple(map(str, features))[:_REASONS]
        return LearnedSuggestions(
            text.document_id, tuple(suggestions), reasons, int(reply["lessons"]), bool(reply["is_trusted"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ChildDiedError("it says something that cannot be read") from error
