"""Rows of JSON by programs other than Prodigy: a text and its spans, under the keys that each of them uses.

Read are doccano's `label` and `entities`, its older `annotations`, spaCy's `ents`, DataTurks' `content` and `annotation`
(whose ends are inclusive), and Hugging Face's rows of `tokens` and `ner_tags`. A row with a list of spans, even an empty
one, is done. Whatever else it holds is the document's metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
from annotator.formats.iob import Scheme, entities
from annotator.formats.reading import KEYS_OF_SPANS, Record, offset_in, unread
from annotator.formats.sources import too_large
from annotator.formats.span_items import listed_items, plain_items
from annotator.formats.tag_styles import USUAL, Spelling, TagStyle, find_column
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

ID = "document_id"
"""The key under which doccano keeps a document's id for us; its own `id` numbers the rows of a project."""
_IDS = (ID, "documentName", "example_id")
"""Keys of a document's id: doccano's for us, UBIAI's, LightTag's."""
_TOKENS, _UBIAI_LABEL = "tokens", "entityLabel"
RELATIONS = "relations"
_TEXTS = ("text", "data", "content", "sentence", "document")
SPAN_KEYS = ("label", "labels", "entities", "annotations", "annotation", "ents", "ner", "gold")
_WORDS = ("tokens", "words", "tokenized_text", "sentence", "text")
_ONE_A_WORD = ("ner_tags", "ner_labels", "entity_tags", "bio_tags", "iob_tags", "bio", "iob", "tags")
"""Keys of a tag for each word; an empty list under another one says that there is no entity."""
_TAGS = (*_ONE_A_WORD, "ner", "labels", "label")
_OTHER_LAYER = re.compile(r"(?:[ux]?pos|chunk|parse|dep|lemma|morph|head)", re.IGNORECASE)
"""Keys of lists that say something of each word, but no entity."""
_HELD = {
    "start",
    "end",
    "label",
    "text",
    "value",
    "word",
    "note",
    "doubt",
    "kb_id",
    "token_start",
    "token_end",
}
_QUOTES = ("text", "value")


def is_other_row(row: Mapping[str, Any], span_keys: Sequence[str] = ()) -> bool:
    """True of a row that has no sign of Prodigy, and spans or tags under another program's key or one of `span_keys`."""
    if "answer" in row or "annotators" in row:
        return False
    if _words_key(row) is not None and _tags_key(row, span_keys) is not None:
        return True
    if "spans" in row:
        return False
    if not isinstance(row.get("text"), str):
        return True
    return any(isinstance(row.get(key), list | dict) for key in (*SPAN_KEYS, *span_keys))


def annotated_row(row: Mapping[str, Any], place: str, options: ReadOptions) -> AnnotatedDocument:
    """The document of a row. InputError if it has no text, or has problems where they are not wanted."""
    record = Record(row)
    words_key = _words_key(row)
    if words_key is not None and (
        not isinstance(row.get("text"), str) or _tags_key(row, options.span_keys) is not None
    ):
        return _tagged(record, words_key, place, options)
    texts = _TEXTS if options.text_key is None else (options.text_key,)
    text_key = next((key for key in texts if isinstance(row.get(key), str)), None)
    if text_key is None:
        is_other = row.get("text") is not None
        raise broken(
            place, '"text" is not a string' if is_other else 'no "text"', hint=_hint_for_text(row, options)
        )
    raw = record.take(text_key)
    if len(raw) > options.size_limit:
        raise too_large(place, options.size_limit)
    complaints = Complaints(place, options.on_error)
    text = CleanedText(raw)
    checks = SpanChecks(text, complaints, options)
    has_labelled_tokens = _are_entities(row.get(_TOKENS))
    offsets = None if has_labelled_tokens else _token_offsets(record, text)
    span_names = (*options.span_keys, *SPAN_KEYS, *([_TOKENS] if has_labelled_tokens else []))
    keys = [key for key in span_names if _is_spans(row, key)]
    spans: list[Span] = []
    span_keys: list[dict[str, Any]] = []
    for key in dict.fromkeys(keys[:1] + [key for key in options.span_keys if key in keys]):
        items = listed_items(record.take(key))
        spans += _spans(items, raw, offsets, checks, complaints, options, span_keys)
    document = new_document(
        text.text,
        id=next((id for key in _IDS if (id := _identifier(row.get(key))) and record.take(key)), None),
        meta=_meta(record, complaints, options, span_keys),
        tokens=None if offsets is None else tokens_in(text, offsets, SOURCE_TOKENIZER, complaints),
    )
    return AnnotatedDocument(
        document,
        spans=checks.once(spans),
        status=Status.DONE if keys else Status.TODO,
        problems=complaints.of(document.id),
    )


def is_other_layer(name: str, value: object, word_count: int) -> bool:
    """True of a list that says something of each word by its name, such as parts of speech or chunks, but no entity."""
    return _OTHER_LAYER.match(name) is not None and isinstance(value, list) and len(value) == word_count


def _hint_for_text(row: Mapping[str, Any], options: ReadOptions) -> str:
    """The option that names the text, with the key that most looks like it; empty if no key does."""
    texts = {key: value for key, value in row.items() if isinstance(value, str) and " " in value.strip()}
    if options.text_key is not None or not texts:
        return ""
    longest = max(texts, key=lambda key: len(texts[key]))
    return f"name the key of the text with --text-key {longest}, or leave such lines out with --on-error skip"


def _words_key(row: Mapping[str, Any]) -> str | None:
    """The key of the words of a row of words and their tags or spans; None if it has no words."""
    for key in _WORDS:
        words = row.get(key)
        if isinstance(words, list) and words and all(isinstance(word, str) for word in words):
            return key
    return None


def _tags_key(row: Mapping[str, Any], span_keys: Sequence[str]) -> str | None:
    """The key of the tags of a row's words, or of their spans; None if it has none."""
    return next((key for key in (*span_keys, *_TAGS) if isinstance(row.get(key), list)), None)


def _tagged(record: Record, words_key: str, place: str, options: ReadOptions) -> AnnotatedDocument:
    """The document of a row of words with a tag each, or with spans of words; the text is the row's own, or the words
    with one space between each two.
    """
    words = record.take(words_key)
    complaints = Complaints(place, options.on_error)
    if empty := sum(not word.strip() for word in words):
        complaints.note(f"tokens of nothing but white space: {empty}")
    given = None if words_key == "text" else record.take(options.text_key or "text")
    raw = given if isinstance(given, str) else " ".join(words)
    if len(raw) > options.size_limit:
        raise too_large(place, options.size_limit)
    text = CleanedText(raw)
    checks = SpanChecks(text, complaints, options)
    offsets = _offsets_of(words, raw, place)
    spans: list[Span] = []
    span_keys: list[dict[str, Any]] = []
    key = _tags_key(record.values, options.span_keys)
    if key is not None:
        values = record.take(key)
        if (not values and key not in _ONE_A_WORD) or (values and isinstance(values[0], list | dict)):
            spans = list(_spans_of_words(values, offsets, checks, complaints, options))
        else:
            spans = list(_spans_of_tags(values, offsets, checks, complaints, options))
    other_layers = {
        name: record.take(name)
        for name, value in record.values.items()
        if key is not None and is_other_layer(name, value, len(words))
    }
    document = new_document(
        text.text,
        id=_row_id(record.take("id")) or _identifier(record.take(ID)),
        meta={**_meta(record, complaints, options, span_keys), **other_layers},
        tokens=tokens_in(text, offsets, SOURCE_TOKENIZER, complaints),
    )
    return AnnotatedDocument(
        document,
        spans=checks.once(spans),
        status=Status.DONE if key is not None else Status.TODO,
        problems=complaints.of(document.id),
    )


def _offsets_of(words: list[str], raw: str, place: str) -> list[tuple[int, int]]:
    """Where the words stand in the text, one after the other; InputError for a word that does not."""
    offsets: list[tuple[int, int]] = []
    end = 0
    for index, word in enumerate(words):
        start = raw.find(word, end)
        if start < 0 or raw[end:start].strip():
            raise broken(place, f"token {index}, {word!r}, does not follow in the text")
        end = start + len(word)
        offsets.append((start, end))
    return offsets


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
    names = [options.label_names.get(str(value), value) for value in values]
    style = _style_of(names, complaints)
    tags: list[tuple[str, str]] = []
    for index, name in enumerate(names):
        tag = style.split(name) if isinstance(name, str) else None
        if tag is None:
            hint = "; name it with --label-name NUMBER=B-PER" if offset_in(name) is not None else ""
            complaints.add(f"tag {index} is {values[index]!r}, which is no tag such as O or B-PER{hint}")
        tags.append(tag or ("O", ""))
    for each in entities(tags, Scheme()):
        start, end = offsets[each.first][0], offsets[each.end - 1][1]
        if (span := checks.span(start, end, each.label, name=f"tag {each.first}")) is not None:
            yield span


def _style_of(names: list[Any], complaints: Complaints) -> TagStyle:
    """How a row spells its tags; what is not B-PER and the like is noted."""
    if not all(isinstance(name, str) for name in names):
        return USUAL
    column = find_column(names)
    if column is None or column.style == USUAL:
        return USUAL
    if column.style.spelling is Spelling.BARE:
        complaints.note("the tags have no prefix such as B-, so neighbours of one label are one entity")
    elif column.style.spelling is Spelling.BRACKETS:
        return USUAL
    return column.style


def _spans_of_words(
    values: list[Any],
    offsets: list[tuple[int, int]],
    checks: SpanChecks,
    complaints: Complaints,
    options: ReadOptions,
) -> Iterator[Span]:
    """Spans by the numbers of their first and last word, as GLiNER and others give them.

    Where one ends behind the last word, all ends are those of the word behind, as in CoNLL04's JSON.
    """
    named = list(plain_items(values, complaints.add, text="", label_names=options.label_names))
    is_behind = any(offset_in(item.get("end")) == len(offsets) for _, item in named)
    if is_behind:
        complaints.note("the ends are those of the word behind the last one, since one is behind all words")
    for name, item in named:
        first = offset_in(item.get("token_start", item.get("start")))
        last = offset_in(item.get("token_end", item.get("end")))
        if is_behind and last is not None:
            last -= 1
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
    span_keys: list[dict[str, Any]],
) -> Iterator[Span]:
    """The spans of a list. Their keys that mean nothing here are added to `span_keys`, with place and label."""
    named = list(plain_items(items, complaints.add, text=raw, label_names=options.label_names))
    is_inclusive = _are_ends_inclusive([item for _, item in named], raw)
    if is_inclusive:
        complaints.note("the ends are those of the last characters, as the quoted words show")
    for name, item in named:
        start, end = offset_in(item.get("start")), offset_in(item.get("end"))
        if is_inclusive and end is not None:
            end += 1
        first, last = offset_in(item.get("token_start")), offset_in(item.get("token_end"))
        if start is None and offsets is not None and first is not None and last is not None:
            if not 0 <= first <= last < len(offsets):
                complaints.add(f"{name}: there are no tokens {first} to {last}")
                continue
            start, end = offsets[first][0], offsets[last][1]
        if start is None or end is None:
            complaints.add(f"{name} has no offsets that are whole numbers")
            continue
        quoted = _quoted(item)
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
        if span is None:
            continue
        if others := {key: value for key, value in item.items() if key not in _HELD}:
            span_keys.append({"start": span.start, "end": span.end, "label": span.label, **others})
        yield span


def _quoted(item: Mapping[str, Any]) -> str | None:
    """The words that a span quotes. A classifier's `word` is no quotation: it may be small letters and pieces."""
    return next((item[key] for key in _QUOTES if isinstance(item.get(key), str)), None)


def _are_ends_inclusive(items: Sequence[Mapping[str, Any]], raw: str) -> bool:
    """True if each span quotes its words, and each quotation reaches one character further than its end says."""
    for item in items:
        start, end, quoted = offset_in(item.get("start")), offset_in(item.get("end")), _quoted(item)
        if start is None or end is None or not quoted or raw[start : end + 1] != quoted:
            return False
    return bool(items)


def _is_spans(row: Mapping[str, Any], key: str) -> bool:
    return isinstance(row.get(key), list | dict)


def _are_entities(tokens: object) -> bool:
    """True if what is called tokens are the entities, as UBIAI has them: objects with the label of an entity."""
    return isinstance(tokens, list) and any(
        isinstance(each, Mapping) and _UBIAI_LABEL in each for each in tokens
    )


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


def _meta(
    record: Record, complaints: Complaints, options: ReadOptions, span_keys: list[dict[str, Any]]
) -> dict[str, Any]:
    """What of a row nobody took: its metadata, with the relations as they are, and with the keys of spans."""
    meta = record.take("meta")
    relations = record.take(RELATIONS)
    if relations:
        complaints.note("relations are kept as metadata, not shown")
    rest = unread(record.rest(), complaints, options)
    if relations:
        rest[RELATIONS] = relations
    if meta is not None and not isinstance(meta, dict):
        rest["meta"] = meta
    if span_keys:
        rest[KEYS_OF_SPANS] = span_keys
    return {**rest, **(unread(meta, complaints, options, within="meta") if isinstance(meta, dict) else {})}


def _identifier(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _row_id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _identifier(value)
