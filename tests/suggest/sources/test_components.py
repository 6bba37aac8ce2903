"""Which components are left out, told from the configuration alone."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.suggest.sources.components import dispensable

OWN = {"@architectures": "spacy.HashEmbedCNN.v2"}
LISTENER = {"@architectures": "spacy.Tok2VecListener.v1"}
TRANSFORMER_LISTENER = {"@architectures": "spacy-curated-transformers.LastTransformerLayerListener.v1"}


def pipeline(*kinds: str, embedding: dict[str, str] = OWN, disabled: tuple[str, ...] = ()) -> dict[str, Any]:
    """The configuration of a pipeline whose components are called as their factories are."""
    return {
        "nlp": {"pipeline": list(kinds), "disabled": list(disabled)},
        "components": {
            kind: {
                "factory": kind,
                "model": {"@architectures": "spacy.Any.v1", "layers": {"tok2vec": embedding}},
            }
            for kind in kinds
        },
    }


@pytest.mark.parametrize(
    ("config", "gone"),
    [
        (
            pipeline("tok2vec", "tagger", "parser", "lemmatizer", "ner"),
            {"tok2vec", "tagger", "parser", "lemmatizer"},
        ),
        (pipeline("tok2vec", "tagger", "ner", embedding=LISTENER), {"tagger"}),
        (pipeline("transformer", "tagger", "ner", embedding=TRANSFORMER_LISTENER), {"tagger"}),
        (pipeline("tok2vec", "parser", "spancat", embedding=LISTENER), {"parser"}),
        (pipeline("tok2vec", "tagger", "ner", "entity_ruler"), set()),
        (pipeline("tok2vec", "tagger", "ner", "my_own_component"), set()),
        (pipeline("ner", "merge_entities"), {"merge_entities"}),
        (
            pipeline("tok2vec", "tagger", "senter", "ner", disabled=("senter",)),
            {"tok2vec", "tagger", "senter"},
        ),
        (pipeline("ner", "my_own_component", disabled=("my_own_component",)), {"my_own_component"}),
        (pipeline(), set()),
    ],
)
def test_what_is_left_out(config: dict[str, Any], gone: set[str]) -> None:
    assert dispensable(config) == gone


def test_a_component_that_is_taken_from_another_pipeline_is_unknown() -> None:
    config = pipeline("tagger", "ner")
    config["components"]["ner"] = {"source": "en_core_web_sm"}
    assert dispensable(config) == set()
