"""UIMA CAS in XMI and JSON: dkpro-cassis' own cases, INCEpTION's, and what is written."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.errors import InputError, OutputError, UsageError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read, reader_for, write
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from tests.formats.generated import annotated_documents, span_facts
from tests.formats.hostile_xml import HOSTILE, hostile_xml

cassis = pytest.importorskip("cassis", reason="the extra cas is not installed")
ENTITY = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
_options = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=15,
)


def _is_held(back: AnnotatedDocument, annotated: AnnotatedDocument) -> None:
    assert (back.document.text, back.document.id) == (annotated.document.text, annotated.document.id)
    assert set(span_facts(back)) == set(span_facts(annotated))
    assert set(span_facts(back, kb_ids=True)) <= set(span_facts(annotated, kb_ids=True))
    if len(annotated.document.tokens or ()):
        assert back.document.tokens == annotated.document.tokens
    if annotated.document.sentences is not None:
        assert back.document.sentences == annotated.document.sentences


@_options
@given(annotated_documents(aligned=False, statuses=(Status.DONE,)))
def test_json_holds_text_tokens_sentences_and_spans(there_and_back, annotated: AnnotatedDocument) -> None:
    (back,), _ = there_and_back([annotated], "uima-json")
    _is_held(back, annotated)


@_options
@given(
    annotated_documents(aligned=False, statuses=(Status.DONE,)).filter(
        lambda each: "\x07" not in each.document.text
    )
)
def test_xmi_holds_text_tokens_sentences_and_spans(there_and_back, annotated: AnnotatedDocument) -> None:
    (back,), _ = there_and_back([annotated], "uima-xmi")
    _is_held(back, annotated)


@pytest.mark.parametrize("name", ["data.json", "debug.xmi"])
def test_cassis_own_cases_read_in_code_points(external: Path, name: str) -> None:
    found = {}
    for path in (external / "uima-cas").glob(f"*/{name}"):
        if "sofaString" in path.read_text(encoding="utf-8"):
            found[path.parent.name] = list(read([path]))
        else:
            with pytest.raises(InputError, match="holds no text"):
                list(read([path]))
    assert len(found) == {"data.json": 4, "debug.xmi": 3}[name]
    (emoji,) = found["casWithEmojiUnicodeTextAndAnnotations"]
    words = [emoji.document.text[span.start : span.end] for span in emoji.spans]
    assert words == ["🥳", "This", "👳🏻\u200d♀️", "is", "✆", "a", "🧔🏾\u200d♂️", "test", "👻"]


def test_inceptions_cases_have_the_spans_of_their_tsv(external: Path) -> None:
    compared = 0
    for path in sorted((external / "webanno-tsv3").glob("test*/reference.xmi")):
        (annotated,) = read([path])
        (tsv,) = read([path.with_suffix(".tsv")])
        if any(word in path.parent.name for word in ("Whitespace", "Slot", "IsMoved", "Chain")):
            continue
        places = {(span.start, span.end) for span in annotated.spans if "Link" not in span.label}
        assert places == {(span.start, span.end) for span in tsv.spans}, path
        compared += 1
    assert compared > 40


def _document(text: str, *spans: Span) -> AnnotatedDocument:
    return AnnotatedDocument(new_document(text, id="a", tokens=stand_in_tokens(text)), spans, Status.DONE)


def test_cassis_reads_named_entities_with_offsets_in_utf16(tmp_path: Path) -> None:
    write([_document("😊 Ana", Span(2, 5, "PER", kb_id="Q1", note="?"))], tmp_path / "out", format="uima-xmi")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["TypeSystem.xml", "a.xmi"]
    content = (tmp_path / "out" / "a.xmi").read_bytes()
    assert b'begin="3" end="6" value="PER" identifier="Q1"' in content
    types = cassis.load_typesystem(io.BytesIO((tmp_path / "out" / "TypeSystem.xml").read_bytes()))
    (entity,) = cassis.load_cas_from_xmi(content.decode(), typesystem=types).select(ENTITY)
    assert (entity.get_covered_text(), entity.value) == ("Ana", "PER")


def test_losses_are_reported_and_xml_refuses_control_characters(tmp_path: Path) -> None:
    report = write([_document("Ana", Span(0, 3, "PER", note="?"))], tmp_path / "a.cas.json")
    assert [each.message for each in report.problems] == ["not written are notes: 1"]
    with pytest.raises(OutputError, match="characters that XML cannot") as caught:
        write([_document("Ana\x07")], tmp_path / "a.xmi")
    assert "uima-json" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xmi", "<xmi:XMI"), ("a.xmi", "no xml"), ("a.cas.json", '{"%TYPES": {}'), ("b.cas.json", "[]")],
)
def test_what_is_no_cas_is_told(written, read_all, name: str, content: str) -> None:
    with pytest.raises(InputError, match=name):
        read_all(written(name, content))


def test_the_content_tells_the_format(external: Path, written) -> None:
    for path in (external / "uima-cas").glob("*Emoji*/d*[!m].json"):
        assert reader_for(file_source(written("a.json", path.read_bytes()))).name == "uima-json"
    assert reader_for(file_source(written("b", b"<?xml version='1.0'?><xmi:XMI "))).name == "uima-xmi"


def test_a_missing_library_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cassis", None)
    with pytest.raises(UsageError, match="not installed: cassis") as caught:
        write([], tmp_path / "a.xmi")
    assert caught.value.hint == "pip install 'annotator-tui[cas]'"


_XMI = (
    '<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"'
    ' xmlns:o="http:///org/other.ecore" xmlns:n="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore"'
    ' xmlns:t="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" xmi:version="2.0">'
    '<cas:NULL xmi:id="0"/>{body}<cas:Sofa xmi:id="2" sofaNum="1" sofaID="_InitialView" mimeType="text"'
    ' sofaString="Ada had flu"/>{other}<cas:View sofa="2" members="{members}"/></xmi:XMI>'
)


def _xmi(body: str, *, members: str = "3", other: str = "") -> str:
    return _XMI.format(body=body, members=members, other=other)


@pytest.mark.parametrize(
    ("attributes", "label"),
    [('zeta="1" code="J11"', "Disease"), ('code="J11" value="FLU"', "FLU"), ('label="FLU" a="x"', "FLU")],
)
def test_a_type_without_declaration_is_labelled_by_its_name(
    written, read_all, attributes: str, label: str
) -> None:
    body = f'<o:Disease xmi:id="3" sofa="2" begin="8" end="11" {attributes}/>'
    (annotated,), report = read_all(written("a.xmi", _xmi(body)))
    assert span_facts(annotated) == [(8, 11, label, "")]
    assert all("left out: 1" in each.message for each in report.problems)
    assert len(report.problems) == (2 if label == "Disease" else 1)


def test_another_view_is_told_and_the_document_is_not_done(written, read_all) -> None:
    other = (
        '<cas:Sofa xmi:id="5" sofaNum="2" sofaID="german" mimeType="text" sofaString="Ada ging"/>'
        '<cas:View sofa="5" members="4"/>'
    )
    body = (
        '<n:NamedEntity xmi:id="3" sofa="2" begin="0" end="3" value="PER"/>'
        '<n:NamedEntity xmi:id="4" sofa="5" begin="0" end="3" value="PER"/>'
    )
    (annotated,), report = read_all(written("a.xmi", _xmi(body, other=other)))
    assert span_facts(annotated) == [(0, 3, "PER", "")]
    assert annotated.status is Status.STARTED
    assert (
        "the view 'german' is another text, and is left out with its 1 annotations"
        in report.problems[0].message
    )


def test_tokens_beyond_the_text_are_refused_or_left_out(written, read_all) -> None:
    body = '<t:Token xmi:id="3" sofa="2" begin="0" end="3"/><t:Token xmi:id="4" sofa="2" begin="8" end="90"/>'
    path = written("a.xmi", _xmi(body, members="3 4"))
    with pytest.raises(InputError, match=r"a token at .* is outside the text"):
        read_all(path)
    (annotated,), _ = read_all(path, on_error="skip")
    assert annotated.document.tokens is not None
    assert list(annotated.document.tokens) == [(0, 3)]


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_xml_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.xmi"
    path.write_text(hostile_xml(kind, "xmi:XMI"), encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.xmi") as told:
        list(read([path], format="uima-xmi"))
    if kind in ("entities that grow", "a file by an entity", "a parameter entity"):
        assert "declares the entity" in told.value.message
