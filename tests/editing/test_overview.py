"""The overview: every mark of a document by label and text, with how many are decided and doubtful."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.editing.overview import Overview


@pytest.fixture
def marked(desk: Any) -> Any:
    """The article with suggestions: one accepted, one rejected, one doubtful, two of one name on two lines."""
    desk.suggest(
        ("Valdora", "LOC"),
        ("Nicolás Maduro", "PER"),
        ("Hugo Chávez", "PER", 0.2),
        ("San Félix", "LOC"),
        ("Amnesty", "PER"),
    )
    desk.go("Valdora")
    desk.editor.accept()
    desk.go("Amnesty")
    desk.editor.reject()
    return desk


def overview_of(desk: Any) -> Overview:
    editor = desk.editor
    return Overview(editor.suggestion_state, editor.document.text, editor.label_set)


def rows(overview: Overview) -> list[tuple[str, str, int, int, int]]:
    """Label, text, and how many marks, decided and doubtful ones; a heading has an empty text."""
    found = [overview.row(index) for index in range(len(overview))]
    return [
        (row.label, row.group.text, len(row.group.starts), row.group.decided, row.group.doubtful)
        if row.group
        else (row.label, "", 0, 0, 0)
        for row in found
    ]


EXPECTED = [
    ("PER", "", 0, 0, 0),
    ("PER", "Hugo Chávez", 1, 0, 1),
    ("PER", "Nicolás Maduro", 1, 0, 0),
    ("LOC", "", 0, 0, 0),
    ("LOC", "San Félix", 1, 0, 0),
    ("LOC", "Valdora", 1, 1, 0),
]


def test_groups_stand_below_their_label_by_text_and_rejections_are_left_out(marked: Any) -> None:
    overview = overview_of(marked)
    assert rows(overview) == EXPECTED
    assert overview.labels == ["PER", "LOC"]
    with pytest.raises(IndexError):
        overview.row(len(EXPECTED))


def test_a_row_is_found_by_label_and_text(marked: Any) -> None:
    overview = overview_of(marked)
    assert [overview.index_of(label, text) for label, text, *_ in EXPECTED if text] == [1, 2, 4, 5]
    assert overview.index_of("PER", "Hugo \n Chávez") == 1
    assert overview.index_of("PER", "Valdora") is None
    assert overview.index_of("ORG", "Valdora") is None


def test_an_update_reads_what_a_change_touched(marked: Any) -> None:
    overview = overview_of(marked)
    marked.go("Hugo Chávez")
    overview.update(marked.editor.reject().ranges)
    marked.go("San Félix")
    overview.update(marked.editor.accept().ranges)
    assert rows(overview) == [
        ("PER", "", 0, 0, 0),
        ("PER", "Nicolás Maduro", 1, 0, 0),
        ("LOC", "", 0, 0, 0),
        ("LOC", "San Félix", 1, 1, 0),
        ("LOC", "Valdora", 1, 1, 0),
    ]
    assert rows(overview) == rows(overview_of(marked))
