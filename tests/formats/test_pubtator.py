"""PubTator: offsets over title and abstract, concepts, relations, and that it comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError, UnwritableSpansError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read, reader_for, write
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from tests.formats.generated import annotated_documents, id_of

ONE = """\
101|t|Aspirin for ache
101|a|Aspirin helps Mira.
101\t0\t7\tAspirin\tChemical\tD001241
101\t12\t16\tache\tDisease\tD010146|D1\tone|two
101\t31\t35\tMira\tPerson\t-1
101\tCID\tD001241\tD010146

"""


def _facts(annotated: AnnotatedDocument) -> list[tuple[str, str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label, span.kb_id) for span in annotated.spans]


def test_a_document_has_its_title_abstract_annotations_and_concepts(written, read_all) -> None:
    (annotated,), report = read_all(written("a.pubtator", ONE))
    document = annotated.document
    assert (document.id, document.title) == ("101", "Aspirin for ache")
    assert document.text == "Aspirin for ache\nAspirin helps Mira."
    assert _facts(annotated) == [
        ("Aspirin", "Chemical", "D001241"),
        ("ache", "Disease", "D010146|D1"),
        ("Mira", "Person", ""),
    ]
    assert annotated.status is Status.DONE
    assert [each.message for each in report.problems] == ["relations are kept as metadata, not shown: 1"]


def test_the_file_comes_back_with_relations_and_further_columns(written, tmp_path: Path) -> None:
    write(read([written("a.pubtator", ONE)]), tmp_path / "b.pubtator")
    assert (tmp_path / "b.pubtator").read_text(encoding="utf-8") == ONE.replace("\t-1\n", "\n")


@pytest.mark.parametrize(
    "content",
    [
        ONE.replace("\n\n", "\n") + ONE.replace("101", "102"),
        ONE.replace("\n", "\r\n") + "\r\n" + ONE.replace("101", "102"),
        "\ufeff\n" + ONE + "\n\n" + ONE.replace("101", "102"),
    ],
)
def test_documents_are_told_apart_by_their_ids(written, read_all, content: str) -> None:
    found, report = read_all(written("a.pubtator", content))
    assert [each.document.id for each in found] == ["101", "102"]
    assert [len(each.spans) for each in found] == [3, 3]
    assert not report.lost


def test_a_title_alone_is_a_document(written, read_all) -> None:
    found, _ = read_all(written("a.pubtator", "1|t|Ache\n1|a|\n1\t0\t4\tAche\tDisease\n\n2|t|No ache\n"))
    assert [each.document.text for each in found] == ["Ache", "No ache"]
    assert [each.status for each in found] == [Status.DONE, Status.DONE]


def test_a_file_without_annotations_is_to_be_annotated(written, read_all) -> None:
    found, _ = read_all(written("a.pubtator", "1|t|Ache\n1|a|\n\n2|t|No ache\n"))
    assert [each.status for each in found] == [Status.TODO, Status.TODO]


def test_offsets_that_count_bytes_are_found_by_the_words(written, read_all) -> None:
    (annotated,), report = read_all(written("a.pubtator", "1|t|Élan\n1|a|Ache\n1\t6\t10\tAche\tDisease\n"))
    assert _facts(annotated) == [("Ache", "Disease", "")]
    assert "bytes of UTF-8" in report.problems[0].message


@pytest.mark.parametrize(
    "line",
    [
        "101\t0\t99\tAspirin\tChemical",
        "101\t1\t8\tAspirin\tChemical",
        "101\t0\t7\tAspirin\t",
        "101\t0\t7\tAspirin",
        "102\t0\t7\tAspirin\tChemical",
        "101\t-1\t7\tAspirin\tChemical",
        "some words",
        "101\t7\t0\tAspirin\tChemical",
    ],
)
def test_a_broken_line_is_told_with_its_number(written, read_all, line: str) -> None:
    path = written("a.pubtator", ONE.rstrip("\n") + f"\n{line}\n")
    with pytest.raises(InputError, match=r"a\.pubtator:7: "):
        read_all(path)
    (annotated,), report = read_all(path, on_error=OnError.SKIP)
    assert len(annotated.spans) == 3
    assert report.problem_count >= 2


def test_annotations_before_any_title_are_told(written, read_all) -> None:
    with pytest.raises(InputError, match="whose title does not stand before it"):
        read_all(written("a.pubtator", "101\t0\t7\tAspirin\tChemical\n"))


@pytest.mark.parametrize("name", ["a.pubtator", "a.txt", "a"])
def test_it_is_told_from_a_text(written, name: str) -> None:
    assert reader_for(file_source(written(name, ONE))).name == "pubtator"


@pytest.mark.parametrize(
    "span", [Span(0, 3, "a\tb"), Span(0, 3, "A", kb_id="x\ty"), Span(0, 3, "A", kb_id="x\ny")]
)
def test_what_no_column_can_hold_is_refused(tmp_path: Path, span: Span) -> None:
    with pytest.raises(UnwritableSpansError):
        write([AnnotatedDocument(new_document("Ana"), (span,), Status.DONE)], tmp_path / "a.pubtator")


def test_line_ends_that_become_spaces_are_told(tmp_path: Path) -> None:
    document = new_document("A title\nAna\nBo", id="a|b")
    report = write(
        [AnnotatedDocument(document, (Span(12, 14, "PER"),), Status.DONE)], tmp_path / "a.pubtator"
    )
    assert "line ends behind the first one" in report.problems[0].message
    (back,) = read([tmp_path / "a.pubtator"])
    assert (back.document.id, back.document.text) == ("a|b", "A title\nAna Bo")
    assert _facts(back) == [("Bo", "PER", "")]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)
@given(documents=st.lists(annotated_documents(aligned=False), min_size=1, max_size=3, unique_by=id_of))
def test_spans_come_back_at_their_offsets(tmp_path: Path, documents: list[AnnotatedDocument]) -> None:
    assume(all(each.document.text.strip("\n") == each.document.text for each in documents))
    assume(any(each.spans for each in documents))
    write(documents, tmp_path / "a.pubtator")
    for before, after in zip(documents, read([tmp_path / "a.pubtator"]), strict=True):
        assert after.document.text.split() == before.document.text.split()
        assert [(span.start, span.end, span.label, span.kb_id) for span in after.spans] == list(
            dict.fromkeys((span.start, span.end, span.label, span.kb_id) for span in before.spans)
        )
