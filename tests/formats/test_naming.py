"""Documents find their ids again in the names of their files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.naming import file_name, named_by
from annotator.formats.sources import Source


@given(st.text(min_size=1, max_size=30, alphabet=st.characters(exclude_categories=["Cs"])))
def test_an_id_comes_back_from_its_files_name(identifier: str) -> None:
    name = file_name(identifier)
    assert "/" not in name
    assert "\0" not in name
    assert not name.startswith(".")
    assert named_by(Source("", stem=name)) == (identifier, None)


def test_long_ids_are_hashed() -> None:
    assert len(file_name("ü" * 300)) == 64
    assert file_name("ü" * 300) != file_name("ü" * 301)


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("annotation/news1.txt/ana", ("news1", "ana")),
        ("export/annotation/news1/ana", ("news1", "ana")),
        ("curation/news1.tsv/CURATION_USER", ("news1", None)),
        ("news/a", ("news/a", None)),
        ("a%2Fb", ("a/b", None)),
        ("", (None, None)),
    ],
)
def test_folders_tell_the_path_and_inceptions_the_annotator(
    stem: str, expected: tuple[str | None, str | None]
) -> None:
    assert named_by(Source(Path(stem).name, stem=stem)) == expected
