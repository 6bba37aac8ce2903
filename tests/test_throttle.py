"""The pause between two reports of progress, by a clock of the test's own."""

from __future__ import annotations

from annotator.throttle import Throttle
from tests.waiting import Clock


def test_the_first_report_is_allowed_at_once_and_the_next_after_the_pause() -> None:
    clock = Clock()
    throttle = Throttle(0.5, clock=clock)
    assert throttle.allow()
    assert not throttle.allow()
    clock.now += 0.25
    assert not throttle.allow()
    clock.now += 0.25
    assert throttle.allow()
    assert not throttle.allow()


def test_what_waits_is_allowed_after_a_pause() -> None:
    clock = Clock()
    throttle = Throttle(0.5, waits=True, clock=clock)
    assert not throttle.allow()
    clock.now += 0.5
    assert throttle.allow()


def test_the_pause_begins_with_what_was_allowed_and_not_with_what_was_asked() -> None:
    clock = Clock()
    throttle = Throttle(1.0, clock=clock)
    throttle.allow()
    for _ in range(3):
        clock.now += 0.25
        assert not throttle.allow()
    clock.now += 0.25
    assert throttle.allow()
