"""Markdown as text: the marks of headings, lists, quotations, emphasis, links and code are taken away, their words stay.

Paragraphs stand a blank line apart, list items and table rows on lines, cells parted by tabs; a paragraph's own line ends
are spaces. Fenced code stays as it is. Left out and told are pictures, addresses of links and what stands before the text.
Tags of HTML are taken away; `<mark data-entity="PER">`, as `into_source` writes it, is a span. `--format text` reads the file raw.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from annotator.formats.articles.html import KB_ID, LABEL, MARK, NOTE, NUMBER, document_of
from annotator.formats.articles.source_map import MappedText, source_text
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.formats.sources import Source

_FRONT = re.compile(r"---[ \t]*\r?\n.*?\n---[ \t]*(?:\r?\n|$)", re.DOTALL)
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})[^`]*$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}(?:[ \t]+|$)")
_HEADING_END = re.compile(r"[ \t]+#+[ \t]*$")
_RULE = re.compile(r"[ ]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+[ \t]*|-+[ \t]*)$")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_ADDRESS = re.compile(r"[ ]{0,3}\[[^\]\n]+\]:[ \t]*\S+.*$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$")
_HARD_END = re.compile(r"(?: {2,}|\\)$")
_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>(?P<ticks>`{1,8})(?!`)(?P<in_code>(?:[^`]|(?<!`)`(?!`)){1,500}?)(?P=ticks)(?!`))"
    r"|(?P<picture>!\[[^\]]{0,500}\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,500}\])?)"
    r"|\[(?P<link>[^\[\]]{1,500})\](?:\([^)\n]{0,2000}\)|\[[^\]\n]{0,500}\])"
    r"|<(?P<url>https?://[^\s<>]{1,2000})>"
    r"|(?P<comment><!--.{0,1000}?-->)"
    r"|(?P<tag></?[A-Za-z][\w-]*(?:\s[^<>]{0,1000})?/?>)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|\w{1,31});)"
    r"|(?P<stars>\*{1,3})(?=\S)(?P<in_stars>[^*]{1,500})(?<=\S)(?P=stars)"
    r"|(?<![\w_])(?P<lines>_{1,3})(?=[^\s_])(?P<in_lines>(?:[^_]|(?<=\w)_(?=\w)){1,500})(?<=\S)(?P=lines)(?![\w_])"
    r"|~~(?=\S)(?P<struck>[^~]{1,500})(?<=\S)~~",
    re.DOTALL,
)
"""Marks within a line. What they enclose is bounded, so that a line of openings takes no longer than it is."""
_DEEPEST = 20


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The file's text as one document; done if spans are marked in it. None, and a problem, if there is no text."""
    raw = source_text(source, options.encoding, options)
    page = _Page()
    page.take(raw)
    text, meta = page.mapped.finished(source, raw, format="markdown", encoding=options.encoding)
    page.mapped.tell(source, report)
    yield from document_of(text, meta, page.marks, source, options, report)


def sniff(head: bytes) -> bool:
    """False: any text may be Markdown, so that the file's name says so."""
    return False


class _Page:
    """Takes the text out of a file, line by line."""

    def __init__(self) -> None:
        self.mapped = MappedText()
        self._fence = ""
        self._paragraph = ""
        self._paragraph_start = 0
        self._open: list[tuple[int, dict[str, str]]] = []
        self._pieces: dict[str, tuple[int, int, str, str, str]] = {}

    @property
    def marks(self) -> list[tuple[int, int, str, str, str]]:
        """The spans that were marked: start, end, label, id and note."""
        return [mark for mark in self._pieces.values() if mark[0] < mark[1]]

    def take(self, raw: str) -> None:
        """Take over the text of a file."""
        at = 0
        if front := _FRONT.match(raw):
            self.mapped.left_out["what stands before the text"] += 1
            at = front.end()
        lines = raw[at:].split("\n")
        for index, line in enumerate(lines):
            following = lines[index + 1] if index + 1 < len(lines) else ""
            self._line(line.removesuffix("\r"), at, following)
            at += len(line) + 1
        self._end_paragraph()

    def _line(self, line: str, at: int, following: str) -> None:
        if not self._is_text(line):
            self._end_paragraph()
        mapped = self.mapped
        fence = _FENCE.match(line)
        if self._fence:
            if fence is not None and fence[1].startswith(self._fence) and line.strip() == fence[1]:
                self._fence = ""
                mapped.end_line(2)
            else:
                mapped.end_line()
                mapped.add_plain(line, at)
            return
        if fence is not None:
            self._fence = fence[1]
            mapped.end_line(2)
            return
        start = 0
        while quote := _QUOTE.match(line, start):
            start = quote.end()
        if not line[start:].strip() or _RULE.match(line, start):
            mapped.end_line(2)
        elif _ADDRESS.match(line, start):
            mapped.left_out["addresses of links"] += 1
        elif "|" in line and _TABLE_RULE.match(line, start):
            mapped.left_out["tables, their cells parted by tabs"] += 1
            mapped.end_line()
        elif heading := _HEADING.match(line, start):
            mapped.end_line(2)
            end = match.start() if (match := _HEADING_END.search(line, heading.end())) else len(line)
            self._inline(line[heading.end() : end], at + heading.end())
            mapped.end_line(2)
        elif line[start:].lstrip().startswith("|") or ("|" in line and _TABLE_RULE.match(following)):
            self._row(line[start:], at + start)
        else:
            self._text(line, start, at)

    def _is_text(self, line: str) -> bool:
        """True of a line that may go on with a paragraph."""
        is_other = bool(self._fence) or not line.strip() or "|" in line
        marks = (_FENCE, _QUOTE, _RULE, _ADDRESS, _HEADING, _ITEM)
        return not is_other and not any(mark.match(line) for mark in marks)

    def _text(self, line: str, start: int, at: int) -> None:
        """A line of a paragraph; its marks may end on another line."""
        item = _ITEM.match(line, start)
        if item is not None:
            self.mapped.end_line()
            start = item.end()
        hard = _HARD_END.search(line, start)
        end = hard.start() if hard is not None else len(line)
        if self._paragraph and self._paragraph_start + len(self._paragraph) < at + start:
            gap = at + start - self._paragraph_start - len(self._paragraph)
            self._paragraph += "\n".rjust(gap) if start == 0 else ""
        if not self._paragraph or start:
            self._end_paragraph()
            self._paragraph_start = at + start
        self._paragraph += line[start:end]
        if hard is not None:
            self._end_paragraph()
            self.mapped.end_line()

    def _end_paragraph(self) -> None:
        text, self._paragraph = self._paragraph, ""
        if text:
            self._inline(text, self._paragraph_start)
            self.mapped.add(" ", self._paragraph_start + len(text))

    def _row(self, line: str, at: int) -> None:
        """A table's row: cells parted by tabs."""
        self.mapped.end_line()
        start = 0
        for cell in re.split(r"(?<!\\)\|", line):
            if cell.strip():
                if start and line[:start].strip(" \t|"):
                    self.mapped.begin_cell(at + start)
                self._inline(cell.strip(), at + start + len(cell) - len(cell.lstrip()))
            start += len(cell) + 1
        self.mapped.end_line()

    def _inline(self, text: str, at: int, depth: int = 0) -> None:
        """Take over text without the marks in it."""
        last = 0
        for match in _INLINE.finditer(text) if depth < _DEEPEST else ():
            self.mapped.add(text[last : match.start()], at + last)
            last = match.end()
            self._mark(match, at, depth)
        self.mapped.add(text[last:], at + last)

    def _mark(self, match: re.Match[str], at: int, depth: int) -> None:
        start = at + match.start()
        if match["escape"] is not None:
            self.mapped.add_as(match["escape"][1], start, 2)
        elif match["code"] is not None:
            self.mapped.add(match["in_code"], at + match.start("in_code"))
        elif match["picture"] is not None:
            self.mapped.left_out["pictures"] += 1
        elif match["url"] is not None:
            self.mapped.add(match["url"], at + match.start("url"))
        elif match["entity"] is not None:
            self.mapped.add_as(html.unescape(match["entity"]), start, len(match[0]))
        elif match["tag"] is not None:
            self._tag(match["tag"])
        elif match["comment"] is None:
            inner = next(
                name for name in ("link", "in_stars", "in_lines", "struck") if match[name] is not None
            )
            self._inline(match[inner], at + match.start(inner), depth + 1)

    def _tag(self, tag: str) -> None:
        """Note where a mark of a span begins or ends; other tags are taken away."""
        if tag.startswith(f"</{MARK}") and self._open:
            start, values = self._open.pop()
            number = values.get(NUMBER) or f"#{len(self._pieces)}"
            before = self._pieces.get(number)
            text = self.mapped.text_from(start)
            first = (
                before[0]
                if before is not None and before[2] == values[LABEL]
                else start + len(text) - len(text.lstrip())
            )
            end = start + len(text.rstrip())
            self._pieces[number] = (first, end, values[LABEL], values.get(KB_ID, ""), values.get(NOTE, ""))
        elif tag.startswith(f"<{MARK}"):
            values = _attributes(tag)
            if values.get(LABEL, "").strip():
                self._open.append((len(self.mapped), values))
        elif tag.casefold().startswith(("<img", "<script")):
            self.mapped.left_out["pictures" if tag[1] in "iI" else "scripts"] += 1
        elif tag.casefold().startswith("<br"):
            self.mapped.end_line()


def _attributes(tag: str) -> dict[str, str]:
    """The attributes of a start tag."""
    found: dict[str, str] = {}

    class _Tag(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.update({name: value or "" for name, value in attrs})

    parser = _Tag()
    parser.feed(tag)
    parser.close()
    return found
