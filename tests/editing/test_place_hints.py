"""The capitals before likely places: which places, which letters, and that a letter stays where it was."""

from __future__ import annotations

import pytest

from annotator.editing.editor import Editor
from annotator.editing.place_hints import PlaceHints, has_room
from annotator.model.annotations import AnnotationSet
from annotator.model.documents import new_document
from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens

TEXT = "Then Ada met Ben Lee, and Cleo saw Dora near Ely for 3 hours."
FEW = LabelSet.from_names("few", ["PER", "LOC"])


def editor_of(text: str = TEXT, labels: LabelSet = FEW, **scores: float) -> Editor:
    editor = Editor(new_document(text, id="d"), labels, AnnotationSet("d", "me"))
    editor.retokenize(stand_in_tokens(text))
    editor.suggest(
        [
            Suggestion(
                text.index(word), text.index(word) + len(word), next(iter(labels.by_name)), score=score
            )
            for word, score in scores.items()
        ]
    )
    return editor


def hinted(editor: Editor, hints: PlaceHints | None = None) -> dict[str, str]:
    """The letters by the word that they stand before."""
    hints = hints or PlaceHints()
    hints.update(editor, 0, len(editor.document.text))
    text = editor.document.text
    return {text[offset:].split()[0].strip(",."): letter for offset, letter in hints.letters.items()}


def test_unmarked_names_and_suggestions_that_are_not_confident_have_a_letter() -> None:
    letters = hinted(editor_of(Ada=0.99, Cleo=0.5, Ely=0.85))
    assert letters.keys() == {"Ben", "Cleo", "Dora", "Ely"}
    assert len(set(letters.values())) == 4


def test_a_letter_is_never_a_labels_key() -> None:
    many = LabelSet.from_names("many", [f"L{number}" for number in range(30)])
    letters = hinted(editor_of(labels=many))
    assert len(letters) == 5
    assert not set(letters.values()) & set(many.by_key)
    every = LabelSet.from_names("every", [f"L{number}" for number in range(36)])
    assert hinted(editor_of(labels=every)) == {}


def test_where_letters_are_scarce_names_come_first_and_then_the_least_sure() -> None:
    scarce = LabelSet.from_names("scarce", [f"L{number}" for number in range(33)])
    editor = editor_of(labels=scarce, Ada=0.7, Cleo=0.5, Dora=0.6, Ely=0.9)
    assert hinted(editor).keys() == {"Ben", "Cleo", "Dora"}


def test_a_place_keeps_its_letter_when_others_come_and_go() -> None:
    editor, hints = editor_of(Ada=0.5, Cleo=0.5), PlaceHints()
    before = hinted(editor, hints)
    editor.navigation.to_first()
    editor.accept()
    after = hinted(editor, hints)
    assert "Ada" not in after
    assert after == {word: letter for word, letter in before.items() if word != "Ada"}


def test_a_hint_leads_to_its_place_and_no_other_letter_does() -> None:
    hints = PlaceHints()
    letters = hinted(editor_of(), hints)
    assert hints.offset(letters["Dora"]) == TEXT.index("Dora")
    assert hints.offset("!") is None
    hints.clear()
    assert hints.offset(letters["Dora"]) is None


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("Ada", 0, True),
        ("met Ada", 4, True),
        ("a\nAda", 2, True),
        ("(Ada", 1, False),
        ("in 3 Ada", 5, False),
        ("3d", 0, False),
        ("会Ada", 1, False),
    ],
)
def test_a_hint_has_room_in_a_blank_that_touches_no_digit(text: str, offset: int, expected: bool) -> None:
    assert has_room(text, offset) is expected
