"""BioC read, in XML and JSON: documents of passages, whose annotations are offsets into the document, with a type each.

The text is the passages, a line feed between each two, or a passage's sentences where they alone have texts. An annotation's
infon `type` is the label, `identifier` (or a name that PubTator uses for it) the id in a knowledge base. Passages, relations
and what else there is are kept in the metadata and written back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from annotator.errors import InputError
from annotator.formats.bioc_files import Object, json_documents, xml_documents
from annotator.formats.checking import SpanChecks, letters
from annotator.formats.cleaning import CleanedText
from annotator.formats.counted_offsets import Offsets, Quotation, find_offsets
from annotator.formats.exchange import (
    AnnotatedDocument,
    Complaints,
    ReadOptions,
    Report,
    broken,
)
from annotator.formats.json_values import leave_out
from annotator.formats.reading import offset_in
from annotator.formats.sources import Source, too_large
from annotator.formats.xml_values import root_name
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

KEPT = "_bioc"
"""The metadata key under which passages, relations, infons and the collection's header are kept."""

_LABEL_KEYS = ("type", "label", "class", "semantic_type", "tag")
_KB_KEYS = (
    "identifier",
    "Identifier",
    "kb_id",
    "NCBI GENE",
    "MESH",
    "CHEBI",
    "concept_id",
    "accession",
    "ID",
    "id",
)
NOTE = "note"
_LONGEST_GAP = 2
"""Characters between two passages or sentences that are taken as white space of the text."""
_JSON_MARKS = (b'"passages"', b'"documents"', b'"infons"')


def read_xml(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a collection, done. InputError as the options say for what cannot be read."""
    yield from _documents(xml_documents(source, options), options, report)


def read_json(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The same of JSON, which is in memory while it is read, unless it has a document a line."""
    yield from _documents(json_documents(source, options), options, report)


def sniff_xml(head: bytes) -> bool:
    """True if the file is XML whose root is a collection of documents."""
    return root_name(head) == "collection" and b"<document" in head


def sniff_json(head: bytes) -> bool:
    """True if an object has passages, and documents or infons."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return (
        start.startswith((b"{", b"["))
        and _JSON_MARKS[0] in start
        and any(mark in start for mark in _JSON_MARKS[1:])
    )


def _documents(
    found: Iterator[tuple[str, Any, Object]], options: ReadOptions, report: Report
) -> Iterator[AnnotatedDocument]:
    for place, document, header in found:
        try:
            if not isinstance(document, Mapping):
                raise broken(place, "is not an object")
            yield _Reading(place, options).document(document, header)
        except InputError as error:
            leave_out(error, place, "document", options, report)


@dataclass(frozen=True, slots=True)
class _Part:
    """A passage or sentence: where it begins as the file counts, and in the text; what it holds, as the file has it."""

    offset: int
    start: int
    text: str
    content: Mapping[str, Any]


class _Reading:
    """Reads one document."""

    def __init__(self, place: str, options: ReadOptions) -> None:
        self._place = place
        self._options = options
        self._complaints = Complaints(place, options.on_error)

    def document(self, document: Mapping[str, Any], header: Object) -> AnnotatedDocument:
        """The document with its spans. InputError if its passages have no texts."""
        parts, raw, sentences = self._parts(document)
        if len(raw) > self._options.size_limit:
            raise too_large(self._place, self._options.size_limit)
        text = CleanedText(raw)
        checks = SpanChecks(text, self._complaints, self._options)
        spans: list[Span] = []
        others: list[Object] = []
        for part in parts:
            spans += self._spans(listed(part.content, "annotations"), [part], checks, others)
        spans += self._spans(listed(document, "annotations"), parts, checks, others)
        kept = self._kept(document, parts, header)
        if others:
            kept["annotations"] = others
        id = document.get("id")
        starts = tuple(dict.fromkeys(text.moved(start, start)[0] for start in sentences))
        made = new_document(
            text.text,
            id=str(id).strip() if isinstance(id, str | int) and str(id).strip() else None,
            meta={KEPT: kept} if kept else {},
            sentences=starts if len(starts) > 1 and starts[-1] < len(text.text) else None,
        )
        return AnnotatedDocument(
            made,
            spans=checks.once(spans),
            status=Status.DONE,
            problems=self._complaints.of(made.id),
        )

    def _parts(self, document: Mapping[str, Any]) -> tuple[list[_Part], str, list[int]]:
        """The passages, and sentences with annotations of their own; the text; where its sentences begin."""
        passages = document.get("passages")
        if not isinstance(passages, list) or not all(isinstance(each, Mapping) for each in passages):
            raise broken(self._place, "has no passages")
        parts: list[_Part] = []
        sentences: list[int] = []
        raw = ""
        for number, passage in enumerate(passages, start=1):
            if number > 1:
                raw += "\n"
            offset = self._offset(passage, number)
            inner = [each for each in listed(passage, "sentences") if isinstance(each, Mapping)]
            own = passage.get("text")
            start = len(raw)
            if isinstance(own, str) and (own or not inner):
                raw += own
                for sentence in inner:
                    parts.append(_Part(offset, start, own, sentence))
            elif inner:
                own, places = _joined(inner, offset)
                raw += own
                sentences += [start + place for place in places]
                for sentence, place in zip(inner, places, strict=True):
                    first = offset_in(sentence.get("offset"))
                    words = str(sentence.get("text") or "")
                    parts.append(
                        _Part(offset + place if first is None else first, start + place, words, sentence)
                    )
            else:
                self._complaints.note(f"passage {number} has no text")
                own = ""
            parts.append(_Part(offset, start, own, passage))
        return parts, raw, sentences

    def _offset(self, passage: Mapping[str, Any], number: int) -> int:
        offset = offset_in(passage.get("offset"))
        if offset is None or offset < 0:
            raise broken(self._place, f"passage {number} has no offset that is a whole number")
        return offset

    def _spans(
        self, annotations: list[Any], parts: list[_Part], checks: SpanChecks, others: list[Object]
    ) -> Iterator[Span]:
        """The spans of the annotations of one passage, sentence or document."""
        ways = {id(part): self._counting(part, annotations) for part in parts}
        for number, annotation in enumerate(annotations, start=1):
            if not isinstance(annotation, Mapping):
                self._complaints.add(f"annotation {number} is not an object")
                continue
            name = f"annotation {annotation.get('id') or number}"
            infons = annotation.get("infons")
            infons = dict(infons) if isinstance(infons, Mapping) else {}
            places = _places(annotation)
            if not places:
                self._complaints.add(f"{name} has no location with an offset and a length")
                continue
            part = next((part for part in parts if _lies_in(places, part)), parts[-1] if parts else None)
            if part is None:
                self._complaints.add(f"{name} lies in no passage")
                continue
            pieces = [
                (ways[id(part)].raw(start), ways[id(part)].raw(end)) for start, end in _relative(places, part)
            ]
            span = self._span(name, annotation, infons, part, pieces, checks)
            if span is not None:
                if rest := {key: value for key, value in infons.items() if value not in (None, "")}:
                    others.append({"start": span.start, "end": span.end, "label": span.label, "infons": rest})
                yield span

    def _span(
        self,
        name: str,
        annotation: Mapping[str, Any],
        infons: Object,
        part: _Part,
        pieces: list[tuple[int | None, int | None]],
        checks: SpanChecks,
    ) -> Span | None:
        """The span over all locations; its infons without those that it took."""
        starts = [start for start, _ in pieces if start is not None]
        ends = [end for _, end in pieces if end is not None]
        is_inside = (
            len(starts) == len(ends) == len(pieces) and min(starts) >= 0 and max(ends) <= len(part.text)
        )
        key = next(
            (key for key in _LABEL_KEYS if isinstance(infons.get(key), str) and infons[key].strip()), None
        )
        label = infons.pop(key) if key is not None else None
        kb_key = next(
            (key for key in _KB_KEYS if isinstance(infons.get(key), str) and infons[key].strip()), None
        )
        kb_id = infons.pop(kb_key) if kb_key is not None else ""
        note = infons.pop(NOTE, "")
        quoted = annotation.get("text")
        words = "".join(part.text[start:end] for start, end in zip(starts, ends, strict=False))
        if is_inside and isinstance(quoted, str) and letters(words) != letters(quoted):
            self._complaints.add(f"{name} holds {words!r}, not {quoted!r} as the file says")
            return None
        between = (
            [part.text[last:first] for last, first in pairwise(_edges(starts, ends))][::2]
            if is_inside
            else []
        )
        if len(pieces) > 1 and any(gap.strip() for gap in between):
            self._complaints.note(
                f"{name} has {len(pieces)} locations, taken as one span with what lies between them"
            )
        return checks.span(
            part.start + min(starts) if is_inside else None,
            part.start + max(ends) if is_inside else None,
            label,
            name=name,
            note=note if isinstance(note, str) else "",
            kb_id=kb_id,
        )

    def _counting(self, part: _Part, annotations: list[Any]) -> Offsets:
        """What the offsets in a passage count, by all words that its annotations quote; a note where it is unusual."""
        quotations = [
            Quotation(tuple(_relative(places, part)), annotation["text"])
            for annotation in annotations
            if isinstance(annotation, Mapping)
            and isinstance(annotation.get("text"), str)
            and len(places := _places(annotation)) == 1
            and _lies_in(places, part)
        ]
        offsets = find_offsets(part.text, quotations)
        if not offsets.is_usual:
            self._complaints.note(f"its offsets count {offsets.told}, as the quoted words show")
        return offsets

    def _kept(self, document: Mapping[str, Any], parts: list[_Part], header: Object) -> Object:
        """What the file has beside texts and annotations, where it says anything."""
        kept: Object = {}
        if header:
            kept["collection"] = header
        if infons := document.get("infons"):
            kept["infons"] = infons
        whole = [part for part in parts if any(part.content is each for each in document["passages"])]
        if len(whole) > 1 or any(part.offset or part.content.get("infons") for part in whole):
            kept["passages"] = [
                {"offset": part.offset, "infons": part.content.get("infons") or {}, "length": len(part.text)}
                for part in whole
            ]
        relations = [
            relation
            for content in (document, *(part.content for part in parts))
            for relation in listed(content, "relations")
        ]
        if relations:
            kept["relations"] = relations
            self._complaints.note(f"relations are kept as metadata, not shown: {len(relations)}")
        return kept


def listed(content: Mapping[str, Any], key: str) -> list[Any]:
    """The list under a key; none where it is none."""
    value = content.get(key)
    return value if isinstance(value, list) else []


def _joined(sentences: list[Mapping[str, Any]], offset: int) -> tuple[str, list[int]]:
    """The text of a passage's sentences, and where each begins in it: as their offsets say, if these are near."""
    text = ""
    places = []
    for sentence in sentences:
        first = offset_in(sentence.get("offset"))
        gap = 1 if first is None else first - offset - len(text)
        text += " " * ((gap if 0 <= gap <= _LONGEST_GAP else 1) if text or first is not None else 0)
        places.append(len(text))
        text += str(sentence.get("text") or "")
    return text, places


def _places(annotation: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The locations of an annotation as half-open offsets, in order; none if one of them is broken."""
    places = []
    for location in listed(annotation, "locations"):
        offset = offset_in(location.get("offset")) if isinstance(location, Mapping) else None
        length = offset_in(location.get("length")) if isinstance(location, Mapping) else None
        if offset is None or length is None or offset < 0 or length <= 0:
            return []
        places.append((offset, offset + length))
    return sorted(places)


def _lies_in(places: list[tuple[int, int]], part: _Part) -> bool:
    return part.offset <= places[0][0] < part.offset + max(len(part.text.encode()), 1)


def _relative(places: list[tuple[int, int]], part: _Part) -> list[tuple[int, int]]:
    return [(start - part.offset, end - part.offset) for start, end in places]


def _edges(starts: list[int], ends: list[int]) -> list[int]:
    """Ends and starts of pieces in turn, without the first start and the last end."""
    return [edge for end, start in zip(ends, starts[1:], strict=False) for edge in (end, start)]
