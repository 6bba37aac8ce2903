"""The cached answers of a pipeline: whose they are, for which text, and when they are used no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.model.documents import Document, new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.store.repository import Store
from annotator.suggest.sources.plugin_reference import ResolvedPlugin
from annotator.suggest.sources.resolution import ResolvedPipeline
from annotator.suggest.worker.answers import RECORD_FORMAT, Answer, answer_to_record
from annotator.workspace.pipeline_answers import PipelineAnswers, cached_tokens

PIPELINE = ResolvedPipeline(source="blank:en", name="one-1.0", title="one")
WITH_PLUGIN = PIPELINE._replace(plugins=(ResolvedPlugin("toy", "1.2"),))
LABELS = LabelSet.from_names("news", ["PER", "LOC"])
DOCUMENT = new_document("Ana Lima sang.", id="one")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "store", label_set=LABELS)


def answer_for(document: Document) -> Answer:
    suggestion = Suggestion(0, 8, "PER", score=0.9, source_label="PER", name=PIPELINE.name)
    tokens = Tokens(stand_in_tokens(document.text), tokenizer=PIPELINE.name)
    return Answer(document.id, document.sha256, tokens, (suggestion,), PIPELINE.name)


def test_an_answer_comes_back_as_it_was_kept(store: Store) -> None:
    answers = PipelineAnswers(store, PIPELINE)
    assert answers.get(DOCUMENT) is None
    assert not answers.has("one")
    assert not answers.is_current("one")
    assert answers.keep(answer_for(DOCUMENT))
    again = PipelineAnswers(store, PIPELINE)
    assert again.get(DOCUMENT) == answer_for(DOCUMENT)
    assert again.has("one")
    assert again.is_current("one")


def test_pipelines_do_not_share_answers(store: Store) -> None:
    PipelineAnswers(store, PIPELINE).keep(answer_for(DOCUMENT))
    for other in (WITH_PLUGIN, PIPELINE._replace(name="one-1.1"), PIPELINE._replace(rules_digest="ab")):
        assert not PipelineAnswers(store, other).has("one")


def test_plug_ins_look_for_the_labels_of_the_store_whoever_asks(store: Store, tmp_path: Path) -> None:
    PipelineAnswers(store, WITH_PLUGIN.for_labels(LABELS)).keep(answer_for(DOCUMENT))
    assert PipelineAnswers(store, WITH_PLUGIN).has("one")
    others = Store.create(tmp_path / "other", label_set=LabelSet.from_names("news", ["PER"]))
    assert (
        WITH_PLUGIN.for_labels(others.info.label_set).cache_name != WITH_PLUGIN.for_labels(LABELS).cache_name
    )


@pytest.mark.parametrize("change", [{"format": RECORD_FORMAT - 1}, {"format": RECORD_FORMAT + 1}])
def test_an_answer_in_another_format_is_kept_but_not_current(store: Store, change: dict[str, int]) -> None:
    answers = PipelineAnswers(store, PIPELINE)
    answers.keep_record("one", {**answer_to_record(answer_for(DOCUMENT)), **change})
    assert answers.has("one")
    assert not answers.is_current("one")
    assert answers.get(DOCUMENT) is None


def test_an_answer_about_another_text_is_not_used(store: Store) -> None:
    PipelineAnswers(store, PIPELINE).keep(answer_for(DOCUMENT))
    assert PipelineAnswers(store, PIPELINE).get(new_document("Ana Luz sang.", id="one")) is None


def test_tokens_of_the_source_come_before_those_of_the_pipeline(store: Store) -> None:
    answers = PipelineAnswers(store, PIPELINE)
    own = Tokens([(0, 8)], tokenizer="source")
    with_own = new_document(DOCUMENT.text, id="one", tokens=own)
    assert answers.tokens(DOCUMENT) is None
    answers.keep(answer_for(DOCUMENT))
    assert answers.tokens(DOCUMENT) == answer_for(DOCUMENT).tokens
    assert answers.tokens(with_own) == own


def test_without_its_pipeline_only_the_tokens_of_the_source_are_used(store: Store) -> None:
    tokens_of = cached_tokens(store, "no_such_pipeline")
    assert tokens_of(DOCUMENT) is None
    own = Tokens([(0, 8)], tokenizer="source")
    assert tokens_of(new_document(DOCUMENT.text, id="one", tokens=own)) == own


def test_tokens_by_the_name_of_a_model(store: Store) -> None:
    from annotator.suggest.sources.resolution import resolve

    PipelineAnswers(store, resolve("blank:en")).keep(answer_for(DOCUMENT))
    assert cached_tokens(store, "blank:en")(DOCUMENT) == answer_for(DOCUMENT).tokens
