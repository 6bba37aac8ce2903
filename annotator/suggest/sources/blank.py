"""The plain tokenizer of a language, which agreement on tokens is measured with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from annotator.errors import ModelError
from annotator.suggest.sources.resolution import resolve, without_plugins

DEFAULT_LANGUAGE = "en"

_SURROGATE = re.compile("[\ud800-\udfff]")


def language_of(model: str | None) -> str:
    """The language of a pipeline that a store names, also of one that is not installed here; English if none is."""
    model = without_plugins(model or "")
    if not model:
        return DEFAULT_LANGUAGE
    if model.startswith("blank:"):
        return model.removeprefix("blank:")
    try:
        return resolve(model).title.partition("_")[0]
    except ModelError:
        return model.partition("_")[0] if "_" in model else DEFAULT_LANGUAGE


class BlankTokenizer:
    """spaCy's tokenizer of `language`, with the tokens that it makes of white space.

    They are left in because published figures of agreement on tokens count them. ModelError for a language that spaCy
    does not know.
    """

    def __init__(self, language: str = DEFAULT_LANGUAGE) -> None:
        import spacy

        self.name = resolve(f"blank:{language}").name
        try:
            self._nlp = spacy.blank(language)
        except ImportError as error:  # a language whose tokenizer is a package of its own
            first_line = str(error).strip().partition("\n")[0]
            raise ModelError(
                f"the tokenizer of {language} does not load: {first_line}",
                hint="import the documents with tokens of their own",
            ) from error

    def offsets(self, texts: Iterable[str]) -> list[list[tuple[int, int]]]:
        """The tokens of each text, as half-open offsets in code points; ModelError if a text comes out changed.

        Some hundred texts at once take half as long as one by one: spaCy then remembers how words are split.
        """
        with self._nlp.memory_zone():
            return list(map(self._tokens, texts))

    def _tokens(self, text: str) -> list[tuple[int, int]]:
        sound = _SURROGATE.sub("\ufffd", text)
        doc = self._nlp.tokenizer(sound)
        if doc.text != sound:
            raise ModelError(
                f"the tokenizer of {self.name} changes the text",
                hint="import the documents with tokens of their own",
            )
        columns: Any = doc.to_array(["IDX", "LENGTH"])
        return [(start, start + length) for start, length in columns.tolist() if length]
