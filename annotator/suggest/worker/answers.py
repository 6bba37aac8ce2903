"""Answers: what a pipeline says about one text, and the plain record that a cache or a pipe can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.model.documents import text_hash
from annotator.model.spans import Suggestion, walking_order
from annotator.model.tokens import Tokens

MODEL, PATTERN = "model", "pattern"
"""What suggestions of a pipeline and of its rules have as their `source`."""
RECORD_FORMAT = 2
"""The version of the record; a cache in any other is stale."""
SCORE_DIGITS = 4
"""Decimals of a score."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The tokens and suggestions of one text.

    Suggestions come from the model: `source` is "model", `name` is `pipeline`, and `label` is still the model's
    own, as `source_label` is. So do those of patterns of tokens, whose `source` is "pattern" and `name` the pattern's id,
    those of plug-ins, whose `source` is the plug-in's name and `name` its version, and repeated names, whose `source` is "document".
    They stand in walking order. `pipeline` is a name with a version, such as en_core_web_sm-3.8.0.
    """

    document_id: str
    text_sha256: str
    tokens: Tokens
    suggestions: tuple[Suggestion, ...]
    pipeline: str


def answer_to_record(answer: Answer) -> dict[str, Any]:
    """The answer as JSON can hold it: tokens as gap, length, gap, length ...; a suggestion as four values.

    Those of rules stand apart, if there are any, with the rule's id instead of a score, and those of plug-ins, like
    repeated names, with the source's name and version behind it.
    """
    record = {
        "format": RECORD_FORMAT,
        "document": answer.document_id,
        "sha256": answer.text_sha256,
        "pipeline": answer.pipeline,
        "tokens": list(_gaps_and_lengths(answer.tokens)),
        "suggestions": [
            [item.start, item.end, item.label, item.score]
            for item in answer.suggestions
            if item.source == MODEL
        ],
    }
    if rules := [
        [item.start, item.end, item.label, item.name] for item in answer.suggestions if _is_rule(item)
    ]:
        record["rules"] = rules
    if plugged := [
        [item.start, item.end, item.label, item.score, item.source, item.name]
        for item in answer.suggestions
        if item.source not in (MODEL, PATTERN)
    ]:
        record["plugins"] = plugged
    return record


def answer_from_record(record: Mapping[str, Any], text: str) -> Answer | None:
    """The answer that `answer_to_record` wrote; None if it is about another text, of another format, or damaged."""
    try:
        if record["format"] != RECORD_FORMAT or record["sha256"] != text_hash(text):
            return None
        pipeline = record["pipeline"]
        tokens = Tokens(_offsets(record["tokens"]), tokenizer=pipeline)
        suggestions = tuple(
            model_suggestion(start, end, label, score=score, pipeline=pipeline)
            for start, end, label, score in record["suggestions"]
        )
        rules, plugged = record.get("rules", ()), record.get("plugins", ())
        if rules or plugged:
            found = [rule_suggestion(start, end, label, name=name) for start, end, label, name in rules]
            found += [
                plugin_suggestion(start, end, label, score=score, plugin=plugin, version=version)
                for start, end, label, score, plugin, version in plugged
            ]
            suggestions = tuple(sorted([*suggestions, *found], key=walking_order))
        ends = [item.end for item in suggestions] + list(tokens.ends[-1:])
        if max(ends, default=0) > len(text) or any(not 0 <= item.start < item.end for item in suggestions):
            return None
        return Answer(record["document"], record["sha256"], tokens, suggestions, pipeline)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def model_suggestion(start: int, end: int, label: str, *, score: float | None, pipeline: str) -> Suggestion:
    """What the model of `pipeline` proposes, with the label that it uses itself."""
    return Suggestion(start, end, label, source=MODEL, score=score, name=pipeline, source_label=label)


def rule_suggestion(start: int, end: int, label: str, *, name: str) -> Suggestion:
    """What a pattern of tokens, with the id `name`, proposes."""
    return Suggestion(start, end, label, source=PATTERN, name=name, source_label=label)


def plugin_suggestion(
    start: int, end: int, label: str, *, score: float | None, plugin: str, version: str
) -> Suggestion:
    """What a plug-in proposes, with the label that it gives."""
    return Suggestion(start, end, label, source=plugin, score=score, name=version, source_label=label)


def _is_rule(suggestion: Suggestion) -> bool:
    return suggestion.source == PATTERN


def _gaps_and_lengths(tokens: Tokens) -> Iterator[int]:
    last = 0
    for start, end in tokens:
        yield start - last
        yield end - start
        last = end


def _offsets(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    iterator = iter(numbers)
    last = 0
    for gap, length in zip(iterator, iterator, strict=True):
        start = last + gap
        last = start + length
        yield start, last
