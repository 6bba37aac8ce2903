"""brat standoff: NAME.txt is a document, NAME.ann (or .a1 and .a2) its annotations; offsets count code points.

A span in fragments, `0 5;16 23`, is discontinuous. Fragments that only line ends part are one span, since brat cannot
write it otherwise; of others, the span from the first to the last is taken, and reported as wider than what was
annotated. `#` lines on a span are its note, `N` lines its knowledge base id. Events, relations, attributes and whatever
else there is are kept as the lines they are, in the document's metadata, and written back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from annotator.errors import InputError, OutputError
from annotator.formats.alignment import Fitting
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.counted_offsets import Offsets, Quotation, find_offsets, same_words
from annotator.formats.exchange import (
    AnnotatedDocument,
    Complaints,
    Problem,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
)
from annotator.formats.folder_writer import Files, file_each
from annotator.formats.label_names import EscapedLabels, escaped_label
from annotator.formats.losses import IDS, KB_IDS, META, NOTES, OVERLAPS
from annotator.formats.naming import named_by
from annotator.formats.sources import Source, decoded, file_source, lines, too_large
from annotator.formats.targets import utf8
from annotator.model.documents import Document, new_document
from annotator.model.spans import Span
from annotator.model.tokens import Tokens

KEPT_LINES = "_brat"
"""The metadata key under which the lines that are no spans of ours are kept."""
HOLDS = frozenset({OVERLAPS, NOTES, KB_IDS, IDS, f"{META}.{KEPT_LINES}"})

_ANNOTATIONS = (".ann", ".a1", ".a2")
_SPAN = re.compile(r"(T\d+)\t(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)(?:\t(.*))?", re.DOTALL)
_NOTE = re.compile(r"(#\d+)\t(\S+) (T\d+)\t(.*)")
_LINK = re.compile(r"(N\d+)\t(\S+) (T\d+) (\S+)(?:\t(.*))?")
_OTHER = re.compile(r"(?:[REAMN#]\d+|\*)\t.+")
_LINE_END = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONFIGURATION = """\
[entities]
{}

[relations]
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
"""
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:T\d+\t\S+ \d+ \d+|[REAM#]\d+\t\S+ \S*[TE]\d+)")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The document that an .ann or a .txt file belongs to; done if it has annotations beside its text.

    InputError if there is no text beside the annotations, or names the file and line that is broken, which is left out
    and reported instead if the options say so.
    """
    if source.path is None:
        raise InputError(
            "brat's annotations and their text are two files, which a pipe cannot bring",
            hint="give the folder, or the .ann file beside its .txt",
        )
    text_path = source.path.with_suffix(".txt")
    beside = [path for suffix in _ANNOTATIONS if (path := source.path.with_suffix(suffix)).is_file()]
    name = Path(source.name).with_suffix("")
    text_source = file_source(text_path, name=f"{name}.txt")
    text = "".join(decoded(text_source, options.encoding))
    if len(text) > options.size_limit:
        raise too_large(text_source.name, options.size_limit)
    reading = _Reading(CleanedText(text), options)
    numbered = [
        (f"{name}{path.suffix}:{number}", line.removeprefix("\ufeff"))
        for path in beside
        for number, line in lines(
            Source(f"{name}{path.suffix}", path=path), options.encoding, size_limit=options.size_limit
        )
    ]
    reading.find_offsets([line for _, line in numbered], f"{name}{beside[0].suffix}" if beside else "")
    for place, line in numbered:
        reading.take(line, Complaints(place, options.on_error))
    yield reading.finished(source, is_annotated=bool(beside))


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """A folder with a .txt and an .ann file for each document, and an annotation.conf that names the labels.

    A span over several lines is written in fragments, a line each. OutputError lists the spans that brat cannot hold
    (a line end at the edge), as the options say.
    """
    if target is None or target.suffix in (".txt", *_ANNOTATIONS):
        raise OutputError("brat is a folder of two files a document", hint="name a folder, such as out/")
    fitting = Fitting(options.on_misaligned, report)
    labels: set[str] = set()
    escapes = EscapedLabels()
    with file_each(target, ()) as files:
        for annotated in documents:
            labels |= _put(files, annotated, escapes, fitting, report)
        fitting.finish()
        files.add("annotation.conf", _CONFIGURATION.format("\n".join(sorted(labels))).encode())


def sniff(head: bytes) -> bool:
    """True if the first line is a span, relation, event, attribute or note."""
    return _HEAD.match(head) is not None


@dataclass(slots=True)
class _Reading:
    """What has been read of one document so far; `spans` and their remarks by brat's ids."""

    text: CleanedText
    options: ReadOptions
    spans: dict[str, Span] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    offsets: Offsets = field(init=False)

    def __post_init__(self) -> None:
        self.offsets = Offsets(self.text.as_it_came)

    def find_offsets(self, lines: Iterable[str], place: str) -> None:
        """Settle what the offsets count, by all words that the lines quote; a note says so where it is unusual."""
        matches = [match for line in lines if (match := _SPAN.fullmatch(line)) and match[4] is not None]
        quotations = [Quotation(_pieces(match[3]), match[4]) for match in matches]
        self.offsets = find_offsets(self.text.as_it_came, quotations)
        if not self.offsets.is_usual:
            message = f"its offsets count {self.offsets.told}, as the quoted words show"
            self.problems.append(Problem("", place, message))

    def take(self, line: str, complaints: Complaints) -> None:
        """Read one more line."""
        if match := _SPAN.fullmatch(line):
            self._span(match, complaints)
        elif (match := _NOTE.fullmatch(line)) and match[3] not in self.notes and match[2] == "AnnotatorNotes":
            self.notes[match[3]] = match[4]
        elif (match := _LINK.fullmatch(line)) and match[3] not in self.links:
            self.links[match[3]] = match[4]
        elif _OTHER.fullmatch(line):
            self.kept.append(line)
        elif line.strip():
            complaints.add("is no line of brat's, such as T1, a label and offsets, and words")
        self.problems += complaints.problems

    def _span(self, match: re.Match[str], complaints: Complaints) -> None:
        name, label, places, quoted = match.groups()
        pieces = _pieces(places)
        checks = SpanChecks(self.text, complaints, self.options)
        words = self.offsets.words(pieces)
        if words is None or any(first >= last for first, last in pieces):
            checks.span(pieces[0][0], pieces[-1][1], label, name=name)
            if not complaints.problems:
                complaints.add(f"{name}: {places} is outside the text or within a character")
            return
        if quoted is not None and not same_words(words, quoted):
            complaints.add(f"{name}: {places} holds {words!r}, not {quoted!r} as the file says")
            return
        raw = [(self.offsets.raw(first) or 0, self.offsets.raw(last) or 0) for first, last in pieces]
        start, end = raw[0][0], max(last for _, last in raw)
        between = [self.text.raw(last, first) for (_, last), (first, _) in pairwise(raw)]
        if any(gap.strip() for gap in between):
            complaints.note(
                f"{name}: {label} in {len(pieces)} fragments, taken as one span with what lies between them"
            )
        span = checks.span(start, end, label, name=name)
        if span is None:
            return
        if name in self.spans:
            complaints.note(f"{name} stands twice; both spans are taken, and remarks on it go to the first")
            name = f"{name}@{complaints.place}"
        self.spans[name] = span

    def finished(self, source: Source, *, is_annotated: bool) -> AnnotatedDocument:
        """The document with its spans; whatever hangs on a span that was left out is kept all the same."""
        name = named_by(source)
        meta: dict[str, Any] = {"source": source.name}
        if self.kept:
            meta[KEPT_LINES] = {"lines": self.kept, "spans": self._places()}
        complaints = Complaints(source.name, self.options.on_error)
        remarked = (
            Span(span.start, span.end, span.label, self.notes.get(key, ""), kb_id=self.links.get(key, ""))
            for key, span in self.spans.items()
        )
        spans = SpanChecks(self.text, complaints, self.options).once(remarked)
        if self.kept:
            kinds = ", ".join(sorted({line[0] for line in self.kept}))
            complaints.note(f"lines of kinds {kinds} that are kept as they are, not shown: {len(self.kept)}")
        document = new_document(self.text.text, id=name.id, meta=meta)
        problems = (*self.problems, *complaints.problems)
        return name.work(
            document,
            spans,
            tuple(replace(each, document=document.id) for each in problems),
            is_annotated=is_annotated,
        )

    def _places(self) -> dict[str, list[object]]:
        """Where the spans are that kept lines speak of, by brat's ids, so that they find them again."""
        named = set(re.findall(r"\bT\d+\b", "\n".join(self.kept)))
        return {
            name: [span.start, span.end, span.label] for name, span in self.spans.items() if name in named
        }


def _pieces(places: str) -> tuple[tuple[int, int], ...]:
    """The fragments of a span, such as "0 5;16 23", in order."""
    return tuple(
        sorted((int(start), int(end)) for start, end in (place.split() for place in places.split(";")))
    )


def _put(
    files: Files, annotated: AnnotatedDocument, escapes: EscapedLabels, fitting: Fitting, report: Report
) -> set[str]:
    """Write one document; the labels that it has."""
    document = annotated.document
    spans = []
    for span in fitting.aligned(annotated, _within_lines(annotated)):
        if (label := escapes.spelling(span.label, document, report)) is not None:
            spans.append(span if label == span.label else replace(span, label=label))
        else:
            fitting.refuse(
                document, span, f"has a label that is written as another one, {escaped_label(span.label)}"
            )
    annotations = "".join(f"{line}\n" for line in _lines(document, spans, report))
    files.put(document, {".txt": utf8(document.text, document), ".ann": utf8(annotations, document)})
    report.count(document, spans=len(spans))
    return {span.label for span in spans}


def _within_lines(annotated: AnnotatedDocument) -> Tokens | None:
    """Where spans may begin and end: anywhere but at a line feed, which no fragment can hold."""
    text = annotated.document.text
    if not any(
        "\n" in text[span.start : span.start + 1] + text[span.end - 1 : span.end] for span in annotated.spans
    ):
        return None
    places = ((index, index + 1) for index, char in enumerate(text) if char != "\n")
    return Tokens(places, tokenizer="characters")


def _lines(document: Document, spans: list[Span], report: Report) -> Iterator[str]:
    kept, places = _kept(document)
    names = _names(spans, places)
    taken = {line.partition("\t")[0] for line in kept}
    numbers = (
        number for number in range(1, 10**9) if f"#{number}" not in taken and f"N{number}" not in taken
    )
    for span, name in zip(spans, names, strict=True):
        yield f"{name}\t{span.label} {_fragments(document.text, span)}"
        if span.note:
            yield f"#{next(numbers)}\tAnnotatorNotes {name}\t{_on_one_line(span.note)}"
        if span.kb_id:
            words = _on_one_line(document.text[span.start : span.end])
            yield f"N{next(numbers)}\tReference {name} {'_'.join(span.kb_id.split())}\t{words}"
    gone = places.keys() - set(names)
    lost = [line for line in kept if gone & set(re.findall(r"\bT\d+\b", line))]
    if lost:
        message = f"lines about spans that are gone, not written: {len(lost)}"
        report.add(Problem(document.id, document.title, message))
    yield from (line for line in kept if line not in lost)


def _fragments(text: str, span: Span) -> str:
    """Offsets and words of a span: a line is the most that a fragment can hold."""
    found = [
        (span.start + match.start(), span.start + match.end())
        for match in re.finditer("[^\n]+", text[span.start : span.end])
    ]
    places = ";".join(f"{start} {end}" for start, end in found)
    return f"{places}\t{_on_one_line(' '.join(text[start:end] for start, end in found))}"


def _on_one_line(words: str) -> str:
    return _LINE_END.sub(" ", words)


def _kept(document: Document) -> tuple[list[str], dict[str, tuple[object, ...]]]:
    """The lines that the document came with, and the spans that they speak of by their old names."""
    kept = document.meta.get(KEPT_LINES)
    if not isinstance(kept, dict):
        return [], {}
    kept_lines, places = kept.get("lines"), kept.get("spans")
    return (
        [line for line in kept_lines if isinstance(line, str)] if isinstance(kept_lines, list) else [],
        {name: tuple(place) for name, place in places.items() if isinstance(place, list)}
        if isinstance(places, dict)
        else {},
    )


def _names(spans: list[Span], places: dict[str, tuple[object, ...]]) -> list[str]:
    """A name for each span: the old one where kept lines speak of it, else the next that is free."""
    old = {place: name for name, place in places.items()}
    free = (f"T{number}" for number in range(1, 10**9) if f"T{number}" not in places)
    return [old.get((span.start, span.end, span.label)) or next(free) for span in spans]
