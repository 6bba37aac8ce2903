"""Documents: ids that colleagues agree on, titles, and what import changes."""

from __future__ import annotations

import hashlib

import pytest

from annotator.model.documents import TITLE_LENGTH, clean_text, new_document, text_hash, title_of


def test_the_id_is_the_sources_else_the_hash_of_the_text() -> None:
    text = "Nicolás Maduro"
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert new_document(text).id == new_document(text).sha256 == digest
    assert new_document(text, id="article-1").id == "article-1"
    assert len(text_hash("\ud800")) == 64


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n\n  Protests in Venezuela  \nMore", "Protests in Venezuela"),
        ("", "(empty)"),
        (" \n\t\n", "(empty)"),
        ("a" * TITLE_LENGTH, "a" * TITLE_LENGTH),
        ("a" * (TITLE_LENGTH + 1), "a" * (TITLE_LENGTH - 1) + "…"),
    ],
)
def test_the_title_is_the_first_line_that_is_not_blank(text: str, title: str) -> None:
    assert title_of(text) == new_document(text).title == title


def test_import_takes_only_the_mark_and_carriage_returns() -> None:
    assert clean_text("\ufeffone\r\ntwo\rthree \ufeff\n") == "one\ntwo\rthree \ufeff\n"
