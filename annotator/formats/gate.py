"""GATE's XML: a text with nodes in it, and sets of annotations between two nodes each. Read only.

A set is one annotator's work: GATE's default set, which has no name, or a named one such as `Key`. Annotations of the tools' own
types (Token, Sentence, Lookup and the like) are no entities: tokens and sentences are taken as such, the others are told. The
label is the annotation's type, or the feature `class` or `type` of a `Mention`; further features are kept in the metadata.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from annotator.formats.checking import SpanChecks, tokens_in
from annotator.formats.cleaning import CleanedText
from annotator.formats.exchange import (
    SOURCE_TOKENIZER,
    AnnotatedDocument,
    Complaints,
    Part,
    Problem,
    ReadOptions,
    Report,
    broken,
)
from annotator.formats.naming import named_by
from annotator.formats.sources import Source, too_large
from annotator.formats.xml_values import Node, parsed_xml, root_name
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

FEATURES = "_gate"
"""The metadata key under which features stand that mean nothing here, with the spans that they belong to."""
_ROOT = "GateDocument"
_MARKUP = "Original markups"
"""The set in which GATE keeps the tags of the file that it read."""
_TOOLS = frozenset(
    {"SpaceToken", "Split", "Lookup", "DEFAULT_TOKEN", "paragraph", "Paragraph", "NounChunk", "VG"}
)
_TOKEN, _SENTENCE = "Token", "Sentence"
_GENERIC = frozenset({"Mention", "Entity", "NE", "NamedEntity"})
_LABELS = ("class", "type", "label", "category")
_LINKS = ("inst", "URI", "uri", "kb_id")


def read(source: Source, options: ReadOptions, report: Report) -> Iterator[AnnotatedDocument]:
    """The document with the set that has spans; one for each such set if the options want them all.

    InputError with the line for what is no XML or not GATE's, or an annotation between nodes that are not there, which is
    left out and reported instead if the options say so.
    """
    root = parsed_xml(source, options)
    text_node = root.first("TextWithNodes") if root.tag == _ROOT else None
    if text_node is None:
        raise broken(source.name, "holds no <TextWithNodes> of GATE")
    reading = _Reading(source, options, text_node)
    work = [
        reading.work(each) for each in root.all("AnnotationSet") if each.attributes.get("Name") != _MARKUP
    ]
    taken = [each for each in work if each.spans or each.problems] or work[:1]
    if not taken:
        taken = [reading.work(Node("AnnotationSet", {}, 1))]
    if reading.left_out:
        types = ", ".join(f"{type} ({count})" for type, count in sorted(reading.left_out.items()))
        report.add(
            Problem("", source.name, f"annotations of tools, which are no entities and are left out: {types}")
        )
    if options.every_set or len(taken) == 1:
        yield from taken
        return
    names = ", ".join(each.annotator or "the default set" for each in taken[1:])
    message = f"has other sets of annotations, which are left out: {names}"
    report.add(Problem(taken[0].document.id, source.name, message, loses=Part.ANSWER))
    yield taken[0]


def sniff(head: bytes) -> bool:
    """True if the file is XML whose root is GATE's."""
    return root_name(head) == _ROOT


class _Reading:
    """Reads the sets of one document."""

    def __init__(self, source: Source, options: ReadOptions, text_node: Node) -> None:
        self.left_out: Counter[str] = Counter()
        self._source = source
        self._options = options
        self._nodes: dict[str, int] = {}
        raw = ""
        for item in text_node.content:
            if isinstance(item, str):
                raw += item
            elif item.tag == "Node":
                self._nodes[item.attributes.get("id", "")] = len(raw)
        if len(raw) > options.size_limit:
            raise too_large(source.name, options.size_limit)
        self._text = CleanedText(raw)

    def work(self, annotations: Node) -> AnnotatedDocument:
        """One set as one annotator's work, done."""
        spans: list[Span] = []
        features: list[dict[str, Any]] = []
        tokens: list[tuple[int, int]] = []
        sentences: list[int] = []
        last = Complaints(self._source.name, self._options.on_error)
        problems: list[Problem] = []
        for annotation in annotations.all("Annotation"):
            type = annotation.attributes.get("Type", "").strip()
            place = self._place(annotation)
            if type in _TOOLS:
                self.left_out[type] += 1
            elif type == _TOKEN and None not in place:
                tokens.append((place[0] or 0, place[1] or 0))
            elif type == _SENTENCE and place[0] is not None:
                sentences.append(place[0])
            else:
                complaints = Complaints(f"{self._source.name}:{annotation.line}", self._options.on_error)
                span, others = self._span(annotation, type, place, complaints)
                problems += complaints.problems
                if span is not None:
                    spans.append(span)
                    if others:
                        features.append(
                            {"start": span.start, "end": span.end, "label": span.label, "features": others}
                        )
        starts = sorted({self._text.moved(start, start)[0] for start in sentences})
        document = new_document(
            self._text.text,
            id=named_by(self._source).id,
            meta={"source": self._source.name, **({FEATURES: features} if features else {})},
            tokens=tokens_in(self._text, sorted(set(tokens)), SOURCE_TOKENIZER, last) if tokens else None,
            sentences=tuple(starts) if len(starts) > 1 else None,
        )
        once = SpanChecks(self._text, last, self._options).once(spans)
        return AnnotatedDocument(
            document,
            spans=once,
            status=Status.DONE,
            annotator=annotations.attributes.get("Name") or None,
            problems=tuple(
                Problem(document.id, each.place, each.message, each.loses, each.is_allowed)
                for each in (*problems, *last.problems)
            ),
        )

    def _place(self, annotation: Node) -> tuple[int | None, int | None]:
        """Where an annotation's nodes stand in the text; None for one that is not there."""
        start, end = (annotation.attributes.get(name, "") for name in ("StartNode", "EndNode"))
        return self._nodes.get(start), self._nodes.get(end)

    def _span(
        self, annotation: Node, type: str, place: tuple[int | None, int | None], complaints: Complaints
    ) -> tuple[Span | None, dict[str, str]]:
        """The span of an annotation, and its features without those that it took."""
        features = {
            (each.text_of("Name") or "").strip(): (each.text_of("Value") or "").strip()
            for each in annotation.all("Feature")
        }
        label = type
        if (
            type in _GENERIC
            and (key := next((key for key in _LABELS if features.get(key)), None)) is not None
        ):
            label = features.pop(key).rpartition("#")[2].rpartition("/")[2]
        link = next((key for key in _LINKS if features.get(key)), None)
        kb_id = features.pop(link) if link is not None else ""
        name = f"annotation {annotation.attributes.get('Id', '')}".strip()
        if None in place:
            complaints.add(f"{name} lies between nodes that are not in the text")
            return None, {}
        checks = SpanChecks(self._text, complaints, self._options)
        return checks.span(*place, label, name=name, kb_id=kb_id), features
