"""What the careful person of the effort benchmark presses, and what SLATE would take."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.benchmarks.effort_screen import ANNOTATOR, CarefulPerson, Work
from tests.benchmarks.slate_keys import slate_keys

TEXT = "Then the Rail Union met Ana Lima in Ghent. Then it left, said Bo Falk of the Daily Courier."
LONG = "Nothing to see on this row of the text.\n" * 120

Found = list[tuple[str, str]]


def places(text: str, found: Found) -> list[tuple[int, int, str]]:
    """These words, each at its next place, with their labels."""
    made, behind = [], 0
    for words, label in found:
        start = text.index(words, behind)
        behind = start + len(words)
        made.append((start, behind, label))
    return made


def worked(folder: Path, texts: list[tuple[str, Found, Found]], *, learns: bool) -> list[Work]:
    """What documents with these suggestions and this gold take; the result is compared with the gold."""
    store = Store.create(folder / "store", label_set=load_label_set("conll"))
    pipeline, gold = resolve(), {}
    for number, (text, suggested, right) in enumerate(texts):
        document = new_document(text, id=f"d{number}")
        store.add_document(document)
        suggestions = tuple(
            Suggestion(*place, score=0.97, source_label=place[2]) for place in places(text, suggested)
        )
        answer = Answer(document.id, document.sha256, stand_in_tokens(text), suggestions, pipeline.name)
        PipelineAnswers(store, pipeline).keep(answer)
        gold[document.id] = places(text, right)
    store.close()
    works = asyncio.run(CarefulPerson(store.path, gold, learns=learns).work())
    opened = Store.open(store.path)
    for document_id, right_ones in gold.items():
        spans = opened.load_set(document_id, ANNOTATOR).spans
        assert [(each.start, each.end, each.label) for each in spans] == right_ones
    return works


RIGHT: Found = [
    ("Rail Union", "ORG"),
    ("Ana Lima", "PER"),
    ("Ghent", "LOC"),
    ("Bo Falk", "PER"),
    ("Daily Courier", "ORG"),
]


@pytest.mark.parametrize(
    ("suggested", "keys"),
    [
        (RIGHT, ["space"]),
        ([("Rail Union", "LOC"), *RIGHT[1:]], ["3", "space"]),
        ([("the Rail Union", "ORG"), *RIGHT[1:]], ["d", "space"]),
        ([("Rail", "PER"), *RIGHT[1:]], ["l", "3", "space"]),
        ([("Then", "MISC"), *RIGHT], ["x", "space"]),
        ([RIGHT[0], ("Ana Lima", "ORG"), *RIGHT[2:]], ["tab", "1", "space"]),
        (RIGHT[:2] + RIGHT[3:], ["f", "f", "2", "space"]),
        (RIGHT[:4], ["f", "f", "3", "space"]),
    ],
)
def test_each_case_takes_the_keys_that_the_design_allows(
    tmp_path: Path, suggested: Found, keys: list[str]
) -> None:
    [work] = worked(tmp_path, [(TEXT, suggested, RIGHT)], learns=False)
    assert len(work.pressed) <= len(keys)
    if len(keys) < 4:
        assert work.pressed == keys


def test_learning_spares_the_same_correction_in_the_next_document(tmp_path: Path) -> None:
    wrong = [("the Rail Union", "ORG"), ("Ana Lima", "ORG"), *RIGHT[2:]]
    texts = [(TEXT, wrong, RIGHT), (f"Again. {TEXT}", wrong, RIGHT)]
    first, second = worked(tmp_path, texts, learns=True)
    assert first.keys.total() > 2
    assert second.pressed == ["space"]


def test_a_text_is_read_to_its_end_before_it_is_finished(tmp_path: Path) -> None:
    text = f"{LONG}Ana Lima left.\n"
    [work] = worked(tmp_path, [(text, [], [("Ana Lima", "PER")])], learns=False)
    assert work.pressed.count("pagedown") >= 3
    assert work.pressed[-1] == "space"


def test_slate_takes_digits_before_a_key_for_several_steps() -> None:
    text = "one two three four five six seven eight nine ten Barack Obama spoke"
    start = text.index("Barack")
    tokens = stand_in_tokens(text)
    assert slate_keys(tokens, [(start, start + 12, "PER")]) == 3 + 1 + 2 + 1
    assert slate_keys(tokens, []) == 1
