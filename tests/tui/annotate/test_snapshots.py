"""Pictures of the annotate screen as text: what is written, and in which styles."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.pictures import check_picture, picture

SNAPSHOTS = Path(__file__).parent / "snapshots"


CASES = {
    "dark": ({}, (120, 40)),
    "light": ({"theme": "annotator-light"}, (120, 40)),
    "small": ({}, (80, 24)),
    "roomy": ({"mode": "roomy"}, (80, 24)),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_screen_looks_as_it_did(desk, name: str) -> None:
    """A right one accepted, one doubted, one rejected, one relabelled, the focus on the next."""
    settings, size = CASES[name]
    await check(desk, name, size, settings)


async def test_without_colour_it_looks_as_it_did(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same under NO_COLOR."""
    monkeypatch.setenv("NO_COLOR", "1")
    await check(desk, "no-color", (80, 24), {})


async def check(desk, name: str, size: tuple[int, int], settings: dict[str, str]) -> None:
    async with desk(size, **settings) as at:
        await at.walk_to("Caracas")
        await at.press("enter", "x", "1")
        await at.walk_to("the State Department")
        await at.press("d")
        await at.walk_to("Twitter")
        await asyncio.to_thread(at.workspace.flush)
        await at.pilot.pause()
        found = picture(at.screen)

    check_picture(SNAPSHOTS / f"{name}.txt", found)
