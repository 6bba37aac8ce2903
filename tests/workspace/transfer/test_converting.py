"""From one format to another without a store: which sets go through, and with which tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from annotator.errors import InputError, OutputError
from annotator.formats.exchange import ReadOptions, WriteOptions
from annotator.model.documents import Document
from annotator.model.tokens import Tokens, stand_in_tokens
from annotator.workspace.transfer.converting import Conversion, convert


def _tokens(document: Document) -> Tokens:
    return stand_in_tokens(document.text)


@pytest.fixture
def turn(tmp_path: Path):
    """Converts rows of JSONL, given as dicts, to a target in the test's folder."""

    def turn_rows(rows: list[dict[str, object]], target: str, **options: object) -> Conversion:
        source = tmp_path / "in.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return convert(
            [source],
            tmp_path / target,
            tokens=_tokens,
            reading=ReadOptions(every_set=True),
            writing=WriteOptions(),
            **options,  # type: ignore[arg-type]
        )

    return turn_rows


DONE = {"text": "Ana sings", "id": "a", "spans": [{"start": 0, "end": 3, "label": "PER"}], "answer": "accept"}
OPEN = {"text": "Bo rests", "id": "b", "spans": [{"start": 0, "end": 2, "label": "PER"}]}


def test_finished_sets_go_through_with_the_tokens_given(turn, tmp_path: Path) -> None:
    done = turn([DONE, OPEN], "out.conll")
    assert (tmp_path / "out.conll").read_text() == "-DOCSTART- -X- O O\n\nAna B-PER\nsings O\n\n"
    assert (done.writing.documents, done.writing.spans, done.unfinished) == (1, 1, 1)


def test_all_takes_the_unfinished_too(turn, tmp_path: Path) -> None:
    done = turn([DONE, OPEN], "out.doccano.jsonl", takes_all=True)
    assert (done.writing.documents, done.unfinished) == (2, 0)
    assert done.problem_count == 1
    assert "suggestions that nobody has decided on are not written: 1" in done.problems[0].message


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([OPEN], {}, "none of 1 annotation sets is finished"),
        ([DONE], {"annotator": "bo"}, "bo has no set in these files"),
        ([], {}, "there is nothing to write"),
    ],
)
def test_nothing_to_write_is_an_error_and_leaves_what_is_there(
    turn, tmp_path: Path, rows: list[dict[str, object]], options: dict[str, str], message: str
) -> None:
    (tmp_path / "out.conll").write_text("before")
    with pytest.raises(InputError, match=message):
        turn(rows, "out.conll", **options)
    assert (tmp_path / "out.conll").read_text() == "before"


SETS = [{**DONE, "_annotator_id": "ana"}, {**DONE, "_annotator_id": "bo", "spans": []}]


def test_several_annotators_must_be_told_apart_where_the_format_holds_one(turn, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"several sets of “Ana sings” .*, by ana and bo") as caught:
        turn(SETS, "out.conll")
    assert "--annotator" in caught.value.hint
    assert not (tmp_path / "out.conll").exists()
    done = turn(SETS, "out.conll", annotator="bo")
    assert (done.writing.spans, done.others) == (0, 1)
    turn(SETS, "out.label-studio.json")
    (task,) = json.loads((tmp_path / "out.label-studio.json").read_text())
    assert [len(each["result"]) for each in task["annotations"]] == [1, 0]


def test_a_file_can_be_turned_into_itself(turn, tmp_path: Path) -> None:
    turn([DONE], "in.jsonl")
    (row,) = map(json.loads, (tmp_path / "in.jsonl").read_text().splitlines())
    assert (row["spans"], row["answer"]) == ([{"start": 0, "end": 3, "label": "PER"}], "accept")
