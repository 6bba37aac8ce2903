"""Label Studio's JSON, read: a list of tasks with annotations and predictions, or its JSON-MIN.

Offsets count UTF-16 units, as a browser does. Each annotation of a task is one annotator's set; what models predicted
are suggestions. What else an annotator said, choices, relations or ratings, is kept as metadata.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from annotator.errors import InputError
from annotator.formats.checking import SpanChecks, letters
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    AnnotatedDocument,
    Complaints,
    Part,
    ReadOptions,
    Report,
    broken,
)
from annotator.formats.json_values import leave_out, whole
from annotator.formats.label_studio_markup import MarkupText, dialogue_text, page_text
from annotator.formats.reading import KEYS_OF_SPANS, offset_in, unread
from annotator.formats.sources import Source, too_large
from annotator.formats.utf16 import Utf16
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.spans import Span, Suggestion

KEPT_REGIONS = "_label_studio"
"""The metadata key under which regions stand that are no spans of text."""
_LABEL_LISTS = ("labels", "hypertextlabels", "paragraphlabels")
_IN_MARKUP = {"startOffset", "globalOffsets", "paragraphlabels", "hypertextlabels"}
_ANSWER_KEYS = {"choices", "rating", "number", "datetime", "taxonomy", "pairwise"}
"""What a value holds that says something of a text or a span, but is no label."""
ANNOTATION = "annotation"
"""The key of a kept region that says to which annotation of its task it belongs, if it is not the first."""
ID = "document_id"
"""The key of a task's data under which a document's id is kept."""
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
_MARKS = (
    b'"from_name"',
    b'"annotations"',
    b'"predictions"',
    b'"annotation_id"',
    b'"completions"',
    b'"lead_time"',
)
_BOOKKEEPING = frozenset(
    {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement", "predictions"}
)
"""Keys of JSON-MIN by which Label Studio keeps count of its rows."""
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """A document for each annotation of each task, before it one with the predictions, if there are any.

    Where one set a document is wanted, it is the first annotation's, with the predictions as suggestions beside it.

    The file is one JSON value, and in memory while it is read. InputError names the file and task that are broken, or
    they are left out and reported, as the options say.
    """
    tasks = whole(source, options)
    if not isinstance(tasks, list):
        raise broken(source.name, "is not a list of tasks")
    names = _names(tasks)
    for number, task in enumerate(tasks, start=1):
        place = f"{source.name}: task {number}"
        try:
            yield from _Task(task, place, options, names).sets()
        except InputError as error:
            leave_out(error, place, "task", options, report)


def sniff(head: bytes) -> bool:
    """True if the file begins with a list of objects that have annotations, predictions or their regions."""
    if _HEAD.match(head) is None:
        return False
    return any(mark in head for mark in _MARKS) and (b'"data"' in head or b'"annotations"' not in head)


class _Task:
    """One task that is being read."""

    def __init__(self, task: object, place: str, options: ReadOptions, names: Mapping[str, str]) -> None:
        if not isinstance(task, dict):
            raise broken(place, "is not an object")
        data = task.get("data", task)  # JSON-MIN has no "data"
        self._task = task
        self._data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        self._names = names
        self._markup = _markup_of(self._data, task, options)
        raw = self._markup.text if self._markup else _text_of(self._data, task, place, options)
        if len(raw) > options.size_limit:
            raise too_large(place, options.size_limit)
        self._raw = raw
        self._text = CleanedText(raw)
        self._units = Utf16(raw)
        self._place = place
        self._options = options
        self._complaints = Complaints(place, options.on_error)
        self._ids: list[dict[str, Any]] = []

    def sets(self) -> Iterator[AnnotatedDocument]:
        """The document once for its predictions or for nobody's work, then once for each annotation."""
        annotations = self._annotations()
        suggestions = tuple(
            each for item in _objects(self._task, "predictions") for each in self._suggested(item)
        )
        if not self._options.every_set and len(annotations) > 1:
            self._complaints.lose(
                f"sets of other annotators, left out: {len(annotations) - 1}", loses=Part.ANSWER
            )
            annotations = annotations[:1]
        spans = [self._decided(annotation) for annotation in annotations]
        document = self._document()
        found = [
            self._set(document, each, annotation) for each, annotation in zip(spans, annotations, strict=True)
        ]
        if not found or (suggestions and self._options.every_set):
            found.insert(0, AnnotatedDocument(document, suggestions=suggestions))
        first, *others = found
        problems = self._complaints.of(document.id)
        yield AnnotatedDocument(
            document,
            first.spans,
            first.status,
            suggestions=suggestions,
            annotator=first.annotator,
            problems=problems,
        )
        yield from others

    def _annotations(self) -> list[dict[str, Any]]:
        if "data" not in self._task:
            return [{"result": self._regions(), "completed_by": self._task.get("annotator")}]
        return [*_objects(self._task, "annotations"), *_objects(self._task, "completions")]

    def _document(self) -> Document:
        identifier = self._data.get(ID)
        meta = unread(self._rest(), self._complaints, self._options, has_span_keys=False)
        annotations = self._annotations()
        others = [
            {**region, ANNOTATION: number} if number else region
            for number, item in enumerate(annotations)
            for region in _others(item)
        ]
        if others:
            meta[KEPT_REGIONS] = others
            if self._ids:
                meta[KEYS_OF_SPANS] = self._ids
            self._complaints.note(f"regions that are no spans of text, kept as metadata: {len(others)}")
        return new_document(
            self._text.text, id=identifier if isinstance(identifier, str) and identifier else None, meta=meta
        )

    def _rest(self) -> dict[str, Any]:
        """What of a task is neither its text nor its regions nor how Label Studio keeps count of it."""
        rest = {key: value for key, value in self._data.items() if key != ID and value is not self._raw}
        if "data" not in self._task:  # JSON-MIN
            return {
                key: value
                for key, value in rest.items()
                if key not in _BOOKKEEPING and not (isinstance(value, list) and any(map(_is_region, value)))
            }
        if isinstance(meta := self._task.get("meta"), dict):
            rest |= {key: value for key, value in meta.items() if key not in rest}
        if drafts := [each for each in _objects(self._task, "drafts") if each.get("result")]:
            rest["drafts"] = drafts
        return rest

    def _decided(self, annotation: Mapping[str, Any]) -> tuple[Span, ...]:
        """The spans of an annotation. The ids of its regions, by which others name them, are kept beside."""
        checks = SpanChecks(self._text, self._complaints, self._options)
        spans = []
        for span, region in self._spans(annotation, checks):
            spans.append(span)
            if isinstance(region.get("id"), str):
                place = {"start": span.start, "end": span.end, "label": span.label}
                self._ids.append({**place, "id": region["id"]})
        return checks.once(spans)

    def _set(
        self, document: Document, spans: tuple[Span, ...], annotation: Mapping[str, Any]
    ) -> AnnotatedDocument:
        status = Status.SKIPPED if annotation.get("was_cancelled") is True else Status.DONE
        return AnnotatedDocument(
            document, spans, status, annotator=_name(annotation.get("completed_by"), self._names)
        )

    def _suggested(self, prediction: Mapping[str, Any]) -> Iterator[Suggestion]:
        checks = SpanChecks(self._text, self._complaints, self._options)
        name = prediction.get("model_version")
        for span, region in self._spans(prediction, checks):
            score = _score(region.get("score"))
            yield Suggestion(
                span.start, span.end, span.label, score=score, name=name if isinstance(name, str) else ""
            )

    def _spans(
        self, annotation: Mapping[str, Any], checks: SpanChecks
    ) -> Iterator[tuple[Span, dict[str, Any]]]:
        """A span, with its region, for each label of each region."""
        for index, region in enumerate(_objects(annotation, "result")):
            value = region.get("value")
            if not isinstance(value, dict) or not _is_span(value):
                continue
            labels: list[Any] = next(
                (value[key] for key in _LABEL_LISTS if isinstance(value.get(key), list)), []
            )
            name, quoted = f"region {index}", value.get("text")
            place = self._place_of(value, name)
            if place is None:
                continue
            if not labels:
                self._complaints.lose(f"{name} has no label")
                continue
            first, last = place
            if (
                isinstance(quoted, str)
                and first is not None
                and last is not None
                and "\n" in self._raw[first:last]
            ):
                quoted = quoted.replace("\\n", "\n")  # as Label Studio quotes line ends
            words = quoted if isinstance(quoted, str) else None
            for label in labels:
                span = checks.span(first, last, label, name=name, quoted=words, note=_note(region))
                if span is not None:
                    yield span, region

    def _place_of(self, value: Mapping[str, Any], name: str) -> tuple[int | None, int | None] | None:
        """Where a region stands in the text; None, and a complaint, if it does not say so."""
        if _IN_MARKUP & value.keys():
            if self._markup is None or (place := self._markup.place(value)) is None:
                self._complaints.lose(
                    f"{name}: marks HTML or a dialogue, and its words are not where it says in the text"
                )
                return None
            return place
        start, end = offset_in(value.get("start")), offset_in(value.get("end"))
        if start is None or end is None:
            self._complaints.add(f'{name}: "start" and "end" must be whole numbers')
            return None
        return self._units.point(start), self._units.point(end)

    def _regions(self) -> list[dict[str, Any]]:
        """The spans of JSON-MIN, which stand under the name of the configuration's control."""
        values = (item for value in self._task.values() if isinstance(value, list) for item in value)
        return [{"value": item} for item in values if _is_region(item)]


def _objects(item: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = item.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _others(annotation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The regions of an annotation that are no spans: choices, relations, ratings."""
    return [
        region
        for region in _objects(annotation, "result")
        if not isinstance(region.get("value"), dict) or not _is_span(region["value"])
    ]


def _is_of_text(value: Mapping[str, Any]) -> bool:
    """True of the value of a region with a place in a text, with labels or without."""
    return "start" in value and "end" in value and not any(key.startswith("rectangle") for key in value)


def _is_region(item: object) -> bool:
    return isinstance(item, dict) and _is_of_text(item)


def _is_span(value: Mapping[str, Any]) -> bool:
    """True of the value of a region that marks a span, not of an answer about one: a choice, a rating, a text."""
    return (
        _is_of_text(value) and not (_ANSWER_KEYS & value.keys()) and not isinstance(value.get("text"), list)
    )


def _markup_of(data: Mapping[str, Any], task: Mapping[str, Any], options: ReadOptions) -> MarkupText | None:
    """The text that regions in HTML or a dialogue count in: of the part of the data in which most of them are right."""
    values = [value for value in _values(task) if _IN_MARKUP & value.keys()]
    if not values:
        return None
    texts: list[MarkupText] = []
    for key, item in data.items():
        if options.text_key in (None, key):
            markup = page_text(item) if isinstance(item, str) and "<" in item else dialogue_text(item)
            texts += [markup] if markup is not None else []
    right = {id(each): sum(each.place(value) is not None for value in values) for each in texts}
    best = max(texts, key=lambda each: right[id(each)], default=None)
    return best if best is not None and right[id(best)] else None


def _values(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The values of all regions of a task."""
    for key in ("annotations", "completions", "predictions"):
        for item in _objects(task, key):
            for region in _objects(item, "result"):
                if isinstance(value := region.get("value"), dict):
                    yield value


def _text_of(data: Mapping[str, Any], task: Mapping[str, Any], place: str, options: ReadOptions) -> str:
    """The text of a task: the only one, or the one in which the regions are what they quote, "text" before others."""
    if options.text_key is not None:
        if not isinstance(text := data.get(options.text_key), str):
            raise broken(place, f'no text "{options.text_key}" among its data')
        return text
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    if isinstance(data.get("text"), str):
        texts = {"text": data["text"], **texts}
    quotes = list(_quotes(task))
    fitting = [key for key, text in texts.items() if quotes and _holds(text, quotes)]
    if "text" in texts and (not fitting or "text" in fitting):
        return texts["text"]
    if len(fitting) == 1 or (not fitting and len(texts) == 1):
        return texts[fitting[0] if fitting else next(iter(texts))]
    if not texts:
        raise broken(place, 'no "text" among its data')
    names = ", ".join(fitting or texts)
    raise broken(
        place,
        f'no "text" among its data, and several that may be it: {names}',
        hint=f"name it with --text-key {next(iter(fitting or texts))}",
    )


def _quotes(task: Mapping[str, Any]) -> Iterator[tuple[int, int, str]]:
    for value in _values(task):
        match value:
            case {"start": int(start), "end": int(end), "text": str(quoted)}:
                yield start, end, quoted


def _holds(text: str, quotes: list[tuple[int, int, str]]) -> bool:
    units = Utf16(text)
    places = [(units.point(start), units.point(end), quoted) for start, end, quoted in quotes]
    return all(
        first is not None and last is not None and letters(text[first:last]) == letters(quoted)
        for first, last, quoted in places
    )


def _names(tasks: list[Any]) -> dict[str, str]:
    """What annotators are called here, by address: what stands before the @, or all of it where two have that alike."""
    found: set[str] = set()
    for task in tasks:
        for key in ("annotations", "completions"):
            for item in _objects(task, key) if isinstance(task, dict) else ():
                if isinstance(who := _account(item.get("completed_by")), str):
                    found.add(who)
        if isinstance(task, dict) and isinstance(who := _account(task.get("annotator")), str):
            found.add(who)
    short = Counter(_NOT_IN_NAMES.sub("-", who.partition("@")[0]) for who in found)
    names: dict[str, str] = {}
    for who in sorted(found):
        name = _NOT_IN_NAMES.sub("-", who.partition("@")[0])
        wanted = _NOT_IN_NAMES.sub("-", who) if short[name] > 1 else name
        free = (f"{wanted}-{number}" if number > 1 else wanted for number in count(1))
        names[who] = next(each for each in free if each not in names.values())
    return names


def _account(who: object) -> object:
    return who.get("email") or who.get("id") if isinstance(who, dict) else who


def _name(who: object, names: Mapping[str, str]) -> str | None:
    """Who made an annotation, as a name that annotators may have here."""
    who = _account(who)
    if isinstance(who, bool) or not isinstance(who, str | int) or who == "":
        return None
    return f"user-{who}" if isinstance(who, int) else names[who]


def _note(region: Mapping[str, Any]) -> str:
    meta = region.get("meta")
    texts = meta.get("text") if isinstance(meta, dict) else None
    return "\n".join(str(text) for text in texts) if isinstance(texts, list) else ""


def _score(value: object) -> float | None:
    is_score = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if is_score and isinstance(value, int | float) else None
