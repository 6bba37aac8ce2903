"""Small lessons to teach with: places that a rule names, in a text that a program can make any number of."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.labels import LabelSet
from annotator.model.spans import Suggestion
from annotator.model.tokens import stand_in_tokens
from annotator.suggest.learner.texts import Lesson, SourceText, lesson_of

LABELS = LabelSet.from_names("mine", ["DRUG", "DOSE"])
DRUGS = ("Aspirin", "Codeine", "Ibuprofen", "Naproxen", "Tramadol", "Digoxin", "Warfarin", "Insulin")


def source_text(
    number: int, *, guesses: Sequence[tuple[int, int, str]] = (), is_finished: bool = True
) -> SourceText:
    """A text on one of the drugs: the word before "tablets" is a DRUG, and the number before "mg" with it a DOSE."""
    drug = DRUGS[number % len(DRUGS)]
    text = (
        f"Patient {number} took {drug} tablets at noon. The dose was {10 + number} mg in all. Nothing else."
    )
    start, dose = text.index(drug), text.index(f"{10 + number} mg")
    spans = ((start, start + len(drug), "DRUG"), (dose, text.index(" in all"), "DOSE"))
    suggestions = tuple(Suggestion(*guess, score=0.9, source_label=guess[2]) for guess in guesses)
    return SourceText(f"d{number}", text, stand_in_tokens(text), suggestions, spans if is_finished else ())


def lesson(number: int) -> Lesson:
    """The lesson of such a text."""
    return lesson_of(source_text(number).record)[0]
