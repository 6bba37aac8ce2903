"""What the careful person of the effort benchmark presses, and what SLATE would take."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from annotator.formats.exchange import AnnotatedDocument
from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.workspace.pipeline_answers import PipelineAnswers
from tests.benchmarks.effort import holdable_gold, labels_of, measure
from tests.benchmarks.effort_planner import CAREFUL, PLAIN, Habits
from tests.benchmarks.effort_screen import ANNOTATOR, Person, Work
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


def worked(
    folder: Path, texts: list[tuple[str, Found, Found]], *, learns: bool, habits: Habits = CAREFUL
) -> list[Work]:
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
    works = asyncio.run(Person(store.path, gold, learns=learns, habits=habits).work())
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
    assert work.pressed[:3] == ["space"] * 3
    assert work.pressed[-1] == "space"


def test_a_document_whose_first_suggestion_is_below_the_screen_is_read_from_its_top(tmp_path: Path) -> None:
    text = f"Ana Lima left.\n{LONG}Then Bo Falk came to Ghent.\n"
    wrong = [("Bo Falk", "ORG"), ("Ghent", "PER")]
    right = [("Ana Lima", "PER"), ("Bo Falk", "PER"), ("Ghent", "LOC")]
    [work] = worked(tmp_path, [(text, wrong, right)], learns=False)
    assert not work.given_up
    assert work.keys.total() < 20


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("They met Ana Lima-Ghent", "Ana Lima-Gh"),
        ("They met in xGhent today", "Ghent"),
        ("They met at Gardena/Compton", "Gardena"),
    ],
)
def test_gold_that_begins_or_ends_inside_a_token_is_made_by_character(
    tmp_path: Path, text: str, name: str
) -> None:
    [work] = worked(tmp_path, [(text, [], [(name, "LOC")])], learns=False)
    assert not work.given_up


def test_a_correction_of_the_other_mentions_that_is_wrong_further_down_is_mended_there(
    tmp_path: Path,
) -> None:
    text = f"Union met Union, Union, Union and Union.\n{LONG}A Union came.\n"
    suggested = [("Union", "LOC")] * 5 + [("Union", "LOC")]
    right = [("Union", "ORG")] * 5 + [("Union", "PER")]
    [work] = worked(tmp_path, [(text, suggested, right)], learns=False)
    assert "m" in work.pressed
    assert work.pressed.index("m") < work.pressed.index("2" if "2" in work.pressed else "space")


def test_the_plain_person_only_tabs_and_jumps(tmp_path: Path) -> None:
    text = "Union met Union, Union, Union and Union. Then Ana Lima left Ghent for good."
    suggested = [("Union", "LOC")] * 5
    right = [("Union", "ORG")] * 5 + [("Ana Lima", "PER"), ("Ghent", "LOC")]
    [plain] = worked(tmp_path / "plain", [(text, suggested, right)], learns=False, habits=PLAIN)
    [careful] = worked(tmp_path / "careful", [(text, suggested, right)], learns=False)
    assert "m" not in plain.pressed
    assert plain.keys.total() > careful.keys.total()


def annotated(text: str, *spans: tuple[int, int, str]) -> AnnotatedDocument:
    return AnnotatedDocument(new_document(text, id="d"), spans=tuple(Span(*span) for span in spans))


def test_gold_that_no_store_can_hold_is_left_out_and_counted() -> None:
    text = "Ana Lima left.\n\nGhent slept."
    odd = [(0, 8, "PER"), (4, 8, "PER"), (4, 9, "LOC"), (9, 21, "ORG"), (16, 21, "ODD"), (20, 99, "LOC")]
    gold, left_out = holdable_gold([annotated(text, *odd)], load_label_set("conll"))
    assert gold == {"d": [(0, 8, "PER")]}
    assert left_out == 5


def test_labels_of_the_gold_make_a_set_that_is_nested_where_spans_overlap() -> None:
    flat = labels_of([annotated("Ana Lima left.", (0, 8, "a"), (9, 13, "b"))])
    assert (list(flat.by_name), flat.nested) == (["a", "b"], False)
    assert labels_of([annotated("Ana Lima left.", (0, 8, "a"), (4, 8, "b"))]).nested


def test_what_the_keys_do_not_reach_is_given_up_and_the_work_ends(tmp_path: Path) -> None:
    text = "It is \u200b here, and Ana Lima left."
    figures, [work] = measure(
        [annotated(text, (6, 7, "LOC"), (18, 26, "PER"))],
        load_label_set("conll"),
        model="blank:en",
        learns=False,
        store=tmp_path / "store",
    )
    assert work.is_finished
    assert figures["given_up"] == len(work.given_up)
    assert figures["exact"] is not bool(work.given_up)


def test_slate_takes_digits_before_a_key_for_several_steps() -> None:
    text = "one two three four five six seven eight nine ten Barack Obama spoke"
    start = text.index("Barack")
    tokens = stand_in_tokens(text)
    assert slate_keys(tokens, [(start, start + 12, "PER")]) == 3 + 1 + 2 + 1
    assert slate_keys(tokens, []) == 1
