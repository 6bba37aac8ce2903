"""Offsets find their way through the cleaning of a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.cleaning import CleanedText
from annotator.model.documents import clean_text

_raw = st.text(alphabet="a\r\n\ufeff👩", max_size=20)


@given(_raw, st.data())
def test_a_range_moves_to_its_own_characters(raw: str, data: st.DataObject) -> None:
    cleaned = CleanedText(raw)
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    moved = cleaned.moved(start, end)
    removed = [0] if raw.startswith("\ufeff") else []
    removed += [index for index in range(len(raw)) if raw[index : index + 2] == "\r\n"]
    kept = "".join(raw[index] for index in range(start, end) if index not in removed)
    assert cleaned.text == clean_text(raw)
    assert cleaned.text[slice(*moved)] == kept
    assert cleaned.raw(start, end) == raw[start:end]


def test_a_range_holds_only_within_the_text_as_it_came() -> None:
    cleaned = CleanedText("\ufeffa\r\nb")
    assert cleaned.holds(0, 5)
    assert not cleaned.holds(0, 6)
    assert not cleaned.holds(-1, 2)
    assert not cleaned.holds(2, 2)
    assert cleaned.moved(1, 5) == (0, 3)
    assert cleaned.moved(2, 3) == (1, 1)
