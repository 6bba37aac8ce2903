"""Damaged files of the formats that libraries parse: a document, a report or our own error, never a traceback."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import AnnotatorError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, ReadOptions
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens

_MUTATIONS = 400
_SIZE_LIMIT = 1 << 20
_SUFFIXES = {
    "uima-xmi": ".xmi",
    "uima-json": ".cas.json",
    "parquet": ".parquet",
    "spacy": ".spacy",
    "webanno-tsv": ".webanno.tsv",
    "tinydb": ".tinydb",
    "conll": ".conll",
    "conllu": ".conllu",
    "csv": ".csv",
    "pubtator": ".pubtator",
    "bioc-xml": ".bioc.xml",
    "bioc-json": ".bioc.json",
    "gliner": ".gliner.json",
    "xlsx": ".xlsx",
}


def _documents() -> list[AnnotatedDocument]:
    text = "Ada Byron 😊 met Bo in San José.\nThey left."
    spans = (Span(0, 9, "PER", "sure"), Span(16, 18, "PER"), Span(22, 30, "LOC", kb_id="Q1"))
    document = new_document(text, id="a", tokens=stand_in_tokens(text), sentences=(0, 32), meta={"n": [1]})
    return [AnnotatedDocument(document, spans, Status.DONE)]


def _whole(format: str, folder: Path) -> bytes:
    if format == "conllu":
        return b"# newdoc id = a\n1\tAda\t_\t_\t_\t_\t_\t_\t_\tNER=B-PER\n2-3\tdel\t_\t_\t_\t_\t_\t_\t_\t_\n2\tde\t_\t_\t_\t_\t_\t_\t_\t_\n"
    path = folder / f"whole{_SUFFIXES[format]}"
    write(_documents(), path, format=format)
    return path.read_bytes()


def _flip(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    del content[start : start + chance.choice((1, 8, 200, len(content)))]


def _repeat(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    content[start:start] = content[start : start + chance.randint(1, 60)] * chance.randint(1, 9)


def _change_number(content: bytearray, chance: random.Random) -> None:
    places = [index for index, byte in enumerate(content) if 48 <= byte <= 57]
    if places:
        at = chance.choice(places)
        content[at : at + 1] = chance.choice((b"-1", b"999999", b"x", b"", b"1e9", b"00"))


_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (_flip, _cut, _repeat, _change_number)


@pytest.mark.slow
@pytest.mark.parametrize("format", _SUFFIXES)
def test_a_mutated_file_is_read_or_refused(tmp_path: Path, format: str) -> None:
    if format.startswith("uima"):
        pytest.importorskip("cassis", reason="the extra cas is not installed")
    if format == "parquet":
        pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    if format == "xlsx":
        pytest.importorskip("openpyxl", reason="the extra office is not installed")
    whole = _whole(format, tmp_path)
    path = tmp_path / f"mutated{_SUFFIXES[format]}"
    outcomes: Counter[str] = Counter()
    for seed in range(_MUTATIONS):
        chance = random.Random(seed)
        content = bytearray(whole)
        chance.choice(_WAYS)(content, chance)
        path.write_bytes(content)
        options = ReadOptions(on_error=chance.choice(list(OnError)), size_limit=_SIZE_LIMIT)
        try:
            for annotated in read([path], format=format, options=options):
                length = len(annotated.document.text)
                assert all(0 <= span.start < span.end <= length for span in annotated.spans)
                tokens = annotated.document.tokens
                assert not tokens or tokens.ends[-1] <= length
            outcomes["read"] += 1
        except AnnotatorError:
            outcomes["refused"] += 1
    assert outcomes["refused"]
    assert outcomes.total() == _MUTATIONS
