"""W3C Web Annotation, as JSON-LD: one annotation page, an annotation a span. Written only.

https://www.w3.org/TR/annotation-model/: the label is a body that classifies, a note one that comments, a knowledge base
id one that identifies; the target is found by position, in code points as the model counts, and by its quoted words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from annotator.formats.alignment import Fitting
from annotator.formats.exchange import AnnotatedDocument, Report, TokensOf, WriteOptions
from annotator.formats.json_values import encoded
from annotator.formats.losses import IDS, KB_IDS, META, NOTES, OVERLAPS
from annotator.formats.targets import replacing
from annotator.model.documents import Document
from annotator.model.spans import Span

HOLDS = frozenset({OVERLAPS, NOTES, KB_IDS, IDS, f"{META}.url"})

_AROUND = 32
"""Code points that are quoted before and behind a span, to find it in a text that has changed."""


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """One page of annotations, named by the hash of its items. OutputError lists the spans that are none."""
    fitting = Fitting(options.on_misaligned, report)
    digest = hashlib.sha256()
    with replacing(target) as file:
        file.write(b'{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": [')
        separator = b"\n"
        for annotated in documents:
            spans = fitting.aligned(annotated, None)
            for span in spans:
                item = encoded(_item(annotated, span))
                digest.update(item)
                file.write(separator + item)
                separator = b",\n"
            report.count(annotated.document, spans=len(spans))
        file.write(b'\n], "id": "urn:sha256:%b"}\n' % digest.hexdigest().encode())
        fitting.finish()


def sniff(head: bytes) -> bool:
    """False: such a file is not read."""
    return False


def _item(annotated: AnnotatedDocument, span: Span) -> dict[str, Any]:
    document, text = annotated.document, annotated.document.text
    body: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": "classifying", "value": span.label}]
    if span.note:
        body.append({"type": "TextualBody", "purpose": "commenting", "value": span.note})
    if "://" in span.kb_id:
        body.append({"type": "SpecificResource", "purpose": "identifying", "source": span.kb_id})
    elif span.kb_id:
        body.append({"type": "TextualBody", "purpose": "identifying", "value": span.kb_id})
    item: dict[str, Any] = {
        "type": "Annotation",
        "motivation": "classifying",
        "body": body,
        "target": {
            "source": _source(document),
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": text[span.start : span.end],
                    "prefix": text[max(0, span.start - _AROUND) : span.start],
                    "suffix": text[span.end : span.end + _AROUND],
                },
            ],
        },
    }
    if annotated.annotator:
        item["creator"] = {"type": "Person", "nickname": annotated.annotator}
    return item


def _source(document: Document) -> str:
    """An IRI of the document: its address where it is known, else the hash of its text."""
    for key in ("url", "source"):
        value = document.meta.get(key)
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return value
    return f"urn:sha256:{document.sha256}"
