"""XML as files hold it, parsed by expat: no entity but the five of XML, nothing fetched, bounded depth and size.

A file may name a DTD, which is never looked at. One that declares entities is refused: they can be made to grow without
bound or to name other files, and no format here needs any.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from annotator.errors import InputError, OutputError
from annotator.formats.exchange import ReadOptions, broken
from annotator.formats.sources import Source, too_large
from annotator.model.documents import Document

_PIECE = 1 << 16
_DEEPEST = 200
_XML_PER_TEXT = 16
"""The content of an element that is kept may be so many times longer than a text may be."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?:[\w.-]+:)?([\w.-]+)",
    re.DOTALL,
)


@dataclass(slots=True)
class Node:
    """An element: its name without prefix, its attributes, its texts and elements in order, and the line of its start."""

    tag: str
    attributes: dict[str, str]
    line: int
    content: list[str | Node] = field(default_factory=list)

    @property
    def nodes(self) -> Iterator[Node]:
        """The elements right below."""
        return (item for item in self.content if isinstance(item, Node))

    @property
    def text(self) -> str:
        """All text below, in order."""
        return "".join(item if isinstance(item, str) else item.text for item in self.content)

    def all(self, tag: str) -> Iterator[Node]:
        """The elements of that name right below."""
        return (node for node in self.nodes if node.tag == tag)

    def first(self, tag: str) -> Node | None:
        """The first element of that name right below; None if there is none."""
        return next(self.all(tag), None)

    def text_of(self, tag: str) -> str | None:
        """The text of the first element of that name; None if there is none."""
        node = self.first(tag)
        return None if node is None else node.text


class _Builder:
    """Takes expat's events. Elements called `wanted` are given away when they end, others stay below their parents."""

    def __init__(self, source: Source, options: ReadOptions, wanted: str | None) -> None:
        encoding = None if options.encoding.casefold() in ("utf-8", "utf8") else options.encoding
        self._parser: Any = expat.ParserCreate(encoding)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse_entity
        self._parser.SkippedEntityHandler = self._refuse_skipped
        self._name = source.name
        self._limit = _XML_PER_TEXT * options.size_limit
        self._wanted = wanted
        self._open: list[Node] = []
        self._size = 0
        self.root: Node | None = None
        self.ended: list[Node] = []

    def feed(self, piece: bytes, *, is_last: bool) -> None:
        """InputError for what is no XML, with its line."""
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            message = expat.ErrorString(error.code)
            raise broken(
                f"{self._name}:{error.lineno}", f"not XML: {message} at column {error.offset + 1}"
            ) from error
        except (LookupError, ValueError) as error:  # an encoding that nobody knows, or of several bytes
            raise broken(self._name, f"not XML that can be decoded: {error}") from error

    @property
    def _place(self) -> str:
        return f"{self._name}:{self._parser.CurrentLineNumber}"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        node = Node(
            _local(name),
            {_local(key): value for key, value in attributes.items()},
            self._parser.CurrentLineNumber,
        )
        self._count(len(name) + sum(len(key) + len(value) for key, value in attributes.items()))
        if len(self._open) >= _DEEPEST:
            raise broken(self._place, f"elements lie within one another more than {_DEEPEST} deep")
        if self.root is None:
            self.root = node
        elif self._open:
            self._open[-1].content.append(node)
        self._open.append(node)

    def _end(self, name: str) -> None:
        node = self._open.pop()
        if node.tag == self._wanted:
            self.ended.append(node)
            self._size = 0
            if self._open:
                self._open[-1].content.pop()

    def _characters(self, text: str) -> None:
        self._count(len(text))
        if self._open:
            self._open[-1].content.append(text)

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > self._limit:
            raise too_large(self._place, self._limit)

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise _entity_error(self._place, name)

    def _refuse_skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            raise broken(self._place, f"&{name}; stands for nothing: the file does not say what it is")


def parsed_xml(source: Source, options: ReadOptions) -> Node:
    """The root of a file. InputError with the line for what is no XML, declares entities, or is too deep or large."""
    builder = _Builder(source, options, None)
    for piece, is_last in _pieces(source):
        builder.feed(piece, is_last=is_last)
    assert builder.root is not None
    return builder.root


def streamed_xml(source: Source, options: ReadOptions, tag: str) -> Iterator[tuple[Node, Node]]:
    """Each element called `tag` once it has ended, and the root with what stands outside of these so far.

    InputError as `parsed_xml`, when it comes to what is wrong.
    """
    builder = _Builder(source, options, tag)
    for piece, is_last in _pieces(source):
        builder.feed(piece, is_last=is_last)
        assert builder.root is not None or not builder.ended
        for node in builder.ended:
            yield node, builder.root or node
        builder.ended.clear()


def root_name(head: bytes) -> str:
    """The name of a file's first element without its prefix; empty if it does not begin as XML does."""
    match = _HEAD.match(head)
    return match[1].decode("ascii", "ignore") if match is not None else ""


def element(tag: str, content: str, **attributes: str) -> str:
    """An element on one line with a text, escaped."""
    spelled = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{spelled}>{escape(content)}</{tag}>"


def check_characters(text: str, document: Document) -> None:
    """OutputError if a text that goes into a document's file holds characters that XML cannot."""
    if (match := _NOT_IN_XML.search(text)) is not None:
        raise OutputError(
            f"{document.title} ({document.id}) holds the character U+{ord(match[0]):04X}, which XML cannot",
            hint="write it as jsonl",
        )


def _pieces(source: Source) -> Iterator[tuple[bytes, bool]]:
    with source.open() as file:
        while piece := file.read(_PIECE):
            yield piece, False
    yield b"", True


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def refuse_entities(source: Source, content: bytes) -> None:
    """InputError if a file that another parser is to read declares entities; broken XML is left for that parser to tell."""
    parser = expat.ParserCreate()

    def refuse(name: str, *_: object) -> None:
        raise _entity_error(f"{source.name}, line {parser.CurrentLineNumber}", name)

    parser.EntityDeclHandler = refuse
    with contextlib.suppress(expat.ExpatError):
        parser.Parse(content, True)


def _entity_error(place: str, name: str) -> InputError:
    return InputError(
        f"{place}: declares the entity {name}, and files that declare entities are not read",
        hint="replace the entities by what they stand for, for instance with xmllint --noent",
    )
