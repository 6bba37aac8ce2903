"""Parquet as Hugging Face's datasets have it: ours come back, datasets reads them, and theirs read here."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import InputError, OutputError, UsageError
from annotator.formats.exchange import AnnotatedDocument
from annotator.formats.registry import read, reader_for, write
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from tests.formats.generated import annotated_documents, id_of, span_facts

pyarrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
_options = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=60,
)


@_options
@given(st.lists(annotated_documents(), max_size=3, unique_by=id_of))
def test_documents_tokens_and_spans_come_back(there_and_back, documents: list[AnnotatedDocument]) -> None:
    back, report = there_and_back(documents, "parquet", ".parquet")
    assert [_facts(each) for each in back] == [_facts(each) for each in documents]
    assert [each.document.tokens for each in back] == [each.document.tokens for each in documents]
    assert [set(each.spans) >= set(other.spans) for each, other in zip(documents, back, strict=True)] == [
        True
    ] * len(back)
    assert [set(span_facts(each)) for each in back] == [set(span_facts(each)) for each in documents]
    assert report.documents == len(documents)


def _facts(annotated: AnnotatedDocument) -> tuple[object, ...]:
    document = annotated.document
    return document.id, document.text, document.title, document.meta, annotated.status, annotated.annotator


def _document(text: str, *spans: Span, id: str = "a") -> AnnotatedDocument:
    return AnnotatedDocument(new_document(text, id=id, tokens=stand_in_tokens(text)), spans, Status.DONE)


NESTED = _document("New York Times", Span(0, 14, "ORG"), Span(0, 8, "LOC"), id="b")


def test_datasets_reads_tags_and_spans_as_class_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasets = pytest.importorskip("datasets", reason="the extra oracles is not installed")
    first = _document("Ana 😊 sings in New York", Span(0, 3, "PER"), Span(15, 23, "LOC"))
    report = write([first, NESTED], tmp_path / "train.parquet")
    assert [each.message for each in report.problems] == ["has overlapping spans, and so no ner_tags"]
    found = datasets.Dataset.from_parquet(str(tmp_path / "train.parquet"), cache_dir=str(tmp_path / "cache"))
    tags, labels = found.features["ner_tags"].feature, found.features["spans"].feature["label"]
    assert [tags.int2str(tag) for tag in found[0]["ner_tags"]] == ["B-PER", "O", "O", "O", "B-LOC", "I-LOC"]
    assert found[0]["tokens"] == ["Ana", "😊", "sings", "in", "New", "York"]
    assert found[1]["ner_tags"] is None
    assert [(each["start"], each["end"], labels.int2str(each["label"])) for each in found[1]["spans"]] == [
        (0, 14, "ORG"),
        (0, 8, "LOC"),
    ]
    found.select_columns(["tokens", "ner_tags"]).to_parquet(str(tmp_path / "theirs.parquet"))
    back = list(read([tmp_path / "theirs.parquet"]))
    assert [each.document.text for each in back] == ["Ana 😊 sings in New York", "New York Times"]
    assert span_facts(back[0]) == [(0, 3, "PER", ""), (15, 23, "LOC", "")]


def _table(path: Path, **columns: list[object]) -> Path:
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def test_tags_may_be_words_and_come_in_any_scheme(tmp_path: Path, read_all) -> None:
    path = _table(
        tmp_path / "a.parquet", tokens=[["New", "York", "rocks"]], ner_tags=[["B-LOC", "E-LOC", "O"]]
    )
    (annotated,), report = read_all(path)
    assert (annotated.document.text, annotated.status) == ("New York rocks", Status.DONE)
    assert span_facts(annotated) == [(0, 8, "LOC", "")]
    assert report.problem_count == 0
    assert reader_for(file_source(path.rename(tmp_path / "a"))).name == "parquet"


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"tokens": [["Ana"]], "ner_tags": [[1]]}, "row 1: tag 0 is 1, which is no tag and has no name"),
        ({"tokens": [["Ana"]], "ner_tags": [["O", "O"]]}, "row 1: has 1 tokens and 2 tags"),
        ({"tokens": [["Ana"]], "ner_tags": [["B-X"]]}, "row 1: tag 0: unknown label X"),
        (
            {"text": ["Ana"], "spans": [[{"start": 0, "end": 9, "label": "PER"}]]},
            "[0, 9) is outside the text",
        ),
        ({"text": ["Ana"], "spans": [[{"start": 0, "end": 3, "label": 2}]]}, "or a label without a name"),
        ({"text": ["Ana"], "tokens": [["Bo"]], "spans": [[]]}, "token 0, 'Bo', is not in the text"),
    ],
)
def test_a_broken_row_is_named_or_left_out(
    tmp_path: Path, read_all, columns: dict[str, list[object]], message: str
) -> None:
    path = _table(tmp_path / "a.parquet", **columns)
    with pytest.raises(InputError) as caught:
        read_all(path, labels={"PER"})
    assert message in caught.value.message
    assert "a.parquet: row 1" in caught.value.message
    (annotated,), report = read_all(path, labels={"PER"}, on_error="skip")
    assert annotated.spans == ()
    assert message.removeprefix("row 1: ") in report.problems[0].message


def test_files_without_such_columns_and_broken_files_are_told(tmp_path: Path, read_all, written) -> None:
    with pytest.raises(InputError, match="its columns are words, y"):
        read_all(_table(tmp_path / "a.parquet", words=["x"], y=[1]))
    with pytest.raises(InputError, match="is no parquet file"):
        read_all(written("b.parquet", b"PAR1 and then nothing"))


def test_spans_off_the_tokens_and_surrogates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="off the tokens' edges"):
        write([_document("Ana sings", Span(0, 5, "PER"))], tmp_path / "a.parquet")
    with pytest.raises(OutputError, match="lone surrogate"):
        write([_document("Ana \ud83d")], tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match="parquet needs a library that is not installed: pyarrow") as caught:
        write([], tmp_path / "a.parquet")
    assert caught.value.hint == "pip install 'annotator-tui[parquet]'"
    with pytest.raises(UsageError):
        list(read([written("b.parquet", b"PAR1")]))


def _class_table(path: Path, names: list[str] | None, rows: list[dict[str, object]]) -> Path:
    import json

    import pyarrow.parquet

    table = pyarrow.Table.from_pylist(rows)
    if names is not None:
        feature = {"_type": "Sequence", "feature": {"_type": "ClassLabel", "names": names}}
        info = {"info": {"features": {"ner_tags": feature}}}
        table = table.replace_schema_metadata({b"huggingface": json.dumps(info).encode()})
    pyarrow.parquet.write_table(table, path)
    return path


@pytest.mark.parametrize(
    ("names", "tags"),
    [
        (["O", "person", "location"], [1, 1, 0, 2]),
        (["O", "B-person", "I-person", "B-location"], [1, 2, 0, 3]),
        (None, ["person", "person", "O", "location"]),
        (None, ["B-person", "I-person", "O", "B-location"]),
        (None, ["B_person", "I_person", "O", "B_location"]),
    ],
)
def test_classes_may_have_no_prefix(
    tmp_path: Path, read_all, names: list[str] | None, tags: list[object]
) -> None:
    row = {"tokens": ["Ada", "Byron", "in", "Ulm"], "ner_tags": tags}
    (annotated,), _ = read_all(_class_table(tmp_path / "a.parquet", names, [row]))
    assert span_facts(annotated) == [(0, 9, "person", ""), (13, 16, "location", "")]


def test_an_empty_row_is_told_and_passed_over(tmp_path: Path, read_all) -> None:
    rows: list[dict[str, object]] = [
        {"tokens": ["Ada"], "ner_tags": ["B-PER"]},
        {"tokens": [], "ner_tags": []},
        {"tokens": ["Ulm"], "ner_tags": ["B-LOC"]},
    ]
    found, report = read_all(_class_table(tmp_path / "a.parquet", None, rows))
    assert [each.document.text for each in found] == ["Ada", "Ulm"]
    assert str(report.problems[0]).endswith(
        "a.parquet: row 2: an empty row, without text and tokens, left out"
    )


def test_other_columns_are_metadata_and_spans_under_another_name_are_read_or_told(
    tmp_path: Path, read_all
) -> None:
    words = {"tokens": [["Ana", "left"]], "ner_tags": [["B-PER", "O"]]}
    more = {"lang": ["pt"], "chunk_tags": [["B-NP", "B-VP"]], "day": [date(2026, 12, 1)]}
    ((annotated,), report) = read_all(_table(tmp_path / "a.parquet", **words, **more))
    assert annotated.document.meta == {"lang": "pt", "chunk_tags": ["B-NP", "B-VP"], "day": "2026-12-01"}
    assert (len(annotated.spans), report.problems) == (1, [])
    spans = [[{"start": 0, "end": 3, "label": "PER"}]]
    with pytest.raises(InputError, match='"mentions" holds what looks like annotations'):
        read_all(_table(tmp_path / "b.parquet", **words, mentions=spans))
    ((annotated,), _) = read_all(_table(tmp_path / "c.parquet", text=["Ana left"], entities=spans))
    assert [(span.start, span.end, span.label) for span in annotated.spans] == [(0, 3, "PER")]
    path = _table(tmp_path / "d.parquet", text=["Ana left"], mentions=spans)
    ((annotated,), _) = read_all(path, span_keys=("mentions",))
    assert (len(annotated.spans), annotated.status) == (1, Status.DONE)


def test_columns_of_bytes_are_lost_and_told(tmp_path: Path, read_all) -> None:
    (_, report) = read_all(_table(tmp_path / "a.parquet", text=["Ana left"], image=[b"\x00"]))
    assert (report.lost, report.problems[0].message) == ({"field": 1}, "columns of bytes, left out: image")
