"""Spans written back into the pages that documents came from, and read from these again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError, OutputError
from annotator.formats.articles.into_source import write_into_source
from annotator.formats.exchange import AnnotatedDocument, Part, Report, WriteOptions
from annotator.formats.registry import read
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span

PAGE = "<html><body><h1>Ada <b>Byr</b>on</h1>\n<p>met Bo &amp; Cy\nin San <i>José</i>.</p></body></html>"
NOTES = "# Ada *Byr*on\n\nmet **Bo &amp; Cy**\nin [San José](x).\n"


def _spans(text: str, *words: str) -> tuple[Span, ...]:
    return tuple(
        Span(text.index(each), text.index(each) + len(each), "X Y", note='a "b" <c>', kb_id="Q1")
        for each in words
    )


def _back(
    folder: Path, documents: list[AnnotatedDocument], sources: Path
) -> tuple[list[AnnotatedDocument], Report]:
    report = Report()
    write_into_source(documents, folder, sources, options=WriteOptions(), report=report)
    return list(read(sorted(folder.rglob("*.*")))), report


@pytest.mark.parametrize(("name", "content"), [("in/a/page.html", PAGE), ("in/notes.md", NOTES)])
def test_spans_come_back_from_the_page(written, tmp_path: Path, name: str, content: str) -> None:
    (before,) = read([written(name, content)])
    spans = _spans(before.document.text, "Ada Byron", "Bo & Cy in San José", "Bo", "San José")
    (after,), report = _back(tmp_path / "out", [replace(before, spans=spans)], tmp_path / "in")
    assert after.document.text == before.document.text
    assert set(after.spans) == set(spans)
    assert (report.documents, report.spans, report.lost.total()) == (1, 4, 0)
    assert (tmp_path / "out" / Path(name).relative_to("in")).is_file()


def test_marks_lie_between_tags_and_nothing_else_changes(written, tmp_path: Path) -> None:
    (before,) = read([written("in/page.html", PAGE)])
    spans = (Span(0, 9, "PER"), Span(15, 22, "PER"))
    _back(tmp_path / "out", [replace(before, spans=spans)], tmp_path / "in")
    page = (tmp_path / "out" / "page.html").read_text(encoding="utf-8")
    first = '<mark data-entity="PER" data-entity-number="1">'
    assert f"<h1>{first}Ada </mark><b>{first}Byr</mark></b>{first}on</mark></h1>" in page
    assert 'met <mark data-entity="PER" data-entity-number="2">Bo &amp; Cy</mark>\nin' in page
    assert page.replace("</mark>", "").replace(first, "").replace(first.replace('"1"', '"2"'), "") == PAGE


def test_marks_of_earlier_spans_go(written, tmp_path: Path) -> None:
    page = '<p><mark data-entity="PER">Ada</mark> <mark>met</mark> <mark data-entity="PER">Bo <i>X</i></mark></p>'
    (before,) = read([written("in/page.html", page)])
    (after,), _ = _back(tmp_path / "out", [replace(before, spans=before.spans[:1])], tmp_path / "in")
    assert after.spans == before.spans[:1]
    written_page = (tmp_path / "out" / "page.html").read_text(encoding="utf-8")
    assert written_page == (
        '<p><mark data-entity="PER" data-entity-number="1">Ada</mark> <mark>met</mark> Bo <i>X</i></p>'
    )


def test_a_page_that_was_changed_or_is_gone_is_told(written, tmp_path: Path) -> None:
    path = written("in/page.html", PAGE)
    (before,) = read([path])
    path.write_text(PAGE + " ", encoding="utf-8")
    report = Report()
    write_into_source([before], tmp_path / "out", tmp_path / "in", options=WriteOptions(), report=report)
    assert (report.documents, report.lost[Part.DOCUMENT]) == (0, 1)
    assert "was changed since" in report.problems[0].message


@pytest.mark.parametrize(
    "kept",
    [
        None,
        7,
        {"runs": "x"},
        {"runs": [1, 2]},
        {"runs": [0, -1, 3]},
        {"runs": [5, 0, 1, 0, 0, 1]},
        {"runs": [0, 0, 3], "encoding": "zip", "sha256": 1},
    ],
)
def test_a_document_with_no_map_that_fits_is_told(written, tmp_path: Path, kept: object) -> None:
    written("in/page.html", PAGE)
    meta = {} if kept is None else {"_source_map": kept}
    document = AnnotatedDocument(new_document("Ada", meta=meta), (Span(0, 3, "PER"),), Status.DONE)
    report = Report()
    write_into_source([document], tmp_path / "out", tmp_path / "in", options=WriteOptions(), report=report)
    assert report.lost[Part.DOCUMENT] == 1


def test_a_folder_that_is_not_empty_is_not_written_over(written, tmp_path: Path) -> None:
    (before,) = read([written("in/page.html", PAGE)])
    with pytest.raises(OutputError, match="is there already"):
        write_into_source([before], tmp_path / "in", tmp_path / "in", options=WriteOptions(), report=Report())
    with pytest.raises(InputError):
        write_into_source(
            [before], tmp_path / "out", tmp_path / "none", options=WriteOptions(), report=Report()
        )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.data(), name=st.sampled_from(["page.html", "notes.md"]))
def test_any_spans_come_back(tmp_path_factory, data: st.DataObject, name: str) -> None:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "in").mkdir()
    path = folder / "in" / name
    path.write_text(PAGE if name == "page.html" else NOTES, encoding="utf-8")
    (before,) = read([path])
    text = before.document.text
    places = data.draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12)), max_size=5))
    spans = {
        Span(start, end, "X")
        for start, length in places
        if (end := min(start + length, len(text))) > start and text[start:end].strip() == text[start:end]
    }
    (after,), _ = _back(folder / "out", [replace(before, spans=tuple(spans))], folder / "in")
    assert (after.document.text, set(after.spans)) == (text, spans)
