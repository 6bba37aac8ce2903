"""Other programs, damage, and disks that take nothing."""

from __future__ import annotations

import asyncio

import pytest

from annotator.errors import SaveError
from annotator.store.repository import Store
from tests.reviewed import finish


async def test_a_second_reviewer_sees_all_and_decides_nothing(desk) -> None:
    async with desk() as at:
        await at.press("1")
        async with desk(reviewer="kai") as other:
            assert "READ-ONLY: open by" in other.bar("header")
            for key in ("1", "x", "enter", "a", "m", "space", "u", "t", "d", "n"):
                await other.press(key)
                assert "read-only" in other.bar("status")
            await other.press("tab")
            assert other.current == "the State Department"
            assert [
                each for each in other.gold.decisions if each.who == "kai" and each.by != "agreement"
            ] == []


async def test_who_waited_can_decide_once_the_other_has_left(desk) -> None:
    async with desk() as at:
        await at.press("1")
        waiting = desk(reviewer="kai")
        other = await waiting.__aenter__()
        at.workspace.close()
        await other.press("1")
        assert "no longer read-only" in other.bar("status")
        assert other.open == 3
        await other.press("1")
        assert other.open == 2
        await waiting.__aexit__(None, None, None)


async def test_a_save_that_fails_is_said_until_it_succeeds(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk() as at:
        await asyncio.to_thread(at.workspace.flush)

        def refuse(self: Store, snapshot: object) -> None:
            raise SaveError("the disk is full", hint="make room", reason="disk full")

        with monkeypatch.context() as patch:
            patch.setattr(Store, "save", refuse)
            await at.press("1", "1")
            at.workspace.save(at.session.editor)
            await asyncio.to_thread(at.workspace.flush)
            await at.pilot.pause()
            assert "NOT SAVED: disk full" in at.bar("status")
            assert at.open == 2
        await asyncio.to_thread(at.workspace.flush)
        await at.pilot.pause()
        assert at.bar("status").endswith("saved")
        assert "NOT SAVED" not in at.bar("status")


async def test_damage_is_told_at_the_start_and_the_rest_can_be_reviewed(desk, store) -> None:
    finish(store, "first", "kim", [])
    (path,) = (store.path / "annotations" / "kim").rglob("first.json")
    path.write_bytes(path.read_bytes()[:-20])
    async with desk() as at:
        await at.pilot.pause()
        assert at.app.screen is not at.screen
        await at.press("escape")
        assert at.session.annotators == ("jonas", "mira")
        await at.press("1")
        assert at.open == 3


async def test_a_terminal_that_is_too_small_takes_no_decision(desk) -> None:
    async with desk((20, 6)) as at:
        await at.press("1", "x", "space")
        assert at.open == 4


async def test_a_small_terminal_still_shows_a_version(desk) -> None:
    async with desk((40, 12)) as at:
        assert "1 LOC" in at.panel
