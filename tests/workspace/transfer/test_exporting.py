"""Exporting: one set a document, by the rules of which each has its test, and with the tokens that are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import DamageError, InputError, OutputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens
from annotator.store.repository import Store
from annotator.store.sets import SetSnapshot
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.workspace.pipeline_answers import PipelineAnswers
from annotator.workspace.transfer.exporting import selected, tokens_for
from annotator.workspace.transfer.importing import imported_set

TEXT = "Bob met Ann."
BOB, ANN = Span(0, 3, "PERSON"), Span(8, 11, "PERSON")
DOCUMENT = new_document(TEXT, id="one")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one document."""
    store = Store.create(tmp_path / "S", label_set=load_label_set("news"))
    store.add_document(DOCUMENT)
    return store


@pytest.fixture
def annotate(store: Store):
    """Save a set of an annotator: spans, and a status."""

    def save(
        annotator: str, *spans: Span, status: Status = Status.DONE, document: Document = DOCUMENT
    ) -> None:
        item = AnnotatedDocument(document, spans=spans, status=status)
        store.save(SetSnapshot.of(imported_set(item, annotator)))

    return save


def taken(store: Store, **options: object) -> list[tuple[str | None, tuple[Span, ...]]]:
    return [(each.annotator, each.spans) for each in selected(store, **options)]


def test_the_only_finished_set_is_taken(store, annotate) -> None:
    annotate("ann", BOB)
    annotate("bea", ANN, status=Status.STARTED)
    assert taken(store) == [("ann", (BOB,))]
    assert taken(store, takes_all=True) == [("ann", (BOB,))], "a finished set goes before unfinished ones"


def test_gold_goes_before_all_others(store, annotate) -> None:
    annotate("ann", BOB)
    annotate("bea", ANN)
    annotate("gold", BOB, ANN)
    assert taken(store) == [("gold", (BOB, ANN))]


def test_gold_that_is_not_finished_does_not(store, annotate) -> None:
    annotate("ann", BOB)
    annotate("gold", ANN, status=Status.STARTED)
    assert taken(store) == [("ann", (BOB,))]
    assert taken(store, takes_all=True) == [("gold", (ANN,))]


def test_the_annotator_who_is_named_goes_before_gold(store, annotate) -> None:
    annotate("ann", BOB)
    annotate("gold", ANN)
    assert taken(store, annotator="ann") == [("ann", (BOB,))]
    assert taken(store, annotator="gold") == [("gold", (ANN,))]


def test_several_finished_sets_are_an_error_that_names_them(store, annotate) -> None:
    annotate("ann", BOB)
    annotate("bea", ANN)
    annotate("kim", ANN, status=Status.STARTED)
    with pytest.raises(OutputError, match=f"“{TEXT}”: ann, bea$") as caught:
        taken(store)
    assert "--annotator" in caught.value.hint
    assert taken(store, annotator="bea") == [("bea", (ANN,))]


def test_without_a_finished_set_the_document_is_left_out(store, annotate) -> None:
    assert taken(store) == []
    annotate("ann", BOB, status=Status.STARTED)
    assert taken(store) == []
    assert taken(store, annotator="ann") == []


def test_all_takes_the_only_set_that_was_begun(store, annotate) -> None:
    annotate("ann", BOB, status=Status.STARTED)
    assert taken(store, takes_all=True) == [("ann", (BOB,))]
    annotate("bea", ANN, status=Status.SKIPPED)
    with pytest.raises(OutputError, match="ann, bea"):
        taken(store, takes_all=True)


def test_skipped_sets_are_not_finished(store, annotate) -> None:
    annotate("ann", BOB, status=Status.SKIPPED)
    assert taken(store) == []
    assert [each.status for each in selected(store, takes_all=True)] == [Status.SKIPPED]


def test_a_finished_set_without_spans_is_an_answer(store, annotate) -> None:
    annotate("ann")
    assert taken(store) == [("ann", ())]


def test_rejections_are_kept_apart_from_spans(store) -> None:
    rejected = Suggestion(8, 11, "ORG")
    item = AnnotatedDocument(DOCUMENT, spans=(BOB,), rejected=(rejected,), status=Status.DONE)
    store.save(SetSnapshot.of(imported_set(item, "ann")))
    found = next(selected(store))
    assert (found.spans, found.rejected) == ((BOB,), (rejected,))
    assert [(origin["who"], origin["by"]) for origin in found.provenance] == [("ann", "import")]


def test_each_document_is_chosen_for_in_the_order_of_their_import(store, annotate) -> None:
    second, third = new_document("Second.", id="a-second"), new_document("Third.", id="third")
    store.add_document(second)
    store.add_document(third)
    annotate("bea", document=third)
    annotate("ann", BOB)
    annotate("gold", document=second)
    assert [(each.document.id, each.annotator) for each in selected(store)] == [
        ("one", "ann"),
        ("a-second", "gold"),
        ("third", "bea"),
    ]


def test_somebody_who_has_annotated_nothing_is_told_with_those_who_have(store, annotate) -> None:
    with pytest.raises(OutputError, match="kim has annotated nothing") as caught:
        taken(store, annotator="kim")
    assert caught.value.hint == "annotate some first"
    annotate("ann", BOB)
    annotate("gold", BOB)
    with pytest.raises(OutputError) as caught:
        taken(store, annotator="kim")
    assert caught.value.hint == "the annotators here are ann, gold"
    with pytest.raises(InputError, match="cannot be the name"):
        taken(store, annotator="../ann")


def test_a_damaged_document_is_never_left_out_in_silence(store, annotate) -> None:
    annotate("ann", BOB)
    store.add_document(new_document("Second.", id="two"))
    path = next((store.path / "documents").glob("*/two.json"))
    torn = path.with_suffix(".new")
    torn.write_bytes(path.read_bytes()[:-9])
    torn.replace(path)
    with pytest.raises(DamageError, match=r"two\.json is damaged"):
        taken(Store.open(store.path))


# Tokens


def tokens(*offsets: tuple[int, int], tokenizer: str) -> Tokens:
    return Tokens(offsets, tokenizer=tokenizer)


SOURCE = tokens((0, 3), (4, 12), tokenizer="source")
CACHED = tokens((0, 7), (8, 12), tokenizer="cached")
MADE = [(0, 3), (4, 7), (8, 11), (11, 12)]


def put_in_cache(store: Store, document: Document) -> None:
    pipeline = resolve("blank:en")
    answer = Answer(document.id, document.sha256, CACHED, (), pipeline.name)
    PipelineAnswers(store, pipeline).keep(answer)


def test_the_tokens_of_the_source_go_before_all_others(store) -> None:
    document = new_document(TEXT, id="two", tokens=SOURCE)
    put_in_cache(store, document)
    assert list(tokens_for(store, "blank:en")(document)) == list(SOURCE)


def test_cached_tokens_go_before_those_made_now(store) -> None:
    put_in_cache(store, DOCUMENT)
    assert list(tokens_for(store, "blank:en")(DOCUMENT)) == list(CACHED)


def test_tokens_cached_for_another_text_are_not_taken(store) -> None:
    other = new_document("Bob met Eve.", id="one")
    put_in_cache(store, other)
    assert list(tokens_for(store, "blank:en")(DOCUMENT)) == MADE


def test_without_them_the_pipeline_makes_tokens(store) -> None:
    assert list(tokens_for(store, "blank:en")(DOCUMENT)) == MADE
