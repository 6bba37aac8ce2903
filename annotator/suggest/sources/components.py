"""Which components of a pipeline its suggestions do not need, by the pipeline's configuration alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PROPOSES = frozenset({"ner", "beam_ner", "spancat", "spancat_singlelabel", "span_finder", "token_splitter"})
_EMBEDS = frozenset({"tok2vec", "transformer", "curated_transformer"})
_DISPENSABLE = frozenset(
    {
        *("tagger", "morphologizer", "parser", "senter", "sentencizer", "attribute_ruler", "lemmatizer"),
        *("trainable_lemmatizer", "textcat", "textcat_multilabel", "entity_linker", "doc_cleaner"),
        *("merge_entities", "merge_noun_chunks", "merge_subtokens"),
    }
)
_LISTENER = re.compile(r"Listener\b")


def dispensable(config: Mapping[str, Any]) -> frozenset[str]:
    """The names of components that may be left out without changing what the pipeline finds.

    Taggers and parsers may go, and the shared embedding unless a remaining component listens to it. Nothing goes when
    a component is of a kind not known here, or is a ruler, since either may read what a tagger writes.
    (A parser's sentence boundaries keep entities from crossing them; without it some two in a thousand differ.)
    """
    disabled = set(config["nlp"].get("disabled", ()))
    active = [name for name in config["nlp"]["pipeline"] if name not in disabled]
    kinds = {name: config["components"].get(name, {}).get("factory", "") for name in active}
    if not set(kinds.values()) <= _PROPOSES | _EMBEDS | _DISPENSABLE:
        return frozenset()
    gone = {name for name, kind in kinds.items() if kind in _DISPENSABLE}
    staying = [config["components"][name] for name, kind in kinds.items() if kind in _PROPOSES]
    if not any(_LISTENER.search(name) for settings in staying for name in _architectures(settings)):
        gone |= {name for name, kind in kinds.items() if kind in _EMBEDS}
    return frozenset(gone | disabled)


def _architectures(settings: object) -> Iterator[str]:
    """Every "@architectures" at any depth."""
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            if key == "@architectures":
                yield str(value)
            else:
                yield from _architectures(value)
