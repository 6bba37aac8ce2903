"""Formats that are written and not read: Web Annotation, displaCy."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from tests.formats.generated import annotated_documents, span_facts

_options = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=50,
)
_documents = st.lists(annotated_documents(aligned=False, statuses=(Status.DONE,)), max_size=3)


@_options
@given(_documents)
def test_a_web_annotation_is_found_by_position_and_by_quote(
    tmp_path: Path, documents: list[AnnotatedDocument]
) -> None:
    write(documents, tmp_path / "out.jsonld")
    page = json.loads((tmp_path / "out.jsonld").read_text())
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    texts = {f"urn:sha256:{each.document.sha256}": each.document.text for each in documents}
    found = set()
    for item in page["items"]:
        text = texts[item["target"]["source"]]
        position, quote = item["target"]["selector"]
        assert text[position["start"] : position["end"]] == quote["exact"]
        assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
        found.add((position["start"], position["end"], item["body"][0]["value"]))
    assert found == {facts[:3] for each in documents for facts in span_facts(each)}


def test_bodies_say_label_note_and_identity(tmp_path: Path) -> None:
    document = new_document("Ana", meta={"url": "https://example.org/ana"})
    spans = (Span(0, 3, "PER", note="?", doubt=True, kb_id="https://www.wikidata.org/wiki/Q1"),)
    report = write([AnnotatedDocument(document, spans, annotator="bo")], tmp_path / "out.jsonld")
    (item,) = json.loads((tmp_path / "out.jsonld").read_text())["items"]
    assert [body["purpose"] for body in item["body"]] == ["classifying", "commenting", "identifying"]
    assert (item["target"]["source"], item["creator"]["nickname"]) == ("https://example.org/ana", "bo")
    assert [each.message for each in report.problems] == ["not written are doubts: 1"]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def _page(path: Path) -> _Words:
    found = _Words()
    found.feed(path.read_text(encoding="utf-8"))
    return found


def test_a_page_shows_flat_and_overlapping_spans_and_takes_no_markup_from_texts(tmp_path: Path) -> None:
    texts = ["Ana <script>sings</script> & dances", "New York Times", "שלום Ana"]
    spans = [(Span(0, 3, "<b>"),), (Span(0, 14, "ORG"), Span(0, 8, "LOC")), ()]
    documents = [
        AnnotatedDocument(new_document(text, tokens=stand_in_tokens(text)), each)
        for text, each in zip(texts, spans, strict=True)
    ]
    report = write(documents, tmp_path / "out.html")
    page = _page(tmp_path / "out.html")
    assert "<b>" in page.words
    assert {"script", "b"}.isdisjoint(page.tags)
    assert {"ORG", "LOC", "York", "dances"} <= set(page.words)
    assert 'dir="rtl"' in (tmp_path / "out.html").read_text()
    assert (report.documents, report.spans) == (3, 3)


@pytest.mark.parametrize("format", ["web-annotation", "displacy"])
def test_they_are_not_read(written, format: str) -> None:
    with pytest.raises(InputError, match=f"{format} can be written, not read"):
        read([written("a", "")], format=format)
