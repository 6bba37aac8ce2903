"""A store may name a model; one that runs code is loaded only once the person has allowed it on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import ModelError
from annotator.settings import Settings
from annotator.store.repository import Store
from annotator.store.trust import allow_model, allow_pipeline, is_pipeline_allowed
from annotator.workspace.opening import open_store, pipeline_asked
from tests.security.conftest import Home


@pytest.fixture
def pipeline(home: Home) -> Path:
    folder = home.folder / "pipeline"
    folder.mkdir()
    (folder / "meta.json").write_text('{"lang": "en", "name": "x", "version": "1"}', encoding="utf-8")
    return folder


@pytest.mark.parametrize("model", ["{pipeline}", "blank:en+plugin:evil", "{pipeline}+plugin:evil"])
def test_a_strangers_model_is_not_taken(home: Home, pipeline: Path, model: str) -> None:
    store = Store.open(home.store)
    store.change_info(model=model.format(pipeline=pipeline))
    with pytest.raises(ModelError, match="has not been used on this machine") as refused:
        pipeline_asked(store, asked=None, settings=Settings())
    assert "annotator trust --model" in refused.value.hint
    assert pipeline_asked(store, asked="blank:en", settings=Settings()) == "blank:en"


def test_a_folder_that_is_called_like_a_package_is_not_taken(home: Home, pipeline: Path) -> None:
    """The working folder may have come with the store: what is not installed there is code from it."""
    store = Store.open(home.store)
    store.change_info(model=pipeline.name)
    assert Path(pipeline.name).is_dir()
    with pytest.raises(ModelError, match="has not been used on this machine"):
        pipeline_asked(store, asked=None, settings=Settings())


@pytest.mark.parametrize("model", [None, "blank:de", "en_core_web_sm"])
def test_an_installed_model_needs_no_leave(home: Home, model: str | None) -> None:
    store = Store.open(home.store)
    if model is not None:
        store.change_info(model=model)
    assert pipeline_asked(store, asked=None, settings=Settings()) == model


def test_what_was_allowed_is_taken_until_it_changes(home: Home, pipeline: Path) -> None:
    store = Store.open(home.store)
    store.change_info(model=str(pipeline))
    allow_model(store.info.uid, str(pipeline))
    assert pipeline_asked(store, asked=None, settings=Settings()) == str(pipeline)
    (pipeline / "code.py").write_text("import os\n", encoding="utf-8")
    with pytest.raises(ModelError):
        pipeline_asked(store, asked=None, settings=Settings())


def test_who_made_the_store_with_a_model_is_not_asked(home: Home, pipeline: Path) -> None:
    store = open_store(home.folder / "own", labels="conll", model=str(pipeline), create=True)
    assert pipeline_asked(store, asked=None, settings=Settings()) == str(pipeline)


def test_a_copy_that_learnt_elsewhere_is_not_used(home: Home, pipeline: Path) -> None:
    assert not is_pipeline_allowed(pipeline)
    allow_pipeline(pipeline)
    assert is_pipeline_allowed(pipeline)
    (pipeline / "meta.json").write_text("{}", encoding="utf-8")
    assert not is_pipeline_allowed(pipeline)
