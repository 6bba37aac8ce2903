"""GATE's XML: nodes, sets, features, and annotations of tools."""

from __future__ import annotations

import pytest

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import Part
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from tests.formats.hostile_xml import HOSTILE, hostile_xml


def _feature(name: str, value: str) -> str:
    kind = 'className="java.lang.String"'
    return f"<Feature><Name {kind}>{name}</Name><Value {kind}>{value}</Value></Feature>"


def _annotation(type: str, start: int, end: int, *features: str) -> str:
    return f'<Annotation Id="{start}" Type="{type}" StartNode="{start}" EndNode="{end}">{"".join(features)}</Annotation>\n'


def _document(*sets: str) -> str:
    text = '<Node id="0"/>Ada<Node id="3"/> &amp; Bö 😊 <Node id="11"/>Porto<Node id="16"/>.'
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<GateDocument version=\"3\">\n"
        f"<GateDocumentFeatures>{_feature('MimeType', 'text/plain')}</GateDocumentFeatures>\n"
        f"<TextWithNodes>{text}</TextWithNodes>\n{''.join(sets)}</GateDocument>"
    )


DEFAULT = (
    "<AnnotationSet>\n"
    + _annotation("Token", 0, 3)
    + _annotation("Token", 11, 16)
    + _annotation("SpaceToken", 3, 11)
    + _annotation("Person", 0, 3, _feature("gender", "f"))
    + _annotation(
        "Mention", 11, 16, _feature("class", "http://a.example/o#Location"), _feature("inst", "Q36433")
    )
    + "</AnnotationSet>"
)
KEY = f'<AnnotationSet Name="Key">{_annotation("PER", 0, 3)}</AnnotationSet>'
MARKUP = f'<AnnotationSet Name="Original markups">{_annotation("p", 0, 16)}</AnnotationSet>'


def _facts(annotated) -> list[tuple[str, str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label, span.kb_id) for span in annotated.spans]


def test_annotations_lie_between_their_nodes(written, read_all) -> None:
    (annotated,), report = read_all(written("news.gate.xml", _document(DEFAULT, MARKUP)))
    assert annotated.document.text == "Ada & Bö 😊 Porto."
    assert _facts(annotated) == [("Ada", "Person", ""), ("Porto", "Location", "Q36433")]
    assert annotated.status is Status.DONE
    assert [annotated.document.text[slice(*each)] for each in annotated.document.tokens] == ["Ada", "Porto"]
    assert annotated.document.meta["_gate"] == [
        {"start": 0, "end": 3, "label": "Person", "features": {"gender": "f"}}
    ]
    assert [each.message for each in report.problems] == [
        "annotations of tools, which are no entities and are left out: SpaceToken (1)"
    ]


def test_each_set_is_an_annotators_work(written, read_all) -> None:
    path = written("a.xml", _document(DEFAULT, KEY))
    found, _ = read_all(path, every_set=True)
    assert [(each.annotator, len(each.spans)) for each in found] == [(None, 2), ("Key", 1)]
    (annotated,), report = read_all(path)
    assert len(annotated.spans) == 2
    assert report.lost == {Part.ANSWER: 1}
    assert "left out: Key" in report.problems[-1].message


def test_a_document_without_sets_has_no_spans(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.gate.xml", _document()))
    assert annotated.spans == ()


@pytest.mark.parametrize(
    "annotation",
    [_annotation("PER", 0, 99), _annotation("PER", 3, 0), _annotation("PER", 3, 3), _annotation("", 0, 3)],
)
def test_a_broken_annotation_is_told_with_its_line(written, read_all, annotation: str) -> None:
    path = written(
        "a.gate.xml", _document(f"<AnnotationSet>{annotation}{_annotation('LOC', 11, 16)}</AnnotationSet>")
    )
    with pytest.raises(InputError, match=r"a\.gate\.xml:5: annotation"):
        read_all(path)
    (annotated,), _ = read_all(path, on_error=OnError.SKIP)
    assert (_facts(annotated), annotated.status) == ([("Porto", "LOC", "")], Status.STARTED)


def test_it_is_told_by_its_root(written) -> None:
    assert reader_for(file_source(written("a.xml", _document()))).name == "gate"


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_xml_is_refused(written, read_all, kind: str) -> None:
    with pytest.raises(InputError, match=r"a\.gate\.xml"):
        read_all(written("a.gate.xml", hostile_xml(kind, "GateDocument")))


def test_other_xml_is_refused(written, read_all) -> None:
    with pytest.raises(InputError, match="holds no <TextWithNodes>"):
        read_all(written("a.gate.xml", "<a/>"))
