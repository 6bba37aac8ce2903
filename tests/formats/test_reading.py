"""The rule for reading: taken, kept as metadata, or reported; what looks like annotations is never passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import Complaints, Part, Problem, ReadOptions, Report, grouped
from annotator.formats.reading import UNREAD_KEY, Record, annotations_in, unread, whole_number

ANNOTATIONS: list[tuple[Any, str]] = [
    ([[0, 3, "PER"]], "[0]"),
    ([["PER", 0, 3]], "[0]"),
    ([[0.0, 3.0, "PER"]], "[0]"),
    ([["T1", "PER", [[0, 3]]]], "[0]"),
    ([{"start": 0, "end": 3, "label": "PER"}], "[0]"),
    ([{"start_offset": 0, "end_offset": 3, "label": 7}], "[0]"),
    ([{"begin": 0, "end": 3, "type": "PER"}], "[0]"),
    ([{"from": "0", "to": "3", "tag": "PER"}], "[0]"),
    ([{"token_start": 0, "token_end": 1, "label": "PER"}], "[0]"),
    ([{"offset": 0, "length": 3, "category": "PER"}], "[0]"),
    ([{"indices": [0, 3], "entity": "PER"}], "[0]"),
    ([{"label": ["PER"], "points": [{"start": 0, "end": 2}]}], "[0]"),
    ({"a": {"b": [{"value": {"start": 0, "end": 3, "labels": ["PER"]}}]}}, ".a.b[0].value"),
    ({"PER": [[0, 3]], "LOC": []}, ""),
    (["B-PER", "O"], ""),
    (["O", "U-PER"], ""),
    ("[(0, 3, 'PER')]", ""),
    ('[{"start": 0, "end": 3, "label": "PER"}]', ""),
]
NO_ANNOTATIONS: list[Any] = [
    None,
    3,
    "Mira Tannen, 3 Oslo street",
    [],
    [1, 2, 3],
    ["O", "O"],
    ["PER", "LOC"],
    ["A-level", "B-movie"][:1],
    {"page": 3, "source": "web"},
    {"start": 0, "end": 3},
    {"width": 3, "name": "x"},
    {"created": "2026-11-22", "type": "news"},
    [["a", "b"], ["c"]],
]


@pytest.mark.parametrize(("value", "path"), ANNOTATIONS)
def test_what_looks_like_annotations_is_found_in_any_nesting(value: Any, path: str) -> None:
    assert annotations_in(value) == path
    assert annotations_in({"deep": [value]}) == f".deep[0]{path}"


@pytest.mark.parametrize("value", NO_ANNOTATIONS)
def test_metadata_does_not_look_like_annotations(value: Any) -> None:
    assert annotations_in(value) is None


def test_nesting_without_end_is_no_hang_and_no_traceback() -> None:
    value: Any = []
    for _ in range(5000):
        value = [value]
    assert annotations_in(value) is None


def test_a_record_knows_what_nobody_took() -> None:
    record = Record({"text": "Ana", "spans": [], "page": 3})
    assert (record.take("text"), record.take("absent")) == ("Ana", None)
    assert record.rest(but={"spans"}) == {"page": 3}


def test_an_unread_key_with_annotations_is_an_error_that_names_it() -> None:
    complaints = Complaints("a.jsonl:4", OnError.FAIL)
    with pytest.raises(InputError) as caught:
        unread({"page": 1, "gold_ents": {"x": [[0, 3, "PER"]]}}, complaints, ReadOptions())
    assert "a.jsonl:4" in caught.value.message
    assert '"gold_ents"' in caught.value.message
    assert "gold_ents.x[0]" in caught.value.message
    assert "--span-key gold_ents" in caught.value.hint
    assert "--keep-key gold_ents" in caught.value.hint


def test_skipped_it_is_kept_apart_and_counted_as_lost() -> None:
    options = ReadOptions(on_error=OnError.SKIP)
    complaints = Complaints("a.jsonl:4", OnError.SKIP)
    kept = unread({"page": 1, "ents": [[0, 3, "PER"]]}, complaints, options)
    assert kept == {"page": 1, UNREAD_KEY: {"ents": [[0, 3, "PER"]]}}
    (problem,) = complaints.of("d")
    assert (problem.loses, problem.is_allowed, problem.document) == (Part.SPAN, True, "d")
    again = Complaints("a.jsonl:4", OnError.FAIL)
    assert unread(kept, again, ReadOptions()) == kept
    assert not again.problems


def test_a_key_that_is_to_be_kept_is_kept() -> None:
    complaints = Complaints("a", OnError.FAIL)
    rest = {"boxes": [[0, 3, "PER"]]}
    assert unread(rest, complaints, ReadOptions(kept_keys=("boxes",))) == rest


@pytest.mark.parametrize(
    ("value", "expected"), [(4, 4), (4.0, 4), ("4", 4), (4.5, None), (True, None), ("-4", None), (None, None)]
)
def test_whole_numbers(value: object, expected: int | None) -> None:
    assert whole_number(value) == expected


def test_problems_that_are_alike_are_one_line_with_a_count() -> None:
    problems = [Problem("", f"a.jsonl:{line}", f"span {line % 3}: unknown label") for line in range(1, 1001)]
    problems.append(Problem("", "b.jsonl:1", "span 0: unknown label"))
    first, second = grouped(problems)
    assert str(first) == "a.jsonl:1: span 1: unknown label (999 more like this, the last at a.jsonl:1000)"
    assert str(second) == "b.jsonl:1: span 0: unknown label"


def test_only_losses_that_no_option_allowed_count() -> None:
    report = Report()
    report.add(Problem("", "a:1", "left out", Part.SPAN, is_allowed=True))
    report.add(Problem("", "a:2", "another name"))
    assert not report.lost.total()
    report.add(Problem("", "a:3", "left out", Part.SPAN))
    assert report.lost == {Part.SPAN: 1}


def test_a_partly_read_document_is_never_done(written, read_all) -> None:
    row = {
        "text": "Ana met Bo",
        "spans": [{"start": 0, "end": 3, "label": "PER"}, {"start": 8, "end": 99, "label": "PER"}],
    }
    path = written("a.jsonl", json.dumps({**row, "answer": "accept"}))
    ((annotated,), report) = read_all(path, on_error=OnError.SKIP)
    assert (annotated.status, len(annotated.spans)) == ("started", 1)
    assert report.groups
    assert not report.lost.total()
