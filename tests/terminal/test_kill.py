"""What the screen calls saved is there after `kill -9`, at whatever moment that comes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from annotator.store.repository import Store
from tests.terminal.harness import Terminal

CORPORA = Path(__file__).parents[2] / "corpora"
ROUNDS = 50


def decided(terminal: Terminal) -> int:
    """How many marks the header says are decided."""
    match = re.search(r"(\d+) of \d+ decided", terminal.text)
    return int(match.group(1)) if match else 0


def is_saved(terminal: Terminal) -> bool:
    """True if the status line ends in the word alone, not in "saved 3 of 4"."""
    return terminal.status.rstrip().endswith(" saved")


def is_called_saved(terminal: Terminal, wanted: int) -> bool:
    """True if so many are decided and all are called saved, in one whole frame: a header is read before a status."""
    while terminal.read(0.03):
        pass
    return decided(terminal) >= wanted and is_saved(terminal)


@pytest.mark.slow
def test_nothing_called_saved_is_missing(start: Callable[..., Terminal], tmp_path: Path) -> None:
    """Fifty times: decide, see "saved", decide on, and be killed at any moment from then on."""
    article = CORPORA / "news" / "white-fleet-tapes.txt"
    # Without memory the suggestions are the same 420 after each death, and each Enter decides on one.
    (tmp_path / "settings.toml").write_text('learning = "off"\n', encoding="utf-8")
    start = partial(start, env={"ANNOTATOR_SETTINGS": str(tmp_path / "settings.toml")})
    terminal = start("annotate", article, "--store", "S", "--annotator", "me")
    terminal.wait_for("0 of 420 decided")
    terminal.press("ctrl+q")
    terminal.wait_exit()

    chance = random.Random(20)
    known: list[tuple[int, int, str]] = []
    for _ in range(ROUNDS):
        called_saved = one_round(start("annotate", "--store", "S", "--annotator", "me"), len(known), chance)

        store = Store.open(tmp_path / "S")
        (document_id,) = store.catalogue.ids
        spans = [(each.start, each.end, each.label) for each in store.load_set(document_id, "me").spans]
        store.close()
        assert len(spans) >= called_saved
        assert spans[: len(known)] == known
        known = spans


def one_round(terminal: Terminal, before: int, chance: random.Random) -> int:
    """Decide a few times, wait for "saved", maybe go on, and be killed; how many decisions were called saved."""
    terminal.wait_for(f"{before} of 420 decided")
    least = before + chance.randint(1, 3)
    while (wanted := decided(terminal)) < least:  # a key may first show what lies below the screen
        terminal.press_and_see("enter", quiet=0.02)
    terminal.wait(lambda: is_called_saved(terminal, wanted), "saved")
    for _ in range(chance.randint(0, 2)):
        terminal.press("enter")
        terminal.read(chance.random() * 0.02)
    terminal.read(chance.random() * 0.05)
    terminal.kill()
    return wanted
