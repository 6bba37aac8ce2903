"""Label Studio's JSON, written: tasks that it imports, for a configuration with `<Labels name="label" toName="text">`.

Consecutive sets of one document become annotations of one task, suggestions its predictions. Choices and relations that
came from Label Studio are written back, and the spans that they name under their ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from annotator.formats.alignment import Fitting
from annotator.formats.exchange import AnnotatedDocument, Report, TokensOf, WriteOptions
from annotator.formats.json_values import encoded
from annotator.formats.label_studio import ANNOTATION, ID, KEPT_REGIONS
from annotator.formats.losses import IDS, META, NOTES, OVERLAPS, SEVERAL, SUGGESTIONS
from annotator.formats.reading import KEYS_OF_SPANS
from annotator.formats.targets import replacing
from annotator.formats.utf16 import Utf16
from annotator.model.decisions import Status
from annotator.model.documents import Document
from annotator.model.spans import Span, Suggestion

HOLDS = frozenset({OVERLAPS, NOTES, SEVERAL, IDS, META, SUGGESTIONS, "Suggestion.score", "Suggestion.name"})


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


def _task(number: int, sets: list[AnnotatedDocument], fitting: Fitting, report: Report) -> dict[str, Any]:
    document = sets[0].document
    units = Utf16(document.text)
    meta = dict(document.meta)
    kept = _kept_regions(meta.pop(KEPT_REGIONS, None))
    ids = _kept_ids(meta.pop(KEYS_OF_SPANS, None)) if kept else {}
    task: dict[str, Any] = {"id": number, "data": {**meta, "text": document.text, ID: document.id}}
    annotations: list[dict[str, Any]] = []
    for annotated in sets:
        if annotated.status is Status.TODO and not annotated.spans:
            continue
        spans = fitting.aligned(_decided(annotated), None)
        result = [
            _region(document, units, span, ids.get((span.start, span.end), str(index)))
            for index, span in enumerate(spans)
        ]
        for region, span in zip(result, spans, strict=True):
            if span.note:
                region["meta"] = {"text": [span.note]}
        result += kept.get(len(annotations), [])
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


def _kept_regions(kept: object) -> dict[int, list[dict[str, Any]]]:
    """The regions that are no spans, by the number of their annotation, as Label Studio has them."""
    regions: dict[int, list[dict[str, Any]]] = {}
    for region in kept if isinstance(kept, list) else ():
        if isinstance(region, dict):
            number = region.get(ANNOTATION, 0)
            others = {key: value for key, value in region.items() if key != ANNOTATION}
            regions.setdefault(number if isinstance(number, int) else 0, []).append(others)
    return regions


def _kept_ids(kept: object) -> dict[tuple[int, int], str]:
    """The ids that regions had, by place: a span whose label has changed since is the same region."""
    return {
        (item["start"], item["end"]): str(item["id"])
        for item in (kept if isinstance(kept, list) else ())
        if isinstance(item, dict) and {"start", "end", "id"} <= item.keys()
    }


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
