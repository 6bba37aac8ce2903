"""Sessions and wrong tokens."""

from __future__ import annotations

from annotator.web.sessions import ATTEMPTS, WINDOW, Attempts, Sessions
from annotator.web.tokens import new_token


def test_an_address_has_a_number_of_attempts_a_minute() -> None:
    moment = 0.0
    attempts = Attempts(lambda: moment)
    for _ in range(ATTEMPTS - 1):
        attempts.note_failure("10.0.0.1")
    assert not attempts.are_used_up("10.0.0.1")
    attempts.note_failure("10.0.0.1")
    assert attempts.are_used_up("10.0.0.1")
    assert not attempts.are_used_up("10.0.0.2")
    moment = WINDOW + 1
    assert not attempts.are_used_up("10.0.0.1")


def test_sessions_end_with_their_token() -> None:
    sessions = Sessions()
    ada, ben = new_token("ada")[0], new_token("ben")[0]
    first, second = sessions.start(ada), sessions.start(ben)
    assert first.id != second.id
    sessions.keep_only(frozenset({ben}))
    assert sessions.get(first.id) is None
    assert sessions.get(second.id) == second
