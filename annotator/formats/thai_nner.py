"""Thai-NNER's JSON: a list of sentences with their tokens, and entities that may nest, by token. Read only.

Thai is written without spaces between words; where it has one, these files have a token of a low line. A sentence becomes
a document with its words as they are written. Entities are half-open ranges of tokens and quote their tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from typing import Any

from annotator.errors import InputError
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    ReadOptions,
    Report,
    broken,
)
from annotator.formats.json_values import leave_out, whole
from annotator.formats.reading import KEYS_OF_SPANS, unread
from annotator.formats.sources import Source, too_large
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

_SPACE = "_"
_MARKS = (b'"tokens"', b'"sentence_id"')
_OF_TOKENS = "chars"
"""The key of the tokens' characters, which say nothing that the tokens do not."""
_OF_ENTITIES = ("span", "text", "entity_type")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """A document a sentence, done.

    The file is one JSON value, and in memory while it is read. InputError names the file and sentence that are broken,
    or they are left out and reported, as the options say.
    """
    rows = whole(source, options)
    if not isinstance(rows, list):
        raise broken(source.name, "is not a list of sentences")
    for number, row in enumerate(rows, start=1):
        place = f"{source.name}: sentence {number}"
        try:
            yield _annotated(row, place, options)
        except InputError as error:
            leave_out(error, place, "sentence", options, report)


def sniff(head: bytes) -> bool:
    """True if the file begins with a list of objects that have tokens and the number of a sentence."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"[") and all(mark in start for mark in _MARKS)


def _annotated(row: Any, place: str, options: ReadOptions) -> AnnotatedDocument:
    words = row.get("tokens") if isinstance(row, dict) else None
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise broken(place, 'no "tokens" that are words')
    text = _spelt(words)
    if len(text) > options.size_limit:
        raise too_large(place, options.size_limit)
    edges = list(accumulate(map(len, words), initial=0))
    places = list(pairwise(edges))
    tokens = Tokens((each for each in places if text[slice(*each)].strip()), tokenizer=SOURCE_TOKENIZER)
    complaints = Complaints(place, options.on_error)
    checks = SpanChecks(CleanedText(text), complaints, options)
    spans: list[Span] = []
    span_keys: list[dict[str, Any]] = []
    for number, entity in enumerate(row.get("entities") or (), start=1):
        if (span := _span(entity, f"entity {number}", edges, checks)) is None:
            continue
        spans.append(span)
        if others := {key: value for key, value in entity.items() if key not in _OF_ENTITIES}:
            span_keys.append({"start": span.start, "end": span.end, "label": span.label, **others})
    found = checks.once(spans)
    rest = {key: value for key, value in row.items() if key not in ("tokens", "entities", "sentence_id")}
    if rest.get(_OF_TOKENS) == [list(word) for word in words]:
        del rest[_OF_TOKENS]
    meta = {
        "sentence_id": row.get("sentence_id"),
        **unread(rest, complaints, options, has_span_keys=False),
        **({KEYS_OF_SPANS: span_keys} if span_keys else {}),
    }
    document = new_document(text, tokens=tokens, meta=meta)
    return AnnotatedDocument(document, spans=found, status=Status.DONE, problems=complaints.of(document.id))


def _span(entity: Any, name: str, edges: list[int], checks: SpanChecks) -> Span | None:
    """The span of an entity; None, and a complaint, if its tokens are not there or not what it quotes."""
    fields = entity if isinstance(entity, dict) else {}
    start = end = None
    match fields.get("span"):
        case [int(first), int(last)] if 0 <= first < last < len(edges):
            start, end = edges[first], edges[last]
    quoted = fields.get("text")
    return checks.span(
        start,
        end,
        fields.get("entity_type"),
        name=name,
        quoted=_spelt(quoted.split(" ")) if isinstance(quoted, str) else None,
    )


def _spelt(words: list[str]) -> str:
    return "".join(" " if word == _SPACE else word for word in words)
