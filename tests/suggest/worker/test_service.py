"""The service: answers come, and whatever happens to the worker, the others still do."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.documents import text_hash
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.service import Patience, SuggestionService
from annotator.suggest.worker.states import ServiceKind
from tests.suggest.conftest import Listener, ServeFake  # types alone

HASTY = Patience(start=20, text=0.4, character=0)


def test_answers_come_for_what_was_asked_before_the_start_and_after(
    serve_fake: ServeFake, listener: Listener
) -> None:
    service = serve_fake(start=False)
    service.request("a", "fine text", urgent=False)
    assert service.state.kind is ServiceKind.STARTING
    service.start()
    listener.wait_for_answers("a")
    service.request("b", "fine too", urgent=True)
    listener.wait_for_answers("b")
    listener.wait_for_kind(ServiceKind.READY)
    assert listener.answered == ["a", "b"]
    answer = listener.answers[0]
    assert answer.text_sha256 == text_hash("fine text")
    assert list(answer.tokens) == [(0, 4), (5, 9)]
    assert answer.pipeline == "fake-1.0"
    assert listener.kinds == [
        *(ServiceKind.WORKING, ServiceKind.READY, ServiceKind.WORKING, ServiceKind.READY),
    ]


def test_what_is_wrong_with_patterns_is_told_and_answers_come(
    serve_fake: ServeFake, listener: Listener
) -> None:
    service = serve_fake("start-complaining")
    service.request("a", "fine", urgent=True)
    listener.wait_for_answers("a")
    assert listener.states[0].detail == "line 3: no"
    assert service.state.detail == "line 3: no"


def test_a_worker_that_dies_is_replaced_and_the_request_repeated(
    serve_fake: ServeFake, listener: Listener, tmp_path: Path
) -> None:
    service = serve_fake()
    service.request("a", f"die-once {tmp_path / 'died'}", urgent=True)
    service.request("b", "fine", urgent=False)
    listener.wait_for_answers("a", "b")
    listener.wait_for_kind(ServiceKind.READY)
    restart = next(state for state in listener.states if state.kind is ServiceKind.STARTING)
    assert restart.detail == "the worker died: it ended with code 3: out of luck"
    assert service.state.given_up == frozenset()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("die", "it ended with code 3: out of luck"),
        ("garbage", "it says b'Loading model ...\\n', which is no answer"),
        ("odd", "it answers something else than it was asked"),
        ("other", "its answer for bad is about another text"),
        ("hang", "it took longer than 0.4 s"),
    ],
)
def test_a_text_that_kills_twice_is_given_up_and_the_others_go_on(
    serve_fake: ServeFake, listener: Listener, text: str, reason: str
) -> None:
    service = serve_fake(patience=HASTY if text == "hang" else None, start=False)
    service.request("bad", text, urgent=False)
    for name in ("b", "c", "d"):
        service.request(name, "fine", urgent=False)
    service.start()
    listener.wait_for_answers("b", "c", "d")
    listener.wait_for_kind(ServiceKind.READY)
    assert service.state.given_up == {"bad"}
    assert f"no suggestions for bad: {reason}" in [state.detail for state in listener.states]
    restarts = listener.kinds.count(ServiceKind.STARTING)
    assert restarts >= 2
    service.request("bad", text, urgent=True)
    service.request("e", "fine", urgent=False)
    listener.wait_for_answers("e")
    assert "bad" not in listener.answered
    assert listener.kinds.count(ServiceKind.STARTING) == restarts


@pytest.mark.skipif(not hasattr(os, "waitid"), reason="waits for a process without reaping it")
def test_a_worker_that_died_at_rest_is_not_the_next_texts_fault(
    serve_fake: ServeFake, listener: Listener, tmp_path: Path
) -> None:
    service = serve_fake("", str(tmp_path / "starts"))
    service.request("a", "last", urgent=True)
    listener.wait_for_kind(ServiceKind.READY)
    wait_for_end(int((tmp_path / "starts").read_text(encoding="utf-8")))
    service.request("b", f"die-once {tmp_path / 'died'}", urgent=True)
    listener.wait_for_answers("b")
    assert service.state.given_up == frozenset()


def test_a_text_that_was_given_up_may_be_forgotten_and_asked_again(
    serve_fake: ServeFake, listener: Listener
) -> None:
    service = serve_fake()
    service.request("a", "die", urgent=True)
    listener.wait_for(lambda: bool(service.state.given_up))
    service.forget("a")
    assert service.state.given_up == frozenset()
    service.request("a", "fine", urgent=True)
    listener.wait_for_answers("a")


def test_a_text_that_the_pipeline_refuses_is_given_up_at_once(
    serve_fake: ServeFake, listener: Listener
) -> None:
    service = serve_fake(start=False)
    for name in ("a", "b", "c", "d"):
        service.request(name, "fine" if name == "d" else "refuse", urgent=False)
    service.start()
    listener.wait_for_answers("d")
    listener.wait_for_kind(ServiceKind.READY)
    assert service.state.given_up == {"a", "b", "c"}
    assert service.state.detail == "no suggestions for c: ValueError: no"
    assert ServiceKind.STARTING not in listener.kinds


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("start-dying", "it ended with code 1: cannot start"),
        ("start-oddly", "it does not say that it is ready"),
    ],
)
def test_three_deaths_without_an_answer_are_a_failure(
    serve_fake: ServeFake, listener: Listener, tmp_path: Path, how: str, reason: str
) -> None:
    service = serve_fake(how, str(tmp_path / "starts"))
    listener.wait_for_kind(ServiceKind.FAILED)
    assert len((tmp_path / "starts").read_text(encoding="utf-8").split()) == 3
    assert listener.kinds == [ServiceKind.STARTING, ServiceKind.FAILED]
    assert service.state.detail == f"the worker died: {reason}"


def test_a_worker_that_hangs_at_its_start_has_died_too(serve_fake: ServeFake, listener: Listener) -> None:
    service = serve_fake("start-hanging", patience=Patience(start=0.4))
    listener.wait_for_kind(ServiceKind.FAILED)
    assert service.state.detail == "the worker died: it took longer than 0.4 s"


def test_an_answer_starts_the_count_of_deaths_anew(serve_fake: ServeFake, listener: Listener) -> None:
    service = serve_fake()
    for name in ("a", "b", "c"):
        service.request(name, "die", urgent=True)
        listener.wait_for(lambda name=name: name in service.state.given_up)
        service.request(f"after {name}", "fine", urgent=True)
        listener.wait_for_answers(f"after {name}")
    assert ServiceKind.FAILED not in listener.kinds


def test_a_pipeline_that_does_not_load_is_not_tried_again(serve_fake: ServeFake, listener: Listener) -> None:
    service = serve_fake("start-failing")
    listener.wait_for_kind(ServiceKind.FAILED)
    assert listener.kinds == [ServiceKind.FAILED]
    assert service.state.detail == "no such pipeline"
    service.request("a", "fine", urgent=True)
    service.close()
    assert listener.answers == []


def test_a_command_that_cannot_be_run_is_a_failure(listener: Listener) -> None:
    service = SuggestionService(
        resolve("blank:en"),
        on_answer=listener.on_answer,
        on_state=listener.on_state,
        command=["/nowhere/worker"],
    )
    service.start()
    listener.wait_for_kind(ServiceKind.FAILED)
    assert "it cannot be started: No such file or directory" in service.state.detail


def test_closing_is_prompt_and_leaves_no_process(
    serve_fake: ServeFake, listener: Listener, tmp_path: Path
) -> None:
    service = serve_fake()
    service.request("a", f"pid {tmp_path / 'pid'}", urgent=True)
    listener.wait_for_kind(ServiceKind.WORKING)
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    service.close()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert not [thread for thread in threading.enumerate() if thread.name == "suggestions"]


def test_closing_a_service_that_never_started_does_nothing(serve_fake: ServeFake) -> None:
    serve_fake(start=False).close()


def test_without_a_model_tokens_still_come(listener: Listener) -> None:
    service = SuggestionService(resolve("blank:de"), on_answer=listener.on_answer, on_state=listener.on_state)
    service.request("a", "Ada traf Babbage.", urgent=True)
    service.start()
    listener.wait_for_answers("a")
    service.close()
    assert list(listener.answers[0].tokens) == [(0, 3), (4, 8), (9, 16), (16, 17)]
    assert listener.answers[0].suggestions == ()
    assert listener.kinds == [ServiceKind.NO_MODEL]
    assert service.state.pipeline == "blank tokenizer"


def test_the_real_worker_suggests(listener: Listener) -> None:
    service = SuggestionService(resolve(), on_answer=listener.on_answer, on_state=listener.on_state)
    text = "Ada Lovelace lived in London \ud83d until 1852."
    service.request("ada", text, urgent=True)
    service.start()
    listener.wait_for_answers("ada")
    service.close()
    found = {(text[one.start : one.end], one.label) for one in listener.answers[0].suggestions}
    assert ("London", "GPE") in found
    assert listener.answers[0].pipeline == service.pipeline.name


def test_the_interface_loads_neither_spacy_nor_numpy() -> None:
    program = """
        import sys
        from annotator.suggest.worker import answers
        from annotator.suggest.combination import combine
        from annotator.suggest.worker import requests
        from annotator.suggest.sources.resolution import resolve
        from annotator.suggest.worker.service import SuggestionService
        resolve()
        resolve("blank:en")
        service = SuggestionService(resolve(), on_answer=print, on_state=print)
        service.request("a", "text", urgent=True)
        print([name for name in ("spacy", "numpy", "thinc", "multiprocessing") if name in sys.modules])
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def wait_for_end(pid: int) -> None:
    """Wait for the end of a child, and leave it to its owner to take note."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again for something that nobody announces."""
    for _ in range(3000):
        if condition():
            return
        threading.Event().wait(0.01)
    pytest.fail("waited in vain")
