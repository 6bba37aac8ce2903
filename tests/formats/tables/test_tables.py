"""Tables of tokens, texts and spans, as CSV, TSV and XLSX: what comes in, and that what goes out comes back."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import EncodingError, InputError, OutputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, Part
from annotator.formats.registry import read, reader_for, write
from annotator.formats.sources import file_source
from annotator.formats.tables.columns import OUR_COLUMNS
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from tests.formats.generated import annotated_documents, id_of

KAGGLE = """\
Sentence #,Word,POS,Tag
Sentence: 1,Mira,NNP,B-per
,Tannen,NNP,I-per
,"\"\"\",``,O
,"1,000",CD,O
Sentence: 2,Tam,NNP,B-per
,=,NNP,O
"""


def _facts(annotated: AnnotatedDocument) -> list[tuple[str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label) for span in annotated.spans]


def _messages(report) -> str:
    return "\n".join(map(str, report.problems))


def _workbook(path: Path, *sheets: list[list[object]]) -> Path:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra office is not installed")
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


# Tokens


def test_kaggles_table_has_its_tokens_sentences_and_tags(written, read_all) -> None:
    (annotated,), report = read_all(written("ner.csv", KAGGLE))
    assert annotated.document.text == 'Mira Tannen " 1,000\nTam ='
    assert annotated.document.sentences == (0, 20)
    assert _facts(annotated) == [("Mira Tannen", "per"), ("Tam", "per")]
    assert annotated.status is Status.DONE
    assert "tokens are taken from column 2, tags from column 4" in _messages(report)


def test_latin_1_is_named_and_read(written, read_all) -> None:
    path = written("ner.csv", KAGGLE.replace("Mira", "Mirá").encode("latin-1"))
    with pytest.raises(EncodingError) as caught:
        read_all(path)
    assert "--encoding latin-1" in caught.value.hint
    (annotated,), _ = read_all(path, encoding="latin-1")
    assert annotated.document.text.startswith("Mirá Tannen")


@pytest.mark.parametrize(
    ("content", "options"),
    [
        ("Word;Tag\nAna;B-PER\nsings;O\n", {}),
        ("Ana,B-PER\nsings,O\n", {}),
        ("1,Ana,B-PER\n2,sings,O\n", {}),
        ("a,b,c\nB-PER,x,Ana\nO,y,sings\n", {"token_column": "c", "label_columns": ("a",)}),
        ("Ana|PERSON\nsings|O\n", {}),
        ("sep=;\nword;ner\nAna;B-PER\nsings;O\n", {}),
        ("Word,Tag\r\nAna,B-PER\r\nsings,O\r\n", {}),
    ],
)
def test_tokens_and_tags_are_found_in_any_columns(written, read_all, content: str, options) -> None:
    (annotated,), _ = read_all(written("a.csv", content), **options)
    assert annotated.document.text == "Ana sings"
    assert len(annotated.spans) == 1


def test_rows_of_tokens_are_grouped_by_document_and_by_number(written, read_all) -> None:
    by_document = "doc_id,word,tag\nd1,Ana,B-PER\nd1,sings,O\nd2,Bo,B-PER\n"
    found, _ = read_all(written("a.csv", by_document))
    assert [(each.document.id, each.document.text) for each in found] == [("d1", "Ana sings"), ("d2", "Bo")]
    found, _ = read_all(written("b.csv", KAGGLE), group=1)
    assert [each.document.text for each in found] == ['Mira Tannen " 1,000', "Tam ="]


def test_a_tag_that_is_none_is_an_error_with_its_line(written, read_all) -> None:
    path = written("a.csv", "word,tag\nAna,B-PER\nsings,\nBo,O\nx,B-\n")
    with pytest.raises(InputError, match=r"a\.csv:3: '' is not a tag"):
        read_all(path)
    (annotated,), report = read_all(path, on_error=OnError.SKIP)
    assert annotated.status is Status.STARTED
    assert report.problem_count >= 2


# Texts


def test_rows_of_texts_take_ids_titles_and_the_rest_as_metadata(written, read_all) -> None:
    path = written("a.csv", 'id;title;text;year\n7;A title;"Ana sings; Bo, too";2020\n8;;-Bo;\n')
    (first, second), report = read_all(path)
    assert (first.document.id, first.document.title) == ("7", "A title")
    assert (first.document.text, dict(first.document.meta)) == ("Ana sings; Bo, too", {"year": "2020"})
    assert (second.document.text, second.document.meta, second.status) == ("-Bo", {}, Status.TODO)
    assert "texts are taken from text, ids from id" in _messages(report)


def test_without_a_known_name_the_longest_texts_are_taken_and_told(written, read_all) -> None:
    path = written(
        "a.csv", "n,what,grund\n1,x,Ana sings in the choir of Porto\n2,y,Bo does not sing at all\n"
    )
    found, report = read_all(path)
    assert [each.document.text for each in found] == [
        "Ana sings in the choir of Porto",
        "Bo does not sing at all",
    ]
    assert "texts are taken from grund" in _messages(report)


def test_columns_are_chosen_by_name_or_number(written, read_all) -> None:
    path = written("a.csv", "key,text,other\na,one,uno dos\nb,two,tres\n")
    found, _ = read_all(path, text_column="other", id_column=0)
    assert [(each.document.id, each.document.text) for each in found] == [("a", "uno dos"), ("b", "tres")]
    assert found[0].document.meta == {"text": "one"}
    with pytest.raises(InputError, match="there is no column body"):
        read_all(path, text_column="body")
    with pytest.raises(InputError, match="--text-column 9 is no column"):
        read_all(path, text_column=9)


@pytest.mark.parametrize(
    "cell",
    ['[[0, 3, "PER"]]', "[(0, 3, 'PER')]", '{"PER": [[0, 3]]}', '[{"start": 0, "end": 3, "label": "PER"}]'],
)
def test_spans_that_a_cell_spells_out_are_read(written, read_all, tmp_path: Path, cell: str) -> None:
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["text", "entities"], ["Ana sings", cell]])
    (annotated,), _ = read_all(tmp_path / "a.csv")
    assert (_facts(annotated), annotated.status) == ([("Ana", "PER")], Status.DONE)


@pytest.mark.parametrize("tags", ["B-PER O", "B-PER,O", "['B-PER', 'O']", '["B-PER", "O"]'])
def test_a_column_with_a_tag_for_each_word_is_read(written, read_all, tmp_path: Path, tags: str) -> None:
    others = tags.replace("B-PER", "O")
    with (tmp_path / "a.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["sentence", "word_labels"], ["Ana sings", tags], ["Bo too", others]])
    found, _ = read_all(tmp_path / "a.csv")
    assert [(each.document.text, _facts(each), each.status) for each in found] == [
        ("Ana sings", [("Ana", "PER")], Status.DONE),
        ("Bo too", [], Status.DONE),
    ]


def test_tags_that_are_not_one_a_word_are_an_error(written, read_all) -> None:
    with pytest.raises(InputError, match='"tags" holds what looks like annotations'):
        read_all(written("a.csv", "sentence,tags\nAna sings well,B-PER O\n"))


def test_rows_of_words_and_tags_are_read_without_a_text(written, read_all) -> None:
    content = 'tokens,ner_tags\n"[""Ana"", ""sings in Porto""]","[""B-PER"", ""O""]"\n'
    (annotated,), _ = read_all(written("a.csv", content))
    assert (annotated.document.text, _facts(annotated)) == ("Ana sings in Porto", [("Ana", "PER")])


def test_excels_unicode_text_is_read_in_its_encoding(written, read_all) -> None:
    (annotated,), _ = read_all(
        written("a.tsv", "id\ttext\r\n1\tAna sings\r\n".encode("utf-16")), encoding="utf-16"
    )
    assert (annotated.document.id, annotated.document.text) == ("1", "Ana sings")


def test_spans_under_a_column_that_nobody_reads_are_an_error(written, read_all) -> None:
    path = written("a.csv", 'text,certain\nAna sings,"[(0, 3, ""PER"")]"\n')
    with pytest.raises(InputError, match='"certain" holds what looks like annotations'):
        read_all(path)
    (annotated,), report = read_all(path, span_keys=("certain",))
    assert _facts(annotated) == [("Ana", "PER")]
    (annotated,), report = read_all(path, on_error=OnError.SKIP)
    assert annotated.status is not Status.DONE
    assert not report.lost


def test_a_row_without_a_text_is_told(written, read_all) -> None:
    path = written("a.csv", "id,text\n1,Ana sings\n2,\n3,Bo\n")
    with pytest.raises(InputError, match=r"a\.csv:3: holds no text"):
        read_all(path)
    found, report = read_all(path, on_error=OnError.SKIP)
    assert [each.document.id for each in found] == ["1", "3"]
    assert "a.csv:3: holds no text in the column text; the row is left out" in _messages(report)


def test_a_row_with_more_cells_than_columns_is_broken(written, read_all) -> None:
    path = written("a.csv", "id,text\n1,Ana sings\n2,Bo, who sings\n3,Cy\n")
    with pytest.raises(InputError, match=r"a\.csv:3: has 3 cells, and there are 2 columns"):
        read_all(path)
    found, report = read_all(path, on_error=OnError.SKIP)
    assert [each.document.text for each in found] == ["Ana sings", "Cy"]
    assert report.problems[-1].loses is Part.DOCUMENT


def test_a_table_of_neither_is_refused_with_its_columns(written, read_all) -> None:
    with pytest.raises(
        InputError, match=r"no column of texts, and none of tokens and tags: a \(1, 3\)"
    ) as caught:
        read_all(written("a.csv", "a,b\n1,2\n3,4\n"))
    assert "--text-column" in caught.value.hint
    with pytest.raises(InputError, match="holds no rows"):
        read_all(written("b.csv", "\n\n"))


@pytest.mark.parametrize("content", ['text,n\n"Ana', 'text,n\n"Ana"x,1\n', "text,n\n" + '"' * 999])
def test_broken_quotes_are_told_with_their_line(written, read_all, content: str) -> None:
    with pytest.raises(InputError, match=r"a\.csv:2: is no row of a table"):
        read_all(written("a.csv", content))


def test_cells_longer_than_python_reads_by_default(written, read_all) -> None:
    long = "Ana sings. " * 20_000
    (annotated,), _ = read_all(written("a.csv", f"id,text\n1,{long}\n"))
    assert annotated.document.text == long
    with pytest.raises(InputError, match="holds more than 8,000 characters"):
        read_all(written("b.csv", f"id,text\n1,{long}\n"), size_limit=1000)


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.tsv", "id\ttext\n1\tAna sings\n", "tsv"),
        ("a.tsv", "word\ttag\nAna\tB-PER\n", "conll"),
        ("a.tsv", "Ana\tB-PER\n", "conll"),
        ("a.txt", "id,text\n1,Ana sings\n", "csv"),
        ("a.txt", "Text, they say\nis, in lines, text\nor is it?\n", "text"),
        ("a", "word,tag\nAna,B-PER\n", "csv"),
        ("a.csv", "anything", "csv"),
    ],
)
def test_a_table_is_told_from_its_first_lines(written, name: str, content: str, format: str) -> None:
    assert reader_for(file_source(written(name, content))).name == format


# Spans

_DOCUMENTS = [
    AnnotatedDocument(
        new_document("=Ana, -Bo\r and\nCy", id="-d1", title="+t", meta={"n": [1], "s": "=x"}),
        (Span(1, 9, "ORG"), Span(1, 4, "@PER", note="'=sure?", doubt=True, kb_id="+Q1"), Span(6, 9, "=")),
        Status.DONE,
        annotator="ana",
    ),
    AnnotatedDocument(new_document("no spans", id="d2"), status=Status.DONE),
    AnnotatedDocument(new_document("", id="d3"), status=Status.SKIPPED),
]


@pytest.mark.parametrize("format", ["csv", "tsv", "xlsx"])
def test_what_is_written_comes_back(there_and_back, format: str) -> None:
    if format == "xlsx":
        pytest.importorskip("openpyxl", reason="the extra office is not installed")
    back, report = there_and_back(_DOCUMENTS, format, f".{format}")
    assert back == _DOCUMENTS
    assert not report.lost


def test_no_cell_begins_as_a_formula_does(tmp_path: Path) -> None:
    write(_DOCUMENTS, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == list(OUR_COLUMNS)
    assert len(rows) == 6
    assert all(cell[:1] not in (*"=+-@\t\r",) or not cell for row in rows for cell in row)


def test_a_workbook_holds_texts_where_they_look_like_formulas(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="the extra office is not installed")
    write(_DOCUMENTS, tmp_path / "out.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    types = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert types == {"s", "inlineStr", "n"} & types
    assert "f" not in types
    assert sheet["M2"].value.startswith("=Ana")


_options = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)


@pytest.mark.parametrize("format", ["csv", "tsv", "xlsx"])
@_options
@given(documents=st.lists(annotated_documents(aligned=False), max_size=3, unique_by=id_of))
def test_every_document_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str, documents: list[AnnotatedDocument]
) -> None:
    if format == "xlsx":
        pytest.importorskip("openpyxl", reason="the extra office is not installed")
    monkeypatch.setattr(os, "fsync", lambda _: None)
    documents = [
        AnnotatedDocument(
            replace(each.document, tokens=None, sentences=None),
            each.spans,
            each.status,
            annotator=each.annotator,
        )
        for each in documents
    ]
    path = tmp_path / {"csv": "out.csv", "tsv": "out.spans.tsv", "xlsx": "out.xlsx"}[format]
    write(documents, path)
    assert list(read([path])) == documents


def test_rows_may_be_sorted_anew(written, tmp_path: Path, read_all) -> None:
    write(_DOCUMENTS[:2], tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    lines = io.StringIO()
    csv.writer(lines).writerows([header, *reversed(rows)])
    found, _ = read_all(written("sorted.csv", lines.getvalue()))
    assert {each.document.id: each.spans for each in found} == {
        each.document.id: each.spans for each in _DOCUMENTS[:2]
    }


def test_spans_alone_need_a_text_that_is_known(written, read_all) -> None:
    path = written("spans.csv", "doc_id,start,end,label,text\nd1,0,3,PER,Ana\nd1,4.0,9.0,ACT,sings\n")
    with pytest.raises(
        InputError, match="holds spans of the document 'd1', whose text is neither here nor known"
    ) as caught:
        read_all(path)
    assert "import the documents" in caught.value.hint
    (annotated,), _ = read_all(path, text_of={"d1": "Ana sings"}.get)
    assert (annotated.document.id, annotated.document.text) == ("d1", "Ana sings")
    assert _facts(annotated) == [("Ana", "PER"), ("sings", "ACT")]
    with pytest.raises(InputError, match="holds 'Bob', not 'Ana' as the file says"):
        read_all(path, text_of={"d1": "Bob sings"}.get)


@pytest.mark.parametrize(
    "content",
    [
        "id,text,start,end,label\n1,Ana sings,0,3,PER\n1,Ana sings,4,9,ACT\n",
        "text,start,end,label\nAna sings,0,3,PER\n,4,9,ACT\n",
        "sentence,text,start_offset,end_offset,tag\nAna sings,Ana,0,3,PER\nAna sings,sings,4,9,ACT\n",
        "begin;stop;entity_type;content\n0;3;PER;Ana sings\n4;9;ACT;Ana sings\n",
    ],
)
def test_tables_of_spans_by_others_have_their_texts_in_a_column(written, read_all, content: str) -> None:
    (annotated,), _ = read_all(written("a.csv", content))
    assert annotated.document.text == "Ana sings"
    assert _facts(annotated) == [("Ana", "PER"), ("sings", "ACT")]


@pytest.mark.parametrize("row", ["d1,x,3,PER", "d1,0,99,PER", "d1,3,3,PER", "d1,-1,3,PER", "d1,0,3,"])
def test_a_span_that_is_none_is_an_error_with_its_line(written, read_all, row: str) -> None:
    path = written("a.csv", f"doc,start,end,label\nd1,0,3,PER\n{row}\n")
    text_of = {"d1": "Ana sings"}.get
    with pytest.raises(InputError, match=r"a\.csv:3"):
        read_all(path, text_of=text_of)
    (annotated,), _ = read_all(path, text_of=text_of, on_error=OnError.SKIP)
    assert (_facts(annotated), annotated.status) == ([("Ana", "PER")], Status.STARTED)


def test_one_document_with_two_texts_is_refused(written, read_all) -> None:
    path = written("a.csv", "id,text,start,end,label\n1,Ana sings,0,3,PER\n1,Bob sings,0,3,PER\n")
    with pytest.raises(InputError, match="'1' has another text here than in"):
        read_all(path)


# Workbooks


def test_each_sheet_that_holds_anything_is_read(read_all, tmp_path: Path) -> None:
    path = _workbook(
        tmp_path / "a.xlsx",
        [["id", "text", "n"], [1, "Ana sings", 2.5], [2, "Bo", "=1+1"]],
        [],
        [["word", "tag"], ["Ana", "B-PER"], ["sings", "O"]],
    )
    found, report = read_all(path)
    assert [each.document.text for each in found] == ["Ana sings", "Bo", "Ana sings"]
    assert dict(found[0].document.meta) == {"n": "2.5"}
    assert _facts(found[-1]) == [("Ana", "PER")]
    assert "formulas" in _messages(report)


def test_a_long_text_goes_on_in_the_cells_below(there_and_back) -> None:
    pytest.importorskip("openpyxl", reason="the extra office is not installed")
    text = "Ana sings 🎵. " * 4000
    documents = [AnnotatedDocument(new_document(text, id="d"), (Span(0, 3, "PER"),), Status.DONE)]
    back, _ = there_and_back(documents, "xlsx", ".xlsx")
    assert back == documents


def test_a_note_that_no_cell_holds_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl", reason="the extra office is not installed")
    documents = [AnnotatedDocument(new_document("Ana"), (Span(0, 3, "PER", note="x" * 40_000),), Status.DONE)]
    with pytest.raises(OutputError, match="a value of 40,000 characters, too long for a cell"):
        write(documents, tmp_path / "a.xlsx")


def _zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">%s]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>"""
    % b"".join(b'<!ENTITY l%d "%s">' % (index, b"&l%d;" % (index - 1) * 30) for index in range(1, 10))
)
_OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>"""


@pytest.mark.parametrize("sheet", [_LAUGHS, _OUTSIDE, b"<worksheet", b"", b"<a/>"])
def test_a_workbook_with_a_hostile_sheet_is_refused_or_empty(read_all, tmp_path: Path, sheet: bytes) -> None:
    parts = _parts(_workbook(tmp_path / "a.xlsx", [["id", "text"], [1, "Ana sings"]]))
    parts["xl/worksheets/sheet1.xml"] = sheet
    try:
        found, _ = read_all(_zip(tmp_path / "b.xlsx", parts))
    except InputError:
        return
    assert found == []


def test_a_workbook_that_unpacks_to_too_much_is_refused(read_all, tmp_path: Path) -> None:
    parts = _parts(_workbook(tmp_path / "a.xlsx", [["id", "text"], [1, "Ana sings"]]))
    parts["xl/worksheets/sheet1.xml"] = b" " * 10_000_000
    with pytest.raises(InputError, match="holds more than"):
        read_all(_zip(tmp_path / "b.xlsx", parts), size_limit=100_000)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_workbook_is_told(written, read_all, content: bytes) -> None:
    pytest.importorskip("openpyxl", reason="the extra office is not installed")
    with pytest.raises(InputError, match="no XLSX workbook"):
        read_all(written("a.xlsx", content))
