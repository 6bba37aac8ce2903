"""Writing BioC: documents in the passages that they came with, annotations with a type each, in XML and JSON.

What the reader kept in the metadata is written back: infons, relations, the collection's header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from annotator.formats.alignment import Fitting
from annotator.formats.bioc import KEPT, NOTE, listed
from annotator.formats.bioc_files import Object, document_xml, header_xml
from annotator.formats.exchange import AnnotatedDocument, Report, TokensOf, WriteOptions
from annotator.formats.json_values import encoded
from annotator.formats.losses import IDS, KB_IDS, META, NOTES, OVERLAPS
from annotator.formats.targets import replacing
from annotator.formats.xml_values import check_characters
from annotator.model.documents import Document
from annotator.model.spans import Span

HOLDS = frozenset({OVERLAPS, NOTES, KB_IDS, IDS, f"{META}.{KEPT}"})


def write_xml(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A collection as XML. OutputError lists the spans that are none, as the options say, or names what XML cannot hold."""

    def spelled(document: Document, content: Object) -> bytes:
        xml = document_xml(content)
        check_characters(xml, document)
        return xml.encode()

    _write(
        documents,
        target,
        options,
        report,
        spelled,
        begin=lambda header: header_xml(header).encode(),
        mark=b"",
        end=b"</collection>\n",
    )


def write_json(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A collection as JSON, a document on each line."""

    def begin(header: Object) -> bytes:
        whole = encoded({"source": "", "date": "", "key": "", "infons": {}, **header, "documents": []})
        return whole.removesuffix(b"]}") + b"\n"

    _write(
        documents,
        target,
        options,
        report,
        lambda _, content: encoded(content),
        begin=begin,
        mark=b",\n",
        end=b"\n]}\n",
    )


def _write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    options: WriteOptions,
    report: Report,
    spelled: Callable[[Document, Object], bytes],
    *,
    begin: Callable[[Object], bytes],
    mark: bytes,
    end: bytes,
) -> None:
    fitting = Fitting(options.on_misaligned, report)
    with replacing(target) as file:
        has_begun = False
        for annotated in documents:
            document = annotated.document
            spans = fitting.aligned(annotated, None)
            if not has_begun:
                header = _kept(document).get("collection")
                file.write(begin(dict(header) if isinstance(header, Mapping) else {}))
            file.write(mark * has_begun + spelled(document, _content(document, spans)))
            has_begun = True
            report.count(document, spans=len(spans))
        file.write((b"" if has_begun else begin({})) + end)
        fitting.finish()


def _kept(document: Document) -> Mapping[str, Any]:
    kept = document.meta.get(KEPT)
    return kept if isinstance(kept, Mapping) else {}


def _content(document: Document, spans: list[Span]) -> Object:
    """A document as BioC's JSON has it: in the passages that it came with, else in one."""
    kept = _kept(document)
    passages = _passages(document, kept, spans)
    infons = {
        (item.get("start"), item.get("end"), item.get("label")): item.get("infons")
        for item in listed(kept, "annotations")
        if isinstance(item, Mapping)
    }
    of_document = kept.get("infons")
    for number, span in enumerate(spans, start=1):
        passage = next(each for each in reversed(passages) if each["start"] <= span.start)
        own = {"type": span.label, "identifier": span.kb_id, NOTE: span.note}
        others = infons.get((span.start, span.end, span.label))
        passage["annotations"].append(
            {
                "id": str(number),
                "infons": {key: value for key, value in own.items() if value}
                | (dict(others) if isinstance(others, Mapping) else {}),
                "text": document.text[span.start : span.end],
                "locations": [
                    {
                        "offset": passage["offset"] + span.start - passage["start"],
                        "length": span.end - span.start,
                    }
                ],
            }
        )
    for passage in passages:
        del passage["start"]
    return {
        "id": document.id,
        "infons": dict(of_document) if isinstance(of_document, Mapping) else {},
        "passages": passages,
        "annotations": [],
        "relations": [each for each in listed(kept, "relations") if isinstance(each, Mapping)],
    }


def _is_passage(value: object) -> bool:
    """True of a passage as we keep it: metadata may be anybody's."""
    match value:
        case {"offset": int(), "infons": dict(), "length": int() as length}:
            return length >= 0
    return False


def _passages(document: Document, kept: Mapping[str, Any], spans: list[Span]) -> list[Object]:
    """The passages that the document came with; one of all its text where it had none, or a span crosses their edges."""
    known = [each for each in listed(kept, "passages") if _is_passage(each)]
    known = known or [{"offset": 0, "infons": {}, "length": len(document.text)}]
    passages: list[Object] = []
    start = 0
    for each in known:
        end = start + each["length"]
        passages.append(
            {"offset": each["offset"], "infons": each["infons"], "text": document.text[start:end], "sentences": [],
             "annotations": [], "relations": [], "start": start}
        )  # fmt: skip
        start = end + 1
    ends = [each["start"] + len(each["text"]) for each in passages]
    edges = list(zip((each["start"] for each in passages), ends, strict=True))
    is_whole = start - 1 == len(document.text)
    if is_whole and all(
        any(first <= span.start and span.end <= last for first, last in edges) for span in spans
    ):
        return passages
    return [
        {
            "offset": 0,
            "infons": {},
            "text": document.text,
            "sentences": [],
            "annotations": [],
            "relations": [],
            "start": 0,
        }
    ]
