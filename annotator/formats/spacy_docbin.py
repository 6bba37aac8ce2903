"""spaCy's DocBin (.spacy): what `spacy train` reads.

Flat spans are the documents' `ents`, overlapping ones their `spans["sc"]`; one export has one of the two, since
a file that mixed them would train wrongly. `user_data["id"]` is the document's id and `user_data["annotator"]`
JSON of what spaCy has no place for: title, metadata, sentences as offsets, status, annotator, and of spans note,
doubt and provenance.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.errors import InputError, OutputError
from annotator.formats.alignment import Fitting, in_order, tokens_for
from annotator.formats.cleaning import CleanedText
from annotator.formats.docbin_spool import DocBinSpool
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
)
from annotator.formats.losses import (
    ANNOTATORS,
    DOUBTS,
    IDS,
    KB_IDS,
    META,
    NOTES,
    OVERLAPS,
    PROVENANCE,
    SENTENCES,
    STATUSES,
    TITLES,
    TOKENS,
)
from annotator.formats.sources import Source
from annotator.formats.targets import replacing
from annotator.formats.words import Words, words_of
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan
    from spacy.vocab import Vocab

HOLDS = frozenset(
    {
        OVERLAPS,
        NOTES,
        DOUBTS,
        KB_IDS,
        IDS,
        TITLES,
        META,
        STATUSES,
        ANNOTATORS,
        PROVENANCE,
        TOKENS,
        SENTENCES,
    }
)

SPANS_KEY = "sc"
"""The group of overlapping spans, which spaCy's own span categorizer uses."""

_PIECE = 1 << 22
_UNPACKED_TIMES = 100
_UNPACKED_AT_LEAST = 256 << 20
"""A DocBin is refused if it unpacks to more bytes than this, and to more than so many times its size."""
_ID = "id"
_REST = "annotator"
_ENTS = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID")
_ATTRIBUTES = ("ORTH", "SPACY", *_ENTS, "SENT_START")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents of a DocBin with their tokens: spans from `spans["sc"]` if it has any, else `ents`, else
    the first group that has.

    A document is done if it was annotated at all. InputError if the file is no DocBin. Other groups of spans are
    reported. The whole file is in memory while it is read, as spaCy keeps it.
    """
    for index, doc in enumerate(_docs(source), start=1):
        try:
            annotated = _annotated(doc, f"{source.name}: document {index}", options)
        except KeyError as error:  # spaCy looks a label's or link's name up only when asked for it
            raise _not_docbin(source.name, error) from error
        yield annotated


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """One DocBin whose documents spell the texts exactly.

    Spans go to `ents` or to `spans["sc"]` as `options.nested` says; where it says nothing, to `ents` unless any two
    of the whole export overlap. Documents are not kept in memory. OutputError lists the spans that tokens, or `ents`,
    cannot hold.
    """
    from spacy.vocab import Vocab

    fitting = Fitting(options.on_misaligned, report)
    vocab = Vocab()
    overlaps = bool(options.nested)
    with replacing(target) as file, DocBinSpool(_ATTRIBUTES) as spool:
        for annotated in documents:
            given = tokens_for(annotated, tokens, format="spacy")
            spans = fitting.aligned(annotated, given)
            if options.nested is False:
                spans = fitting.flat(annotated.document, spans)
            overlaps = overlaps or _is_nested(spans)
            words = words_of(annotated.document.text, given)
            doc = _doc(
                annotated,
                given,
                words,
                spans,
                options,
                vocab,
                as_ents=not overlaps,
                as_group=options.nested is not False,
            )
            spool.add(doc, _strings(annotated.document.text, words, spans))
            report.count(annotated.document, spans=len(spans))
        fitting.finish()
        spool.write(file, without_groups=not overlaps, without=_ENTS if overlaps else ())


def sniff(head: bytes) -> bool:
    """True if the bytes are compressed as a DocBin is and begin with its version."""
    try:
        return b"version" in zlib.decompressobj().decompress(head, 64)
    except zlib.error:
        return False


def _docs(source: Source) -> Iterator[Doc]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    with source.open() as file:
        content = file.read()
    _refuse_bomb(source.name, content)
    try:
        docs = DocBin(store_user_data=True).from_bytes(content)
        yield from docs.get_docs(Vocab())
    except (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        OverflowError,
        MemoryError,
        zlib.error,
        struct.error,
    ) as error:  # msgpack's and numpy's words for it
        raise _not_docbin(source.name, error) from error


def _not_docbin(name: str, error: Exception) -> InputError:
    return InputError(
        f"{name} is not a DocBin that spaCy can read: {error}",
        hint="such files end in .spacy and come from spaCy 3",
    )


def _refuse_bomb(name: str, content: bytes) -> None:
    """InputError if the content unpacks to far more than documents do; it is unpacked in pieces that are not kept."""
    limit = max(_UNPACKED_AT_LEAST, _UNPACKED_TIMES * len(content))
    unpacker = zlib.decompressobj()
    size = 0
    rest = content
    try:
        while rest and not unpacker.eof:
            size += len(unpacker.decompress(rest, _PIECE))
            rest = unpacker.unconsumed_tail
            if size > limit:
                raise InputError(
                    f"{name} unpacks to more than {limit >> 20:,} MiB from {len(content) >> 20:,} MiB",
                    hint="no DocBin of documents does; get the file anew from where it was made",
                )
    except zlib.error as error:
        raise _not_docbin(name, error) from error


def _is_nested(spans: Iterable[Span]) -> bool:
    end = 0
    for span in in_order(spans):
        if span.start < end:
            return True
        end = max(end, span.end)
    return False


def _doc(
    annotated: AnnotatedDocument,
    tokens: Tokens,
    words: Words,
    spans: list[Span],
    options: WriteOptions,
    vocab: Vocab,
    *,
    as_ents: bool,
    as_group: bool,
) -> Doc:
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan

    document = annotated.document
    starts = None if document.sentences is None else set(document.sentences)
    try:
        doc = Doc(
            vocab,
            words=[document.text[start:end] for start, end in words.offsets],
            spaces=words.spaces,
            sent_starts=None if starts is None else [start in starts for start, _ in words.offsets],
        )
        held = []
        for span in spans:
            first, last = words.covering(span.start, span.end, tokens) or (0, 0)
            held.append(SpacySpan(doc, first, last + 1, label=span.label, kb_id=span.kb_id))
    except UnicodeEncodeError as error:
        raise OutputError(
            f"{document.title} ({document.id}) holds a lone surrogate, which spaCy cannot",
            hint="write it as jsonl, which escapes it",
        ) from error
    if as_group:
        doc.spans[SPANS_KEY] = held
    if as_ents:
        doc.set_ents(held, default="outside")
    doc.user_data[_ID] = document.id
    doc.user_data[_REST] = json.dumps(_rest(annotated, spans, options))
    return doc


def _strings(text: str, words: Words, spans: list[Span]) -> set[str]:
    """What a reader must know to turn hashes back into words."""
    found = {text[start:end] for start, end in words.offsets}
    return found.union(*((span.label, span.kb_id) for span in spans))


def _rest(annotated: AnnotatedDocument, spans: list[Span], options: WriteOptions) -> dict[str, Any]:
    document = annotated.document
    rest: dict[str, Any] = {"title": document.title, "status": annotated.status.value}
    if document.sentences is not None:
        rest["sentences"] = list(document.sentences)
    if document.meta:
        rest["meta"] = dict(document.meta)
    if annotated.annotator is not None:
        rest["annotator"] = annotated.annotator
    if remarks := [
        {**_place(span), "note": span.note, "doubt": span.doubt} for span in spans if span.note or span.doubt
    ]:
        rest["remarks"] = remarks
    if options.provenance and annotated.provenance:
        origins = zip(annotated.spans, annotated.provenance, strict=True)
        rest["provenance"] = [{**_place(span), "origin": dict(origin)} for span, origin in origins]
    return rest


def _place(span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "label": span.label}


def _annotated(doc: Doc, place: str, options: ReadOptions) -> AnnotatedDocument:
    complaints = Complaints(place, options.on_error)
    rest = _rest_of(doc, complaints)
    cleaned = CleanedText(doc.text)
    offsets = [cleaned.moved(token.idx, token.idx + len(token)) for token in doc if not token.text.isspace()]
    identifier, meta = doc.user_data.get(_ID), rest.get("meta")
    document = new_document(
        cleaned.text,
        id=identifier if isinstance(identifier, str) else None,
        title=_text(rest.get("title")),
        meta=meta if isinstance(meta, dict) else None,
        tokens=Tokens((place for place in offsets if place[0] < place[1]), tokenizer=SOURCE_TOKENIZER),
        sentences=_sentences(doc, rest, cleaned),
    )
    spans = tuple(_spans(doc, cleaned, _by_place(rest.get("remarks")), complaints, options))
    origins = _by_place(rest.get("provenance"))
    found = [origins.get((span.start, span.end, span.label), {}).get("origin", {}) for span in spans]
    return AnnotatedDocument(
        document,
        spans=spans,
        status=_status(doc, rest.get("status")),
        annotator=_text(rest.get("annotator")),
        provenance=tuple(found) if any(found) else (),
        problems=complaints.of(document.id),
    )


def _spans(
    doc: Doc,
    cleaned: CleanedText,
    remarks: dict[tuple[int, int, str], dict[str, Any]],
    complaints: Complaints,
    options: ReadOptions,
) -> Iterator[Span]:
    seen: set[Span] = set()
    found = []
    for item in _taken(doc, complaints, options):
        label = item.label_
        start, end = cleaned.moved(item.start_char, item.end_char)
        if not label or start >= end:
            complaints.add(f"a span at [{start}, {end}) has no label or no characters")
            continue
        if options.labels is not None and label not in options.labels:
            complaints.add(f"unknown label {label}")
            continue
        remark = remarks.get((start, end, label), {})
        note = _text(remark.get("note")) or ""
        span = Span(start, end, label, note, remark.get("doubt") is True, item.kb_id_)
        if span in seen:
            complaints.note(f"{label} [{start}, {end}) is there twice")
            continue
        seen.add(span)
        found.append(span)
    yield from in_order(found)


def _taken(doc: Doc, complaints: Complaints, options: ReadOptions) -> list[SpacySpan]:
    """The spans to read: of the group SPANS_KEY, else the entities, else of the only group that has any.

    What other groups hold beside these is left out and reported, but for those that `options.span_keys` names.
    """
    groups = {f"spans[{name!r}]": list(doc.spans[name]) for name in doc.spans}
    groups["ents"] = list(doc.ents)
    filled = {name: spans for name, spans in groups.items() if spans}
    wanted = [f"spans[{name!r}]" for name in options.span_keys]
    chosen = [name for name in wanted if name in filled]
    if not chosen:
        chosen = [name for name in (f"spans[{SPANS_KEY!r}]", "ents", *filled) if name in filled][:1]
        if chosen and chosen[0] not in (f"spans[{SPANS_KEY!r}]", "ents"):
            complaints.note(f"the spans are those of {chosen[0]}; {SPANS_KEY!r} and ents hold none")
    taken = [span for name in chosen for span in filled[name]]
    places = {(span.start, span.end, span.label_) for span in taken}
    for name, spans in filled.items():
        others = sum((span.start, span.end, span.label_) not in places for span in spans)
        if others and name not in chosen:
            message = f"{others} spans of {name} are left out; {' and '.join(chosen)} is read"
            if options.span_keys:
                complaints.note(message)
            else:
                complaints.lose(f"{message} (--span-key names the groups to read)")
    return taken


def _sentences(doc: Doc, rest: dict[str, Any], cleaned: CleanedText) -> tuple[int, ...] | None:
    """Where the sentences start: as our own export says, else as the tokens do; None where nothing does."""
    if rest:
        starts = rest.get("sentences")
        if not isinstance(starts, list) or not all(type(start) is int for start in starts):
            return None
    elif len(doc) > 1 and doc.has_annotation("SENT_START"):  # spaCy says so of any single token
        starts = [token.idx for token in doc if token.is_sent_start]
    else:
        return None
    return tuple(cleaned.moved(start, start)[0] for start in starts)


def _status(doc: Doc, status: object) -> Status:
    if isinstance(status, str) and status in set(Status):
        return Status(status)
    return Status.DONE if doc.has_annotation("ENT_IOB") or len(doc.spans) else Status.TODO


def _rest_of(doc: Doc, complaints: Complaints) -> dict[str, Any]:
    """What our own export put beside the annotations; empty where another program wrote the file."""
    value = doc.user_data.get(_REST)
    if not isinstance(value, str):
        return {}
    try:
        rest = json.loads(value)
    except ValueError:
        rest = None
    if isinstance(rest, dict):
        return rest
    complaints.add(f'user_data["{_REST}"] is not a JSON object')
    return {}


def _by_place(value: object) -> dict[tuple[int, int, str], dict[str, Any]]:
    items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
    return {
        (item["start"], item["end"], item["label"]): item
        for item in items
        if type(item.get("start")) is type(item.get("end")) is int and isinstance(item.get("label"), str)
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
