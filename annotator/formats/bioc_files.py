"""BioC's two spellings, XML and JSON, as one: a collection's documents as the objects that BioC's JSON has.

What an XML file has and these objects have not (`<role>` and the like are attributes) is the same but for its spelling, so
that reader and writer in `bioc` know one form only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.exchange import ReadOptions, broken
from annotator.formats.json_values import parsed, whole
from annotator.formats.sources import Source, lines
from annotator.formats.xml_values import Node, element, streamed_xml

Object = dict[str, Any]

_HEADER = ("source", "date", "key")
_COUNT_OF_LINES = 64
"""A line of JSON may be so many times longer than its text may be."""


def xml_documents(source: Source, options: ReadOptions) -> Iterator[tuple[str, Object, Object]]:
    """Each document with its place and the collection's header. InputError as `streamed_xml`."""
    is_empty = True
    for node, root in streamed_xml(source, options, "document"):
        is_empty = False
        header: Object = {name: root.text_of(name) for name in _HEADER if root.text_of(name)}
        if infons := _infons(root):
            header["infons"] = infons
        yield f"{source.name}:{node.line}", _document(node), header
    if is_empty:
        raise broken(source.name, "holds no <document> of BioC")


def json_documents(source: Source, options: ReadOptions) -> Iterator[tuple[str, Any, Object]]:
    """The same of JSON: a collection, a document, an array of these, or one on each line."""
    if _is_on_lines(source):
        for number, line in lines(source, options.encoding, size_limit=_COUNT_OF_LINES * options.size_limit):
            if line.strip():
                place = f"{source.name}:{number}"
                yield from _json_documents(parsed(line, place), place)
    else:
        yield from _json_documents(whole(source, options), source.name)


def document_xml(document: Mapping[str, Any]) -> str:
    """A document as an XML element, on lines."""
    parts = ["<document>", element("id", str(document["id"])), *_infons_xml(document)]
    for passage in document["passages"]:
        parts += ["<passage>", *_infons_xml(passage), element("offset", str(passage["offset"]))]
        parts += [element("text", passage["text"])]
        parts += [_annotation_xml(annotation) for annotation in passage["annotations"]]
        parts += [_relation_xml(relation) for relation in passage["relations"]]
        parts.append("</passage>")
    parts += [_relation_xml(relation) for relation in document["relations"]]
    return "\n".join([*parts, "</document>"]) + "\n"


def header_xml(header: Mapping[str, Any]) -> str:
    """What stands before the documents of a collection."""
    parts = [element(name, str(header.get(name) or "")) for name in _HEADER]
    return (
        "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<collection>", *parts, *_infons_xml(header)])
        + "\n"
    )


def _is_on_lines(source: Source) -> bool:
    """True if the first line is an object of its own and another one follows."""
    first, line_feed, rest = source.head().lstrip().partition(b"\n")
    return bool(line_feed) and first.rstrip().endswith(b"}") and first.startswith(b"{") and bool(rest.strip())


def _json_documents(value: Any, place: str) -> Iterator[tuple[str, Any, Object]]:
    """What stands where documents do, with places; the reader looks at each."""
    documents, header = value, {}
    if isinstance(value, dict):
        lists = [key for key in ("documents", "PubTator3") if isinstance(value.get(key), list)]
        if lists:
            documents = value[lists[0]]
            header = {
                key: item for key, item in value.items() if key != lists[0] and item not in ("", {}, None)
            }
        else:
            documents = [value]
    if not isinstance(documents, list):
        raise broken(place, "holds no documents of BioC")
    for number, document in enumerate(documents, start=1):
        where = f"{place}: document {number}"
        yield where, document, header


def _infons(node: Node) -> Object:
    return {each.attributes.get("key", ""): each.text for each in node.all("infon")}


def _document(node: Node) -> Object:
    return {
        "id": node.text_of("id"),
        "infons": _infons(node),
        "passages": [_passage(each) for each in node.all("passage")],
        "annotations": [_annotation(each) for each in node.all("annotation")],
        "relations": [_relation(each) for each in node.all("relation")],
    }


def _passage(node: Node) -> Object:
    return {
        "offset": _number(node.text_of("offset")),
        "infons": _infons(node),
        "text": node.text_of("text"),
        "sentences": [_passage(each) for each in node.all("sentence")],
        "annotations": [_annotation(each) for each in node.all("annotation")],
        "relations": [_relation(each) for each in node.all("relation")],
    }


def _annotation(node: Node) -> Object:
    return {
        "id": node.attributes.get("id", ""),
        "infons": _infons(node),
        "text": node.text_of("text"),
        "locations": [
            {
                "offset": _number(each.attributes.get("offset")),
                "length": _number(each.attributes.get("length")),
            }
            for each in node.all("location")
        ],
    }


def _relation(node: Node) -> Object:
    return {
        "id": node.attributes.get("id", ""),
        "infons": _infons(node),
        "nodes": [dict(each.attributes) for each in node.all("node")],
    }


def _number(value: str | None) -> Any:
    """A whole number; what is none stays as it is, for the reader to complain about."""
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else value


def _infons_xml(values: Mapping[str, Any]) -> list[str]:
    infons = values.get("infons") or {}
    return [element("infon", _spelled(value), key=str(key)) for key, value in infons.items()]


def _spelled(value: Any) -> str:
    return "" if value is None else str(value)


def _annotation_xml(annotation: Mapping[str, Any]) -> str:
    locations = [
        f'<location offset="{each["offset"]}" length="{each["length"]}"/>' for each in annotation["locations"]
    ]
    inner = "".join([*_infons_xml(annotation), *locations, element("text", annotation["text"])])
    return f'<annotation id="{annotation["id"]}">{inner}</annotation>'


def _relation_xml(relation: Mapping[str, Any]) -> str:
    nodes = "".join(
        element("node", "", **{str(key): _spelled(value) for key, value in each.items()})
        for each in relation.get("nodes") or ()
        if isinstance(each, Mapping)
    )
    inner = "".join(_infons_xml(relation)) + nodes
    opening = element("relation", "", id=_spelled(relation.get("id"))).removesuffix("</relation>")
    return f"{opening}{inner}</relation>"
