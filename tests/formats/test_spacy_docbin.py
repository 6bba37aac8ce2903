"""A DocBin as spaCy reads it, and other people's DocBins."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as SpacySpan

from annotator.errors import InputError, OutputError
from annotator.formats.choices import OnMisaligned
from annotator.formats.exchange import AnnotatedDocument, WriteOptions
from annotator.formats.registry import write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens
from tests.formats.generated import annotated_documents

_nlp = spacy.blank("en")
_quick = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)


def _docs(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(_nlp.vocab))


def _document(text: str, *spans: Span, **parts: object) -> AnnotatedDocument:
    document = new_document(text, tokens=stand_in_tokens(text), **parts)
    return AnnotatedDocument(document, spans=spans, status=Status.DONE)


@_quick
@given(annotated=annotated_documents())
def test_spacy_sees_the_very_text_and_spans(tmp_path: Path, annotated: AnnotatedDocument) -> None:
    write([annotated], tmp_path / "out.spacy", options=WriteOptions(nested=True))
    (doc,) = _docs(tmp_path / "out.spacy")
    text = annotated.document.text
    assert doc.text == text
    assert [(span.start_char, span.end_char, span.label_, span.kb_id_) for span in doc.spans["sc"]] == [
        (span.start, span.end, span.label, span.kb_id) for span in annotated.spans
    ]
    assert all(span.text == text[span.start_char : span.end_char] for span in doc.spans["sc"])


def test_flat_spans_are_ents_and_unmarked_tokens_are_outside(tmp_path: Path) -> None:
    documents = [
        _document("Ana met Bo  in\nRome", Span(0, 3, "PER"), Span(15, 19, "LOC", kb_id="Q220")),
        _document("No one"),
    ]
    report = write(documents, tmp_path / "out.spacy")
    first, second = _docs(tmp_path / "out.spacy")
    assert [(ent.text, ent.label_, ent.kb_id_) for ent in first.ents] == [
        ("Ana", "PER", ""),
        ("Rome", "LOC", "Q220"),
    ]
    assert [token.ent_iob_ for token in first] == ["B", "O", "O", "O", "O", "O", "B"]
    assert second.has_annotation("ENT_IOB")
    assert not first.spans
    assert (report.documents, report.spans) == (2, 2)


def test_one_overlap_puts_the_whole_export_into_the_span_group(tmp_path: Path) -> None:
    flat = _document("Ana sings", Span(0, 3, "PER"))
    nested = _document("Bank of Rome", Span(0, 12, "ORG"), Span(8, 12, "LOC"))
    write([flat, nested, _document("No one")], tmp_path / "out.spacy")
    docs = _docs(tmp_path / "out.spacy")
    assert [[span.text for span in doc.spans["sc"]] for doc in docs] == [
        ["Ana"],
        ["Bank of Rome", "Rome"],
        [],
    ]
    assert not any(doc.ents for doc in docs)


def test_the_label_set_decides_where_it_is_given(tmp_path: Path) -> None:
    flat = _document("Ana sings", Span(0, 3, "PER"))
    write([flat], tmp_path / "nested.spacy", options=WriteOptions(nested=True))
    (doc,) = _docs(tmp_path / "nested.spacy")
    assert [span.text for span in doc.spans["sc"]] == ["Ana"]
    nested = _document("Bank of Rome", Span(0, 12, "ORG"), Span(8, 12, "LOC"))
    with pytest.raises(OutputError, match=r"LOC \[8, 12\) 'Rome' overlaps ORG \[0, 12\)"):
        write([nested], tmp_path / "flat.spacy", options=WriteOptions(nested=False))
    assert not (tmp_path / "flat.spacy").exists()


def test_spans_read_back_train_the_entity_recognizer(tmp_path: Path) -> None:
    text = "  María \n\n met the U.S. envoy"
    write([_document(text, Span(2, 7, "PER"), Span(19, 22, "LOC"))], tmp_path / "out.spacy")
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    (doc,) = DocBin().from_disk(tmp_path / "out.spacy").get_docs(nlp.vocab)
    example = spacy.training.Example(nlp.make_doc(doc.text), doc)
    tags = example.get_aligned_ner()
    assert "B-PER" in tags or "U-PER" in tags
    nlp.initialize(lambda: [example])
    assert nlp.get_pipe("ner").labels == ("LOC", "PER")


def test_sentences_of_the_source_are_sentences_of_spacy(tmp_path: Path) -> None:
    write(
        [_document("Ana sings. Bo rests.", sentences=(0, 11)), _document("Ana sings. Bo.")],
        tmp_path / "o.spacy",
    )
    first, second = _docs(tmp_path / "o.spacy")
    assert [sentence.text for sentence in first.sents] == ["Ana sings.", "Bo rests."]
    assert not second.has_annotation("SENT_START")


def test_ids_metadata_and_provenance_travel_along(tmp_path: Path) -> None:
    span = Span(0, 3, "PER", note="who?", doubt=True)
    document = new_document(
        "Ana sings", id="d/7", title="Song", meta={"n": [1, {"x": None}]}, tokens=stand_in_tokens("Ana sings")
    )
    annotated = AnnotatedDocument(
        document, (span,), Status.DONE, annotator="ana", provenance=({"uid": "a1"},)
    )
    write([annotated], tmp_path / "out.spacy", options=WriteOptions(provenance=True))
    (doc,) = DocBin(store_user_data=True).from_disk(tmp_path / "out.spacy").get_docs(_nlp.vocab)
    assert doc.user_data["id"] == "d/7"
    assert json.loads(doc.user_data["annotator"]) == {
        "title": "Song",
        "status": "done",
        "meta": {"n": [1, {"x": None}]},
        "annotator": "ana",
        "remarks": [{"start": 0, "end": 3, "label": "PER", "note": "who?", "doubt": True}],
        "provenance": [{"start": 0, "end": 3, "label": "PER", "origin": {"uid": "a1"}}],
    }


def test_misaligned_spans_follow_the_policy(tmp_path: Path) -> None:
    annotated = _document("The Berlin-based envoy", Span(4, 9, "LOC"))
    with pytest.raises(OutputError, match="'Berli' is off the tokens' edges"):
        write([annotated], tmp_path / "out.spacy")
    assert list(tmp_path.iterdir()) == []
    report = write(
        [annotated], tmp_path / "out.spacy", options=WriteOptions(on_misaligned=OnMisaligned.EXPAND)
    )
    assert [ent.text for ent in _docs(tmp_path / "out.spacy")[0].ents] == ["Berlin"]
    assert report.expanded == 1


def test_suggestions_are_not_gold_and_said_to_be_left_out(tmp_path: Path) -> None:
    document = _document("Ana sings").document
    report = write(
        [AnnotatedDocument(document, suggestions=(Suggestion(0, 3, "PER"),))], tmp_path / "out.spacy"
    )
    assert not _docs(tmp_path / "out.spacy")[0].ents
    assert "nobody has decided" in report.problems[0].message


def test_a_lone_surrogate_is_refused_with_the_document(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="holds a lone surrogate, which spaCy cannot"):
        write([_document("a \ud800 b")], tmp_path / "out.spacy")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def foreign(tmp_path: Path):
    """Writes docs as another program would."""

    def save(*docs: Doc) -> Path:
        DocBin(store_user_data=True, docs=docs).to_disk(tmp_path / "foreign.spacy")
        return tmp_path / "foreign.spacy"

    return save


def test_another_programs_docs_are_read(foreign, read_all) -> None:
    annotated, raw, grouped = _nlp("Ana  sings"), _nlp("Bo"), _nlp("Bank of Rome")
    annotated.ents = [SpacySpan(annotated, 0, 1, label="PER", kb_id="Q1")]
    grouped.spans["sc"] = [SpacySpan(grouped, 0, 3, label="ORG"), SpacySpan(grouped, 2, 3, label="LOC")]
    found, report = read_all(foreign(annotated, raw, grouped))
    assert [each.spans for each in found] == [
        (Span(0, 3, "PER", kb_id="Q1"),),
        (),
        (Span(0, 12, "ORG"), Span(8, 12, "LOC")),
    ]
    assert [each.status for each in found] == [Status.DONE, Status.TODO, Status.DONE]
    assert found[0].document.tokens == Tokens([(0, 3), (5, 10)], tokenizer="source")
    assert found[0].document.id == found[0].document.sha256
    assert found[0].document.sentences is None
    assert report.problem_count == 0


def test_offsets_move_with_the_cleaning_of_the_text(foreign, read_all) -> None:
    doc = _nlp("\ufeffAna\r\nsings in\r\nRome")
    doc.ents = [ent for ent in [doc.char_span(doc.text.index("Rome"), len(doc.text), label="LOC")] if ent]
    doc[0].is_sent_start = True
    (annotated,), _ = read_all(foreign(doc))
    text = annotated.document.text
    assert text == "Ana\nsings in\nRome"
    assert [text[span.start : span.end] for span in annotated.spans] == ["Rome"]
    assert annotated.document.tokens is not None
    assert [text[start:end] for start, end in annotated.document.tokens] == ["Ana", "sings", "in", "Rome"]


def test_other_groups_and_ents_beside_a_group_are_noted(foreign, read_all) -> None:
    doc = _nlp("Ana sings")
    doc.ents = [SpacySpan(doc, 0, 1, label="PER")]
    doc.spans["sc"] = [SpacySpan(doc, 0, 2, label="ACT"), SpacySpan(doc, 0, 2, label="ACT")]
    doc.spans["coref"] = [SpacySpan(doc, 0, 1, label="X")]
    (annotated,), report = read_all(foreign(doc))
    assert annotated.spans == (Span(0, 9, "ACT"),)
    assert [problem.message.split(";")[0] for problem in report.problems] == [
        "1 spans of spans['coref'] are left out",
        "1 spans of ents are left out",
        "ACT [0, 9) is there twice",
    ]
    assert annotated.status is Status.STARTED
    (both,), report = read_all(foreign(doc), span_keys=("sc", "coref"))
    assert {span.label for span in both.spans} == {"ACT", "X"}
    assert both.status is Status.DONE


def test_the_only_group_that_has_spans_is_read_whatever_it_is_called(foreign, read_all) -> None:
    doc = _nlp("Ana sings")
    doc.spans["ruler"] = [SpacySpan(doc, 0, 1, label="PER")]
    doc.spans["empty"] = []
    (annotated,), report = read_all(foreign(doc))
    assert annotated.spans == (Span(0, 3, "PER"),)
    assert "those of spans['ruler']" in report.problems[0].message


def test_entities_beside_an_empty_group_are_read(foreign, read_all) -> None:
    doc = _nlp("Ana sings")
    doc.ents = [SpacySpan(doc, 0, 1, label="PER")]
    doc.spans["sc"] = []
    (annotated,), report = read_all(foreign(doc))
    assert (annotated.spans, report.problem_count) == ((Span(0, 3, "PER"),), 0)


def test_a_file_that_unpacks_without_end_is_refused_before_it_fills_memory(written, read_all) -> None:
    packer = zlib.compressobj()
    pieces = [packer.compress(bytes(1 << 24)) for _ in range(20)]
    path = written("bomb.spacy", b"".join(pieces) + packer.flush())
    with pytest.raises(InputError, match=r"unpacks to more than 256 MiB from 0 MiB"):
        read_all(path)


def test_spans_without_a_label_or_with_an_unknown_one_are_told(foreign, read_all) -> None:
    doc = _nlp("Ana sings")
    doc.spans["sc"] = [SpacySpan(doc, 0, 1), SpacySpan(doc, 0, 1, label="ACT")]
    path = foreign(doc)
    with pytest.raises(InputError, match=r"foreign\.spacy: document 1: a span at \[0, 3\) has no label"):
        read_all(path)
    (annotated,), report = read_all(path, on_error="skip", labels={"PER"})
    assert annotated.spans == ()
    assert report.problem_count == 2


@pytest.mark.parametrize(
    "rest", ["not json", "[1]", '{"remarks": [{"start": [], "end": 1, "label": "X"}], "meta": 3}']
)
def test_user_data_that_is_not_ours_does_no_harm(foreign, read_all, rest: str) -> None:
    doc = _nlp("Ana sings")
    doc.user_data["annotator"] = rest
    doc.user_data["id"] = 7
    (annotated,), _ = read_all(foreign(doc), on_error="skip")
    assert annotated.document.meta == {}
    assert annotated.document.id == annotated.document.sha256


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"x\x9c", b"\x00" * 100])
def test_what_is_no_docbin_is_told(written, read_all, content: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.spacy is not a DocBin that spaCy can read") as caught:
        read_all(written("a.spacy", content))
    assert "spaCy 3" in caught.value.hint


def test_half_a_docbin_is_told(tmp_path: Path, written, read_all) -> None:
    write([_document("Ana sings " * 500)], tmp_path / "out.spacy")
    content = (tmp_path / "out.spacy").read_bytes()
    with pytest.raises(InputError, match="is not a DocBin"):
        read_all(written("half.spacy", content[: len(content) // 2]))
