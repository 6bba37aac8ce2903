"""BioC in XML and JSON: passages, sentences, locations, infons, relations; and that it comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError, OutputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read, reader_for, write
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from tests.formats.generated import annotated_documents, id_of
from tests.formats.hostile_xml import HOSTILE, hostile_xml

XML = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE collection SYSTEM "BioC.dtd">
<collection><source>PubTator</source><date>2020</date><key>a.key</key>
<document><id>101</id><infon key="journal">J &amp; J</infon>
<passage><infon key="type">title</infon><offset>0</offset><text>Aspirin for ache</text>
<annotation id="1"><infon key="type">Chemical</infon><infon key="identifier">D001241</infon><location offset="0" length="7"/><text>Aspirin</text></annotation>
</passage>
<passage><infon key="type">abstract</infon><offset>17</offset><text>Aspirin helps Mira.</text>
<annotation id="2"><infon key="type">Person</infon><infon key="by">ana</infon><location offset="31" length="4"/><text>Mira</text></annotation>
<relation id="R1"><infon key="type">treats</infon><node refid="1" role="drug"/></relation>
</passage></document></collection>
"""
FACTS = [("Aspirin", "Chemical", "D001241"), ("Mira", "Person", "")]


def _annotation(offset: Any, length: Any, text: str | None = None, **infons: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "infons": infons or {"type": "PER"},
        "locations": [{"offset": offset, "length": length}],
        **({} if text is None else {"text": text}),
    }


def _passage(text: str, *annotations: dict[str, Any], offset: int = 0) -> dict[str, Any]:
    return {
        "offset": offset,
        "infons": {},
        "text": text,
        "sentences": [],
        "annotations": [*annotations],
        "relations": [],
    }


def _collection(*passages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"source": "", "documents": [{"id": "1", "infons": {}, "passages": [*passages], **more}]}


def _facts(annotated: AnnotatedDocument) -> list[tuple[str, str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label, span.kb_id) for span in annotated.spans]


def test_a_collection_has_its_passages_annotations_and_concepts(written, read_all) -> None:
    (annotated,), report = read_all(written("a.bioc.xml", XML))
    assert (annotated.document.id, annotated.document.text) == (
        "101",
        "Aspirin for ache\nAspirin helps Mira.",
    )
    assert (_facts(annotated), annotated.status) == (FACTS, Status.DONE)
    assert [each.message for each in report.problems] == ["relations are kept as metadata, not shown: 1"]
    kept = annotated.document.meta["_bioc"]
    assert kept["infons"] == {"journal": "J & J"}
    assert kept["annotations"][0]["infons"] == {"by": "ana"}


@pytest.mark.parametrize("suffix", [".bioc.xml", ".bioc.json"])
def test_what_was_kept_comes_back(written, tmp_path: Path, suffix: str) -> None:
    path = written("a.bioc.xml", XML)
    (before,) = read([path])
    write([before], tmp_path / f"b{suffix}")
    (after,) = read([tmp_path / f"b{suffix}"])
    assert replace(after, problems=()) == replace(before, problems=())


@pytest.mark.parametrize(
    "content",
    [
        _collection(_passage("Ana sings", _annotation(0, 3, "Ana"))),
        _collection(_passage("Ana sings", _annotation(0, 3, "Ana", label="PER")))["documents"],
        _collection(_passage("Ana sings", _annotation(0, 3, None, type="PER", note="")))["documents"][0],
        {"PubTator3": _collection(_passage("Ana sings", _annotation(0.0, 3.0)))["documents"]},
        _collection(_passage("Ana sings", offset=5), annotations=[_annotation(5, 3, "Ana")]),
        _collection(
            {"offset": 0, "sentences": [_passage("Ana sings", _annotation(0, 3))], "annotations": []}
        ),
    ],
)
def test_variants_of_json_are_read(written, read_all, content: Any) -> None:
    path = written("a.json", json.dumps(content))
    assert reader_for(file_source(path)).name == "bioc-json"
    (annotated,), _ = read_all(path)
    assert (annotated.document.text, _facts(annotated)) == ("Ana sings", [("Ana", "PER", "")])


def test_a_document_a_line_is_read(written, read_all) -> None:
    documents = [_collection(_passage(text))["documents"][0] | {"id": text} for text in ("Ana", "Bo")]
    found, _ = read_all(written("a.jsonl", "".join(json.dumps(each) + "\n" for each in documents)))
    assert [each.document.text for each in found] == ["Ana", "Bo"]


def test_sentences_with_texts_of_their_own_are_joined_where_they_say(written, read_all) -> None:
    sentences = [_passage("Ana sings."), _passage("Bo too.", _annotation(12, 2, "Bo"), offset=12)]
    path = written("a.bioc.json", json.dumps(_collection({"offset": 0, "sentences": sentences})))
    (annotated,), _ = read_all(path)
    assert annotated.document.text == "Ana sings.  Bo too."
    assert annotated.document.sentences == (0, 12)
    assert _facts(annotated) == [("Bo", "PER", "")]


def test_passages_far_apart_are_joined_by_one_line_end(written, read_all) -> None:
    passages = (_passage("Ana"), _passage("Bo", _annotation(10**9, 2, "Bo"), offset=10**9))
    (annotated,), _ = read_all(written("a.bioc.json", json.dumps(_collection(*passages))))
    assert (annotated.document.text, _facts(annotated)) == ("Ana\nBo", [("Bo", "PER", "")])


def test_several_locations_are_one_span_and_told(written, read_all) -> None:
    annotation = _annotation(0, 3) | {"locations": [{"offset": 10, "length": 2}, {"offset": 0, "length": 3}]}
    (annotated,), report = read_all(
        written("a.bioc.json", json.dumps(_collection(_passage("Ana sings Bo", annotation))))
    )
    assert _facts(annotated) == [("Ana sings Bo", "PER", "")]
    assert "2 locations, taken as one span" in report.problems[0].message


def test_offsets_that_count_bytes_are_found_by_the_words(written, read_all) -> None:
    passage = _passage("Élan Ana", _annotation(6, 3, "Ana"))
    (annotated,), report = read_all(written("a.bioc.json", json.dumps(_collection(passage))))
    assert _facts(annotated) == [("Ana", "PER", "")]
    assert "bytes of UTF-8" in report.problems[0].message


@pytest.mark.parametrize(
    "content",
    [
        _collection(_passage("Ana", _annotation(0, 9))),
        _collection(_passage("Ana", _annotation(0, 3, "Bob"))),
        _collection(_passage("Ana", _annotation(0, 0))),
        _collection(_passage("Ana", _annotation("x", 3))),
        _collection(_passage("Ana", _annotation(0, 3, None, by="ana"))),
        _collection(_passage("Ana", _annotation(-1, 3))),
        _collection({"infons": {}, "text": "Ana"}),
        _collection(annotations=[_annotation(0, 3)]),
        _collection("x"),  # type: ignore[arg-type]
        {"documents": ["x"], "infons": {}, "passages": []},
    ],
)
def test_what_is_broken_is_told_with_its_place(written, read_all, content: Any) -> None:
    path = written("a.bioc.json", json.dumps(content))
    with pytest.raises(InputError, match=r"a\.bioc\.json: document 1"):
        read_all(path)
    found, report = read_all(path, on_error=OnError.SKIP)
    assert report.problem_count
    assert all(each.status is Status.STARTED and not each.spans for each in found)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_xml_is_refused(written, read_all, kind: str) -> None:
    with pytest.raises(InputError, match=r"a\.bioc\.xml"):
        read_all(written("a.bioc.xml", hostile_xml(kind, "collection")))


def test_an_entity_is_refused_with_its_line(written, read_all) -> None:
    content = XML.replace('"BioC.dtd">', '"BioC.dtd" [<!ENTITY x "y">]>')
    with pytest.raises(InputError, match=r"a\.bioc\.xml:2: declares the entity x"):
        read_all(written("a.bioc.xml", content))


def test_xml_in_another_encoding_is_read(written, read_all) -> None:
    content = XML.replace("UTF-8", "iso-8859-1").replace("Mira", "Mirá").encode("latin-1")
    (annotated,), _ = read_all(written("a.bioc.xml", content))
    assert _facts(annotated)[1] == ("Mirá", "Person", "")


def test_too_much_is_refused(written, read_all) -> None:
    with pytest.raises(InputError, match="holds more than"):
        read_all(written("a.bioc.xml", XML.replace("helps", "helps " * 10_000)), size_limit=1000)


def test_characters_that_xml_cannot_hold_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"U\+0007, which XML cannot"):
        write([AnnotatedDocument(new_document("a\x07"))], tmp_path / "a.bioc.xml")


def test_a_span_over_passages_is_written_in_one(tmp_path: Path, written) -> None:
    (before,) = read([written("a.bioc.xml", XML)])
    changed = replace(before, spans=(Span(12, 24, "X"),))
    write([changed], tmp_path / "b.bioc.json")
    (after,) = read([tmp_path / "b.bioc.json"])
    assert (after.document.text, after.spans) == (before.document.text, changed.spans)


@pytest.mark.parametrize(
    "kept", [{"passages": 7}, {"passages": [{"offset": "x"}], "annotations": [3], "relations": "r"}, 5]
)
def test_metadata_of_somebody_else_under_our_key_does_no_harm(tmp_path: Path, kept: object) -> None:
    document = AnnotatedDocument(new_document("Ana", meta={"_bioc": kept}), (Span(0, 3, "PER"),), Status.DONE)
    for suffix in (".bioc.xml", ".bioc.json"):
        write([document], tmp_path / f"a{suffix}")
        (back,) = read([tmp_path / f"a{suffix}"])
        assert back.spans == document.spans


_options = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)


@_options
@given(documents=st.lists(annotated_documents(aligned=False), max_size=3, unique_by=id_of))
def test_every_document_comes_back(tmp_path: Path, documents: list[AnnotatedDocument]) -> None:
    held = [
        AnnotatedDocument(
            new_document(each.document.text, id=each.document.id),
            tuple(replace(span, doubt=False) for span in each.spans),
            Status.DONE,
        )
        for each in documents
    ]
    write(held, tmp_path / "a.bioc.json")
    assert list(read([tmp_path / "a.bioc.json"])) == held
    clean = [each for each in held if not {"\x07", "\r"} & set(each.document.text)]
    write(clean, tmp_path / "a.bioc.xml")
    if clean:
        assert list(read([tmp_path / "a.bioc.xml"])) == clean
