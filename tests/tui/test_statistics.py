"""The lines of statistics fit their width, and leave out what there is none of."""

from __future__ import annotations

import pytest

from annotator.cells.fitting import cell_width
from annotator.measure.statistics import Statistics, facts_of
from annotator.model.annotations import AnnotationSet, Effort
from annotator.model.decisions import By, Decision, Verb
from annotator.model.resources import load_label_set
from annotator.model.spans import Span, Suggestion
from annotator.tui.screens.dialogs.statistics_rows import statistics_lines

NEWS = load_label_set("news")


def _finished(number: int, *, is_blind: bool = False) -> AnnotationSet:
    made = AnnotationSet(f"d{number:02}", "ada", effort=Effort(90, 30, is_blind))
    when = f"2026-11-22T14:{number:02}:00Z"
    for seq, by in enumerate((By.KEY, By.BULK, By.DOCUMENT), 1):
        start = 10 * seq
        offered = None if is_blind else Suggestion(start, start + 4, "PERSON")
        verb = Verb.ADD if is_blind else Verb.ACCEPT
        made.apply(
            Decision(
                seq, seq, verb, "ada", when, f"s{seq}", None, Span(start, start + 4, "PERSON"), offered, by
            )
        )
    made.apply(Decision(4, 4, Verb.FINISH, "ada", when))
    return made


def _text(statistics: Statistics, width: int) -> str:
    lines = ["".join(text for text, _ in line) for line in statistics_lines(statistics, NEWS, width=width)]
    assert max(map(cell_width, lines)) <= width
    return "\n".join(lines)


@pytest.mark.parametrize("width", [100, 75])
def test_all_is_told_within_the_width(width):
    sets = [_finished(number, is_blind=number % 4 == 0) for number in range(12)]
    said = _text(Statistics.of("ada", 20, map(facts_of, sets)), width)
    for part in (
        "20 documents",
        "36 spans",
        "strict F1 1.000",
        "9 in bulk, 9 with the document, 9 by key",
        "9 columns, each a document",
        "1.00 ┤█",
        "blind",
    ):
        assert part in said
    assert said.index("assisted") < said.index("blind")


def test_documents_finished_faster_than_they_are_read_are_told():
    """Ninety seconds each."""
    lengths = (300, 901, 1200)
    sets = [facts_of(_finished(number), words=words) for number, words in enumerate(lengths)]
    said = _text(Statistics.of("ada", 3, sets), 75)
    assert "601" in said
    assert "2 documents finished faster than 600 words per minute" in said


def test_of_nothing_there_is_little_to_tell():
    said = _text(Statistics.of("ada", 3, []), 75)
    assert "to do" in said
    assert "Suggestions" not in said
    assert "Cost" not in said
