"""Two colleagues' work reviewed to gold by keys alone, on a real terminal, and what a kill leaves of a review."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotator.model.documents import Document, new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from annotator.review.conflicts import Conflict, Key, compare, key_of
from annotator.store.repository import Store
from tests.reviewed import make_store
from tests.terminal.harness import Terminal

NEWS = Path(__file__).parents[2] / "corpora" / "news"
MOST_KEYS = 1.5
"""So many keys may a conflict cost a careful reviewer, with all navigation."""
ROUNDS = 12


def annotator(*arguments: object, cwd: Path, env: dict[str, str]) -> None:
    """Run a command that must succeed."""
    command = [sys.executable, "-m", "annotator", *map(str, arguments)]
    subprocess.run(command, cwd=cwd, env=env, check=True, capture_output=True)


def rows(name: str) -> dict[str, dict[str, object]]:
    """The lines of a sample file, by id."""
    lines = (NEWS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row for row in map(json.loads, lines)}


def spans_of(row: dict[str, object]) -> list[Span]:
    found = row["spans"]
    assert isinstance(found, list)
    return [Span(each["start"], each["end"], each["label"]) for each in found]


def keys_for(conflict: Conflict, wanted: frozenset[Key], document: Document) -> list[str]:
    """What a reviewer presses who sees the versions and knows what is right: a digit, x, or an edit of the first span."""
    for number, version in enumerate(conflict.versions, 1):
        if version.keys == wanted:
            return [str(number)]
    if not wanted:
        return ["x"]
    assert len(wanted) == 1, "no sample conflict needs two spans that nobody has"
    ((start, end, label),) = wanted
    first = conflict.versions[0].spans[0]
    tokens = stand_in_tokens(document.text)

    def between(one: int, other: int) -> int:
        return len(tokens.within(min(one, other), max(one, other)))

    keys = ["s" if start < first.start else "d"] * between(start, first.start)
    keys += ["l" if end > first.end else "k"] * between(end, first.end)
    if label != first.label:
        keys += ["t", load_label_set("news").by_name[label].key]
    return keys


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """An environment in which finish is not dead after a document opens: a replay presses faster than a person."""
    path = tmp_path / "settings.toml"
    path.write_text("opening_guard_ms = 0\n", encoding="utf-8")
    return {"ANNOTATOR_SETTINGS": str(path)}


def test_two_colleagues_are_reviewed_to_gold_by_keys_alone(
    start: Callable[..., Terminal], tmp_path: Path, environment: dict[str, str], settings: dict[str, str]
) -> None:
    """Every conflict of six articles, as gold has it, at no more than 1.5 keys each; what all share stays."""
    for name in ("mira", "jonas"):
        annotator(
            *("import", NEWS / f"{name}.jsonl", "--annotator", name, "--store", "S"),
            cwd=tmp_path,
            env=environment,
        )
    mira, jonas, gold = rows("mira"), rows("jonas"), rows("gold")
    conflicts, keys, expected = 0, 0, {}
    plans: list[list[str]] = []
    for document_id, row in mira.items():
        document = new_document(str(row["text"]), id=document_id)
        compared = compare({"mira": spans_of(row), "jonas": spans_of(jonas[document_id])}, nested=False)
        right = {key_of(each) for each in spans_of(gold[document_id])}
        plan: list[str] = []
        expected[document_id] = {each.keys[0] for each in compared.unanimous}
        for conflict in compared.conflicts:
            wanted = frozenset(key for key in right if key[0] < conflict.end and conflict.start < key[1])
            plan += keys_for(conflict, wanted, document)
            expected[document_id] |= wanted
        conflicts += len(compared.conflicts)
        plans.append([*plan, "space"])

    terminal = start("review", "--store", "S", "--annotator", "lea", env=settings)
    terminal.wait_for(f"{conflicts} open in all")
    for number, plan in enumerate(plans, 1):
        terminal.wait_for(f"{number} of {len(plans)} · review")
        for key in plan:
            terminal.press_and_see(key)
            keys += 1
    terminal.wait_for("all done")
    terminal.wait_for("saved")
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0

    annotator("export", "gold.jsonl", "--store", "S", cwd=tmp_path, env=environment)
    lines = (tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    exported = {row["id"]: {key_of(each) for each in spans_of(row)} for row in map(json.loads, lines)}
    assert exported == expected
    assert keys / conflicts <= MOST_KEYS, f"{keys} keys for {conflicts} conflicts"


def names() -> Iterator[str]:
    """Two-syllable names, all different."""
    for first in ("Bar", "Del", "Fin", "Gar", "Hol", "Kem"):
        for second in ("do", "ka", "li", "mar", "nes", "to", "va", "zel"):
            yield first + second


def settled(terminal: Terminal) -> int:
    """How many conflicts the header says are settled."""
    match = re.search(r"(\d+) of \d+ settled", terminal.text)
    return int(match.group(1)) if match else 0


def is_called_saved(terminal: Terminal, wanted: int) -> bool:
    """True if so many are settled and all are called saved, in one whole frame."""
    while terminal.read(0.03):
        pass
    return settled(terminal) >= wanted and terminal.status.rstrip().endswith(" saved")


@pytest.mark.slow
def test_nothing_of_a_review_that_was_called_saved_is_missing(
    start: Callable[..., Terminal], tmp_path: Path
) -> None:
    """Again and again: settle, see "saved", settle on, and be killed at any moment from then on."""
    text = ". ".join(names())
    words = list(names())
    make_store(
        tmp_path / "S",
        {
            who: {"names": [(each, label) for each in words]}
            for who, label in (("mira", "PERSON"), ("jonas", "GPE"))
        },
        texts={"names": text},
    ).close()
    chance = random.Random(4)
    known: list[tuple[int, int, str]] = []
    for _ in range(ROUNDS):
        terminal = start("review", "--store", "S", "--annotator", "lea")
        terminal.wait_for(f"{len(known)} of {len(words)} settled")
        wanted = len(known) + chance.randint(1, 2)
        for _ in range(wanted - len(known)):
            terminal.press_and_see(chance.choice("12"), quiet=0.02)
        terminal.wait(lambda terminal=terminal, wanted=wanted: is_called_saved(terminal, wanted), "saved")
        if chance.random() < 0.5:
            terminal.press("1")
        terminal.read(chance.random() * 0.05)
        terminal.kill()

        store = Store.open(tmp_path / "S")
        gold = store.load_set("names", "gold", gold=True)
        spans = [(each.start, each.end, each.label) for each in gold.spans]
        store.close()
        assert len(spans) >= wanted
        assert spans[: len(known)] == known
        known = spans


@pytest.mark.parametrize(
    ("work", "arguments", "message"),
    [
        ({}, (), "nobody has finished a document"),
        ({"mira": {"first": []}}, (), "only mira has finished documents"),
        (
            {"mira": {"first": []}, "jonas": {"first": []}},
            ("--annotator", "gold"),
            "no annotator can have it",
        ),
        (
            {"mira": {"first": []}, "jonas": {"first": []}},
            ("--annotators", "mira,eve"),
            "eve has annotated nothing",
        ),
        ({"mira": {"first": []}, "jonas": {"first": []}}, ("--preselect", "weighted"), "at least 3"),
    ],
)
def test_what_cannot_be_reviewed_is_told_in_one_message(
    start: Callable[..., Terminal],
    tmp_path: Path,
    work: dict[str, object],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    make_store(tmp_path / "S", work).close()  # type: ignore[arg-type]
    terminal = start("review", "--store", "S", *arguments)
    assert terminal.wait_exit() == 1
    assert message in " ".join(terminal.text.split())
    assert "Traceback" not in terminal.text
