"""TEI: names marked in the text of an XML file, as editions have them. Read only.

Read are `persName`, `placeName`, `orgName`, `geogName`, `name` and `rs` in the file's `text`. The label is the attribute
`type`, else the element's name; `ref` or `key` is the id in a knowledge base. Paragraphs, headings, verses and the like stand
on lines of their own, runs of white space are one space, as XML's own line breaks say nothing. The header, notes and other
elements that are left out are told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument, Problem, ReadOptions, Report
from annotator.formats.inline.grammars import Mark
from annotator.formats.inline.reading import annotated_text
from annotator.formats.sources import Source
from annotator.formats.xml_values import Node, parsed_xml, root_name

_NAMES = frozenset({"persName", "placeName", "orgName", "geogName", "name", "rs"})
_BLOCKS = frozenset(
    "p head l lg div div1 div2 div3 ab item list row cell table lb pb closer opener salute signed dateline body front back".split()
)
_LEFT_OUT = frozenset(
    {"teiHeader", "note", "figure", "fw", "del", "facsimile", "sourceDoc", "standOff", "sic", "orig", "abbr"}
)
"""Elements whose text is none of the edition's: what was struck out, or stands beside its correction."""
_ROOTS = ("TEI", "TEI.2")
_SPACE = re.compile(r"[ \t\r\n]+")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """One document of each `text`, done. InputError with the line for what is no XML, or has no text."""
    root = parsed_xml(source, options)
    texts = [node for node in _all(root) if node.tag == "text"] if root.tag in _ROOTS else []
    if not texts:
        raise InputError(f"{source.name} holds no <text> of TEI", hint="read it as --format inline or text")
    for node in texts:
        reading = _Text()
        reading.take(node)
        if reading.left_out:
            elements = ", ".join(f"{tag} ({count})" for tag, count in sorted(reading.left_out.items()))
            report.add(
                Problem("", f"{source.name}:{node.line}", f"elements whose text is left out: {elements}")
            )
        yield annotated_text("".join(reading.pieces).rstrip(), reading.marks, source.name, options, [])


def sniff(head: bytes) -> bool:
    """True if the file is XML whose root is TEI."""
    return root_name(head) in _ROOTS


class _Text:
    """A text while it is taken out of its elements."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.marks: list[Mark] = []
        self.left_out: Counter[str] = Counter()
        self._length = 0

    def take(self, node: Node) -> None:
        """Take over the text below an element."""
        if node.tag in _BLOCKS:
            self._end_line()
        for item in node.content:
            if isinstance(item, str):
                self._add(_SPACE.sub(" ", item))
            elif item.tag in _LEFT_OUT:
                self.left_out[item.tag] += 1
            elif item.tag in _NAMES:
                self._take_name(item)
            else:
                self.take(item)
        if node.tag in _BLOCKS:
            self._end_line()

    def _take_name(self, node: Node) -> None:
        index, place = len(self.pieces), len(self.marks)
        self.take(node)
        words = "".join(self.pieces[index:])
        start = self._length - len(words.lstrip())
        end = self._length - (len(words) - len(words.rstrip()))
        if start < end:
            label = node.attributes.get("type", "").strip() or node.tag
            kb_id = node.attributes.get("ref") or node.attributes.get("key") or ""
            self.marks.insert(place, Mark(start, end, label, kb_id))

    def _add(self, text: str) -> None:
        last = self.pieces[-1][-1] if self.pieces else "\n"
        if last in " \n":
            text = text.lstrip(" ")
        if text:
            self.pieces.append(text)
            self._length += len(text)

    def _end_line(self) -> None:
        if self.pieces and self.pieces[-1][-1] != "\n":
            self._add("\n")


def _all(node: Node) -> Iterator[Node]:
    """The element and all below it, but not those below a text."""
    yield node
    if node.tag != "text":
        for item in node.nodes:
            yield from _all(item)
