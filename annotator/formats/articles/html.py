"""HTML as text: paragraphs a blank line apart, list items and table rows on lines, cells parted by tabs.

Scripts, styles, pictures and the like are left out and told. A `<mark data-entity="PER">`, as `into_source` writes it, is a
span. The page's title is the document's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

from annotator.errors import InputError
from annotator.formats.articles.source_map import MappedText, source_text
from annotator.formats.checking import SpanChecks
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import AnnotatedDocument, Complaints, Problem, ReadOptions, Report
from annotator.formats.sources import Source, too_large
from annotator.model.decisions import Status
from annotator.model.documents import new_document

MARK = "mark"
LABEL, KB_ID, NUMBER, NOTE = "data-entity", "data-kb-id", "data-entity-number", "data-note"
"""The element and the attributes by which spans stand in HTML; pieces of one span have one number."""

_PARAGRAPHS = frozenset(
    "p h1 h2 h3 h4 h5 h6 blockquote pre table ul ol dl figure article section header footer main aside nav form hr address".split()
)
_LINES = frozenset("div li dt dd tr br caption figcaption option body details summary legend".split())
_CELLS = frozenset({"td", "th"})
_SILENT = {
    "script": "scripts", "style": "styles", "template": "templates", "svg": "drawings", "math": "formulas", "iframe": "frames",
    "object": "objects", "canvas": "drawings", "audio": "recordings", "video": "recordings", "noscript": "texts for no scripts",
}  # fmt: skip
_PICTURES = {"img": "pictures", "input": "form fields", "embed": "objects"}
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEAD_SIZE = 4096
_MOST_ENDLESS = 200
_HEAD = re.compile(rb"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE | re.DOTALL)


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The page's text as one document; done if spans are marked in it. None, and a problem, if there is no text."""
    encoding = _encoding(source, options)
    raw = source_text(source, encoding, options)
    page = _Page(raw, source.name)
    page.feed(raw)
    page.close()
    text, meta = page.mapped.finished(source, raw, format="html", encoding=encoding)
    page.mapped.tell(source, report)
    yield from document_of(text, meta, page.marks(), source, options, report, title=page.title)


def document_of(
    text: str,
    meta: Mapping[str, object],
    marks: list[tuple[int, int, str, str, str]],
    source: Source,
    options: ReadOptions,
    report: Report,
    *,
    title: str | None = None,
) -> Iterator[AnnotatedDocument]:
    """The document of a text with marks of start, end, label, id and note; none, and a problem, without a text."""
    if not text.strip():
        report.add(Problem("", source.name, "holds no text, and is left out"))
        return
    if len(text) > options.size_limit:
        raise too_large(source.name, options.size_limit)
    complaints = Complaints(source.name, options.on_error)
    checks = SpanChecks(CleanedText(text), complaints, options)
    spans = [
        checks.span(start, end, label, name=f"{label} at {start}", kb_id=kb_id, note=note)
        for start, end, label, kb_id, note in marks
    ]
    document = new_document(text, title=title, meta=meta)
    yield AnnotatedDocument(
        document,
        spans=checks.once(span for span in spans if span is not None),
        status=Status.DONE if marks else Status.TODO,
        problems=complaints.of(document.id),
    )


def sniff(head: bytes) -> bool:
    """True if the file begins as a page does."""
    return _HEAD.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


class _Page(HTMLParser):
    """Takes the text out of a page."""

    def __init__(self, raw: str, name: str) -> None:
        super().__init__(convert_charrefs=False)
        self._endless = 0
        self.mapped = MappedText()
        self._title: list[str] = []
        self._raw = raw
        self._name = name
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", raw))]
        self._silent: list[str] = []
        self._in_title = False
        self._plain = 0
        self._open: list[tuple[int, dict[str, str]] | None] = []
        self._pieces: dict[str, tuple[int, int, str, str, str]] = {}
        self._count = 0

    @property
    def title(self) -> str | None:
        """The page's title; None if it has none."""
        return " ".join("".join(self._title).split()) or None

    def marks(self) -> list[tuple[int, int, str, str, str]]:
        """The spans that were marked: start, end, label, id and note; those of several pieces from first to last."""
        return [mark for mark in self._pieces.values() if mark[0] < mark[1]]

    def parse_starttag(self, i: int) -> int:
        return self._ending(super().parse_starttag(i))

    def parse_endtag(self, i: int) -> int:
        return self._ending(super().parse_endtag(i))

    def parse_comment(self, i: int, report: bool = True) -> int:
        return self._ending(super().parse_comment(i, report))

    def parse_html_declaration(self, i: int) -> int:
        return self._ending(super().parse_html_declaration(i))

    def parse_pi(self, i: int) -> int:
        return self._ending(super().parse_pi(i))

    def _ending(self, end: int) -> int:
        """Where markup ends. InputError for a page of markup without end, each piece of which is looked through to the end."""
        if end < 0:
            self._endless += 1
            if self._endless > _MOST_ENDLESS:
                raise InputError(
                    f"{self._name} holds more than {_MOST_ENDLESS} tags or comments that never end",
                    hint="is it HTML? --format text reads it as it is",
                )
        return end

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.append(tag)
        elif tag in _SILENT:
            self.mapped.left_out[_SILENT[tag]] += 1
            self._silent.append(tag)
        elif tag == "title" and not self._title:
            self._in_title = True
        elif tag in _PICTURES:
            self.mapped.left_out[_PICTURES[tag]] += 1
        elif tag == MARK:
            values = {name: value or "" for name, value in attrs}
            self._open.append((len(self.mapped), values) if values.get(LABEL, "").strip() else None)
        else:
            self._lay_out(tag, is_start=True)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)
            if tag == MARK:
                self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "title":
            self._in_title = False
        elif tag == MARK and self._open:
            self._end_mark(self._open.pop())
        else:
            self._lay_out(tag, is_start=False)

    def handle_data(self, data: str) -> None:
        self._take(data, self._position, None)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    @property
    def _position(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column

    def _reference(self, spelled: str) -> None:
        at = self._position
        if self._raw.startswith(";", at + len(spelled)):
            spelled += ";"
        self._take(html.unescape(spelled), at, len(spelled))

    def _take(self, text: str, source: int, length: int | None) -> None:
        """Take over text; `length` is that of the reference that it stands for, None where it is none."""
        if self._silent:
            return
        if self._in_title:
            self._title.append(text)
        elif length is not None and length != len(text):
            self.mapped.add_as(text, source, length)
        elif self._plain:
            is_first = (
                self._raw.endswith(">", 0, source)
                and text[:1] in ("\n", "\r")
                and self.mapped.is_between_lines
            )
            cut = len(text) - len(text.removeprefix("\r").removeprefix("\n")) if is_first else 0
            self.mapped.add_plain(text[cut:], source + cut)
        else:
            self.mapped.add(text, source)

    def _lay_out(self, tag: str, *, is_start: bool) -> None:
        if tag == "pre":
            self._plain += 1 if is_start else -1 if self._plain else 0
        if tag == "table" and is_start:
            self.mapped.left_out["tables, their cells parted by tabs"] += 1
        if tag in _PARAGRAPHS:
            self.mapped.end_line(2)
        elif tag in _LINES:
            self.mapped.end_line()
        elif tag in _CELLS and is_start:
            self.mapped.begin_cell(self._position)

    def _end_mark(self, opened: tuple[int, dict[str, str]] | None) -> None:
        if opened is None:
            return
        start, values = opened
        text = self.mapped.text_from(start)
        first = start + len(text) - len(text.lstrip())
        last = start + len(text.rstrip())
        self._count += 1
        number = values.get(NUMBER) or f"#{self._count}"
        before = self._pieces.get(number)
        if before is not None and before[2] == values[LABEL]:
            first = before[0]
        self._pieces[number] = (first, last, values[LABEL], values.get(KB_ID, ""), values.get(NOTE, ""))


def _encoding(source: Source, options: ReadOptions) -> str:
    """The encoding asked for; where that is the usual one, the page's own if it names one."""
    match = _CHARSET.search(source.head(_HEAD_SIZE)[:_HEAD_SIZE])
    if match is None or options.encoding.casefold() not in ("utf-8", "utf8"):
        return options.encoding
    return match[1].decode("ascii", "replace")
