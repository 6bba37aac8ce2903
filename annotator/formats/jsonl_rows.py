"""One row of Prodigy's JSONL, checked and turned into an annotated document."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from annotator.formats.checking import letters
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import SOURCE_TOKENIZER, AnnotatedDocument, Complaints, ReadOptions, broken
from annotator.formats.reading import KEYS_OF_SPANS, UNREAD_KEY, offset_in, unread
from annotator.formats.sources import too_large
from annotator.formats.span_items import listed_items, plain_items
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens

KEPT_KEYS = "_prodigy"
"""The metadata key under which a row's other keys are kept."""

_KNOWN = {
    "text",
    "id",
    "title",
    "meta",
    "tokens",
    "sentences",
    "spans",
    "answer",
    "status",
    "_annotator_id",
    "versions",
}
_RELATIONS = "relations"
_OF_SPANS = {
    "start",
    "end",
    "label",
    "token_start",
    "token_end",
    "note",
    "doubt",
    "kb_id",
    "provenance",
    "score",
    "source",
    "suggested_by",
    "source_label",
    "pattern",
    "text",
}


def annotated_of(row: Mapping[str, Any], place: str, options: ReadOptions) -> AnnotatedDocument:
    """The document of one row. InputError if it has no text, or has problems where they are not wanted."""
    text = row.get("text")
    if not isinstance(text, str):
        raise broken(place, 'no "text"' if text is None else '"text" is not a string')
    if len(text) > options.size_limit:
        raise too_large(place, options.size_limit)
    complaints = Complaints(place, options.on_error)
    reading = _Row(CleanedText(text), complaints, options)
    offsets = reading.tokens(row.get("tokens"))
    spans = reading.spans(_span_items(row, options), offsets)
    status = reading.status(row, has_spans=bool(spans))
    document = new_document(
        reading.cleaned.text,
        id=reading.identifier(row.get("id")),
        title=reading.title(row),
        meta=reading.meta(row),
        tokens=None if offsets is None else reading.tokens_of(offsets),
        sentences=reading.sentences(row),
    )
    is_rejected = row.get("answer") == "reject"
    is_open = status is None
    origins = [item["provenance"] if isinstance(item.get("provenance"), dict) else {} for item in spans]
    has_origins = any(origins) and not (is_open or is_rejected)
    return AnnotatedDocument(
        document,
        spans=() if is_open or is_rejected else tuple(_span(item) for item in spans),
        status=status or Status.TODO,
        rejected=tuple(reading.suggestion(item) for item in spans) if is_rejected else (),
        suggestions=tuple(reading.suggestion(item) for item in spans) if is_open else (),
        annotator=annotator_in(row),
        provenance=tuple(origins) if has_origins else (),
        problems=complaints.of(document.id),
    )


def _span_items(row: Mapping[str, Any], options: ReadOptions) -> object:
    """The spans of a row under Prodigy's key, and behind them those under the keys that the options name."""
    others = [row[key] for key in options.span_keys if isinstance(row.get(key), list | dict)]
    if not others or not isinstance(row.get("spans", []), list):
        return row.get("spans")
    return [*row.get("spans", ()), *(item for value in others for item in listed_items(value))]


def title_in(values: object) -> str | None:
    """The title that a row or its metadata gives; None where it gives none."""
    title = values.get("title") if isinstance(values, Mapping) else None
    return title if isinstance(title, str) and title.strip() else None


class _Row:
    """The checks of one row; what fails them is left out and complained about."""

    def __init__(self, cleaned: CleanedText, complaints: Complaints, options: ReadOptions) -> None:
        self.cleaned = cleaned
        self._complaints = complaints
        self._complain = complaints.add
        self._note = complaints.note
        self._options = options
        self._labels = options.labels
        self._spans: list[dict[str, Any]] = []

    def tokens(self, value: object) -> list[tuple[int, int]] | None:
        """The offsets of the tokens, white space among them, in the cleaned text; None if there are none."""
        if value is None:
            return None
        if not isinstance(value, list):
            return self._complain('"tokens" is not a list')
        offsets: list[tuple[int, int]] = []
        for index, token in enumerate(value):
            place = _offsets(token)
            if place is None or not self.cleaned.holds(*place):
                return self._complain(
                    f"token {index} has no offsets within the text; the tokens are left out"
                )
            start, end = self.cleaned.moved(*place)
            if offsets and start < offsets[-1][1]:
                return self._complain(
                    f"token {index} begins before the one before it ends; the tokens are left out"
                )
            words = token.get("text")
            if words is not None and words != self.cleaned.raw(*place):
                return self._complain(
                    f"token {index} does not hold what the text does; the tokens are left out"
                )
            offsets.append((start, end))
        return offsets

    def tokens_of(self, offsets: list[tuple[int, int]]) -> Tokens:
        """The tokens without those of white space."""
        text = self.cleaned.text
        return Tokens(
            ((start, end) for start, end in offsets if text[start:end].strip()), tokenizer=SOURCE_TOKENIZER
        )

    def sentences(self, row: Mapping[str, Any]) -> tuple[int, ...] | None:
        """Where the sentences start, in the cleaned text; None if the row does not say."""
        if not _has_sentences(row):
            return None
        starts = [self.cleaned.moved(start, start)[0] for start in row["sentences"]]
        return tuple(dict.fromkeys(starts))

    def spans(self, value: object, offsets: list[tuple[int, int]] | None) -> list[dict[str, Any]]:
        """The rows of the spans that hold, with offsets in the cleaned text, in walking order."""
        if value is None:
            return []
        if not isinstance(value, list):
            self._complain('"spans" is not a list')
            return []
        found: dict[tuple[int, int, str], dict[str, Any]] = {}
        items = plain_items(
            value,
            self._complain,
            text=self.cleaned.text,
            label_names=self._options.label_names,
            expected="is not an object",
        )
        for index, (name, item) in enumerate(items):
            if (span := self._checked(item, name, offsets)) is None:
                continue
            key = (span["start"], span["end"], span["label"])
            if key in found:
                self._note(f"span {index} is the same as one before it")
            else:
                found[key] = span
        self._spans = [found[key] for key in sorted(found, key=lambda key: (key[0], -key[1], key[2]))]
        return self._spans

    def status(self, row: Mapping[str, Any], *, has_spans: bool) -> Status | None:
        """What the row says of the annotator's work; None where nobody has decided anything."""
        answer = row.get("answer")
        if answer == "accept":
            return Status.DONE
        if answer == "ignore":
            return Status.SKIPPED
        if answer == "reject":
            return Status.STARTED if has_spans else Status.SKIPPED
        if answer is not None:
            self._complain(f'"answer" is {answer!r}, not accept, reject or ignore')
        return Status(row["status"]) if _has_status(row) else None

    def identifier(self, value: object) -> str | None:
        """The source's name of the document; None where it gives none."""
        if value is None or (isinstance(value, str) and value):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self._complain('"id" is neither a string nor a whole number')
        return None

    def title(self, row: Mapping[str, Any]) -> str | None:
        """The source's title; None where it gives none."""
        return title_in(row) or title_in(row.get("meta"))

    def meta(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row's metadata and what other keys it has."""
        meta = row.get("meta")
        if meta is not None and not isinstance(meta, dict):
            self._complain('"meta" is not an object')
            meta = None
        kept = {
            key: value
            for key, value in row.items()
            if key not in _KNOWN and not (key in self._options.span_keys and isinstance(value, list | dict))
        }
        kept |= {
            key: row[key]
            for key, is_ours in (("status", _has_status(row)), ("sentences", _has_sentences(row)))
            if key in row and not is_ours
        }
        relations = kept.pop(_RELATIONS, None)
        kept = unread(kept, self._complaints, self._options)
        if relations is not None:
            kept[_RELATIONS] = relations
            if relations:
                self._note("relations are kept as metadata, not shown")
        meta = unread(meta or {}, self._complaints, self._options, within="meta")
        if (suspect := kept.pop(UNREAD_KEY, None)) is not None:
            meta[UNREAD_KEY] = suspect
        if others := self._keys_of_spans():
            meta[KEYS_OF_SPANS] = others
        return {**meta, **({KEPT_KEYS: kept} if kept else {})}

    def _keys_of_spans(self) -> list[dict[str, Any]]:
        """The keys of the spans that mean nothing here, with the place and label of each span that has any."""
        place = ("start", "end", "label")
        return [
            {key: value for key, value in span.items() if key in place or key not in _OF_SPANS}
            for span in self._spans
            if span.keys() - _OF_SPANS
        ]

    def suggestion(self, item: dict[str, Any]) -> Suggestion:
        """A span that nobody has decided on, or that was turned down."""
        score = item.get("score")
        if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
            if score is not None:
                self._complain(f"the score {score!r} is not between 0 and 1")
            score = None
        kind = item.get("suggested_by")
        if not isinstance(kind, str):
            kind = "pattern" if "pattern" in item else "model"
        name = item.get("source", item.get("pattern"))
        label = item.get("source_label")
        return Suggestion(
            item["start"],
            item["end"],
            item["label"],
            source=kind,
            score=None if score is None else float(score),
            name="" if name is None else str(name),
            source_label=label if isinstance(label, str) else "",
        )

    def _checked(
        self, item: dict[str, Any], name: str, offsets: list[tuple[int, int]] | None
    ) -> dict[str, Any] | None:
        label = item["label"]
        if self._labels is not None and label not in self._labels:
            return self._complain(f"{name}: unknown label {label}")
        if "start" in item or "end" in item:
            place = _offsets(item)
            if place is None:
                return self._complain(f'{name}: "start" and "end" must be whole numbers')
            start, end = place
            if start >= end:
                return self._complain(f"{name}: [{start}, {end}) is empty or backwards")
            if not self.cleaned.holds(start, end):
                return self._complain(f"{name}: [{start}, {end}) is outside the text")
            quoted = item.get("text")
            if isinstance(quoted, str) and letters(quoted) != letters(self.cleaned.raw(start, end)):
                words = self.cleaned.raw(start, end)
                return self._complain(
                    f"{name}: [{start}, {end}) holds {words!r}, not {quoted!r} as the file says"
                )
            start, end = self.cleaned.moved(start, end)
        else:
            place = _offsets(item, "token_start", "token_end")
            if place is None:
                return self._complain(f"{name} has neither offsets nor tokens")
            first, last = place
            if offsets is None or not 0 <= first <= last < len(offsets):
                return self._complain(f"{name}: there are no tokens {first} to {last}")
            start, end = offsets[first][0], offsets[last][1]
        if start >= end:
            return self._complain(f"{name} holds nothing but a byte order mark or carriage return")
        return {**item, "start": start, "end": end}


def _has_status(row: Mapping[str, Any]) -> bool:
    """True if the row's status is one that we write; another tool's own word is none."""
    status = row.get("status")
    return isinstance(status, str) and status in set(Status)


def _has_sentences(row: Mapping[str, Any]) -> bool:
    """True if the row's sentences are ascending offsets in its text, as we write them."""
    starts = row.get("sentences")
    if not isinstance(starts, list) or not all(type(start) is int for start in starts):
        return False
    return all(first < second for first, second in pairwise([-1, *starts, len(row["text"]) + 1]))


def _span(item: dict[str, Any]) -> Span:
    note, entity = item.get("note"), item.get("kb_id")
    return Span(
        item["start"],
        item["end"],
        item["label"],
        note=note if isinstance(note, str) else "",
        doubt=item.get("doubt") is True,
        kb_id=entity if isinstance(entity, str) else "",
    )


def _offsets(item: object, first: str = "start", last: str = "end") -> tuple[int, int] | None:
    if not isinstance(item, dict):
        return None
    start, end = offset_in(item.get(first)), offset_in(item.get(last))
    return None if start is None or end is None else (start, end)


def annotator_in(row: Mapping[str, Any]) -> str | None:
    """Who made what a row holds; None where it does not say."""
    for key in ("_annotator_id", "_session_id"):
        if isinstance(value := row.get(key), str) and value:
            return value
    return None
