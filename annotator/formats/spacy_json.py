"""spaCy's JSON as rows: training data of texts with entities, and version 2's documents of paragraphs of tokens.

Training data is `[text, {"entities": [[start, end, label]], "links": {"0,4": {"Q1": 1.0}}, "cats": …}]`. A link with one
certain target is the entity's knowledge base id; what else there is stays as it is, for the metadata. In version 2 a
paragraph is a document: its `raw` text, or its tokens with one space between each two. `ner` of a token is BILUO or IOB; "-"
says that nobody has annotated the token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.exchange import broken
from annotator.formats.iob import OUTSIDE, Scheme, entities, split_tag

_MISSING = "-"
_OFFSETS = re.compile(r"[(\[]?\s*(\d{1,9})\s*,\s*(\d{1,9})\s*[)\]]?")
_CERTAIN = 1.0


def training_row(text: str, annotations: Mapping[str, Any]) -> dict[str, Any]:
    """A text of training data and its annotations as one row; links that are certain as ids of their entities."""
    row = {**annotations, "text": text}
    entities, links = annotations.get("entities"), annotations.get("links")
    if not isinstance(entities, list) or not isinstance(links, dict):
        return row
    items = [_as_item(entity) for entity in entities]
    others: dict[str, Any] = {}
    for key, targets in links.items():
        place = _OFFSETS.fullmatch(key)
        linked = [item for item in items if place and _is_at(item, int(place[1]), int(place[2]))]
        certain = (
            [id for id, chance in targets.items() if chance == _CERTAIN] if isinstance(targets, dict) else []
        )
        if linked and len(certain) == 1:
            for item in linked:
                item["kb_id"] = certain[0]
        else:
            others[key] = targets
    row["entities"] = items
    del row["links"]
    return {**row, "links": others} if others else row


def _as_item(entity: Any) -> Any:
    """A row of start, end and label as an object; anything else as it is."""
    match entity:
        case [start, end, label]:
            return {"start": start, "end": end, "label": label}
    return entity


def _is_at(item: Any, start: int, end: int) -> bool:
    return isinstance(item, dict) and (item.get("start"), item.get("end")) == (start, end)


def paragraph_rows(document: Mapping[str, Any], place: str) -> Iterator[dict[str, Any]]:
    """A row for each paragraph, with its text, tokens and entities. InputError for what is none."""
    for number, paragraph in enumerate(document["paragraphs"], start=1):
        where = f"{place}, paragraph {number}"
        if not isinstance(paragraph, dict):
            raise broken(where, "is not an object")
        yield _row(paragraph, where)


def _row(paragraph: dict[str, Any], place: str) -> dict[str, Any]:
    sentences = [
        [token for token in sentence.get("tokens") or () if isinstance(token, dict)]
        for sentence in paragraph.get("sentences") or ()
        if isinstance(sentence, dict)
    ]
    words = [str(token.get("orth") or "") for sentence in sentences for token in sentence]
    if "" in words:
        raise broken(place, 'a token has no "orth"')
    raw = paragraph.get("raw")
    text = raw if isinstance(raw, str) else " ".join(words)
    offsets: list[tuple[int, int]] = []
    end = 0
    for word in words:
        start = text.find(word, end)
        if start < 0:
            raise broken(place, f"the token {word!r} is not in the text")
        end = start + len(word)
        offsets.append((start, end))
    rest = {key: value for key, value in paragraph.items() if key not in ("raw", "sentences")}
    row: dict[str, Any] = {**rest, "text": text}
    row["tokens"] = [{"start": start, "end": end} for start, end in offsets]
    if (spans := _entities(sentences, offsets, place)) is not None:
        row["entities"] = spans
    return row


def _entities(
    sentences: list[list[dict[str, Any]]], offsets: list[tuple[int, int]], place: str
) -> list[list[Any]] | None:
    """The entities as rows of start, end and label; None if no token has been annotated."""
    spans: list[list[Any]] = []
    first = 0
    is_annotated = False
    for sentence in sentences:
        tags: list[tuple[str, str]] = []
        for token in sentence:
            value = token.get("ner", _MISSING)
            is_annotated = is_annotated or value != _MISSING
            tag = (OUTSIDE, "") if value == _MISSING else split_tag(value) if isinstance(value, str) else None
            if tag is None:
                raise broken(place, f"{value!r} is not a tag such as O, B-PER or U-PER")
            tags.append(tag)
        for entity in entities(tags, Scheme()):
            spans.append([offsets[first + entity.first][0], offsets[first + entity.end - 1][1], entity.label])
        first += len(sentence)
    return spans if is_annotated else None
