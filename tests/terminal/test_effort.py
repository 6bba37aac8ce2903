"""The keys that the effort benchmark counted do the same on a real pseudo-terminal."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.formats.registry import read
from annotator.model.resources import load_label_set
from annotator.store.repository import Store
from tests.benchmarks.effort_screen import ANNOTATOR, SIZE, Person, make_store
from tests.terminal.harness import Terminal

GOLD = Path(__file__).parents[2] / "corpora" / "news" / "gold.jsonl"


def _said(path: Path, document_id: str) -> object:
    annotations = Store.open(path).load_set(document_id, ANNOTATOR)
    spans = [
        (each.start, each.end, each.label, each.decision.verb, each.decision.by) for each in annotations.spans
    ]
    return annotations.status, spans, [each.key for each in annotations.rejections]


@pytest.mark.slow
def test_the_keys_lead_to_the_same_store_on_a_terminal(
    tmp_path: Path, start: Callable[..., Terminal], environment: dict[str, str]
) -> None:
    documents = sorted(read([GOLD]), key=lambda each: len(each.document.text))[:2]
    gold = {
        each.document.id: [(span.start, span.end, span.label) for span in each.spans] for each in documents
    }
    counted, played = tmp_path / "counted", tmp_path / "played"
    make_store(counted, documents, load_label_set("news"), None)
    shutil.copytree(counted, played)
    works = asyncio.run(Person(counted, gold, learns=True).work())
    settings = tmp_path / "settings.toml"
    settings.write_text("opening_guard_ms = 0\nbackups = 0\n", encoding="utf-8")
    terminal = start(
        *("annotate", "--store", played, "--annotator", ANNOTATOR),
        columns=SIZE[0],
        rows=SIZE[1],
        env={**environment, "ANNOTATOR_SETTINGS": str(settings)},
    )
    terminal.wait_for("1 of 2")
    while terminal.read(1.0):  # until memory and the worker are there
        pass
    for work in works:
        terminal.press_and_see(*work.pressed)
    terminal.wait_for("all done")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    for document_id in gold:
        assert _said(played, document_id) == _said(counted, document_id)
