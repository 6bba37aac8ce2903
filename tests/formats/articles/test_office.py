"""DOCX and PDF as text: paragraphs, tables, pages; what is left out; files that are none."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.registry import reader_for
from annotator.formats.sources import file_source
from annotator.model.decisions import Status
from tests.formats.hostile_xml import HOSTILE, hostile_xml
from tests.formats.office_files import docx_document, docx_file, pdf_file


def _p(*runs: str) -> str:
    return f"<w:p><w:pPr><w:jc/></w:pPr>{''.join(runs)}</w:p>"


def _t(text: str) -> str:
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_paragraphs_breaks_links_and_changes(written, read_all) -> None:
    body = (
        _p(_t("Ada "), _t("Byron"))
        + _p(_t("a"), "<w:r><w:tab/><w:br/></w:r>", f"<w:hyperlink>{_t('b')}</w:hyperlink>")
        + _p(f"<w:ins>{_t('new')}</w:ins>", "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>")
        + _p("<w:r><w:drawing><a><w:t>no</w:t></a></w:drawing><w:footnoteReference/></w:r>")
        + "<w:sectPr/>"
    )
    (annotated,), report = read_all(written("a.docx", docx_document(body)))
    assert annotated.document.text == "Ada Byron\na\t\nb\nnew"
    assert annotated.document.meta["_source_map"] == {"format": "docx", "paragraphs": [0, 10, 15, 19]}
    assert annotated.status is Status.TODO
    (problem,) = report.problems
    for what in ("deleted passages (1)", "footnotes (1)", "pictures (1)"):
        assert what in problem.message


def test_a_tables_cells_are_parted_by_tabs(written, read_all) -> None:
    row = f"<w:tr><w:tc>{_p(_t('a'))}{_p(_t('b'))}</w:tc><w:tc>{_p(_t('c'))}</w:tc></w:tr>"
    (annotated,), _ = read_all(
        written("a.docx", docx_document(f"{_p(_t('x'))}<w:tbl>{row}{row}</w:tbl>{_p(_t('y'))}"))
    )
    assert annotated.document.text == "x\na b\tc\na b\tc\ny"


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_xml_is_refused(written, read_all, kind: str) -> None:
    with pytest.raises(InputError, match=r"a\.docx"):
        read_all(written("a.docx", docx_file(hostile_xml(kind, "document"))))


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"no zip", docx_document("")[:200], b"\xd0\xcf\x11\xe0" * 20]
)
def test_what_is_no_docx_is_told(written, read_all, content: bytes) -> None:
    with pytest.raises(InputError, match="no DOCX document that can be read"):
        read_all(written("a.docx", content))


def test_a_docx_that_unpacks_to_too_much_is_refused(written, read_all) -> None:
    with pytest.raises(InputError, match="holds more than"):
        read_all(written("a.docx", docx_document(" " * 2_000_000)), size_limit=1000)


@pytest.fixture
def pypdf():
    """The library, which not every installation has."""
    return pytest.importorskip("pypdf", reason="the extra office is not installed")


def test_pages_stand_a_blank_line_apart(written, read_all, pypdf) -> None:
    (annotated,), report = read_all(written("a.pdf", pdf_file("Ada sings.", "", "José too.")))
    assert annotated.document.text == "Ada sings.\n\nJosé too."
    assert annotated.document.meta["_source_map"] == {"format": "pdf", "pages": [0, 10, 12]}
    messages = [each.message for each in report.problems]
    assert "pages without text: 1, such as 2" in messages
    assert any("columns and tables may be mixed" in each for each in messages)


def test_a_pdf_without_text_is_refused(written, read_all, pypdf) -> None:
    with pytest.raises(InputError, match="has no text layer: its 2 pages are pictures") as caught:
        read_all(written("a.pdf", pdf_file("", "")))
    assert "OCR" in caught.value.hint


def test_an_encrypted_pdf_is_told(written, read_all, pypdf, tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_file("Ada")))
    writer.encrypt("secret", algorithm="RC4-128")
    with (tmp_path / "a.pdf").open("wb") as file:
        writer.write(file)
    with pytest.raises(InputError, match=r"a\.pdf is encrypted"):
        read_all(tmp_path / "a.pdf")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.4", b"no pdf at all", pdf_file("Ada")[:300], pdf_file("Ada").replace(b"Pages", b"Pigs")],
)
def test_what_is_no_pdf_is_told(written, read_all, pypdf, content: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.pdf"):
        read_all(written("a.pdf", content))


@pytest.mark.parametrize(("content", "format"), [(pdf_file("Ada"), "pdf"), (docx_document(""), "docx")])
def test_they_are_told_by_how_they_begin(written, content: bytes, format: str) -> None:
    assert reader_for(file_source(written("a", content))).name == format


def test_what_pypdf_remarks_stays_out_of_standard_error(tmp_path: Path, pypdf) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x" + pdf_file("Ada").replace(b"%%EOF", b""))
    done = subprocess.run(
        [sys.executable, "-m", "annotator", "convert", "a.pdf", "a.jsonl", "--all"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert all(line.startswith(("annotator: ", "a.jsonl: ", "  ")) for line in done.stderr.splitlines()), (
        done.stderr
    )
