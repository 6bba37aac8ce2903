"""The learner's process: it is kept up with what is finished, answers what is wanted, and its death harms nobody."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from annotator.suggest.learner.service import DEATHS_IN_A_ROW, LearnedSuggestions, LearnerService
from annotator.suggest.learner.texts import SourceText
from tests.suggest.learner.lessons import LABELS, source_text


class Answers:
    """What a service has said, waited for."""

    def __init__(self) -> None:
        self.suggested: list[LearnedSuggestions] = []
        self.failures: list[str] = []
        self._changed = threading.Condition()

    def on_suggested(self, suggested: LearnedSuggestions) -> None:
        with self._changed:
            self.suggested.append(suggested)
            self._changed.notify_all()

    def on_failure(self, reason: str) -> None:
        with self._changed:
            self.failures.append(reason)
            self._changed.notify_all()

    def wait(self, is_there: Callable[[Answers], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: is_there(self), timeout=60)


Start = Callable[..., tuple[LearnerService, Answers]]


@pytest.fixture
def start() -> Iterator[Start]:
    services: list[LearnerService] = []

    def started(
        lessons: Sequence[SourceText] = (), command: Sequence[str] | None = None
    ) -> tuple[LearnerService, Answers]:
        answers = Answers()
        service = LearnerService(
            LABELS,
            lessons=lambda: iter(lessons),
            on_suggested=answers.on_suggested,
            on_failure=answers.on_failure,
            command=command,
        )
        services.append(service)
        service.start()
        return service, answers

    yield started
    for service in services:
        service.close()


def texts(*numbers: int) -> list[SourceText]:
    return [source_text(number) for number in numbers]


def test_it_learns_the_store_and_suggests_with_scores_and_reasons(start: Start) -> None:
    service, answers = start(texts(*range(6)))
    service.want(source_text(7, is_finished=False))
    answers.wait(lambda answers: answers.suggested)
    [suggested] = answers.suggested
    assert (suggested.document_id, suggested.lessons, suggested.is_trusted) == ("d7", 6, True)
    assert {each.key for each in suggested.suggestions} == set(source_text(7).spans)
    assert {each.source for each in suggested.suggestions} == {"learner"}
    assert all(each.score is not None and each.score > 0.5 for each in suggested.suggestions)
    assert all(suggested.reasons[each.key] for each in suggested.suggestions)


def test_what_is_finished_meanwhile_is_learnt_before_suggestions_are_made(start: Start) -> None:
    service, answers = start()
    for number in range(5):
        service.learn(source_text(number))
    service.want(source_text(7, is_finished=False))
    answers.wait(lambda answers: answers.suggested)
    assert answers.suggested[-1].lessons == 5


def test_a_reopened_document_is_forgotten(start: Start) -> None:
    service, answers = start(texts(0, 1, 2))
    service.forget("d1")
    service.want(source_text(7, is_finished=False))
    answers.wait(lambda answers: answers.suggested)
    assert answers.suggested[-1].lessons == 2


def test_nothing_starts_and_nothing_is_owed_while_nothing_is_finished(start: Start) -> None:
    service, answers = start()
    service.want(source_text(7, is_finished=False))
    waited = threading.Event()
    while service.is_busy:  # until it has read the store, which is empty
        waited.wait(0.01)
    assert service._worker is None
    assert answers.suggested == []


def test_a_dead_process_is_replaced_and_learns_all_again(start: Start) -> None:
    service, answers = start(texts(0, 1, 2))
    service.learn(source_text(3))
    service.want(source_text(7, is_finished=False))
    answers.wait(lambda answers: answers.suggested)
    assert service._worker is not None
    service._worker.kill()
    service.want(source_text(6, is_finished=False))
    answers.wait(lambda answers: len(answers.suggested) == 2)
    assert answers.suggested[-1].lessons == 4


def test_a_process_that_keeps_dying_is_given_up_and_says_why(start: Start) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no room')"]
    service, answers = start(texts(0), command)
    answers.wait(lambda answers: answers.failures)
    assert "no room" in answers.failures[0]
    assert DEATHS_IN_A_ROW == 3
    assert not service.is_busy


LIAR = """
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    if "propose" in request:
        print(json.dumps({"proposed": request["propose"]["document"], "lessons": 1, "is_trusted": True, "spans": SPANS}), flush=True)
    else:
        print('{"ready": true}', flush=True)
"""


@pytest.mark.parametrize("spans", ["[[0, 9999, 'A', 0.5, []]]", "[[3, 1, 'A', 0.5, []]]", "[[0, 3]]", "None"])
def test_a_process_that_says_what_cannot_be_is_not_believed(start: Start, spans: str) -> None:
    service, answers = start(texts(0), [sys.executable, "-c", LIAR.replace("SPANS", spans)])
    for number in (7, 6):
        service.want(source_text(number, is_finished=False))
    answers.wait(lambda answers: answers.failures)
    assert answers.suggested == []
    assert answers.failures == ["it says something that cannot be read"] or "outside" in answers.failures[0]
