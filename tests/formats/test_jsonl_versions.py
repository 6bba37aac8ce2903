"""Rows that hold several annotators' work: review rows, and sets side by side in characters or tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.choices import OnError
from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.formats.registry import read
from annotator.model.decisions import Status
from annotator.model.spans import Span

ADA, BOB = {"start": 0, "end": 3, "label": "PER"}, {"start": 8, "end": 11, "label": "PER"}
TEXT = "Ada met Bob."


@pytest.fixture
def sets(tmp_path: Path):
    """Read rows as an import does: what they hold, and what was wrong."""

    def read_all(*rows: object, **options: object) -> tuple[list[AnnotatedDocument], list[str]]:
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        report = Report()
        found = list(read([path], options=ReadOptions(**{"every_set": True, **options}), report=report))
        return found, [problem.message for problem in report.problems]

    return read_all


def told(found: list[AnnotatedDocument]) -> list[tuple[str | None, bool, list[tuple[int, int, str]]]]:
    return [
        (each.annotator, each.is_gold, [(span.start, span.end, span.label) for span in each.spans])
        for each in found
    ]


def review(**changes: object) -> dict[str, object]:
    versions = [
        {"text": TEXT, "spans": [ADA], "sessions": ["db-ada", "db-cleo"], "answer": "accept"},
        {"spans": [ADA, BOB], "sessions": ["db-ben"]},
        {"spans": [], "_annotator_id": "db-dan", "answer": "ignore"},
        {"spans": [BOB]},
    ]
    return {"text": TEXT, "spans": [ADA, BOB], "answer": "accept", "versions": versions, **changes}


def test_a_review_row_is_its_result_and_each_sessions_version(sets):
    found, problems = sets(review(_annotator_id="lead"))
    both = [(0, 3, "PER"), (8, 11, "PER")]
    assert told(found) == [
        ("lead", True, both),
        ("db-ada", False, both[:1]),
        ("db-cleo", False, both[:1]),
        ("db-ben", False, both),
        ("db-dan", False, []),
    ]
    assert [each.status for each in found] == [Status.DONE] * 4 + [Status.SKIPPED]
    assert len({each.document.id for each in found}) == 1
    assert all(each.document == found[0].document for each in found)
    assert problems == []


def test_the_name_of_a_version_that_prodigy_copied_is_not_the_reviewers(sets):
    found, _ = sets(review(_annotator_id="db-ben"))
    assert told(found)[0][:2] == (None, True)


def test_a_review_that_is_still_to_do_has_no_result(sets):
    found, _ = sets(review(answer=None))
    assert (found[0].annotator, found[0].is_gold) == ("db-ada", False)
    assert len(found) == 4


def test_versions_by_tokens_take_their_own_or_the_rows_tokens(sets):
    tokens = [{"text": "Ada", "start": 0, "end": 3}, {"text": "met", "start": 4, "end": 7}]
    by_token = {"token_start": 1, "token_end": 1, "label": "X"}
    found, problems = sets(
        review(tokens=tokens, versions=[{"spans": [by_token], "sessions": ["a"]}]),
        review(versions=[{"spans": [by_token], "tokens": tokens, "sessions": ["a"]}]),
    )
    assert [made for name, _, made in told(found) if name == "a"] == [[(4, 7, "X")]] * 2
    assert problems == []


@pytest.mark.parametrize("versions", [None, "x", [], [1, {"spans": []}], [{"sessions": [3, ""]}]])
def test_versions_that_name_nobody_leave_a_row_as_any_other(sets, versions):
    found, _ = sets(review(versions=versions, _annotator_id="db-ada"))
    assert [(each.annotator, each.is_gold) for each in found] == [("db-ada", False)]


@pytest.mark.parametrize(
    ("versions", "problem"),
    [
        ([{"text": "Other.", "spans": [], "sessions": ["a"]}], "the version of a is of another text"),
        ([{"spans": [], "sessions": ["a"]}, {"spans": [ADA], "sessions": ["a"]}], "a has two versions"),
        ([{"spans": [{"start": 0, "end": 99, "label": "X"}], "sessions": ["a"]}], "outside the text"),
        ([{"spans": [], "sessions": ["a"], "answer": "perhaps"}], "not accept, reject or ignore"),
    ],
    ids=["another text", "two versions", "a broken span", "an answer"],
)
def test_a_broken_version_is_told_and_left_out_on_request(sets, versions, problem):
    with pytest.raises(InputError, match=problem):
        sets(review(versions=versions))
    found, problems = sets(review(versions=versions), on_error=OnError.SKIP)
    assert any(problem in each for each in problems)
    assert found[0].is_gold


def test_sets_side_by_side_by_characters(sets):
    row = {"id": "NCT1", "text": TEXT, "round": "r1", "annotators": {"A": [[0, 3, "PER"], BOB], "B": []}}
    found, problems = sets(row)
    assert told(found) == [("A", False, [(0, 3, "PER"), (8, 11, "PER")]), ("B", False, [])]
    assert {each.status for each in found} == {Status.DONE}
    assert {each.document.id for each in found} == {"NCT1"}
    assert found[0].document.meta == {"_prodigy": {"round": "r1", "_session_id": None}} or problems == []


def test_sets_side_by_side_by_words_with_what_they_were_settled_to(sets):
    words = ['יו"ר', 'ח"כ', "אורה", "נמיר"]
    row = {
        "id": "g-1",
        "tokens": words,
        "annotators": {"a": [[2, 4, "PER", 0]], "c": []},
        "gold": [[2, 4, "PER"]],
    }
    found, problems = sets(row)
    assert problems == []
    document = found[0].document
    assert document.text == " ".join(words)
    assert [document.text[start:end] for start, end in document.tokens] == words
    [span] = found[0].spans
    assert document.text[span.start : span.end] == "אורה נמיר"
    assert [(each.annotator, each.is_gold) for each in found] == [("a", False), ("c", False), (None, True)]
    assert found[2].spans == (span,) == (Span(span.start, span.end, "PER"),)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"text": TEXT, "annotators": {"a": [[0, 99, "PER"]]}}, "outside the text"),
        ({"text": TEXT, "annotators": {"a": [[0, 3.5, "PER"]]}}, "must be whole numbers"),
        ({"text": TEXT, "annotators": {"a": [[0, 3]]}}, "span 0 is not an object"),
        ({"text": TEXT, "annotators": {"a": [7]}}, "span 0 is not an object"),
        ({"text": TEXT, "annotators": {"a": [[0, 3, None]]}}, "has no label"),
        ({"tokens": ["a", "b"], "annotators": {"a": [[1, 3, "X"]]}}, "there are no tokens 1 to 2"),
        ({"tokens": ["a", "b"], "annotators": {"a": [[1, 1, "X"]]}}, "there are no tokens 1 to 0"),
        ({"tokens": ["a", "b"], "annotators": {"a": [[0, "one", "X"]]}}, "neither offsets nor tokens"),
        ({"tokens": ["a", ""], "annotators": {"a": []}}, "not a list of words"),
        ({"annotators": {"a": []}}, "not a list of words"),
        ({"text": 5, "annotators": {"a": []}}, "not a string"),
    ],
)
def test_a_broken_set_is_told(sets, row, problem):
    with pytest.raises(InputError, match=problem) as error:
        sets(row)
    assert error.value.hint
    _, problems = sets(row, {"text": "sound"}, on_error=OnError.SKIP)
    assert any(problem in each for each in problems)


@pytest.mark.parametrize("annotators", [["ada"], {}, {"ada": "yes"}, "ada"])
def test_what_is_no_sets_by_name_is_metadata(sets, annotators):
    found, _ = sets({"text": TEXT, "annotators": annotators})
    assert len(found) == 1
    assert found[0].document.meta == {"_prodigy": {"annotators": annotators}}


def test_who_wants_one_set_a_document_gets_the_rows_own(sets):
    found, _ = sets(review(_annotator_id="lead"), every_set=False)
    assert [(each.annotator, each.is_gold) for each in found] == [("lead", False)]
    with pytest.raises(InputError, match="sets of several annotators") as error:
        sets({"text": TEXT, "annotators": {"a": []}}, every_set=False)
    assert "--annotator" in error.value.hint


def test_a_pipe_of_words_is_known_by_its_annotators(tmp_path: Path):
    path = tmp_path / "no-suffix"
    path.write_text(json.dumps({"tokens": ["Ada"], "annotators": {"a": [[0, 1, "PER"]]}}))
    assert told(list(read([path], options=ReadOptions(every_set=True)))) == [("a", False, [(0, 3, "PER")])]
