"""UIMA CAS as XMI and as JSON, which INCEpTION and DKPro read and write: one document a file.

dkpro-cassis (extra `cas`) reads and writes, and turns UTF-16 offsets into code points. Spans are DKPro's named entities
and the annotations of layers of one's own; the label is the feature `value`, else the first that is a text, else the
type's name. Tokens and sentences are DKPro's; what else DKPro knows of tokens is counted and left out. An XMI file needs
a type system: TypeSystem.xml, or one named like the file, beside it, else DKPro's own; of other types, what has offsets is taken with
its attributes as texts.
"""

from __future__ import annotations

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from annotator.errors import InputError, OutputError
from annotator.formats.alignment import Fitting
from annotator.formats.checking import SpanChecks, tokens_in
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    Part,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
    broken,
)
from annotator.formats.extras import library
from annotator.formats.folder_writer import Files, file_each
from annotator.formats.losses import IDS, KB_IDS, OVERLAPS
from annotator.formats.naming import named_by
from annotator.formats.sources import Source, too_large
from annotator.formats.xml_values import refuse_entities
from annotator.model.documents import Document, new_document
from annotator.model.segments import sentences
from annotator.model.spans import Span

if TYPE_CHECKING:
    from cassis import Cas, TypeSystem

HOLDS = frozenset({OVERLAPS, KB_IDS, IDS})
XMI, JSON = ".xmi", ".json"

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
_ENTITY = f"{_DKPRO}ner.type.NamedEntity"
_TOKEN = f"{_DKPRO}segmentation.type.Token"
_SENTENCE = f"{_DKPRO}segmentation.type.Sentence"
_NO_SPANS = re.compile(
    r"uima\.tcas\.DocumentAnnotation|.*\.metadata\.type\..*|.*\.TagsetDescription|.*\.segmentation\.type\.(Token|Sentence)"
)
_OF_TOKENS = re.compile(r"\.(lexmorph|segmentation|syntax|transform|anomaly|semantics|coref)\.type\.")
_OF_RELATIONS = {"Governor", "Dependent", "referenceType", "referenceRelation"}
_FEATURES = ("begin", "end", "sofa", "xmiID")
_GUESSED = "guessed from the attributes of an XMI file without type system"
_LABEL_FEATURES = ("value", "label", "category", "entityType", "ner")
"""Features that hold the label of a type whose declaration is not at hand; its other attributes may mean anything."""


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The file's document, done, with its tokens and sentences.

    InputError if the file is no CAS, or names a span that is broken, which is left out and reported instead if the
    options say so. UsageError if dkpro-cassis is not installed.
    """
    cassis = library("cassis", extra="cas", format="UIMA CAS")
    cas, problems = _loaded(cassis, source)
    text = cas.sofa_string
    if not isinstance(text, str):
        raise InputError(f"{source.name} holds no text", hint="only documents of text can be annotated")
    if len(text) > options.size_limit:
        raise too_large(source.name, options.size_limit)
    complaints = Complaints(source.name, options.on_error)
    for problem in problems:
        complaints.note(problem)
    cleaned = CleanedText(text)
    checks = SpanChecks(cleaned, complaints, options)
    spans = checks.once(_spans(cas, checks, complaints))
    tokens = _int_pairs(_of_type(cas, _TOKEN), "token", len(text), complaints)
    found = _int_pairs(_of_type(cas, _SENTENCE), "sentence", len(text), complaints)
    starts = sorted(cleaned.moved(start, start)[0] for start, _ in found)
    _report_other_views(cas, complaints)
    name = named_by(source)
    document = new_document(
        cleaned.text,
        id=name.id,
        meta={"source": source.name},
        tokens=tokens_in(cleaned, tokens, SOURCE_TOKENIZER, complaints) if tokens else None,
        sentences=tuple(dict.fromkeys(starts)) or None,
    )
    yield name.work(document, spans, complaints.of(document.id))


def write_xmi(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A file a document, and their type system in TypeSystem.xml; one file where `target` ends in .xmi.

    OutputError lists the spans that are none, as the options say, or names a document with characters that XML cannot
    hold. UsageError if dkpro-cassis is not installed.
    """
    _write(XMI, documents, target, tokens, options, report)


def write_json(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A file a document, one file where `target` ends in .json. As `write_xmi` in all else."""
    _write(JSON, documents, target, tokens, options, report)


def sniff_xmi(head: bytes) -> bool:
    """True if the file begins as XMI of a CAS."""
    return b"<xmi:XMI" in head[:2000]


def sniff_json(head: bytes) -> bool:
    """True if the file begins as a CAS in JSON."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    return start.startswith(b"{") and (b'"%TYPES"' in start or b'"%FEATURE_STRUCTURES"' in start)


def _loaded(cassis: ModuleType, source: Source) -> tuple[Cas, list[str]]:
    """The CAS, and what cassis warned of while it read it."""
    with source.open() as file:
        content = file.read()
    is_xmi = sniff_xmi(content)
    types = _types(cassis, source, content) if is_xmi else None
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            if is_xmi:
                cas = cassis.load_cas_from_xmi(io.BytesIO(content), typesystem=types, lenient=True)
            else:
                cas = cassis.load_cas_from_json(content.decode(), lenient=True)
        except _errors(cassis) as error:
            raise InputError(
                f"{source.name} is no CAS that dkpro-cassis can read: {error}",
                hint="is it whole, and is its TypeSystem.xml beside it?",
            ) from error
    return cas, sorted({str(each.message) for each in caught})


def _errors(cassis: ModuleType) -> tuple[type[Exception], ...]:
    """What cassis and the parsers below it raise at content that they cannot read."""
    etree = library("lxml.etree", extra="cas", format="UIMA CAS")
    found: tuple[type[Exception], ...] = (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        SyntaxError,
        etree.LxmlError,
    )
    return (*found, RuntimeError, cassis.typesystem.TypeNotFoundError)


def _types(cassis: ModuleType, source: Source, content: bytes) -> TypeSystem:
    """The type system beside an XMI file, else DKPro's, with the types of annotations that it lacks.

    cassis would leave annotations of unknown types out in silence.
    """
    refuse_entities(source, content)
    types = _types_beside(cassis, source) or _dkpro_types(cassis)
    try:
        elements = list(ElementTree.fromstring(content))  # noqa: S314 - without entities
    except ElementTree.ParseError as error:
        raise broken(source.name, f"not XML: {error}") from error
    for element in elements:
        namespace, _, tag = element.tag.removeprefix("{http:///").partition(".ecore}")
        name, attributes = f"{namespace.replace('/', '.')}.{tag}", set(element.keys())
        if {"sofa", "begin", "end"} <= attributes and not types.contains_type(name):
            declared = types.create_type(name, description=_GUESSED)
            for attribute in sorted(attributes - {"sofa", "begin", "end"}):
                if not attribute.startswith("{") and attribute not in _FEATURES:
                    types.create_feature(declared, attribute, "uima.cas.String")
        elif types.contains_type(name) and types.get_type(name).description == _GUESSED:
            declared = types.get_type(name)
            for attribute in sorted(attributes - {feature.name for feature in declared.all_features}):
                if not attribute.startswith("{") and attribute not in _FEATURES:
                    types.create_feature(declared, attribute, "uima.cas.String")
    return types


def _types_beside(cassis: ModuleType, source: Source) -> TypeSystem | None:
    if source.path is None:
        return None
    for name in (f"{source.path.stem}-typesystem.xml", "TypeSystem.xml", "typesystem.xml"):
        if (source.path.parent / name).is_file():
            with (source.path.parent / name).open("rb") as file:
                return cassis.load_typesystem(file)
    return None


def _dkpro_types(cassis: ModuleType) -> TypeSystem:
    """DKPro's own type system, which cassis finds by a call that Python deprecates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return cassis.load_dkpro_core_typesystem()


def _of_type(cas: Cas, name: str) -> list[Any]:
    return list(cas.select(name)) if cas.typesystem.contains_type(name) else []


def _spans(cas: Cas, checks: SpanChecks, complaints: Complaints) -> Iterator[Span]:
    left_out: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    for each in cas.select_all_annotations():
        name = each.type.name
        begin, end = getattr(each, "begin", None), getattr(each, "end", None)
        if begin is None or end is None or _NO_SPANS.fullmatch(name):
            continue
        if not isinstance(begin, int) or not isinstance(end, int):
            complaints.add(f"{name.rpartition('.')[2]} has offsets that are no numbers")
            continue
        short = name.rpartition(".")[2]
        features = [feature.name for feature in each.type.all_features if feature.name not in _FEATURES]
        if _OF_TOKENS.search(name) or not _OF_RELATIONS.isdisjoint(features):
            left_out[f"annotations of {short}"] += 1
        elif begin == end:
            left_out["spans without characters"] += 1
        else:
            values = {feature: getattr(each, feature) for feature in features}
            used = _label_feature(values, is_guessed=each.type.description == _GUESSED)
            label = values[used] if used is not None else short
            for feature, value in values.items():
                if value is not None and feature not in (used, "identifier"):
                    unread[f"{short}.{feature}"] += 1
            kb_id = values.get("identifier")
            span = checks.span(begin, end, label, name=short, kb_id=kb_id if isinstance(kb_id, str) else "")
            if span is not None:
                yield span
    for what, count in left_out.items():
        complaints.note(f"{what}, left out: {count}")
    for feature, count in unread.items():
        complaints.lose(f"values of the feature {feature}, left out: {count}", loses=Part.FIELD)


def _label_feature(values: Mapping[str, object], *, is_guessed: bool) -> str | None:
    """The feature that holds the label; None if the type's name says most."""
    texts = [name for name, value in values.items() if isinstance(value, str) and value.strip()]
    if is_guessed:
        return next((name for name in _LABEL_FEATURES if name in texts), None)
    return "value" if "value" in texts else next((name for name in texts if name != "identifier"), None)


def _report_other_views(cas: Cas, complaints: Complaints) -> None:
    """Tell of texts beside the first one, with the spans that are left out with them."""
    for view in cas.views:
        if view.sofa is cas.get_sofa() or view.sofa.sofaID == cas.get_sofa().sofaID:
            continue
        other = cas.get_view(view.sofa.sofaID)
        spans = [
            each
            for each in other.select_all_annotations()
            if isinstance(getattr(each, "begin", None), int) and not _NO_SPANS.fullmatch(each.type.name)
        ]
        message = f"the view {view.sofa.sofaID!r} is another text, and is left out with its {len(spans)} annotations"
        complaints.lose(message, loses=Part.SPAN if spans else Part.FIELD)


def _int_pairs(
    annotations: Iterable[Any], what: str, length: int, complaints: Complaints
) -> list[tuple[int, int]]:
    """The offsets of tokens or sentences in order; what lies beyond the text is complained about and left out."""
    pairs = []
    for each in annotations:
        start, end = each.begin, each.end
        if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= length:
            pairs.append((start, end))
        else:
            complaints.add(f"a {what} at [{start}, {end}) is outside the text", loses=Part.FIELD)
    return sorted(pairs)


def _write(
    suffix: str,
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    cassis = library("cassis", extra="cas", format="UIMA CAS")
    types = _dkpro_types(cassis)
    fitting = Fitting(options.on_misaligned, report)
    with file_each(target, (suffix,)) as files:
        for annotated in documents:
            spans = fitting.aligned(annotated, None)
            _put(files, suffix, annotated.document, _cas(cassis, types, annotated.document, spans, tokens))
            report.count(annotated.document, spans=len(spans))
        fitting.finish()
        if suffix == XMI:
            files.add("TypeSystem.xml", types.to_xml().encode())


def _put(files: Files, suffix: str, document: Document, cas: Cas) -> None:
    try:
        content = cas.to_xmi() if suffix == XMI else cas.to_json(ensure_ascii=True)
    except ValueError as error:
        raise OutputError(
            f"{document.title} ({document.id}) holds characters that XML cannot",
            hint="write it as uima-json or jsonl",
        ) from error
    files.put(document, {suffix: content.encode()})


def _cas(
    cassis: ModuleType, types: TypeSystem, document: Document, spans: list[Span], tokens: TokensOf | None
) -> Cas:
    cas = cassis.Cas(types)
    cas.sofa_string = document.text
    cas.sofa_mime = "text/plain"
    entity, token, sentence = map(types.get_type, (_ENTITY, _TOKEN, _SENTENCE))
    given = tokens(document) if tokens is not None else document.tokens
    if given is not None:
        cas.add_all([token(begin=start, end=end) for start, end in given])
    starts = document.sentences if document.sentences is not None else sentences(document.text).starts
    ends = [*starts[1:], len(document.text)]
    cas.add_all(
        [sentence(begin=start, end=end) for start, end in zip(starts, ends, strict=False) if start < end]
    )
    cas.add_all(
        [
            entity(begin=span.start, end=span.end, value=span.label, identifier=span.kb_id or None)
            for span in spans
        ]
    )
    return cas
