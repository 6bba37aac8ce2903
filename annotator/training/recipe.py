"""What to train, and its configuration as spaCy makes it: `spacy init config` with what this data needs."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.errors import ModelError
from annotator.suggest.sources.resolution import BLANK, ResolvedPipeline

if TYPE_CHECKING:
    from thinc.api import Config

SPANS_KEY = "sc"
"""The group of `doc.spans` that a span categorizer learns from and fills."""
LONGEST = 12
"""Tokens of the longest span that a span categorizer looks at: all shorter ones are weighed, so more take long."""
EVALUATIONS = 20
"""How often a run is measured, if it goes on to its last step."""
_RAREST = 200
"""Steps between two evaluations, at most."""


@dataclass(frozen=True, slots=True)
class Base:
    """The pipeline that a new one starts from: its tokenizer and vocabulary, and what its recognizer knows.

    `source` is what spaCy loads, empty for a blank one. `labels` are its recognizer's, `has_vectors` says that it
    has static word vectors, and `listens` that its recognizer stands on a component shared with others.
    """

    language: str
    source: str = ""
    labels: frozenset[str] = frozenset()
    has_vectors: bool = False
    listens: bool = False


def base_of(pipeline: ResolvedPipeline) -> Base:
    """What there is to know of a resolved pipeline; ModelError if its meta.json does not tell."""
    if pipeline.title == BLANK:
        return Base(pipeline.source.partition(":")[2])
    import spacy.util

    try:
        folder = Path(pipeline.source)
        if not folder.is_absolute():
            package = spacy.util.get_package_path(pipeline.source)
            meta = spacy.util.get_model_meta(package)
            folder = package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        components = spacy.util.load_config(folder / "config.cfg")["components"]
        recognizer = components.get("ner", {}).get("model", {}).get("tok2vec", {})
        return Base(
            language=meta["lang"],
            source=pipeline.source,
            labels=frozenset(meta.get("labels", {}).get("ner", ())),
            has_vectors=bool(meta.get("vectors", {}).get("width")),
            listens="Listener" in recognizer.get("@architectures", ""),
        )
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ModelError(
            f"{pipeline.title} cannot be trained further: {error}",
            hint="give another --base, such as blank:en",
        ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One training: from what, of which kind, for how long.

    `labels` are those of the training data and `known` all that the project has. `nested` makes a span categorizer,
    whose candidates have up to `longest` tokens; else it is an entity recognizer.
    """

    base: Base
    labels: Collection[str]
    known: Collection[str]
    nested: bool
    longest: int = 1
    max_steps: int
    seed: int

    @property
    def continues(self) -> bool:
        """True if the base's recognizer learns on: it has every label of the data, and none that is not the project's."""
        return not self.nested and set(self.labels) <= self.base.labels <= set(self.known)

    @property
    def eval_frequency(self) -> int:
        """After how many steps the state so far is measured on the dev part."""
        return max(1, min(_RAREST, self.max_steps // EVALUATIONS))


def config_of(recipe: Recipe, *, train: Path, dev: Path) -> Config:
    """The configuration of a training run, complete, so that `spacy train` takes it as it is.

    ModelError if spaCy has nothing for the language, or lacks a library for it.
    """
    from spacy.cli.init_config import init_config

    name = "spancat" if recipe.nested else "ner"
    try:
        config = init_config(lang=recipe.base.language, pipeline=[name], optimize="efficiency", silent=True)
    except (ImportError, ValueError, OSError) as error:
        raise ModelError(
            f"spaCy cannot make a pipeline for the language {recipe.base.language}: {error}",
            hint="blank:xx is for any language",
        ) from error
    config["paths"].update(train=str(train), dev=str(dev))
    config["system"]["seed"] = recipe.seed
    config["training"].update(
        max_steps=recipe.max_steps,
        eval_frequency=recipe.eval_frequency,
        patience=max(5 * recipe.eval_frequency, recipe.max_steps // 3),
    )
    if recipe.nested:
        config["components"]["spancat"]["spans_key"] = SPANS_KEY
        config["components"]["spancat"]["suggester"] = {
            "@misc": "spacy.ngram_range_suggester.v1",
            "min_size": 1,
            "max_size": max(1, min(recipe.longest, LONGEST)),
        }
    if recipe.base.source:
        _start_from(recipe, config)
    return config


def _start_from(recipe: Recipe, config: Any) -> None:
    """Let a configuration take from the base what can be used."""
    base = recipe.base
    config["initialize"]["before_init"] = {
        "@callbacks": "spacy.copy_from_base_model.v1",
        "tokenizer": base.source,
        "vocab": base.source,
    }
    if recipe.continues:
        sourced: dict[str, Any] = {"source": base.source}
        if base.listens:
            sourced["replace_listeners"] = ["model.tok2vec"]
        config["nlp"]["pipeline"] = ["ner"]
        config["components"] = {"ner": sourced}
    elif base.has_vectors:
        config["paths"]["vectors"] = base.source
        config["components"]["tok2vec"]["model"]["embed"]["include_static_vectors"] = True
