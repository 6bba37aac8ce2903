"""Documents in the order that the settings ask for, and a share of them without suggestions."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.editing.orders import is_blind
from annotator.model.documents import new_document
from annotator.model.resources import load_label_set
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.suggest.sources.resolution import resolve
from annotator.suggest.worker.answers import Answer
from annotator.workspace import Workspace
from annotator.workspace.events import Suggested
from annotator.workspace.pipeline_answers import PipelineAnswers

IDS = [f"d{number:02}" for number in range(20)]
TEXT = "Ada met Bob in Ghent. "


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.create(tmp_path / "store", label_set=load_label_set("news"))
    store.add_documents(new_document(TEXT + each, id=each) for each in IDS)
    return store


def _cache(store: Store, document_id: str, score: float, label: str = "PERSON") -> Answer:
    """Suggestions of the pipeline as they would be cached."""
    document = store.document(document_id)
    pipeline = resolve(None).for_labels(store.info.label_set)
    answer = Answer(
        document_id,
        document.sha256,
        stand_in_tokens(document.text),
        (Suggestion(0, 3, label, "model", score, "p", label),),
        "p",
    )
    PipelineAnswers(store, pipeline).keep(answer)
    return answer


def _opened(store: Store, **settings: object) -> Workspace:
    return Workspace(store, annotator="ada", settings=Settings(**settings))


def test_as_imported_is_the_default(store):
    workspace = _opened(store)
    try:
        assert list(workspace.queue.ids) == IDS
        assert workspace.queue.order == "as imported"
    finally:
        workspace.close()


def test_the_most_uncertain_come_first_and_those_without_suggestions_last(store):
    for document_id, score in (("d03", 0.9), ("d11", 0.2), ("d07", 0.6)):
        _cache(store, document_id, score)
    workspace = _opened(store, order="uncertain")
    try:
        rest = [each for each in IDS if each not in ("d11", "d07", "d03")]
        assert list(workspace.queue.ids) == ["d11", "d07", "d03", *rest]
        assert workspace.queue.order == "most uncertain first"
        assert workspace.first() == "d11"
        assert [row.id for row in workspace.rows()] == list(workspace.queue.ids)
    finally:
        workspace.close()


def test_a_random_share_is_mixed_in_and_said(store):
    workspace = _opened(store, order="uncertain", random_share=0.3, seed=4)
    try:
        assert sorted(workspace.queue.ids) == IDS
        assert workspace.queue.order == "most uncertain first, 30 % at random"
    finally:
        workspace.close()


def test_random_by_seed_is_the_same_each_time(store):
    orders = []
    for seed in (1, 1, 2):
        workspace = _opened(store, order="random", seed=seed)
        orders.append(list(workspace.queue.ids))
        workspace.close()
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[2]) == IDS


def test_a_blind_share_shows_no_suggestions_and_the_store_remembers_it(store):
    settings = {"blind_share": 0.5, "seed": 3}
    blind = [each for each in IDS if is_blind(each, seed=3, share=0.5)]
    assert 4 < len(blind) < 16
    seen = next(each for each in IDS if each not in blind)
    answers = {each: _cache(store, each, 0.9) for each in (blind[0], seen)}
    workspace = _opened(store, **settings)
    try:
        for document_id in answers:
            editor = workspace.editor(document_id)
            assert len(editor.suggestion_state.suggestions) == (0 if document_id in blind else 1)
            assert editor.is_suggested
            editor.label("PERSON") if document_id in blind else editor.accept()
            workspace.save(editor)
        late = workspace.editor(blind[1])
        workspace.take(Suggested(_cache(store, blind[1], 0.9), ()))
        assert len(late.suggestion_state.suggestions) == 0
        assert workspace.flush() is None
    finally:
        workspace.close()
    assert store.load_set(blind[0], "ada").effort.is_blind
    assert not store.load_set(seen, "ada").effort.is_blind


def test_what_was_begun_keeps_its_way_when_the_share_changes(store):
    blind = next(each for each in IDS if is_blind(each, seed=3, share=0.5))
    _cache(store, blind, 0.9)
    for share in (0.0, 1.0):
        workspace = _opened(store, blind_share=share, seed=3)
        try:
            editor = workspace.editor(blind)
            assert len(editor.suggestion_state.suggestions) == 1
            editor.accept()
            workspace.save(editor)
            assert workspace.flush() is None
        finally:
            workspace.close()
    assert not store.load_set(blind, "ada").effort.is_blind
