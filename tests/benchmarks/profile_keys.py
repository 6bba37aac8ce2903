"""Where the time of a key goes: the app in this process, without a terminal, under Python's profiler."""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.tui.app import AnnotatorApp
from annotator.workspace import Workspace
from tests.benchmarks.texts import ANNOTATOR, generated, make_store
from tests.benchmarks.timing import COLUMNS, ROWS

_SHOWN = 35

Kinds = Mapping[str, tuple[Sequence[str], Sequence[str]]]
"""Keys by what they do: those that lead there, and those that are looked at."""


def profile(words: int, kinds: Kinds, *, rounds: int) -> None:
    """Print for each kind of key what costs most, in a document of `words` words, half of which is decided."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        make_store(path, [generated(words)], half_done=True)
        workspace = Workspace(Store.open(path), annotator=ANNOTATOR, settings=Settings(ahead=0))
        try:
            asyncio.run(_profile(workspace, kinds, rounds))
        finally:
            workspace.close()


async def _profile(workspace: Workspace, kinds: Kinds, rounds: int) -> None:
    app = AnnotatorApp(workspace, first=workspace.queue.ids[0])
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause(1.0)
        for kind, (before, keys) in kinds.items():
            profiler = cProfile.Profile()
            for _ in range(rounds):
                for key in before:
                    app.simulate_key(key)
                    await pilot.pause(0.02)
                for key in keys:
                    with profiler:
                        app.simulate_key(key)
                        await pilot.pause(0.02)
            print(f"{kind}: {rounds * len(keys)} keys")
            pstats.Stats(profiler).sort_stats("cumulative").print_stats("annotator|textual", _SHOWN)
