"""Damaged files of every format that is read: documents, a reported loss or our own error, in time, never a traceback.

`pytest tests/formats/test_mutated_files.py -s` prints the outcomes by format.
"""

from __future__ import annotations

import json
import random
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import AnnotatorError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.formats.formats_table import FORMATS, Format
from annotator.formats.registry import read, write
from annotator.formats.summary import summary_of
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span
from annotator.model.tokens import stand_in_tokens
from tests.formats.office_files import docx_document, pdf_file

READERS = [format for format in FORMATS.values() if format.read is not None]
MUTATIONS_IN_ALL = 20_000
MUTATIONS = -(-MUTATIONS_IN_ALL // len(READERS))
FEW_MUTATIONS = 12
SECONDS = 5.0
_SIZE_LIMIT = 1 << 20
_DEPTH = 3000

SAMPLES: dict[str, str | bytes] = {
    "re3d": '{"_id": "a", "sourceName": "s", "title": "T", "text": "Ana saw Rome"}\n',
    "thai-nner": json.dumps(
        [
            {
                "tokens": ["Ana", "_", "left"],
                "entities": [{"text": ["Ana"], "span": [0, 1], "entity_type": "person"}],
            }
        ]
    ),
    "html": "<!DOCTYPE html><title>T</title><h1>Ana <b>Sil</b>va</h1><p>left <mark data-entity='LOC'>Rome</mark> &amp; co",
    "markdown": "# Ana *Silva*\n\nleft <mark data-entity='LOC'>Rome</mark> [by](x) &amp; `co`.\n\n- one\n\n| a | b |\n|---|---|\n| c | d |\n",
    "docx": docx_document("<w:p><w:r><w:t>Ana Silva left Rome.</w:t></w:r></w:p>"),
    "pdf": pdf_file("Ana Silva left Rome.", "She stayed."),
    "gate": "<GateDocument><TextWithNodes><Node id='0'/>Ana<Node id='3'/> left.</TextWithNodes><AnnotationSet>"
    "<Annotation Id='1' Type='PER' StartNode='0' EndNode='3'><Feature><Name>a</Name><Value>b</Value></Feature></Annotation>"
    "</AnnotationSet></GateDocument>",
    "tagtog": json.dumps(
        {
            "annotatable": {"parts": ["s1v1"]},
            "anncomplete": True,
            "entities": [{"classId": "e_1", "part": "s1v1", "offsets": [{"start": 0, "text": "Ana"}]}],
        }
    ),
    "tei": "<TEI><text><body><p>Ana <persName>Silva</persName> left <placeName>Rome</placeName>.</p></body></text></TEI>",
    "inline": "Ana <PER>Silva</PER> left <LOC>Rome</LOC>.\n",
    "text": "Ana Silva left Rome.\nShe stayed there.\n",
}
"""A file of each format that is not written."""
WITHOUT_SPANS = {"text", "docx", "pdf"}
"""Formats that hold texts alone."""
BESIDE = {
    "tagtog": ("mutated.txt", "Ana left Rome."),
    "re3d": (
        "entities.json",
        '{"_id": "1", "begin": 0, "end": 3, "type": "Person", "value": "Ana", "documentId": "a"}\n',
    ),
    "brat": ("mutated.txt", "Ada Byron \U0001f60a met Bo in San José.\nThey left."),
}
"""What must lie beside a file of a format of two files."""

Mutation = Callable[[bytearray, random.Random], None]


def _documents() -> list[AnnotatedDocument]:
    text = "Ada Byron \U0001f60a met Bo in San José.\nThey left."
    spans = (Span(0, 9, "PER", "sure"), Span(16, 18, "PER"), Span(22, 30, "LOC", kb_id="Q1"))
    document = new_document(text, id="a", tokens=stand_in_tokens(text), sentences=(0, 32), meta={"n": [1]})
    return [AnnotatedDocument(document, spans, Status.DONE)]


def _whole(format: Format, folder: Path) -> bytes:
    """A whole file of the format, as we write it or as a sample has it."""
    if format.write is None:
        sample = SAMPLES[format.name]
        return sample if isinstance(sample, bytes) else sample.encode()
    path = folder / f"whole{format.suffixes[0]}"
    if format.name == "brat":
        path = folder / "whole"
    write(_documents(), path, format=format.name)
    files = sorted(path.glob(f"*{format.suffixes[0]}")) if path.is_dir() else [path]
    return (files[0] if files else next(path.iterdir())).read_bytes()


def _flip(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 6)):
        content[chance.randrange(len(content))] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content))
    del content[start : start + chance.choice((1, 8, 200, len(content)))]


def _splice(content: bytearray, chance: random.Random) -> None:
    """Put a piece of the file somewhere else in it, several times."""
    start, to = chance.randrange(len(content)), chance.randrange(len(content))
    content[to:to] = content[start : start + chance.randint(1, 60)] * chance.randint(1, 9)


def _change_number(content: bytearray, chance: random.Random) -> None:
    places = [index for index, byte in enumerate(content) if 48 <= byte <= 57]
    if places:
        at = chance.choice(places)
        numbers = (b"-1", b"999999", b"x", b"", b"1e9", b"00", b"1e400", b"9" * 5000, b"0.5", b"NaN", b"null")
        content[at : at + 1] = chance.choice(numbers)


def _nest(content: bytearray, chance: random.Random) -> None:
    """Put deeply nested brackets or elements somewhere."""
    at = chance.randrange(len(content))
    opened, closed = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"(", b")")))
    content[at:at] = opened * _DEPTH + (closed * _DEPTH if chance.random() < 0.5 else b"")


def _encode(content: bytearray, chance: random.Random) -> None:
    """Have all or a part in another encoding, or a mark of one before it."""
    text = bytes(content).decode("utf-8", "replace")
    way = chance.choice(("utf-16", "utf-32", "latin-1", "utf-8-sig", "cp1252", "mark", "nul"))
    if way == "mark":
        content[0:0] = chance.choice((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf" * 2, b"\0\0\xfe\xff"))
    elif way == "nul":
        content[chance.randrange(len(content))] = 0
    else:
        content[:] = text.encode(way, "replace")


def _end_lines(content: bytearray, chance: random.Random) -> None:
    content[:] = bytes(content).replace(
        b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"\x0b", b"\xe2\x80\xa8", b""))
    )


_WAYS: tuple[Mutation, ...] = (_flip, _cut, _splice, _change_number, _nest, _encode, _end_lines)


def _mutated(whole: bytes, way: Mutation, chance: random.Random, *, is_packed: bool) -> bytes:
    """The file after one mutation; of a packed one mostly what it packs, since damage outside of that is refused at once."""
    unpacks = is_packed and chance.random() < 0.8
    content = bytearray(zlib.decompress(whole) if unpacks else whole)
    way(content, chance)
    return zlib.compress(content) if unpacks else bytes(content)


def _outcomes(format: Format, folder: Path, seeds: range) -> Counter[str]:
    """What became of mutated files; AssertionError for a wrong document, or one that took too long."""
    whole = _whole(format, folder)
    name = "documents.json" if format.name == "re3d" else f"mutated{format.suffixes[0]}"
    path = folder / name
    if beside := BESIDE.get(format.name):
        (folder / beside[0]).write_text(beside[1], encoding="utf-8")
    outcomes: Counter[str] = Counter()
    for seed in seeds:
        chance = random.Random(seed)
        way = chance.choice(_WAYS)
        path.write_bytes(_mutated(whole, way, chance, is_packed=format.name == "spacy"))
        options = ReadOptions(on_error=chance.choice(list(OnError)), size_limit=_SIZE_LIMIT, every_set=True)
        report = Report()
        began = time.process_time()
        try:
            for annotated in read([path], format=format.name, options=options, report=report):
                length = len(annotated.document.text)
                assert all(0 <= span.start < span.end <= length for span in annotated.spans)
                assert all(span.label.strip() for span in annotated.spans)
                tokens = annotated.document.tokens
                assert not tokens or tokens.ends[-1] <= length
            outcomes["told" if report.problem_count else "read"] += 1
        except AnnotatorError:
            outcomes["refused"] += 1
        except Exception as error:
            raise AssertionError(f"{format.name}, seed {seed}, {way.__name__}") from error
        taken = time.process_time() - began
        assert taken < SECONDS, f"{format.name}, seed {seed}, {way.__name__}: {taken:.1f} s"
    return outcomes


def _skip_without_extra(format: Format) -> None:
    if not summary_of(format).is_installed:
        pytest.skip(f"the extra {format.extra} is not installed")


def test_every_reader_has_a_file_to_mutate() -> None:
    assert {format.name for format in READERS if format.write is None} == set(SAMPLES)
    assert MUTATIONS * len(READERS) >= MUTATIONS_IN_ALL


@pytest.mark.parametrize("format", READERS, ids=lambda format: format.name)
def test_the_whole_file_is_read(tmp_path: Path, format: Format) -> None:
    _skip_without_extra(format)
    whole = _whole(format, tmp_path)
    path = tmp_path / ("documents.json" if format.name == "re3d" else f"mutated{format.suffixes[0]}")
    path.write_bytes(whole)
    if beside := BESIDE.get(format.name):
        (tmp_path / beside[0]).write_text(beside[1], encoding="utf-8")
    found = list(read([path], format=format.name))
    assert found
    assert format.name in WITHOUT_SPANS or any(annotated.spans for annotated in found)


@pytest.mark.parametrize("format", READERS, ids=lambda format: format.name)
def test_a_few_mutated_files_are_read_or_refused(tmp_path: Path, format: Format) -> None:
    _skip_without_extra(format)
    outcomes = _outcomes(format, tmp_path, range(FEW_MUTATIONS))
    assert outcomes.total() == FEW_MUTATIONS


@pytest.mark.slow
@pytest.mark.parametrize("format", READERS, ids=lambda format: format.name)
def test_mutated_files_are_read_or_refused(tmp_path: Path, format: Format) -> None:
    _skip_without_extra(format)
    outcomes = _outcomes(format, tmp_path, range(MUTATIONS))
    counts = ", ".join(f"{name}: {outcomes[name]}" for name in ("read", "told", "refused"))
    sys.stdout.write(f"\n{format.name}: {outcomes.total()} mutations, {counts}\n")
    assert outcomes.total() == MUTATIONS
    assert outcomes["refused"] or format.name == "text"


MANY = "9" * 5000
"""More digits than Python makes a number of."""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.conll", f"{MANY}\tAna\tB-PER\n{MANY}\tleft\tO\n"),
        ("a.conllu", f"{MANY}\tAna\t_\t_\t_\t_\t_\t_\t_\tNER=B-PER\n"),
        ("a.pubtator", f"1|t|Ana left\n1\t{MANY}\t{MANY}\tAna\tPER\n"),
        ("a.csv", f"document,start,end,label,text\na,0,{MANY},PER,Ana left\n"),
        ("a.tinydb", f'{{"documents": {{"{MANY}": {{"text": "Ana"}}}}}}'),
        (
            "a.jsonl",
            f'{{"text": "Ana", "entities": [{{"start": "{MANY}", "end": "{MANY}", "label": "PER"}}]}}\n',
        ),
        ("a.jsonl", f'{{"text": "Ana", "entities": [[0, {MANY}, "PER"]]}}\n'),
        ("a.json", f'[["Ana left", {{"entities": [], "links": {{"0,{MANY}": {{"Q1": 1.0}}}}}}]]'),
    ],
    ids=lambda value: value[:10],
)
@pytest.mark.parametrize("on_error", list(OnError))
def test_a_number_of_thousands_of_digits_is_no_traceback(
    written, read_all, name: str, content: str, on_error: OnError
) -> None:
    path = written(name, content)
    try:
        documents, _ = read_all(path, on_error=on_error)
    except AnnotatorError:
        return
    assert not any(span.end > len(one.document.text) for one in documents for span in one.spans)
