"""tagtog's export: NAME.ann.json beside its text, entities by part and offset. Read only.

The text is NAME.plain.html, whose elements have the parts' names as ids, or a plain NAME.txt; it lies beside, or in the folder
`plain.html` where tagtog's archive has it. Labels are named by `annotations-legend.json` in a folder above.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import AnnotatedDocument, Complaints, ReadOptions, Report, broken
from annotator.formats.json_values import whole
from annotator.formats.reading import Record, offset_in, unread
from annotator.formats.sources import Source, decoded, file_source, too_large
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

_SUFFIX = ".ann.json"
_TEXTS = (".plain.html", ".html", ".txt")
_LEGEND = "annotations-legend.json"
_MARKS = (b'"annotatable"', b'"anncomplete"')
_FOLDERS_ABOVE = 5
_PART = re.compile(r"s\d+[a-z]+\d+")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The document, done if tagtog says that it is complete.

    InputError if its text is not there, or names an entity that is none, which is left out as the options say.
    """
    value = whole(source, options)
    if not isinstance(value, dict) or source.path is None:
        raise broken(source.name, "is no ann.json of tagtog with a text beside it")
    parts, raw = _text_of(source.path, source.name, options)
    if len(raw) > options.size_limit:
        raise too_large(source.name, options.size_limit)
    record = Record(value)
    legend = {**_legend(source.path), **options.label_names}
    complaints = Complaints(source.name, options.on_error)
    text = CleanedText(raw)
    checks = SpanChecks(text, complaints, options)
    entities = record.take("entities")
    spans = [
        span
        for number, entity in enumerate(entities if isinstance(entities, list) else (), start=1)
        for span in _spans(entity, f"entity {number}", parts, legend, checks, complaints)
    ]
    is_complete = record.take("anncomplete") is True
    record.take("annotatable")
    relations = record.take("relations")
    if relations:
        complaints.note(f"relations are kept as metadata, not shown: {len(relations)}")
    meta = {
        key: each
        for key, each in unread(record.rest(), complaints, options).items()
        if each not in ([], {}, None)
    }
    if relations:
        meta["relations"] = relations
    document = new_document(text.text, id=_name(source), meta={"source": source.name, **meta})
    yield AnnotatedDocument(
        document,
        spans=checks.once(spans),
        status=Status.DONE if is_complete else Status.STARTED,
        problems=complaints.of(document.id),
    )


def sniff(head: bytes) -> bool:
    """True if an object says what of a text can be annotated, and whether that is complete."""
    return head.lstrip().startswith(b"{") and all(mark in head for mark in _MARKS)


def _name(source: Source) -> str | None:
    name = source.name.rpartition("/")[2].removesuffix(_SUFFIX)
    return name or None


def _spans(
    entity: Any,
    name: str,
    parts: dict[str, int],
    legend: dict[str, str],
    checks: SpanChecks,
    complaints: Complaints,
) -> Iterator[Span]:
    """The spans of an entity, one for each of its places."""
    fields = entity if isinstance(entity, dict) else {}
    label = fields.get("classId")
    part = parts.get(str(fields.get("part")))
    places = fields.get("offsets")
    if part is None or not isinstance(places, list) or not places:
        complaints.add(f"{name} lies in no part of the text, or has no offsets")
        return
    for place in places:
        start = offset_in(place.get("start")) if isinstance(place, dict) else None
        quoted = place.get("text") if isinstance(place, dict) else None
        if start is None or not isinstance(quoted, str):
            complaints.add(f"{name} has an offset without a start or its words")
            continue
        first = part + start
        called = legend.get(label, label) if isinstance(label, str) else label
        span = checks.span(first, first + len(quoted), called, name=name, quoted=quoted)
        if span is not None:
            yield span


def _text_of(path: Path, name: str, options: ReadOptions) -> tuple[dict[str, int], str]:
    """Where each part begins in the text, and the text. InputError if it is nowhere."""
    stem = path.name.removesuffix(_SUFFIX)
    folders = [path.parent]
    for parent in list(path.parents)[:_FOLDERS_ABOVE]:
        inner = parent / "plain.html"
        if inner.is_dir() and not inner.is_symlink():
            folders += [inner, inner / path.parent.name]
    for folder in folders:
        for suffix in _TEXTS:
            beside = folder / f"{stem}{suffix}"
            if beside.is_file() and not beside.is_symlink():
                raw = "".join(decoded(file_source(beside), options.encoding))
                return _parts_of(raw) if suffix != ".txt" else ({"s1v1": 0, "s1p1": 0}, raw)
    raise InputError(
        f"{name} has no text: there is no {stem}.plain.html or {stem}.txt beside it or in plain.html",
        hint="unpack tagtog's archive whole",
    )


def _parts_of(raw: str) -> tuple[dict[str, int], str]:
    parser = _Parts()
    parser.feed(raw)
    parser.close()
    return parser.starts, "".join(parser.pieces)


class _Parts(HTMLParser):
    """The texts of the elements whose ids are parts, on lines of their own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.starts: dict[str, int] = {}
        self.pieces: list[str] = []
        self._length = 0
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._open:
            if tag == self._open[0]:
                self._open.append(tag)
            return
        id = dict(attrs).get("id") or ""
        if _PART.fullmatch(id):
            if self.pieces:
                self._add("\n")
            self.starts[id] = self._length
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag == self._open[0]:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self._add(data)

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self._length += len(text)


def _legend(path: Path) -> dict[str, str]:
    """The names of the classes, from the nearest legend above; none where there is none, or it is broken."""
    for parent in list(path.parents)[:_FOLDERS_ABOVE]:
        legend = parent / _LEGEND
        if legend.is_file() and not legend.is_symlink():
            try:
                value = json.loads(legend.read_text(encoding="utf-8"))
            except (OSError, ValueError, RecursionError):
                return {}
            return (
                {key: name for key, name in value.items() if isinstance(name, str)}
                if isinstance(value, dict)
                else {}
            )
    return {}
