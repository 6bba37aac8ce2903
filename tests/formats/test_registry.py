"""Formats are found by name, suffix and content; paths, folders and pipes are read and written alike."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from annotator.errors import InputError, OutputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import PROBLEMS_KEPT, Problem, ReadOptions, Report
from annotator.formats.formats_table import FORMATS
from annotator.formats.registry import named, read, reader_for, write, writer_for
from annotator.formats.sources import file_source
from annotator.model.tokens import stand_in_tokens

JSONL = '{"text": "Ana sings", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept"}\n'
WEBANNO = "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Bo\n1-1\t0-2\tBo\n"
CONLL = "Ana B-PER\nsings O\n"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jsonl", "", "jsonl"),
        ("A.NDJSON", "", "jsonl"),
        ("a.conll", "", "conll"),
        ("a.iob2", "", "conll"),
        ("a.spacy", "", "spacy"),
        ("a.txt", "Ana sings", "text"),
        ("a.txt", CONLL, "conll"),
        ("a.txt", JSONL, "jsonl"),
        ("a.txt", "", "text"),
        ("a.txt", b"\x00\x01", "text"),
        ("a.txt", "[1] Ana sings", "text"),
        ("a", "Ana sings O\n", "text"),
        ("a", "Ana O\nsings O\n", "text"),
        ("a", "\ufeff" + CONLL, "conll"),
        ("a", "-DOCSTART- O\n\nAna O\n", "conll"),
        ("a.data", "\n " + JSONL, "jsonl"),
        ("a.md", "# Ana\n", "markdown"),
        ("a.rst", "Ana\n", "text"),
    ],
)
def test_a_format_is_found(written, name: str, content: str | bytes, expected: str) -> None:
    assert reader_for(file_source(written(name, content))).name == expected


def test_a_docbin_without_its_suffix_is_found(written, tmp_path: Path) -> None:
    write(read([written("a.conll", CONLL)]), tmp_path / "out.spacy")
    (tmp_path / "out.spacy").rename(tmp_path / "out")
    assert reader_for(file_source(tmp_path / "out")).name == "spacy"


@pytest.mark.parametrize(
    "content", ['{"documents": []}', '[{"id": 1}]', "<?xml version='1.0'?>", b"\x89PNG\x00"]
)
def test_what_is_in_no_known_format_is_told(written, content: str | bytes) -> None:
    with pytest.raises(InputError, match=r"a\.data is in no known format") as caught:
        reader_for(file_source(written("a.data", content)))
    readable = [each.name for each in FORMATS.values() if each.read]
    assert f"--format: {', '.join(readable)}" in caught.value.hint


def test_the_name_given_overrides_all(written, read_all) -> None:
    (annotated,), _ = read_all(written("a.conll", JSONL), format="jsonl")
    assert annotated.document.text == "Ana sings"


def test_an_unknown_name_lists_the_formats() -> None:
    with pytest.raises(InputError, match="unknown format word") as caught:
        named("word")
    assert caught.value.hint == f"the formats are {', '.join(sorted(FORMATS))}"
    with pytest.raises(InputError, match="unknown format word"):
        read(["."], format="word")


@pytest.mark.parametrize(
    ("target", "name"), [("o.jsonl", "jsonl"), (Path("o.CONLL"), "conll"), ("a/o.spacy", "spacy")]
)
def test_a_target_names_its_format(target: Path | str, name: str) -> None:
    assert writer_for(target).name == name
    assert writer_for(target, format="jsonl").name == "jsonl"


@pytest.mark.parametrize(
    ("target", "format", "message"),
    [
        ("out.xyz", None, "out.xyz names no format"),
        ("out.txt", None, "out.txt names no format"),
        ("-", None, "a pipe has no name"),
        ("out", "text", "text can be read, not written"),
    ],
)
def test_a_target_without_a_format_is_told(target: str, format: str | None, message: str) -> None:
    with pytest.raises(OutputError, match=message) as caught:
        writer_for(target, format=format)
    assert "conll" in caught.value.hint


def test_files_and_folders_are_read_in_the_order_given(written, read_all, tmp_path: Path) -> None:
    written("news/2.txt", "two")
    written("news/10.txt", "ten")
    found, report = read_all(written("a.jsonl", JSONL), tmp_path / "news", written("a.conll", "Bo B-PER\n"))
    assert [each.document.text for each in found] == ["Ana sings", "two", "ten", "Bo"]
    assert (report.documents, report.spans) == (4, 2)


def test_a_folder_is_read_by_the_format_named(written, read_all, tmp_path: Path) -> None:
    written("all/a.txt", "text")
    written("all/2.conll", "Bo B-PER\n")
    written("all/1.conll", CONLL)
    found, _ = read_all(tmp_path / "all", format="conll")
    assert [each.document.text for each in found] == ["Ana sings", "Bo"]


def test_a_folder_is_read_by_what_most_of_its_files_are_and_the_others_are_told(
    written, read_all, tmp_path: Path
) -> None:
    written("all/a.txt", "text")
    written("all/1.tsv", CONLL)
    written("all/2.tsv", WEBANNO)
    found, report = read_all(tmp_path / "all")
    assert [each.document.text for each in found] == ["Ana sings", "Bo"]
    assert [each.message for each in report.problems] == [
        "files that are not conll and so are left out: 1, such as a.txt; name another format with --format"
    ]


def test_a_folder_without_a_file_of_any_format_is_told(written, read_all, tmp_path: Path) -> None:
    written("all/a.odt", "text")
    with pytest.raises(InputError, match="holds no files of a known format"):
        read_all(tmp_path / "all")


def test_a_missing_file_is_told_before_any_is_read(written, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read([written("a.jsonl", JSONL), tmp_path / "none.jsonl"])


@pytest.mark.parametrize("content", [JSONL, CONLL, "Ana sings"])
def test_a_pipe_is_read_by_its_content(monkeypatch: pytest.MonkeyPatch, read_all, content: str) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content.encode())))
    (annotated,), _ = read_all("-")
    assert annotated.document.text == "Ana sings"


def test_a_pipe_is_written(written, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    report = write(
        read([written("a.jsonl", JSONL)]), "-", format="conll", tokens=lambda d: stand_in_tokens(d.text)
    )
    assert capfdbinary.readouterr().out == b"-DOCSTART- -X- O O\n\nAna B-PER\nsings O\n\n"
    assert (report.documents, report.spans) == (1, 1)


def test_every_format_says_what_it_is() -> None:
    assert list(FORMATS) == [format.name for format in FORMATS.values()]
    assert list(FORMATS)[-1] == "text"
    for format in FORMATS.values():
        assert format.description
        assert format.read or format.write
        assert all(suffix == suffix.lower() for suffix in format.suffixes + format.shared)


def test_the_registry_loads_neither_spacy_nor_numpy() -> None:
    code = "import sys, annotator.formats.registry; print({'spacy', 'numpy', 'thinc'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_a_report_counts_all_problems_and_keeps_the_first() -> None:
    report = Report()
    for index in range(PROBLEMS_KEPT + 5):
        report.add(Problem("", f"a:{index}", "broken"))
    assert (report.problem_count, len(report.problems)) == (PROBLEMS_KEPT + 5, PROBLEMS_KEPT)
    assert str(report.problems[0]) == "a:0: broken"


BROKEN = {
    "bad.jsonl": b'{"text": "Ana',
    "bad.conll": b"",
    "bad.spacy": b"garbage",
    "bad.label-studio.json": b"[{",
    "bad.csv": b"a,b\n",
    "bad.webanno.tsv": b"x",
    "bad.txt": b"\xff\xfe\x00",
    "bad.xyz": b"\x00\x01",
}


def test_of_several_files_those_that_cannot_be_read_are_told_and_the_others_come(
    tmp_path: Path, read_all
) -> None:
    for name, content in {**BROKEN, "ok.conll": b"Ana B-PER\nleft O\n", "ok.txt": b"Hello."}.items():
        (tmp_path / name).write_bytes(content)
    paths = sorted(tmp_path.iterdir())
    report = Report()
    documents = list(read(paths, options=ReadOptions(on_error=OnError.SKIP), report=report))
    assert [annotated.document.text for annotated in documents] == ["Ana left", "Hello."]
    told = {Path(problem.place.partition(":")[0]).name for problem in report.problems}
    assert told >= set(BROKEN)
    assert report.lost == {}
    with pytest.raises(InputError):
        list(read(paths))
    with pytest.raises(InputError):
        list(read([tmp_path / "bad.spacy"], options=ReadOptions(on_error=OnError.SKIP)))
