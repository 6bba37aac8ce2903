"""Prodigy's JSONL: every answer, broken lines, shifted offsets, and what else a row brings."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.exchange import AnnotatedDocument, Report, WriteOptions
from annotator.formats.registry import read, write
from annotator.model.decisions import Status
from annotator.model.documents import new_document
from annotator.model.spans import Span, Suggestion
from annotator.model.tokens import Tokens, stand_in_tokens

TEXT = "Uber hired María"
UBER = {"start": 0, "end": 4, "label": "ORG"}
UBER_TOKEN = {"text": "Uber", "start": 0, "end": 4, "id": 0}
MARIA = {"start": 11, "end": 16, "label": "PERSON"}


@pytest.fixture
def read_rows(written, read_all):
    """Reads rows given as dicts, or as raw lines."""

    def read_them(*rows: object, **options: Any) -> tuple[list[AnnotatedDocument], Report]:
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        return read_all(written("rows.jsonl", "\n".join(lines)), **options)

    return read_them


def test_an_accepted_row_is_done(read_rows) -> None:
    (annotated,), report = read_rows({"text": TEXT, "spans": [MARIA, UBER], "answer": "accept"})
    assert annotated.status is Status.DONE
    assert annotated.spans == (Span(0, 4, "ORG"), Span(11, 16, "PERSON"))
    assert (report.documents, report.spans, report.problem_count) == (1, 2, 0)


@pytest.mark.parametrize("spans", [{}, {"spans": None}, {"spans": []}])
def test_spans_may_be_absent(read_rows, spans: dict[str, object]) -> None:
    (annotated,), _ = read_rows({"text": TEXT, "answer": "accept", **spans})
    assert (annotated.status, annotated.spans) == (Status.DONE, ())


def test_a_rejected_row_rejects_its_spans(read_rows) -> None:
    (annotated,), _ = read_rows({"text": TEXT, "spans": [{**UBER, "score": 0.25}], "answer": "reject"})
    assert annotated.spans == ()
    assert annotated.rejected == (Suggestion(0, 4, "ORG", score=0.25),)
    assert annotated.status is Status.STARTED


def test_a_rejected_row_without_spans_is_a_skipped_document(read_rows) -> None:
    (annotated,), _ = read_rows({"text": TEXT, "answer": "reject"})
    assert (annotated.status, annotated.rejected) == (Status.SKIPPED, ())


def test_an_ignored_row_is_skipped(read_rows) -> None:
    (annotated,), _ = read_rows({"text": TEXT, "spans": [UBER], "answer": "ignore"})
    assert (annotated.status, annotated.spans) == (Status.SKIPPED, (Span(0, 4, "ORG"),))


def test_a_row_without_answer_suggests(read_rows) -> None:
    spans = [{**UBER, "source": "en_core_web_sm", "score": 0.5}, {**MARIA, "pattern": 7}]
    (annotated,), _ = read_rows({"text": TEXT, "spans": spans})
    assert annotated.status is Status.TODO
    assert annotated.suggestions == (
        Suggestion(0, 4, "ORG", source="model", score=0.5, name="en_core_web_sm"),
        Suggestion(11, 16, "PERSON", source="pattern", name="7"),
    )


def test_id_title_and_annotator_are_the_sources(read_rows) -> None:
    found, _ = read_rows(
        {"text": TEXT, "id": "n-1", "title": "News", "_annotator_id": "ana", "_session_id": "db-ana"},
        {"text": TEXT, "id": 12, "meta": {"title": "Old news"}, "_session_id": "db-bo"},
        {"text": TEXT, "_session_id": None},
    )
    assert [each.document.id for each in found[:2]] == ["n-1", "12"]
    assert found[2].document.id == found[2].document.sha256
    assert [each.document.title for each in found] == ["News", "Old news", TEXT]
    assert [each.annotator for each in found] == ["ana", "db-bo", None]


def test_spans_by_tokens_only_find_their_characters(read_rows) -> None:
    tokens = [
        {"text": " ", "start": 0, "end": 1, "id": 0},
        {"text": "Uber", "start": 1, "end": 5, "id": 1},
        {"text": "eats", "start": 6, "end": 10, "id": 2},
    ]
    spans = [{"token_start": 1, "token_end": 2, "label": "ORG"}]
    (annotated,), _ = read_rows({"text": " Uber eats", "tokens": tokens, "spans": spans, "answer": "accept"})
    assert annotated.spans == (Span(1, 10, "ORG"),)
    assert annotated.document.tokens == Tokens([(1, 5), (6, 10)], tokenizer="source")


def test_offsets_move_with_the_cleaning_of_the_text(read_rows, read_all, tmp_path: Path) -> None:
    raw = "\ufeffUber\r\n\r\nhired María\r\n"
    place = raw.index("María")
    row = {
        "text": raw,
        "tokens": [{"text": "María", "start": place, "end": place + 5, "id": 0}],
        "spans": [
            {"start": 1, "end": 5, "label": "ORG"},
            {"start": place, "end": place + 5, "label": "PERSON"},
            {"start": 5, "end": 9, "label": "GAP"},
        ],
        "answer": "accept",
    }
    (annotated,), _ = read_rows(row)
    text = annotated.document.text
    assert text == "Uber\n\nhired María\n"
    assert [text[span.start : span.end] for span in annotated.spans] == ["Uber", "\n\n", "María"]
    assert annotated.document.tokens == Tokens([(12, 17)], tokenizer="source")


def test_a_span_of_nothing_but_a_carriage_return_is_broken(read_rows) -> None:
    row = {"text": "a\r\nb", "spans": [{"start": 1, "end": 2, "label": "X"}], "answer": "accept"}
    with pytest.raises(InputError, match="nothing but a byte order mark or carriage return"):
        read_rows(row)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('{"text": "a"', "not JSON: Expecting ',' delimiter at column 13"),
        ("[1]", "a line must be a JSON object"),
        ('{"text": "a", "n": NaN}', "NaN is no number in JSON"),
        ("[" * 100_000, "JSON that cannot be read"),
        ('{"text": 1' + "0" * 5000 + "}", "JSON that cannot be read"),
        ({"label": [[0, 1, "PER"]]}, 'no "text"'),
        ({"text": None}, 'no "text"'),
        ({"text": 5}, '"text" is not a string'),
    ],
)
def test_a_broken_line_is_named_or_left_out(read_rows, row: object, message: str) -> None:
    good = {"text": TEXT}
    with pytest.raises(InputError) as caught:
        read_rows(good, "", row, good)
    assert "rows.jsonl:3: " in caught.value.message
    assert message in caught.value.message
    assert "--on-error skip" in caught.value.hint
    found, report = read_rows(good, "", row, good, on_error="skip")
    assert len(found) == 2
    assert [problem.message for problem in report.problems] == [
        problem.message for problem in report.problems if message in problem.message
    ]
    assert report.problems[0].place.endswith("rows.jsonl:3")
    assert report.problem_count == 1


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"spans": "none"}, '"spans" is not a list'),
        ({"spans": [UBER, 3]}, "span 1 is not an object"),
        ({"spans": [{"start": 0, "end": 4}]}, "span 0 has no label"),
        ({"spans": [{"start": 0, "end": 4, "label": ""}]}, "span 0 has no label"),
        ({"spans": [{"start": 0, "end": 4, "label": 7}]}, "label 7 is not a string"),
        ({"spans": [{"start": "zero", "end": 4, "label": "A"}]}, '"start" and "end" must be whole numbers'),
        ({"spans": [{"start": 0.5, "end": 4, "label": "A"}]}, '"start" and "end" must be whole numbers'),
        ({"spans": [{"start": False, "end": 4, "label": "A"}]}, '"start" and "end" must be whole numbers'),
        ({"spans": [{"start": 0, "label": "A"}]}, '"start" and "end" must be whole numbers'),
        ({"spans": [{"start": 4, "end": 4, "label": "A"}]}, "[4, 4) is empty or backwards"),
        ({"spans": [{"start": 4, "end": 0, "label": "A"}]}, "[4, 0) is empty or backwards"),
        ({"spans": [{"start": 0, "end": 17, "label": "A"}]}, "[0, 17) is outside the text"),
        ({"spans": [{"start": -1, "end": 4, "label": "A"}]}, "[-1, 4) is outside the text"),
        ({"spans": [{"label": "A"}]}, "span 0 has neither offsets nor tokens"),
        ({"spans": [{"token_start": 0, "token_end": 0, "label": "A"}]}, "there are no tokens 0 to 0"),
        (
            {"tokens": [UBER_TOKEN], "spans": [{"token_start": 0, "token_end": 1, "label": "A"}]},
            "there are no tokens 0 to 1",
        ),
        (
            {"tokens": [UBER_TOKEN], "spans": [{"token_start": -1, "token_end": 0, "label": "A"}]},
            "there are no tokens -1 to 0",
        ),
        ({"tokens": {}}, '"tokens" is not a list'),
        ({"tokens": [{"start": 0}]}, "token 0 has no offsets within the text"),
        ({"tokens": [{"start": 0, "end": 99}]}, "token 0 has no offsets within the text"),
        (
            {"tokens": [{"start": 0, "end": 4}, {"start": 3, "end": 5}]},
            "token 1 begins before the one before",
        ),
        ({"tokens": [{"start": 0, "end": 4, "text": "Lyft"}]}, "token 0 does not hold what the text does"),
        ({"answer": "yes"}, "\"answer\" is 'yes', not accept, reject or ignore"),
        ({"meta": "The Times"}, '"meta" is not an object'),
        ({"id": ["a"]}, '"id" is neither a string nor a whole number'),
        ({"answer": None, "spans": [{**UBER, "score": 3}]}, "the score 3 is not between 0 and 1"),
    ],
)
def test_what_is_broken_in_a_row_is_told_or_left_out(
    read_rows, part: dict[str, object], message: str
) -> None:
    row = {"text": TEXT, "answer": "accept", **part}
    with pytest.raises(InputError) as caught:
        read_rows(row)
    assert "rows.jsonl:1: " in caught.value.message
    assert message in caught.value.message
    (annotated,), report = read_rows(row, on_error="skip")
    assert annotated.document.text == TEXT
    assert [message in problem.message for problem in annotated.problems] == [True]
    assert list(annotated.problems) == report.problems
    assert annotated.problems[0].document == annotated.document.id
    assert all(span == Span(0, 4, "ORG") for span in annotated.spans)


def test_unknown_labels_are_told(read_rows) -> None:
    row = {"text": TEXT, "spans": [UBER, MARIA], "answer": "accept"}
    with pytest.raises(InputError, match="unknown label ORG"):
        read_rows(row, labels={"PERSON"})
    (annotated,), report = read_rows(row, labels={"PERSON"}, on_error="skip")
    assert annotated.spans == (Span(11, 16, "PERSON"),)
    assert report.problem_count == 1


def test_the_same_span_twice_is_noted_and_taken_once(read_rows) -> None:
    (annotated,), report = read_rows({"text": TEXT, "spans": [UBER, UBER], "answer": "accept"})
    assert annotated.spans == (Span(0, 4, "ORG"),)
    assert "same as one before it" in report.problems[0].message


def test_another_tools_spans_are_not_taken_for_none(read_rows) -> None:
    (annotated,), report = read_rows({"text": TEXT, "label": [[0, 4, "ORG"]]}, format="jsonl")
    assert (annotated.spans, annotated.status, report.problems) == ((Span(0, 4, "ORG"),), "done", [])


def test_spans_under_a_key_nobody_reads_stop_the_import(read_rows) -> None:
    row = {"text": TEXT, "spans": [UBER], "answer": "accept", "second_pass": [MARIA]}
    with pytest.raises(InputError, match='"second_pass" holds what looks like annotations'):
        read_rows(row)
    (annotated,), _ = read_rows(row, kept_keys=("second_pass",))
    assert annotated.document.meta["_prodigy"] == {"second_pass": [MARIA]}
    (annotated,), report = read_rows(row, on_error="skip")
    assert (annotated.status, annotated.spans) == ("started", (Span(0, 4, "ORG"),))
    assert annotated.document.meta["_unread"] == {"second_pass": [MARIA]}
    assert report.problem_count == 1


def test_offsets_may_be_integral_floats(read_rows) -> None:
    row = {"text": TEXT, "spans": [{"start": 0.0, "end": 4.0, "label": "ORG"}], "answer": "accept"}
    (annotated,), _ = read_rows(row)
    assert annotated.spans == (Span(0, 4, "ORG"),)


def test_keys_of_spans_that_mean_nothing_here_come_back(read_rows, tmp_path: Path) -> None:
    row = {"text": TEXT, "spans": [{**UBER, "certainty": "low"}, MARIA], "answer": "accept"}
    found, report = read_rows(row)
    assert not report.problems
    write(found, tmp_path / "out.jsonl")
    spans = json.loads((tmp_path / "out.jsonl").read_text())["spans"]
    assert [span.get("certainty") for span in spans] == ["low", None]


def test_what_a_span_quotes_must_be_there(read_rows) -> None:
    row = {"text": TEXT, "spans": [{**UBER, "text": "Lyft"}], "answer": "accept"}
    with pytest.raises(InputError, match="holds 'Uber', not 'Lyft'"):
        read_rows(row)


def test_relations_are_kept_told_and_written_again(read_rows, tmp_path: Path) -> None:
    relations = [{"head": 0, "child": 2, "head_span": UBER, "child_span": MARIA, "label": "HIRED"}]
    row = {"text": TEXT, "spans": [UBER, MARIA], "answer": "accept", "relations": relations}
    found, report = read_rows(row)
    assert [problem.message for problem in report.problems] == ["relations are kept as metadata, not shown"]
    write(found, tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text())["relations"] == relations


def test_other_keys_come_back_and_versions_do_not(read_rows, tmp_path: Path) -> None:
    row = {
        "text": TEXT,
        "answer": "accept",
        "meta": {"source": "The Times", "title": 3},
        "_input_hash": 1886699658,
        "_task_hash": -3,
        "_session_id": "db-ana",
        "sessions": ["a", "b"],
        "versions": [{"text": TEXT}],
        "status": "published",
        "sentences": ["Uber hired María"],
    }
    found, _ = read_rows(row)
    write(found, tmp_path / "out.jsonl")
    back = json.loads((tmp_path / "out.jsonl").read_text())
    expected = {key: value for key, value in row.items() if key != "versions"}
    assert back == expected | {"id": found[0].document.id, "spans": [], "_annotator_id": "db-ana"}


def test_a_kept_key_never_takes_the_place_of_our_own(read_rows, tmp_path: Path) -> None:
    (annotated,), _ = read_rows({"text": TEXT, "status": "published"})
    write([replace(annotated, status=Status.STARTED, spans=(Span(0, 4, "ORG"),))], tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text())["status"] == "started"


def test_a_document_is_written_as_prodigy_writes_it(tmp_path: Path) -> None:
    text = "María lives  in\nRome"
    document = new_document(text, id="d7", tokens=stand_in_tokens(text), meta={"source": "x"})
    spans = (Span(16, 20, "LOC", kb_id="Q220"), Span(0, 5, "PER", note="who?", doubt=True), Span(0, 3, "X"))
    report = write([AnnotatedDocument(document, spans, Status.DONE, annotator="ana")], tmp_path / "o.jsonl")
    assert (tmp_path / "o.jsonl").read_text(encoding="utf-8") == (
        '{"text": "María lives  in\\nRome", "id": "d7", "title": "María lives  in", "tokens": ['
        '{"text": "María", "start": 0, "end": 5, "id": 0, "ws": true}, '
        '{"text": "lives", "start": 6, "end": 11, "id": 1, "ws": true}, '
        '{"text": " ", "start": 12, "end": 13, "id": 2, "ws": false}, '
        '{"text": "in", "start": 13, "end": 15, "id": 3, "ws": false}, '
        '{"text": "\\n", "start": 15, "end": 16, "id": 4, "ws": false}, '
        '{"text": "Rome", "start": 16, "end": 20, "id": 5, "ws": false}], "spans": ['
        '{"start": 0, "end": 5, "label": "PER", "token_start": 0, "token_end": 0, "note": "who?", "doubt": true}, '
        '{"start": 0, "end": 3, "label": "X"}, '
        '{"start": 16, "end": 20, "label": "LOC", "token_start": 5, "token_end": 5, "kb_id": "Q220"}], '
        '"answer": "accept", "_annotator_id": "ana", "meta": {"source": "x"}}\n'
    ).replace(', "title": "María lives  in"', "")
    assert [problem.message for problem in report.problems] == [
        "X [0, 3) is off the tokens' edges; written by characters"
    ]
    assert (report.documents, report.spans, report.skipped) == (1, 3, 0)


def test_rejected_spans_are_never_written(tmp_path: Path) -> None:
    annotated = AnnotatedDocument(
        new_document(TEXT), (Span(11, 16, "PERSON"),), Status.DONE, rejected=(Suggestion(0, 4, "ORG"),)
    )
    write([annotated], tmp_path / "out.jsonl")
    assert '"ORG"' not in (tmp_path / "out.jsonl").read_text()


def test_provenance_is_written_when_asked_for(tmp_path: Path) -> None:
    origin = {"uid": "a1", "who": "ana"}
    annotated = AnnotatedDocument(new_document(TEXT), (Span(0, 4, "ORG"),), Status.DONE, provenance=(origin,))
    write([annotated], tmp_path / "with.jsonl", options=WriteOptions(provenance=True))
    write([annotated], tmp_path / "without.jsonl")
    assert next(read([tmp_path / "with.jsonl"])).provenance == (origin,)
    assert next(read([tmp_path / "without.jsonl"])).provenance == ()


def test_a_large_file_streams_both_ways(tmp_path: Path) -> None:
    text = "Nicolás Maduro spoke in Caracas. " * 40
    tokens = stand_in_tokens(text)
    path, copy = tmp_path / "large.jsonl", tmp_path / "copy.jsonl"

    def documents(count: int) -> Iterator[AnnotatedDocument]:
        for index in range(count):
            document = new_document(text, id=str(index), tokens=tokens)
            yield AnnotatedDocument(document, (Span(0, 14, "PERSON"),), Status.DONE)

    def peak(count: int) -> int:
        write(documents(count), path)
        tracemalloc.start()
        try:
            report = write(read([path]), copy)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            assert report.documents == count

    few, many = peak(5), peak(60)
    assert path.stat().st_size > 1_000_000
    assert copy.read_bytes() == path.read_bytes()
    assert many < 1.2 * few


def test_keys_of_spans_and_relations_follow_a_span_under_another_label(
    written, read_all, tmp_path: Path
) -> None:
    head, child = {"start": 0, "end": 3, "label": "PER"}, {"start": 9, "end": 14, "label": "LOC"}
    row = {
        "text": "Ana left Porto.",
        "spans": [{**head, "certainty": "low"}, child],
        "answer": "accept",
        "relations": [{"head": 0, "child": 2, "head_span": head, "child_span": child, "label": "FROM"}],
    }
    ((annotated,), _) = read_all(written("a.jsonl", json.dumps(row)))
    renamed = replace(annotated, spans=(replace(annotated.spans[0], label="HUMAN"), *annotated.spans[1:]))
    write([renamed], tmp_path / "out.jsonl")
    again = json.loads((tmp_path / "out.jsonl").read_text())
    assert again["spans"][0]["certainty"] == "low"
    (relation,) = again["relations"]
    assert (relation["head_span"]["label"], relation["child_span"]["label"]) == ("HUMAN", "LOC")
