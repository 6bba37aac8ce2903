"""Rows of JSON by programs other than Prodigy: a text and its spans, under the keys that each of them uses.

Read are doccano's `label` and `entities`, its older `annotations`, spaCy's `ents`, DataTurks' `content` and `annotation`
(whose ends are inclusive), and Hugging Face's rows of `tokens` and `ner_tags`. A row with a list of spans, even an empty
one, is done. Whatever else it holds is the document's metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.checking import SpanChecks, tokens_in
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    ReadOptions,
    broken,
)
from annotator.formats.iob import Scheme, entities, split_tag
from annotator.formats.reading import Record, offset_in, unread
from annotator.formats.sources import too_large
from annotator.formats.span_items import plain_items
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

ID = "document_id"
"""The key under which doccano keeps a document's id for us; its own `id` numbers the rows of a project."""
RELATIONS = "relations"
_TEXTS = ("text", "data", "content", "sentence", "document")
SPAN_KEYS = ("label", "labels", "entities", "annotations", "annotation", "ents", "ner", "gold")
_WORDS = ("tokens", "words", "tokenized_text")
_TAGS = ("ner_tags", "tags", "ner", "labels", "label")
_ONE_A_WORD = ("ner_tags", "tags")
"""Keys of a tag for each word; an empty list under another one says that there is no entity."""
_HELD = {"start", "end", "label", "text", "note", "doubt", "kb_id", "token_start", "token_end"}
_QUOTES = ("text", "value")


def is_other_row(row: Mapping[str, Any]) -> bool:
    """True of a row that has no sign of Prodigy, and spans or tags under another program's key."""
    if "spans" in row or "answer" in row or "annotators" in row:
        return False
    if not isinstance(row.get("text"), str):
        return True
    return any(isinstance(row.get(key), list | dict) for key in SPAN_KEYS)


def annotated_row(row: Mapping[str, Any], place: str, options: ReadOptions) -> AnnotatedDocument:
    """The document of a row. InputError if it has no text, or has problems where they are not wanted."""
    record = Record(row)
    if (words_key := _words_key(row)) is not None:
        return _tagged(record, words_key, place, options)
    texts = _TEXTS if options.text_key is None else (options.text_key,)
    text_key = next((key for key in texts if isinstance(row.get(key), str)), None)
    if text_key is None:
        is_other = row.get("text") is not None
        raise broken(place, '"text" is not a string' if is_other else 'no "text"')
    raw = record.take(text_key)
    if len(raw) > options.size_limit:
        raise too_large(place, options.size_limit)
    complaints = Complaints(place, options.on_error)
    text = CleanedText(raw)
    checks = SpanChecks(text, complaints, options)
    offsets = _token_offsets(record, text)
    keys = [key for key in (*options.span_keys, *SPAN_KEYS) if _is_spans(row, key)]
    spans: list[Span] = []
    for key in dict.fromkeys(keys[:1] + [key for key in options.span_keys if key in keys]):
        items = record.take(key)
        items = _listed(items)
        spans += _spans(items, raw, offsets, checks, complaints, options)
    document = new_document(
        text.text,
        id=_identifier(record.take(ID)),
        meta=_meta(record, complaints, options),
        tokens=None if offsets is None else tokens_in(text, offsets, SOURCE_TOKENIZER, complaints),
    )
    return AnnotatedDocument(
        document,
        spans=checks.once(spans),
        status=Status.DONE if keys else Status.TODO,
        problems=complaints.of(document.id),
    )


def _words_key(row: Mapping[str, Any]) -> str | None:
    """The key of the words of a row of words and their tags or spans; None if it has a text, or no words."""
    if isinstance(row.get("text"), str):
        return None
    for key in _WORDS:
        words = row.get(key)
        if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
            return key
    return None


def _tagged(record: Record, words_key: str, place: str, options: ReadOptions) -> AnnotatedDocument:
    """The document of a row of words with a tag each, or with spans of words, one space between each two."""
    words = record.take(words_key)
    complaints = Complaints(place, options.on_error)
    if empty := sum(not word.strip() for word in words):
        complaints.note(f"tokens of nothing but white space: {empty}")
    raw = " ".join(words)
    if len(raw) > options.size_limit:
        raise too_large(place, options.size_limit)
    text = CleanedText(raw)
    checks = SpanChecks(text, complaints, options)
    offsets: list[tuple[int, int]] = []
    start = 0
    for word in words:
        offsets.append((start, start + len(word)))
        start += len(word) + 1
    spans: list[Span] = []
    key = next(
        (key for key in (*options.span_keys, *_TAGS) if isinstance(record.values.get(key), list)), None
    )
    if key is not None:
        values = record.take(key)
        if (not values and key not in _ONE_A_WORD) or (values and isinstance(values[0], list | dict)):
            spans = list(_spans_of_words(values, offsets, checks, complaints, options))
        else:
            spans = list(_spans_of_tags(values, offsets, checks, complaints, options))
    document = new_document(
        text.text,
        id=_row_id(record.take("id")) or _identifier(record.take(ID)),
        meta=_meta(record, complaints, options),
        tokens=Tokens((each for each in offsets if raw[slice(*each)].strip()), tokenizer=SOURCE_TOKENIZER),
    )
    return AnnotatedDocument(
        document,
        spans=checks.once(spans),
        status=Status.DONE if key is not None else Status.TODO,
        problems=complaints.of(document.id),
    )


def _spans_of_tags(
    values: list[Any],
    offsets: list[tuple[int, int]],
    checks: SpanChecks,
    complaints: Complaints,
    options: ReadOptions,
) -> Iterator[Span]:
    if len(values) != len(offsets):
        complaints.add(f"has {len(offsets)} tokens and {len(values)} tags")
        return
    tags: list[tuple[str, str]] = []
    for index, value in enumerate(values):
        name = options.label_names.get(str(value), value)
        tag = split_tag(name) if isinstance(name, str) else None
        if tag is None:
            hint = "; name it with --label-name NUMBER=B-PER" if offset_in(value) is not None else ""
            complaints.add(f"tag {index} is {value!r}, which is no tag such as O or B-PER{hint}")
        tags.append(tag or ("O", ""))
    for each in entities(tags, Scheme()):
        start, end = offsets[each.first][0], offsets[each.end - 1][1]
        if (span := checks.span(start, end, each.label, name=f"tag {each.first}")) is not None:
            yield span


def _spans_of_words(
    values: list[Any],
    offsets: list[tuple[int, int]],
    checks: SpanChecks,
    complaints: Complaints,
    options: ReadOptions,
) -> Iterator[Span]:
    """Spans by the numbers of their first and last word, as GLiNER and others give them."""
    for name, item in plain_items(values, complaints.add, text="", label_names=options.label_names):
        first = offset_in(item.get("token_start", item.get("start")))
        last = offset_in(item.get("token_end", item.get("end")))
        if first is None or last is None or not 0 <= first <= last < len(offsets):
            complaints.add(f"{name}: there are no words {first} to {last}")
            continue
        span = checks.span(offsets[first][0], offsets[last][1], item["label"], name=name)
        if span is not None:
            yield span


def _spans(
    items: list[Any],
    raw: str,
    offsets: list[tuple[int, int]] | None,
    checks: SpanChecks,
    complaints: Complaints,
    options: ReadOptions,
) -> Iterator[Span]:
    for name, item in plain_items(items, complaints.add, text=raw, label_names=options.label_names):
        start, end = offset_in(item.get("start")), offset_in(item.get("end"))
        first, last = offset_in(item.get("token_start")), offset_in(item.get("token_end"))
        if start is None and offsets is not None and first is not None and last is not None:
            if not 0 <= first <= last < len(offsets):
                complaints.add(f"{name}: there are no tokens {first} to {last}")
                continue
            start, end = offsets[first][0], offsets[last][1]
        if start is None or end is None:
            complaints.add(f"{name} has no offsets that are whole numbers")
            continue
        quoted = next((item[key] for key in _QUOTES if isinstance(item.get(key), str)), None)
        note = item.get("note")
        span = checks.span(
            start,
            end,
            item["label"],
            name=name,
            quoted=quoted,
            note=note if isinstance(note, str) else "",
            doubt=item.get("doubt") is True,
            kb_id=item["kb_id"] if isinstance(item.get("kb_id"), str) else "",
        )
        if span is not None:
            yield span


def _is_spans(row: Mapping[str, Any], key: str) -> bool:
    return isinstance(row.get(key), list | dict)


def _listed(items: Any) -> list[Any]:
    """The spans of a list, or of an object of pairs of offsets by label."""
    if isinstance(items, list):
        return items
    return [
        [*pair, label] if isinstance(pair, list) else pair
        for label, pairs in items.items()
        for pair in (pairs if isinstance(pairs, list) else [pairs])
    ]


def _token_offsets(record: Record, text: CleanedText) -> list[tuple[int, int]] | None:
    """Where the tokens are that a row has beside its text; None if it has none that say so."""
    tokens = record.values.get("tokens")
    if not isinstance(tokens, list) or not tokens:
        if tokens == []:
            record.take("tokens")
        return None
    offsets: list[tuple[int, int]] = []
    for token in tokens:
        start = offset_in(token.get("start")) if isinstance(token, Mapping) else None
        end = offset_in(token.get("end")) if isinstance(token, Mapping) else None
        if start is None or end is None or not text.holds(start, end) or (offsets and start < offsets[-1][1]):
            return None
        offsets.append((start, end))
    record.take("tokens")
    return offsets


def _meta(record: Record, complaints: Complaints, options: ReadOptions) -> dict[str, Any]:
    """What of a row nobody took: its metadata, with the relations as they are."""
    meta = record.take("meta")
    relations = record.take(RELATIONS)
    if relations:
        complaints.note("relations are kept as metadata, not shown")
    rest = unread(record.rest(), complaints, options)
    if relations:
        rest[RELATIONS] = relations
    if meta is not None and not isinstance(meta, dict):
        rest["meta"] = meta
    return {**rest, **(unread(meta, complaints, options) if isinstance(meta, dict) else {})}


def _identifier(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _row_id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _identifier(value)
