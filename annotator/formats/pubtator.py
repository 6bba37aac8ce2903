"""PubTator: titles and abstracts with their annotations, as PubMed's tools and BioCreative write them.

    101|t|Aspirin for ache
    101|a|Aspirin helps.
    101<tab>0<tab>7<tab>Aspirin<tab>Chemical<tab>D001241
    101<tab>CID<tab>D001241<tab>D010146

Offsets count the title, one character for the line end, and the abstract. A document's text is the title and the abstract
on lines of their own. Relations, and columns behind the concept's id, are kept in the metadata and written back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator.errors import InputError
from annotator.formats.alignment import Fitting
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.counted_offsets import Quotation, find_offsets
from annotator.formats.exchange import (
    AnnotatedDocument,
    Complaints,
    Problem,
    ReadOptions,
    Report,
    TokensOf,
    WriteOptions,
    broken,
)
from annotator.formats.json_values import leave_out
from annotator.formats.losses import IDS, KB_IDS, META, OVERLAPS
from annotator.formats.sources import Source, lines, too_large
from annotator.formats.targets import replacing, utf8
from annotator.model.decisions import Status
from annotator.model.documents import Document, new_document
from annotator.model.spans import Span

KEPT = "_pubtator"
"""The metadata key under which relations and the columns behind a concept's id are kept."""
HOLDS = frozenset({OVERLAPS, KB_IDS, IDS, f"{META}.{KEPT}"})

_SECTION = re.compile(r"([^|\t]+)\|([a-z])\|(.*)", re.DOTALL)
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*[^\s|]+\|[ta]\|")
_COLUMNS = 6
"""Id, start, end, words, label, concept."""
_NO_CONCEPT = frozenset({"", "-", "-1", "None"})
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPED = re.compile(r"%(?:25|7C|09|0A|0D|20)")
_UNSAFE = re.compile(r"[%|\t\n\r]|^ | $")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The documents, done if any of the file has an annotation.

    InputError names the file and line that are broken, or they are left out and reported, as the options say.
    """
    is_annotated = _has_annotations(source, options)
    draft: _Draft | None = None
    for number, line in lines(source, options.encoding, size_limit=options.size_limit):
        place = f"{source.name}:{number}"
        section = _SECTION.fullmatch(line)
        if section is not None and "\t" not in section[1] and (draft is None or draft.ends_before(section)):
            if draft is not None:
                yield draft.finished(options, is_annotated=is_annotated)
            draft = _Draft(place, section[1].strip())
        if section is not None and draft is not None:
            draft.sections.append(section[3])
            draft.size += len(line)
            if draft.size > options.size_limit:
                raise too_large(f"the document at {draft.place}", options.size_limit)
        elif line.strip():
            complaint = _complaint(line, draft)
            if complaint is not None or draft is None:
                leave_out(broken(place, complaint or ""), place, "line", options, report)
            else:
                draft.rows.append((place, line.split("\t")))
    if draft is not None:
        yield draft.finished(options, is_annotated=is_annotated)
    else:
        report.add(Problem("", source.name, "holds no document, such as 101|t|A title"))


def write(
    documents: Iterable[AnnotatedDocument],
    target: Path | None,
    tokens: TokensOf | None,
    options: WriteOptions,
    report: Report,
) -> None:
    """The first line of a text as its title, the rest as its abstract on one line: line ends are written as spaces.

    OutputError lists the spans that are none, as the options say.
    """
    fitting = Fitting(options.on_misaligned, report)
    with replacing(target) as file:
        for annotated in documents:
            document = annotated.document
            spans = [span for span in fitting.aligned(annotated, None) if _is_plain(document, span, fitting)]
            file.write(utf8("".join(_lines(document, spans, report)), document))
            report.count(document, spans=len(spans))
        fitting.finish()


def sniff(head: bytes) -> bool:
    """True if the first line is a title or an abstract behind an id."""
    return _HEAD.match(head) is not None


@dataclass(slots=True)
class _Draft:
    """A document being read: its sections, and the rows of its annotations and relations with their places."""

    place: str
    id: str
    sections: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    size: int = 0

    def ends_before(self, section: re.Match[str]) -> bool:
        """True if a section is another document's, or a second title."""
        return section[1].strip() != self.id or bool(self.rows) or section[2] == "t"

    def finished(self, options: ReadOptions, *, is_annotated: bool) -> AnnotatedDocument:
        raw = "\n".join(self.sections if self.sections[-1] else self.sections[:-1] or [""])
        text = CleanedText(raw)
        mentions = [(place, row) for place, row in self.rows if _is_mention(row)]
        quotations = [Quotation(((int(row[1]), int(row[2])),), row[3]) for _, row in mentions]
        offsets = find_offsets(raw, quotations)
        last = Complaints(self.place, options.on_error)
        if not offsets.is_usual:
            last.note(f"its offsets count {offsets.told}, as the quoted words show")
        problems: list[Problem] = []
        spans: list[Span] = []
        extras: list[dict[str, Any]] = []
        for place, row in mentions:
            complaints = Complaints(place, options.on_error)
            concept = row[5].strip() if len(row) >= _COLUMNS else ""
            span = SpanChecks(text, complaints, options).span(
                offsets.raw(int(row[1])),
                offsets.raw(int(row[2])),
                row[4].strip() if len(row) > 4 else None,
                name="the annotation",
                quoted=row[3],
                kb_id="" if concept in _NO_CONCEPT else concept,
            )
            if span is not None:
                spans.append(span)
                if rest := row[_COLUMNS:]:
                    extras.append(
                        {"start": span.start, "end": span.end, "label": span.label, "columns": rest}
                    )
            problems += complaints.problems
        relations = [row[1:] for _, row in self.rows if not _is_mention(row)]
        kept: dict[str, Any] = {"relations": relations} if relations else {}
        if relations:
            last.note(f"relations are kept as metadata, not shown: {len(relations)}")
        if extras:
            kept["columns"] = extras
        document = new_document(
            text.text, id=_ESCAPED.sub(_unescaped, self.id), meta={KEPT: kept} if kept else {}
        )
        once = SpanChecks(text, last, options).once(spans)
        return AnnotatedDocument(
            document,
            spans=once,
            status=Status.DONE if is_annotated else Status.TODO,
            problems=tuple(replace(each, document=document.id) for each in (*problems, *last.problems)),
        )


def _has_annotations(source: Source, options: ReadOptions) -> bool:
    """True if a line of the file is an annotation."""
    try:
        return any(
            _is_mention(line.split("\t"))
            for _, line in lines(source, options.encoding, size_limit=options.size_limit)
            if "\t" in line
        )
    except InputError:  # which reading tells, behind the documents before it
        return False


def _is_mention(row: list[str]) -> bool:
    return len(row) > 4 and all(cell.isascii() and cell.isdecimal() and len(cell) < 12 for cell in row[1:3])


def _complaint(line: str, draft: _Draft | None) -> str | None:
    """What is wrong with a line that is no section; None if it is an annotation or relation of the document."""
    row = line.split("\t")
    if len(row) < 4:
        return "is no line of PubTator's, such as 101|t|A title, or id, start, end, words, label and concept"
    if draft is None or row[0].strip() != draft.id:
        return f"is about the document {row[0]!r}, whose title does not stand before it"
    if row[1].strip().lstrip("-").isdecimal() and not _is_mention(row):
        return "has offsets without end, words or label"
    return None


def _is_plain(document: Document, span: Span, fitting: Fitting) -> bool:
    """True if label and concept can stand in a column."""
    if not _UNSAFE.search(span.label) and "\t" not in span.kb_id and not _LINE_END.search(span.kb_id):
        return True
    fitting.refuse(
        document, span, "has a label or an id with a tab, a line end or the like, which parts columns"
    )
    return False


def _lines(document: Document, spans: list[Span], report: Report) -> Iterator[str]:
    id = _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", document.id)
    title, line_feed, abstract = document.text.partition("\n")
    ends = len(_LINE_END.findall(title)) + len(_LINE_END.findall(abstract))
    if ends or (line_feed and not abstract):
        message = f"line ends behind the first one, which are written as spaces or left out: {max(ends, 1)}"
        report.add(Problem(document.id, document.title, message))
    kept = document.meta.get(KEPT)
    kept = kept if isinstance(kept, dict) else {}
    extras = [item for item in kept.get("columns") or () if isinstance(item, dict)]
    yield f"{id}|t|{_on_one_line(title)}\n{id}|a|{_on_one_line(abstract)}\n"
    for span in spans:
        words = _on_one_line(document.text[span.start : span.end])
        row = [id, str(span.start), str(span.end), words.replace("\t", " "), span.label, span.kb_id]
        for item in extras:
            if (item.get("start"), item.get("end"), item.get("label")) == (span.start, span.end, span.label):
                row += [str(cell) for cell in item.get("columns") or ()]
                break
        yield "\t".join(row).rstrip("\t") + "\n"
    for relation in kept.get("relations") or ():
        yield "\t".join([id, *map(str, relation)]) + "\n"
    yield "\n"


def _on_one_line(text: str) -> str:
    """The text with a space for each character of a line end, so that offsets stay."""
    return _LINE_END.sub(lambda match: " " * len(match[0]), text)


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[0][1:], 16))
