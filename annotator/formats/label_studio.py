"""Label Studio's JSON: a list of tasks with annotations and predictions, or its JSON-MIN, read only.

Offsets count UTF-16 units, as a browser does. Each annotation of a task is one annotator's set; what models predicted
are suggestions. Written are tasks that Label Studio imports, for a labelling configuration with
`<Labels name="label" toName="text">`; consecutive sets of one document become annotations of one task.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.alignment import Fitting
from annotator.formats.checking import SpanChecks, letters
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    AnnotatedDocument,
    Complaints,
    Part,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
    broken,
)
from annotator.formats.json_values import encoded, leave_out, whole
from annotator.formats.losses import IDS, META, NOTES, OVERLAPS, SEVERAL, SUGGESTIONS
from annotator.formats.sources import Source, too_large
from annotator.formats.targets import replacing
from annotator.formats.utf16 import Utf16
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.spans import Span, Suggestion

HOLDS = frozenset({OVERLAPS, NOTES, SEVERAL, IDS, META, SUGGESTIONS, "Suggestion.score", "Suggestion.name"})

KEPT_REGIONS = "_label_studio"
"""The metadata key under which regions stand that are no spans of text."""
_LABEL_LISTS = ("labels", "hypertextlabels", "paragraphlabels")
_IN_MARKUP = {"startOffset", "globalOffsets", "paragraphlabels", "hypertextlabels"}
_ID = "document_id"
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\{")
_MARKS = (
    b'"from_name"',
    b'"annotations"',
    b'"predictions"',
    b'"annotation_id"',
    b'"completions"',
    b'"lead_time"',
)
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


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A list of tasks, a line each. OutputError lists the spans that are none, as the options say."""
    fitting = Fitting(options.on_misaligned, report)
    with replacing(target) as file:
        opening = b"[\n"
        tasks = groupby(documents, key=lambda each: each.document.id)
        for number, (_, sets) in enumerate(tasks, start=1):
            file.write(opening + encoded(_task(number, list(sets), fitting, report)))
            opening = b",\n"
        file.write(b"[]\n" if opening == b"[\n" else b"\n]\n")
        fitting.finish()


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
        raw = _text_of(self._data, task, place, options)
        if len(raw) > options.size_limit:
            raise too_large(place, options.size_limit)
        self._raw = raw
        self._text = CleanedText(raw)
        self._units = Utf16(raw)
        self._place = place
        self._options = options
        self._complaints = Complaints(place, options.on_error)

    def sets(self) -> Iterator[AnnotatedDocument]:
        """The document once for its predictions or for nobody's work, then once for each annotation."""
        document = self._document()
        annotations = self._annotations()
        suggestions = tuple(
            each for item in _objects(self._task, "predictions") for each in self._suggested(item)
        )
        if not self._options.every_set and len(annotations) > 1:
            self._complaints.lose(
                f"sets of other annotators, left out: {len(annotations) - 1}", loses=Part.ANSWER
            )
            annotations = annotations[:1]
        found = [self._set(document, annotation) for annotation in annotations]
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
        identifier = self._data.get(_ID)
        meta = {key: value for key, value in self._data.items() if key != _ID and value is not self._raw}
        if "data" not in self._task:
            meta = {}
        if others := [region for item in self._annotations() for region in _others(item)]:
            meta[KEPT_REGIONS] = others
            self._complaints.note(f"regions that are no spans of text, kept as metadata: {len(others)}")
        return new_document(
            self._text.text, id=identifier if isinstance(identifier, str) and identifier else None, meta=meta
        )

    def _set(self, document: Document, annotation: Mapping[str, Any]) -> AnnotatedDocument:
        checks = SpanChecks(self._text, self._complaints, self._options)
        spans = checks.once(span for span, _ in self._spans(annotation, checks))
        status = Status.SKIPPED if annotation.get("was_cancelled") is True else Status.DONE
        return AnnotatedDocument(
            document, spans, status, annotator=_name(annotation.get("completed_by"), self._names)
        )

    def _suggested(self, prediction: Mapping[str, Any]) -> Iterator[Suggestion]:
        checks = SpanChecks(self._text, self._complaints, self._options)
        name = prediction.get("model_version")
        for span, score in self._spans(prediction, checks):
            yield Suggestion(
                span.start, span.end, span.label, score=score, name=name if isinstance(name, str) else ""
            )

    def _spans(
        self, annotation: Mapping[str, Any], checks: SpanChecks
    ) -> Iterator[tuple[Span, float | None]]:
        """A span, with its score, for each label of each region."""
        for index, region in enumerate(_objects(annotation, "result")):
            value = region.get("value")
            if not isinstance(value, dict) or not _is_of_text(value):
                continue
            labels: list[Any] = next(
                (value[key] for key in _LABEL_LISTS if isinstance(value.get(key), list)), []
            )
            if _IN_MARKUP & value.keys():
                self._complaints.lose(
                    f"region {index}: marks HTML or a dialogue, whose offsets are not those of the text"
                )
                continue
            if not labels:
                self._complaints.lose(f"region {index} has no label")
                continue
            start, end, quoted = value.get("start"), value.get("end"), value.get("text")
            name = f"region {index}"
            if type(start) is not int or type(end) is not int:
                self._complaints.add(f'{name}: "start" and "end" must be whole numbers')
                continue
            first, last = self._units.point(start), self._units.point(end)
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
                    yield span, _score(region.get("score"))

    def _regions(self) -> list[dict[str, Any]]:
        """The spans of JSON-MIN, which stand under the name of the configuration's control."""
        values = (item for value in self._task.values() if isinstance(value, list) for item in value)
        return [{"value": item} for item in values if isinstance(item, dict) and _is_of_text(item)]


def _objects(item: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = item.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _others(annotation: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The regions of an annotation that are no spans: choices, relations, ratings."""
    return [
        region
        for region in _objects(annotation, "result")
        if not isinstance(region.get("value"), dict) or not _is_of_text(region["value"])
    ]


def _is_of_text(value: Mapping[str, Any]) -> bool:
    """True of the value of a region with a place in a text, with labels or without."""
    return "start" in value and "end" in value and not any(key.startswith("rectangle") for key in value)


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
    for key in ("annotations", "completions", "predictions"):
        for item in _objects(task, key):
            for region in _objects(item, "result"):
                match region.get("value"):
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
    short = Counter(who.partition("@")[0] for who in found)
    return {who: who if short[name := who.partition("@")[0]] > 1 else name for who in found}


def _account(who: object) -> object:
    return who.get("email") or who.get("id") if isinstance(who, dict) else who


def _name(who: object, names: Mapping[str, str]) -> str | None:
    """Who made an annotation, as a name that annotators may have here."""
    who = _account(who)
    if isinstance(who, bool) or not isinstance(who, str | int) or who == "":
        return None
    return f"user-{who}" if isinstance(who, int) else _NOT_IN_NAMES.sub("-", names.get(who, who))


def _note(region: Mapping[str, Any]) -> str:
    meta = region.get("meta")
    texts = meta.get("text") if isinstance(meta, dict) else None
    return "\n".join(str(text) for text in texts) if isinstance(texts, list) else ""


def _score(value: object) -> float | None:
    is_score = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if is_score and isinstance(value, int | float) else None


def _task(number: int, sets: list[AnnotatedDocument], fitting: Fitting, report: Report) -> dict[str, Any]:
    document = sets[0].document
    units = Utf16(document.text)
    task: dict[str, Any] = {"id": number, "data": {**document.meta, "text": document.text, _ID: document.id}}
    annotations = []
    for annotated in sets:
        if annotated.status is Status.TODO and not annotated.spans:
            continue
        spans = fitting.aligned(_decided(annotated), None)
        result = [_region(document, units, span, str(index)) for index, span in enumerate(spans)]
        for region, span in zip(result, spans, strict=True):
            if span.note:
                region["meta"] = {"text": [span.note]}
        annotations.append({"result": result, "was_cancelled": annotated.status is Status.SKIPPED})
        report.count(document, spans=len(spans))
    task["annotations"] = annotations
    task["predictions"] = [
        {
            "model_version": name,
            "result": [
                {
                    **_region(document, units, each, f"p{index}"),
                    **({} if each.score is None else {"score": each.score}),
                }
                for index, each in enumerate(suggestions)
            ],
        }
        for name, suggestions in _by_name(sets).items()
    ]
    return task


def _decided(annotated: AnnotatedDocument) -> AnnotatedDocument:
    """The work without the suggestions, which go into predictions."""
    return AnnotatedDocument(annotated.document, annotated.spans, annotated.status)


def _by_name(sets: list[AnnotatedDocument]) -> dict[str, list[Suggestion]]:
    found: dict[str, list[Suggestion]] = {}
    for annotated in sets:
        for suggestion in annotated.suggestions:
            found.setdefault(suggestion.name or suggestion.source, []).append(suggestion)
    return found


def _region(document: Document, units: Utf16, span: Span | Suggestion, name: str) -> dict[str, Any]:
    return {
        "id": name,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {
            "start": units.unit(span.start),
            "end": units.unit(span.end),
            "text": document.text[span.start : span.end],
            "labels": [span.label],
        },
    }
