"""WebAnno TSV 3: INCEpTION's own cases, the layers that are read, and what is written."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.errors import InputError, OutputError
from annotator.formats.exchange import AnnotatedDocument, WriteOptions
from annotator.formats.registry import read, write
from annotator.formats.utf16 import Utf16
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from tests.formats.generated import annotated_documents, span_facts

HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value\n\n\n"
_ELSEWHERE = re.compile(
    "Token|Sentence|DocumentMeta|POS|Lemma|Stem|Morph|Relation|Link|Dependency|SurfaceForm"
)
_AT_TOKENS = "WhitespaceAtStart Whitespace WhitespaceAtEnd IsMovedToEndOfLastToken".split()
"""Cases in which the format itself moves spans to tokens and cuts what is behind the last one."""


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(annotated_documents(aligned=False, statuses=(Status.DONE,)))
def test_text_spans_and_sentences_come_back(there_and_back, annotated: AnnotatedDocument) -> None:
    (back,), report = there_and_back([annotated], "webanno-tsv", on_misaligned="skip")
    text = annotated.document.text
    held = [
        facts for facts in span_facts(annotated, kb_ids=True) if not _is_spaced(text[facts[0] : facts[1]])
    ]
    assert (back.document.text, back.document.id) == (text, annotated.document.id)
    assert set(span_facts(back)) == {(*facts[:3], "") for facts in held}
    assert set(span_facts(back, kb_ids=True)) <= set(held)
    assert report.spans + report.skipped == len(annotated.spans)
    if annotated.document.sentences is not None:
        assert back.document.sentences == annotated.document.sentences


def _is_spaced(words: str) -> bool:
    return words[0].isspace() or words[-1].isspace()


def test_all_75_cases_read_with_the_texts_and_spans_of_their_xmi(external: Path) -> None:
    cases = sorted((external / "webanno-tsv3").glob("*/reference.tsv"))
    assert len(cases) == 75
    compared = 0
    for case in cases:
        (annotated,) = read([case])
        xmi = case.with_suffix(".xmi")
        if not xmi.exists():
            continue
        elements = list(ET.parse(xmi).getroot())
        text = next(each.get("sofaString", "") for each in elements if each.tag.endswith("}Sofa"))
        assert annotated.document.text.rstrip() == text.rstrip(), case
        if case.parent.name.endswith(tuple(_AT_TOKENS)):
            continue
        point = Utf16(text).point
        places = {
            (point(int(each.get("begin", ""))), point(int(each.get("end", ""))))
            for each in elements
            if each.get("begin") != each.get("end") and not _ELSEWHERE.search(each.tag)
        }
        hosts = {
            (span.start, span.end) for span in annotated.spans if "Host" in span.label or "val" in span.label
        }
        assert {(span.start, span.end) for span in annotated.spans} - hosts <= places | hosts, case
        assert places <= {(span.start, span.end) for span in annotated.spans}, case
        compared += 1
    assert compared > 60


def test_a_span_ends_with_the_last_row_that_has_its_number(written, read_all) -> None:
    rows = "1-1\t0-3\tAna\tPER[1]|TEAM[2]\t\n1-2\t4-6\tBo\tPER[1]|TEAM[2]\t\n1-3\t7-9\tsi\tTEAM[2]\t\n1-3.1\t7-8\ts\tX\t\n"
    (annotated,), report = read_all(written("a.tsv", f"{HEAD}#Text=Ana Bo si\n{rows}"))
    assert span_facts(annotated) == [(0, 6, "PER", ""), (0, 9, "TEAM", ""), (7, 8, "X", "")]
    assert annotated.status is Status.DONE
    assert report.problem_count == 0


def test_relations_chains_and_layers_of_tokens_are_counted_and_left_out(written, read_all) -> None:
    head = (
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Lemma|value\n"
        "#T_SP=webanno.custom.Span|value\n#T_RL=webanno.custom.Rel|value|BT_webanno.custom.Span\n\n\n"
    )
    (annotated,), report = read_all(written("a.tsv", f"{head}#Text=Ana\n1-1\t0-3\tAna\tana\tPER\tx\t1-1\t\n"))
    assert span_facts(annotated) == [(0, 3, "PER", "")]
    assert [problem.message for problem in report.problems] == [
        "annotations of Lemma, left out: 1",
        "relations of Rel, left out: 1",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1-1\t0-3\tBob\t_\t", "the token 'Bob' is not what the text holds at 0-3"),
        ("1-1\t0-3\tAna", "is no row of 4 columns"),
        ("1-1\tx-3\tAna\t_\t", "is no row of 4 columns"),
        ("1-1\t0-3\tAna\tPER\t", "Span: unknown label PER"),
        ("1-1\t0-30\tAna\t_\t", "the token 'Ana' is not what the text holds at 0-30"),
    ],
)
def test_a_broken_row_is_named_or_left_out(written, read_all, line: str, message: str) -> None:
    path = written("a.tsv", f"{HEAD}#Text=Ana si\n{line}\n1-2\t4-6\tsi\t_\t\n")
    with pytest.raises(InputError) as caught:
        read_all(path, labels={"LOC"})
    assert f"a.tsv:6: {message}" in caught.value.message
    (annotated,), report = read_all(path, labels={"LOC"}, on_error="skip")
    assert annotated.spans == ()
    assert [problem.place.rpartition("/")[2] for problem in report.problems] == ["a.tsv:6"]
    assert message in report.problems[0].message


def test_what_is_written_says_tokens_parts_and_stacked_spans(tmp_path: Path) -> None:
    text = "Ana 😊 votes."
    spans = (Span(0, 3, "PER", kb_id="Q1"), Span(0, 5, "A|B"), Span(6, 8, "_"))
    document = new_document(text, id="d", tokens=stand_in_tokens(text))
    write([AnnotatedDocument(document, spans)], tmp_path / "out", format="webanno-tsv")
    lines = (tmp_path / "out" / "d.tsv").read_text().split("\n")
    assert lines[4:] == [
        "#Text=Ana 😊 votes.",
        "1-1\t0-3\tAna\t*[1]|Q1[2]\tA\\|B[1]|PER[2]\t",
        "1-2\t4-6\t😊\t*[1]\tA\\|B[1]\t",
        "1-3\t7-12\tvotes\t_\t_\t",
        "1-3.1\t7-9\tvo\t*\t\\_\t",
        "1-4\t12-13\t.\t_\t_\t",
        "",
    ]


def test_one_file_holds_one_document_and_a_folder_many(tmp_path: Path, read_all) -> None:
    documents = [
        AnnotatedDocument(new_document(text, tokens=stand_in_tokens(text))) for text in ("Ana", "Bo")
    ]
    with pytest.raises(OutputError, match="holds one document") as caught:
        write(documents, tmp_path / "a.tsv", format="webanno-tsv")
    assert "folder" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
    write(documents, tmp_path / "out", format="webanno-tsv")
    found, _ = read_all(tmp_path / "out", format="webanno-tsv")
    assert {each.document.id for each in found} == {each.document.id for each in documents}
    with pytest.raises(OutputError, match="is there already"):
        write(documents, tmp_path / "out", format="webanno-tsv")


def test_what_has_no_place_is_reported(tmp_path: Path) -> None:
    text = "Ana votes"
    spans = (Span(0, 3, "PER", note="?", doubt=True), Span(3, 9, "X"), Span(4, 9, "a\rb"))
    annotated = AnnotatedDocument(new_document(text, id="d", tokens=stand_in_tokens(text)), spans)
    report = write(
        [annotated], tmp_path / "out", format="webanno-tsv", options=WriteOptions(on_misaligned="skip")
    )
    assert (report.spans, report.skipped) == (1, 2)
    assert [problem.message for problem in report.problems][-1] == "not written are notes: 1, doubts: 1"


def test_what_a_reader_puts_between_sentences_is_not_written_twice(tmp_path: Path) -> None:
    text = "Ana votes.\n  Bo rests.\n\nThey sing."
    document = new_document(text, id="d", tokens=stand_in_tokens(text))
    write([AnnotatedDocument(document)], tmp_path / "d.tsv", format="webanno-tsv")
    lines = (tmp_path / "d.tsv").read_text().split("\n")
    said = [line for line in lines if line.startswith("#Text=")]
    assert said == ["#Text=Ana votes.", "#Text=Bo rests.", "#Text=", "#Text=They sing."]
    (back,) = read([tmp_path / "d.tsv"])
    assert back.document.text == text
