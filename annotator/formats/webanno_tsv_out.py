"""Writing WebAnno TSV 3: one layer of named entities, by tokens and parts of tokens."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from annotator.formats.alignment import Fitting, tokens_for
from annotator.formats.exchange import AnnotatedDocument, Problem, Report, TokensOf, WriteOptions
from annotator.formats.folder_writer import file_each
from annotator.formats.losses import IDS, KB_IDS, OVERLAPS, SENTENCES, TOKENS
from annotator.formats.targets import utf8
from annotator.formats.utf16 import Utf16
from annotator.formats.webanno_tsv import ESCAPES, FORMAT_LINE, KB_ID, LABEL, LAYER, TEXT_ESCAPES
from annotator.formats.words import words_of
from annotator.model.documents import Document
from annotator.model.segments import sentences
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

HOLDS = frozenset({OVERLAPS, KB_IDS, IDS, TOKENS, SENTENCES})
SUFFIX = ".tsv"

_HEAD = f"{FORMAT_LINE}.3\n#T_SP={LAYER}|{KB_ID}|{LABEL}\n\n"
_VALUES = str.maketrans({char: escape for char, escape in ESCAPES.items() if len(char) == 1})
_TEXT = str.maketrans(TEXT_ESCAPES)


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A file a document, in a folder unless `target` ends in .tsv.

    Sentences are the document's own or found by rule. OutputError lists the spans that begin or end in white space,
    which belongs to no token, as the options say.
    """
    fitting = Fitting(options.on_misaligned, report)
    with file_each(target, (SUFFIX,)) as files:
        for annotated in documents:
            document = annotated.document
            if not document.text.strip():
                message = "has no words; INCEpTION cannot read a document without any"
                report.add(Problem(document.id, document.title, message))
            spans = fitting.aligned(annotated, _visible(document.text))
            spans = [span for span in spans if _has_plain_values(document, span, fitting)]
            given = tokens_for(annotated, tokens, format="webanno-tsv")
            files.put(document, {SUFFIX: utf8(_written(document, given, spans), document)})
            report.count(document, spans=len(spans))
        fitting.finish()


def _visible(text: str) -> Tokens:
    """Every character that is no white space as a token: where a span may begin and end."""
    return Tokens(
        ((index, index + 1) for index, char in enumerate(text) if not char.isspace()), tokenizer="characters"
    )


def _has_plain_values(document: Document, span: Span, fitting: Fitting) -> bool:
    if not any(char in value for value in (span.label, span.kb_id) for char in "\r\0"):
        return True
    fitting.refuse(document, span, "has a carriage return or NUL in its label or id, which has no escape")
    return False


def _written(document: Document, tokens: Tokens, spans: list[Span]) -> str:
    text, units = document.text, Utf16(document.text)
    rows = _rows(_covering(text, tokens), spans)
    numbers = _numbered(rows.values())
    starts = _sentence_starts(document, [start for start, _, is_part in rows if not is_part])
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=False))
    out = [_HEAD]
    sentence = token = part = 0
    for (start, end, is_part), covering in rows.items():
        if not is_part and start in ends:
            out.append("\n")
            said = text[start : ends[start]]
            if ends[start] < len(text):  # what a reader puts between sentences of its own accord
                said = said.rstrip(" ").removesuffix("\n") if said.rstrip(" ").endswith("\n") else said
            out += [f"#Text={line.translate(_TEXT)}\n" for line in said.split("\n")]
            sentence, token = sentence + 1, 0
        token, part = (token, part + 1) if is_part else (token + 1, 0)
        name = f"{sentence}-{token}.{part}" if is_part else f"{sentence}-{token}"
        ids = "|".join(_cell(spans[index].kb_id, numbers.get(index)) for index in covering) or "_"
        labels = "|".join(_cell(spans[index].label, numbers.get(index)) for index in covering) or "_"
        form = text[start:end].translate(_TEXT)
        out.append(f"{name}\t{units.unit(start)}-{units.unit(end)}\t{form}\t{ids}\t{labels}\t\n")
    return "".join(out)


def _cell(value: str, number: int | None) -> str:
    escaped = value.translate(_VALUES).replace("->", ESCAPES["->"]) or "*"
    return escaped if number is None else f"{escaped}[{number}]"


def _numbered(rows: Iterable[list[int]]) -> dict[int, int]:
    """A number for each span that has several rows, or shares one, so that readers tell them apart."""
    counts = Counter(index for covering in rows for index in covering)
    shared = {index for covering in rows if len(covering) > 1 for index in covering}
    numbered = [index for index in counts if counts[index] > 1 or index in shared]
    return {index: number for number, index in enumerate(numbered, start=1)}


def _sentence_starts(document: Document, tokens: list[int]) -> list[int]:
    """The first token, and the first one of each sentence."""
    given = document.sentences if document.sentences is not None else sentences(document.text).starts
    found = (bisect_left(tokens, start) for start in (0, *given))
    return sorted({tokens[index] for index in found if index < len(tokens)})


def _covering(text: str, tokens: Tokens) -> list[tuple[int, int]]:
    """Tokens for every character that is no white space, and for all before the first of them.

    A sentence begins where its first token does, so that white space at the beginning needs one as well.
    """
    words = [place for place in words_of(text, tokens).offsets if text[slice(*place)].strip()]
    first = words[0][0] if words else len(text)
    return [(0, first), *words] if first else words


def _rows(tokens: list[tuple[int, int]], spans: list[Span]) -> dict[tuple[int, int, bool], list[int]]:
    """Rows as offsets and whether they are a part of a token, each with the indices of the spans in it.

    A span takes the tokens that it covers, and parts of those at its ends. A token's parts follow it.
    """
    found: dict[tuple[int, int, bool], list[int]] = {}
    open_spans: list[int] = []
    upcoming = 0
    for start, end in tokens:
        while upcoming < len(spans) and spans[upcoming].start < end:
            open_spans.append(upcoming)
            upcoming += 1
        open_spans = [index for index in open_spans if spans[index].end > start]
        rows: dict[tuple[int, int, bool], list[int]] = {(start, end, False): []}
        for index in open_spans:
            first, last = max(start, spans[index].start), min(end, spans[index].end)
            rows.setdefault((first, last, (first, last) != (start, end)), []).append(index)
        found.update(sorted(rows.items(), key=lambda item: (item[0][2], item[0][0], -item[0][1])))
    return found
