"""Hypothesis strategies: texts of every script, their tokens, and annotated documents as formats can hold them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from annotator.formats.alignment import in_order
from annotator.formats.exchange import AnnotatedDocument
from annotator.model.decisions import Status
from annotator.model.documents import clean_text, new_document
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens

_PIECES = [
    *("Ana", "U.S.", "don't", "B-1", "x", "I-PER", "O", "’", "…", "#", "-"),
    *("Müller", "e\u0301", "क्षि", "की", "ประเทศ", "北京", "東京都", "한국", "שלום", "بغداد", "\u200fא"),
    *("👩‍👩‍👧", "🇺🇾", "a\u200bb", "\ufe0f", "\x07", "\ufeff"),
]
_GAPS = [" ", "  ", "\n", "\n\n", "\t", " \n ", "\u00a0", "\u3000", "\u2028", "\x85", "\r", ""]
_LABELS = ["PER", "creative-work", "地名", "B-X", "É"]

words = st.sampled_from(_PIECES) | st.text(min_size=1, max_size=4, alphabet="aé中א1.")


@st.composite
def texts(draw: st.DrawFn, *, surrogates: bool = False) -> str:
    """A text as it stands after an import, empty ones and ones of white space among them."""
    pieces = draw(st.lists(st.tuples(words, st.sampled_from(_GAPS)), max_size=12))
    text = draw(st.sampled_from(_GAPS)) + "".join(word + gap for word, gap in pieces)
    if surrogates and draw(st.booleans()):
        text += "\ud83d"
    while clean_text(text) != text:
        text = clean_text(text)
    return text


@st.composite
def tokens_of(draw: st.DrawFn, text: str) -> Tokens:
    """Tokens that cover all of a text but its white space: plain ones, words, or words cut anywhere."""
    kind = draw(st.sampled_from(["plain", "words", "cut"]))
    if kind == "plain":
        return stand_in_tokens(text)
    offsets: list[tuple[int, int]] = []
    offset = 0
    for word in text.split():
        start = text.index(word, offset)
        offset = start + len(word)
        cut = draw(st.integers(start, offset)) if kind == "cut" else start
        offsets += [place for place in ((start, cut), (cut, offset)) if place[0] < place[1]]
    return Tokens(offsets, tokenizer="generated")


@st.composite
def _places(draw: st.DrawFn, text: str, tokens: Tokens | None, *, flat: bool) -> list[tuple[int, int]]:
    edges = list(tokens) if tokens is not None else [(index, index + 1) for index in range(len(text))]
    if not edges:
        return []
    picks = draw(st.lists(st.tuples(*[st.integers(0, len(edges) - 1)] * 2), max_size=5))
    places = sorted((edges[min(pick)][0], edges[max(pick)][1]) for pick in picks)
    if not flat:
        return list(dict.fromkeys(places))
    kept: list[tuple[int, int]] = []
    for start, end in places:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def span_facts(annotated: AnnotatedDocument, *, kb_ids: bool = False) -> list[tuple[int, int, str, str]]:
    """Spans as nearly every format holds them: offsets and label, and on request the knowledge base id."""
    return sorted((span.start, span.end, span.label, span.kb_id * kb_ids) for span in annotated.spans)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)
_metas = st.dictionaries(st.sampled_from(["source", "title", "url", "n"]), _json, max_size=2)


@st.composite
def annotated_documents(
    draw: st.DrawFn,
    *,
    aligned: bool = True,
    flat: bool = False,
    surrogates: bool = False,
    statuses: tuple[Status, ...] = tuple(Status),
    suggestions: bool = False,
) -> AnnotatedDocument:
    """A document with tokens, sentences, metadata and spans: on the tokens or anywhere, nested or not."""
    text = draw(texts(surrogates=surrogates))
    tokens = draw(tokens_of(text))
    starts = (
        draw(st.lists(st.sampled_from([start for start, _ in tokens]), unique=True)) if len(tokens) else []
    )
    document = new_document(
        text,
        id=draw(st.none() | st.sampled_from(["a/b", "doc 7", "ü"])),
        title=draw(st.none() | st.just("A title")),
        meta=draw(_metas),
        tokens=tokens,
        sentences=tuple(sorted({0, *starts})) if starts else None,
    )
    places = draw(_places(text, tokens if aligned else None, flat=flat))
    labels = [draw(st.sampled_from(_LABELS)) for _ in places]
    annotator = draw(st.none() | st.just("ana"))
    status = draw(st.sampled_from(statuses))
    if suggestions and status is Status.TODO:
        return AnnotatedDocument(
            document, suggestions=draw(_suggestions(places, labels)), annotator=annotator
        )
    spans = in_order(
        Span(
            *place,
            label,
            note=draw(st.sampled_from(["", "sure?\n"])),
            doubt=draw(st.booleans()),
            kb_id=draw(st.sampled_from(["", "Q64"])),
        )
        for place, label in zip(places, labels, strict=True)
    )
    origins: list[dict[str, Any]] = [{"uid": f"{index:012x}", "score": 0.5} for index, _ in enumerate(spans)]
    return AnnotatedDocument(
        document,
        spans=tuple(spans),
        status=status,
        annotator=annotator,
        provenance=tuple(origins) if draw(st.booleans()) else (),
    )


@st.composite
def _suggestions(draw: st.DrawFn, places: list[tuple[int, int]], labels: list[str]) -> tuple[Suggestion, ...]:
    found = [
        Suggestion(
            *place,
            label,
            source=draw(st.sampled_from(["model", "pattern", "memory"])),
            score=draw(st.none() | st.floats(0, 1)),
            name=draw(st.sampled_from(["", "en_core_web_sm"])),
            source_label=draw(st.sampled_from(["", "GPE"])),
        )
        for place, label in zip(places, labels, strict=True)
    ]
    return tuple(sorted(found, key=lambda each: (each.start, -each.end, each.label)))


def id_of(annotated: AnnotatedDocument) -> str:
    """What makes documents of one file differ: a reader gives the later one of two with one id another."""
    return annotated.document.id
