"""displaCy's HTML: a page to look at, in a browser or a report. Written only.

spaCy draws it, since people know what it looks like; overlapping spans are drawn below the words, one row each. spaCy
writes labels into the page as they are, so that they are escaped here.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

from annotator.formats.alignment import Fitting, tokens_for
from annotator.formats.exchange import AnnotatedDocument, Report, TokensOf, WriteOptions
from annotator.formats.losses import OVERLAPS, TITLES
from annotator.formats.targets import replacing, utf8
from annotator.formats.words import words_of
from annotator.model.documents import Document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

HOLDS = frozenset({OVERLAPS, TITLES})

_HEAD = """\
<!DOCTYPE html>
<html>
<head><meta charset="utf-8"><title>{}</title></head>
<body style="font-size: 16px; font-family: sans-serif; padding: 4rem 2rem; line-height: 1.5">
"""
_FIGURE = """\
<figure dir="{}" style="margin-bottom: 4rem">
<figcaption>{}</figcaption>
{}
</figure>
"""


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """One page of all documents, a figure each. OutputError lists the spans off the tokens, as the options say."""
    fitting = Fitting(options.on_misaligned, report)
    with replacing(target) as file:
        file.write(_HEAD.format("Entities").encode())
        for annotated in documents:
            document = annotated.document
            given = tokens_for(annotated, tokens, format="displacy")
            spans = fitting.aligned(annotated, given)
            figure = _FIGURE.format(
                _direction(document.text), html.escape(document.title), _drawn(document, spans, given)
            )
            file.write(utf8(figure, document))
            report.count(document, spans=len(spans))
        file.write(b"</body>\n</html>\n")
        fitting.finish()


def sniff(head: bytes) -> bool:
    """False: such a file is not read."""
    return False


def _drawn(document: Document, spans: list[Span], tokens: Tokens) -> str:
    from spacy import displacy

    is_nested = any(after.start < before.end for before, after in pairwise(spans))
    if is_nested:
        words = words_of(document.text, tokens)
        item: dict[str, Any] = {
            "text": document.text,
            "tokens": [document.text[start:end] for start, end in words.offsets],
            "spans": [
                _by_words(span, words.covering(span.start, span.end, tokens) or (0, 0)) for span in spans
            ],
        }
    else:
        item = {
            "text": document.text,
            "ents": [
                {"start": span.start, "end": span.end, "label": html.escape(span.label)} for span in spans
            ],
        }
    drawn: str = displacy.render(item, style="span" if is_nested else "ent", manual=True, jupyter=False)
    return drawn


def _by_words(span: Span, covered: tuple[int, int]) -> dict[str, Any]:
    first, last = covered
    return {"start_token": first, "end_token": last + 1, "label": html.escape(span.label)}


def _direction(text: str) -> str:
    """The way the text runs, as its first letter does."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return "ltr" if direction == "L" else "rtl"
    return "ltr"
