"""Several rows of one annotator on one text are one set; the last answer on a span holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from annotator.formats.exchange import AnnotatedDocument, ReadOptions, Report
from annotator.formats.reading import KEYS_OF_SPANS, ROWS_KEY
from annotator.formats.registry import read, write
from annotator.model.decisions import Status

TEXT = "Mira Tannen left Oslo for Acme."
PERSON, PLACE = {"start": 0, "end": 11, "label": "PERSON"}, {"start": 17, "end": 21, "label": "GPE"}


def row(
    answer: str, *spans: dict[str, Any], text: str = TEXT, who: str = "kim", **more: Any
) -> dict[str, Any]:
    return {"text": text, "spans": list(spans), "answer": answer, "_session_id": who, **more}


def sets_of(tmp_path: Path, *rows: dict[str, Any]) -> tuple[list[AnnotatedDocument], Report]:
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    report = Report()
    return list(read([path], options=ReadOptions(every_set=True), report=report)), report


def spans(annotated: AnnotatedDocument) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in annotated.spans]


def test_questions_on_one_text_are_one_set_that_is_not_done(tmp_path: Path) -> None:
    wrong = {"start": 26, "end": 30, "label": "PERSON"}
    [annotated], report = sets_of(tmp_path, row("accept", PERSON), row("reject", wrong), row("accept", PLACE))
    assert spans(annotated) == [(0, 11, "PERSON"), (17, 21, "GPE")]
    assert [one.key for one in annotated.rejected] == [(26, 30, "PERSON")]
    assert annotated.status is Status.STARTED
    assert not report.lost
    assert any("3 rows on this text are one set" in problem.message for problem in annotated.problems)


def test_rows_between_and_order_do_not_matter(tmp_path: Path) -> None:
    sets, _ = sets_of(
        tmp_path,
        row("accept", PERSON),
        row("accept", text="Other."),
        row("accept", PLACE),
        row("accept", text="Last."),
    )
    assert [annotated.document.text for annotated in sets] == ["Other.", TEXT, "Last."]
    assert spans(sets[1]) == [(0, 11, "PERSON"), (17, 21, "GPE")]
    assert sets[0].status is Status.DONE


def test_the_last_answer_holds_and_is_told(tmp_path: Path) -> None:
    [annotated], _ = sets_of(tmp_path, row("accept", PERSON), row("reject", PERSON))
    assert spans(annotated) == []
    assert [one.key for one in annotated.rejected] == [(0, 11, "PERSON")]
    assert any("PERSON [0, 11) was accepted before" in problem.message for problem in annotated.problems)
    [annotated], _ = sets_of(tmp_path, row("reject", PERSON), row("accept", PERSON))
    assert spans(annotated) == [(0, 11, "PERSON")]
    assert annotated.rejected == ()
    [annotated], _ = sets_of(tmp_path, row("accept", PERSON), row("accept", {**PERSON, "label": "ORG"}))
    assert spans(annotated) == [(0, 11, "ORG")]
    assert any(
        "was accepted as PERSON before, now as ORG" in problem.message for problem in annotated.problems
    )


def test_two_annotators_keep_a_set_each(tmp_path: Path) -> None:
    sets, _ = sets_of(
        tmp_path,
        row("accept", PERSON, who="kim"),
        row("accept", PERSON, who="lea"),
        row("accept", PLACE, who="kim"),
    )
    assert {(one.annotator, len(one.spans)) for one in sets} == {("kim", 2), ("lea", 1)}


def test_the_same_row_twice_is_that_row(tmp_path: Path) -> None:
    [annotated], _ = sets_of(tmp_path, row("accept", PERSON), row("accept", PERSON))
    assert annotated.status is Status.DONE
    assert annotated.problems == ()


def test_ignored_rows_add_nothing(tmp_path: Path) -> None:
    [annotated], _ = sets_of(tmp_path, row("ignore", PERSON), row("accept", PLACE))
    assert spans(annotated) == [(17, 21, "GPE")]
    [annotated], _ = sets_of(tmp_path, row("ignore", PERSON), row("ignore", PLACE))
    assert annotated.status is Status.SKIPPED
    assert annotated.spans == ()


def test_manual_passes_over_a_text_are_done(tmp_path: Path) -> None:
    [annotated], _ = sets_of(
        tmp_path, row("accept", PERSON, _view_id="ner_manual"), row("accept", PLACE, _view_id="ner_manual")
    )
    assert annotated.status is Status.DONE
    assert len(annotated.spans) == 2


def test_rows_with_other_ids_are_other_documents(tmp_path: Path) -> None:
    sets, _ = sets_of(tmp_path, row("accept", PERSON, id="a"), row("accept", PLACE, id="b"))
    assert [one.document.id for one in sets] == ["a", "b"]


def test_questions_that_nobody_has_answered_are_one_document_with_all_suggestions(tmp_path: Path) -> None:
    asked = [
        {"text": TEXT, "spans": [PLACE]},
        {"text": TEXT, "spans": [PERSON]},
        {"text": "Other.", "spans": []},
    ]
    documents, _ = sets_of(tmp_path, *asked)
    [other, joined] = sorted(documents, key=lambda annotated: len(annotated.suggestions))
    assert [one.key for one in joined.suggestions] == [(0, 11, "PERSON"), (17, 21, "GPE")]
    assert (joined.status, joined.spans, other.document.text) == (Status.TODO, (), "Other.")


def test_metadata_of_later_rows_are_kept_where_they_differ(tmp_path: Path) -> None:
    rows = [row("accept", PERSON, meta={"page": 1}), row("accept", PLACE, meta={"page": 2})]
    rows[1]["spans"] = [{**PLACE, "certainty": "low"}]
    [annotated], _ = sets_of(tmp_path, *rows)
    assert annotated.document.meta["page"] == 1
    assert annotated.document.meta[ROWS_KEY] == [{"page": 2}]
    assert annotated.document.meta[KEYS_OF_SPANS] == [{**PLACE, "certainty": "low"}]
    write([annotated], tmp_path / "again.jsonl")
    [again] = read([tmp_path / "again.jsonl"])
    assert again.document.meta == annotated.document.meta
