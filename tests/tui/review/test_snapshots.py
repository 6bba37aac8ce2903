"""Pictures of the review screen as text: what is written, and in which styles."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from annotator.model.labels import LabelSet
from tests.pictures import check_picture, picture
from tests.reviewed import make_store

SNAPSHOTS = Path(__file__).parent / "snapshots"
DATA = os.environ.get("ANNOTATOR_EXTERNAL_DATA")

CASES = {
    "dark": ({}, (120, 40)),
    "light": ({"theme": "annotator-light"}, (120, 40)),
    "small": ({}, (80, 24)),
    "roomy": ({"mode": "roomy"}, (80, 24)),
}


@pytest.mark.parametrize("name", CASES)
async def test_the_screen_looks_as_it_did(desk, name: str) -> None:
    """One version taken, one conflict without entity, the third current, the fourth open."""
    settings, size = CASES[name]
    await check(desk, name, size, settings)


async def test_without_colour_it_looks_as_it_did(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same under NO_COLOR."""
    monkeypatch.setenv("NO_COLOR", "1")
    await check(desk, "no-color", (80, 24), {})


async def check(desk, name: str, size: tuple[int, int], settings: dict[str, str]) -> None:
    async with desk(size, settings=settings) as at:
        await at.press("2", "x")
        await asyncio.to_thread(at.workspace.flush)
        await at.pilot.pause()
        check_picture(SNAPSHOTS / f"{name}.txt", picture(at.screen))


@pytest.mark.skipif(not DATA, reason="ANNOTATOR_EXTERNAL_DATA is not set")
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_six_way_conflict_from_right_to_left(desk, tmp_path: Path, size: tuple[int, int]) -> None:
    """Six annotators differ six ways on one Hebrew sentence: six numbered versions, each span's words from right to left.

    Cells hold what is seen, from left to right, so a Hebrew word stands there with its last letter first.
    """
    rows = map(json.loads, (Path(DATA or "") / "nemo-pilot.jsonl").read_text(encoding="utf-8").splitlines())
    row = next(each for each in rows if each["id"] == "group2-74")
    words = row["tokens"]
    text = " ".join(words)
    labels = sorted({span[2] for spans in row["annotators"].values() for span in spans})
    work = {
        name: {row["id"]: [(" ".join(words[first:last]), label) for first, last, label, _ in spans]}
        for name, spans in row["annotators"].items()
    }
    store = make_store(
        tmp_path / "hebrew", work, texts={row["id"]: text}, label_set=LabelSet.from_names("nemo", labels)
    )
    async with desk(size, of=store) as at:
        lines = ["".join(each.text for each in strip) for strip in at.screen._compositor.render_strips()]
        for number in range(1, 7):
            assert any(f" {number} {label}" in line for line in lines for label in labels), number
        states = next(line for line in lines if " 6 GPE" in line)
        below = lines[lines.index(states) + 1] if size[0] > 100 else states
        assert "ארצות הברית"[::-1] in below
        assert "1:1:1:1:1:1" in at.bar("status")
        await at.press("6")
        assert at.spans[0] == ("ארצות הברית", "GPE")
