"""Labels and overlaps of imported spans: what is asked, refused, renamed or left out, and what is told of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.choices import OnError, OnOverlap
from annotator.formats.exchange import ReadOptions, Report
from annotator.model.decisions import Status
from annotator.store.repository import Store
from annotator.workspace.transfer.importing import ImportReport, import_files

Bring = Callable[..., tuple[Store, ImportReport]]
TEXT = "Ana Silva left Porto."


@pytest.fixture
def bring_in(tmp_path: Path) -> Bring:
    """Import rows of [start, end, label] on TEXT, a document each, into one store, whose label set grows."""

    def bring(
        *rows: list[list[Any]], on_error: OnError = OnError.FAIL, **options: Any
    ) -> tuple[Store, ImportReport]:
        path = tmp_path / "rows.jsonl"
        lines = ({"text": f"{TEXT} {number}", "label": row} for number, row in enumerate(rows))
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return import_files(
            tmp_path / "S",
            [path],
            options=ReadOptions(on_error=on_error),
            reading=Report(),
            **{"adds_labels": True, **options},
        )

    return bring


def spans_in(store: Store) -> list[list[tuple[int, int, str]]]:
    sets = (store.load_set(id, "imported") for id in store.catalogue.ids)
    return [[(span.start, span.end, span.label) for span in one.spans] for one in sets]


@pytest.mark.parametrize("label", ["a\u0007b", "x" * 65, " PER", "a\tb", "\u202eabc"])
def test_a_label_that_none_can_have_leaves_out_its_span_alone(bring_in: Bring, label: str) -> None:
    store, report = bring_in([[0, 9, label], [15, 20, "LOC"]])
    assert spans_in(store) == [[(15, 20, "LOC")]]
    assert repr(label) in report.problems[0].message
    assert report.reading.lost == {"span": 1}
    assert store.load_set(store.catalogue.ids[0], "imported").status is Status.STARTED
    assert list(store.info.label_set.by_name) == ["LOC"]


def test_leaving_out_is_no_failure_where_it_was_asked_for(bring_in: Bring) -> None:
    _, report = bring_in([[0, 9, "a\u0007b"], [15, 20, "LOC"]], on_error=OnError.SKIP)
    assert (len(report.problems), report.reading.lost) == (1, {})


@pytest.mark.parametrize(
    ("first", "second"), [("VESSEL", "vessel"), ("Job-Title", "Job_Title"), ("Ort", "ORT")]
)
def test_labels_that_look_alike_are_asked_about(bring_in: Bring, first: str, second: str) -> None:
    asked: list[tuple[str, str]] = []

    def say_yes(new: str, known: str) -> bool:
        asked.append((new, known))
        return True

    store, report = bring_in([[0, 9, first]], [[0, 9, second]], are_one_label=say_yes)
    assert asked == [(second, first)]
    assert spans_in(store) == [[(0, 9, first)], [(0, 9, first)]]
    assert (report.merged_labels, report.new_labels) == ({second: first}, [first])


def test_labels_that_look_alike_are_both_kept_if_they_are_two(bring_in: Bring) -> None:
    store, report = bring_in([[0, 9, "VESSEL"], [15, 20, "vessel"]], are_one_label=lambda new, known: False)
    assert list(store.info.label_set.by_name) == report.new_labels == ["VESSEL", "vessel"]


def test_the_spelling_of_a_format_leads_back_to_the_label(bring_in: Bring) -> None:
    bring_in([[0, 9, "Job Title"]])
    store, report = bring_in([[0, 9, "Job Title"]], [[0, 9, "Job_Title"]], adds_labels=False)
    assert spans_in(store) == [[(0, 9, "Job Title")], [(0, 9, "Job Title")]]
    assert report.merged_labels == {"Job_Title": "Job Title"}


def test_a_label_set_that_is_made_of_the_files_lets_spans_nest_if_theirs_do(bring_in: Bring) -> None:
    store, report = bring_in([[0, 9, "A"], [4, 9, "B"]])
    assert (spans_in(store), store.info.label_set.nested) == ([[(0, 9, "A"), (4, 9, "B")]], True)
    assert (report.is_nested_now, report.problems) == (True, [])


def test_spans_that_overlap_are_refused_in_a_flat_label_set(bring_in: Bring) -> None:
    store, _ = bring_in([[0, 9, "A"]])
    assert not store.info.label_set.nested
    with pytest.raises(
        InputError, match=r"B \[4, 9\) overlaps A \[0, 9\), and the label set is flat"
    ) as caught:
        bring_in([[0, 9, "A"], [4, 9, "B"]])
    assert "--on-overlap longest or first" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        (OnOverlap.LONGEST, [(4, 14, "B"), (15, 20, "D")]),
        (OnOverlap.FIRST, [(0, 9, "A"), (10, 20, "C")]),
        (OnOverlap.NESTED, [(0, 9, "A"), (4, 14, "B"), (10, 20, "C"), (15, 20, "D")]),
    ],
)
def test_spans_that_overlap_are_settled_as_asked_for(
    bring_in: Bring, policy: OnOverlap, kept: list[Any]
) -> None:
    store, report = bring_in([[0, 9, "A"], [4, 14, "B"], [10, 20, "C"], [15, 20, "D"]], on_overlap=policy)
    assert [sorted(each) for each in spans_in(store)] == [kept]
    assert store.info.label_set.nested is (policy is OnOverlap.NESTED)
    assert report.reading.lost == {}
    assert len(report.problems) == (1 if policy is OnOverlap.NESTED else 2)
    assert store.load_set(store.catalogue.ids[0], "imported").status is Status.DONE


def test_a_text_file_that_was_edited_comes_in_beside_the_known_one_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text in ("Ana left.", "Ana left.", "Ana left Porto."):
        path.write_text(text)
        store, report = import_files(tmp_path / "S", [path], options=ReadOptions(), reading=Report())
        messages = [str(problem) for problem in report.problems]
    earlier, later = store.catalogue.ids
    assert messages == [
        f"{path}: another text under the name of a known document, “Ana left.”, which stays as it is; this one came in"
        f" beside it, and annotator remove {earlier} takes the earlier one out"
    ]
    assert store.document(later).text == "Ana left Porto."
