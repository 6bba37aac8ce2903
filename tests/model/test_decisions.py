"""Moments of records, which may come from anywhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from annotator.model.decisions import local_time, time_text


def test_a_moment_comes_back() -> None:
    moment = datetime(2026, 11, 22, 14, 2, 11, tzinfo=UTC)
    assert local_time(time_text(moment)) == moment


@pytest.mark.parametrize(
    "when",
    [
        "2300-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "12026-01-01T00:00:00Z",
        "yesterday",
        "",
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_every_text_has_a_moment_that_can_be_shown_and_compared(
    when: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        moment = local_time(when)
        assert f"{moment.day} {moment:%b %Y %H:%M}"
        assert (moment < datetime.now(UTC)) is (moment.year < 2200)
    finally:
        monkeypatch.undo()
        time.tzset()
