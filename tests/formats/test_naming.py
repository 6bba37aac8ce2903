"""Documents find their ids again in the names of their files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.naming import FileName, file_name, named_by
from annotator.formats.registry import read
from annotator.formats.sources import Source
from annotator.model.decisions import Status


@given(st.text(min_size=1, max_size=30, alphabet=st.characters(exclude_categories=["Cs"])))
def test_an_id_comes_back_from_its_files_name(identifier: str) -> None:
    name = file_name(identifier)
    assert "/" not in name
    assert "\0" not in name
    assert not name.startswith(".")
    assert named_by(Source("", stem=name)) == FileName(identifier)


def test_long_ids_are_hashed() -> None:
    assert len(file_name("ü" * 300)) == 64
    assert file_name("ü" * 300) != file_name("ü" * 301)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("annotation/news1.txt/ana", FileName("news1", "ana")),
        ("export/annotation/news1/ana", FileName("news1", "ana")),
        ("annotation/news1/INITIAL_CAS", FileName("news1", is_nobodys=True)),
        ("curation/news1.tsv/CURATION_USER", FileName("news1", is_gold=True)),
        ("news/a", FileName("news/a")),
        ("a%2Fb", FileName("a/b")),
        ("", FileName()),
    ],
)
def test_folders_tell_the_path_and_inceptions_whose_work_it_is(stem: str, expected: FileName) -> None:
    assert named_by(Source(Path(stem).name, stem=stem)) == expected


def test_a_project_of_inception_comes_in_whole(written, tmp_path: Path) -> None:
    head = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value\n\n\n#Text=Ana\n"
    for name in ("annotation/a.txt/INITIAL_CAS", "annotation/a.txt/ana", "curation/a.txt/CURATION_USER"):
        written(f"project/{name}.tsv", f"{head}1-1\t0-3\tAna\tPER\t\n")
    found = list(read([tmp_path / "project"], format="webanno-tsv"))
    assert {each.document.id for each in found} == {"a"}
    assert [(each.annotator, each.is_gold, each.status, len(each.suggestions)) for each in found] == [
        ("ana", False, Status.DONE, 0),
        (None, False, Status.TODO, 1),
        (None, True, Status.DONE, 0),
    ]
