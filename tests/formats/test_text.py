"""Plain text files become documents."""

from __future__ import annotations

import hashlib

import pytest

from annotator.errors import EncodingError, InputError
from annotator.model.decisions import Status


def test_a_file_is_a_document_known_by_the_hash_of_its_text(written, read_all) -> None:
    path = written("protests.txt", "\n  Anti-government protests\r\nin Caracas\tand\x07 elsewhere\r\n")
    (annotated,), report = read_all(path)
    document = annotated.document
    assert document.text == "\n  Anti-government protests\nin Caracas\tand\x07 elsewhere\n"
    assert document.id == hashlib.sha256(document.text.encode()).hexdigest()
    assert document.title == "Anti-government protests"
    assert document.meta == {"source": str(path)}
    assert annotated.status is Status.TODO
    assert (report.documents, report.spans, report.problem_count) == (1, 0, 0)


def test_colleagues_agree_on_the_id_whatever_their_line_ends_and_marks(written, read_all) -> None:
    contents = ["Maduro.\nÉl\n", "Maduro.\r\nÉl\r\n", "\ufeffMaduro.\nÉl\n"]
    paths = [written(f"{index}.txt", content) for index, content in enumerate(contents)]
    found, _ = read_all(*paths)
    (utf_16,), _ = read_all(written("16.txt", contents[0].encode("utf-16")), encoding="utf-16")
    (latin,), _ = read_all(written("1.txt", contents[0].encode("latin-1")), encoding="latin-1")
    assert len({annotated.document.id for annotated in (*found, utf_16, latin)}) == 1


def test_a_folder_names_its_documents_by_their_paths_within_it(written, read_all, tmp_path) -> None:
    for name in ("news/10.txt", "news/9.txt", "news/old/1.txt", "news/.draft.txt", "news/readme.md"):
        written(name, f"text of {name}")
    found, report = read_all(tmp_path / "news")
    assert [each.document.meta["source"] for each in found] == ["9.txt", "10.txt", "old/1.txt"]
    assert report.documents == 3


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\xef\xbb\xbf"])
def test_a_file_without_text_is_reported_and_left_out(written, read_all, content: bytes) -> None:
    found, report = read_all(written("empty.txt", content), written("full.txt", "text"))
    assert [each.document.text for each in found] == ["text"]
    assert [problem.message for problem in report.problems] == ["holds no text, and is left out"]
    assert report.problems[0].place.endswith("empty.txt")


def test_a_file_of_50_mb_is_refused_unless_wanted(written, read_all) -> None:
    path = written("large.txt", b"Caracas is large.\n" * (50_000_000 // 18))
    with pytest.raises(InputError, match=r"large\.txt holds more than 10,000,000 characters") as caught:
        read_all(path)
    assert "--size-limit" in caught.value.hint
    (annotated,), _ = read_all(path, size_limit=60_000_000)
    assert len(annotated.document.text) == 50_000_000 // 18 * 18


def test_a_very_long_line_is_kept_as_it_is(written, read_all) -> None:
    line = "word " * 200_000
    (annotated,), _ = read_all(written("line.txt", line))
    assert annotated.document.text == line


def test_binary_and_wrongly_encoded_files_are_refused(written, read_all) -> None:
    with pytest.raises(InputError, match="binary"):
        read_all(written("program.txt", b"\x7fELF\x02\x01\x01\x00\x00"))
    with pytest.raises(EncodingError, match="byte 0xf1 at offset 3, line 1"):
        read_all(written("spanish.txt", "Espa\u00f1a"[:3].encode() + b"\xf1a"))
