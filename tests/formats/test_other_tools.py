"""What we write is read by the format's own software: the same texts and spans, told by a table.

The table is printed by `pytest -s tests/formats/test_other_tools.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.errors import AnnotatorError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.formats.formats_table import FORMATS
from annotator.formats.registry import read, write
from annotator.model.documents import Document
from annotator.model.resources import corpora_path
from annotator.model.tokens import Tokens, stand_in_tokens

Facts = set[tuple[str, str]]
"""Spans as any reader tells them: their words, without white space, and their label."""


def _facts(documents: list[AnnotatedDocument]) -> Facts:
    return {
        ("".join(each.document.text[span.start : span.end].split()), span.label)
        for each in documents
        for span in each.spans
    }


def _squeezed(words: str, label: str) -> tuple[str, str]:
    return "".join(words.split()), label


def _by_spacy(path: Path) -> Facts:
    import spacy
    from spacy.tokens import DocBin

    docs = list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))
    spans = [span for doc in docs for span in (*doc.ents, *doc.spans.get("sc", ()))]
    return {_squeezed(span.text, span.label_) for span in spans}


def _by_spacys_conll(path: Path) -> Facts:
    from spacy.training.converters import conll_ner_to_docs

    docs = conll_ner_to_docs(path.read_text(encoding="utf-8"), n_sents=0, no_print=True)
    return {_squeezed(" ".join(token.text for token in ent), ent.label_) for doc in docs for ent in doc.ents}


def _by_datasets(path: Path) -> Facts:
    datasets = pytest.importorskip("datasets", reason="the extra oracles is not installed")
    rows = datasets.Dataset.from_parquet(str(path), cache_dir=str(path.parent / "cache"))
    names = rows.features["spans"].feature["label"]
    return {
        _squeezed(row["text"][span["start"] : span["end"]], names.int2str(span["label"]))
        for row in rows
        for span in row["spans"]
    }


def _by_cassis(path: Path) -> Facts:
    cassis = pytest.importorskip("cassis", reason="the extra cas is not installed")
    found = set()
    for file in path.iterdir():
        if file.name == "TypeSystem.xml":
            continue
        if file.suffix == ".json":
            cas = cassis.load_cas_from_json(file.read_text(encoding="utf-8"))
        else:
            with (path / "TypeSystem.xml").open("rb") as types:
                system = cassis.load_typesystem(types)
            cas = cassis.load_cas_from_xmi(file.read_text(encoding="utf-8"), typesystem=system)
        entities = cas.select("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
        found |= {_squeezed(each.get_covered_text(), each.value) for each in entities}
    return found


def _by_label_studio(path: Path) -> Facts:
    converter = pytest.importorskip(
        "label_studio_sdk.converter", reason="the extra oracles is not installed", exc_type=ImportError
    )
    config = '<View><Labels name="label" toName="text"><Label value="x"/></Labels><Text name="text" value="$text"/></View>'
    found = set()
    made = converter.Converter(config, str(path.parent), download_resources=False)
    for item in made.iter_from_json_file(str(path)):
        for regions in item["output"].values():
            for region in regions:
                found |= {_squeezed(region["text"], label) for label in region["labels"]}
    return found


def _by_tinydb(path: Path) -> Facts:
    from tinydb import TinyDB

    with TinyDB(path, access_mode="r") as db:
        return {_squeezed(row["text"], row["label"]) for row in db.table("spans").all()}


def _by_json_lines(path: Path) -> Facts:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {_squeezed(row["text"][start:end], label) for row in rows for start, end, label in row["label"]}


@dataclass(frozen=True)
class Case:
    """How a format is written here, which software reads it, and which files of others it reads."""

    target: str
    reader: str = "-"
    confirm: Callable[[Path], Facts] | None = None
    fixtures: tuple[str, ...] = ()


CASES = {
    "tinydb": Case("out.tinydb", "TinyDB", _by_tinydb),
    "tagtog": Case(""),
    "doccano": Case("out.doccano.jsonl", "json, as doccano", _by_json_lines, ("doccano/*/example*.jsonl",)),
    "label-studio": Case("out.label-studio.json", "label-studio-sdk", _by_label_studio),
    "re3d": Case("", fixtures=("re3d/*/documents.json",)),
    "thai-nner": Case("", fixtures=("thai/*.json",)),
    "gliner": Case("out.gliner.json"),
    "tokens-jsonl": Case("out.tokens.jsonl"),
    "bioc-json": Case("out.bioc.json"),
    "bioc-xml": Case("out.bioc.xml"),
    "jsonl": Case("out.jsonl", fixtures=("prodigy/*.jsonl", "neurotrialner-r1.jsonl", "nemo-pilot.jsonl")),
    "webanno-tsv": Case("out", fixtures=("webanno-tsv3/*/reference.tsv",)),
    "brat": Case("out", fixtures=("brat/**/*.ann",)),
    "pubtator": Case("out.pubtator"),
    "csv": Case("out.csv"),
    "tsv": Case("out.tsv"),
    "xlsx": Case("out.xlsx"),
    "conll": Case(
        "out.conll",
        "spaCy",
        _by_spacys_conll,
        (
            "wikigold/*.conll",
            "wnut17/*.conll",
            "hindi/*.conll",
            "japanese/*.txt",
            "doccano/*/*.conll",
            "spacy/*/*.iob",
        ),
    ),
    "conllu": Case("out.conllu"),
    "spacy": Case("out.spacy", "spaCy", _by_spacy),
    "uima-xmi": Case("out", "dkpro-cassis", _by_cassis, ("uima-cas/*/*.xmi", "webanno-tsv3/*/reference.xmi")),
    "uima-json": Case("out", "dkpro-cassis", _by_cassis, ("uima-cas/*/data.json",)),
    "parquet": Case("out.parquet", "datasets", _by_datasets),
    "web-annotation": Case("out.jsonld"),
    "displacy": Case("out.html"),
    **dict.fromkeys(("html", "markdown", "docx", "pdf", "gate", "tei", "inline"), Case("")),
    "text": Case("", fixtures=("wikinews-en/*.txt", "venezuela-protests.txt")),
}


def _tokens(document: Document) -> Tokens:
    return document.tokens if document.tokens is not None else stand_in_tokens(document.text)


@pytest.fixture(scope="module")
def gold() -> list[AnnotatedDocument]:
    """The sample articles with their gold spans."""
    return list(read([corpora_path() / "news" / "gold.jsonl"]))


def test_every_format_has_its_row() -> None:
    assert list(CASES) == list(FORMATS)
    assert all(bool(case.target) == bool(FORMATS[name].write) for name, case in CASES.items())


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.confirm is not None])
def test_the_formats_own_software_finds_every_span(
    name: str, gold: list[AnnotatedDocument], tmp_path: Path
) -> None:
    case = CASES[name]
    assert case.confirm is not None
    if name.startswith("uima"):
        pytest.importorskip("cassis", reason="the extra cas is not installed")
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    report = write(gold, tmp_path / case.target, format=name, tokens=_tokens)
    assert report.skipped == 0
    assert case.confirm(tmp_path / case.target) == _facts(gold)


@pytest.mark.slow
def test_the_table(external: Path, gold: list[AnnotatedDocument], tmp_path: Path) -> None:
    """Every fixture reads, or says which file and line it is that does not."""
    pytest.importorskip("cassis", reason="the extra cas is not installed")
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    spans = sum(len(each.spans) for each in gold)
    rows = []
    for name, case in CASES.items():
        files = [
            path
            for pattern in case.fixtures
            for path in sorted(external.glob(pattern))
            if path.stat().st_size
        ]
        readings = [_read(path, name) for path in files]
        wrong = [message for message in readings if isinstance(message, str)]
        assert all(
            Path(path).name in message
            for path, message in zip(files, readings, strict=True)
            if isinstance(message, str)
        )
        told = sum(isinstance(each, Report) and each.problem_count > 0 for each in readings)
        taken = sum(each.spans for each in readings if isinstance(each, Report))
        written, back = "-", "-"
        if case.target:
            target = tmp_path / name / case.target
            target.parent.mkdir()
            written = str(write(gold, target, format=name, tokens=_tokens).spans)
            assert written == str(spans)
            if FORMATS[name].read:
                found = list(read([target], format=name))
                assert _facts(found) == _facts(gold)
                back = (
                    "whole"
                    if [each.document.text for each in found] == [each.document.text for each in gold]
                    else "spans"
                )
        rows.append(
            (
                name,
                f"{len(files) - len(wrong)} of {len(files)}",
                str(told),
                str(taken),
                written,
                back,
                case.reader,
            )
        )
    heads = ("format", "fixtures read", "with remarks", "spans in", "spans out", "round trip", "confirmed by")
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    for row in (heads, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())  # noqa: T201 - what it is for


def _read(path: Path, name: str) -> Report | str:
    """What reading a file gives: a report, or the message that it cannot be read even without what is broken."""
    report = Report()
    try:
        list(read([path], format=name, options=ReadOptions(on_error=OnError.SKIP), report=report))
    except AnnotatorError as error:
        return error.message
    return report
