"""JSON of words: GLiNER's training data, and rows of words and tags."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.errors import InputError, UnwritableSpansError
from annotator.formats.choices import OnError, OnMisaligned, Tags
from annotator.formats.exchange import AnnotatedDocument, Part, WriteOptions
from annotator.formats.registry import reader_for, write
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens

TEXT = "Ada Byron met Bo in San José ."
SPANS = (Span(0, 9, "PER"), Span(0, 3, "GIVEN"), Span(20, 28, "LOC"))


def _document(text: str = TEXT, spans: tuple[Span, ...] = SPANS, id: str = "d1") -> AnnotatedDocument:
    return AnnotatedDocument(new_document(text, id=id, tokens=stand_in_tokens(text)), spans, Status.DONE)


def _facts(annotated: AnnotatedDocument) -> list[tuple[str, str]]:
    text = annotated.document.text
    return [(text[span.start : span.end], span.label) for span in annotated.spans]


def test_gliner_counts_words_and_ends_are_inclusive(tmp_path: Path) -> None:
    write([_document()], tmp_path / "out.gliner.json")
    (row,) = json.loads((tmp_path / "out.gliner.json").read_text(encoding="utf-8"))
    assert row["tokenized_text"][:3] == ["Ada", "Byron", "met"]
    assert row["ner"] == [[0, 1, "PER"], [0, 0, "GIVEN"], [5, 6, "LOC"]]


def test_gliner_comes_back(there_and_back) -> None:
    documents = [_document(), _document("Bo .", (), "d2")]
    back, report = there_and_back(documents, "gliner", ".gliner.json")
    assert back == documents
    assert not report.lost


def test_tags_come_back(there_and_back) -> None:
    documents = [_document(spans=SPANS[:1] + SPANS[2:]), _document("Bo .", (), "d2")]
    for tags in Tags:
        back, report = there_and_back(documents, "tokens-jsonl", ".tokens.jsonl", tags=tags)
        assert back == documents
        assert not report.lost


def test_tags_are_those_that_were_asked_for(tmp_path: Path) -> None:
    write([_document(spans=SPANS[:1])], tmp_path / "a.tokens.jsonl", options=WriteOptions(tags=Tags.BILUO))
    row = json.loads((tmp_path / "a.tokens.jsonl").read_text(encoding="utf-8"))
    assert row["ner_tags"] == ["B-PER", "L-PER", "O", "O", "O", "O", "O", "O"]


def test_tags_hold_no_overlaps(tmp_path: Path) -> None:
    with pytest.raises(UnwritableSpansError, match=r"1 span cannot"):
        write([_document()], tmp_path / "a.tokens.jsonl")
    skipping = WriteOptions(on_misaligned=OnMisaligned.SKIP)
    report = write([_document()], tmp_path / "a.tokens.jsonl", options=skipping)
    assert (report.spans, report.skipped) == (2, 1)


@pytest.mark.parametrize("name", ["a.gliner.json", "a.tokens.jsonl", "a.conllu"])
def test_a_document_without_words_is_lost_and_told(tmp_path: Path, name: str) -> None:
    report = write([_document(" ", ()), _document("Bo", (), "d2")], tmp_path / name)
    assert (report.documents, report.lost[Part.DOCUMENT]) == (1, 1)
    assert report.problems[0].message == "has no tokens, and is left out"


@pytest.mark.parametrize(
    "row",
    [
        {"tokenized_text": ["Ada", "Byron", "sings"], "ner": [[0, 1, "person"]]},
        {"tokenized_text": ["Ada", "Byron", "sings"], "ner": [{"start": 0, "end": 1, "label": "person"}]},
        {"tokenized_text": ["Ada", "Byron", "sings"], "ner": [[0.0, 1.0, "person"]], "negatives": ["city"]},
        {"tokens": ["Ada", "Byron", "sings"], "ner": [[0, 1, "person"]]},
        {"words": ["Ada", "Byron", "sings"], "ner": [[0, 1, "person"]]},
    ],
)
@pytest.mark.parametrize("is_array", [True, False])
def test_variants_are_read(written, read_all, row: dict[str, object], is_array: bool) -> None:
    path = written("a.json", json.dumps([row, row | {"id": "x"}] if is_array else row))
    first = read_all(path)[0][0]
    assert (first.document.text, _facts(first)) == ("Ada Byron sings", [("Ada Byron", "person")])
    assert first.status is Status.DONE
    if "negatives" in row:
        assert first.document.meta == {"negatives": ["city"]}


@pytest.mark.parametrize(
    "ner", [[[0, 4, "PER"]], [[2, 1, "PER"]], [[-1, 0, "PER"]], [["a", 1, "PER"]], [[0, 1]]]
)
def test_spans_of_words_that_are_none_are_told(written, read_all, ner: object) -> None:
    path = written("a.json", json.dumps([{"tokenized_text": ["Ada", "Byron", "sings"], "ner": ner}]))
    with pytest.raises(InputError, match=r"a\.json"):
        read_all(path)
    (annotated,), _ = read_all(path, on_error=OnError.SKIP)
    assert annotated.status is not Status.DONE


@pytest.mark.parametrize(
    ("content", "format"),
    [
        ('[{"tokenized_text": ["Ada"], "ner": []}]', "gliner"),
        ('{"tokenized_text": ["Ada"], "ner": []}\n', "gliner"),
        ('{"tokens": ["Ada"], "ner_tags": ["B-PER"]}\n', "tokens-jsonl"),
        ('{"text": "Ada", "tokens": [], "ner_tags": []}\n', "jsonl"),
    ],
)
def test_they_are_told_from_other_json(written, content: str, format: str) -> None:
    assert reader_for(file_source(written("a.jsonl", content))).name == format
    assert reader_for(file_source(written("a", content))).name == format
