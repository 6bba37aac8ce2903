"""Losses are computed from the fields of the models: nothing can be dropped in silence, no new field be forgotten."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from annotator.formats import formats_table, losses
from annotator.formats.exchange import AnnotatedDocument, Part, Report, TokensOf, WriteOptions
from annotator.formats.formats_table import FORMATS, Format
from annotator.formats.losses import FIELDS, LossCounter, Weight, model_fields
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.documents import Document, text_hash
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import stand_in_tokens

TEXT = "Ana Silva votes in Porto."
FULL = AnnotatedDocument(
    document=Document(
        id="d1",
        text=TEXT,
        title="A title",
        meta={"page": 3},
        tokens=stand_in_tokens(TEXT),
        sentences=(0,),
    ),
    spans=(Span(0, 9, "PER", note="sure?", doubt=True, kb_id="Q1"),),
    status=Status.STARTED,
    rejected=(Suggestion(10, 15, "PER"),),
    suggestions=(Suggestion(19, 24, "LOC", "pattern", 0.5, "p1", "GPE"),),
    annotator="ada",
    provenance=({"uid": "1"},),
    is_gold=True,
)
"""A document in which every field of every model says something."""


def test_every_field_of_every_model_is_declared() -> None:
    assert {path for path, _ in model_fields()} == set(FIELDS)


def test_the_full_document_has_every_field() -> None:
    report = Report()
    LossCounter((), report).count(FULL)
    expected = {path for path, field in FIELDS.items() if field.weight is not Weight.ESSENTIAL}
    assert set(report.losses) == expected


def test_a_format_that_drops_everything_is_told_of_in_every_field(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def drop(
        documents: Iterable[AnnotatedDocument],
        target: Path | None,
        tokens: TokensOf | None,
        options: WriteOptions,
        report: Report,
    ) -> None:
        for annotated in documents:
            report.count(annotated.document, spans=len(annotated.spans))

    nothing = Format(
        name="nothing", description="", suffixes=(".none",), sniff=lambda head: False, write=drop
    )
    monkeypatch.setitem(formats_table.FORMATS, "nothing", nothing)
    report = write([FULL], tmp_path / "a.none")
    declared = {path for path, field in FIELDS.items() if field.weight is not Weight.ESSENTIAL}
    assert set(report.losses) == declared
    assert report.lost == {Part.FIELD: 1}
    content = [field.name for field in FIELDS.values() if field.weight is Weight.CONTENT]
    assert content[:3] == ["notes", "doubts", "knowledge base ids"]
    assert report.problems[0].message == f"not written are {', '.join(f'{name}: 1' for name in content)}"


def test_a_new_field_of_a_model_is_lost_until_it_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclasses.dataclass(frozen=True)
    class Coloured(Span):
        colour: str = ""

    Coloured.__name__ = "Span"
    monkeypatch.setattr(losses, "MODELS", (AnnotatedDocument, Document, Coloured, Suggestion))
    assert {path for path, _ in model_fields()} - set(FIELDS) == {"Span.colour"}
    report = Report()
    annotated = dataclasses.replace(FULL, spans=(Coloured(0, 9, "PER", colour="red"),))
    for format in FORMATS.values():
        if format.write is not None:
            LossCounter(format.holds, report).count(annotated)
            assert report.losses.pop("Span.colour").count == 1, format.name


def test_what_is_held_has_names_for_people() -> None:
    held = {losses.OVERLAPS, losses.NOTES, losses.TITLES, losses.PROVENANCE}
    assert losses.held_names(held) == ["titles", "notes", "overlaps"]


def test_no_loss_is_told_of_what_the_text_gives_again() -> None:
    report = Report()
    document = Document(text_hash(TEXT), TEXT, TEXT, meta={"source": "a.txt"})
    LossCounter((), report).count(AnnotatedDocument(document, (Span(0, 9, "PER"),), Status.DONE))
    assert not report.losses
    assert not report.lost


def test_what_an_option_allows_is_told_but_no_failure(tmp_path: Path) -> None:
    options = WriteOptions(allows_loss=True)
    report = write([FULL], tmp_path / "a.doccano.jsonl", options=options)
    assert report.problems
    assert not report.lost.total()


def test_metadata_under_keys_that_a_format_holds_is_no_loss() -> None:
    report = Report()
    document = Document("d", TEXT, TEXT, meta={"url": "https://a.example"})
    counter = LossCounter({f"{losses.META}.url"}, report)
    counter.count(AnnotatedDocument(document))
    assert losses.META not in report.losses
    counter.count(AnnotatedDocument(dataclasses.replace(document, meta={"url": "u", "page": 1})))
    assert report.losses[losses.META].count == 1


@pytest.mark.parametrize(
    "format", [each for each in FORMATS.values() if each.read and each.write], ids=lambda each: each.name
)
def test_the_loss_report_equals_the_difference_of_what_comes_back(format: Format, tmp_path: Path) -> None:
    target = tmp_path / ("out" if format.is_file_each else f"out{format.suffixes[0]}")
    report = write([FULL], target, format=format.name, options=WriteOptions(provenance=True))
    back = next(iter(read([target], format=format.name)))
    report_again = Report()
    for path, field in FIELDS.items():
        if field.weight is not Weight.CONTENT and path not in (losses.IDS, losses.TITLES, losses.META):
            continue
        is_told = path in report.losses
        LossCounter(set(FIELDS) - {path}, report_again).count(back)
        comes_back = path in report_again.losses and _value(FULL, path) == _value(back, path)
        assert comes_back != is_told, f"{format.name}: {path}"


def _value(annotated: AnnotatedDocument, path: str) -> object:
    model, _, name = path.partition(".")
    if path == losses.META:
        return json.dumps(annotated.document.meta.get("page"))
    return getattr(annotated.document if model == "Document" else annotated.spans[0], name)
