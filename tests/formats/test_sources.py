"""Bytes become text piece by piece, and what is no text is told clearly."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import EncodingError, InputError, UsageError
from annotator.formats import sources
from annotator.formats.exchange import Part, Report
from annotator.formats.registry import read
from annotator.formats.sources import Source, decoded, file_source, folder_sources, lines
from tests.formats.generated import texts


def _lines(source: Source, encoding: str = "utf-8", *, limit: int = 1000) -> list[str]:
    return [line for _, line in lines(source, encoding, size_limit=limit)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(text=texts().map(lambda text: text.replace("\ufeff", "")), chunk=st.integers(1, 9))
def test_lines_come_whole_however_the_bytes_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, text: str, chunk: int
) -> None:
    monkeypatch.setattr(sources, "_CHUNK", chunk)
    path = tmp_path / "text"
    path.write_bytes(text.encode(encoding))
    expected = text.split("\n")
    source = file_source(path)
    assert "".join(decoded(source, encoding)) == text
    numbered = list(lines(source, encoding, size_limit=1000))
    assert [number for number, _ in numbered] == list(range(1, len(numbered) + 1))
    ended = [line.removesuffix("\r") for line in expected[:-1]]
    assert [line for _, line in numbered] == ended + [line for line in expected[-1:] if line]


def test_crlf_and_a_byte_order_mark_are_dropped(written) -> None:
    source = file_source(written("a", b"\xef\xbb\xbfone\r\ntwo\r\rthree\r\n\xef\xbb\xbffour"))
    assert _lines(source) == ["one", "two\r\rthree", "\ufefffour"]


@pytest.mark.parametrize(
    ("content", "encoding", "place"),
    [
        (b"abc\xe9", "utf-8", "byte 0xe9 at offset 3, line 1"),
        (b"a\nb\nca\xc3(", "utf-8", "byte 0xc3 at offset 6, line 3"),
        (b"a\nb" * 40_000 + b"\nz\xff", "utf-8", "byte 0xff at offset 120,002, line 40,002"),
        (b"one\ntw\xc3", "utf-8", "byte 0xc3 at offset 6, line 2"),
        ("one\ntwo\n".encode("utf-16-le") + b"\x00\xdc", "utf-16-le", "byte 0x00 at offset 16, line 3"),
        (b"one\n\x81", "cp1252", "byte 0x81 at offset 4, line 2"),
    ],
)
def test_a_wrong_encoding_is_told_by_byte_and_line(
    written, content: bytes, encoding: str, place: str
) -> None:
    with pytest.raises(EncodingError, match=place) as caught:
        _lines(file_source(written("notes.txt", content)), encoding, limit=1_000_000)
    assert f"is not {encoding}" in caught.value.message
    assert "--encoding" in caught.value.hint


def test_a_multibyte_character_across_two_pieces_does_not_shift_the_offset(
    written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_CHUNK", 4)
    with pytest.raises(EncodingError, match="offset 7, line 2"):
        _lines(file_source(written("a", "abc€\n".encode() + b"\xff")))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"MZ\x90\x00\x03", "a binary file: a NUL byte at offset 3"),
        (b"x" * 200_000 + b"\x00", "a NUL byte at offset 200,000"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF file, not text"),
        (b"PK\x03\x04\x14", "a ZIP file or office document, not text"),
        (b"\x1f\x8b\x08", "a gzip file, not text"),
    ],
)
def test_binary_files_are_refused(written, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        _lines(file_source(written("file.txt", content)), limit=1_000_000)
    assert caught.value.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_recognized_and_the_option_named(written, encoding: str) -> None:
    content = "\ufeffabc".encode(encoding) if encoding == "utf-16-be" else "abc".encode(encoding)
    with pytest.raises(EncodingError, match="as UTF-16 does") as caught:
        _lines(file_source(written("a", content)))
    assert "--encoding utf-16" in caught.value.hint


@pytest.mark.parametrize("encoding", ["klingon", "hex"])
def test_an_encoding_that_is_none_is_wrong_usage(written, encoding: str) -> None:
    with pytest.raises(UsageError, match=f"unknown encoding {encoding}"):
        _lines(file_source(written("a", "a")), encoding)


def test_a_line_beyond_the_limit_is_named(written) -> None:
    with pytest.raises(InputError, match=r"long:2 holds more than 1,000 characters") as caught:
        _lines(Source("long", path=written("long", "a\n" + "x" * 1001)))
    assert "--size-limit" in caught.value.hint


def test_a_folder_gives_its_files_in_natural_order_without_hidden_ones(written, tmp_path: Path) -> None:
    for name in ["b/10.txt", "b/9.TXT", "b/.hidden.txt", ".git/1.txt", "a10.txt", "A9.txt", "a9.md", "c.txt"]:
        written(name, "text")
    found = folder_sources(tmp_path, (".txt",))
    assert [source.name for source in found] == ["A9.txt", "a10.txt", "b/9.TXT", "b/10.txt", "c.txt"]
    assert [source.path for source in found] == [tmp_path / source.name for source in found]


def test_links_that_lead_round_in_circles_do_no_harm(written, tmp_path: Path) -> None:
    written("folder/a.txt", "text")
    (tmp_path / "folder" / "loop").symlink_to(tmp_path)
    assert [source.name for source in folder_sources(tmp_path, (".txt",))] == ["folder/a.txt"]


def test_a_folder_without_such_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no files that end in \.txt"):
        folder_sources(tmp_path, (".txt",))


def test_what_is_missing_or_no_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        file_source(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is not a file"):
        file_source(Path("/dev/null"))
    (tmp_path / "dangling").symlink_to(tmp_path / "none")
    with pytest.raises(InputError, match="does not exist"):
        file_source(tmp_path / "dangling")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(written) -> None:
    path = written("secret.txt", "a")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        _lines(file_source(path))


def test_an_error_of_the_system_while_reading_is_told(written, monkeypatch: pytest.MonkeyPatch) -> None:
    source = file_source(written("a.txt", "a"))

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    with pytest.raises(InputError, match=r"a\.txt cannot be read: Input/output error"):
        _lines(source)


def test_a_named_pipe_can_be_looked_at_and_then_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"one\ntwo",))
    writer.start()
    source = file_source(path)
    writer.join()
    assert source.head(3) == b"one"
    assert _lines(source) == ["one", "two"]
    source.close()


def test_links_and_pipes_in_a_folder_are_left_out_and_told(tmp_path: Path) -> None:
    folder, private = tmp_path / "folder", tmp_path / "private"
    for path in (folder, private):
        path.mkdir()
    (folder / "own.txt").write_text("Own.", encoding="utf-8")
    (private / "secret.txt").write_text("Secret.", encoding="utf-8")
    (folder / "link.txt").symlink_to(private / "secret.txt")
    (folder / "inner").symlink_to(private)
    os.mkfifo(folder / "pipe.txt")
    told: list[str] = []
    found = sources.folder_sources(folder, (".txt",), on_left_out=lambda path, reason: told.append(path.name))
    assert [source.name for source in found] == ["own.txt"]
    assert sorted(told) == ["inner", "link.txt", "pipe.txt"]


def test_what_a_folder_leaves_out_is_lost_and_told(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("Own.", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "own.txt")
    report = Report()
    assert len(list(read([tmp_path], report=report))) == 1
    assert report.lost[Part.DOCUMENT] == 1
    assert any("links in a folder are not followed" in str(problem) for problem in report.problems)
